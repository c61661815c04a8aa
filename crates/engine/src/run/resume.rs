//! After a crash: what became of an open intent, and what is done about it.

use super::apply::{Run, has_rows};
use super::work::Work;
use super::{Event, Halt};
use crate::ask::Row;
use crate::plan::digest;

/// What a look at a step's rows showed after an interruption.
#[derive(Debug)]
pub(super) struct Looked {
    /// The rows are as the plan knew them.
    pub(super) as_before: bool,
    /// For deletions: the rows are gone.
    pub(super) gone: Option<bool>,
}

impl Run<'_> {
    pub(super) fn look(&mut self, system: usize) {
        for (step, _) in self.plan.systems[system].steps.iter().enumerate().filter(|(_, s)| has_rows(&s.action)) {
            self.queue.push_back(Work::Look { system, step });
        }
        self.queue.push_back(Work::Judge { system });
    }

    /// Is a system as before the interrupted run, or as after it? A transaction is all or nothing, so deletions alone
    /// decide where there are any; else a single changed row does (every value that a hash or a mask is made of is among
    /// the deciding columns; plain values may be written twice).
    pub(super) fn judge(&mut self, system: usize) {
        let looked = self.looked.remove(&system).unwrap_or_default();
        let deletions: Vec<&Looked> = looked.iter().filter(|l| l.gone.is_some()).collect();
        let as_before = if deletions.is_empty() {
            looked.iter().all(|l| l.as_before)
        } else {
            deletions.iter().all(|l| l.as_before)
        };
        if as_before {
            self.settle(system, false);
        } else if deletions.iter().all(|l| l.gone == Some(true)) {
            self.settle(system, true);
        } else if self.plan.systems[system].files.is_some() {
            self.finish(system);
        } else {
            self.stop(Halt::Unclear { system: self.name(system) });
        }
    }

    /// The journal learns what became of an intent; a system that was rolled back is done again.
    pub(super) fn settle(&mut self, system: usize, committed: bool) {
        let name = self.name(system);
        let rest = std::mem::take(&mut self.queue);
        let event = if committed { Event::Committed { system: name } } else { Event::RolledBack { system: name } };
        self.queue.push_back(Work::Note { event });
        if committed {
            self.committed.push(system);
            self.recall(system);
        } else {
            self.compare(&[system]);
        }
        self.queue.extend(rest);
    }

    /// A deletion of files was interrupted half way. It cannot be undone, so the rest is deleted; the intent stays open
    /// until it is.
    fn finish(&mut self, system: usize) {
        self.finishing.push(system);
        let rest = std::mem::take(&mut self.queue);
        self.compare(&[system]);
        self.queue.extend(rest);
    }

    /// Are the files that are left those of the plan?
    pub(super) fn same_files(&mut self, system: usize, step: usize, rows: &[Row]) {
        let s = &self.plan.systems[system].steps[step];
        let known = |row: &Row| {
            let one = digest(&self.plan.nonce, &s.table, &s.decided_by, std::slice::from_ref(row));
            s.each.contains(&one)
        };
        if !rows.iter().all(known) {
            self.stop(Halt::Unclear { system: self.name(system) });
        }
    }
}
