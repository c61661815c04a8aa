//! What somebody should know beside the person's records: other kinds with the same identity, values that identify nobody.

use super::{Resolver, Seeking, Step, Wanted, ask_for, identities_of, region, same, sought};
use crate::matching;
use crate::plan::rows::{RowIx, Rows};
use crate::plan::types::{OtherKind, Unusable};
use crate::plan::values;
use crate::plan::{Answer, Ask};
use crate::policy::model::{Identity, KindId, Policy, Population, Worth};
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
                keys.map(|(n, v)| (n, v, region(policy, rows, *r)))
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
                        asks.push(ask_for(policy, rows, identity, values.clone()));
                        let values = values.into_iter().map(|v| (v, Vec::new())).collect();
                        let what = Seeking::Identity(at, values);
                        self.asked.push(Wanted { kind: KindId(k), population: ix, what, step: Step::Key });
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
            let Seeking::Identity(at, sought_values) = &wanted.what else { continue };
            let identity = &population.identities[*at];
            let mut keys = Vec::new();
            for values in answer.rows() {
                let row = rows.take(policy, identity.table, values);
                let own = identity.table != population.table || rows.holds(row, &population.when);
                if own
                    && self.may_tell(policy, population, identity, rows, row)
                    && sought(policy, rows, row, identity, sought_values).is_some()
                {
                    keys.push(rows.row(row).key.clone());
                }
            }
            if !keys.is_empty() {
                keys.sort();
                self.person.other_kinds.push(OtherKind {
                    kind: kind.name.clone(),
                    system: policy.system(population.system).name.clone(),
                    table: policy.table(identity.table).name.clone(),
                    keys,
                });
            }
        }
        self.person.other_kinds.sort();
        self.person.other_kinds.dedup();
        self.note_unusable(policy, rows);
    }

    /// Is the row of the person's tenant, as far as it tells?
    fn may_tell(&self, policy: &Policy, population: &Population, identity: &Identity, rows: &Rows, row: RowIx) -> bool {
        let (Some(tenant), Some(mine)) = (&population.tenant, &self.person.tenant) else { return true };
        let name = &policy.table(population.table).columns[tenant.column].name;
        let column = match identity.table == population.table {
            true => Some(tenant.column),
            false => policy.table(identity.table).column(name),
        };
        tenant.through.is_some() || column.is_some_and(|c| same(mine, rows.value(row, c)))
    }

    pub(super) fn note_unusable(&mut self, policy: &Policy, rows: &Rows) {
        for (row, _) in &self.person.records {
            let table = rows.row(*row).table;
            let Some(population) = self.populations(policy).iter().find(|p| p.table == table) else { continue };
            let region = policy.system(population.system).country.as_deref();
            for identity in population.identities.iter().filter(|i| i.table == table) {
                let held = values::identity(identity, rows, *row);
                let unusable = |v: &Value| !v.is_null() && matching::normal(identity.matching, v, region).is_none();
                if held.iter().any(unusable) {
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
