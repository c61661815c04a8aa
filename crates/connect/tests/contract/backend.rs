//! A fresh database of each kind.

use std::sync::atomic::{AtomicU32, Ordering};

use connect::testing::{MariaServer, PgServer};
use connect::{Connector, Options};
use engine::ask::{By, Change, Changed, Failure, Row, Select};
use engine::policy::model::SystemKind;
use engine::value::Value;
use sqlx::Connection as _;

pub enum Backend {
    Sqlite(tempfile::TempDir),
    Postgres(String),
    Mariadb(String),
}

pub const QUICK: Options = Options {
    schema: String::new(),
    statement_timeout_ms: 60_000,
    lock_timeout_ms: 400,
    files: Vec::new(),
    service: None,
};

impl Backend {
    pub fn sqlite() -> Backend {
        Backend::Sqlite(tempfile::tempdir().unwrap())
    }

    pub fn postgres() -> Backend {
        let name = fresh();
        PgServer::shared().create_database(&name);
        Backend::Postgres(name)
    }

    pub fn mariadb() -> Backend {
        let name = fresh();
        MariaServer::shared().create_database(&name);
        Backend::Mariadb(name)
    }

    pub fn address(&self) -> String {
        match self {
            Backend::Sqlite(folder) => folder.path().join("it's a?#%20 name.db").display().to_string(),
            Backend::Postgres(name) => PgServer::shared().url(name),
            Backend::Mariadb(name) => MariaServer::shared().url(name),
        }
    }

    /// Runs statements; `$bytes`, `$real`, `$serial`, `$uuid` and `$timestamp` are the backend's own words.
    pub async fn sql(&self, sql: &str) {
        match self {
            Backend::Sqlite(_) => {
                let sql = words(sql, ["blob", "real", "integer", "uuid", "timestamp"]);
                sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut self.raw().await).await.unwrap();
            }
            Backend::Postgres(name) => {
                let sql = words(sql, ["bytea", "float8", "bigserial", "uuid", "timestamp"]);
                PgServer::shared().psql(name, &sql);
            }
            Backend::Mariadb(name) => {
                let sql = words(sql, ["blob", "double", "bigint auto_increment", "uuid", "datetime(6)"]);
                MariaServer::shared().sql(name, &sql);
            }
        }
    }

    /// Another client of the SQLite file.
    pub async fn raw(&self) -> sqlx::SqliteConnection {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(self.address()).create_if_missing(true);
        sqlx::SqliteConnection::connect_with(&options).await.unwrap()
    }

    pub fn is_sqlite(&self) -> bool {
        matches!(self, Backend::Sqlite(_))
    }

    pub fn is_mariadb(&self) -> bool {
        matches!(self, Backend::Mariadb(_))
    }

    pub fn kind(&self) -> SystemKind {
        match self {
            Backend::Sqlite(_) => SystemKind::Sqlite,
            Backend::Postgres(_) => SystemKind::Postgres,
            Backend::Mariadb(_) => SystemKind::Mysql,
        }
    }

    pub fn open(&self) -> Box<dyn Connector> {
        self.open_with(QUICK)
    }

    pub fn open_with(&self, options: Options) -> Box<dyn Connector> {
        let address = self.address();
        let options = Options { schema: "public".into(), ..options };
        connect::open(self.kind(), &address, Some(&address), options).unwrap()
    }
}

fn fresh() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("t{}", COUNT.fetch_add(1, Ordering::Relaxed))
}

fn words(sql: &str, own: [&str; 5]) -> String {
    let words = ["$bytes", "$real", "$serial", "$uuid", "$timestamp"];
    words.iter().zip(own).fold(sql.to_owned(), |sql, (word, own)| sql.replace(word, own))
}

pub fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|n| n.to_string()).collect()
}

pub fn select(table: &str, columns: &[&str], by: By) -> Select {
    Select { table: table.into(), columns: names(columns), by, filter: Vec::new(), lock: false }
}

pub fn by(columns: &[&str], values: Vec<Vec<Value>>) -> By {
    By::Values { columns: names(columns), values }
}

pub fn one(values: impl IntoIterator<Item = Value>) -> Vec<Vec<Value>> {
    values.into_iter().map(|v| vec![v]).collect()
}

pub fn ints(values: &[i64]) -> Vec<Vec<Value>> {
    one(values.iter().map(|i| Value::Int(*i)))
}

/// All rows, sorted.
pub async fn read(connector: &dyn Connector, select: Select) -> Vec<Row> {
    let mut session = connector.read().await.unwrap();
    let mut rows = session.answer(&select).await.unwrap();
    session.close().await.unwrap();
    rows.sort();
    rows
}

/// One change, committed.
pub async fn change(connector: &dyn Connector, change: Change) -> Result<Changed, Failure> {
    let mut transaction = connector.begin().await?;
    match transaction.apply(&change).await {
        Ok(changed) => transaction.commit().await.map(|()| changed),
        Err(failure) => {
            transaction.rollback().await.unwrap();
            Err(failure)
        }
    }
}

pub fn update(table: &str, key: &str, keys: Vec<Vec<Value>>, set: &[(&str, Value)]) -> Change {
    let set = set.iter().map(|(c, v)| (c.to_string(), v.clone())).collect();
    Change::Update { table: table.into(), key: names(&[key]), keys, set }
}

pub fn delete(table: &str, key: &str, keys: Vec<Vec<Value>>) -> Change {
    Change::Delete { table: table.into(), key: names(&[key]), keys }
}

pub fn insert(table: &str, values: &[(&str, Value)], returning: &[&str]) -> Change {
    let values = values.iter().map(|(c, v)| (c.to_string(), v.clone())).collect();
    Change::Insert { table: table.into(), values, returning: names(returning) }
}
