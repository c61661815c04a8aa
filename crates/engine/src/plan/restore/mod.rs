//! A deactivation is taken back: from its seal and the rows as they are now to a plan.
//!
//! Only what still stands as it was left is undone. What somebody else changed since keeps their value; what another
//! deactivation changed or took away comes back with that one.

mod check;
mod edges;
mod handed;
mod order;
mod references;
mod stand;
mod stand_ins;
mod veil;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::digest::{digest, fingerprint, token};
use super::how::How;
use super::pace::Paced;
use super::types::{Action, HandedOn, Kept, Key, Plan, Rebuild, Restores, Step, SystemPlan, Why};
use super::{Answer, Ask, Refusal};
use crate::ask::Select;
use crate::policy::model::{ColumnIx, Policy, Right, SystemId, TableId};
use crate::schema::Schema;
use crate::seal::{Sealed, SealedTable};
use crate::value::Value;

pub use check::{Checked, check, selects};
use edges::Seals;
pub use handed::hand_on;
use stand::{Sides, Standing, Stood};
use veil::Veils;

/// A deactivation and what it sealed.
#[derive(Clone, Debug)]
pub struct Deactivation {
    /// Its case.
    pub case: String,
    /// Its plan.
    pub plan: Plan,
    /// Its seal.
    pub sealed: Vec<Sealed>,
    /// Digest of the seal.
    pub digest: String,
}

impl Deactivation {
    /// A deactivation of its plan, with its seal.
    pub fn new(case: String, plan: Plan, sealed: Vec<Sealed>) -> Self {
        let bytes = serde_json::to_vec(&sealed).expect("a seal is plain data");
        let digest = token(&plan.token_key, &[b"seal", &bytes]);
        Deactivation { case, plan, sealed, digest }
    }
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Returning {
    /// The case of the reactivation.
    pub request: String,
    /// Who asks.
    pub requested_by: String,
    /// Random.
    pub nonce: [u8; 16],
    /// Now.
    pub made_at: Timestamp,
    /// When the plan expires.
    pub expires_at: Timestamp,
}

/// The planner of a reactivation; it asks and is answered like [`super::Planner`].
pub struct Restorer<'p> {
    policy: &'p Policy,
    schemas: &'p BTreeMap<String, Schema>,
    own: &'p Deactivation,
    others: &'p [Deactivation],
    question: Returning,
    asked: Vec<Asked>,
    standing: Standing,
    stage: Stage,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Begin,
    Rows,
    Around,
}

/// Why something was asked.
#[derive(Clone, Debug)]
enum Asked {
    /// The sealed rows of a table as they are now: place of the system and table in the seal.
    Rows(usize, usize),
    /// Rows that sealed ones refer to: the table and the columns asked for.
    Targets(TableId, Vec<String>),
    /// Rows that refer to a stand-in record: table, and the columns that do.
    Referring(TableId, Vec<String>),
}

/// What the restorer does next.
pub enum Returned {
    /// Wants answers, in this order.
    Ask(Vec<Ask>),
    /// Is done.
    Done(Box<Plan>),
}

impl<'p> Restorer<'p> {
    /// A planner for one reactivation; `others` are all other deactivations that can still be taken back, oldest first.
    pub fn new(
        policy: &'p Policy,
        schemas: &'p BTreeMap<String, Schema>,
        own: &'p Deactivation,
        others: &'p [Deactivation],
        question: Returning,
    ) -> Self {
        let standing = Standing::default();
        Restorer { policy, schemas, own, others, question, asked: Vec::new(), standing, stage: Stage::Begin }
    }

