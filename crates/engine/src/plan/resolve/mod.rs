//! From verified identities to the person's records, over all systems, within one tenant (LANGUAGE 1.7).

mod doubts;
mod identities;
mod left;
mod others;
mod sides;
mod tenants;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::question::{Question, Refusal, Seed};
use super::register::Register;
use super::rows::{RowIx, Rows};
use super::types::{OtherKind, Review, Unusable};
use super::{Answer, Ask};
use crate::matching;
use crate::policy::model::{Identity, KindId, LinkIx, Policy, Population, Right, SystemId, TableId, Worth};
use crate::value::Value;

use doubts::{Doubts, Why};
pub use identities::{ask_for, by_match, identities_of, of_record, place, region, same, stands_in};
use identities::{keys_named, share_an_identity};
use left::Left;
use sides::{Hop, Sides};

/// The resolved person.
#[derive(Debug, Default)]
pub struct Person {
    /// Records, each with the chain that led to it.
    pub records: Vec<(RowIx, Vec<String>)>,
    /// The tenant all of them belong to.
    pub tenant: Option<Value>,
    /// What each system writes in a tenant column for this tenant. Absent: the kind has no tenant there.
    pub local_tenants: BTreeMap<SystemId, Vec<Value>>,
    /// Steps that were refused, and candidates for somebody to confirm.
    pub review: Vec<Review>,
    /// Identities of the records that several people share: names and normalised values. They lead nowhere.
    pub not_followed: BTreeSet<(String, String)>,
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
    sides: Sides,
    candidates: Vec<Candidate>,
    doubts: Doubts,
    through: HashMap<(TableId, String), Value>,
    left: Left,
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

/// A normalised value, and the chain of identities that led to it.
type Sought = (String, Vec<String>);

/// A question that is under way.
#[derive(Debug)]
struct Wanted {
    kind: KindId,
    population: usize,
    what: Seeking,
    step: Step,
}

/// What a step to a record is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Step {
    /// Only a hint leads to it, which proves nothing.
    Hint,
    /// A key does, of a record that an earlier erasure left: it proves that another record which that one left is the person's.
    Left,
    /// A key proves it.
    Key,
}

/// What it looks for.
#[derive(Debug)]
enum Seeking {
    /// The record of a key.
    Record,
    /// Rows with one of these values of an identity.
    Identity(usize, Vec<Sought>),
    /// Records that rows of another table belong to.
    Owners(Vec<Hop>),
    /// Rows of another table that belong to records.
    Beside(TableId, LinkIx),
    /// Which rows the register has, by their digests.
    Left(HashMap<String, RowIx>),
}

#[derive(Debug)]
struct Candidate {
    row: RowIx,
    population: usize,
    chain: Vec<String>,
    step: Step,
}

impl Resolver {
    pub fn new(kind: KindId) -> Self {
        Resolver {
            kind,
            stage: Stage::Start,
            asked: Vec::new(),
            seen: HashSet::new(),
            sides: Sides::default(),
            candidates: Vec::new(),
            doubts: Doubts::default(),
            through: HashMap::new(),
            left: Left::default(),
            person: Person::default(),
        }
    }

    /// The register tells which records an earlier erasure left.
    pub fn knowing(&mut self, register: &Register) {
        self.left = Left::of(register.clone());
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
                    let mut asks = self.ask_owners(policy, rows);
                    if asks.is_empty() {
                        asks = self.ask_left(policy, rows);
                    }
                    if asks.is_empty() {
                        match self.not_found(policy) {
                            // "No" is an answer too.
                            Err(Refusal::NotFound { .. }) if question.right == Right::Confirmation => {
                                self.stage = Stage::Done;
                                Vec::new()
                            }
                            found => {
                                found?;
                                self.stage = Stage::Tenants;
                                self.ask_through(policy, rows)
                            }
                        }
                    } else {
                        asks
                    }
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
                    self.doubts.confirmed = doubts::confirmed(question);
                    self.stage = Stage::Close;
                    self.widen(policy, question, rows)
                }
                Stage::Close => {
                    self.collect(policy, rows, taken);
                    let mut asks = self.ask_owners(policy, rows);
                    if asks.is_empty() {
                        asks = self.ask_left(policy, rows);
                    }
                    if asks.is_empty() {
                        self.accept_close(policy, rows);
                        asks = self.widen(policy, question, rows);
                    }
                    if asks.is_empty() {
                        self.tell_doubts(policy, question, rows)?;
                        self.one_person(policy, question, rows)?;
                        self.stage = Stage::Others;
                        asks = self.ask_others(policy, rows);
                    }
                    asks
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
                // It is taken in where the search comes upon it.
                Seed::Confirmed { .. } => {}
                Seed::Record { system, key } => {
                    for (ix, population) in self.populations(policy).iter().enumerate() {
                        if policy.system(population.system).name == *system {
                            asks.extend(self.ask_record(policy, rows, ix, population, key));
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
                    asks.push(ask_for(policy, rows, identity, vec![normal.clone()]));
                    let what = Seeking::Identity(at, vec![(normal, vec![name.to_owned()])]);
                    self.asked.push(Wanted { kind: self.kind, population: ix, what, step: Step::Key });
                }
            }
        }
        let kind = &policy.kinds[self.kind.0];
        if known {
            return Ok(usable);
        }
        let keys = kind.populations.iter().flat_map(|p| &p.identities).filter(|i| i.worth == Worth::Key);
        let names: BTreeSet<_> = keys.map(|i| i.name.clone()).collect();
        Err(Refusal::NoIdentity { kind: kind.name.clone(), name: name.to_owned(), known: names.into_iter().collect() })
    }

