//! The run itself.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;

use super::images::Images;
use super::journal::{StandIns, stand_ins};
use super::resume::Looked;
use super::taken::Taken;
use super::work::Work;
use super::{Difference, Do, Done, Event, Halt};
use crate::ask::{Failure, Row};
use crate::plan::{Action, Plan, Step, SystemPlan};
use crate::schema::Schema;
use crate::seal::{Index, Sealed};
use crate::text::Finder;

/// A run of one plan.
pub struct Run<'p> {
    pub(super) plan: &'p Plan,
    pub(super) finder: Finder,
    pub(super) queue: VecDeque<Work>,
    pub(super) current: Option<Work>,
    pub(super) schemas: BTreeMap<String, Schema>,
    pub(super) locked: BTreeMap<(usize, usize), Vec<Row>>,
    pub(super) looked: BTreeMap<usize, Vec<Looked>>,
    pub(super) placeholders: StandIns,
    /// Keys of stand-ins that were made before.
    pub(super) known: StandIns,
    pub(super) taken: Taken,
    pub(super) transactions: BTreeMap<usize, Option<String>>,
    /// Rows changed so far, by system and table.
    pub(super) changed: BTreeMap<(usize, String), u64>,
    pub(super) begun: Vec<usize>,
    pub(super) committed: Vec<usize>,
    /// Systems of files whose deletion was interrupted half way: what is left is deleted.
    pub(super) finishing: Vec<usize>,
    pub(super) images: BTreeMap<usize, Images>,
    /// What a reactivation takes back.
    pub(super) index: Index<'p>,
    pub(super) differences: Vec<Difference>,
    /// Web services that were put off, and why.
    pub(super) open: Vec<(String, Failure)>,
    pub(super) halt: Option<Halt>,
    /// Another run of the same request came before and may have made stand-in records.
    pub(super) again: bool,
}

impl<'p> Run<'p> {
    /// A run of `plan` under the policy of hash `policy`, at the time `now`. `approved` lists the bounds that an approval
    /// names; `journal` holds the events of an earlier, interrupted run of the same plan.
    pub fn new(plan: &'p Plan, policy: &str, now: Timestamp, approved: &[String], journal: &[Event]) -> Self {
        let mut run = Run {
            plan,
            finder: Finder::new(&plan.identifiers),
            queue: VecDeque::new(),
            current: None,
            schemas: BTreeMap::new(),
            locked: BTreeMap::new(),
            looked: BTreeMap::new(),
            placeholders: StandIns::new(),
            known: stand_ins(journal),
            taken: Taken::default(),
            transactions: BTreeMap::new(),
            changed: BTreeMap::new(),
            begun: Vec::new(),
            committed: Vec::new(),
            finishing: Vec::new(),
            images: BTreeMap::new(),
            index: Index::default(),
            differences: Vec::new(),
            open: Vec::new(),
            halt: None,
            again: false,
        };
        run.admit(policy, now, approved, journal.is_empty());
        if run.halt.is_none() {
            run.schedule(journal);
        }
        run
    }

    /// With what a deactivation sealed, for the plan that takes it back.
    pub fn with_sealed(mut self, sealed: &'p [Sealed]) -> Self {
        self.index = Index::new(sealed);
        self
    }

    /// A run of a plan for rows that were written while another one of the request ran: stand-in records that it made serve
    /// again, and no others.
    pub fn again(mut self, made: StandIns) -> Self {
        (self.again, self.known) = (true, made);
        for system in 0..self.plan.systems.len() {
            self.look_for_stand_ins(system);
        }
        self
    }

    /// Takes what came of the last thing to do (nothing at first) and returns the next, or how it ended.
    pub fn step(&mut self, done: Option<Done>) -> Result<Option<Do>, Halt> {
        if let (Some(work), Some(done)) = (self.current.take(), done) {
            self.take(work, done);
        }
        loop {
            let Some(work) = self.queue.pop_front() else {
                return self.end().map(|()| None);
            };
            if let Some(todo) = self.todo(&work) {
                self.current = Some(work);
                return Ok(Some(todo));
            }
        }
    }

    /// Names of the systems whose changes are committed.
    pub fn committed(&self) -> Vec<String> {
        self.committed.iter().map(|s| self.name(*s)).collect()
    }

    pub(super) fn name(&self, system: usize) -> String {
        self.plan.systems[system].system.clone()
    }

    pub(super) fn step_of(&self, system: usize, step: usize) -> &'p Step {
        &self.plan.systems[system].steps[step]
    }

    /// Rolls back what was begun and ends.
    pub(super) fn stop(&mut self, halt: Halt) {
        self.queue.clear();
        for system in std::mem::take(&mut self.begun) {
            self.queue.push_back(Work::Rollback { system });
        }
        self.halt.get_or_insert(halt);
    }
}

pub(super) fn has_rows(action: &Action) -> bool {
    matches!(action, Action::Change { .. } | Action::Delete | Action::Reinsert { .. })
}

pub(super) fn changes_anything(system: &SystemPlan) -> bool {
    system.steps.iter().any(|s| has_rows(&s.action) || matches!(s.action, Action::Insert { .. }))
}
