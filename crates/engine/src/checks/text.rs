//! Text columns without category (U0402).

use crate::diagnostic::{Diagnostic, codes, key};
use crate::policy::model::TableId;
use crate::policy::resolve::{Draft, TableOrigin};
use crate::schema::{self, Class};

/// Looks at every text and JSON column of every mapped table. A link, the tenant and a column of `[table.X.columns]` are
/// decisions.
pub fn check(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let mapped = draft.policy.table_ids().filter(|id| !draft.origins[id.0].lookup_only);
    mapped.flat_map(|id| of_table(draft, id)).collect()
}

fn of_table(draft: &Draft<'_>, id: TableId) -> Vec<Diagnostic> {
    let origin = &draft.origins[id.0];
    let text = origin.schema.columns.iter().filter(|c| matches!(c.class, Class::Text | Class::Json));
    // What every file has besides the fields of its path is decided by the language.
    let text =
        text.filter(|c| !draft.is_file(id) || !["path", "size", "modified", "version"].contains(&c.name.as_str()));
    text.filter(|c| !decided(origin, c) && !draft.may_be_said(origin.system, &[&origin.schema.name, &c.name]))
        .map(|c| {
            let message = format!("text column `{}` of table `{}` has no category", c.name, origin.schema.name);
            let help = format!(
                "say what it holds, as `{0} = \"system.operations\"` or `{0} = {{ category = \"user.content\", text = true }}`",
                key(&c.name)
            );
            Diagnostic::error(codes::TEXT_UNDECIDED, message, origin.at, format!("`{}` is undecided", c.name)).help(help)
        })
        .collect()
}

fn decided(origin: &TableOrigin<'_>, column: &schema::Column) -> bool {
    let link = origin.written_links().flat_map(|l| &l.column).any(|n| n.it == column.name);
    let tenant = origin.written_tenant().is_some_and(|n| n.it == column.name);
    let ignored = origin.parts.iter().flat_map(|p| &p.ignore).flat_map(|(_, names)| names).any(|n| n.it == column.name);
    origin.written_column(&column.name).is_some() || link || tenant || ignored
}
