//! Rows that hold a key identity of a person whose records may be gone: who can be found by it now?

use std::collections::BTreeSet;

use super::Ask;
use super::resolve::{Person, ask_for, identities_of, region, same};
use super::rows::Rows;
use super::types::Key;
use crate::ask::Row;
use crate::matching;
use crate::policy::model::{ColumnIx, Identity, KindId, Policy, Population, TableId, Worth};
use crate::value::Value;

/// One identity of one population, with the values that the person has.
pub(super) struct Named {
    /// The table that holds it.
    pub table: TableId,
    /// Its name.
    pub name: String,
    kind: KindId,
    population: usize,
    identity: usize,
    values: Vec<String>,
}

impl Named {
    /// All that is to be asked; `among` says where.
    pub fn all(
        policy: &Policy,
        kind: KindId,
        rows: &Rows,
        person: &Person,
        among: impl Fn(&Population, &Identity) -> bool,
    ) -> Vec<(Named, Ask)> {
        let mut all = Vec::new();
        for (population, p) in policy.kinds[kind.0].populations.iter().enumerate() {
            let key = p.identities.iter().enumerate().filter(|(_, i)| i.worth == Worth::Key && among(p, i));
            for (identity, i) in key {
                let mut values: BTreeSet<String> = BTreeSet::new();
                for (record, _) in &person.records {
                    let region = region(policy, rows, *record);
                    let named = identities_of(policy, kind, rows, *record, |w| w == Worth::Key);
                    let named = named.filter(|(name, _)| *name == i.name);
                    values.extend(named.filter_map(|(_, v)| matching::normal(i.matching, &v, region)));
                }
                values.retain(|v| !person.not_followed.contains(&(i.name.clone(), v.clone())));
                if !values.is_empty() {
                    let values: Vec<String> = values.into_iter().collect();
                    let ask = ask_for(policy, rows, i, values.clone());
                    all.push((Named { table: i.table, name: i.name.clone(), kind, population, identity, values }, ask));
                }
            }
        }
        all
    }

    /// Of the answered rows those that indeed hold it, in the person's tenant, and are a person's: their keys, and the
    /// normalised values that were met.
    pub fn hits(&self, policy: &Policy, rows: &Rows, person: &Person, answered: Vec<Row>) -> Vec<(Key, Vec<String>)> {
        let p = &policy.kinds[self.kind.0].populations[self.population];
        let i = &p.identities[self.identity];
        let region = policy.system(p.system).country.as_deref();
        let needed = rows.needed(self.table);
        let mut found = Vec::new();
        for values_of in answered {
            let at = |c| needed.binary_search(&c).ok().map(|at| &values_of[at]);
            let held = |c| at(c).unwrap_or(&Value::Null);
            let has_it = rows.holds_for(&i.when, held);
            let named = at(i.column).map(|v| i.reading.values(v)).unwrap_or_default();
            let mut normal: Vec<String> =
                named.iter().filter_map(|v| matching::normal(i.matching, v, region)).collect();
            normal.retain(|n| has_it && self.values.contains(n));
            let is_person = self.table != p.table || rows.holds_for(&p.when, held);
            if !normal.is_empty() && is_person && self.of_the_tenant(policy, p, person, &at) {
                found.push((policy.table(self.table).key.iter().filter_map(|c| at(*c).cloned()).collect(), normal));
            }
        }
        found
    }

    fn of_the_tenant<'v>(
        &self,
        policy: &Policy,
        p: &Population,
        person: &Person,
        at: &impl Fn(ColumnIx) -> Option<&'v Value>,
    ) -> bool {
        let Some(tenant) = &p.tenant else { return true };
        let column = match self.table == p.table {
            true => Some(tenant.column),
            false => policy.table(self.table).column(&policy.table(p.table).columns[tenant.column].name),
        };
        let own = person.local_tenants.get(&p.system);
        match column.and_then(at) {
            Some(value) => own.into_iter().flatten().any(|l| same(l, value)),
            // A row beside a record does not tell its tenant by itself.
            None => !policy.table(p.table).made,
        }
    }
}
