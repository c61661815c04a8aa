//! After an erasure: is anything left? Fresh reads, at the cost of the person's rows (DESIGN section 5, "Verify").
//!
//! The person's records are gone, so the search starts from *ghosts*: what the plan remembers of them. Whatever still joins
//! them, and is not on the plan's list of things that stay, is a residue.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::claims::Claims;
use super::elsewhere::Settled;
use super::ghosts::{Taken, ghosts};
use super::left::Left;
use super::named::Named;
use super::resolve::Person;
use super::rows::Rows;
use super::sweep::Sweep;
use super::types::{Action, Key, Plan, Step};
use super::{Answer, Ask, What};
use crate::ask::{By, Row, Select};
use crate::policy::model::{Identity, KindId, Policy, Population, Right, Role, TableId};
use crate::text::Finder;
use crate::value::Value;

/// Something that should not be there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Residue {
    /// System.
    pub system: String,
    /// Table.
    pub table: String,
    /// Number of rows.
    pub rows: u64,
    /// What was found, for people.
    pub what: String,
}

/// The search for residues as a state machine.
pub struct Probe<'p> {
    policy: &'p Policy,
    plan: &'p Plan,
    kind: KindId,
    rows: Rows,
    ghosts: usize,
    person: Person,
    claims: Claims,
    finder: Finder,
    left: Left<'p>,
    checks: Vec<Check<'p>>,
    stage: Stage,
    residues: BTreeMap<(String, String, &'static str), u64>,
    reads: BTreeSet<(String, String)>,
}

#[derive(PartialEq, Eq)]
enum Stage {
    Start,
    Keys,
    Claims,
    Done,
}

/// One thing to read again.
enum Check<'p> {
    Step { system: &'p str, step: &'p Step },
    Identity(Named),
}

impl<'p> Probe<'p> {
    /// A probe after `plan` was applied, or `None` if the policy no longer has the plan's kind.
    pub fn new(policy: &'p Policy, plan: &'p Plan) -> Option<Self> {
        let kind = policy.kind(&plan.kind)?;
        let mut rows = Rows::new(policy);
        let (person, claims, _) = ghosts(policy, plan, kind, &mut rows, &Taken::default(), Some(Role::Owner))?;
        let ghosts = rows.all().count();
        let finder = Finder::new(&plan.identifiers);
        let sweep = (!plan.swept.is_empty()).then(|| Sweep::new(&person, plan.identifiers.clone()));
        let claims = claims.sweeping(sweep);
        let (residues, reads) = (BTreeMap::new(), BTreeSet::new());
        Some(Probe {
            policy,
            plan,
            kind,
            rows,
            ghosts,
            person,
            claims,
            finder,
            left: Left::of(policy, plan),
            checks: Vec::new(),
            stage: Stage::Start,
            residues,
            reads,
        })
    }

    /// Takes answers, returns the next asks; none when the probe is done.
    pub fn step(&mut self, answers: Vec<Answer>) -> Vec<Ask> {
        let mut answers = match self.rows.elsewhere().settle(self.policy, answers) {
            Settled::Ask(asks) => return asks,
            Settled::Go(answers) => answers,
        };
        loop {
            let given = std::mem::take(&mut answers);
            let asks = match self.stage {
                Stage::Start => {
                    self.stage = Stage::Keys;
                    self.ask_again()
                }
                Stage::Keys => {
                    self.compare(given);
                    if !self.erases() {
                        self.stage = Stage::Done;
                        return Vec::new();
                    }
                    self.stage = Stage::Claims;
                    self.close(Vec::new())
                }
                Stage::Claims => self.close(given),
                Stage::Done => return Vec::new(),
            };
            if !asks.is_empty() {
                self.reads.extend(asks.iter().map(|a| {
                    let t = self.policy.table(a.table);
                    (self.policy.system(a.system).name.clone(), t.name.clone())
                }));
                return asks;
            }
        }
    }

    /// What was found, and the tables that were read.
    pub fn finish(self) -> (Vec<Residue>, Vec<(String, String)>) {
        let residues = self
            .residues
            .into_iter()
            .map(|((system, table, what), rows)| Residue { system, table, rows, what: what.into() })
            .collect();
        (residues, self.reads.into_iter().collect())
    }

    /// Shall nothing lead to the person afterwards? Other rights only see that what they wrote stands.
    fn erases(&self) -> bool {
        matches!(self.plan.right, Right::Erasure | Right::Deactivation)
    }

    fn ask_again(&mut self) -> Vec<Ask> {
        let mut asks = Vec::new();
        for (system, step) in steps(self.plan) {
            let columns = match &step.action {
                Action::Delete => step.key.clone(),
                Action::Change { columns, .. } => {
                    let extra = columns.iter().map(|(c, _)| c.clone()).filter(|c| !step.key.contains(c));
                    step.key.iter().cloned().chain(extra).collect()
                }
                _ => continue,
            };
            let Some(table) = self.policy.system_named(system).and_then(|s| self.policy.table_named(s, &step.table))
            else {
                continue;
            };
            let by = By::Keys { columns: step.key.clone(), values: step.keys.clone() };
            let select = Select { table: step.table.clone(), columns, by, filter: Vec::new(), lock: false };
            asks.push(Ask { system: self.policy.table(table).system, table, what: What::Select(select) });
            self.checks.push(Check::Step { system, step });
        }
        if self.erases() {
            // Rows beside a record lead to it by their link, so they are met where claims are closed again.
            let tells = |p: &Population, i: &Identity| self.policy.table(p.table).made || i.table == p.table;
            for (named, ask) in Named::all(self.policy, self.kind, &self.rows, &self.person, tells) {
                asks.push(ask);
                self.checks.push(Check::Identity(named));
            }
        }
        asks
    }

