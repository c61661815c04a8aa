//! The same requests, written by hand for the help desk: sequential statements, and one transaction for each database.

mod access;
mod erasure;
mod person;

use std::str::FromStr;

pub use access::{Found, access};
use anyhow::{Context, Result};
pub use erasure::{Tokens, erasure};
use sqlx::postgres::{PgArguments, PgConnectOptions, PgConnection, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions, SqliteConnection, SqliteRow};
use sqlx::{Arguments, AssertSqlSafe, Column, ConnectOptions, Executor, Row, TypeInfo, ValueRef};

/// The two databases, each with an open connection, and how many statements they were sent.
pub struct Hand {
    /// The help desk.
    pub desk: Db,
    /// The billing team's.
    pub billing: Db,
}

/// One open database.
pub struct Db {
    connection: Connection,
    /// Statements sent.
    pub statements: u64,
}

enum Connection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// A value that goes to a statement or comes from one. What no one looks at stays as the driver holds it.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// NULL.
    Null,
    /// A number.
    Int(i64),
    /// A text.
    Text(String),
    /// Many numbers, as one parameter; PostgreSQL only.
    Ints(Vec<i64>),
    /// Many texts, as one parameter; PostgreSQL only.
    Texts(Vec<Option<String>>),
    /// Anything else, of this many bytes.
    Other(usize),
}

impl Cell {
    /// The number, or 0.
    pub fn int(&self) -> i64 {
        if let Cell::Int(n) = self { *n } else { 0 }
    }

    /// The text, where it is one.
    pub fn text(&self) -> Option<&str> {
        if let Cell::Text(s) = self { Some(s) } else { None }
    }
}

impl From<i64> for Cell {
    fn from(n: i64) -> Self {
        Cell::Int(n)
    }
}

impl From<&str> for Cell {
    fn from(s: &str) -> Self {
        Cell::Text(s.to_owned())
    }
}

impl From<Option<&str>> for Cell {
    fn from(s: Option<&str>) -> Self {
        s.map_or(Cell::Null, Cell::from)
    }
}

impl Hand {
    /// Connects to both, with the drivers' usual settings.
    pub async fn open(helpdesk: &str, billing: &str) -> Result<Self> {
        Ok(Hand { desk: Db::open(helpdesk).await?, billing: Db::open(billing).await? })
    }

    /// Statements sent since the last call.
    pub fn statements(&mut self) -> u64 {
        std::mem::take(&mut self.desk.statements) + std::mem::take(&mut self.billing.statements)
    }
}

impl Db {
    async fn open(address: &str) -> Result<Self> {
        let connection = if address.starts_with("sqlite:") {
            let options = SqliteConnectOptions::from_str(address)?.foreign_keys(true);
            Connection::Sqlite(options.statement_cache_capacity(500).disable_statement_logging().connect().await?)
        } else {
            let options = PgConnectOptions::from_str(address)?;
            Connection::Postgres(options.statement_cache_capacity(500).disable_statement_logging().connect().await?)
        };
        Ok(Db { connection, statements: 0 })
    }

    /// Is it PostgreSQL?
    pub fn is_postgres(&self) -> bool {
        matches!(self.connection, Connection::Postgres(_))
    }

    /// Rows locked until the transaction ends, where the database locks rows.
    pub fn locking(&self) -> &'static str {
        if self.is_postgres() { " for update" } else { "" }
    }

    /// Begins, commits or rolls back.
    pub async fn plainly(&mut self, sql: &'static str) -> Result<()> {
        self.statements += 1;
        match &mut self.connection {
            Connection::Sqlite(c) => c.execute(sqlx::raw_sql(sql)).await.map(|_| ())?,
            Connection::Postgres(c) => c.execute(sqlx::raw_sql(sql)).await.map(|_| ())?,
        }
        Ok(())
    }

    /// The rows of a query.
    pub async fn rows(&mut self, sql: &str, parameters: &[Cell]) -> Result<Vec<Vec<Cell>>> {
        self.statements += 1;
        let text = AssertSqlSafe(sql.to_owned());
        let rows = match &mut self.connection {
            Connection::Sqlite(c) => {
                let rows = sqlx::query_with(text, sqlite(parameters)?).fetch_all(c).await;
                rows.map(|rows| rows.iter().map(of_sqlite).collect())
            }
            Connection::Postgres(c) => {
                let rows = sqlx::query_with(text, postgres(parameters)?).fetch_all(c).await;
                rows.map(|rows| rows.iter().map(of_postgres).collect())
            }
        };
        rows.with_context(|| sql.to_owned())
    }

    /// The number of rows that a statement changed.
    pub async fn change(&mut self, sql: &str, parameters: &[Cell]) -> Result<u64> {
        self.statements += 1;
        let text = AssertSqlSafe(sql.to_owned());
        let done = match &mut self.connection {
            Connection::Sqlite(c) => {
                sqlx::query_with(text, sqlite(parameters)?).execute(c).await.map(|d| d.rows_affected())
            }
            Connection::Postgres(c) => {
                sqlx::query_with(text, postgres(parameters)?).execute(c).await.map(|d| d.rows_affected())
            }
        };
        done.with_context(|| sql.to_owned())
    }
}

