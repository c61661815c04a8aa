//! From a step and the rows it locked to the statements of a connector.

use std::collections::HashMap;

use crate::ask::{Change, Row};
use crate::plan::{Action, How, Key, Plan, Step, token};
use crate::text::Finder;
use crate::value::Value;

/// Stand-in records made so far: system and table to the returned key columns.
pub type Placeholders = HashMap<(String, String), Vec<(String, Value)>>;

/// The change that carries out a step; `None` for steps that change nothing. `rows` are the locked rows with the step's
/// deciding columns.
pub fn change(
    plan: &Plan,
    system: &str,
    step: &Step,
    rows: &[Row],
    placeholders: &Placeholders,
    finder: &Finder,
) -> Option<Change> {
    let (table, key) = (step.table.clone(), step.key.clone());
    match &step.action {
        Action::Insert { values } => {
            let returning = returned(plan, system, step);
            Some(Change::Insert { table, values: values.clone(), returning })
        }
        Action::Delete => Some(Change::Delete { table, key, keys: step.keys.clone() }),
        Action::Change { columns, .. } => {
            let constant: Option<Vec<(String, Value)>> =
                columns.iter().map(|(c, how)| Some((c.clone(), fixed(how, placeholders)?))).collect();
            Some(match constant {
                Some(set) => Change::Update { table, key, keys: step.keys.clone(), set },
                None => Change::UpdateEach {
                    table,
                    key,
                    columns: columns.iter().map(|(c, _)| c.clone()).collect(),
                    rows: rows.iter().map(|row| each(plan, step, columns, row, placeholders, finder)).collect(),
                },
            })
        }
        Action::Export { .. } | Action::Confirm { .. } => None,
    }
}

/// The deletion of the rows of a step that are still there; `None` where none is.
pub fn remaining(step: &Step, rows: &[Row]) -> Option<Change> {
    let at = |key: &String| step.decided_by.iter().position(|c| c == key);
    let positions: Vec<usize> = step.key.iter().map(at).collect::<Option<_>>()?;
    let keys: Vec<Key> = rows.iter().map(|row| positions.iter().map(|at| row[*at].clone()).collect()).collect();
    let delete = Change::Delete { table: step.table.clone(), key: step.key.clone(), keys };
    (!rows.is_empty()).then_some(delete)
}

/// The columns of a stand-in record that other steps write, and its key.
pub fn returned(plan: &Plan, system: &str, step: &Step) -> Vec<String> {
    let mut columns = step.key.clone();
    for step_of_any in plan.systems.iter().flat_map(|s| &s.steps) {
        let Action::Change { columns: changed, .. } = &step_of_any.action else { continue };
        for (_, how) in changed {
            if let How::Placeholder { system: s, table, column } = how
                && (s.as_str(), table) == (system, &step.table)
                && !columns.contains(column)
            {
                columns.push(column.clone());
            }
        }
    }
    columns
}

fn fixed(how: &How, placeholders: &Placeholders) -> Option<Value> {
    match how {
        How::Set(v) => Some(v.clone()),
        How::Placeholder { system, table, column } => {
            let made = placeholders.get(&(system.clone(), table.clone()))?;
            made.iter().find(|(c, _)| c == column).map(|(_, v)| v.clone())
        }
        How::Hash
        | How::Pseudonym(_)
        | How::TruncateIp { .. }
        | How::Generalise { .. }
        | How::Redact
        | How::RedactWithin(_) => None,
    }
}

fn each(
    plan: &Plan,
    step: &Step,
    columns: &[(String, How)],
    row: &Row,
    placeholders: &Placeholders,
    finder: &Finder,
) -> (Key, Vec<Value>) {
    let old = |column: &String| step.decided_by.iter().position(|c| c == column).map_or(&Value::Null, |at| &row[at]);
    let values = columns.iter().map(|(column, how)| {
        let old = old(column);
        match how {
            How::Hash => tokened(plan, step, column, old),
            of_the_old => match of_the_old.made(&plan.token_key, finder, old) {
                Some(made) => made,
                None => fixed(of_the_old, placeholders).unwrap_or(Value::Null),
            },
        }
    });
    let key = step.key.iter().map(|k| old(k).clone()).collect();
    (key, values.collect())
}

/// The same value of the same column becomes the same token throughout the request; NULL stays NULL.
fn tokened(plan: &Plan, step: &Step, column: &str, old: &Value) -> Value {
    if old.is_null() {
        return Value::Null;
    }
    let mut bytes = Vec::new();
    old.encode(&mut bytes);
    Value::Text(token(&plan.token_key, &[b"column", step.table.as_bytes(), column.as_bytes(), &bytes]))
}
