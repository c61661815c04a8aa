//! Each piece of work as something to do in a system, or in the journal.

use super::apply::Run;
use super::calls::Stand;
use super::changes::{change, made, remaining};
use super::work::Work;
use super::{Do, Event};
use crate::ask::{By, Change, Select};
use crate::plan::Action;
use crate::policy::model::Right;

impl Run<'_> {
    pub(super) fn todo(&mut self, work: &Work) -> Option<Do> {
        Some(match work {
            Work::Resolve { system, transaction } => {
                Do::Resolve { system: self.name(*system), transaction: transaction.clone() }
            }
            Work::Look { system, step } => {
                Do::Look { system: self.name(*system), select: self.select(*system, *step, false) }
            }
            Work::Recheck { system, steps } => {
                let selects = steps.iter().map(|step| self.select(*system, *step, false)).collect();
                Do::Reread { system: self.name(*system), selects }
            }
            Work::Recall { system, step } => {
                let s = self.step_of(*system, *step);
                let (name, key) = (self.name(*system), self.known(*system, s));
                Do::Look { select: made(self.plan, &name, s, key)?, system: name }
            }
            Work::Judge { system } => {
                self.judge(*system);
                return None;
            }
            Work::Describe { system } => Do::Describe { system: self.name(*system) },
            Work::Begin { system } => Do::Begin { system: self.name(*system) },
            Work::Lock { system, step } => {
                Do::Read { system: self.name(*system), select: self.select(*system, *step, true) }
            }
            Work::Guard { system, guard } => Do::Read { system: self.name(*system), select: guard.select.clone() },
            Work::Share { system, sharers } => self.share(self.sharers(*system, *sharers)?),
            Work::Consult { consulted } => {
                let consulted = &self.plan.consulted[*consulted];
                self.read(&consulted.system, consulted.select())
            }
            Work::Freed { freed } => {
                let freed = &self.plan.freed[*freed];
                self.read(&freed.system, freed.select())
            }
            Work::Bearers { bearers } => {
                let bearers = &self.plan.bearers[*bearers];
                self.read(&bearers.system, bearers.select())
            }
            Work::Compared => {
                self.compared();
                return None;
            }
            Work::Change { system, step } => {
                let s = self.step_of(*system, *step);
                let rows = self.locked.get(&(*system, *step)).map_or(&[][..], Vec::as_slice);
                if self.finishing.contains(system) {
                    return Some(self.make(*system, remaining(s, rows)?));
                }
                let name = &self.plan.systems[*system].system;
                let change = change(self.plan, name, s, rows, &self.placeholders, &self.finder, &self.index)?;
                if matches!(self.plan.right, Right::Deactivation | Right::Reactivation) {
                    self.note_keys(*system, s, &change);
                }
                Do::Change { system: self.name(*system), change, together: s.together }
            }
            Work::Gone { system, step } => {
                Do::Read { system: self.name(*system), select: self.select(*system, *step, false) }
            }
            Work::Spare { system, step, key } => self.spare(*system, *step, key),
            Work::Before { system, step } => {
                let keys = self.step_of(*system, *step).keys.clone();
                Do::Read { system: self.name(*system), select: self.whole(*system, *step, keys) }
            }
            Work::After { system, step } => self.after(*system, *step)?,
            Work::Seal { system } => Do::Seal(self.sealed(*system)),
            Work::Reinsert { system, step, row } => self.make(*system, self.reinsert(*system, *step, *row)?),
            Work::Restored { system, step } => {
                let s = self.step_of(*system, *step);
                match s.action {
                    Action::Reinsert { .. } => {
                        Do::Read { system: self.name(*system), select: self.whole(*system, *step, s.keys.clone()) }
                    }
                    _ => self.after(*system, *step)?,
                }
            }
            Work::Tally { system } => Do::Tally { system: self.name(*system) },
            Work::Rebuild { system, view } => {
                Do::Rebuild { system: self.name(*system), what: self.plan.systems[*system].rebuild[*view].clone() }
            }
            Work::Intent { system } => {
                let transaction = self.transactions.get(system).cloned().flatten();
                Do::Journal(Event::Intent { system: self.name(*system), transaction, made: self.made(*system) })
            }
            Work::Ask { system, place: (step, nth) } => {
                let keys = &self.step_of(*system, *step).keys[*nth..=*nth];
                Do::Read { system: self.name(*system), select: self.rows_of(*system, *step, keys) }
            }
            Work::Rest { system, step, first } => {
                let keys = &self.step_of(*system, *step).keys[*first..];
                Do::Read { system: self.name(*system), select: self.rows_of(*system, *step, keys) }
            }
            Work::Aim { system, place } => Do::Journal(self.intent(*system, &Stand::Sent(*place))),
            Work::Call { system, place } => self.make(*system, self.call(*system, *place)?),
            Work::Commit { system } => Do::Commit { system: self.name(*system) },
            Work::Note { event } => Do::Journal(event.clone()),
            Work::Rollback { system } => Do::Rollback { system: self.name(*system) },
            Work::Export { system, steps } => {
                let steps = steps.iter().map(|step| (*step, self.shown(*system, *step))).collect();
                Do::Export { system: self.name(*system), steps }
            }
        })
    }

    fn shown(&self, system: usize, step: usize) -> Select {
        let s = self.step_of(system, step);
        let by = By::Keys { columns: s.key.clone(), values: s.keys.clone() };
        Select { table: s.table.clone(), columns: s.shown().to_vec(), by, filter: Vec::new(), lock: false }
    }

    pub(super) fn make(&self, system: usize, change: Change) -> Do {
        Do::Change { system: self.name(system), change, together: false }
    }

    fn select(&self, system: usize, step: usize, lock: bool) -> Select {
        let s = self.step_of(system, step);
        let by = By::Keys { columns: s.key.clone(), values: s.keys.clone() };
        Select { table: s.table.clone(), columns: s.decided_by.clone(), by, filter: Vec::new(), lock }
    }
}
