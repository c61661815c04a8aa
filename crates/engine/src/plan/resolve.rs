//! From verified identities to the person's records, over all systems, within one tenant (LANGUAGE 1.7).

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::question::{Question, Refusal, Seed};
use super::rows::{RowIx, Rows};
use super::types::{OtherKind, Review, Unusable};
use super::{Answer, Ask};
use crate::ask::By;
use crate::matching;
use crate::policy::model::{Identity, KindId, Match, Policy, Population, SystemId, TableId, Worth};
use crate::value::Value;

/// The resolved person.
#[derive(Debug, Default)]
pub struct Person {
    /// Records, each with the chain that led to it.
    pub records: Vec<(RowIx, Vec<String>)>,
    /// The tenant all of them belong to.
    pub tenant: Option<Value>,
    /// What each system writes in a tenant column for this tenant. Absent: the kind has no tenant there.
    pub local_tenants: BTreeMap<SystemId, Vec<Value>>,
    /// Steps that were refused.
    pub review: Vec<Review>,
    /// Identity columns of the records whose values join nothing.
    pub unusable: Vec<Unusable>,
    /// Records of other kinds with the same identity.
    pub other_kinds: Vec<OtherKind>,
}

/// The search as a state machine.
#[derive(Debug)]
pub struct Resolver {
    kind: KindId,
    stage: Stage,
    asked: Vec<Wanted>,
    seen: HashSet<(TableId, usize, String)>,
    candidates: Vec<Candidate>,
    through: HashMap<(TableId, String), Value>,
    person: Person,
}

#[derive(Debug, PartialEq, Eq)]
enum Stage {
    Start,
    Find,
    Tenants,
    Locals,
    Close,
    Others,
    Done,
}

/// A question that is under way: which population, which of its identities (or its key), which normalised values.
#[derive(Debug, Clone)]
struct Wanted {
    kind: KindId,
    population: usize,
    identity: Option<usize>,
    values: Vec<(String, Vec<String>)>,
}

#[derive(Debug)]
struct Candidate {
    row: RowIx,
    population: usize,
    chain: Vec<String>,
}

impl Resolver {
    pub fn new(kind: KindId) -> Self {
        Resolver {
            kind,
            stage: Stage::Start,
            asked: Vec::new(),
            seen: HashSet::new(),
            candidates: Vec::new(),
            through: HashMap::new(),
            person: Person::default(),
        }
    }

    /// Takes the answers to the last asks; returns the next asks, none when the person is resolved.
    pub fn step(
        &mut self,
        policy: &Policy,
        question: &Question,
        rows: &mut Rows,
        answers: Vec<Answer>,
    ) -> Result<Vec<Ask>, Refusal> {
        let mut answers = Some(answers);
        loop {
            let taken = answers.take().unwrap_or_default();
            let asks = match self.stage {
                Stage::Start => self.start(policy, question, rows)?,
                Stage::Find => {
                    self.collect(policy, rows, taken);
                    self.not_found(policy)?;
                    self.stage = Stage::Tenants;
                    self.ask_through(policy, rows)
                }
                Stage::Tenants => {
                    self.learn_through(policy, rows, taken);
                    self.choose_tenant(policy, question, rows)?;
                    self.stage = Stage::Locals;
                    self.ask_locals(policy, rows)
                }
                Stage::Locals => {
                    self.learn_locals(policy, rows, taken);
                    self.accept_found(policy, rows)?;
                    self.stage = Stage::Close;
                    self.widen(policy, rows)
                }
                Stage::Close => {
                    self.collect(policy, rows, taken);
                    self.accept_close(policy, rows)?;
                    let asks = self.widen(policy, rows);
                    if asks.is_empty() {
                        self.stage = Stage::Others;
                        self.ask_others(policy, rows)
                    } else {
                        asks
                    }
                }
                Stage::Others => {
                    self.note_others(policy, rows, taken);
                    self.stage = Stage::Done;
                    Vec::new()
                }
                Stage::Done => return Ok(Vec::new()),
            };
            if !asks.is_empty() {
                return Ok(asks);
            }
        }
    }