fn sqlite(cells: &[Cell]) -> Result<SqliteArguments> {
    let mut arguments = SqliteArguments::default();
    for cell in cells {
        let added = match cell.clone() {
            Cell::Int(n) => arguments.add(n),
            Cell::Text(s) => arguments.add(s),
            _ => arguments.add(None::<String>),
        };
        added.map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

fn postgres(cells: &[Cell]) -> Result<PgArguments> {
    let mut arguments = PgArguments::default();
    for cell in cells {
        let added = match cell.clone() {
            Cell::Int(n) => arguments.add(n),
            Cell::Text(s) => arguments.add(s),
            Cell::Ints(n) => arguments.add(n),
            Cell::Texts(s) => arguments.add(s),
            _ => arguments.add(None::<String>),
        };
        added.map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

fn of_sqlite(row: &SqliteRow) -> Vec<Cell> {
    let cell = |i| match row.try_get_raw(i) {
        Ok(raw) if raw.is_null() => Cell::Null,
        Ok(raw) => match raw.type_info().name() {
            "INTEGER" => row.try_get_unchecked(i).map_or(Cell::Null, Cell::Int),
            "TEXT" => row.try_get_unchecked(i).map_or(Cell::Null, Cell::Text),
            _ => Cell::Other(1),
        },
        Err(_) => Cell::Null,
    };
    (0..row.len()).map(cell).collect()
}

fn of_postgres(row: &PgRow) -> Vec<Cell> {
    let cell = |(i, column): (usize, &sqlx::postgres::PgColumn)| match row.try_get_raw(i) {
        Ok(raw) if raw.is_null() => Cell::Null,
        Ok(raw) => match column.type_info().name() {
            "INT8" => row.try_get(i).map_or(Cell::Null, Cell::Int),
            "TEXT" => row.try_get(i).map_or(Cell::Null, Cell::Text),
            _ => Cell::Other(raw.as_bytes().map_or(0, <[u8]>::len)),
        },
        Err(_) => Cell::Null,
    };
    row.columns().iter().enumerate().map(cell).collect()
}

impl Db {
    /// A digest of each table's rows, whatever their order.
    pub async fn contents(&mut self) -> Result<std::collections::BTreeMap<String, String>> {
        let names = if self.is_postgres() {
            "select tablename::text from pg_tables where schemaname = 'public'"
        } else {
            "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'"
        };
        let mut found = std::collections::BTreeMap::new();
        for row in self.rows(names, &[]).await? {
            let Some(table) = row[0].text() else { continue };
            found.insert(table.to_owned(), self.digest(table).await?);
        }
        Ok(found)
    }

    async fn digest(&mut self, table: &str) -> Result<String> {
        if self.is_postgres() {
            let sql = format!(
                "select count(*)::text || ' ' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text from \"{table}\" t"
            );
            let rows = self.rows(&sql, &[]).await?;
            return Ok(rows[0][0].text().unwrap_or_default().to_owned());
        }
        let columns = self.rows(&format!("select name from pragma_table_info('{table}')"), &[]).await?;
        let quoted = columns.iter().filter_map(|c| c[0].text()).map(|c| format!("quote(\"{c}\")"));
        let sql = format!("select {} from \"{table}\"", quoted.collect::<Vec<_>>().join(" || ',' || "));
        let rows = self.rows(&sql, &[]).await?;
        let hash = |row: &Vec<Cell>| {
            let mut hasher = std::hash::DefaultHasher::new();
            std::hash::Hash::hash(&row[0].text(), &mut hasher);
            std::hash::Hasher::finish(&hasher)
        };
        let sum = rows.iter().map(hash).fold(0u64, u64::wrapping_add);
        Ok(format!("{} {sum}", rows.len()))
    }
}
