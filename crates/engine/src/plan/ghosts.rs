//! What a plan remembers of the person: their records and the rows it deleted, as they were. Whatever still leads to them is
//! found from there.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::bearers::Bearers;
use super::claims::Claims;
use super::named::Named;
use super::probe::steps;
use super::resolve::Person;
use super::rows::{Claim, RowIx, Rows, Via};
use super::types::{Action, Key, Plan, Step, Was};
use super::{Answer, Ask, What};
use crate::ask::{By, Select};
use crate::matching;
use crate::policy::model::{Fate, KindId, Match, Policy, Role, TableId};
use crate::value::Value;

/// Rows that a plan deleted, with the fate that they had in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Gone(HashMap<RowIx, Fate>);

impl Gone {
    /// Is this row gone?
    pub fn is(&self, ix: RowIx) -> bool {
        self.0.contains_key(&ix)
    }

    /// Those that are, with their fates.
    pub fn fates(&self) -> impl Iterator<Item = (RowIx, Fate)> {
        self.0.iter().map(|(ix, fate)| (*ix, *fate))
    }
}

/// Keys and identities that a plan freed and that are somebody's again. They lead nowhere.
#[derive(Debug, Default)]
pub(super) struct Taken {
    keys: HashSet<(TableId, Key)>,
    identities: BTreeSet<(String, String)>,
}

/// Takes in the records and deleted rows of a plan, but for those whose key is taken; `None` if the policy no longer has one
/// of their tables. Each passes on what the person had on it: nothing where it only went with others, or where the plan
/// does not tell, but `otherwise`.
pub(super) fn ghosts(
    policy: &Policy,
    plan: &Plan,
    kind: KindId,
    rows: &mut Rows,
    taken: &Taken,
    otherwise: Option<Role>,
) -> Option<(Person, Claims, Gone)> {
    let mut claims = Claims::new(policy, kind);
    let mut person = records(policy, plan, rows, taken)?;
    person.not_followed.extend(taken.identities.iter().cloned());
    let mut gone = Gone::default();
    for (system, step) in deletions(plan) {
        let table = policy.table_named(policy.system_named(system)?, &step.table)?;
        for (at, key) in step.keys.iter().enumerate().filter(|(_, key)| !taken.keys.contains(&(table, (*key).clone())))
        {
            let ix = rows.take(policy, table, ghost(policy, rows, table, key));
            let was = step.was(at);
            gone.0.insert(ix, was.map_or(Fate::Delete, |was| was.fate));
            for role in was.map_or(otherwise.as_slice(), |was| &was.roles) {
                claims.add(rows, ix, Claim { role: *role, via: Via::Own });
            }
        }
    }
    rows.look_up(policy);
    Some((person, claims, gone))
}

fn records(policy: &Policy, plan: &Plan, rows: &mut Rows, taken: &Taken) -> Option<Person> {
    let not_followed = plan.not_followed.iter().cloned().collect();
    let mut person = Person { tenant: plan.tenant.clone(), not_followed, ..Person::default() };
    for (system, values) in &plan.local_tenants {
        person.local_tenants.insert(policy.system_named(system)?, values.clone());
    }
    // The rest of an erasure is about what was left, not about who may have come back since.
    for record in plan.persons.iter().filter(|_| plan.rest_of.is_none()) {
        let table = policy.table_named(policy.system_named(&record.system)?, &record.table)?;
        if taken.keys.contains(&(table, record.key.clone())) {
            continue;
        }
        let names = policy.table(table).names(rows.needed(table));
        let values = names.iter().map(|n| record.values.get(n).cloned().unwrap_or(Value::Null)).collect();
        let ix = rows.take(policy, table, values);
        record.held.iter().for_each(|(name, value)| rows.hold(ix, name, value.clone()));
        person.records.push((ix, record.chain.clone()));
    }
    Some(person)
}

fn deletions(plan: &Plan) -> impl Iterator<Item = (&str, &Step)> {
    steps(plan).filter(|(_, step)| step.action == Action::Delete)
}

/// A row of which only the key is remembered.
fn ghost(policy: &Policy, rows: &Rows, table: TableId, key: &Key) -> Vec<Value> {
    let t = policy.table(table);
    let value = |column| t.key.iter().position(|k| *k == column).map_or(Value::Null, |at| key[at].clone());
    rows.needed(table).iter().map(|c| value(*c)).collect()
}

/// The search for what is taken: are deleted rows there again, and does anybody else have an identity of the person?
pub(super) struct Living<'p> {
    policy: &'p Policy,
    plan: &'p Plan,
    kind: KindId,
    /// The records as they were.
    rows: Rows,
    person: Person,
    asked: Vec<Asked>,
}