    /// Takes the answers to the asks it returned last (none at first) and goes on.
    pub fn step(&mut self, answers: Vec<Answer>) -> Result<Returned, Refusal> {
        let asked = std::mem::take(&mut self.asked);
        for (asked, answer) in asked.into_iter().zip(answers) {
            self.standing.take(self.policy, self.own, asked, answer.rows());
        }
        let asks = match self.stage {
            Stage::Begin => {
                self.stage = Stage::Rows;
                self.rows()?
            }
            Stage::Rows => {
                self.stage = Stage::Around;
                self.around()
            }
            Stage::Around => Vec::new(),
        };
        if self.stage == Stage::Around && asks.is_empty() {
            return Ok(Returned::Done(Box::new(self.plan())));
        }
        let (asked, asks) = asks.into_iter().unzip();
        self.asked = asked;
        Ok(Returned::Ask(asks))
    }

    fn table(&self, system: &str, table: &str) -> Option<TableId> {
        self.policy.table_named(self.policy.system_named(system)?, table)
    }

    /// The sealed rows as they are now.
    fn rows(&self) -> Result<Vec<(Asked, Ask)>, Refusal> {
        let mut asks = Vec::new();
        for (s, system) in self.own.sealed.iter().enumerate() {
            for (t, table) in system.tables.iter().enumerate() {
                let place = || format!("{}.{}", system.system, table.table);
                let id = self.table(&system.system, &table.table);
                let id = id.ok_or_else(|| Refusal::Unmapped { table: place() })?;
                let live = self.schemas.get(&system.system).and_then(|schema| schema.table(&table.table));
                let live = live.ok_or_else(|| Refusal::Unmapped { table: place() })?;
                let gone: Vec<String> = table.columns.iter().filter(|c| live.column(c).is_none()).cloned().collect();
                if !gone.is_empty() {
                    return Err(Refusal::Reshaped { table: place(), columns: gone });
                }
                let mut keys: Vec<Key> = Vec::new();
                for image in &table.rows {
                    keys.extend([&image.before, &image.after].into_iter().flatten().map(|row| table.key_of(row)));
                }
                keys.sort();
                keys.dedup();
                let by = crate::ask::By::Values { columns: table.key.clone(), values: keys };
                let (table, columns) = (table.table.clone(), table.columns.clone());
                let select = Select { table, columns, by, filter: Vec::new(), lock: false };
                asks.push((Asked::Rows(s, t), Ask::select(self.policy, id, select)));
            }
        }
        Ok(asks)
    }

    /// What rows that come back refer to, and who refers to stand-in records.
    fn around(&self) -> Vec<(Asked, Ask)> {
        let mut asks = Vec::new();
        for (id, columns, values) in self.standing.targets(self.policy, self.own) {
            asks.push(self.ask_for(id, columns, values, Asked::Targets));
        }
        for (id, columns, values) in self.standing.referring(self.policy, self.own) {
            asks.push(self.ask_for(id, columns, values, Asked::Referring));
        }
        asks
    }

    fn ask_for(
        &self,
        id: TableId,
        columns: Vec<String>,
        values: Vec<Vec<Value>>,
        why: impl Fn(TableId, Vec<String>) -> Asked,
    ) -> (Asked, Ask) {
        let t = self.policy.table(id);
        let mut wanted = t.names(&t.key);
        wanted.extend(columns.iter().cloned());
        wanted.extend(t.names(&deciding(self.policy, id, &columns)));
        let by = crate::ask::By::Values { columns: columns.clone(), values };
        let select = Select { table: t.name.clone(), columns: wanted, by, filter: Vec::new(), lock: false };
        (why(id, columns), Ask::select(self.policy, id, select))
    }

    fn plan(&self) -> Plan {
        let seals = || Seals::new(self.others.iter().map(|d| (d.case.clone(), d.sealed.clone())).collect());
        let now = seals();
        let veils = Veils::new(self.own, self.others);
        let sides = Sides { policy: self.policy, own: self.own, others: self.others, seals: &now, veils: &veils };
        let mut stood = self.standing.settle(&sides);
        let mut after = seals();
        handed::rewrite(&self.planned(&stood, &veils), &self.own.sealed, &mut after);
        stand_ins::settle(&sides, &self.standing, &after, &mut stood);
        self.planned(&stood, &veils)
    }

