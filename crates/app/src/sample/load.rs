//! Fills one database with rows, fast: COPY on PostgreSQL, inserts of many rows on SQLite and MariaDB.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::str::FromStr;

use anyhow::{Context, Result, bail};
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};

use super::TableCount;
use super::table::{Engine, Row, Table, Value, list, quoted};

/// Rows by the name of their table.
pub type Rows = BTreeMap<&'static str, Vec<Row>>;

/// SQLite takes at most 32,766 parameters in one statement.
const PARAMETERS: usize = 16_000;
/// Names in double quotes, texts as they stand, and the numbers that rows bring along.
const MYSQL_WORDS: &str = "SET SESSION sql_mode = 'ANSI_QUOTES,STRICT_ALL_TABLES,NO_BACKSLASH_ESCAPES,NO_AUTO_VALUE_ON_ZERO', \
    time_zone = '+00:00'";
/// COPY data is handed over in pieces of about this size.
const PIECE: usize = 256 * 1024;

/// An open database with an open transaction that receives a sample.
pub struct Loader {
    connection: Handle,
    tables: &'static [Table],
    counts: Vec<u64>,
}

enum Handle {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
    Mysql(MySqlConnection),
}

impl Loader {
    /// Opens the database, begins a transaction and makes the tables. It must hold no tables yet.
    pub async fn open(address: &str, tables: &'static [Table]) -> Result<Self> {
        let mut connection = Handle::open(address).await?;
        if connection.table_count().await? > 0 {
            bail!("the database already holds tables; give one that is empty");
        }
        if connection.engine() != Engine::Mysql {
            connection.execute("BEGIN").await?;
        }
        for table in tables {
            for statement in table.ddl(connection.engine()) {
                connection.execute(&statement).await.with_context(|| format!("make table `{}`", table.name))?;
            }
        }
        if connection.engine() == Engine::Mysql {
            // Each statement that makes a table commits what was before it.
            connection.execute("START TRANSACTION").await?;
        }
        Ok(Loader { connection, tables, counts: vec![0; tables.len()] })
    }

    /// Inserts rows, table after table in the order of the description, so that foreign keys hold at once.
    pub async fn insert(&mut self, mut rows: Rows) -> Result<()> {
        for (table, count) in self.tables.iter().zip(&mut self.counts) {
            let Some(rows) = rows.remove(table.name) else { continue };
            *count += rows.len() as u64;
            match &mut self.connection {
                Handle::Sqlite(connection) => insert(connection, table, rows).await,
                Handle::Postgres(connection) => copy(connection, table, &rows).await,
                Handle::Mysql(connection) => insert_mysql(connection, table, rows).await,
            }
            .with_context(|| format!("fill table `{}`", table.name))?;
        }
        match rows.keys().next() {
            Some(table) => bail!("rows for table `{table}`, which the description does not have"),
            None => Ok(()),
        }
    }

    /// Commits, refreshes the planner's statistics and reports what was inserted.
    pub async fn finish(mut self, system: &'static str) -> Result<Vec<TableCount>> {
        if self.connection.engine() == Engine::Postgres {
            for table in self.tables {
                self.connection.advance(table).await?;
            }
        }
        self.connection.execute("COMMIT").await?;
        if self.connection.engine() == Engine::Mysql {
            let names: Vec<_> = self.tables.iter().map(|table| table.name).collect();
            self.connection.execute(&format!("ANALYZE TABLE {}", list(&names))).await?;
        } else {
            self.connection.execute("ANALYZE").await?;
        }
        self.connection.close().await?;
        let counts = self.tables.iter().zip(self.counts);
        Ok(counts.map(|(table, rows)| TableCount { system, table: table.name, rows }).collect())
    }
}

impl Handle {
    async fn open(address: &str) -> Result<Self> {
        // The address may hold a password, so no error repeats it.
        if address.starts_with("sqlite:") {
            let options = SqliteConnectOptions::from_str(address)
                .context("the address of the SQLite file is not valid; write `sqlite:///path/to/file`")?
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Normal);
            Ok(Handle::Sqlite(options.connect().await.context("open the SQLite file")?))
        } else if address.starts_with("postgres:") || address.starts_with("postgresql:") {
            let options = PgConnectOptions::from_str(address).context("the PostgreSQL address is not valid")?;
            Ok(Handle::Postgres(options.connect().await.context("connect to PostgreSQL")?))
        } else if Engine::of(address) == Some(Engine::Mysql) {
            let options = MySqlConnectOptions::from_str(address).context("the MariaDB address is not valid")?;
            let mut connection = options.connect().await.context("connect to MariaDB")?;
            sqlx::raw_sql(MYSQL_WORDS).execute(&mut connection).await?;
            Ok(Handle::Mysql(connection))
        } else {
            bail!("a database address begins with `sqlite:`, `postgres:` or `mysql:`");
        }
    }

    fn engine(&self) -> Engine {
        match self {
            Handle::Sqlite(_) => Engine::Sqlite,
            Handle::Postgres(_) => Engine::Postgres,
            Handle::Mysql(_) => Engine::Mysql,
        }
    }

    async fn execute(&mut self, sql: &str) -> Result<()> {
        let statement = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match self {
            Handle::Sqlite(connection) => connection.execute(statement).await.map(drop)?,
            Handle::Postgres(connection) => connection.execute(statement).await.map(drop)?,
            Handle::Mysql(connection) => connection.execute(statement).await.map(drop)?,
        }
        Ok(())
    }

    async fn table_count(&mut self) -> Result<i64> {
        Ok(match self {
            Handle::Sqlite(connection) => {
                sqlx::query_scalar("SELECT count(*) FROM sqlite_master WHERE type = 'table'")
                    .fetch_one(connection)
                    .await?
            }
            Handle::Postgres(connection) => {
                sqlx::query_scalar("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()")
                    .fetch_one(connection)
                    .await?
            }
            Handle::Mysql(connection) => {
                sqlx::query_scalar("SELECT count(*) FROM information_schema.tables WHERE table_schema = database()")
                    .fetch_one(connection)
                    .await?
            }
        })
    }

    /// Lets the numbers that PostgreSQL gives begin behind those that were inserted.
    async fn advance(&mut self, table: &Table) -> Result<()> {
        let Some(column) = table.identity() else { return Ok(()) };
        let (name, id) = (quoted(table.name), quoted(column));
        self.execute(&format!(
            "SELECT setval(pg_get_serial_sequence('{name}', '{column}'), max({id})) FROM {name} HAVING max({id}) > 0"
        ))
        .await
    }

    async fn close(self) -> Result<()> {
        match self {
            Handle::Sqlite(connection) => connection.close().await?,
            Handle::Postgres(connection) => connection.close().await?,
            Handle::Mysql(connection) => connection.close().await?,
        }
        Ok(())
    }
}

