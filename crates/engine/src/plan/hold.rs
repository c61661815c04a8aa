//! What a hold names: rows and persons, by keyed digests where it names single ones.

use std::collections::BTreeSet;

use super::Plan;
use super::register::Register;
use super::resolve::{identities_of, region};
use super::rows::{RowIx, Rows};
use crate::matching;
use crate::policy::model::{Hold, KindId, Policy, TableId, Worth};
use crate::value::Value;

/// Does a hold name the row itself, whoever has a claim on it, or nobody?
pub fn names_row(policy: &Policy, register: Option<&Register>, rows: &Rows, ix: RowIx, hold: &Hold) -> bool {
    let by_table = !hold.is_of_persons() && hold.tables.as_ref().is_some_and(|t| t.contains(&rows.row(ix).table));
    let by_digest = || register.is_some_and(|register| hold.rows.contains(&of_row(policy, register, rows, ix)));
    by_table || (!hold.rows.is_empty() && by_digest())
}

/// The digest under which a hold or the register names a row.
pub fn of_row(policy: &Policy, register: &Register, rows: &Rows, ix: RowIx) -> String {
    let row = rows.row(ix);
    let (system, table) = place(policy, row.table);
    register.row(system, table, &row.key)
}

/// The digests under which a hold may name whose record a row is, by its key identities.
pub fn of_record(
    policy: &Policy,
    register: &Register,
    rows: &Rows,
    kind: KindId,
    ix: RowIx,
    tenant: Option<&Value>,
) -> Vec<String> {
    let held = identities_of(policy, kind, rows, ix, |worth| worth == Worth::Key);
    held.flat_map(|(name, value)| of_identity(policy, register, rows, (kind, &name), tenant, ix, &value)).collect()
}

/// The digests under which a hold may name whose identity this is that stands in a row.
pub fn of_identity(
    policy: &Policy,
    register: &Register,
    rows: &Rows,
    (kind, name): (KindId, &str),
    tenant: Option<&Value>,
    ix: RowIx,
    value: &Value,
) -> BTreeSet<String> {
    let kind = &policy.kinds[kind.0];
    let identities = kind.populations.iter().flat_map(|p| &p.identities).filter(|i| i.name == name);
    let normal = identities.filter_map(|i| matching::normal(i.matching, value, region(policy, rows, ix)));
    normal.map(|normal| register.person(&kind.name, tenant, name, &normal)).collect()
}

/// The digests by which a hold names the persons of a plan; `upheld hold add` writes them.
pub fn person_digests(policy: &Policy, plan: &Plan, register: &Register) -> Vec<String> {
    let records = plan.persons.iter().map(|r| register.row(&r.system, &r.table, &r.key));
    let known = super::key_identities(policy, plan);
    let named = known.iter().map(|(name, value)| register.person(&plan.kind, plan.tenant.as_ref(), name, value));
    let mut found: Vec<String> = records.chain(named).collect();
    found.sort();
    found.dedup();
    found
}

/// System and table, as the register has them.
pub fn place(policy: &Policy, table: TableId) -> (&str, &str) {
    let t = policy.table(table);
    (&policy.system(t.system).name, &t.name)
}
