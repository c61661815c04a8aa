//! Several questions in one statement: a union whose rows say which question they answer.

use std::ops::ControlFlow;

use engine::ask::{By, Failure, Row, Select};
use engine::schema::Schema;

use super::select::{Statement, asked, exactly};
use super::session::SqliteSession;
use crate::connector::EachOf;
use crate::sql::{BOUND, nobodys_answer, question, table, tables, together};

/// The rows of each question, with its place.
pub(super) async fn stream(
    session: &mut SqliteSession,
    selects: &[&Select],
    each: &mut EachOf<'_>,
) -> Result<(), Failure> {
    let schema = session.schema.clone();
    let mut flow = ControlFlow::Continue(());
    for group in together(&schema, selects, |select, _| compares(&schema, select)) {
        let asked: Vec<&Select> = group.iter().map(|at| selects[*at]).collect();
        let union = if asked.len() > 1 { union(&schema, &asked)? } else { None };
        if let Some(union) = union {
            let mut pass = |nth: usize, row| {
                flow = each(group[nth], row);
                flow
            };
            united(session, union, &asked, &mut pass).await?;
        } else {
            for at in group {
                let mut pass = |row| {
                    flow = each(at, row);
                    flow
                };
                session.ask(selects[at], &mut pass).await?;
                if flow.is_break() {
                    break;
                }
            }
        }
        if flow.is_break() {
            break;
        }
    }
    Ok(())
}

async fn united(
    session: &mut SqliteSession,
    union: Statement,
    asked: &[&Select],
    each: &mut EachOf<'_>,
) -> Result<(), Failure> {
    let mut lost = false;
    let mut pass = |row: Row| match question(&row).and_then(|nth| Some((nth, asked.get(nth)?))) {
        Some((nth, select)) => each(nth, row.into_iter().skip(1).take(select.columns.len()).collect()),
        None => {
            lost = true;
            ControlFlow::Break(())
        }
    };
    session.run(union, &tables(asked), &mut pass).await?;
    if lost { Err(nobodys_answer(asked)) } else { Ok(()) }
}

/// Is the question's comparison that of an index? Keys that the schema does not declare are compared byte by byte.
fn compares(schema: &Schema, select: &Select) -> bool {
    match &select.by {
        By::Keys { columns, .. } => schema.table(&select.table).is_some_and(|t| exactly(t, columns).is_empty()),
        _ => true,
    }
}

/// `None` where too many values would be bound: a value may be looked for in several forms.
fn union(schema: &Schema, selects: &[&Select]) -> Result<Option<Statement>, Failure> {
    let width = selects.iter().map(|s| s.columns.len()).max().unwrap_or_default();
    let mut parts = Vec::new();
    for (at, select) in selects.iter().enumerate() {
        parts.extend(asked(table(schema, &select.table)?, select, Some((at, width)))?);
    }
    if parts.iter().map(|part| part.values.len()).sum::<usize>() > BOUND {
        return Ok(None);
    }
    let sql: Vec<String> = parts.iter().map(|part| part.sql.clone()).collect();
    let values = parts.into_iter().flat_map(|part| part.values).collect();
    Ok(Some(Statement { sql: sql.join(" UNION ALL "), values }))
}