async fn insert(connection: &mut SqliteConnection, table: &Table, rows: Vec<Row>) -> Result<()> {
    for (sql, batch) in batches(table, rows) {
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for value in batch.into_iter().flatten() {
            query = match value {
                Value::Null => query.bind(None::<i64>),
                Value::Bool(value) => query.bind(value),
                Value::Int(value) => query.bind(value),
                // SQLite stores no NaN; infinity keeps the column awkward there.
                Value::Float(value) if value.is_nan() => query.bind(f64::INFINITY),
                Value::Float(value) => query.bind(value),
                Value::Text(value) => query.bind(value),
                Value::Bytes(value) => query.bind(value),
            };
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

async fn insert_mysql(connection: &mut MySqlConnection, table: &Table, rows: Vec<Row>) -> Result<()> {
    for (sql, batch) in batches(table, rows) {
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for value in batch.into_iter().flatten() {
            query = match value {
                Value::Null => query.bind(None::<i64>),
                Value::Bool(value) => query.bind(value),
                Value::Int(value) => query.bind(value),
                // MariaDB stores neither; the largest number keeps the column awkward there.
                Value::Float(value) if !value.is_finite() => query.bind(f64::MAX),
                Value::Float(value) => query.bind(value),
                // Times are in UTC, and MariaDB takes no word for it.
                Value::Text(value) => query.bind(value.strip_suffix("+00:00").map(str::to_owned).unwrap_or(value)),
                Value::Bytes(value) => query.bind(value),
            };
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

/// Statements for many rows each, with the rows.
fn batches(table: &Table, rows: Vec<Row>) -> impl Iterator<Item = (String, Vec<Row>)> {
    let columns = table.written();
    let head = format!("INSERT INTO {} ({}) VALUES ", quoted(table.name), list(&columns));
    let tuple = format!("({})", vec!["?"; columns.len()].join(", "));
    let most = (PARAMETERS / columns.len()).min(500);
    let mut rows = rows.into_iter();
    std::iter::from_fn(move || {
        let batch: Vec<Row> = rows.by_ref().take(most).collect();
        let sql = format!("{head}{}", vec![tuple.as_str(); batch.len()].join(", "));
        (!batch.is_empty()).then_some((sql, batch))
    })
}

async fn copy(connection: &mut PgConnection, table: &Table, rows: &[Row]) -> Result<()> {
    let statement = format!("COPY {} ({}) FROM STDIN", quoted(table.name), list(&table.written()));
    let mut copy = connection.copy_in_raw(&statement).await?;
    let mut piece = String::with_capacity(PIECE + 4096);
    for row in rows {
        for (position, value) in row.iter().enumerate() {
            if position > 0 {
                piece.push('\t');
            }
            field(&mut piece, value);
        }
        piece.push('\n');
        if piece.len() >= PIECE {
            copy.send(piece.as_bytes()).await?;
            piece.clear();
        }
    }
    copy.send(piece.as_bytes()).await?;
    copy.finish().await?;
    Ok(())
}

/// One field in the text format of COPY.
fn field(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("\\N"),
        Value::Bool(value) => out.push(if *value { 't' } else { 'f' }),
        Value::Int(value) => write!(out, "{value}").unwrap_or_default(),
        Value::Float(value) if value.is_infinite() => out.push_str(if *value > 0.0 { "Infinity" } else { "-Infinity" }),
        Value::Float(value) => write!(out, "{value}").unwrap_or_default(),
        Value::Text(value) => {
            for character in value.chars() {
                match character {
                    '\\' => out.push_str("\\\\"),
                    '\n' => out.push_str("\\n"),
                    '\r' => out.push_str("\\r"),
                    '\t' => out.push_str("\\t"),
                    other => out.push(other),
                }
            }
        }
        Value::Bytes(value) => {
            out.push_str("\\\\x");
            out.push_str(&hex::encode(value));
        }
    }
}
