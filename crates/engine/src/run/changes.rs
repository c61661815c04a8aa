//! From a step and the rows it locked to the statements of a connector.

use std::collections::HashSet;

use super::journal::StandIns;
use crate::ask::{By, Change, Row, Select};
use crate::plan::{Action, How, Key, Plan, Step, hashed};
use crate::seal::Index;
use crate::text::Finder;
use crate::value::Value;

/// The change that carries out a step; `None` for steps that change nothing. `rows` are the locked rows with the step's
/// deciding columns.
pub fn change(
    plan: &Plan,
    system: &str,
    step: &Step,
    rows: &[Row],
    placeholders: &StandIns,
    finder: &Finder,
    sealed: &Index<'_>,
) -> Option<Change> {
    let (table, key) = (step.table.clone(), step.key.clone());
    match &step.action {
        Action::Insert { values, .. } => {
            let returning = returned(plan, system, step);
            Some(Change::Insert { table, values: values.clone(), returning })
        }
        Action::Delete => Some(Change::Delete { table, key, keys: step.keys.clone() }),
        Action::Change { columns, .. } => {
            let constant: Option<Vec<(String, Value)>> =
                columns.iter().map(|(c, how)| Some((c.clone(), fixed(how, placeholders)?))).collect();
            let sealed_only = columns.iter().all(|(_, how)| how.restores());
            Some(match constant {
                None if sealed_only => Change::UpdateEach {
                    table,
                    key,
                    columns: columns.iter().map(|(c, _)| c.clone()).collect(),
                    rows: step
                        .keys
                        .iter()
                        .map(|key| restored((plan, system, step), columns, key, (sealed, finder)))
                        .collect::<Option<_>>()?,
                },
                Some(set) => Change::Update { table, key, keys: step.keys.clone(), set },
                None => Change::UpdateEach {
                    table,
                    key,
                    columns: columns.iter().map(|(c, _)| c.clone()).collect(),
                    rows: distinct(rows).map(|row| each(plan, step, columns, row, placeholders, finder)).collect(),
                },
            })
        }
        Action::Export { .. } | Action::Confirm { .. } | Action::Reinsert { .. } => None,
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
        for how in changed.iter().flat_map(|(_, how)| how.parts()) {
            if let How::Placeholder { system: s, table, column, .. } = how
                && (s.as_str(), table) == (system, &step.table)
                && !columns.contains(column)
            {
                columns.push(column.clone());
            }
        }
    }
    columns
}

/// The question for a stand-in that an earlier run has made: by the key that it got, where that is known, and by all its
/// values.
pub fn made(plan: &Plan, system: &str, step: &Step, key: &[(String, Value)]) -> Option<Select> {
    let Action::Insert { values, .. } = &step.action else { return None };
    let told = values.iter().filter(|(name, value)| value.join_text().is_some() && !key.iter().any(|(k, _)| k == name));
    let (columns, tuple) = told.chain(key).cloned().unzip();
    let by = By::Values { columns, values: vec![tuple] };
    let columns = returned(plan, system, step);
    Some(Select { table: step.table.clone(), columns, by, filter: Vec::new(), lock: false })
}

/// Equal rows change by one key.
fn distinct(rows: &[Row]) -> impl Iterator<Item = &Row> {
    let mut seen = HashSet::new();
    rows.iter().filter(move |row| seen.insert(*row))
}

fn fixed(how: &How, placeholders: &StandIns) -> Option<Value> {
    match how {
        How::Set(v) => Some(v.clone()),
        How::Placeholder { system, table, column, which } => {
            let made = placeholders.get(&(system.clone(), table.clone(), which.clone()))?;
            made.iter().find(|(c, _)| c == column).map(|(_, v)| v.clone())
        }
        How::Hash
        | How::Pseudonym(_)
        | How::TruncateIp { .. }
        | How::Generalise { .. }
        | How::Redact
        | How::RedactWithin(_)
        | How::Sealed
        | How::Within(_)
        | How::Each(_) => None,
    }
}

fn each(
    plan: &Plan,
    step: &Step,
    columns: &[(String, How)],
    row: &Row,
    placeholders: &StandIns,
    finder: &Finder,
) -> (Key, Vec<Value>) {
    let old = |column: &String| step.decided_by.iter().position(|c| c == column).map_or(&Value::Null, |at| &row[at]);
    let made = Making { plan, step, placeholders, finder };
    let values = columns.iter().map(|(column, how)| made.of(column, how, old(column)));
    let key = step.key.iter().map(|k| old(k).clone()).collect();
    (key, values.collect())
}

/// What the seal has in these columns of a row.
fn restored(
    (plan, system, step): (&Plan, &str, &Step),
    columns: &[(String, How)],
    key: &Key,
    (sealed, finder): (&Index<'_>, &Finder),
) -> Option<(Key, Vec<Value>)> {
    let before = |(column, how): &(String, How)| {
        how.back(&plan.token_key, finder, sealed.before(system, &step.table, key, column)?)
    };
    Some((key.clone(), columns.iter().map(before).collect::<Option<_>>()?))
}

/// What new values are made of.
struct Making<'a> {
    plan: &'a Plan,
    step: &'a Step,
    placeholders: &'a StandIns,
    finder: &'a Finder,
}

impl Making<'_> {
    fn of(&self, column: &str, how: &How, old: &Value) -> Value {
        match how {
            How::Hash => hashed(&self.plan.token_key, &self.step.table, column, old),
            How::Within(within) => within.changed(old, &mut |how, value| self.of(column, how, value)),
            How::Each(list) => list.iter().fold(old.clone(), |value, how| self.of(column, how, &value)),
            how => match how.made(&self.plan.token_key, self.finder, old) {
                Some(made) => made,
                None => fixed(how, self.placeholders).unwrap_or(Value::Null),
            },
        }
    }
}
