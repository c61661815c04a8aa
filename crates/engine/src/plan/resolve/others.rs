//! What somebody should know beside the person's records: other kinds with the same identity, values that identify nobody.

use super::{Resolver, Wanted, ask_for, identities_of, region, same};
use crate::matching;
use crate::plan::rows::Rows;
use crate::plan::types::{OtherKind, Unusable};
use crate::plan::{Answer, Ask};
use crate::policy::model::{KindId, Policy, Worth};
use crate::value::Value;

impl Resolver {
    /// The same identities under other kinds: not this question's, but somebody should know.
    pub(super) fn ask_others(&mut self, policy: &Policy, rows: &mut Rows) -> Vec<Ask> {
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

    pub(super) fn note_others(&mut self, policy: &Policy, rows: &mut Rows, answers: Vec<Answer>) {
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

    pub(super) fn note_unusable(&mut self, policy: &Policy, rows: &Rows) {
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
