//! What came of each piece of work.

use super::apply::{Run, changes_anything};
use super::guard::{Guard, takes_along, unlisted};
use super::resume::Looked;
use super::work::Work;
use super::{Difference, Done, Event, Halt};
use crate::ask::{Changed, Failure, Row};
use crate::plan::{Action, digest};

impl Run<'_> {
    pub(super) fn take(&mut self, work: Work, done: Done) {
        match (work, done) {
            (Work::Rollback { .. }, _) => {}
            (work, Done::Failed(failure)) => self.fail(&work, failure),
            (Work::Ask { system, place }, Done::Rows(rows)) => self.judge_call(system, place, rows),
            (Work::Rest { system, step, .. }, Done::Rows(rows)) => self.compare_rest(system, step, rows),
            (Work::Resolve { system, .. }, Done::Outcome(outcome)) => match outcome {
                Some(committed) => self.settle(system, committed),
                None => {
                    let rest = std::mem::take(&mut self.queue);
                    self.look(system);
                    self.queue.extend(rest);
                }
            },
            (Work::Recheck { system, steps }, Done::Reread(rows)) => {
                steps.into_iter().zip(rows).for_each(|(step, rows)| self.same_rows(system, step, &rows));
            }
            (Work::Tally { system }, Done::Tally(tally)) => self.count(system, tally),
            (Work::Look { system, step }, Done::Rows(rows)) => self.take_look(system, step, &rows),
            (Work::Recall { system, step }, Done::Rows(rows)) => self.recalled(system, step, rows),
            (Work::Describe { system }, Done::Schema(schema)) => self.compare_structure(system, schema),
            (Work::Begin { system }, Done::Transaction(id)) => {
                self.transactions.insert(system, id);
                self.begun.push(system);
            }
            (Work::Lock { system, step }, Done::Rows(rows)) => self.compare_rows(system, step, rows),
            (Work::Guard { system, guard }, Done::Rows(rows)) => self.take_guarded(system, *guard, &rows),
            (Work::Share { system, sharers }, Done::Rows(rows)) => self.shared(system, sharers, &rows),
            (Work::Before { system, step }, Done::Rows(rows)) => self.take_before(system, step, rows),
            (Work::After { system, step }, Done::Rows(rows)) => self.take_after(system, step, rows),
            (Work::Restored { system, step }, Done::Rows(rows)) => self.take_restored(system, step, rows),
            (Work::Reinsert { system, step, row }, Done::Changed(changed)) => {
                self.take_reinserted(system, step, row, &changed);
            }
            (Work::Consult { consulted }, Done::Rows(rows)) => self.consulted(consulted, &rows),
            (Work::Freed { freed }, Done::Rows(rows)) => self.still_free(freed, &rows),
            (Work::Bearers { bearers }, Done::Rows(rows)) => self.same_bearers(bearers, &rows),
            (Work::Gone { system, step }, Done::Rows(left)) if !left.is_empty() => {
                let planned = self.step_of(system, step).rows();
                self.refuse_count(system, step, planned, planned - (left.len() as u64).min(planned));
            }
            (Work::Spare { system, step, .. }, Done::Changed(changed)) => {
                self.note_changed(system, step, changed.rows);
            }
            (Work::Change { system, step }, Done::Changed(changed)) => self.take_changed(system, step, changed),
            (Work::Commit { system }, Done::Ok) => {
                self.begun.retain(|s| *s != system);
                self.committed.push(system);
                self.queue.push_front(Work::Note { event: Event::Committed { system: self.name(system) } });
            }
            (Work::Export { system, steps }, Done::Exported(found)) => {
                steps.into_iter().zip(found).for_each(|(step, found)| self.take_exported(system, step, found));
            }
            _ => {}
        }
    }

    fn take_look(&mut self, system: usize, step: usize, rows: &[Row]) {
        let s = self.step_of(system, step);
        let as_before = digest(&self.plan.nonce, &s.table, &s.decided_by, rows) == s.digest;
        let gone = (s.action == Action::Delete).then_some(rows.is_empty());
        self.looked.entry(system).or_default().push(Looked { as_before, gone });
    }

    fn take_guarded(&mut self, system: usize, guard: Guard, rows: &[Row]) {
        let rows = unlisted(&self.plan.systems[system], &guard, rows);
        if rows > 0 {
            self.differences.push(Difference::Unlisted { system: self.name(system), table: guard.table, rows });
        }
    }

    fn take_reinserted(&mut self, system: usize, step: usize, row: usize, changed: &Changed) {
        let s = self.step_of(system, step);
        self.note_changed(system, step, changed.rows);
        if s.keys.get(row) != Some(&changed.returned) {
            let (table, name) = (s.table.clone(), self.name(system));
            self.refuse(Difference::Restored { system: name, table, planned: 1, found: 0 });
        }
    }

    fn take_changed(&mut self, system: usize, step: usize, changed: Changed) {
        let s = self.step_of(system, step);
        self.note_changed(system, step, changed.rows);
        if matches!(s.action, Action::Insert { .. }) {
            let key = changed.returned.iter().take(s.key.len()).cloned().collect();
            if !self.is_taken(system, step, &key) {
                self.stands_in(system, s, changed.returned);
            }
            return;
        }
        let rows = match self.locked.get(&(system, step)) {
            Some(rows) if self.finishing.contains(&system) => rows.len() as u64,
            _ => s.rows(),
        };
        let fewer = changed.rows < rows && s.action == Action::Delete;
        let along = |schema| takes_along(schema, &s.table);
        if fewer && self.schemas.get(&self.name(system)).is_some_and(along) {
            // The others went with the first, as listed; whether they did is looked at.
            self.note_changed(system, step, rows - changed.rows);
            self.queue.push_front(Work::Gone { system, step });
        } else if changed.rows < rows || (changed.rows > rows && !s.or_more) {
            self.refuse_count(system, step, rows, changed.rows);
        } else if changed.rows > rows {
            // Rows that were written since the first look: whose they are is looked at with them.
            self.free_still().into_iter().rev().for_each(|work| self.queue.push_front(work));
        }
    }

    fn take_exported(&mut self, system: usize, step: usize, found: u64) {
        let s = self.step_of(system, step);
        let planned = s.rows();
        if found != planned {
            self.refuse(Difference::Rows { system: self.name(system), table: s.table.clone(), planned, found });
        }
    }

    /// So many rows of the step's table are changed.
    fn note_changed(&mut self, system: usize, step: usize, rows: u64) {
        let table = self.step_of(system, step).table.clone();
        *self.changed.entry((system, table)).or_default() += rows;
    }

    fn refuse_count(&mut self, system: usize, step: usize, planned: u64, changed: u64) {
        let table = self.step_of(system, step).table.clone();
        self.refuse(Difference::Count { system: self.name(system), table, planned, changed });
    }

    pub(super) fn refuse(&mut self, difference: Difference) {
        self.stop(Halt::Refused(vec![difference]));
    }

    fn fail(&mut self, work: &Work, failure: Failure) {
        if self.is_put_off(work, &failure) {
            return;
        }
        let system = match work {
            Work::Note { event } => event.system().to_owned(),
            Work::Consult { consulted } => self.plan.consulted[*consulted].system.clone(),
            Work::Freed { freed } => self.plan.freed[*freed].system.clone(),
            Work::Bearers { bearers } => self.plan.bearers[*bearers].system.clone(),
            work => work.system().map(|system| self.name(system)).unwrap_or_default(),
        };
        let done = self.committed();
        let undone = (0..self.plan.systems.len())
            .filter(|s| changes_anything(&self.plan.systems[*s]) && !self.committed.contains(s));
        let undone = undone.map(|s| self.name(s)).collect();
        self.stop(Halt::Failed { system, failure: Box::new(failure), done, undone });
    }
}
