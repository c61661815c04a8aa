//! Identities that stand beside the records: in rows of another table that belong to one, or, for a kind without a table, in
//! any rows at all.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::{Resolver, Seeking, Step, Wanted, ask_for, keys_named, region};
use crate::ask::By;
use crate::matching;
use crate::plan::Ask;
use crate::plan::rows::{RowIx, Rows};
use crate::plan::values::{self, Joined, by_reading, here, there};
use crate::policy::model::{Identity, Link, LinkIx, Match, Policy, Population, Reading, TableId, Target, Worth};
use crate::value::Value;

/// From a row that holds an identity to the record it belongs to: the link, and its values there.
#[derive(Debug)]
pub(super) struct Hop {
    side: TableId,
    link: LinkIx,
    joined: Joined,
    values: Vec<Value>,
    chain: Vec<String>,
}

/// What was found beside the records, and what was asked already.
#[derive(Debug, Default)]
pub(super) struct Sides {
    hops: BTreeMap<(usize, TableId, LinkIx, Step), Vec<Hop>>,
    hopped: HashSet<(TableId, LinkIx, Joined, Step)>,
    read: HashSet<RowIx>,
}

impl Resolver {
    /// Asks for the record of a key. Where the kind has no table, the key is a value of the identity.
    pub(super) fn ask_record(
        &mut self,
        policy: &Policy,
        rows: &Rows,
        at: usize,
        population: &Population,
        key: &[Value],
    ) -> Vec<Ask> {
        let table = policy.table(population.table);
        if !table.made {
            let by = By::Values { columns: table.names(&table.key), values: vec![key.to_vec()] };
            self.asked.push(Wanted { kind: self.kind, population: at, what: Seeking::Record, step: Step::Key });
            return vec![Ask::select(policy, population.table, rows.select(policy, population.table, by, Vec::new()))];
        }
        let (name, region) = (&table.columns[0].name, policy.system(population.system).country.as_deref());
        let mut asks = Vec::new();
        for (ix, identity) in keys_named(population, name) {
            if let Some(normal) = key.first().and_then(|v| matching::normal(identity.matching, v, region)) {
                asks.push(ask_for(policy, rows, identity, vec![normal.clone()]));
                let what = Seeking::Identity(ix, vec![(normal, vec!["id".into()])]);
                self.asked.push(Wanted { kind: self.kind, population: at, what, step: Step::Key });
            }
        }
        asks
    }

    /// A row of another table holds an identity: the record it belongs to is asked for, or made.
    pub(super) fn found_beside(
        &mut self,
        policy: &Policy,
        rows: &mut Rows,
        (wanted, identity): (&Wanted, usize),
        row: RowIx,
        normal: &str,
        chain: &[String],
    ) {
        let population = &self.populations(policy)[wanted.population];
        let identity = &population.identities[identity];
        if policy.table(population.table).made {
            for record in made(policy, population, rows, row, identity, normal) {
                self.propose(policy, rows, wanted, record, chain.to_vec());
            }
            return;
        }
        for (ix, link) in policy.ties(identity.table, population.table) {
            for joined in here(policy, link, rows, row) {
                if !self.sides.hopped.insert((identity.table, ix, joined.clone(), wanted.step)) {
                    continue;
                }
                let values = match link.reading.is_plain() {
                    true => link.columns.iter().map(|c| rows.value(row, *c).clone()).collect(),
                    false => joined.iter().map(Value::text).collect(),
                };
                let hop = Hop { side: identity.table, link: ix, joined, values, chain: chain.to_vec() };
                self.sides.hops.entry((wanted.population, identity.table, ix, wanted.step)).or_default().push(hop);
            }
        }
    }

    /// Asks for the records that the rows found beside them belong to.
    pub(super) fn ask_owners(&mut self, policy: &Policy, rows: &Rows) -> Vec<Ask> {
        let mut asks = Vec::new();
        for ((at, side, ix, step), hops) in std::mem::take(&mut self.sides.hops) {
            let link = &policy.table(side).links[ix];
            let Target::Row { table, columns } = &link.target else { continue };
            let names = policy.table(*table).names(columns);
            let values = hops.iter().map(|h| (h.joined[0].clone(), h.values.clone()));
            let by = by(link, &Reading::default(), names, values.collect());
            asks.push(Ask::select(policy, *table, rows.select(policy, *table, by, Vec::new())));
            self.asked.push(Wanted { kind: self.kind, population: at, what: Seeking::Owners(hops), step });
        }
        asks
    }