    /// Takes answered rows as candidates where the engine's own comparison agrees.
    fn collect(&mut self, policy: &Policy, rows: &mut Rows, answers: Vec<Answer>) {
        for (wanted, answer) in std::mem::take(&mut self.asked).into_iter().zip(answers) {
            if let Seeking::Left(digests) = &wanted.what {
                self.left.take(digests, &answer.kept);
                continue;
            }
            let population = &self.populations(policy)[wanted.population];
            let table = answer.table();
            for values in answer.rows() {
                let row = rows.take(policy, table, values);
                match &wanted.what {
                    Seeking::Record => self.propose(policy, rows, &wanted, row, vec!["id".into()]),
                    Seeking::Identity(at, values) => {
                        let Some((normal, chain)) = sought(policy, rows, row, &population.identities[*at], values)
                        else {
                            continue;
                        };
                        if table == population.table {
                            self.propose(policy, rows, &wanted, row, chain.clone());
                        } else {
                            self.found_beside(policy, rows, (&wanted, *at), row, normal, chain);
                        }
                    }
                    Seeking::Owners(hops) => {
                        if let Some(chain) = sides::owner(policy, rows, row, hops) {
                            self.propose(policy, rows, &wanted, row, chain);
                        }
                    }
                    Seeking::Beside(side, link) => self.sides.hold(policy, population, rows, (*side, *link), row),
                    Seeking::Left(_) => {}
                }
            }
        }
    }

    /// A row of the records' table that was found, unless it is no person. The surest step to it counts.
    fn propose(&mut self, policy: &Policy, rows: &Rows, wanted: &Wanted, row: RowIx, chain: Vec<String>) {
        let population = &self.populations(policy)[wanted.population];
        if !rows.holds(row, &population.when) || stands_in(population, rows, row) {
            return;
        }
        if let Some(known) = self.candidates.iter_mut().find(|c| c.row == row) {
            if known.step < wanted.step {
                (known.step, known.chain) = (wanted.step, chain);
            }
        } else if !self.person.records.iter().any(|(r, _)| *r == row) {
            self.candidates.push(Candidate { row, population: wanted.population, chain, step: wanted.step });
        }
    }

    fn not_found(&self, policy: &Policy) -> Result<(), Refusal> {
        if !self.candidates.is_empty() {
            return Ok(());
        }
        let mut searched: Vec<String> = Vec::new();
        for population in self.populations(policy) {
            let keys = population.identities.iter().filter(|i| i.worth == Worth::Key);
            let tables = Some(population.table).into_iter().chain(keys.map(|i| i.table));
            let places = tables.filter(|t| !policy.table(*t).made).map(|t| place(policy, t));
            searched.extend(places);
        }
        let mut seen = HashSet::new();
        searched.retain(|place| seen.insert(place.clone()));
        Err(Refusal::NotFound { kind: policy.kinds[self.kind.0].name.clone(), searched })
    }

    fn accept_found(&mut self, policy: &Policy, rows: &Rows) -> Result<(), Refusal> {
        let found = std::mem::take(&mut self.candidates);
        let found: Vec<_> = found.into_iter().filter(|c| self.within_tenant(policy, rows, c)).collect();
        self.candidates = found;
        self.not_found(policy)?;
        self.person.records = std::mem::take(&mut self.candidates).into_iter().map(|c| (c.row, c.chain)).collect();
        self.one_each(policy, rows)
    }

