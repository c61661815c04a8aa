//! What a run has to do, in its order: settle what a crash left open, compare, export; then change and commit.

use jiff::Timestamp;

use super::apply::{Run, changes_anything, has_rows};
use super::calls::Stand;
use super::work::Work;
use super::{Difference, Event, Halt};
use crate::plan::{Action, Consulted};
use crate::policy::model::Right;

/// Most rows that are asked for in one round when they are returned.
const ROUND: usize = 1_000;

impl Run<'_> {
    /// May this plan run at all? An interrupted run may be finished after its plan expired.
    pub(super) fn admit(&mut self, policy: &str, now: Timestamp, approved: &[String], first: bool) {
        let mut differences = Vec::new();
        if first && now > self.plan.expires_at {
            differences.push(Difference::Expired { at: self.plan.expires_at.to_string() });
        }
        if self.plan.policy != policy {
            differences.push(Difference::Policy);
        }
        let unapproved = self.plan.breaches.iter().filter(|b| !approved.contains(&b.bound));
        differences.extend(unapproved.cloned().map(Difference::Bound));
        if !differences.is_empty() {
            self.halt = Some(Halt::Refused(differences));
        }
    }

    pub(super) fn schedule(&mut self, journal: &[Event]) {
        let mut fresh = Vec::new();
        for (ix, system) in self.plan.systems.iter().enumerate().filter(|(_, s)| changes_anything(s)) {
            let mut own = journal.iter().rev().filter(|e| !e.is_after());
            let last = own.find(|e| e.system() == system.system);
            match last {
                Some(Event::Intent { transaction: Some(stand), .. }) if system.calls.is_some() => {
                    match Stand::read(stand) {
                        Some(stand) => self.take_up(ix, stand),
                        None => self.stop(Halt::Unclear { system: system.system.clone() }),
                    }
                }
                Some(Event::Committed { .. }) => {
                    self.committed.push(ix);
                    self.recall(ix);
                }
                Some(Event::Intent { transaction: Some(id), .. }) => {
                    self.queue.push_back(Work::Resolve { system: ix, transaction: id.clone() });
                }
                Some(Event::Intent { transaction: None, .. }) => self.look(ix),
                _ => fresh.push(ix),
            }
        }
        // Systems left open by a crash are settled before the others are compared.
        self.compare(&fresh);
        let exports = self.exports();
        for (system, _) in &exports {
            if !self.queue.iter().any(|w| matches!(w, Work::Describe { system: s } if s == system)) {
                self.queue.push_back(Work::Describe { system: *system });
            }
        }
        let again = exports.iter().map(|(system, steps)| Work::Recheck { system: *system, steps: steps.clone() });
        self.queue.extend(again);
        // What an interrupted run has changed itself is no reason to stop.
        let untouched = |c: &Consulted| journal.iter().all(|event| event.system() != c.system);
        let consulted = self.plan.consulted.iter().enumerate().filter(|(_, c)| untouched(c));
        self.queue.extend(consulted.map(|(consulted, _)| Work::Consult { consulted }));
        let free_still = self.free_still();
        self.queue.extend(free_still);
        self.queue.push_back(Work::Compared);
        self.queue.extend(exports.into_iter().map(|(system, steps)| Work::Export { system, steps }));
    }

    /// Steps that return rows, by system; few rows are asked for together.
    fn exports(&self) -> Vec<(usize, Vec<usize>)> {
        let mut groups: Vec<(usize, Vec<usize>)> = Vec::new();
        for (system, of) in self.plan.systems.iter().enumerate() {
            let mut room = 0_usize;
            for (step, s) in of.steps.iter().enumerate() {
                let Action::Export { content, .. } = &s.action else { continue };
                // Files come one by one, each followed by its bytes.
                let rows = if content.is_empty() { s.keys.len().max(1) } else { ROUND };
                match groups.last_mut() {
                    Some((last, steps)) if *last == system && rows <= room => steps.push(step),
                    _ => {
                        groups.push((system, vec![step]));
                        room = ROUND;
                    }
                }
                room = room.saturating_sub(rows);
            }
        }
        groups
    }

    pub(super) fn compare(&mut self, systems: &[usize]) {
        for &system in systems {
            self.queue.push_back(Work::Describe { system });
        }
        for &system in systems {
            self.queue.push_back(Work::Begin { system });
            for (step, _) in self.plan.systems[system].steps.iter().enumerate().filter(|(_, s)| has_rows(&s.action)) {
                self.queue.push_back(Work::Lock { system, step });
            }
            if self.seals() {
                let steps = self.plan.systems[system].steps.iter().enumerate().filter(|(_, s)| has_rows(&s.action));
                self.queue.extend(steps.map(|(step, _)| Work::Before { system, step }));
            }
        }
        self.who_shares(systems);
    }

    /// Does anybody else name a file that is to go?
    fn who_shares(&mut self, systems: &[usize]) {
        for &system in systems {
            let sharers = self.plan.systems[system].files.iter().flat_map(|f| &f.sharers).enumerate();
            self.queue.extend(sharers.map(|(sharers, _)| Work::Share { system, sharers }));
        }
    }

    /// Every row is locked and compared: change everything, then commit system by system.
    pub(super) fn compared(&mut self) {
        if !self.differences.is_empty() {
            let mut differences = std::mem::take(&mut self.differences);
            differences.sort();
            differences.dedup();
            self.stop(Halt::Refused(differences));
            return;
        }
        let rest = std::mem::take(&mut self.queue);
        // Calls wait until everything that can be rolled back is committed.
        let (services, mut begun): (Vec<usize>, Vec<usize>) = self.begun.iter().partition(|s| self.is_service(**s));
        begun.sort_by_key(|s| self.plan.systems[*s].files.is_some());
        // Rows of any system may come to point at a stand-in record, so these are made first.
        for inserts in [true, false] {
            for &system in &begun {
                for (step, s) in self.plan.systems[system].steps.iter().enumerate() {
                    if !inserts && matches!(s.action, Action::Reinsert { .. }) {
                        let rows = (0..s.keys.len()).map(|row| Work::Reinsert { system, step, row });
                        self.queue.extend(rows);
                    } else if if inserts { self.is_to_make(system, s) } else { has_rows(&s.action) } {
                        self.queue.push_back(Work::Change { system, step });
                    }
                }
            }
        }
        if matches!(self.plan.right, Right::Deactivation | Right::Reactivation) {
            let work: Vec<Work> = begun.iter().flat_map(|&system| self.image_work(system)).collect();
            self.queue.extend(work);
        }
        self.queue.extend(begun.iter().map(|&system| Work::Tally { system }));
        for &system in &begun {
            let views = 0..self.plan.systems[system].rebuild.len();
            self.queue.extend(views.map(|view| Work::Rebuild { system, view }));
        }
        // The changes may have taken long, and what a file system deletes nobody can put back.
        self.who_shares(&begun);
        for &system in &begun {
            self.queue.push_back(Work::Intent { system });
            self.queue.push_back(Work::Commit { system });
        }
        services.into_iter().for_each(|system| self.call_from(system, (0, 0)));
        self.queue.extend(rest);
    }
}
