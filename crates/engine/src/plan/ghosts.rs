//! What a plan remembers of the person: their records and the rows it deleted, as they were. Whatever still leads to them is
//! found from there.

use super::claims::Claims;
use super::probe::steps;
use super::resolve::Person;
use super::rows::{Claim, Rows, Via};
use super::types::{Action, Key, Plan};
use crate::policy::model::{KindId, Policy, Role, TableId};
use crate::value::Value;

/// Takes in the records and deleted rows of a plan; `None` if the policy no longer has one of their tables.
pub(super) fn ghosts(policy: &Policy, plan: &Plan, kind: KindId, rows: &mut Rows) -> Option<(Person, Claims)> {
    let mut claims = Claims::new(policy, kind);
    let not_followed = plan.not_followed.iter().cloned().collect();
    let mut person = Person { tenant: plan.tenant.clone(), not_followed, ..Person::default() };
    for (system, values) in &plan.local_tenants {
        person.local_tenants.insert(policy.system_named(system)?, values.clone());
    }
    // The rest of an erasure is about what was left, not about who may have come back since.
    for record in plan.persons.iter().filter(|_| plan.rest_of.is_none()) {
        let table = policy.table_named(policy.system_named(&record.system)?, &record.table)?;
        let names = policy.table(table).names(rows.needed(table));
        let values = names.iter().map(|n| record.values.get(n).cloned().unwrap_or(Value::Null)).collect();
        let ix = rows.take(policy, table, values);
        record.held.iter().for_each(|(name, value)| rows.hold(ix, name, value.clone()));
        person.records.push((ix, record.chain.clone()));
    }
    for (system, step) in steps(plan).filter(|(_, s)| s.action == Action::Delete) {
        let table = policy.table_named(policy.system_named(system)?, &step.table)?;
        for key in &step.keys {
            let ix = rows.take(policy, table, ghost(policy, rows, table, key));
            claims.add(rows, ix, Claim { role: Role::Owner, via: Via::Own });
        }
    }
    rows.look_up(policy);
    Some((person, claims))
}

/// A row of which only the key is remembered.
fn ghost(policy: &Policy, rows: &Rows, table: TableId, key: &Key) -> Vec<Value> {
    let t = policy.table(table);
    let value = |column| t.key.iter().position(|k| *k == column).map_or(Value::Null, |at| key[at].clone());
    rows.needed(table).iter().map(|c| value(*c)).collect()
}
