//! Calls to web services. They cannot be rolled back, so they come when everything that can be is committed, one by one, and
//! the journal holds the intent of each. A service that is down keeps nobody else from being done: it is put off, and the
//! run stays open.

use super::apply::{Run, has_rows};
use super::work::Work;
use super::{Difference, Event, Halt};
use crate::ask::{By, Change, Failure, Row, Select};
use crate::plan::{Action, Key, Step, digest};

/// A call: index of the step, and of the key in it.
pub(super) type Place = (usize, usize);

/// Where the calls of a service stand, as its last intent says.
pub(super) enum Stand {
    /// This call was about to be sent; what became of it is not known.
    Sent(Place),
    /// This call was not made, and all before it were.
    Next(Place),
}

impl Stand {
    /// Reads what [`Stand::write`] wrote.
    pub(super) fn read(text: &str) -> Option<Stand> {
        let mut words = text.split(' ');
        let word = words.next()?;
        let place = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        match word {
            "sent" => Some(Stand::Sent(place)),
            "next" => Some(Stand::Next(place)),
            _ => None,
        }
    }

    fn write(&self) -> String {
        match self {
            Stand::Sent((step, nth)) => format!("sent {step} {nth}"),
            Stand::Next((step, nth)) => format!("next {step} {nth}"),
        }
    }
}

