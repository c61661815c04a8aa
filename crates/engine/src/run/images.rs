//! Before-images: what a deactivation seals before it commits, and what a reactivation writes back from the seal.

use std::collections::{BTreeMap, BTreeSet};

use super::apply::Run;
use super::work::Work;
use super::{Difference, Do, Halt};
use crate::ask::{By, Change, Row, Select};
use crate::plan::{Action, How, Key, Step, SystemPlan};
use crate::policy::model::Right;
use crate::seal::{Image, Sealed, SealedTable, columns, inexact};
use crate::value::Value;

/// Rows of the tables of one system that a run changes, while it changes them.
#[derive(Debug, Default)]
pub(super) struct Images {
    tables: BTreeMap<String, Changing>,
}

#[derive(Debug, Default)]
struct Changing {
    key: Vec<String>,
    columns: Vec<String>,
    /// By the key before.
    rows: BTreeMap<Key, Image>,
    /// From the key after to the key before.
    moved: BTreeMap<Key, Key>,
    made: Vec<Row>,
}

impl Run<'_> {
    /// Does this run seal what it changes?
    pub(super) fn seals(&self) -> bool {
        self.plan.right == Right::Deactivation
    }

    /// Whole rows of a step, by these keys.
    pub(super) fn whole(&self, system: usize, step: usize, keys: Vec<Key>) -> Select {
        let s = &self.plan.systems[system].steps[step];
        let schema = self.schemas.get(&self.plan.systems[system].system);
        let columns = schema.map(|schema| columns(schema, &s.table)).unwrap_or_default();
        let by = By::Values { columns: s.key.clone(), values: keys };
        Select { table: s.table.clone(), columns, by, filter: Vec::new(), lock: false }
    }

    /// Takes the rows of a step as they were.
    pub(super) fn take_before(&mut self, system: usize, step: usize, rows: Vec<Row>) {
        let s = &self.plan.systems[system].steps[step];
        let name = self.name(system);
        let Some(table) = self.schemas.get(&name).and_then(|schema| schema.table(&s.table)) else { return };
        let columns: Vec<String> = table.columns.iter().map(|c| c.name.clone()).collect();
        for column in inexact(table, &columns, &rows) {
            let difference = Difference::Inexact { system: name.clone(), table: s.table.clone(), column };
            self.differences.push(difference);
        }
        let since = Some(self.plan.made_at);
        let changing = self.images.entry(system).or_default().tables.entry(s.table.clone()).or_default();
        (changing.key, changing.columns) = (s.key.clone(), columns);
        for row in rows {
            let key = key_of(&changing.key, &changing.columns, &row);
            changing.rows.entry(key).or_insert(Image { before: Some(row), after: None, since });
        }
    }

    /// Where the rows of a change stand afterwards, and what is asked to see them.
    pub(super) fn after(&mut self, system: usize, step: usize) -> Option<Do> {
        let s = &self.plan.systems[system].steps[step];
        let gone = gone(&self.plan.systems[system], &s.table);
        let keys: Vec<Key> = match &s.action {
            Action::Insert { which, .. } => {
                let made = self.placeholders.get(&(self.name(system), s.table.clone(), which.clone()))?;
                vec![s.key.iter().filter_map(|k| Some(made.iter().find(|(c, _)| c == k)?.1.clone())).collect()]
            }
            _ => {
                let moved = &self.images.get(&system)?.tables.get(&s.table)?.moved;
                let after: BTreeMap<&Key, &Key> = moved.iter().map(|(after, before)| (before, after)).collect();
                let staying = s.keys.iter().filter(|key| !gone.contains(key));
                staying.map(|key| after.get(key).map_or_else(|| key.clone(), |k| (*k).clone())).collect()
            }
        };
        let select = self.whole(system, step, keys);
        Some(Do::Read { system: self.name(system), select })
    }

    /// Notes which rows get another key by a change.
    pub(super) fn note_keys(&mut self, system: usize, step: &Step, change: &Change) {
        let moved = |old: &Key, columns: &[String], values: &[Value]| -> Key {
            let new = |(k, v): (&String, &Value)| {
                columns.iter().position(|c| c == k).map_or(v.clone(), |at| values[at].clone())
            };
            step.key.iter().zip(old).map(new).collect()
        };
        let pairs: Vec<(Key, Key)> = match change {
            Change::Update { set, keys, .. } => {
                let (columns, values): (Vec<String>, Vec<Value>) = set.iter().cloned().unzip();
                keys.iter().map(|old| (moved(old, &columns, &values), old.clone())).collect()
            }
            Change::UpdateEach { columns, rows, .. } => {
                rows.iter().map(|(old, values)| (moved(old, columns, values), old.clone())).collect()
            }
            Change::Insert { .. } | Change::Delete { .. } => return,
        };
        let changing = self.images.entry(system).or_default().tables.entry(step.table.clone()).or_default();
        changing.moved.extend(pairs.into_iter().filter(|(new, old)| new != old));
    }

    /// Takes the rows of a step as they are left.
    pub(super) fn take_after(&mut self, system: usize, step: usize, rows: Vec<Row>) {
        let s = &self.plan.systems[system].steps[step];
        let name = self.name(system);
        let columns = self.schemas.get(&name).map(|schema| columns(schema, &s.table)).unwrap_or_default();
        let changing = self.images.entry(system).or_default().tables.entry(s.table.clone()).or_default();
        (changing.key, changing.columns) = (s.key.clone(), columns);
        if matches!(s.action, Action::Insert { .. }) {
            changing.made.extend(rows);
            return;
        }
        let gone = gone(&self.plan.systems[system], &s.table);
        let planned = s.keys.iter().filter(|key| !gone.contains(key)).count();
        let mut found = 0u64;
        for row in rows {
            let key = key_of(&changing.key, &changing.columns, &row);
            let before = changing.moved.get(&key).cloned().unwrap_or(key);
            if let Some(image) = changing.rows.get_mut(&before) {
                image.after = Some(row);
                found += 1;
            }
        }
        let planned = planned as u64;
        if found != planned {
            let difference = Difference::Count { system: name, table: s.table.clone(), planned, changed: found };
            self.stop(Halt::Refused(vec![difference]));
        }
    }

    /// The images of a system, to be sealed.
    pub(super) fn sealed(&mut self, system: usize) -> Sealed {
        let images = self.images.remove(&system).unwrap_or_default();
        let since = Some(self.plan.made_at);
        let tables = images.tables.into_iter().map(|(table, changing)| {
            let made = changing.made.into_iter().map(|row| Image { before: None, after: Some(row), since });
            let rows = changing.rows.into_values().chain(made).collect();
            SealedTable { table, key: changing.key, columns: changing.columns, rows }
        });
        Sealed { system: self.name(system), tables: tables.collect() }
    }

    /// The insert of one row as the seal has it.
    pub(super) fn reinsert(&self, system: usize, step: usize, row: usize) -> Option<Change> {
        let s = &self.plan.systems[system].steps[step];
        let Action::Reinsert { columns, instead } = &s.action else { return None };
        let name = &self.plan.systems[system].system;
        let key = s.keys.get(row)?;
        let value = |column: &String| -> Option<(String, Value)> {
            let other = instead.iter().find(|(c, _)| c == column).map(|(_, v)| v);
            Some((column.clone(), other.or(self.index.before(name, &s.table, key, column))?.clone()))
        };
        let values = columns.iter().map(value).collect::<Option<Vec<_>>>()?;
        Some(Change::Insert { table: s.table.clone(), values, returning: s.key.clone() })
    }

    /// Compares what a step restored with the seal, before anything of it lasts.
    pub(super) fn take_restored(&mut self, system: usize, step: usize, rows: Vec<Row>) {
        let s = &self.plan.systems[system].steps[step];
        let name = self.name(system);
        let schema = self.schemas.get(&name);
        let all = schema.map(|schema| columns(schema, &s.table)).unwrap_or_default();
        // A later step of the plan takes names of others out.
        let remade = |key: &Key, column: &String| {
            let steps = self.plan.systems[system].steps.iter().filter(|o| o.table == s.table && o.keys.contains(key));
            steps.into_iter().any(|o| match &o.action {
                Action::Change { columns, .. } => columns.iter().any(|(c, how)| c == column && *how != How::Sealed),
                _ => false,
            })
        };
        let same = |row: &Row| {
            let key = key_of(&s.key, &all, row);
            let is = |column: &String, wanted: Option<&Value>| {
                let at = all.iter().position(|c| c == column);
                wanted.is_some() && at.map(|at| &row[at]) == wanted
            };
            match &s.action {
                Action::Reinsert { columns, instead } => columns.iter().filter(|c| !remade(&key, c)).all(|column| {
                    let other = instead.iter().find(|(c, _)| c == column).map(|(_, v)| v);
                    let sealed = self.index.before(&name, &s.table, &key, column);
                    // What closes a circle is left open at first, and filled in by a later step.
                    is(column, sealed) || is(column, other)
                }),
                Action::Change { columns, .. } => {
                    let moved = self.images.get(&system).and_then(|i| i.tables.get(&s.table));
                    let before = moved.and_then(|t| t.moved.get(&key)).unwrap_or(&key);
                    columns.iter().filter(|(_, how)| how.restores()).all(|(c, how)| {
                        let sealed = self.index.before(&name, &s.table, before, c);
                        let back = sealed.and_then(|v| how.back(&self.plan.token_key, &self.finder, v));
                        is(c, back.as_ref())
                    })
                }
                _ => true,
            }
        };
        let exact = rows.iter().filter(|row| same(row)).count();
        if exact != s.keys.len() {
            let (planned, found) = (s.keys.len() as u64, exact as u64);
            let difference = Difference::Restored { system: name, table: s.table.clone(), planned, found };
            self.stop(Halt::Refused(vec![difference]));
        }
    }

    /// What follows the changes of a system: its rows are sealed, or compared with the seal.
    pub(super) fn image_work(&self, system: usize) -> Vec<Work> {
        let steps = self.plan.systems[system].steps.iter().enumerate();
        if !self.seals() {
            let restored = steps.filter(|(_, s)| restores(s));
            return restored.map(|(step, _)| Work::Restored { system, step }).collect();
        }
        let imaged = steps.filter(|(_, s)| matches!(s.action, Action::Insert { .. } | Action::Change { .. }));
        let mut work: Vec<Work> = imaged.map(|(step, _)| Work::After { system, step }).collect();
        work.push(Work::Seal { system });
        work
    }
}

fn restores(step: &Step) -> bool {
    match &step.action {
        Action::Reinsert { .. } => true,
        Action::Change { columns, .. } => columns.iter().any(|(_, how)| how.restores()),
        _ => false,
    }
}

/// Keys of the rows of a table that the plan deletes.
fn gone<'p>(plan: &'p SystemPlan, table: &str) -> BTreeSet<&'p Key> {
    let deletes = plan.steps.iter().filter(|s| s.table == table && s.action == Action::Delete);
    deletes.flat_map(|s| &s.keys).collect()
}

fn key_of(key: &[String], columns: &[String], row: &Row) -> Key {
    key.iter().filter_map(|k| columns.iter().position(|c| c == k)).map(|at| row[at].clone()).collect()
}
