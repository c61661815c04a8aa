//! How SQLite would answer a question, and the index that would serve it.

use std::ops::ControlFlow;

use engine::ask::{By, Failure, Select, Way};
use engine::value::Value;

use super::select::{Statement, phone_end, statements, unusual_phone};
use super::session::SqliteSession;
use crate::sql::{quote, table};

/// SQLite takes an index wherever one serves, so what it says is the answer.
pub(super) async fn explain(session: &mut SqliteSession, select: &Select) -> Result<Way, Failure> {
    let schema = session.schema.clone();
    let asked = statements(table(&schema, &select.table)?, select)?;
    if asked.is_empty() {
        return Ok(Way::Unknown);
    }
    let partial = partial_indexes(session, &select.table).await?;
    for statement in asked {
        if passes(session, &select.table, &partial, statement).await? {
            return Ok(Way::Scan { indexes: indexes(select) });
        }
    }
    Ok(Way::Index)
}

/// Does a statement pass over the table? An index over a part of it is read from end to end where the question asks for
/// that part.
async fn passes(
    session: &mut SqliteSession,
    table: &str,
    partial: &[String],
    statement: Statement,
) -> Result<bool, Failure> {
    let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
    let steps = texts(session, Statement { sql, values: statement.values }, table, 3).await?;
    let over_table = |step: &&String| {
        let rest = step.strip_prefix("SCAN ").and_then(|rest| rest.strip_prefix(table));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    let by_part = |step: &String| partial.iter().any(|index| step.ends_with(&format!(" INDEX {index}")));
    Ok(steps.iter().filter(over_table).any(|step| !by_part(step)))
}

async fn partial_indexes(session: &mut SqliteSession, table: &str) -> Result<Vec<String>, Failure> {
    let sql = "SELECT name FROM pragma_index_list(?) WHERE partial".to_owned();
    texts(session, Statement { sql, values: vec![Value::text(table)] }, table, 0).await
}

/// The texts in one column of what a statement answers.
async fn texts(
    session: &mut SqliteSession,
    statement: Statement,
    about: &str,
    column: usize,
) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    let mut each = |row: Vec<Value>| {
        if let Some(Value::Text(text)) = row.into_iter().nth(column) {
            found.push(text);
        }
        ControlFlow::Continue(())
    };
    session.run(statement, about, &mut each).await?;
    Ok(found)
}

/// Statements that make what serves the question: over the very expressions that questions compare.
fn indexes(select: &Select) -> Vec<String> {
    let of = |column: &str, name: &str, expression: String, part: String| {
        let index = quote(&format!("upheld_{}_{column}{name}", select.table));
        format!("CREATE INDEX IF NOT EXISTS {index} ON {} ({expression}){part};", quote(&select.table))
    };
    match &select.by {
        By::Values { columns, .. } | By::Keys { columns, .. } => {
            let list: Vec<_> = columns.iter().map(|c| quote(c)).collect();
            vec![of(&columns.join("_"), "", list.join(", "), String::new())]
        }
        By::Folded { column, .. } => vec![of(column, "_lower", format!("lower({})", quote(column)), String::new())],
        By::Phone { column, .. } => {
            let quoted = quote(column);
            let part = format!(" WHERE {}", unusual_phone(&quoted));
            vec![of(column, "_end", phone_end(&quoted), String::new()), of(column, "_unusual", quoted, part)]
        }
        // What stands anywhere in a text, no index finds.
        By::Containing { .. } => Vec::new(),
    }
}
