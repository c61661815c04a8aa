//! A database behind the back of the connector under test.

use std::path::PathBuf;

use connect::testing::PgServer;
use sqlx::{Connection as _, Row as _};

/// Where statements go.
#[derive(Clone)]
pub enum Raw {
    /// A file.
    Sqlite(PathBuf),
    /// A database of the shared server, and the schema to look in.
    Postgres { database: String, schema: String },
}

impl Raw {
    /// Executes statements. Panics where one fails.
    pub async fn execute(&self, sql: &str) {
        let sql = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned()));
        let done = match self {
            Raw::Sqlite(file) => sql.execute(&mut sqlite(file).await).await.map(|_| ()),
            Raw::Postgres { database, schema } => sql.execute(&mut postgres(database, schema).await).await.map(|_| ()),
        };
        done.expect("the statements of a case are right");
    }

    /// A column as text; SQLite would take any bytes for one.
    fn as_text(&self, column: &str) -> String {
        match self {
            Raw::Sqlite(_) => {
                format!(
                    "CASE typeof({column}) WHEN 'blob' THEN '\\x' || lower(hex({column})) ELSE CAST({column} AS text) END"
                )
            }
            Raw::Postgres { .. } => format!("CAST({column} AS text)"),
        }
    }

    fn select(&self, table: &str, columns: &[String]) -> sqlx::AssertSqlSafe<String> {
        let cells: Vec<String> = columns.iter().map(|c| self.as_text(&quoted(c))).collect();
        sqlx::AssertSqlSafe(format!("SELECT {} FROM {}", cells.join(", "), quoted(table)))
    }

    /// All rows of a table, as texts.
    pub async fn rows(&self, table: &str, columns: &[String]) -> Vec<Vec<Option<String>>> {
        self.tables(&[(table, columns.to_vec())]).await.pop().unwrap_or_default()
    }

    /// All rows of several tables, as texts.
    pub async fn tables(&self, tables: &[(&str, Vec<String>)]) -> Vec<Vec<Vec<Option<String>>>> {
        let mut all = Vec::new();
        match self {
            Raw::Sqlite(file) => {
                let mut connection = sqlite(file).await;
                for (table, columns) in tables {
                    let rows = sqlx::query(self.select(table, columns)).fetch_all(&mut connection).await.expect("rows");
                    all.push(rows.iter().map(|row| (0..columns.len()).map(|n| row.get(n)).collect()).collect());
                }
            }
            Raw::Postgres { database, schema } => {
                let mut connection = postgres(database, schema).await;
                for (table, columns) in tables {
                    let rows = sqlx::query(self.select(table, columns)).fetch_all(&mut connection).await.expect("rows");
                    all.push(rows.iter().map(|row| (0..columns.len()).map(|n| row.get(n)).collect()).collect());
                }
            }
        }
        all
    }
}

async fn sqlite(file: &PathBuf) -> sqlx::SqliteConnection {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file).create_if_missing(true).foreign_keys(false);
    sqlx::SqliteConnection::connect_with(&options).await.expect("SQLite opens")
}

async fn postgres(database: &str, schema: &str) -> sqlx::PgConnection {
    let url = PgServer::shared().url(database);
    let mut connection = sqlx::PgConnection::connect(&url).await.expect("PostgreSQL answers");
    let path = sqlx::raw_sql(sqlx::AssertSqlSafe(format!("SET search_path TO {schema}")));
    path.execute(&mut connection).await.expect("a search path");
    connection
}

/// As a name of SQL.
pub fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// As a value of SQL.
pub fn literal(value: Option<&str>) -> String {
    value.map_or_else(|| "NULL".to_owned(), |v| format!("'{}'", v.replace('\'', "''")))
}