    /// The plan that does what was decided.
    fn planned(&self, stood: &Stood, veils: &Veils<'_>) -> Plan {
        let mut systems: Vec<SystemPlan> = Vec::new();
        for system in &self.own.sealed {
            let steps = self.steps(system, stood);
            let schema = self.schemas.get(&system.system);
            let tables = steps.iter().map(|s| &s.table);
            let fingerprint = tables.filter_map(|t| Some((t.clone(), fingerprint(schema?.table(t)?)))).collect();
            let rebuild = self.rebuilt(&system.system, &steps);
            if !steps.is_empty() {
                let known = self.policy.system_named(&system.system);
                let paced = known.and_then(|id| Paced::of(&self.policy.system(id).limits, &steps));
                systems.push(SystemPlan {
                    system: system.system.clone(),
                    fingerprint,
                    steps,
                    rebuild,
                    files: None,
                    calls: None,
                    paced,
                });
            }
        }
        let seals = self.others.iter().chain([self.own]).map(|d| (d.case.clone(), d.digest.clone())).collect();
        let restores = Restores { case: self.own.case.clone(), seals, handed_on: stood.handed_on.clone() };
        let q = &self.question;
        // Only where somebody is named does the plan need to know them.
        let identifiers = if stood.veiled.is_empty() { Vec::new() } else { veils.identifiers.clone() };
        Plan {
            request: q.request.clone(),
            right: Right::Reactivation,
            requested_by: q.requested_by.clone(),
            policy: self.policy.hash.clone(),
            systems,
            stopped: Vec::new(),
            rest_of: None,
            kept: kept(stood),
            withheld: Vec::new(),
            review: Vec::new(),
            unusable: Vec::new(),
            other_kinds: Vec::new(),
            restores: Some(restores),
            identifiers,
            absent: Vec::new(),
            // What is undone was decided when the person left; conditions decide nothing any more.
            consulted: Vec::new(),
            freed: Vec::new(),
            bearers: Vec::new(),
            breaches: Vec::new(),
            nonce: hex::encode(q.nonce),
            made_at: q.made_at,
            expires_at: q.expires_at,
            ..self.own.plan.clone()
        }
    }

    fn rebuilt(&self, system: &str, steps: &[Step]) -> Vec<Rebuild> {
        let Some(id) = self.policy.system_named(system) else { return Vec::new() };
        let changed = |table: TableId| steps.iter().any(|s| s.table == self.policy.table(table).name);
        self.policy.system(id).rebuilt_after(changed).map(|view| Rebuild::of(self.policy, view)).collect()
    }

    /// Rows are put back before columns point at them, and stand-in records go when nothing does any more.
    fn steps(&self, system: &Sealed, stood: &Stood) -> Vec<Step> {
        let mut steps = Vec::new();
        let id = self.policy.system_named(&system.system);
        for wave in id.map(|id| order::waves(self.policy, id, system, stood)).unwrap_or_default() {
            let Some(table) = system.tables.iter().find(|t| t.table == wave.table) else { continue };
            let columns = self.writable(&system.system, table);
            let action = Action::Reinsert { columns, instead: wave.instead };
            if !wave.keys.is_empty() {
                steps.push(self.on(table, wave.keys, action, table.key.clone(), &[], "was away"));
            }
            for (columns, keys) in wave.later {
                let change = columns.into_iter().map(|c| (c, How::Sealed)).collect();
                let action = Action::Change { columns: change, spans: Vec::new() };
                // Before the run the rows are not there.
                steps.push(self.on(table, keys, action, table.key.clone(), &[], "closes a circle of references"));
            }
        }
        for table in &system.tables {
            for ((columns, new), rows) in stood.hidden(&system.system, &table.table) {
                let mut decided = table.key.clone();
                decided.extend(columns.iter().map(|(c, _)| c).filter(|c| !table.key.contains(c)).cloned());
                // Before the run, rows that come back are not there.
                let there = rows.iter().filter(|_| !new);
                let now: Vec<Vec<Value>> = there.filter_map(|row| table.values(row, &decided)).collect();
                let decided = if new { table.key.clone() } else { decided };
                let keys = rows.iter().map(|row| table.key_of(row)).collect();
                let back = |(c, how)| (c, How::Each(vec![How::Sealed, how]));
                let action = Action::Change { columns: columns.into_iter().map(back).collect(), spans: Vec::new() };
                steps.push(self.on(table, keys, action, decided, &now, "comes back without who is away"));
            }
            for (columns, rows) in stood.undone(&system.system, &table.table) {
                let mut decided = table.key.clone();
                decided.extend(columns.iter().filter(|c| !table.key.contains(c)).cloned());
                let now: Vec<Vec<Value>> = rows.iter().filter_map(|row| table.values(row, &decided)).collect();
                let keys = rows.iter().map(|row| table.key_of(row)).collect();
                let change = columns.into_iter().map(|c| (c, How::Sealed)).collect();
                let action = Action::Change { columns: change, spans: Vec::new() };
                steps.push(self.on(table, keys, action, decided, &now, "was changed"));
            }
        }
        for table in &system.tables {
            let unused = stood.unused(&system.system, &table.table);
            if !unused.is_empty() {
                let rows: Vec<Vec<Value>> = unused.clone();
                let decided = table.key.clone();
                steps.push(self.on(table, unused, Action::Delete, decided, &rows, "stood in, and is not needed"));
            }
        }
        steps
    }