    pub fn finish(self) -> Person {
        self.person
    }

    fn populations<'p>(&self, policy: &'p Policy) -> &'p [Population] {
        &policy.kinds[self.kind.0].populations
    }

    fn start(&mut self, policy: &Policy, question: &Question, rows: &Rows) -> Result<Vec<Ask>, Refusal> {
        self.stage = Stage::Find;
        let (mut asks, mut unusable) = (Vec::new(), None);
        for seed in &question.seeds {
            let before = asks.len();
            match seed {
                Seed::Identity { name, value } => {
                    if !self.ask_identity(policy, rows, name, value, &mut asks)? {
                        unusable.get_or_insert_with(|| name.clone());
                    }
                }
                Seed::Record { system, key } => {
                    for (ix, population) in self.populations(policy).iter().enumerate() {
                        if policy.system(population.system).name == *system {
                            let table = policy.table(population.table);
                            let by = By::Values { columns: table.names(&table.key), values: vec![key.clone()] };
                            asks.push(Ask::select(
                                policy,
                                population.table,
                                rows.select(policy, population.table, by, Vec::new()),
                            ));
                            self.asked.push(Wanted {
                                kind: self.kind,
                                population: ix,
                                identity: None,
                                values: vec![(String::new(), vec!["id".into()])],
                            });
                        }
                    }
                    if asks.len() == before {
                        let kind = policy.kinds[self.kind.0].name.clone();
                        return Err(Refusal::NoRecords { kind, system: system.clone() });
                    }
                }
            }
        }
        match unusable {
            Some(name) if asks.is_empty() => Err(Refusal::Unusable { name }),
            _ => Ok(asks),
        }
    }

    /// Asks who has this identity; `false` if the value joins nothing, which is told beside the answer.
    fn ask_identity(
        &mut self,
        policy: &Policy,
        rows: &Rows,
        name: &str,
        value: &Value,
        asks: &mut Vec<Ask>,
    ) -> Result<bool, Refusal> {
        let (mut known, mut usable) = (false, false);
        for (ix, population) in self.populations(policy).iter().enumerate() {
            for (at, identity) in keys_named(population, name) {
                known = true;
                let region = policy.system(population.system).country.as_deref();
                let Some(normal) = matching::normal(identity.matching, value, region) else { continue };
                usable = true;
                if self.seen.insert((population.table, at, normal.clone())) {
                    let wanted = Wanted {
                        kind: self.kind,
                        population: ix,
                        identity: Some(at),
                        values: vec![(normal, vec![name.to_owned()])],
                    };
                    asks.push(ask_for(policy, rows, population, identity, &wanted));
                    self.asked.push(wanted);
                }
            }
        }
        let kind = &policy.kinds[self.kind.0];
        if known {
            return Ok(usable);
        }
        let keys = kind.populations.iter().flat_map(|p| &p.identities).filter(|i| i.worth == Worth::Key);
        let names: BTreeSet<_> = keys.map(|i| i.name.clone()).collect();
        Err(Refusal::NoIdentity {
            kind: kind.name.clone(),
            name: name.to_owned(),
            known: names.into_iter().collect(),
        })
    }

    /// Takes answered rows as candidates where the engine's own comparison agrees.
    fn collect(&mut self, policy: &Policy, rows: &mut Rows, answers: Vec<Answer>) {
        for (wanted, answer) in std::mem::take(&mut self.asked).into_iter().zip(answers) {
            let population = &self.populations(policy)[wanted.population];
            for values in answer.rows() {
                let row = rows.take(policy, population.table, values);
                if !population.when.holds(|c| rows.value(row, c)) || stands_in(population, rows, row) {
                    continue;
                }
                let chain = match wanted.identity {
                    None => Some(vec!["id".to_owned()]),
                    Some(at) => {
                        let identity = &population.identities[at];
                        let region = policy.system(population.system).country.as_deref();
                        matching::normal(identity.matching, rows.value(row, identity.column), region)
                            .and_then(|n| wanted.values.iter().find(|(v, _)| *v == n))
                            .map(|(_, chain)| chain.clone())
                    }
                };
                let known =
                    self.candidates.iter().any(|c| c.row == row) || self.person.records.iter().any(|(r, _)| *r == row);
                if let (Some(chain), false) = (chain, known) {
                    self.candidates.push(Candidate { row, population: wanted.population, chain });
                }
            }
        }
    }

    fn not_found(&self, policy: &Policy) -> Result<(), Refusal> {
        if !self.candidates.is_empty() {
            return Ok(());
        }
        let searched = self.populations(policy).iter().map(|p| place(policy, p.table)).collect();
        Err(Refusal::NotFound { kind: policy.kinds[self.kind.0].name.clone(), searched })
    }

    /// Candidates whose tenant column is a local reference: what does it lead to?
    fn ask_through(&mut self, policy: &Policy, rows: &mut Rows) -> Vec<Ask> {
        let mut wanted: BTreeMap<TableId, BTreeSet<Value>> = BTreeMap::new();
        for c in &self.candidates {
            if let Some(t) = &self.populations(policy)[c.population].tenant
                && let Some((table, _)) = t.through
            {
                wanted.entry(table).or_default().insert(rows.value(c.row, t.column).clone());
            }
        }
        wanted
            .into_iter()
            .map(|(table, values)| {
                let t = policy.table(table);
                let by =
                    By::Values { columns: t.names(&t.key[..1]), values: values.into_iter().map(|v| vec![v]).collect() };
                Ask::select(policy, table, rows.select(policy, table, by, Vec::new()))
            })
            .collect()
    }

    fn learn_through(&mut self, policy: &Policy, rows: &mut Rows, answers: Vec<Answer>) {
        for answer in answers {
            let table = answer.table();
            for values in answer.rows() {
                let row = rows.take(policy, table, values);
                let Some((_, column)) = self
                    .populations(policy)
                    .iter()
                    .filter_map(|p| p.tenant.as_ref()?.through)
                    .find(|(t, _)| *t == table)
                else {
                    continue;
                };
                if let Some(key) = rows.row(row).key[0].join_text() {
                    self.through.insert((table, key.into_owned()), rows.value(row, column).clone());
                }
            }
        }
    }

    fn tenant_of(&self, policy: &Policy, rows: &Rows, c: &Candidate) -> Option<Value> {
        let tenant = self.populations(policy)[c.population].tenant.as_ref()?;
        let local = rows.value(c.row, tenant.column);
        match tenant.through {
            None => Some(local.clone()),
            Some((table, _)) => self.through.get(&(table, local.join_text()?.into_owned())).cloned(),
        }
    }

    fn choose_tenant(&mut self, policy: &Policy, question: &Question, rows: &Rows) -> Result<(), Refusal> {
        if let Some(given) = &question.tenant {
            self.person.tenant = Some(given.clone());
            return Ok(());
        }
        let mut tenants: Vec<Value> = Vec::new();
        for tenant in self.candidates.iter().filter_map(|c| self.tenant_of(policy, rows, c)) {
            // Who is in no tenant is found by no identity.
            if tenant.join_text().is_some() && !tenants.iter().any(|t| same(t, &tenant)) {
                tenants.push(tenant);
            }
        }
        tenants.sort();
        if tenants.len() > 1 {
            return Err(Refusal::Tenants { kind: policy.kinds[self.kind.0].name.clone(), tenants });
        }
        self.person.tenant = tenants.pop();
        Ok(())
    }

    /// What do the systems with local references call the chosen tenant?
    fn ask_locals(&mut self, policy: &Policy, rows: &mut Rows) -> Vec<Ask> {
        let Some(tenant) = &self.person.tenant else { return Vec::new() };
        let tables: BTreeSet<_> = self.populations(policy).iter().filter_map(|p| p.tenant.as_ref()?.through).collect();
        tables
            .into_iter()
            .map(|(table, column)| {
                let by =
                    By::Values { columns: policy.table(table).names(&[column]), values: vec![vec![tenant.clone()]] };
                Ask::select(policy, table, rows.select(policy, table, by, Vec::new()))
            })
            .collect()
    }

    fn learn_locals(&mut self, policy: &Policy, rows: &mut Rows, answers: Vec<Answer>) {
        let Some(tenant) = self.person.tenant.clone() else { return };
        let mut by_table: HashMap<TableId, Vec<Value>> = HashMap::new();
        for answer in answers {
            let table = answer.table();
            for values in answer.rows() {
                let row = rows.take(policy, table, values);
                by_table.entry(table).or_default().push(rows.row(row).key[0].clone());
            }
        }
        for population in self.populations(policy) {
            let local = match population.tenant.as_ref().map(|t| t.through) {
                None => continue,
                Some(None) => vec![tenant.clone()],
                Some(Some((table, _))) => by_table.get(&table).cloned().unwrap_or_default(),
            };
            self.person.local_tenants.insert(population.system, local);
        }
    }

    fn within_tenant(&self, policy: &Policy, rows: &Rows, c: &Candidate) -> bool {
        let population = &self.populations(policy)[c.population];
        let Some(tenant) = &population.tenant else { return true };
        let value = rows.value(c.row, tenant.column);
        self.person.local_tenants.get(&population.system).is_some_and(|l| l.iter().any(|v| same(v, value)))
    }

    fn accept_found(&mut self, policy: &Policy, rows: &Rows) -> Result<(), Refusal> {
        let found = std::mem::take(&mut self.candidates);
        let found: Vec<_> = found.into_iter().filter(|c| self.within_tenant(policy, rows, c)).collect();
        self.candidates = found;
        self.not_found(policy)?;
        self.person.records = std::mem::take(&mut self.candidates).into_iter().map(|c| (c.row, c.chain)).collect();
        self.one_each(policy, rows)
    }

    /// Asks for records that share a key identity with the records found so far.
    fn widen(&mut self, policy: &Policy, rows: &mut Rows) -> Vec<Ask> {
        let mut wanted: BTreeMap<(usize, usize), Vec<(String, Vec<String>)>> = BTreeMap::new();
        for (row, chain) in &self.person.records {
            let region = region(policy, rows, *row);
            for (name, value) in identities_of(policy, self.kind, rows, *row, |w| w == Worth::Key) {
                for (ix, population) in self.populations(policy).iter().enumerate() {
                    for (at, identity) in keys_named(population, &name) {
                        let Some(normal) = matching::normal(identity.matching, value, region) else { continue };
                        if self.seen.insert((population.table, at, normal.clone())) {
                            let mut chain = chain.clone();
                            chain.push(name.clone());
                            wanted.entry((ix, at)).or_default().push((normal, chain));
                        }
                    }
                }
            }
        }
        let mut asks = Vec::new();
        for ((population, at), values) in wanted {
            let w = Wanted { kind: self.kind, population, identity: Some(at), values };
            let p = &self.populations(policy)[population];
            asks.push(ask_for(policy, rows, p, &p.identities[at], &w));
            self.asked.push(w);
        }
        asks
    }

    fn accept_close(&mut self, policy: &Policy, rows: &Rows) -> Result<(), Refusal> {
        for c in std::mem::take(&mut self.candidates) {
            if self.within_tenant(policy, rows, &c) {
                self.person.records.push((c.row, c.chain));
            }
        }
        self.one_each(policy, rows)
    }

    /// `records = "one"`: a second record of the person may be another person's.
    fn one_each(&self, policy: &Policy, rows: &Rows) -> Result<(), Refusal> {
        for population in self.populations(policy).iter().filter(|p| !p.many) {
            let here = self.person.records.iter().filter(|(r, _)| rows.row(*r).table == population.table).count();
            if here > 1 {
                return Err(Refusal::Several { table: place(policy, population.table), rows: here });
            }
        }
        Ok(())
    }

    /// The same identities under other kinds: not this question's, but somebody should know.
    fn ask_others(&mut self, policy: &Policy, rows: &mut Rows) -> Vec<Ask> {
        let mine: Vec<(String, Value, Option<&str>)> = self
            .person
            .records
            .iter()
            .flat_map(|(r, _)| {
                let keys = identities_of(policy, self.kind, rows, *r, |w| w == Worth::Key);
                keys.map(|(n, v)| (n, v.clone(), region(policy, rows, *r)))
            })
            .filter(|(n, ..)| n == "email" || n == "phone")
            .collect();
        let mut asks = Vec::new();
        for (k, kind) in policy.kinds.iter().enumerate().filter(|(k, _)| *k != self.kind.0) {
            for (ix, population) in kind.populations.iter().enumerate() {
                for (at, identity) in population.identities.iter().enumerate().filter(|(_, i)| i.worth == Worth::Key) {
                    let mut values: Vec<_> = mine
                        .iter()
                        .filter(|(n, ..)| *n == identity.name)
                        .filter_map(|(_, v, region)| matching::normal(identity.matching, v, *region))
                        .collect();
                    values.sort();
                    values.dedup();
                    if !values.is_empty() {
                        let w = Wanted {
                            kind: KindId(k),
                            population: ix,
                            identity: Some(at),
                            values: values.into_iter().map(|v| (v, Vec::new())).collect(),
                        };
                        asks.push(ask_for(policy, rows, population, identity, &w));
                        self.asked.push(w);
                    }
                }
            }
        }
        asks
    }

    fn note_others(&mut self, policy: &Policy, rows: &mut Rows, answers: Vec<Answer>) {
        for (wanted, answer) in std::mem::take(&mut self.asked).into_iter().zip(answers) {
            let kind = &policy.kinds[wanted.kind.0];
            let population = &kind.populations[wanted.population];
            let identity = &population.identities[wanted.identity.unwrap_or_default()];
            let region = policy.system(population.system).country.as_deref();
            let mut keys = Vec::new();
            for values in answer.rows() {
                let row = rows.take(policy, population.table, values);
                let normal = matching::normal(identity.matching, rows.value(row, identity.column), region);
                let matches = normal.is_some_and(|n| wanted.values.iter().any(|(v, _)| *v == n));
                let tenant = population.tenant.as_ref().is_none_or(|t| {
                    t.through.is_some()
                        || self.person.tenant.as_ref().is_none_or(|mine| same(mine, rows.value(row, t.column)))
                });
                if matches && tenant && population.when.holds(|c| rows.value(row, c)) {
                    keys.push(rows.row(row).key.clone());
                }
            }
            if !keys.is_empty() {
                keys.sort();
                self.person.other_kinds.push(OtherKind {
                    kind: kind.name.clone(),
                    system: policy.system(population.system).name.clone(),
                    table: policy.table(population.table).name.clone(),
                    keys,
                });
            }
        }
        self.person.other_kinds.sort();
        self.person.other_kinds.dedup();
        self.note_unusable(policy, rows);
    }

    fn note_unusable(&mut self, policy: &Policy, rows: &Rows) {
        for (row, _) in &self.person.records {
            let table = rows.row(*row).table;
            let Some(population) = self.populations(policy).iter().find(|p| p.table == table) else { continue };
            let region = policy.system(population.system).country.as_deref();
            for identity in &population.identities {
                let value = rows.value(*row, identity.column);
                if !value.is_null() && matching::normal(identity.matching, value, region).is_none() {
                    self.person.unusable.push(Unusable {
                        system: policy.system(population.system).name.clone(),
                        table: policy.table(table).name.clone(),
                        column: policy.table(table).columns[identity.column].name.clone(),
                    });
                }
            }
        }
        self.person.unusable.sort();
        self.person.unusable.dedup();
    }
}

