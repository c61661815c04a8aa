//! Personal columns for which the language has no default action (U0205).

use super::flow::Flow;
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::resolve::Draft;

/// Looks at every personal column without action on tables whose rows may stay and be scrubbed.
pub fn check(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let flow = Flow::of(draft);
    let mut found = Vec::new();
    for id in draft.policy.table_ids().filter(|id| flow.may_be_scrubbed(*id)) {
        let table = draft.policy.table(id);
        for (ix, column) in table.columns.iter().enumerate() {
            if !column.erase.is_empty() || !draft.needs_erase(id, ix) {
                continue;
            }
            let Some((name, _)) = draft.origins[id.0].written_column(&column.name) else { continue };
            let why = if column.unique { "it takes no NULL and is unique" } else { "it takes no NULL and is no text" };
            let message =
                format!("nothing says what erasure does to column `{}` of table `{}`", column.name, table.name);
            found.push(
                Diagnostic::error(codes::ERASE_UNSAID, message, name.at, why).help(
                    "say it: `erase = { replace = .. }`, `erase = \"hash\"` for text, or let the column take NULL",
                ),
            );
        }
    }
    found
}
