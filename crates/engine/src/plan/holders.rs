//! People outside: whose record is a row, and who has the identity that a row names.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::references::{By, References};
use super::resolve::{Person, identities_of, region, stands_in};
use super::rows::{RowIx, Rows};
use super::values::{self, Joined, by_reading};
use crate::policy::model::{ColumnIx, Identity, KindId, Link, LinkIx, Match, Policy, Population, TableId, Target};
use crate::value::Value;
use crate::{ask, matching};

/// Values of identities that rows name, and whether somebody has them.
#[derive(Default)]
pub struct Holders {
    wanted: BTreeMap<(KindId, String, Match), BTreeSet<String>>,
    /// Rows beside records, and links that tell whose they are.
    beside: BTreeSet<(RowIx, LinkIx)>,
    /// Values of tenant columns that lead on to rows of these tables, and all that were asked for.
    through: BTreeMap<TableId, BTreeSet<Value>>,
    seen: HashSet<(TableId, String)>,
}

/// All that is known so far.
pub struct Known<'a> {
    pub policy: &'a Policy,
    pub person: &'a Person,
    pub rows: &'a Rows,
    pub references: &'a References,
}

/// Is the row a record of somebody else, of whatever kind? A stand-in is nobody.
pub fn is_stranger(policy: &Policy, person: &Person, rows: &Rows, row: RowIx) -> bool {
    let table = rows.row(row).table;
    let mut populations = policy.kinds.iter().flat_map(|k| &k.populations).filter(|p| p.table == table);
    populations.any(|p| is_record(p, rows, row)) && !person.records.iter().any(|(r, _)| *r == row)
}

/// Is the row a record of this population?
pub fn is_record(population: &Population, rows: &Rows, row: RowIx) -> bool {
    rows.holds(row, &population.when) && !stands_in(population, rows, row)
}

impl Holders {
    /// Wants to know who has the identity that a link joins.
    pub fn want(&mut self, link: &Link, joined: Joined) {
        let Target::Identity { kind, identity } = &link.target else { return };
        self.wanted.entry((*kind, identity.clone(), link.matching)).or_default().extend(joined);
    }

    /// Rows beside records, and links of theirs: what do these lead to?
    pub fn beside(&mut self) -> BTreeSet<(RowIx, LinkIx)> {
        std::mem::take(&mut self.beside)
    }

    /// The questions for what is wanted.
    pub fn ask(&mut self, policy: &Policy) -> Vec<(TableId, ask::By)> {
        let mut asks = Vec::new();
        for (table, values) in std::mem::take(&mut self.through) {
            let columns = policy.table(table).names(&policy.table(table).key[..1]);
            asks.push((table, ask::By::Values { columns, values: values.into_iter().map(|v| vec![v]).collect() }));
        }
        for ((kind, name, matching), values) in std::mem::take(&mut self.wanted) {
            for (_, identity) in named_so(policy, kind, &name) {
                let column = policy.table(identity.table).columns[identity.column].name.clone();
                asks.push((
                    identity.table,
                    by_reading(&identity.reading, matching, column, values.iter().cloned().collect()),
                ));
            }
        }
        asks
    }

    /// Is a record known, not the person's, that has the identity which a link of this row names? Whose a row beside a record
    /// is, and what a tenant's column leads to, is wanted where it decides and is not known.
    pub fn knows_stranger(&mut self, known: &Known, row: RowIx, link: &Link) -> bool {
        let &Known { policy, rows, .. } = known;
        let Target::Identity { kind, identity } = &link.target else { return false };
        let joined: Vec<String> = values::here(policy, link, rows, row).into_iter().flatten().collect();
        let normal = |value: &Value, there| matching::normal(link.matching, value, region(policy, rows, there));
        named_so(policy, *kind, identity).any(|(population, identity)| {
            let named = |there: &RowIx| {
                let held = values::identity(identity, rows, *there);
                held.iter().filter_map(|v| normal(v, *there)).any(|n| joined.contains(&n))
            };
            rows.of(identity.table).iter().copied().filter(named).any(|there| {
                let records = self.records(known, population, identity, there);
                records.into_iter().any(|record| self.in_one_tenant(known, *kind, population, record, row))
            })
        })
    }