    fn compare(&mut self, answers: Vec<Answer>) {
        for (check, answer) in std::mem::take(&mut self.checks).into_iter().zip(answers) {
            match check {
                Check::Step { system, step } => {
                    let (what, rows) = self.compare_step(step, answer.rows());
                    if rows > 0 {
                        *self.residues.entry((system.to_owned(), step.table.clone(), what)).or_default() += rows;
                    }
                }
                Check::Identity(named) => self.compare_identity(&named, answer.rows()),
            }
        }
    }

    fn compare_step(&self, step: &Step, rows: Vec<Row>) -> (&'static str, u64) {
        let Action::Change { columns, .. } = &step.action else {
            return ("rows that the plan deleted are still there", rows.len() as u64);
        };
        let names: Vec<&String> =
            step.key.iter().chain(columns.iter().map(|(c, _)| c).filter(|c| !step.key.contains(c))).collect();
        let deleted_too = |key: &[Value]| {
            steps(self.plan)
                .any(|(_, s)| s.action == Action::Delete && s.table == step.table && s.keys.iter().any(|k| k == key))
        };
        let wrong = rows.iter().filter(|row| {
            !deleted_too(&row[..step.key.len()])
                && columns.iter().any(|(column, how)| {
                    let at = names.iter().position(|n| *n == column).unwrap_or_default();
                    !how.stands(&self.finder, &row[at])
                })
        });
        ("columns that the plan changed do not hold what it wrote", wrong.count() as u64)
    }

    fn compare_identity(&mut self, named: &Named, rows: Vec<Row>) {
        for (key, _) in named.hits(self.policy, &self.rows, &self.person, rows) {
            if !self.stays(named.table, &key) {
                let t = self.policy.table(named.table);
                let entry = (
                    self.policy.system(t.system).name.clone(),
                    t.name.clone(),
                    "a record can still be found by an identity of the person",
                );
                *self.residues.entry(entry).or_default() += 1;
            }
        }
    }

    fn close(&mut self, answers: Vec<Answer>) -> Vec<Ask> {
        let mut review = Vec::new();
        let asks = self.claims.step(self.policy, &self.person, &self.finder, &mut self.rows, &mut review, answers);
        if asks.is_empty() {
            self.stage = Stage::Done;
            self.judge();
        }
        asks
    }

    /// Rows that join the ghosts and were neither planned nor listed as staying.
    fn judge(&mut self) {
        let found: Vec<(TableId, Key)> = self
            .rows
            .all()
            .skip(self.ghosts)
            .filter(|(_, r)| !r.claims.is_empty())
            .map(|(_, r)| (r.table, r.key.clone()))
            .collect();
        for (table, key) in found {
            if !self.stays(table, &key) && !self.changed(table, &key) {
                let t = self.policy.table(table);
                let entry =
                    (self.policy.system(t.system).name.clone(), t.name.clone(), "rows still lead to the person");
                *self.residues.entry(entry).or_default() += 1;
            }
        }
    }

    fn stays(&self, table: TableId, key: &Key) -> bool {
        let t = self.policy.table(table);
        let system = &self.policy.system(t.system).name;
        let here = |s: &str, n: &str| s == system && n == t.name;
        let was = self.left.before(table, key);
        let kept = |keys: &[Key]| was.iter().any(|key| keys.binary_search(key).is_ok());
        self.plan.kept.iter().any(|k| here(&k.system, &k.table) && kept(&k.keys))
            || self.plan.review.iter().any(|r| here(&r.system, &r.table) && was.contains(&r.key))
    }

    fn changed(&self, table: TableId, key: &Key) -> bool {
        let t = self.policy.table(table);
        let system = &self.policy.system(t.system).name;
        let was = self.left.before(table, key);
        let among = |keys: &[Key]| was.iter().any(|key| keys.binary_search(key).is_ok());
        // Where a key was destroyed nothing is written.
        let mut shreds = self.plan.shreds.iter().filter(|s| s.system == *system && s.table == t.name);
        self.changes(table).any(|step| among(&step.keys)) || shreds.any(|shred| among(&shred.staying))
    }

    fn changes(&self, table: TableId) -> impl Iterator<Item = &'p Step> {
        let t = self.policy.table(table);
        let (system, name) = (&self.policy.system(t.system).name, &t.name);
        let changes = |step: &Step| step.table == *name && matches!(step.action, Action::Change { .. });
        steps(self.plan).filter(move |(s, step)| s == system && changes(step)).map(|(_, step)| step)
    }
}

/// Steps of a plan with the names of their systems.
pub(super) fn steps(plan: &Plan) -> impl Iterator<Item = (&str, &Step)> {
    plan.systems.iter().flat_map(|s| s.steps.iter().map(move |step| (s.system.as_str(), step)))
}