/// `system.table`.
pub fn place(policy: &Policy, table: TableId) -> String {
    let t = policy.table(table);
    format!("{}.{}", policy.system(t.system).name, t.name)
}

/// The country in which the values of a row are read.
pub fn region<'p>(policy: &'p Policy, rows: &Rows, row: RowIx) -> Option<&'p str> {
    policy.system(policy.table(rows.row(row).table).system).country.as_deref()
}

/// Are two values of perhaps different types the same?
pub fn same(a: &Value, b: &Value) -> bool {
    matches!((a.join_text(), b.join_text()), (Some(a), Some(b)) if a == b)
}

fn keys_named<'p>(population: &'p Population, name: &str) -> impl Iterator<Item = (usize, &'p Identity)> {
    population.identities.iter().enumerate().filter(move |(_, i)| i.name == name && i.worth == Worth::Key)
}

/// Is this row a stand-in of an earlier erasure? Its fixed columns say so. Placeholder records are never persons.
fn stands_in(population: &Population, rows: &Rows, row: RowIx) -> bool {
    use crate::policy::model::Fill;
    let Some(placeholder) = &population.placeholder else { return false };
    let identities: Vec<_> = population.identities.iter().filter(|i| i.worth == Worth::Key).map(|i| i.column).collect();
    placeholder.columns.iter().any(|(column, fill)| {
        identities.contains(column)
            && match (fill, rows.value(row, *column)) {
                (Fill::Value(v), value) => !v.is_null() && v == value,
                (Fill::Template(t), Value::Text(s)) => matches_template(t, s),
                _ => false,
            }
    })
}