    /// Records of other people that a row with an identity belongs to. Without a table the row itself stands for them.
    fn records(&mut self, known: &Known, population: &Population, identity: &Identity, there: RowIx) -> Vec<RowIx> {
        let &Known { policy, person, rows, references } = known;
        let stranger = |r: &RowIx| is_stranger(policy, person, rows, *r);
        if identity.table == population.table {
            return Some(there).filter(stranger).into_iter().collect();
        }
        if policy.table(population.table).made {
            return Some(there).filter(|r| !self.is_own(known, population, identity, *r)).into_iter().collect();
        }
        let ties: Vec<LinkIx> = policy.ties(identity.table, population.table).map(|(ix, _)| ix).collect();
        self.beside.extend(ties.iter().map(|ix| (there, *ix)));
        let leads = |by: &By| matches!(by, By::Link(ix) if ties.contains(ix));
        references.of(there).iter().filter(|(by, _)| leads(by)).map(|(_, to)| *to).filter(stranger).collect()
    }

    /// Has the person the identity that stands in this row?
    fn is_own(&self, known: &Known, population: &Population, identity: &Identity, there: RowIx) -> bool {
        let &Known { policy, person, rows, .. } = known;
        let normal = |value: &Value, row| matching::normal(identity.matching, value, region(policy, rows, row));
        let held = values::identity(identity, rows, there);
        let values: Vec<String> = held.iter().filter_map(|v| normal(v, there)).collect();
        let kinds = policy.kinds.iter().enumerate();
        let kind =
            kinds.filter(|(_, k)| k.populations.iter().any(|p| p.table == population.table)).map(|(k, _)| KindId(k));
        kind.into_iter().any(|kind| {
            person.records.iter().any(|(own, _)| {
                let mut held = identities_of(policy, kind, rows, *own, |_| true).filter(|(n, _)| *n == identity.name);
                held.any(|(_, v)| normal(&v, *own).is_some_and(|n| values.contains(&n)))
            })
        })
    }

    /// An identity means a person within its tenant; tenants are equal when they lead to the same value.
    fn in_one_tenant(&mut self, known: &Known, kind: KindId, of: &Population, record: RowIx, row: RowIx) -> bool {
        if of.tenant.is_none() {
            return true;
        }
        let theirs = self.tenant_of_record(known, of, record);
        theirs.is_some() && theirs == self.tenant_of_row(known, kind, row)
    }

    /// The tenant of a record, as far as is known; what its column leads to is wanted where it is not. Where the kind has no
    /// table, its tenant stands in the row that holds the identity, under the same name.
    pub fn tenant_of_record(&mut self, known: &Known, of: &Population, record: RowIx) -> Option<String> {
        let &Known { policy, rows, .. } = known;
        let tenant = of.tenant.as_ref()?;
        let there = rows.row(record).table;
        let column = match there == of.table {
            true => tenant.column,
            false => policy.table(there).column(&policy.table(of.table).columns[tenant.column].name)?,
        };
        self.lead(known, tenant.through, rows.value(record, column))
    }

    /// The tenant within which a row names identities of a kind, likewise.
    pub fn tenant_of_row(&mut self, known: &Known, kind: KindId, row: RowIx) -> Option<String> {
        let &Known { policy, rows, .. } = known;
        let here = policy.table(rows.row(row).table);
        let beside = policy.kinds[kind.0].populations.iter().find(|p| p.system == here.system);
        let through = beside.and_then(|p| p.tenant.as_ref()).and_then(|t| t.through);
        self.lead(known, through, rows.value(row, here.tenant?))
    }

    fn lead(&mut self, known: &Known, through: Option<(TableId, ColumnIx)>, value: &Value) -> Option<String> {
        let &Known { policy, rows, .. } = known;
        let local = value.join_text()?;
        let Some((table, column)) = through else { return Some(local.into_owned()) };
        let key = policy.table(table).key[0];
        match rows.of(table).iter().find(|r| rows.value(**r, key).join_text().as_ref() == Some(&local)) {
            Some(found) => rows.value(*found, column).join_text().map(|t| t.into_owned()),
            None => {
                if self.seen.insert((table, local.into_owned())) {
                    self.through.entry(table).or_default().insert(value.clone());
                }
                None
            }
        }
    }
}

fn named_so<'p>(
    policy: &'p Policy,
    kind: KindId,
    name: &'p str,
) -> impl Iterator<Item = (&'p Population, &'p Identity)> {
    let populations = policy.kinds[kind.0].populations.iter();
    populations.flat_map(move |p| p.identities.iter().filter(move |i| i.name == name).map(move |i| (p, i)))
}
