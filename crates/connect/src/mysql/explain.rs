//! How the server would answer a question, and the index that would serve it.

use std::ops::ControlFlow;

use engine::ask::{By, Failure, Select, Way};
use engine::schema::Class;
use serde_json::Value;

use super::catalog::Catalog;
use super::select::{Statement, folds_case, quote, statements};
use super::session::MySqlSession;
use super::types::{Bound, Kind, Type};
use crate::sql::table;

/// Longest name of an index.
const NAME: usize = 64;

/// So many characters of a column are indexed where it can hold more than an index takes.
const PREFIX: u32 = 191;

/// Most characters of a column that an index takes whole, at four bytes each.
const WHOLE: u32 = 768;

/// Asks for the server's plan as it would be now.
pub(super) async fn explain(session: &mut MySqlSession, select: &Select) -> Result<Way, Failure> {
    let catalog = session.catalog.clone();
    let (asked, _) = statements(&catalog, select)?;
    if asked.is_empty() {
        return Ok(Way::Unknown);
    }
    let usable = usable(session, select).await?;
    for statement in asked {
        let plan = plan(session, &select.table, statement).await?;
        if passes(&plan, &usable) {
            return Ok(Way::Scan { indexes: indexes(&catalog, select)? });
        }
    }
    Ok(Way::Index)
}

/// Text that the server answers with, in its first column.
const TEXT: Type = Type { kind: Kind::Opaque, class: Class::Text };

async fn plan(session: &mut MySqlSession, table: &str, statement: Statement) -> Result<Value, Failure> {
    let sql = format!("EXPLAIN FORMAT=JSON {}", statement.sql);
    let lines = texts(session, table, Statement { sql, values: statement.values }).await?;
    let unreadable = |_| Failure::Other { detail: format!("{table}: the server's plan cannot be read") };
    serde_json::from_str(&lines.concat()).map_err(unreadable)
}

async fn texts(session: &mut MySqlSession, table: &str, statement: Statement) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    let mut each = |row: Vec<engine::value::Value>| {
        if let Some(engine::value::Value::Text(text)) = row.into_iter().next() {
            found.push(text);
        }
        ControlFlow::Continue(())
    };
    session.run(statement, &[TEXT], table, &mut each).await?;
    Ok(found)
}

/// Indexes that begin with a column the question chooses by. The server may leave one aside that does not pay for these
/// values.
async fn usable(session: &mut MySqlSession, select: &Select) -> Result<Vec<String>, Failure> {
    let columns = match &select.by {
        By::Values { columns, .. } | By::Keys { columns, .. } => columns.clone(),
        By::Folded { column, .. } | By::Phone { column, .. } | By::Containing { column, .. } => vec![column.clone()],
    };
    let sql = format!(
        "SELECT CAST(INDEX_NAME AS CHAR) FROM information_schema.STATISTICS \
         WHERE TABLE_SCHEMA = DATABASE() AND SEQ_IN_INDEX = 1 AND TABLE_NAME = ? AND COLUMN_NAME IN ({})",
        vec!["?"; columns.len()].join(", ")
    );
    let values = std::iter::once(&select.table).chain(&columns).cloned().map(Bound::Text).collect();
    texts(session, &select.table, Statement { sql, values }).await
}

/// Is a table read from end to end, though no usable index is named among those that would serve?
fn passes(plan: &Value, usable: &[String]) -> bool {
    match plan {
        Value::Array(list) => list.iter().any(|part| passes(part, usable)),
        Value::Object(node) => {
            let whole = matches!(node.get("access_type").and_then(Value::as_str), Some("ALL" | "index"));
            let possible = node.get("possible_keys").and_then(Value::as_array).into_iter().flatten();
            let served = possible.filter_map(Value::as_str).any(|key| usable.iter().any(|u| u == key));
            (whole && !served) || node.values().any(|part| passes(part, usable))
        }
        _ => false,
    }
}

/// Statements that make what serves the question. The server indexes columns alone and no expressions: nothing serves
/// phone numbers, parts of texts, nor letter case where the column's collation tells it apart.
fn indexes(catalog: &Catalog, select: &Select) -> Result<Vec<String>, Failure> {
    let columns = match &select.by {
        By::Values { columns, .. } | By::Keys { columns, .. } => columns.clone(),
        By::Folded { column, .. } if folds_case(catalog.column(&select.table, column)?) => vec![column.clone()],
        By::Folded { .. } | By::Phone { .. } | By::Containing { .. } => return Ok(Vec::new()),
    };
    let described = table(&catalog.schema, &select.table)?;
    let mut parts = Vec::new();
    for name in &columns {
        let of = catalog.column(&select.table, name)?;
        if of.kind == Kind::Opaque || described.view {
            return Ok(Vec::new());
        }
        let long = |c: &engine::schema::Column| c.max_chars.is_none_or(|chars| chars > WHOLE);
        let is_long = matches!(of.kind, Kind::Text { .. }) && described.column(name).is_some_and(long);
        // Of bytes the longest is not known here.
        let cut = if is_long || of.kind == Kind::Bytes { format!("({PREFIX})") } else { String::new() };
        parts.push(format!("{}{cut}", quote(name)));
    }
    let name: String = format!("upheld_{}", columns.join("_")).chars().take(NAME).collect();
    let on = format!("{} ON {} ({})", quote(&name), quote(&select.table), parts.join(", "));
    // The server refuses rather than to keep others from writing meanwhile.
    let online = if described.no_transactions { "" } else { " LOCK=NONE" };
    Ok(vec![format!("CREATE INDEX {on}{online};")])
}
