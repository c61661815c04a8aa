//! Is everything as it was when the plan was made, and has the database changed no more than was asked?

use std::collections::BTreeMap;

use super::apply::Run;
use super::guard::guards;
use super::work::Work;
use super::{Difference, Do, Halt, Tally, sharing};
use crate::ask::{Row, Select};
use crate::plan::{Action, Sharers, digest, fingerprint};
use crate::schema::Schema;

impl<'p> Run<'p> {
    pub(super) fn compare_structure(&mut self, system: usize, schema: Schema) {
        let name = self.name(system);
        for (table, planned) in &self.plan.systems[system].fingerprint {
            if schema.table(table).map(fingerprint).as_ref() != Some(planned) {
                self.differences.push(Difference::Structure { system: name.clone(), table: table.clone() });
            }
        }
        self.schemas.insert(name, schema);
        if !self.differences.is_empty() {
            // Reading changed tables would only fail in other words.
            let differences = std::mem::take(&mut self.differences);
            self.stop(Halt::Refused(differences));
        }
    }

    pub(super) fn compare_rows(&mut self, system: usize, step: usize, rows: Vec<Row>) {
        let s = &self.plan.systems[system].steps[step];
        if s.action == Action::Delete
            && let Some(schema) = self.schemas.get(&self.plan.systems[system].system)
        {
            for guard in guards(schema, &self.plan.systems[system], s, &rows) {
                self.queue.push_front(Work::Guard { system, guard: Box::new(guard) });
            }
        }
        if self.finishing.contains(&system) {
            self.same_files(system, step, &rows);
        } else {
            self.same_rows(system, step, &rows);
        }
        self.locked.insert((system, step), rows);
    }

    /// Are these the rows of the plan, with the deciding columns as they were?
    pub(super) fn same_rows(&mut self, system: usize, step: usize, rows: &[Row]) {
        let s = &self.plan.systems[system].steps[step];
        if digest(&self.plan.nonce, &s.table, &s.decided_by, rows) != s.digest {
            let (planned, found) = (s.rows(), rows.len() as u64);
            self.differences.push(Difference::Rows {
                system: self.name(system),
                table: s.table.clone(),
                planned,
                found,
            });
        }
    }

    pub(super) fn sharers(&self, system: usize, nth: usize) -> Option<&'p Sharers> {
        self.plan.systems[system].files.as_ref()?.sharers.get(nth)
    }

    /// Within the transaction of its system, where there is one, for what that changes counts too.
    pub(super) fn share(&self, sharers: &Sharers) -> Do {
        self.read(&sharers.system, sharing::select(sharers))
    }

    pub(super) fn read(&self, system: &str, select: Select) -> Do {
        let begun = self.begun.iter().any(|s| self.plan.systems[*s].system == system);
        let system = system.to_owned();
        if begun { Do::Read { system, select } } else { Do::Look { system, select } }
    }

    pub(super) fn consulted(&mut self, nth: usize, rows: &[Row]) {
        let Some(consulted) = self.plan.consulted.get(nth) else { return };
        if !consulted.is_same(&self.plan.nonce, rows) {
            let (system, table) = (consulted.system.clone(), consulted.table.clone());
            let (planned, found) = (consulted.rows, consulted.meant(rows).len() as u64);
            self.differences.push(Difference::Rows { system, table, planned, found });
        }
    }

    pub(super) fn shared(&mut self, system: usize, nth: usize, rows: &[Row]) {
        let Some(sharers) = self.sharers(system, nth) else { return };
        let rows = sharing::unlisted(self.plan, sharers, rows);
        if rows > 0 {
            let (system, table) = (sharers.system.clone(), sharers.table.clone());
            self.taken_since(Difference::Shared { system, table, rows });
        }
    }

    /// Compares what the transaction has changed with what the steps changed. Where a trigger that somebody reviewed is at
    /// work, it may change more.
    pub(super) fn count(&mut self, system: usize, tally: Tally) {
        let name = self.name(system);
        let ours = self.changed.iter().filter(|((s, _), _)| *s == system).map(|((_, table), rows)| (table, *rows));
        let ours: BTreeMap<&String, u64> = ours.collect();
        let triggers = |table: &String| {
            self.schemas.get(&name).and_then(|s| s.table(table)).is_some_and(|t| !t.triggers.is_empty())
        };
        if ours.keys().any(|table| triggers(table)) {
            return;
        }
        let unlisted = |table: String, rows| Difference::Unlisted { system: name.clone(), table, rows };
        let more: Vec<Difference> = match tally {
            Tally::Unknown => Vec::new(),
            Tally::Total(rows) => {
                let rows = rows.saturating_sub(ours.values().sum());
                (rows > 0).then(|| unlisted("(some table)".into(), rows)).into_iter().collect()
            }
            Tally::Tables(tables) => {
                let more = tables.into_iter().map(|(table, rows)| {
                    let rows = rows.saturating_sub(ours.get(&table).copied().unwrap_or_default());
                    (table, rows)
                });
                more.filter(|(_, rows)| *rows > 0).map(|(table, rows)| unlisted(table, rows)).collect()
            }
        };
        if !more.is_empty() {
            self.stop(Halt::Refused(more));
        }
    }
}
