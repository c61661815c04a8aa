//! A few rows of a table, spread over it by the rows' own numbers, which needs no pass over the table.

use std::ops::ControlFlow;

use engine::ask::{Failure, Row};
use engine::schema::Table;
use engine::value::Value;

use super::select::Statement;
use super::session::SqliteSession;
use crate::sql::{SAMPLED_CHARS, no_column, quote, table};

/// Other names of a row's own number; a column of one of these names hides it.
const ROWID: [&str; 3] = ["_rowid_", "rowid", "oid"];

pub(super) async fn sample(
    session: &mut SqliteSession,
    name: &str,
    columns: &[String],
    rows: u32,
) -> Result<Vec<Row>, Failure> {
    let schema = session.schema.clone();
    let described = table(&schema, name)?;
    let read = columns.iter().map(|c| described.column(c).map(|_| cut(c)).ok_or_else(|| no_column(name, c)));
    let read = read.collect::<Result<Vec<_>, _>>()?.join(", ");
    let from = format!("SELECT {read} FROM {}", quote(name));
    let plain = format!("{from} LIMIT {rows}");
    let more = format!("SELECT 1 FROM {} LIMIT 1 OFFSET {rows}", quote(name));
    if all(session, name, more).await?.is_empty() {
        return all(session, name, plain).await;
    }
    let sql = match own_number(session, described).await? {
        Some(id) => spread(&from, &quote(name), id, rows),
        None => plain,
    };
    all(session, name, sql).await
}

/// Long values are cut: their beginning tells what they are.
fn cut(column: &str) -> String {
    let c = quote(column);
    format!("CASE WHEN typeof({c}) IN ('text', 'blob') THEN substr({c}, 1, {SAMPLED_CHARS}) ELSE {c} END")
}

/// The first row at or after each of so many points between the least number and the greatest.
fn spread(from: &str, table: &str, id: &str, rows: u32) -> String {
    format!(
        "WITH RECURSIVE ends(low, high) AS (SELECT (SELECT min({id}) FROM {table}), (SELECT max({id}) FROM {table})), \
         point(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM point WHERE n + 1 < {rows}) \
         {from} WHERE {id} IN (SELECT (SELECT t.{id} FROM {table} t WHERE t.{id} >= low + n * ((high - low) / {rows}) \
         ORDER BY t.{id} LIMIT 1) FROM point, ends) ORDER BY {id}"
    )
}

/// The name under which the rows' own numbers can be read; views, virtual tables and those without such numbers have none.
async fn own_number(session: &mut SqliteSession, table: &Table) -> Result<Option<&'static str>, Failure> {
    let sql = "SELECT type = 'table' AND NOT wr FROM pragma_table_list WHERE schema = 'main' AND name = ?".to_owned();
    let asked = Statement { sql, values: vec![Value::text(&table.name)] };
    let mut numbered = false;
    let mut each = |row: Row| {
        numbered = row.first() == Some(&Value::Int(1));
        ControlFlow::Break(())
    };
    session.run(asked, &table.name, &mut each).await?;
    let hidden = |name: &str| table.columns.iter().any(|c| c.name.eq_ignore_ascii_case(name));
    Ok(ROWID.into_iter().find(|name| numbered && !hidden(name)))
}

async fn all(session: &mut SqliteSession, table: &str, sql: String) -> Result<Vec<Row>, Failure> {
    let mut rows = Vec::new();
    let mut each = |row| {
        rows.push(row);
        ControlFlow::Continue(())
    };
    session.run(Statement { sql, values: Vec::new() }, table, &mut each).await?;
    Ok(rows)
}
