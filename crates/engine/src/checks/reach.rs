//! Personal columns that no claim can reach (U0404): no chain of links leads from a person to their rows, so that neither
//! access nor erasure would ever touch them.

use super::flow::Flow;
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::TableId;
use crate::policy::resolve::{Draft, is_personal};

/// Follows the links from every subject.
pub fn check(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let flow = Flow::of(draft);
    let mut found = Vec::new();
    if draft.broken_subject {
        return found;
    }
    for id in draft.policy.table_ids().filter(|id| !draft.origins[id.0].lookup_only) {
        let table = draft.policy.table(id);
        for column in table.columns.iter().filter(|c| is_personal(c.category.as_deref(), c.text)) {
            let Some((name, _)) = draft.origins[id.0].written_column(&column.name) else { continue };
            let by_of = column.of.is_empty() || column.of.iter().any(|&l| flow.carries(&draft.policy, id, l));
            if (flow.reaches(id) && by_of) || leads_to_broken(draft, id) {
                continue;
            }
            let message = format!("no claim can reach the personal column `{}` of table `{}`", column.name, table.name);
            found.push(
                Diagnostic::error(codes::UNREACHED, message, name.at, "no chain of links leads here from a person")
                    .help(format!("give `[table.{}]` a link to a person, or to a table that has one", table.name)),
            );
        }
    }
    found
}

/// Does a chain of links lead from here to a table with a link or a kind that did not resolve, or was not read? It may be
/// the one that leads to a person, so that nothing follows.
fn leads_to_broken(draft: &Draft<'_>, start: TableId) -> bool {
    let mut seen = vec![start];
    let mut next = 0;
    while let Some(&id) = seen.get(next) {
        let (origin, table) = (&draft.origins[id.0], draft.policy.table(id));
        if origin.broken_link || draft.may_be_said(origin.system, &[&table.name]) {
            return true;
        }
        for link in &table.links {
            if let crate::policy::model::Target::Row { table, .. } = &link.target
                && !seen.contains(table)
            {
                seen.push(*table);
            }
        }
        next += 1;
    }
    false
}
