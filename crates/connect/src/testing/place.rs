//! Databases behind the back of the connectors under test: whatever SQL the test writes, every value as text.

use std::sync::atomic::{AtomicU32, Ordering};

use engine::policy::model::SystemKind;
use sqlx::mysql::{MySqlConnection, MySqlRow};
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, Column as _, Connection as _, Row as _, TypeInfo as _, ValueRef as _};

use super::{MariaServer, PgServer};
use crate::{Connector, Options};

/// Cells of a row with the names of their columns; `None` is NULL, bytes are `\x` and hexadecimal.
pub type Cells = Vec<(String, Option<String>)>;

/// An empty database of its own. A SQLite file goes with it, other databases with their servers.
pub struct Place {
    kind: SystemKind,
    address: String,
    _folder: Option<tempfile::TempDir>,
}

impl Place {
    /// Makes one on a kind of server. Panics where that is no database.
    pub fn new(kind: SystemKind) -> Place {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("place{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let (address, folder) = match kind {
            SystemKind::Postgres => (PgServer::shared().create_database(&name), None),
            SystemKind::Mysql => (MariaServer::shared().create_database(&name), None),
            SystemKind::Sqlite => {
                let folder = tempfile::tempdir().expect("a temporary folder");
                let file = folder.path().join(name);
                std::fs::write(&file, "").expect("an empty database");
                (format!("sqlite://{}", file.display()), Some(folder))
            }
            SystemKind::Files | SystemKind::Http | SystemKind::Manual => panic!("{kind:?} is no kind of database"),
        };
        Place { kind, address, _folder: folder }
    }

    /// What a map calls its kind.
    pub fn word(&self) -> &'static str {
        match self.kind {
            SystemKind::Postgres => "postgres",
            SystemKind::Mysql => "mysql",
            _ => "sqlite",
        }
    }

    /// Its address.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// A connector to it, which reads and writes.
    pub fn open(&self, options: Options) -> Box<dyn Connector> {
        crate::open(self.kind, &self.address, Some(&self.address), options).expect("it opens")
    }

    /// Runs statements.
    pub async fn execute(&self, sql: &str) {
        execute(&self.address, sql).await;
    }

    /// The rows of a query.
    pub async fn rows(&self, sql: &str) -> Vec<Vec<Option<String>>> {
        let found = query(&self.address, &[sql.to_owned()]).await.pop().unwrap_or_default();
        found.into_iter().map(|row| row.into_iter().map(|(_, cell)| cell).collect()).collect()
    }
}

/// Runs statements on the database of an address, names in double quotes on all of them. Panics where one fails.
pub async fn execute(address: &str, sql: &str) {
    let mut session = Session::open(address).await;
    let done = session.execute(sql).await;
    session.close().await;
    done.unwrap_or_else(|why| panic!("{why}\n{sql}"));
}

/// The rows of several queries, asked on one connection. Panics where one fails.
pub async fn query(address: &str, sql: &[String]) -> Vec<Vec<Cells>> {
    let mut session = Session::open(address).await;
    let mut found = Vec::new();
    for sql in sql {
        found.push(session.query(sql).await.unwrap_or_else(|why| panic!("{why}\n{sql}")));
    }
    session.close().await;
    found
}

enum Session {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
    Mysql(MySqlConnection),
}

impl Session {
    async fn open(address: &str) -> Session {
        let opened = match address.split(':').next() {
            Some("mysql") => MySqlConnection::connect(address).await.map(Session::Mysql),
            Some("postgres") => PgConnection::connect(address).await.map(Session::Postgres),
            _ => SqliteConnection::connect(address).await.map(Session::Sqlite),
        };
        let mut session = opened.unwrap_or_else(|why| panic!("{address}: {why}"));
        let pins = match session {
            Session::Mysql(_) => "SET sql_mode = 'ANSI_QUOTES,STRICT_ALL_TABLES,NO_BACKSLASH_ESCAPES'",
            Session::Postgres(_) => "SET timezone = 'UTC'",
            Session::Sqlite(_) => return session,
        };
        session.execute(pins).await.expect("a session as tests need it");
        session
    }

    async fn execute(&mut self, sql: &str) -> Result<(), sqlx::Error> {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match self {
            Session::Sqlite(connection) => sql.execute(connection).await.map(drop),
            Session::Postgres(connection) => sql.execute(connection).await.map(drop),
            Session::Mysql(connection) => sql.execute(connection).await.map(drop),
        }
    }

    async fn query(&mut self, sql: &str) -> Result<Vec<Cells>, sqlx::Error> {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        Ok(match self {
            Session::Sqlite(connection) => sql.fetch_all(connection).await?.iter().map(from_sqlite).collect(),
            Session::Postgres(connection) => sql.fetch_all(connection).await?.iter().map(from_postgres).collect(),
            Session::Mysql(connection) => sql.fetch_all(connection).await?.iter().map(from_mysql).collect(),
        })
    }

    async fn close(self) {
        let closed = match self {
            Session::Sqlite(connection) => connection.close().await,
            Session::Postgres(connection) => connection.close().await,
            Session::Mysql(connection) => connection.close().await,
        };
        closed.expect("the connection closes");
    }
}

fn from_mysql(row: &MySqlRow) -> Cells {
    let value = |column: &sqlx::mysql::MySqlColumn| {
        let bytes: Option<Vec<u8>> = row.try_get_unchecked(column.ordinal()).expect("a value");
        let text = |bytes| String::from_utf8(bytes).expect("a text");
        // Texts of a binary collation, such as JSON, are called BLOB as well, but have a character set.
        let text_too = <String as sqlx::Type<sqlx::MySql>>::compatible(column.type_info());
        let binary = column.type_info().name().ends_with("BLOB") && !text_too;
        bytes.map(|bytes| if binary { format!("\\x{}", hex::encode(bytes)) } else { text(bytes) })
    };
    row.columns().iter().map(|c| (c.name().to_owned(), value(c))).collect()
}

/// The simple protocol hands over every value as text.
fn from_postgres(row: &PgRow) -> Cells {
    let value = |column: &sqlx::postgres::PgColumn| {
        let raw = row.try_get_raw(column.ordinal()).expect("a value");
        (!raw.is_null()).then(|| raw.as_str().expect("a text").to_owned())
    };
    row.columns().iter().map(|c| (c.name().to_owned(), value(c))).collect()
}

fn from_sqlite(row: &SqliteRow) -> Cells {
    let value = |ix: usize| {
        let kind = row.try_get_raw(ix).expect("a value").type_info().name().to_owned();
        match kind.as_str() {
            _ if row.try_get_raw(ix).expect("a value").is_null() => None,
            "INTEGER" => Some(row.try_get_unchecked::<i64, _>(ix).expect("an integer").to_string()),
            "REAL" => Some(row.try_get_unchecked::<f64, _>(ix).expect("a number").to_string()),
            "BLOB" => Some(format!("\\x{}", hex::encode(row.try_get_unchecked::<Vec<u8>, _>(ix).expect("bytes")))),
            _ => Some(row.try_get_unchecked::<String, _>(ix).expect("a text")),
        }
    };
    row.columns().iter().map(|c| (c.name().to_owned(), value(c.ordinal()))).collect()
}