enum Asked {
    Keys(TableId),
    Named(Box<(Named, Select)>),
}

impl<'p> Living<'p> {
    /// Of what `plan` freed; `None` if the policy no longer has one of its tables.
    pub fn of(policy: &'p Policy, plan: &'p Plan, kind: KindId) -> Option<Self> {
        let mut rows = Rows::new(policy);
        let person = records(policy, plan, &mut rows, &Taken::default())?;
        Some(Living { policy, plan, kind, rows, person, asked: Vec::new() })
    }

    /// Has it asked?
    pub fn awaits(&self) -> bool {
        !self.asked.is_empty()
    }

    /// What to ask.
    pub fn ask(&mut self) -> Vec<Ask> {
        let policy = self.policy;
        let mut asks = Vec::new();
        for (system, step) in deletions(self.plan) {
            let table = policy.system_named(system).and_then(|s| policy.table_named(s, &step.table));
            if let Some(table) = table {
                let by = By::Keys { columns: step.key.clone(), values: step.keys.clone() };
                let (name, columns) = (step.table.clone(), step.key.clone());
                let select = Select { table: name, columns, by, filter: Vec::new(), lock: false };
                asks.push(Ask::select(policy, table, select));
                self.asked.push(Asked::Keys(table));
            }
        }
        // What is written meanwhile makes nobody a person; where an identity is all there is of one, it stays theirs.
        let named = Named::all(policy, self.kind, &self.rows, &self.person, |p, i| {
            !policy.table(p.table).made && (i.table == p.table || !policy.table(i.table).sweep_after)
        });
        for (named, ask) in named {
            if let What::Select(select) = &ask.what {
                self.asked.push(Asked::Named(Box::new((named, select.clone()))));
                asks.push(ask);
            }
        }
        asks
    }

    /// What came of it, and who answered to which identity. `rows` know what conditions look up.
    pub fn take(self, rows: &Rows, answers: Vec<Answer>) -> (Taken, Vec<Bearers>) {
        let (mut taken, mut met, mut bearers) = (Taken::default(), Vec::new(), Vec::new());
        for (asked, answer) in self.asked.iter().zip(answers) {
            match asked {
                Asked::Keys(table) => taken.keys.extend(answer.rows().into_iter().map(|key| (*table, key))),
                Asked::Named(asked) => {
                    let (named, select) = &**asked;
                    let answered = answer.rows();
                    let system = &self.policy.system(self.policy.table(named.table).system).name;
                    bearers.push(Bearers::of(system, select.clone(), &self.plan.nonce, &answered));
                    let hits = named.hits(self.policy, rows, &self.person, answered);
                    met.extend(hits.into_iter().map(|(key, values)| (named, key, values)));
                }
            }
        }
        for (named, key, values) in met {
            if taken.keys.contains(&(named.table, key.clone())) || !self.is_own(named.table, &key) {
                taken.identities.extend(self.forms(&named.name, &values));
            }
        }
        (taken, bearers)
    }

    /// Is it a row that the plan knows and left?
    fn is_own(&self, table: TableId, key: &Key) -> bool {
        let t = self.policy.table(table);
        let system = &self.policy.system(t.system).name;
        let here = |s: &str, n: &str| s == system && n == t.name;
        self.plan.persons.iter().any(|r| here(&r.system, &r.table) && r.key == *key)
            || self.plan.kept.iter().any(|k| here(&k.system, &k.table) && k.keys.binary_search(key).is_ok())
            || steps(self.plan).any(|(s, step)| {
                matches!(step.action, Action::Change { .. })
                    && here(s, &step.table)
                    && step.keys.binary_search(key).is_ok()
            })
    }

    /// The values of an identity as any link may read them, of those that are somebody's again.
    fn forms(&self, name: &str, taken: &[String]) -> Vec<(String, String)> {
        let matchings = [Match::Exact, Match::Email, Match::Phone, Match::CaseInsensitive];
        let mut forms = Vec::new();
        for (record, _) in &self.person.records {
            let region = super::resolve::region(self.policy, &self.rows, *record);
            let held = super::resolve::identities_of(self.policy, self.kind, &self.rows, *record, |_| true);
            for (_, value) in held.filter(|(n, _)| n == name) {
                let normal: Vec<String> =
                    matchings.iter().filter_map(|m| matching::normal(*m, &value, region)).collect();
                if normal.iter().any(|n| taken.contains(n)) {
                    forms.extend(normal.into_iter().map(|n| (name.to_owned(), n)));
                }
            }
        }
        forms
    }
}

impl Step {
    /// How the person held a row that the step deletes.
    pub(super) fn was(&self, at: usize) -> Option<&Was> {
        match self.was.as_slice() {
            [all] => Some(all),
            each => each.get(at),
        }
    }
}
