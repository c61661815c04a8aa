//! Views that nothing can build anew (U0506): found here, and not when a plan is carried out.

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::SystemKind;
use crate::policy::resolve::Draft;
use crate::policy::written::System;
use crate::source::Span;

/// Looks at each view that is to be built anew.
pub fn check(draft: &Draft<'_>) -> Vec<Diagnostic> {
    draft.folder.systems.iter().flat_map(|system| of_system(draft, system)).collect()
}

fn of_system(draft: &Draft<'_>, system: &System) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (name, view) in &system.views {
        let Some(at) = view.rebuild.as_ref().filter(|rebuild| rebuild.it).map(|rebuild| rebuild.at) else { continue };
        let described = draft.schemas.get(&system.name).and_then(|schema| schema.table(&name.it));
        let (Some(kind), Some(table)) = (system.kind.as_ref().map(|k| k.it), described) else { continue };
        let (label, help) = match kind {
            // A full text index is described as a table, so that what it is shows only when it is built anew.
            SystemKind::Sqlite => continue,
            _ if !table.view => (
                "a table of its own",
                "map it as `[table]`, with columns that are `copy_of` others, or have its rows deleted by a link",
            ),
            SystemKind::Postgres => continue,
            _ => ("a view here reads its tables each time", "leave `rebuild` out: such a view keeps no rows"),
        };
        found.push(finding(&name.it, at, label, help));
    }
    found
}

fn finding(view: &str, at: Span, label: &str, help: &str) -> Diagnostic {
    let message = format!("`{view}` cannot be built anew");
    Diagnostic::error(codes::NEVER_REBUILT, message, at, label).help(help)
}
