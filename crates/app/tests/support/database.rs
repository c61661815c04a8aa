//! The databases as a stranger sees them: whatever SQL the test writes, every value as text.

use std::collections::BTreeMap;

/// A row: each column as text; `None` is NULL, bytes are `\x` and hexadecimal.
pub type Row = BTreeMap<String, Option<String>>;

/// All rows by system and table, sorted.
pub type Dump = BTreeMap<(String, String), Vec<Row>>;

/// Runs statements.
pub fn execute(address: &str, sql: &str) {
    wait(connect::testing::execute(address, sql));
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
    let found = wait(connect::testing::query(address, sql));
    found.into_iter().map(|rows| rows.into_iter().map(Row::from_iter).collect()).collect()
}

fn wait<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(work)
}
