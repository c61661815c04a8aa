//! Questions that pass over a large table (U0701).

use super::Slow;
use crate::diagnostic::{Diagnostic, codes, grouped};
use crate::drift::Said;
use crate::policy::model::Policy;
use crate::policy::written::System;

/// One question, at the place of its table.
pub fn finding(system: &System, policy: &Policy, slow: &Slow) -> Diagnostic {
    let table = &policy.table(slow.lookup.table).name;
    let columns = slow.lookup.columns().join("`, `");
    let at = Said::of(system).place(table).unwrap_or(system.at);
    let message = format!("no index of table `{table}` finds rows by `{columns}`");
    let label = format!("each plan that asks for {} reads {} rows", slow.lookup.purpose, grouped(slow.rows));
    let finding = Diagnostic::error(codes::NO_INDEX, message, at, label).warning();
    match &slow.indexes[..] {
        [] => finding.help("no index that this kind of database can make would serve it"),
        statements => finding.help(statements.join("\n")),
    }
}