    /// Asks for records that share a key identity with the records found so far, and for those that only a hint leads to.
    fn widen(&mut self, policy: &Policy, question: &Question, rows: &mut Rows) -> Vec<Ask> {
        // All identities of a record count at once, also those that stand beside it.
        let beside = self.ask_beside(policy, rows);
        if !beside.is_empty() {
            return beside;
        }
        let mut wanted: BTreeMap<(usize, usize, Step), Vec<Sought>> = BTreeMap::new();
        for (row, chain) in self.person.records.clone() {
            let region = region(policy, rows, row);
            for (mine, value) in of_record(policy, self.kind, rows, row).filter(|(i, _)| i.worth != Worth::Text) {
                for (ix, population) in self.populations(policy).iter().enumerate() {
                    let theirs = population.identities.iter().enumerate();
                    for (at, identity) in theirs.filter(|(_, i)| i.name == mine.name && i.worth != Worth::Text) {
                        let Some(normal) = matching::normal(identity.matching, &value, region) else { continue };
                        if self.is_shared(policy, question, identity, &normal, region) {
                            self.doubts.stop(row, &mine.name);
                            self.person.not_followed.insert((mine.name.clone(), normal));
                            continue;
                        }
                        let step = match mine.worth == Worth::Hint || identity.worth == Worth::Hint {
                            true => Step::Hint,
                            false if self.left.has(row) => Step::Left,
                            false => Step::Key,
                        };
                        let value = (population.table, at, normal.clone());
                        let new = match step {
                            Step::Key => self.seen.insert(value),
                            Step::Left if self.seen.contains(&value) => false,
                            Step::Left | Step::Hint => self.doubts.asked.insert((ix, at, normal.clone(), step)),
                        };
                        if new {
                            let mut chain = chain.clone();
                            chain.push(mine.name.clone());
                            wanted.entry((ix, at, step)).or_default().push((normal, chain));
                        }
                    }
                }
            }
        }
        let mut asks = Vec::new();
        for ((population, at, step), values) in wanted {
            let identity = &self.populations(policy)[population].identities[at];
            asks.push(ask_for(policy, rows, identity, values.iter().map(|(v, _)| v.clone()).collect()));
            self.asked.push(Wanted { kind: self.kind, population, what: Seeking::Identity(at, values), step });
        }
        asks
    }

    /// Takes in what keys have led to. A step is refused that leaves the tenant, or that leads to a second record where
    /// there may be one: it is listed for somebody to judge.
    fn accept_close(&mut self, policy: &Policy, rows: &Rows) {
        let found = std::mem::take(&mut self.candidates);
        let (found, strangers): (Vec<_>, Vec<_>) = found.into_iter().partition(|c| self.within_tenant(policy, rows, c));
        for c in strangers.into_iter().filter(|c| c.step != Step::Hint) {
            self.doubts.add(c, Why::Tenant);
        }
        let table = |row: RowIx| rows.row(row).table;
        let proves = |c: &Candidate| c.step == Step::Key || (c.step == Step::Left && self.left.has(c.row));
        let proven = |c: &Candidate| proves(c) || self.doubts.is_confirmed(policy, rows, c.row);
        let (proven, doubtful): (Vec<_>, Vec<_>) = found.into_iter().partition(proven);
        let mut here: BTreeMap<TableId, usize> = BTreeMap::new();
        let records = self.person.records.iter().map(|(r, _)| *r);
        let before = records.chain(self.doubts.second().collect::<Vec<_>>());
        before.chain(proven.iter().map(|c| c.row)).for_each(|r| *here.entry(table(r)).or_default() += 1);
        for c in proven {
            let one = !self.populations(policy)[c.population].many;
            if one && here[&table(c.row)] > 1 && !self.doubts.is_confirmed(policy, rows, c.row) {
                self.doubts.add(c, Why::Second);
            } else {
                self.person.records.push((c.row, c.chain));
            }
        }
        for c in doubtful {
            let why = if c.step == Step::Left { Why::Left } else { Why::Hint };
            self.doubts.add(c, why);
        }
    }

    /// Identities that lead to records which share none are two people's: a mistyped number must not erase a second
    /// person. Whoever names records by their keys has said that they are one person's.
    fn one_person(&self, policy: &Policy, question: &Question, rows: &Rows) -> Result<(), Refusal> {
        if question.seeds.iter().any(|s| matches!(s, Seed::Record { .. } | Seed::Confirmed { .. })) {
            return Ok(());
        }
        let mut apart: Vec<RowIx> = self.person.records.iter().map(|(r, _)| *r).collect();
        let mut reached: Vec<RowIx> = apart.drain(..1.min(apart.len())).collect();
        let mut at = 0;
        while let Some(from) = reached.get(at).copied() {
            let (near, far) = apart.into_iter().partition(|to| share_an_identity(policy, self.kind, rows, from, *to));
            apart = far;
            reached.extend::<Vec<RowIx>>(near);
            at += 1;
        }
        match apart.first() {
            None => Ok(()),
            Some(other) => {
                let table = |row: RowIx| place(policy, rows.row(row).table);
                Err(Refusal::Apart { tables: vec![table(reached[0]), table(*other)] })
            }
        }
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
}

/// The value of an identity in a row, and the chain that led to it, if it is one of those sought.
fn sought<'v>(
    policy: &Policy,
    rows: &Rows,
    row: RowIx,
    identity: &Identity,
    values: &'v [Sought],
) -> Option<(&'v String, &'v Vec<String>)> {
    let held = super::values::identity(identity, rows, row);
    let mut normal = held.iter().filter_map(|v| matching::normal(identity.matching, v, region(policy, rows, row)));
    normal.find_map(|n| values.iter().find(|(v, _)| *v == n)).map(|(v, chain)| (v, chain))
}
