//! Records that an earlier erasure left, as the register tells.
//!
//! That erasure took in all that was the person's: each record of theirs is gone or was left. What a record that was left leads
//! to beside these was refused then, or came since, and nothing new speaks for it: the record that stood against the step
//! is merely gone.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Resolver, Seeking, Step, Wanted};
use crate::plan::register::{Entry, Register};
use crate::plan::rows::{RowIx, Rows};
use crate::plan::{Ask, What};
use crate::policy::model::{Policy, TableId};

/// Records that were left, of those looked up.
#[derive(Debug, Default)]
pub(super) struct Left {
    register: Option<Register>,
    looked: HashSet<RowIx>,
    found: HashSet<RowIx>,
}

impl Left {
    /// As this register tells.
    pub(super) fn of(register: Register) -> Self {
        Left { register: Some(register), ..Left::default() }
    }

    /// Was the record left?
    pub(super) fn has(&self, row: RowIx) -> bool {
        self.found.contains(&row)
    }

    /// Takes what the register has of rows.
    pub(super) fn take(&mut self, digests: &HashMap<String, RowIx>, entries: &[Entry]) {
        let own = entries.iter().filter(|entry| entry.own);
        self.found.extend(own.filter_map(|entry| digests.get(&entry.row)));
    }
}

impl Resolver {
    /// Asks which candidates were left.
    pub(super) fn ask_left(&mut self, policy: &Policy, rows: &Rows) -> Vec<Ask> {
        let Some(register) = &self.left.register else { return Vec::new() };
        let mut wanted: BTreeMap<TableId, HashMap<String, RowIx>> = BTreeMap::new();
        for ix in self.candidates.iter().map(|c| c.row).filter(|ix| self.left.looked.insert(*ix)) {
            let row = rows.row(ix);
            let t = policy.table(row.table);
            let system = &policy.system(t.system).name;
            if register.knows(system, &t.name) {
                wanted.entry(row.table).or_default().insert(register.row(system, &t.name, &row.key), ix);
            }
        }
        let mut asks = Vec::new();
        for (table, digests) in wanted {
            let what = What::Kept(digests.keys().cloned().collect());
            asks.push(Ask { system: policy.table(table).system, table, what });
            self.asked.push(Wanted { kind: self.kind, population: 0, what: Seeking::Left(digests), step: Step::Key });
        }
        asks
    }
}
