//! Is what an earlier plan of the request freed nobody's still? Rows that were found from it are the person's only then.

use super::Difference;
use super::apply::Run;
use super::work::Work;
use crate::ask::Row;

impl Run<'_> {
    /// The looks at all keys and identities that the plan rests on.
    pub(super) fn free_still(&self) -> Vec<Work> {
        let keys = (0..self.plan.freed.len()).map(|freed| Work::Freed { freed });
        keys.chain((0..self.plan.bearers.len()).map(|bearers| Work::Bearers { bearers })).collect()
    }

    /// Rows that bear a key that was freed; a stand-in of our own may have been given one.
    pub(super) fn still_free(&mut self, nth: usize, rows: &[Row]) {
        let Some(freed) = self.plan.freed.get(nth) else { return };
        let ours = |row: &Row| {
            let here = self
                .placeholders
                .iter()
                .filter(|((system, table, _), _)| (system, table) == (&freed.system, &freed.table));
            here.into_iter().any(|(_, made)| row.iter().eq(made.iter().take(row.len()).map(|(_, value)| value)))
        };
        let found = rows.iter().filter(|row| !ours(row)).count() as u64;
        if found > 0 {
            let (system, table) = (freed.system.clone(), freed.table.clone());
            self.taken_since(Difference::Rows { system, table, planned: 0, found });
        }
    }

    pub(super) fn same_bearers(&mut self, nth: usize, rows: &[Row]) {
        let Some(bearers) = self.plan.bearers.get(nth) else { return };
        if !bearers.is_same(&self.plan.nonce, rows) {
            let (system, table) = (bearers.system.clone(), bearers.table.clone());
            self.taken_since(Difference::Rows { system, table, planned: bearers.rows, found: rows.len() as u64 });
        }
    }

    /// Before anything is changed all differences are told together; later the first is enough.
    pub(super) fn taken_since(&mut self, difference: Difference) {
        if self.changed.is_empty() { self.differences.push(difference) } else { self.refuse(difference) }
    }
}