impl Run<'_> {
    /// Is it a web service that the plan changes?
    pub(super) fn is_service(&self, system: usize) -> bool {
        self.plan.systems[system].calls.is_some()
    }

    /// The intent of a call.
    pub(super) fn intent(&self, system: usize, stand: &Stand) -> Event {
        Event::Intent { system: self.name(system), transaction: Some(stand.write()), made: Vec::new() }
    }

    /// Takes up a service whose calls an interruption, or its being down, cut short.
    pub(super) fn take_up(&mut self, system: usize, stand: Stand) {
        self.queue.push_back(Work::Describe { system });
        self.queue.push_back(Work::Begin { system });
        match stand {
            Stand::Sent(place) => self.queue.push_back(Work::Ask { system, place }),
            Stand::Next(place) => self.go_on(system, place),
        }
    }

    /// Compares what is left of the plan's rows, then calls. Everything else is committed already.
    fn go_on(&mut self, system: usize, from: Place) {
        for (step, first) in self.steps_from(system, from) {
            self.queue.push_back(Work::Rest { system, step, first });
        }
        self.call_from(system, from);
    }

    /// All calls of a service from a place on.
    pub(super) fn call_from(&mut self, system: usize, from: Place) {
        for (step, first) in self.steps_from(system, from) {
            for nth in first..self.plan.systems[system].steps[step].keys.len() {
                self.queue.push_back(Work::Aim { system, place: (step, nth) });
                self.queue.push_back(Work::Call { system, place: (step, nth) });
            }
        }
        self.queue.push_back(Work::Commit { system });
    }

    fn steps_from(&self, system: usize, (step, nth): Place) -> Vec<(usize, usize)> {
        let steps = self.plan.systems[system].steps.iter().enumerate().skip(step);
        steps.filter(|(_, s)| has_rows(&s.action)).map(|(ix, _)| (ix, if ix == step { nth } else { 0 })).collect()
    }

    /// The rows of some keys of a step.
    pub(super) fn rows_of(&self, system: usize, step: usize, keys: &[Key]) -> Select {
        let s = &self.plan.systems[system].steps[step];
        let by = By::Values { columns: s.key.clone(), values: keys.to_vec() };
        Select { table: s.table.clone(), columns: s.decided_by.clone(), by, filter: Vec::new(), lock: false }
    }

    /// The change of one row; `None` where it is gone already.
    pub(super) fn call(&self, system: usize, (step, nth): Place) -> Option<Change> {
        let s = &self.plan.systems[system].steps[step];
        let key = s.keys.get(nth)?;
        let positions: Vec<usize> =
            s.key.iter().map(|k| s.decided_by.iter().position(|c| c == k)).collect::<Option<_>>()?;
        let is_it = |row: &&Row| positions.iter().zip(key).all(|(at, value)| row[*at] == *value);
        let row = self.locked.get(&(system, step))?.iter().find(is_it)?.clone();
        let one = Step {
            table: s.table.clone(),
            key: s.key.clone(),
            keys: vec![key.clone()],
            copies: None,
            was: Vec::new(),
            or_more: false,
            together: false,
            action: s.action.clone(),
            reason: String::new(),
            decided_by: s.decided_by.clone(),
            digest: String::new(),
            each: Vec::new(),
        };
        let name = self.name(system);
        super::changes::change(self.plan, &name, &one, &[row], &self.placeholders, &self.finder, &self.index)
    }

    /// What became of a call whose answer nobody saw? What can be told from the record is told; else the call is sent again
    /// only where that does no harm.
    pub(super) fn judge_call(&mut self, system: usize, place: Place, rows: Vec<Row>) {
        let (step, nth) = place;
        let Some(calls) = &self.plan.systems[system].calls else { return };
        let s = &self.plan.systems[system].steps[step];
        let seen = match s.action {
            Action::Delete => rows.is_empty() && !calls.several.contains(&step),
            _ => !rows.iter().any(|row| self.is_as_planned(s, row)),
        };
        let rest = std::mem::take(&mut self.queue);
        if seen {
            self.go_on(system, (step, nth + 1));
        } else if calls.harmless.contains(&step) {
            // Of a deletion in several calls the last ones may be missing, though the record cannot be seen any more.
            let row = if rows.is_empty() { vec![self.bare_row(s, nth)] } else { rows };
            self.locked.entry((system, step)).or_default().extend(row);
            self.queue.push_back(Work::Aim { system, place });
            self.queue.push_back(Work::Call { system, place });
            self.go_on(system, (step, nth + 1));
        }
        let undecided = self.queue.is_empty();
        self.queue.extend(rest);
        if undecided {
            self.put_off(system, Failure::Refused { reason: UNDECIDED.to_owned() });
        }
    }

    /// A row of which the key alone is known.
    fn bare_row(&self, step: &Step, nth: usize) -> Row {
        let of = |column: &String| step.key.iter().position(|k| k == column).map(|at| step.keys[nth][at].clone());
        step.decided_by.iter().map(|column| of(column).unwrap_or(crate::value::Value::Null)).collect()
    }

    fn is_as_planned(&self, step: &Step, row: &Row) -> bool {
        step.each.contains(&digest(&self.plan.nonce, &step.table, &step.decided_by, std::slice::from_ref(row)))
    }

    /// Rows that were not called for yet must be those of the plan; some may be gone.
    pub(super) fn compare_rest(&mut self, system: usize, step: usize, rows: Vec<Row>) {
        let s = &self.plan.systems[system].steps[step];
        if rows.iter().all(|row| self.is_as_planned(s, row)) {
            self.locked.entry((system, step)).or_default().extend(rows);
            return;
        }
        let (table, planned, found) = (s.table.clone(), s.keys.len() as u64, rows.len() as u64);
        let difference = Difference::Rows { system: self.name(system), table, planned, found };
        self.put_off(system, Failure::Refused { reason: format!("{difference}; make a new plan for what is left") });
    }

    /// Is this a failure of a service that keeps only itself from being done? Then it is put off.
    pub(super) fn is_put_off(&mut self, work: &Work, failure: &Failure) -> bool {
        let down = matches!(failure, Failure::Unreachable { .. } | Failure::TimedOut { .. } | Failure::Unknown { .. });
        match *work {
            Work::Describe { system }
            | Work::Begin { system }
            | Work::Lock { system, .. }
            | Work::Rest { system, .. }
            | Work::Ask { system, .. }
                if down && self.is_service(system) && changes(self, system) =>
            {
                self.put_off(system, failure.clone());
            }
            Work::Call { system, place } => {
                self.put_off(system, failure.clone());
                if !matches!(failure, Failure::Unknown { .. }) {
                    let event = self.intent(system, &Stand::Next(place));
                    self.queue.push_front(Work::Note { event });
                }
            }
            _ => return false,
        }
        true
    }

    fn put_off(&mut self, system: usize, failure: Failure) {
        let own = |w: &Work| match w {
            Work::Describe { system: s }
            | Work::Begin { system: s }
            | Work::Lock { system: s, .. }
            | Work::Rest { system: s, .. }
            | Work::Ask { system: s, .. }
            | Work::Aim { system: s, .. }
            | Work::Call { system: s, .. }
            | Work::Commit { system: s } => *s == system,
            _ => false,
        };
        self.queue.retain(|w| !own(w));
        self.begun.retain(|s| *s != system);
        self.queue.push_front(Work::Rollback { system });
        self.open.push((self.name(system), failure));
    }

    /// How a run ends that stopped nowhere.
    pub(super) fn end(&mut self) -> Result<(), Halt> {
        match (self.halt.take(), self.open.is_empty()) {
            (Some(halt), _) => Err(halt),
            (None, true) => Ok(()),
            (None, false) => Err(Halt::Open { open: std::mem::take(&mut self.open), done: self.committed() }),
        }
    }
}

fn changes(run: &Run<'_>, system: usize) -> bool {
    run.plan.systems[system].steps.iter().any(|s| has_rows(&s.action))
}

const UNDECIDED: &str = "a call was sent before the interruption, and the record does not show that it was carried out; the \
                         description does not say that sending it twice is harmless, so it is not sent again: look at the \
                         record there, do by hand what the plan says, then run `upheld resume`";
