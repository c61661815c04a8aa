//! Several questions in one statement: a union whose rows say which question they answer.

use std::ops::ControlFlow;

use engine::ask::{Failure, Row, Select};
use engine::schema::Schema;

use super::select::{Statement, asked};
use super::session::SqliteSession;
use crate::connector::EachOf;
use crate::sql::{question, table, tables, together};

/// The rows of each question, with its place.
pub(super) async fn stream(
    session: &mut SqliteSession,
    selects: &[&Select],
    each: &mut EachOf<'_>,
) -> Result<(), Failure> {
    let schema = session.schema.clone();
    let mut flow = ControlFlow::Continue(());
    for group in together(&schema, selects) {
        match group[..] {
            _ if flow.is_break() => break,
            [at] => {
                let mut of = |row| {
                    flow = each(at, row);
                    flow
                };
                session.ask(selects[at], &mut of).await?;
            }
            _ => {
                let united: Vec<&Select> = group.iter().map(|at| selects[*at]).collect();
                let mut of = |row: Row| {
                    if let Some(of) = question(&row, united.len()) {
                        flow = each(group[of], row.into_iter().skip(1).take(united[of].columns.len()).collect());
                    }
                    flow
                };
                session.run(union(&schema, &united)?, &tables(&united), &mut of).await?;
            }
        }
    }
    Ok(())
}

fn union(schema: &Schema, selects: &[&Select]) -> Result<Statement, Failure> {
    let width = selects.iter().map(|s| s.columns.len()).max().unwrap_or_default();
    let mut parts = Vec::new();
    for (at, select) in selects.iter().enumerate() {
        parts.extend(asked(table(schema, &select.table)?, select, Some((at, width)))?);
    }
    let sql: Vec<String> = parts.iter().map(|part| part.sql.clone()).collect();
    Ok(Statement { sql: sql.join(" UNION ALL "), values: parts.into_iter().flat_map(|part| part.values).collect() })
}
