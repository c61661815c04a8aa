//! Which tenant the candidates belong to, and what each system calls it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Candidate, Resolver, same};
use crate::ask::By;
use crate::plan::question::{Question, Refusal};
use crate::plan::rows::Rows;
use crate::plan::{Answer, Ask};
use crate::policy::model::{Policy, TableId};
use crate::value::Value;

impl Resolver {
    /// Candidates whose tenant column is a local reference: what does it lead to?
    pub(super) fn ask_through(&mut self, policy: &Policy, rows: &mut Rows) -> Vec<Ask> {
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

    pub(super) fn learn_through(&mut self, policy: &Policy, rows: &mut Rows, answers: Vec<Answer>) {
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

    pub(super) fn tenant_of(&self, policy: &Policy, rows: &Rows, c: &Candidate) -> Option<Value> {
        let tenant = self.populations(policy)[c.population].tenant.as_ref()?;
        let local = rows.value(c.row, tenant.column);
        match tenant.through {
            None => Some(local.clone()),
            Some((table, _)) => self.through.get(&(table, local.join_text()?.into_owned())).cloned(),
        }
    }

    pub(super) fn choose_tenant(&mut self, policy: &Policy, question: &Question, rows: &Rows) -> Result<(), Refusal> {
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
    pub(super) fn ask_locals(&mut self, policy: &Policy, rows: &mut Rows) -> Vec<Ask> {
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

    pub(super) fn learn_locals(&mut self, policy: &Policy, rows: &mut Rows, answers: Vec<Answer>) {
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

    pub(super) fn within_tenant(&self, policy: &Policy, rows: &Rows, c: &Candidate) -> bool {
        let population = &self.populations(policy)[c.population];
        let Some(tenant) = &population.tenant else { return true };
        let value = rows.value(c.row, tenant.column);
        self.person.local_tenants.get(&population.system).is_some_and(|l| l.iter().any(|v| same(v, value)))
    }
}