    /// Asks for the rows beside the records, for the identities they hold.
    pub(super) fn ask_beside(&mut self, policy: &Policy, rows: &Rows) -> Vec<Ask> {
        let fresh: Vec<RowIx> =
            self.person.records.iter().map(|(r, _)| *r).filter(|r| self.sides.read.insert(*r)).collect();
        let mut asks = Vec::new();
        for (at, population) in self.populations(policy).iter().enumerate() {
            let here: Vec<RowIx> = fresh.iter().copied().filter(|r| rows.row(*r).table == population.table).collect();
            let sides: BTreeSet<TableId> =
                population.identities.iter().map(|i| i.table).filter(|t| *t != population.table).collect();
            for side in sides {
                for (ix, link) in policy.ties(side, population.table) {
                    let values = here.iter().flat_map(|r| there(policy, link, rows, *r));
                    let values: Vec<_> = values.map(|(joined, values)| (joined[0].clone(), values)).collect();
                    if values.is_empty() {
                        continue;
                    }
                    let by = by(link, &link.reading, policy.table(side).names(&link.columns), values);
                    asks.push(Ask::select(policy, side, rows.select(policy, side, by, Vec::new())));
                    self.asked.push(Wanted {
                        kind: self.kind,
                        population: at,
                        what: Seeking::Beside(side, ix),
                        step: Step::Key,
                    });
                }
            }
        }
        asks
    }
}

impl Sides {
    /// Takes the identities of a row to the records that it belongs to.
    pub(super) fn hold(
        &mut self,
        policy: &Policy,
        population: &Population,
        rows: &mut Rows,
        (side, link): (TableId, LinkIx),
        row: RowIx,
    ) {
        let link = &policy.table(side).links[link];
        let joined = here(policy, link, rows, row);
        let theirs = |r: &RowIx| there(policy, link, rows, *r).iter().any(|(j, _)| joined.contains(j));
        let owners: Vec<RowIx> =
            rows.of(population.table).iter().copied().filter(|r| self.read.contains(r) && theirs(r)).collect();
        for identity in population.identities.iter().filter(|i| i.table == side) {
            for value in values::identity(identity, rows, row) {
                owners.iter().for_each(|record| rows.hold(*record, &identity.name, value.clone()));
            }
        }
    }
}

/// The chain that led to a record by rows which belong to it.
pub(super) fn owner(policy: &Policy, rows: &Rows, record: RowIx, hops: &[Hop]) -> Option<Vec<String>> {
    let first = hops.first()?;
    let joined = there(policy, &policy.table(first.side).links[first.link], rows, record);
    hops.iter().find(|h| joined.iter().any(|(j, _)| h.joined == *j)).map(|h| h.chain.clone())
}

/// The records of a kind without a table that a row tells of: of the value found, or, where another identity led to the
/// row, of the key in it.
fn made(
    policy: &Policy,
    population: &Population,
    rows: &mut Rows,
    row: RowIx,
    found: &Identity,
    normal: &str,
) -> Vec<RowIx> {
    let table = policy.table(population.table);
    let key = &table.columns[0].name;
    let here: Vec<&Identity> = population.identities.iter().filter(|i| i.table == found.table).collect();
    let keys: Vec<&&Identity> = here.iter().filter(|i| i.name == *key && i.worth == Worth::Key).collect();
    let region = region(policy, rows, row);
    let mut values: Vec<(String, Value)> = Vec::new();
    for identity in &keys {
        for raw in values::identity(identity, rows, row) {
            let value = matching::normal(identity.matching, &raw, region);
            values.extend(value.filter(|v| found.name != *key || v == normal).map(|value| (value, raw)));
        }
    }
    // Beside two keys nobody can tell whose the rest is.
    let beside = here.iter().filter(|i| i.name != *key && keys.len() == 1);
    let beside = beside.flat_map(|i| values::identity(i, rows, row).into_iter().map(|v| (i.name.clone(), v)));
    let beside: Vec<(String, Value)> = beside.collect();
    let tenant = table.columns.get(1).map(|c| {
        let local = policy.table(found.table).column(&c.name).map(|ix| rows.value(row, ix));
        local.and_then(Value::join_text).map_or(Value::Null, |t| Value::Text(t.into_owned()))
    });
    let mut records = Vec::new();
    for (value, raw) in values {
        let record =
            rows.take(policy, population.table, std::iter::once(Value::Text(value)).chain(tenant.clone()).collect());
        rows.hold(record, key, raw);
        beside.iter().for_each(|(name, value)| rows.hold(record, name, value.clone()));
        records.push(record);
    }
    records
}

fn by(link: &Link, reading: &Reading, columns: Vec<String>, values: Vec<(String, Vec<Value>)>) -> By {
    let distinct: BTreeMap<Vec<Value>, String> = values.into_iter().map(|(joined, values)| (values, joined)).collect();
    match link.matching {
        Match::Exact if reading.is_plain() => By::Values { columns, values: distinct.into_keys().collect() },
        matching => {
            let joined: BTreeSet<String> = distinct.into_values().collect();
            by_reading(reading, matching, columns.into_iter().next().unwrap_or_default(), joined.into_iter().collect())
        }
    }
}
