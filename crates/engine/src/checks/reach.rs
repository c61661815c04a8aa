//! Personal columns that no claim can reach (U0404): no chain of links leads from a person to their rows, so that neither
//! access nor erasure would ever touch them.

use super::flow::Flow;
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::TableId;
use crate::policy::resolve::{Draft, is_personal};

/// Follows the links from every subject.
pub fn check(draft: &Draft<'_>) -> Vec<Diagnostic> {
    // A link or a kind that did not resolve may be the missing one: nothing follows then.
    let broken = draft.origins.iter().any(|o| o.broken_link) || draft.folder.systems.iter().any(|s| s.broken);
    let flow = Flow::of(draft);
    let reached = |id: TableId| flow.reaches(id) || (broken && leads_to_broken(draft, id));
    let mut found = Vec::new();
    for id in draft.policy.table_ids().filter(|id| !draft.origins[id.0].lookup_only) {
        let table = draft.policy.table(id);
        for column in table.columns.iter().filter(|c| is_personal(c.category.as_deref(), c.text)) {
            let Some((name, written)) = draft.origins[id.0].written_column(&column.name) else { continue };
            let by_of = written.of.is_empty()
                || column.of.is_empty()
                || column.of.iter().any(|&l| flow.carries(&draft.policy, id, l));
            if reached(id) && (by_of || broken) {
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

/// Does a chain of links lead from here to a table with a link that did not resolve?
fn leads_to_broken(draft: &Draft<'_>, start: TableId) -> bool {
    let mut seen = vec![start];
    let mut next = 0;
    while let Some(&id) = seen.get(next) {
        if draft.origins[id.0].broken_link {
            return true;
        }
        for link in &draft.policy.table(id).links {
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
