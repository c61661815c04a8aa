//! Kept rows that point at a person without saying what of the person stays readable (U0214, a warning).

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{OnErase, Target};
use crate::policy::resolve::Draft;
use crate::policy::written;

/// Looks at every `keep` of a link that holds a tie.
pub fn check(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (table, origin) in draft.policy.tables.iter().zip(&draft.origins) {
        for (link, place) in table.links.iter().zip(&origin.links) {
            let Target::Row { table: target, .. } = &link.target else { continue };
            if link.by || draft.policy.table(*target).kind.is_none() {
                continue;
            }
            let keeps = link.on_erase.iter().any(|(_, e)| matches!(e, OnErase::Keep(_)));
            let written = place.written.on_erase.iter().filter_map(|c| match &c.action.it {
                written::OnErase::Keep(keep) if keeps && keep.with.is_empty() => Some(keep.at),
                _ => None,
            });
            found.extend(written.map(|at| {
                let there = &draft.policy.table(*target).name;
                Diagnostic::error(
                    codes::KEPT_WITHOUT_WITH,
                    format!("rows of `{}` stay, but nothing is said of the `{there}` they point at", table.name),
                    at,
                    "no `with`",
                )
                .warning()
                .help(format!("name what must stay readable, as `with = [\"{there}.name\"]`"))
            }));
        }
    }
    found
}