    fn on(
        &self,
        table: &SealedTable,
        mut keys: Vec<Key>,
        action: Action,
        decided_by: Vec<String>,
        rows: &[Vec<Value>],
        reason: &str,
    ) -> Step {
        if !matches!(action, Action::Reinsert { .. }) {
            keys.sort();
        }
        let digest = digest(&hex::encode(self.question.nonce), &table.table, &decided_by, rows);
        let (key, reason) = (table.key.clone(), reason.to_owned());
        Step {
            table: table.table.clone(),
            key,
            keys,
            copies: None,
            was: Vec::new(),
            or_more: false,
            together: false,
            action,
            reason,
            decided_by,
            digest,
            each: Vec::new(),
        }
    }

    /// Columns that an insert may write.
    fn writable(&self, system: &str, table: &SealedTable) -> Vec<String> {
        let live = self.schemas.get(system).and_then(|s| s.table(&table.table));
        let generated = |c: &&String| live.and_then(|t| t.column(c)).is_some_and(|c| c.generated);
        table.columns.iter().filter(|c| !generated(c)).cloned().collect()
    }
}

/// Columns that decide whether links by these columns join a row.
fn deciding(policy: &Policy, id: TableId, columns: &[String]) -> Vec<ColumnIx> {
    let t = policy.table(id);
    let links = t.links.iter().filter(|l| !l.by && t.names(&l.columns) == columns);
    let deciding: BTreeSet<ColumnIx> = links.flat_map(|l| l.when.columns()).collect();
    deciding.into_iter().collect()
}

fn kept(stood: &Stood) -> Vec<Kept> {
    let mut grouped: BTreeMap<(String, String, Why, Vec<String>), Vec<Key>> = BTreeMap::new();
    for (system, table, key, why, columns) in &stood.kept {
        let place = (system.clone(), table.clone(), why.clone(), columns.clone());
        grouped.entry(place).or_default().push(key.clone());
    }
    let kept = grouped.into_iter().map(|((system, table, reason, columns), mut keys)| {
        keys.sort();
        Kept { system, table, keys, reason, columns }
    });
    kept.collect()
}

/// Systems of a seal by id, for what refers across tables.
fn system_of(policy: &Policy, sealed: &Sealed) -> Option<SystemId> {
    policy.system_named(&sealed.system)
}

/// What one row hands on to another deactivation.
fn handing(case: &str, system: &str, table: &str, key: &Key, columns: Option<Vec<String>>) -> HandedOn {
    let (case, system, table) = (case.to_owned(), system.to_owned(), table.to_owned());
    HandedOn { case, system, table, key: key.clone(), columns }
}
