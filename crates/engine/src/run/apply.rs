//! The run itself.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;

use super::calls::Stand;
use super::changes::{Placeholders, change, made, remaining};
use super::guard::{takes_along, unlisted};
use super::images::Images;
use super::resume::Looked;
use super::taken::Taken;
use super::work::Work;
use super::{Difference, Do, Done, Event, Halt};
use crate::ask::{By, Failure, Row, Select};
use crate::plan::{Action, Consulted, Plan, SystemPlan, digest};
use crate::policy::model::Right;
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
    pub(super) placeholders: Placeholders,
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
            placeholders: Placeholders::new(),
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
    /// again.
    pub fn again(mut self) -> Self {
        self.again = true;
        for system in 0..self.plan.systems.len() {
            self.look_for_stand_ins(system);
        }
        self
    }

    /// May this plan run at all? An interrupted run may be finished after its plan expired.
    fn admit(&mut self, policy: &str, now: Timestamp, approved: &[String], first: bool) {
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

    fn schedule(&mut self, journal: &[Event]) {
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
        self.queue.extend(exports.iter().map(|(system, step)| Work::Recheck { system: *system, step: *step }));
        // What an interrupted run has changed itself is no reason to stop.
        let untouched = |c: &Consulted| journal.iter().all(|event| event.system() != c.system);
        let consulted = self.plan.consulted.iter().enumerate().filter(|(_, c)| untouched(c));
        self.queue.extend(consulted.map(|(consulted, _)| Work::Consult { consulted }));
        self.queue.push_back(Work::Compared);
        self.queue.extend(exports.into_iter().map(|(system, step)| Work::Export { system, step }));
    }

    fn exports(&self) -> Vec<(usize, usize)> {
        let systems = self.plan.systems.iter().enumerate();
        let steps =
            systems.flat_map(|(ix, system)| system.steps.iter().enumerate().map(move |(step, s)| (ix, step, s)));
        steps.filter(|(.., s)| matches!(s.action, Action::Export { .. })).map(|(ix, step, _)| (ix, step)).collect()
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
        for &system in systems {
            let sharers = self.plan.systems[system].files.iter().flat_map(|f| &f.sharers).enumerate();
            self.queue.extend(sharers.map(|(sharers, _)| Work::Share { system, sharers }));
        }
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

    fn todo(&mut self, work: &Work) -> Option<Do> {
        Some(match work {
            Work::Resolve { system, transaction } => {
                Do::Resolve { system: self.name(*system), transaction: transaction.clone() }
            }
            Work::Look { system, step } | Work::Recheck { system, step } => {
                Do::Look { system: self.name(*system), select: self.select(*system, *step, false) }
            }
            Work::Recall { system, step } => {
                let s = &self.plan.systems[*system].steps[*step];
                Do::Look { system: self.name(*system), select: made(self.plan, &self.name(*system), s)? }
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
            Work::Compared => {
                self.compared();
                return None;
            }
            Work::Change { system, step } => {
                let s = &self.plan.systems[*system].steps[*step];
                let rows = self.locked.get(&(*system, *step)).map_or(&[][..], Vec::as_slice);
                if self.finishing.contains(system) {
                    return Some(Do::Change { system: self.name(*system), change: remaining(s, rows)? });
                }
                let name = &self.plan.systems[*system].system;
                let change = change(self.plan, name, s, rows, &self.placeholders, &self.finder, &self.index)?;
                if matches!(self.plan.right, Right::Deactivation | Right::Reactivation) {
                    self.note_keys(*system, s, &change);
                }
                Do::Change { system: self.name(*system), change }
            }
            Work::Gone { system, step } => {
                Do::Read { system: self.name(*system), select: self.select(*system, *step, false) }
            }
            Work::Spare { system, step, key } => self.spare(*system, *step, key),
            Work::Before { system, step } => {
                let keys = self.plan.systems[*system].steps[*step].keys.clone();
                Do::Read { system: self.name(*system), select: self.whole(*system, *step, keys) }
            }
            Work::After { system, step } => self.after(*system, *step)?,
            Work::Seal { system } => Do::Seal(self.sealed(*system)),
            Work::Reinsert { system, step, row } => {
                Do::Change { system: self.name(*system), change: self.reinsert(*system, *step, *row)? }
            }
            Work::Restored { system, step } => {
                let s = &self.plan.systems[*system].steps[*step];
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
                Do::Journal(Event::Intent { system: self.name(*system), transaction })
            }
            Work::Ask { system, place: (step, nth) } => {
                let keys = &self.plan.systems[*system].steps[*step].keys[*nth..=*nth];
                Do::Read { system: self.name(*system), select: self.rows_of(*system, *step, keys) }
            }
            Work::Rest { system, step, first } => {
                let keys = &self.plan.systems[*system].steps[*step].keys[*first..];
                Do::Read { system: self.name(*system), select: self.rows_of(*system, *step, keys) }
            }
            Work::Aim { system, place } => Do::Journal(self.intent(*system, &Stand::Sent(*place))),
            Work::Call { system, place } => {
                Do::Change { system: self.name(*system), change: self.call(*system, *place)? }
            }
            Work::Commit { system } => Do::Commit { system: self.name(*system) },
            Work::Note { event } => Do::Journal(event.clone()),
            Work::Rollback { system } => Do::Rollback { system: self.name(*system) },
            Work::Export { system, step } => {
                let s = &self.plan.systems[*system].steps[*step];
                let columns = s.shown().to_vec();
                let by = By::Keys { columns: s.key.clone(), values: s.keys.clone() };
                let select = Select { table: s.table.clone(), columns, by, filter: Vec::new(), lock: false };
                Do::Export { system: self.name(*system), step: *step, select }
            }
        })
    }

    fn select(&self, system: usize, step: usize, lock: bool) -> Select {
        let s = &self.plan.systems[system].steps[step];
        let by = By::Keys { columns: s.key.clone(), values: s.keys.clone() };
        Select { table: s.table.clone(), columns: s.decided_by.clone(), by, filter: Vec::new(), lock }
    }

    fn take(&mut self, work: Work, done: Done) {
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
            (Work::Recheck { system, step }, Done::Rows(rows)) => self.same_rows(system, step, &rows),
            (Work::Tally { system }, Done::Tally(tally)) => self.count(system, tally),
            (Work::Look { system, step }, Done::Rows(rows)) => {
                let s = &self.plan.systems[system].steps[step];
                let as_before = digest(&self.plan.nonce, &s.table, &s.decided_by, &rows) == s.digest;
                let gone = (s.action == Action::Delete).then_some(rows.is_empty());
                self.looked.entry(system).or_default().push(Looked { as_before, gone });
            }
            (Work::Recall { system, step }, Done::Rows(rows)) => self.recalled(system, step, rows),
            (Work::Describe { system }, Done::Schema(schema)) => self.compare_structure(system, schema),
            (Work::Begin { system }, Done::Transaction(id)) => {
                self.transactions.insert(system, id);
                self.begun.push(system);
            }
            (Work::Lock { system, step }, Done::Rows(rows)) => self.compare_rows(system, step, rows),
            (Work::Guard { system, guard }, Done::Rows(rows)) => {
                let rows = unlisted(&self.plan.systems[system], &guard, &rows);
                if rows > 0 {
                    self.differences.push(Difference::Unlisted { system: self.name(system), table: guard.table, rows });
                }
            }
            (Work::Share { system, sharers }, Done::Rows(rows)) => self.shared(system, sharers, &rows),
            (Work::Before { system, step }, Done::Rows(rows)) => self.take_before(system, step, rows),
            (Work::After { system, step }, Done::Rows(rows)) => self.take_after(system, step, rows),
            (Work::Restored { system, step }, Done::Rows(rows)) => self.take_restored(system, step, rows),
            (Work::Reinsert { system, step, row }, Done::Changed(changed)) => {
                let s = &self.plan.systems[system].steps[step];
                *self.changed.entry((system, s.table.clone())).or_default() += changed.rows;
                if s.keys.get(row) != Some(&changed.returned) {
                    let (table, name) = (s.table.clone(), self.name(system));
                    let difference = Difference::Restored { system: name, table, planned: 1, found: 0 };
                    self.stop(Halt::Refused(vec![difference]));
                }
            }
            (Work::Consult { consulted }, Done::Rows(rows)) => self.consulted(consulted, &rows),
            (Work::Gone { system, step }, Done::Rows(left)) if !left.is_empty() => {
                let s = &self.plan.systems[system].steps[step];
                let (planned, table) = (s.rows(), s.table.clone());
                let changed = planned - (left.len() as u64).min(planned);
                let difference = Difference::Count { system: self.name(system), table, planned, changed };
                self.stop(Halt::Refused(vec![difference]));
            }
            (Work::Spare { system, step, .. }, Done::Changed(changed)) => {
                let table = self.plan.systems[system].steps[step].table.clone();
                *self.changed.entry((system, table)).or_default() += changed.rows;
            }
            (Work::Change { system, step }, Done::Changed(changed)) => {
                let s = &self.plan.systems[system].steps[step];
                *self.changed.entry((system, s.table.clone())).or_default() += changed.rows;
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
                    *self.changed.entry((system, s.table.clone())).or_default() += rows - changed.rows;
                    self.queue.push_front(Work::Gone { system, step });
                } else if changed.rows != rows {
                    let (planned, table) = (rows, s.table.clone());
                    let difference =
                        Difference::Count { system: self.name(system), table, planned, changed: changed.rows };
                    self.stop(Halt::Refused(vec![difference]));
                }
            }
            (Work::Commit { system }, Done::Ok) => {
                self.begun.retain(|s| *s != system);
                self.committed.push(system);
                self.queue.push_front(Work::Note { event: Event::Committed { system: self.name(system) } });
            }
            (Work::Export { system, step }, Done::Count(found)) => {
                let s = &self.plan.systems[system].steps[step];
                let planned = s.rows();
                if found != planned {
                    let difference =
                        Difference::Rows { system: self.name(system), table: s.table.clone(), planned, found };
                    self.stop(Halt::Refused(vec![difference]));
                }
            }
            _ => {}
        }
    }

    /// Every row is locked and compared: change everything, then commit system by system.
    fn compared(&mut self) {
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
        for &system in &begun {
            self.queue.push_back(Work::Intent { system });
            self.queue.push_back(Work::Commit { system });
        }
        services.into_iter().for_each(|system| self.call_from(system, (0, 0)));
        self.queue.extend(rest);
    }

    fn fail(&mut self, work: &Work, failure: Failure) {
        if self.is_put_off(work, &failure) {
            return;
        }
        let system = match work {
            Work::Note { event } => event.system().to_owned(),
            Work::Consult { consulted } => self.plan.consulted[*consulted].system.clone(),
            work => work.system().map(|system| self.name(system)).unwrap_or_default(),
        };
        let done = self.committed();
        let undone = (0..self.plan.systems.len())
            .filter(|s| changes_anything(&self.plan.systems[*s]) && !self.committed.contains(s));
        let undone = undone.map(|s| self.name(s)).collect();
        self.stop(Halt::Failed { system, failure: Box::new(failure), done, undone });
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

fn changes_anything(system: &SystemPlan) -> bool {
    system.steps.iter().any(|s| has_rows(&s.action) || matches!(s.action, Action::Insert { .. }))
}