fn matches_template(template: &str, text: &str) -> bool {
    let Some((before, rest)) = template.split_once("{token:") else { return template == text };
    let Some((digits, after)) = rest.split_once('}') else { return false };
    let length: usize = digits.parse().unwrap_or(0);
    text.strip_prefix(before)
        .and_then(|s| s.strip_suffix(after))
        .is_some_and(|token| token.len() == length && token.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Identities of a record by name, of the worth asked for, with their values.
pub fn identities_of<'r>(
    policy: &'r Policy,
    kind: KindId,
    rows: &'r Rows,
    row: RowIx,
    worth: impl Fn(Worth) -> bool + 'r,
) -> impl Iterator<Item = (String, &'r Value)> {
    let table = rows.row(row).table;
    policy.kinds[kind.0]
        .populations
        .iter()
        .filter(move |p| p.table == table)
        .flat_map(|p| &p.identities)
        .filter(move |i| worth(i.worth))
        .map(move |i| (i.name.clone(), rows.value(row, i.column)))
}

fn ask_for(policy: &Policy, rows: &Rows, population: &Population, identity: &Identity, wanted: &Wanted) -> Ask {
    let column = policy.table(population.table).columns[identity.column].name.clone();
    let values: Vec<String> = wanted.values.iter().map(|(v, _)| v.clone()).collect();
    let by = by_match(identity.matching, column, values);
    Ask::select(policy, population.table, rows.select(policy, population.table, by, Vec::new()))
}

/// The question for rows whose column matches normalised values.
pub fn by_match(matching: Match, column: String, values: Vec<String>) -> By {
    match matching {
        Match::Exact => {
            By::Values { columns: vec![column], values: values.into_iter().map(|v| vec![Value::Text(v)]).collect() }
        }
        Match::Email | Match::CaseInsensitive => By::Folded { column, values },
        Match::Phone => By::Phone { column, values },
    }
}
