//! After an erasure: is anything left? Fresh reads, at the cost of the person's rows (DESIGN section 5, "Verify").
//!
//! The person's records are gone, so the search starts from *ghosts*: what the plan remembers of them. Whatever still joins
//! them, and is not on the plan's list of things that stay, is a residue.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::claims::Claims;
use super::elsewhere::Settled;
use super::ghosts::ghosts;
use super::how::How;
use super::resolve::{Person, ask_for, identities_of, region};
use super::rows::Rows;
use super::sweep::Sweep;
use super::types::{Action, Key, Plan, Step};
use super::{Answer, Ask, What};
use crate::actions::address;
use crate::ask::{By, Row, Select};
use crate::matching;
use crate::policy::model::{ColumnIx, Identity, KindId, Policy, Population, Right, TableId, Worth};
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
    Identity { table: TableId, population: usize, identity: usize, values: Vec<String> },
}

impl<'p> Probe<'p> {
    /// A probe after `plan` was applied, or `None` if the policy no longer has the plan's kind.
    pub fn new(policy: &'p Policy, plan: &'p Plan) -> Option<Self> {
        let kind = policy.kind(&plan.kind)?;
        let mut rows = Rows::new(policy);
        let (person, claims) = ghosts(policy, plan, kind, &mut rows)?;
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
        let erases = self.erases();
        let populations = self.policy.kinds[self.kind.0].populations.iter().enumerate();
        for (at, population) in populations.filter(|_| erases) {
            // Rows beside a record lead to it by their link, so they are met where claims are closed again.
            let made = self.policy.table(population.table).made;
            let tells = |i: &Identity| i.worth == Worth::Key && (made || i.table == population.table);
            for (ix, identity) in population.identities.iter().enumerate().filter(|(_, i)| tells(i)) {
                let mut values: BTreeSet<String> = BTreeSet::new();
                for (record, _) in &self.person.records {
                    let region = region(self.policy, &self.rows, *record);
                    let named = identities_of(self.policy, self.kind, &self.rows, *record, |w| w == Worth::Key);
                    let named = named.filter(|(name, _)| *name == identity.name);
                    values.extend(named.filter_map(|(_, v)| matching::normal(identity.matching, &v, region)));
                }
                values.retain(|v| !self.person.not_followed.contains(&(identity.name.clone(), v.clone())));
                if values.is_empty() {
                    continue;
                }
                let values: Vec<String> = values.into_iter().collect();
                asks.push(ask_for(self.policy, &self.rows, identity, values.clone()));
                let table = identity.table;
                self.checks.push(Check::Identity { table, population: at, identity: ix, values });
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
                Check::Identity { table, population, identity, values } => {
                    self.compare_identity(table, population, identity, &values, answer.rows())
                }
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
                    !self.stands(how, &row[at])
                })
        });
        ("columns that the plan changed do not hold what it wrote", wrong.count() as u64)
    }

    /// Does a column hold what the plan wrote, as far as can be told without the old value?
    fn stands(&self, how: &How, value: &Value) -> bool {
        let named = || value.readable().is_some_and(|text| !self.finder.hits(text).is_empty());
        match how {
            How::Set(v) => super::stored::holds(v, value) || (is_empty(v) && is_empty(value)),
            How::Sealed => true,
            How::Redact => !named(),
            How::Within(within) => !within.is_in(value),
            // What the others wrote is no longer the last word on the column.
            How::Each(list) => list.iter().all(|how| matches!(how, How::Set(_)) || self.stands(how, value)),
            How::RedactWithin(within) => within.is_done(&self.finder, value),
            How::Pseudonym(form) => form.is(value),
            How::TruncateIp { otherwise } => {
                is_empty(value) || value == otherwise || address::truncated(value).as_ref() == Some(value)
            }
            How::Generalise { to, otherwise } => is_empty(value) || value == otherwise || to.is(value),
            How::Hash | How::Placeholder { .. } => !named(),
        }
    }

    fn compare_identity(
        &mut self,
        table: TableId,
        population: usize,
        identity: usize,
        values: &[String],
        rows: Vec<Row>,
    ) {
        let p = &self.policy.kinds[self.kind.0].populations[population];
        let i = &p.identities[identity];
        let region = self.policy.system(p.system).country.as_deref();
        for values_of in rows {
            let needed = self.rows.needed(table);
            let at = |c| needed.binary_search(&c).ok().map(|at| &values_of[at]);
            let has_it = self.rows.holds_for(&i.when, |c| at(c).unwrap_or(&Value::Null));
            let held = at(i.column).map(|v| i.reading.values(v)).unwrap_or_default();
            let mut normal = held.iter().filter_map(|v| matching::normal(i.matching, v, region));
            let hit = has_it && normal.any(|n| values.contains(&n));
            let key: Key = self.policy.table(table).key.iter().filter_map(|c| at(*c).cloned()).collect();
            let local = self.person.local_tenants.get(&p.system);
            let tenant = p.tenant.as_ref().is_none_or(|t| {
                let own = local.into_iter().flatten();
                let column = if table == p.table { Some(t.column) } else { self.made_tenant(p, table) };
                column.and_then(at).is_some_and(|v| own.into_iter().any(|l| super::resolve::same(l, v)))
            });
            let held = |c| at(c).unwrap_or(&Value::Null);
            let is_person = table != p.table || self.rows.holds_for(&p.when, held);
            if hit && tenant && is_person && !self.stays(table, &key) {
                let t = self.policy.table(table);
                let entry = (
                    self.policy.system(t.system).name.clone(),
                    t.name.clone(),
                    "a record can still be found by an identity of the person",
                );
                *self.residues.entry(entry).or_default() += 1;
            }
        }
    }

    /// Where the records are the values of an identity, the tenant's column in a table that holds them.
    fn made_tenant(&self, population: &Population, table: TableId) -> Option<ColumnIx> {
        let tenant = population.tenant.as_ref()?;
        self.policy.table(table).column(&self.policy.table(population.table).columns[tenant.column].name)
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
        let was = self.before(table, key);
        let kept = |keys: &[Key]| was.iter().any(|key| keys.binary_search(key).is_ok());
        self.plan.kept.iter().any(|k| here(&k.system, &k.table) && kept(&k.keys))
            || self.plan.review.iter().any(|r| here(&r.system, &r.table) && was.contains(&r.key))
    }

    /// Keys that a row may have had when the plan was made. Where the whole row is the key, the plan itself changes it.
    fn before(&self, table: TableId, key: &Key) -> Vec<Key> {
        let mut keys = vec![key.clone()];
        if self.policy.table(table).keyless {
            let steps = self.changes(table).flat_map(|step| step.keys.iter().map(move |key| (step, key)));
            keys.extend(steps.filter(|(step, old)| self.left(step, old, key)).map(|(_, old)| old.clone()));
        }
        keys
    }

    /// Could a step have left the row of this key so?
    fn left(&self, step: &Step, old: &Key, now: &Key) -> bool {
        let Action::Change { columns, .. } = &step.action else { return false };
        step.key.iter().zip(old.iter().zip(now)).all(|(name, (old, now))| {
            match columns.iter().find(|(column, _)| column == name) {
                Some((_, how)) => self.stands(how, now),
                None => old == now,
            }
        })
    }

    fn changed(&self, table: TableId, key: &Key) -> bool {
        let t = self.policy.table(table);
        let system = &self.policy.system(t.system).name;
        let was = self.before(table, key);
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

fn is_empty(value: &Value) -> bool {
    value.join_text().is_none()
}
