//! People outside: whose record is a row, and who has the identity that a row names.

use std::collections::{BTreeMap, BTreeSet};

use super::resolve::{Person, identities_of, region, same, stands_in};
use super::rows::{RowIx, Rows};
use super::values::{self, Joined, by_reading};
use crate::ask::By;
use crate::matching;
use crate::policy::model::{Identity, KindId, Link, Match, Policy, Population, TableId, Target};
use crate::value::Value;

/// Values of identities that rows name, and whether somebody has them.
#[derive(Default)]
pub struct Holders {
    wanted: BTreeMap<(KindId, String, Match), BTreeSet<String>>,
}

/// Is the row a record of somebody else, of whatever kind? A stand-in is nobody.
pub fn is_stranger(policy: &Policy, person: &Person, rows: &Rows, row: RowIx) -> bool {
    let table = rows.row(row).table;
    let mut populations = policy.kinds.iter().flat_map(|k| &k.populations).filter(|p| p.table == table);
    populations.any(|p| is_record(p, rows, row)) && !person.records.iter().any(|(r, _)| *r == row)
}

fn is_record(population: &Population, rows: &Rows, row: RowIx) -> bool {
    rows.holds(row, &population.when) && !stands_in(population, rows, row)
}

impl Holders {
    /// Wants to know who has the identity that a link joins.
    pub fn want(&mut self, link: &Link, joined: Joined) {
        let Target::Identity { kind, identity } = &link.target else { return };
        self.wanted.entry((*kind, identity.clone(), link.matching)).or_default().extend(joined);
    }

    /// The questions for what is wanted.
    pub fn ask(&mut self, policy: &Policy) -> Vec<(TableId, By)> {
        let mut asks = Vec::new();
        for ((kind, name, matching), values) in std::mem::take(&mut self.wanted) {
            for (_, identity) in named(policy, kind, &name) {
                let column = policy.table(identity.table).columns[identity.column].name.clone();
                asks.push((
                    identity.table,
                    by_reading(&identity.reading, matching, column, values.iter().cloned().collect()),
                ));
            }
        }
        asks
    }

    /// Is a record known, not the person's, that has the identity which a link of this row names?
    pub fn knows_stranger(&self, policy: &Policy, person: &Person, rows: &Rows, row: RowIx, link: &Link) -> bool {
        let Target::Identity { kind, identity } = &link.target else { return false };
        let joined: Vec<String> = values::here(policy, link, rows, row).into_iter().flatten().collect();
        let value_of = |row: RowIx, value: &Value| matching::normal(link.matching, value, region(policy, rows, row));
        named(policy, *kind, identity).any(|(population, identity)| {
            let mut there = rows.of(identity.table).iter().filter(|r| match identity.table == population.table {
                true => is_stranger(policy, person, rows, **r),
                // Beside a record: whoever has it, it is not the person unless theirs is the same.
                false => !person.records.iter().any(|(own, _)| {
                    let named = identities_of(policy, *kind, rows, *own, |_| true).filter(|(n, _)| *n == identity.name);
                    named.into_iter().any(|(_, v)| value_of(*own, &v).is_some_and(|n| joined.contains(&n)))
                }),
            });
            there.any(|r| {
                let held = values::identity(identity, rows, *r);
                let mut normal = held.iter().filter_map(|v| value_of(*r, v));
                normal.any(|n| joined.contains(&n)) && in_one_tenant(policy, rows, population, (*r, row))
            })
        })
    }
}

fn named<'p>(policy: &'p Policy, kind: KindId, name: &'p str) -> impl Iterator<Item = (&'p Population, &'p Identity)> {
    let populations = policy.kinds[kind.0].populations.iter();
    populations.flat_map(move |p| p.identities.iter().filter(move |i| i.name == name).map(move |i| (p, i)))
}

/// An identity means a person within its tenant. Where two systems write tenants differently, they may be the same.
fn in_one_tenant(policy: &Policy, rows: &Rows, population: &Population, (record, row): (RowIx, RowIx)) -> bool {
    let here = policy.table(rows.row(row).table);
    match (&population.tenant, here.tenant) {
        (Some(tenant), Some(column))
            if population.system == here.system && rows.row(record).table == population.table =>
        {
            same(rows.value(record, tenant.column), rows.value(row, column))
        }
        _ => true,
    }
}
