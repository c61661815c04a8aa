//! The databases as a stranger sees them: whatever SQL the test writes, every value as text.

use std::collections::BTreeMap;
use std::str::FromStr;

use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlRow};
use sqlx::postgres::{PgConnectOptions, PgRow};
use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{AssertSqlSafe, Column, ConnectOptions, Connection, Executor, Row as _, TypeInfo, ValueRef};

/// A row: each column as text; `None` is NULL, bytes are `\x` and hexadecimal.
pub type Row = BTreeMap<String, Option<String>>;

/// All rows by system and table, sorted.
pub type Dump = BTreeMap<(String, String), Vec<Row>>;

/// Runs statements.
pub fn execute(address: &str, sql: &str) {
    wait(async {
        let statement = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        if address.starts_with("sqlite:") {
            let mut connection = sqlite(address).connect().await?;
            connection.execute(statement).await?;
            connection.close().await
        } else if address.starts_with("mysql:") {
            let mut connection = mysql(address).await?;
            connection.execute(statement).await?;
            connection.close().await
        } else {
            let mut connection = postgres(address).connect().await?;
            connection.execute(statement).await?;
            connection.close().await
        }
    })
    .unwrap_or_else(|e| panic!("{e}\n{sql}"));
}

/// The rows of a query.
pub fn query(address: &str, sql: &str) -> Vec<Row> {
    let mut found = queries(address, &[sql.to_owned()]);
    found.pop().unwrap_or_default()
}

/// All tables of a database with their rows, sorted.
pub fn dump(address: &str) -> BTreeMap<String, Vec<Row>> {
    let list = if address.starts_with("sqlite:") {
        "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'"
    } else if address.starts_with("mysql:") {
        "select table_name as name from information_schema.tables where table_schema = database()"
    } else {
        "select tablename as name from pg_tables where schemaname = 'public'"
    };
    let tables: Vec<String> = query(address, list).into_iter().filter_map(|mut r| r.remove("name").flatten()).collect();
    let sql: Vec<String> = tables.iter().map(|t| format!("select * from \"{t}\"")).collect();
    let mut rows = queries(address, &sql);
    rows.iter_mut().for_each(|r| r.sort());
    tables.into_iter().zip(rows).collect()
}

/// Several queries on one connection.
fn queries(address: &str, sql: &[String]) -> Vec<Vec<Row>> {
    wait(async {
        let mut found = Vec::new();
        if address.starts_with("sqlite:") {
            let mut connection = sqlite(address).connect().await?;
            for sql in sql {
                let rows = sqlx::raw_sql(AssertSqlSafe(sql.clone())).fetch_all(&mut connection).await?;
                found.push(rows.iter().map(from_sqlite).collect());
            }
            connection.close().await?;
        } else if address.starts_with("mysql:") {
            let mut connection = mysql(address).await?;
            for sql in sql {
                let rows = sqlx::raw_sql(AssertSqlSafe(sql.clone())).fetch_all(&mut connection).await?;
                found.push(rows.iter().map(from_mysql).collect());
            }
            connection.close().await?;
        } else {
            let mut connection = postgres(address).connect().await?;
            connection.execute("set timezone = 'UTC'").await?;
            for sql in sql {
                let rows = sqlx::raw_sql(AssertSqlSafe(sql.clone())).fetch_all(&mut connection).await?;
                found.push(rows.iter().map(from_postgres).collect());
            }
            connection.close().await?;
        }
        Ok(found)
    })
    .unwrap_or_else(|e| panic!("{e}\n{sql:?}"))
}

fn sqlite(address: &str) -> SqliteConnectOptions {
    SqliteConnectOptions::from_str(address).expect("the address of a SQLite file")
}

fn postgres(address: &str) -> PgConnectOptions {
    PgConnectOptions::from_str(address).expect("the address of a PostgreSQL database")
}

/// Names in double quotes, as on the others.
async fn mysql(address: &str) -> Result<MySqlConnection, sqlx::Error> {
    let mut connection = MySqlConnectOptions::from_str(address)?.connect().await?;
    connection.execute("set sql_mode = 'ANSI_QUOTES,STRICT_ALL_TABLES,NO_BACKSLASH_ESCAPES'").await?;
    Ok(connection)
}

fn from_mysql(row: &MySqlRow) -> Row {
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
fn from_postgres(row: &PgRow) -> Row {
    let value = |column: &sqlx::postgres::PgColumn| {
        let raw = row.try_get_raw(column.ordinal()).expect("a value");
        (!raw.is_null()).then(|| raw.as_str().expect("a text").to_owned())
    };
    row.columns().iter().map(|c| (c.name().to_owned(), value(c))).collect()
}

fn from_sqlite(row: &SqliteRow) -> Row {
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

fn wait<T>(work: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(work)
}
