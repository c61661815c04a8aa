//! Personal columns that no claim can reach (U0404): no chain of links leads from a person to their rows, so that neither
//! access nor erasure would ever touch them. And those that are reached, but by claims that erase nothing (U0410).

use super::flow::Flow;
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{Column, Erase, TableId};
use crate::policy::resolve::{Draft, is_personal};
use crate::source::Span;

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
            // What is found in a text that is searched everywhere is a claim by itself, and masks all texts of its row.
            let searched = column.text && table.columns.iter().any(|c| c.text_everywhere);
            if searched || leads_to_broken(draft, id) {
                continue;
            }
            if flow.reaches(id) && by_of {
                found.extend(never_erased(draft, &flow, id, column, name.at));
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

/// A column that only claims reach by which a row is merely untied. Texts are masked even then, and ties undone.
fn never_erased(draft: &Draft<'_>, flow: &Flow, id: TableId, column: &Column, at: Span) -> Option<Diagnostic> {
    let table = draft.policy.table(id);
    let tie = table.links.iter().any(|l| !l.by && l.columns.iter().any(|&c| table.columns[c].name == column.name));
    let kept = column.erase.iter().any(|(_, e)| matches!(e, Erase::Keep(_)));
    let key = table.key.iter().any(|&c| table.columns[c].name == column.name);
    if flow.may_be_erased(id) || column.text || column.generated || tie || kept || key {
        return None;
    }
    let message = format!("no erasure changes the personal column `{}` of table `{}`", column.name, table.name);
    let label = "its rows are only ever untied";
    let help = "if the row is a person's, say so by `role = \"owner\"` or `\"author\"`; if the value stays for a reason, say `on_erase` on a link";
    // The value may be somebody else's, so the folder compiles; in strict mode it has to be decided.
    Some(Diagnostic::error(codes::NEVER_ERASED, message, at, label).warning().help(help))
}

/// Does a chain of links lead from here to a table with a link or a kind that did not resolve, or was not read? It may be
/// the one that leads to a person, so that nothing follows.
pub fn leads_to_broken(draft: &Draft<'_>, start: TableId) -> bool {
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
