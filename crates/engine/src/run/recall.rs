//! Stand-in records of a run: those it makes, and those that it made before it was interrupted.

use super::Halt;
use super::apply::Run;
use super::changes::returned;
use super::journal::Made;
use super::work::Work;
use crate::ask::Row;
use crate::plan::{Action, How, Step, SystemPlan};
use crate::value::Value;

impl Run<'_> {
    /// Remembers a stand-in, for the rows that will refer to it.
    pub(super) fn stands_in(&mut self, system: usize, step: &Step, values: Row) {
        let Action::Insert { which, .. } = &step.action else { return };
        let columns = returned(self.plan, &self.name(system), step);
        let key = (self.name(system), step.table.clone(), which.clone());
        self.placeholders.insert(key, columns.into_iter().zip(values).collect());
    }

    /// The stand-ins of a system that an earlier run has committed are looked up where rows of another system are to refer
    /// to them, before anything is compared, so that none is made twice.
    pub(super) fn recall(&mut self, system: usize) {
        let name = self.name(system);
        if !self.plan.systems.iter().any(|s| s.system != name && refers(s, &name)) {
            return;
        }
        self.look_for_stand_ins(system);
    }

    pub(super) fn look_for_stand_ins(&mut self, system: usize) {
        for (step, s) in self.plan.systems[system].steps.iter().enumerate() {
            // Without its key a row is taken for a stand-in of ours only where one was committed under its values.
            let ours = !self.again || !self.known(system, s).is_empty();
            if ours && matches!(s.action, Action::Insert { .. }) {
                self.queue.push_front(Work::Recall { system, step });
            }
        }
    }

    /// The key of a stand-in that was made before; empty where it is not known.
    pub(super) fn known(&self, system: usize, step: &Step) -> &[(String, Value)] {
        let Action::Insert { which, .. } = &step.action else { return &[] };
        self.known.get(&(self.name(system), step.table.clone(), which.clone())).map_or(&[], Vec::as_slice)
    }

    /// The stand-ins of a system, for its journal.
    pub(super) fn made(&self, system: usize) -> Vec<Made> {
        let made = self.plan.systems[system].steps.iter().filter_map(|step| {
            let Action::Insert { which, .. } = &step.action else { return None };
            let place = (self.name(system), step.table.clone(), which.clone());
            let key = self.placeholders.get(&place)?.iter().take(step.key.len()).cloned().collect();
            Some(Made { table: step.table.clone(), which: which.clone(), key })
        });
        made.collect()
    }

    /// Is it the making of a stand-in that nobody has made yet?
    pub(super) fn is_to_make(&self, system: usize, step: &Step) -> bool {
        let Action::Insert { which, .. } = &step.action else { return false };
        !self.placeholders.contains_key(&(self.name(system), step.table.clone(), which.clone()))
    }

    pub(super) fn recalled(&mut self, system: usize, step: usize, mut rows: Vec<Row>) {
        match (rows.pop(), rows.is_empty()) {
            (None, true) if self.again => {}
            (Some(row), true) => self.stands_in(system, &self.plan.systems[system].steps[step], row),
            _ => self.stop(Halt::Unclear { system: self.name(system) }),
        }
    }
}

/// Do rows of a system come to refer to stand-ins of another?
fn refers(from: &SystemPlan, to: &str) -> bool {
    let leads = |how: &How| matches!(how, How::Placeholder { system, .. } if system == to);
    from.steps.iter().any(|s| match &s.action {
        Action::Change { columns, .. } => columns.iter().flat_map(|(_, how)| how.parts()).any(leads),
        _ => false,
    })
}
