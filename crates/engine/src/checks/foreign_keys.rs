//! Declared foreign keys to mapped tables that are neither a link nor ignored (U0403).

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::TableId;
use crate::policy::resolve::Draft;
use crate::policy::written::Name;

/// Looks at every foreign key between mapped tables of one system.
pub fn check(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for id in draft.policy.table_ids() {
        let origin = &draft.origins[id.0];
        if origin.lookup_only {
            continue;
        }
        for key in &origin.schema.foreign_keys {
            let target = draft.policy.table_named(origin.system, &key.table);
            let Some(target) = target.filter(|t| !draft.origins[t.0].lookup_only) else { continue };
            let may_be_said = key.columns.iter().any(|c| draft.may_be_said(origin.system, &[&origin.schema.name, c]));
            if may_be_said || decided(draft, id, target, &key.columns) {
                continue;
            }
            let columns = key.columns.join("`, `");
            let message = format!("nothing is said of the foreign key `{columns}` of `{}`", origin.schema.name);
            let help = format!(
                "add a link such as `{{ role = \"mention\", column = \"{}\", to = \"{}.{}\" }}`, or `ignore = {{ \"why\" = [\"{}\"] }}`",
                key.columns[0], key.table, key.target_columns[0], key.columns[0]
            );
            let label = format!("references `{}`", key.table);
            found.push(Diagnostic::error(codes::FOREIGN_KEY_UNDECIDED, message, origin.at, label).help(help));
        }
    }
    found
}

/// Is it a link from here, a `by` link from there, or ignored?
fn decided(draft: &Draft<'_>, id: TableId, target: TableId, columns: &[String]) -> bool {
    let origin = &draft.origins[id.0];
    let same = |names: &[Name]| names.len() == columns.len() && names.iter().all(|n| columns.contains(&n.it));
    let here = origin.written_links().any(|l| same(&l.column));
    let ignored = origin
        .parts
        .iter()
        .flat_map(|p| &p.ignore)
        .any(|(_, names)| same(names) || matches!(columns, [one] if names.iter().any(|n| n.it == *one)));
    let there = draft.origins[target.0].written_links().any(|l| {
        l.by.len() == columns.len()
            && l.by.iter().all(|r| r.table.it == origin.schema.name && columns.contains(&r.column.it))
    });
    here || ignored || there
}
