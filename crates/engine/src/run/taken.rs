//! A stand-in record must not stand under the key of a row that somebody will get back: some databases give the number of a
//! deleted row to the next one.

use std::collections::HashSet;

use super::Do;
use super::apply::Run;
use super::work::Work;
use crate::ask::Change;
use crate::plan::Key;
use crate::seal::Sealed;

/// Keys of sealed rows, by system and table.
#[derive(Debug, Default)]
pub(super) struct Taken {
    keys: HashSet<(String, String, Key)>,
    /// Stand-in records that were made under such a key: step and key.
    spare: Vec<(usize, usize, Key)>,
}

impl Run<'_> {
    /// With what other deactivations sealed: their rows will come back under their keys.
    pub fn with_others<'s>(mut self, sealed: impl IntoIterator<Item = &'s Sealed>) -> Self {
        for system in sealed {
            for table in &system.tables {
                let rows = table.rows.iter().filter_map(|image| image.before.as_ref());
                let place = |key| (system.system.clone(), table.table.clone(), key);
                self.taken.keys.extend(rows.map(|row| place(table.key_of(row))));
            }
        }
        self
    }

    /// Whether a stand-in record was made under the key of somebody's row. Then another is made, while this one keeps its
    /// number from being given again, and this one goes.
    pub(super) fn is_taken(&mut self, system: usize, step: usize, key: &Key) -> bool {
        let place = (self.name(system), self.plan.systems[system].steps[step].table.clone(), key.clone());
        if self.taken.keys.contains(&place) {
            self.taken.spare.push((system, step, key.clone()));
            self.queue.push_front(Work::Change { system, step });
            return true;
        }
        let spare: Vec<Work> =
            self.taken.spare.drain(..).map(|(system, step, key)| Work::Spare { system, step, key }).collect();
        spare.into_iter().for_each(|work| self.queue.push_front(work));
        false
    }

    /// The deletion of a stand-in record that is not wanted.
    pub(super) fn spare(&self, system: usize, step: usize, key: &Key) -> Do {
        let s = &self.plan.systems[system].steps[step];
        let change = Change::Delete { table: s.table.clone(), key: s.key.clone(), keys: vec![key.clone()] };
        self.make(system, change)
    }
}
