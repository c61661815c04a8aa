//! The one file that knows which database engine the store uses: opening, schema, transactions, what errors mean.

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Row as _};

use crate::error::StoreError;

pub(crate) type Engine = sqlx::Sqlite;
pub(crate) type Pool = sqlx::Pool<Engine>;
/// One connection of the pool, kept for a while.
pub(crate) type Kept = sqlx::pool::PoolConnection<Engine>;
pub(crate) type Conn = sqlx::SqliteConnection;
pub(crate) type Transaction = sqlx::Transaction<'static, Engine>;
pub(crate) type Row = sqlx::sqlite::SqliteRow;
pub(crate) type Query = sqlx::query::Query<'static, Engine, <Engine as sqlx::Database>::Arguments>;

/// The schema, oldest first. A released file never changes; a change is a new file.
const MIGRATIONS: [&str; 15] = [
    include_str!("../../../migrations/sqlite/0001_keys.sql"),
    include_str!("../../../migrations/sqlite/0002_cases.sql"),
    include_str!("../../../migrations/sqlite/0003_journal.sql"),
    include_str!("../../../migrations/sqlite/0004_ledger.sql"),
    include_str!("../../../migrations/sqlite/0005_evidence.sql"),
    include_str!("../../../migrations/sqlite/0006_seals.sql"),
    include_str!("../../../migrations/sqlite/0007_restrictions.sql"),
    include_str!("../../../migrations/sqlite/0008_subject_keys.sql"),
    include_str!("../../../migrations/sqlite/0009_kept.sql"),
    include_str!("../../../migrations/sqlite/0010_notices.sql"),
    include_str!("../../../migrations/sqlite/0011_safeguards.sql"),
    include_str!("../../../migrations/sqlite/0012_told.sql"),
    include_str!("../../../migrations/sqlite/0013_kept_own.sql"),
    include_str!("../../../migrations/sqlite/0014_what_stays.sql"),
    include_str!("../../../migrations/sqlite/0015_every_word.sql"),
];

const READERS_AND_WRITER: u32 = 4;

/// A statement, prepared once for each connection. Parameters are written `$1`, as all engines know them.
pub(crate) fn sql(text: &'static str) -> Query {
    sqlx::query(text)
}

/// The rows of the register whose digests are in a JSON array, by their index.
pub(crate) fn kept_in(digests: String) -> Query {
    sql("select k.* from json_each($1) d join kept_rows k on k.digest = d.value").bind(digests)
}

/// Opens the database file, makes it on first use, and brings its schema up to date.
pub(crate) async fn open(path: &Path, busy: Duration) -> Result<Pool, StoreError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .busy_timeout(busy)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        // What is deleted is overwritten, so that a destroyed key is gone from the file too.
        .pragma("secure_delete", "on")
        .disable_statement_logging();
    let pool = SqlitePoolOptions::new()
        .max_connections(READERS_AND_WRITER)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_lazy_with(options);
    migrate(&pool, busy).await?;
    Ok(pool)
}

/// A transaction that holds the write lock from its beginning, so that what it reads cannot change before it writes.
pub(crate) async fn begin(pool: &Pool) -> Result<Transaction, StoreError> {
    Ok(pool.begin_with("begin immediate").await?)
}

/// Empties the write-ahead log, which may still hold what was overwritten. Readers can prevent it; the next one succeeds.
pub(crate) async fn purge(pool: &Pool) -> Result<(), StoreError> {
    sql("pragma wal_checkpoint(truncate)").fetch_all(pool).await?;
    Ok(())
}

/// A time as the database keeps it.
pub(crate) fn micros(time: Timestamp) -> i64 {
    time.as_microsecond()
}

pub(crate) fn time(micros: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(micros).map_err(StoreError::damaged)
}

async fn migrate(pool: &Pool, patience: Duration) -> Result<(), StoreError> {
    let known = MIGRATIONS.len() as i64;
    let found = first_look(pool, patience).await?;
    if found > known {
        return Err(StoreError::NewerSchema { found, known });
    }
    if found == known {
        return Ok(());
    }
    let mut tx = begin(pool).await?;
    // Another process may have migrated since the first look.
    for version in version(&mut tx).await?..known {
        sqlx::raw_sql(MIGRATIONS[version as usize]).execute(&mut *tx).await?;
        sqlx::raw_sql("create table if not exists schema_version (version integer primary key) strict")
            .execute(&mut *tx)
            .await?;
        sql("insert into schema_version values ($1)").bind(version + 1).execute(&mut *tx).await?;
    }
    Ok(tx.commit().await?)
}

/// Entering WAL mode needs the whole file and does not wait for it, so the first look of several processes may collide.
async fn first_look(pool: &Pool, patience: Duration) -> Result<i64, StoreError> {
    let pause = Duration::from_millis(20);
    let mut waited = Duration::ZERO;
    loop {
        let found = match pool.acquire().await {
            Ok(mut conn) => version(&mut conn).await,
            Err(error) => Err(error.into()),
        };
        match found {
            Err(StoreError::Busy) if waited < patience => {
                tokio::time::sleep(pause).await;
                waited += pause;
            }
            found => return found,
        }
    }
}

async fn version(conn: &mut Conn) -> Result<i64, StoreError> {
    let table = sql("select 1 from sqlite_master where type = 'table' and name = 'schema_version'");
    if table.fetch_optional(&mut *conn).await?.is_none() {
        return Ok(0);
    }
    let newest = sql("select coalesce(max(version), 0) from schema_version").fetch_one(conn).await?;
    Ok(newest.try_get(0)?)
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let sqlx::Error::Database(error) = &error else {
            return Self::Database(error.to_string());
        };
        if error.is_unique_violation() {
            return Self::Exists(error.message().to_owned());
        }
        // The low byte is the kind of error, the rest its variety: https://www.sqlite.org/rescode.html
        match error.code().and_then(|code| code.parse::<i32>().ok()).map(|code| code & 0xff) {
            Some(5 | 6) => Self::Busy,
            Some(13) => Self::DiskFull,
            Some(11 | 26) => Self::damaged(error.message()),
            _ => Self::Database(error.message().to_owned()),
        }
    }
}
