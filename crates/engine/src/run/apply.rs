//! The run itself.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;

use super::changes::{Placeholders, change, made, remaining, returned};
use super::guard::{Guard, guards, unlisted};
use super::resume::Looked;
use super::sharing;
use super::{Difference, Do, Done, Event, Halt, Tally};
use crate::ask::{By, Row, Select};
use crate::plan::{Action, How, Plan, Sharers, Step, SystemPlan, digest, fingerprint};
use crate::schema::Schema;
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
    pub(super) transactions: BTreeMap<usize, Option<String>>,
    /// Rows changed so far, by system and table.
    pub(super) changed: BTreeMap<(usize, String), u64>,
    pub(super) begun: Vec<usize>,
    pub(super) committed: Vec<usize>,
    /// Systems of files whose deletion was interrupted half way: what is left is deleted.
    pub(super) finishing: Vec<usize>,
    pub(super) differences: Vec<Difference>,
    pub(super) halt: Option<Halt>,
}

/// What the run is about to do; indices are those of the plan.
#[derive(Clone, Debug)]
pub(super) enum Work {
    Resolve {
        system: usize,
        transaction: String,
    },
    /// Rows that are to be returned are compared in the snapshot they are returned from.
    Recheck {
        system: usize,
        step: usize,
    },
    Look {
        system: usize,
        step: usize,
    },
    Judge {
        system: usize,
    },
    /// Which stand-in did an earlier run make?
    Recall {
        system: usize,
        step: usize,
    },
    Describe {
        system: usize,
    },
    Begin {
        system: usize,
    },
    Lock {
        system: usize,
        step: usize,
    },
    Guard {
        system: usize,
        guard: Box<Guard>,
    },
    /// Does somebody else name a file that is to go?
    Share {
        system: usize,
        sharers: usize,
    },
    /// Everything was compared: are there differences?
    Compared,
    Change {
        system: usize,
        step: usize,
    },
    /// Did the database change more than we asked for?
    Tally {
        system: usize,
    },
    Intent {
        system: usize,
    },
    Commit {
        system: usize,
    },
    Note {
        event: Event,
    },
    Rollback {
        system: usize,
    },
    Export {
        system: usize,
        step: usize,
    },
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
            transactions: BTreeMap::new(),
            changed: BTreeMap::new(),
            begun: Vec::new(),
            committed: Vec::new(),
            finishing: Vec::new(),
            differences: Vec::new(),
            halt: None,
        };
        run.admit(policy, now, approved, journal.is_empty());
        if run.halt.is_none() {
            run.schedule(journal);
        }
        run
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
            let last = journal.iter().rev().find(|e| system_of(e) == system.system);
            match last {
                Some(Event::Committed { .. }) => {
                    self.committed.push(ix);
                    self.recall(ix);
                }
                Some(Event::Intent { transaction: Some(id), .. }) => {
                    self.queue.push_back(Work::Resolve { system: ix, transaction: id.clone() });
                }
                Some(Event::Intent { transaction: None, .. }) => self.look(ix),
                Some(Event::RolledBack { .. }) | None => fresh.push(ix),
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
                return match self.halt.take() {
                    Some(halt) => Err(halt),
                    None => Ok(None),
                };
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
                let change =
                    change(self.plan, &self.plan.systems[*system].system, s, rows, &self.placeholders, &self.finder)?;
                Do::Change { system: self.name(*system), change }
            }
            Work::Tally { system } => Do::Tally { system: self.name(*system) },
            Work::Intent { system } => {
                let transaction = self.transactions.get(system).cloned().flatten();
                Do::Journal(Event::Intent { system: self.name(*system), transaction })
            }
            Work::Commit { system } => Do::Commit { system: self.name(*system) },
            Work::Note { event } => Do::Journal(event.clone()),
            Work::Rollback { system } => Do::Rollback { system: self.name(*system) },
            Work::Export { system, step } => {
                let s = &self.plan.systems[*system].steps[*step];
                let Action::Export { columns, .. } = &s.action else { return None };
                let columns = if columns.is_empty() { s.key.clone() } else { columns.clone() };
                let by = By::Values { columns: s.key.clone(), values: s.keys.clone() };
                let select = Select { table: s.table.clone(), columns, by, filter: Vec::new(), lock: false };
                Do::Export { system: self.name(*system), step: *step, select }
            }
        })
    }

    fn select(&self, system: usize, step: usize, lock: bool) -> Select {
        let s = &self.plan.systems[system].steps[step];
        let by = By::Values { columns: s.key.clone(), values: s.keys.clone() };
        Select { table: s.table.clone(), columns: s.decided_by.clone(), by, filter: Vec::new(), lock }
    }

    fn take(&mut self, work: Work, done: Done) {
        match (work, done) {
            (Work::Rollback { .. }, _) => {}
            (work, Done::Failed(failure)) => self.fail(&work, failure),
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
                    self.differences.push(Difference::Unlisted {
                        system: self.name(system),
                        table: guard.table.name,
                        rows,
                    });
                }
            }
            (Work::Share { system, sharers }, Done::Rows(rows)) => self.shared(system, sharers, &rows),
            (Work::Change { system, step }, Done::Changed(changed)) => {
                let s = &self.plan.systems[system].steps[step];
                *self.changed.entry((system, s.table.clone())).or_default() += changed.rows;
                if matches!(s.action, Action::Insert { .. }) {
                    self.stands_in(system, s, changed.returned);
                    return;
                }
                let rows = match self.locked.get(&(system, step)) {
                    Some(rows) if self.finishing.contains(&system) => rows.len(),
                    _ => s.keys.len(),
                };
                if changed.rows != rows as u64 {
                    let (planned, table) = (rows as u64, s.table.clone());
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
                let planned = s.keys.len() as u64;
                if found != planned {
                    let difference =
                        Difference::Rows { system: self.name(system), table: s.table.clone(), planned, found };
                    self.stop(Halt::Refused(vec![difference]));
                }
            }
            _ => {}
        }
    }

    /// Remembers a stand-in, for the rows that will refer to it.
    fn stands_in(&mut self, system: usize, step: &Step, values: Row) {
        let Action::Insert { which, .. } = &step.action else { return };
        let columns = returned(self.plan, &self.name(system), step);
        let key = (self.name(system), step.table.clone(), which.clone());
        self.placeholders.insert(key, columns.into_iter().zip(values).collect());
    }

    /// The stand-ins of a system that an earlier run has committed are looked up where rows of another system are to refer
    /// to them, so that none is made twice.
    pub(super) fn recall(&mut self, system: usize) {
        let name = self.name(system);
        if !self.plan.systems.iter().any(|s| s.system != name && refers(s, &name)) {
            return;
        }
        for (step, s) in self.plan.systems[system].steps.iter().enumerate() {
            if matches!(s.action, Action::Insert { .. }) {
                self.queue.push_back(Work::Recall { system, step });
            }
        }
    }

    fn recalled(&mut self, system: usize, step: usize, mut rows: Vec<Row>) {
        match (rows.pop(), rows.is_empty()) {
            (Some(row), true) => self.stands_in(system, &self.plan.systems[system].steps[step], row),
            _ => self.stop(Halt::Unclear { system: self.name(system) }),
        }
    }

    fn compare_structure(&mut self, system: usize, schema: Schema) {
        let name = self.name(system);
        for (table, planned) in &self.plan.systems[system].fingerprint {
            if schema.table(table).map(fingerprint).as_ref() != Some(planned) {
                self.differences.push(Difference::Structure { system: name.clone(), table: table.clone() });
            }
        }
        self.schemas.insert(name, schema);
        if !self.differences.is_empty() {
            // Reading changed tables would only fail in other words.
            let differences = std::mem::take(&mut self.differences);
            self.stop(Halt::Refused(differences));
        }
    }

    fn compare_rows(&mut self, system: usize, step: usize, rows: Vec<Row>) {
        let s = &self.plan.systems[system].steps[step];
        if s.action == Action::Delete
            && let Some(schema) = self.schemas.get(&self.plan.systems[system].system)
        {
            for guard in guards(schema, s, &rows) {
                self.queue.push_front(Work::Guard { system, guard: Box::new(guard) });
            }
        }
        if self.finishing.contains(&system) {
            self.same_files(system, step, &rows);
        } else {
            self.same_rows(system, step, &rows);
        }
        self.locked.insert((system, step), rows);
    }

    /// Are these the rows of the plan, with the deciding columns as they were?
    fn same_rows(&mut self, system: usize, step: usize, rows: &[Row]) {
        let s = &self.plan.systems[system].steps[step];
        if digest(&self.plan.nonce, &s.table, &s.decided_by, rows) != s.digest {
            let (planned, found) = (s.keys.len() as u64, rows.len() as u64);
            self.differences.push(Difference::Rows {
                system: self.name(system),
                table: s.table.clone(),
                planned,
                found,
            });
        }
    }

    fn sharers(&self, system: usize, nth: usize) -> Option<&'p Sharers> {
        self.plan.systems[system].files.as_ref()?.sharers.get(nth)
    }

    /// Within the transaction of its system, where there is one, for what that changes counts too.
    fn share(&self, sharers: &Sharers) -> Do {
        let (system, select) = (sharers.system.clone(), sharing::select(sharers));
        let begun = self.begun.iter().any(|s| self.plan.systems[*s].system == system);
        if begun { Do::Read { system, select } } else { Do::Look { system, select } }
    }

    fn shared(&mut self, system: usize, nth: usize, rows: &[Row]) {
        let Some(sharers) = self.sharers(system, nth) else { return };
        let rows = sharing::unlisted(self.plan, sharers, rows);
        if rows > 0 {
            let (system, table) = (sharers.system.clone(), sharers.table.clone());
            self.differences.push(Difference::Shared { system, table, rows });
        }
    }

    /// Compares what the transaction has changed with what the steps changed. Where a trigger that somebody reviewed is at
    /// work, it may change more.
    fn count(&mut self, system: usize, tally: Tally) {
        let name = self.name(system);
        let ours = self.changed.iter().filter(|((s, _), _)| *s == system).map(|((_, table), rows)| (table, *rows));
        let ours: BTreeMap<&String, u64> = ours.collect();
        let triggers = |table: &String| {
            self.schemas.get(&name).and_then(|s| s.table(table)).is_some_and(|t| !t.triggers.is_empty())
        };
        if ours.keys().any(|table| triggers(table)) {
            return;
        }
        let unlisted = |table: String, rows| Difference::Unlisted { system: name.clone(), table, rows };
        let more: Vec<Difference> = match tally {
            Tally::Unknown => Vec::new(),
            Tally::Total(rows) => {
                let rows = rows.saturating_sub(ours.values().sum());
                (rows > 0).then(|| unlisted("(some table)".into(), rows)).into_iter().collect()
            }
            Tally::Tables(tables) => {
                let more = tables.into_iter().map(|(table, rows)| {
                    let rows = rows.saturating_sub(ours.get(&table).copied().unwrap_or_default());
                    (table, rows)
                });
                more.filter(|(_, rows)| *rows > 0).map(|(table, rows)| unlisted(table, rows)).collect()
            }
        };
        if !more.is_empty() {
            self.stop(Halt::Refused(more));
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
        self.begun.sort_by_key(|s| self.plan.systems[*s].files.is_some());
        // Rows of any system may come to point at a stand-in record, so these are made first.
        for inserts in [true, false] {
            for &system in &self.begun {
                for (step, s) in self.plan.systems[system].steps.iter().enumerate() {
                    if if inserts { matches!(s.action, Action::Insert { .. }) } else { has_rows(&s.action) } {
                        self.queue.push_back(Work::Change { system, step });
                    }
                }
            }
        }
        self.queue.extend(self.begun.iter().map(|&system| Work::Tally { system }));
        for &system in &self.begun {
            self.queue.push_back(Work::Intent { system });
            self.queue.push_back(Work::Commit { system });
        }
        self.queue.extend(rest);
    }

    fn fail(&mut self, work: &Work, failure: crate::ask::Failure) {
        let system = match work {
            Work::Note { event } => system_of(event).to_owned(),
            Work::Resolve { system, .. }
            | Work::Look { system, .. }
            | Work::Recall { system, .. }
            | Work::Judge { system }
            | Work::Describe { system }
            | Work::Begin { system }
            | Work::Lock { system, .. }
            | Work::Guard { system, .. }
            | Work::Share { system, .. }
            | Work::Change { system, .. }
            | Work::Recheck { system, .. }
            | Work::Tally { system }
            | Work::Intent { system }
            | Work::Commit { system }
            | Work::Rollback { system }
            | Work::Export { system, .. } => self.name(*system),
            Work::Compared => String::new(),
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

fn system_of(event: &Event) -> &str {
    match event {
        Event::Intent { system, .. } | Event::Committed { system } | Event::RolledBack { system } => system,
    }
}

/// Do rows of a system come to refer to stand-ins of another?
fn refers(from: &SystemPlan, to: &str) -> bool {
    let leads = |how: &How| matches!(how, How::Placeholder { system, .. } if system == to);
    from.steps.iter().any(|s| matches!(&s.action, Action::Change { columns, .. } if columns.iter().any(|(_, h)| leads(h))))
}

pub(super) fn has_rows(action: &Action) -> bool {
    matches!(action, Action::Change { .. } | Action::Delete)
}

fn changes_anything(system: &SystemPlan) -> bool {
    system.steps.iter().any(|s| has_rows(&s.action) || matches!(s.action, Action::Insert { .. }))
}
