//! What a hold names.

use super::register::Register;
use super::rows::{RowIx, Rows};
use crate::policy::model::{Hold, Policy, TableId};

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

/// System and table, as the register has them.
pub fn place(policy: &Policy, table: TableId) -> (&str, &str) {
    let t = policy.table(table);
    (&policy.system(t.system).name, &t.name)
}
