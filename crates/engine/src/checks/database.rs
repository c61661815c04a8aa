//! What the database itself makes unsafe: unreviewed triggers, hidden rows, tables that cannot roll back, views mapped as
//! tables, cascades into tables that no plan lists (U0501 to U0505).

use crate::diagnostic::{Code, Diagnostic, codes};
use crate::policy::resolve::{Draft, TableOrigin};
use crate::policy::written::System;
use crate::schema::{self, OnDelete, Schema};

/// Looks at the schema of every mapped table, and at the foreign keys of the others.
pub fn check(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let mapped = draft.origins.iter().filter(|o| !o.lookup_only);
    let mut found: Vec<Diagnostic> = mapped.flat_map(|o| of_table(draft, o)).collect();
    for system in &draft.folder.systems {
        if let Some(schema) = draft.schemas.get(&system.name) {
            found.extend(cascades(draft, system, schema));
        }
    }
    found
}

fn of_table(draft: &Draft<'_>, origin: &TableOrigin<'_>) -> Vec<Diagnostic> {
    let table = origin.schema;
    let error = |code: Code, message: String, label: &str, help: &str| {
        Diagnostic::error(code, message, origin.at, label).help(help)
    };
    let mut found = Vec::new();
    let reviewed = |name: &String| origin.parts.iter().flat_map(|p| &p.triggers).any(|(n, _)| n.it == *name);
    for trigger in table.triggers.iter().filter(|name| !reviewed(name)) {
        let message = format!("nobody reviewed trigger `{trigger}` of table `{}`", table.name);
        let help = format!("read what it does, then write `trigger = {{ {trigger} = \"reviewed: ..\" }}`");
        found.push(error(codes::TRIGGER_UNREVIEWED, message, "it may change rows that no plan lists", &help));
    }
    if table.row_security {
        let role = &draft.policy.system(origin.system).name;
        let message = format!("row security may hide rows of table `{}` from us", table.name);
        let help = format!("let the role that reads system `{role}` see all rows (BYPASSRLS, or a policy for it)");
        found.push(error(codes::ROW_SECURITY, message, "a hidden row would be missed in silence", &help));
    }
    if table.no_transactions {
        let message = format!("table `{}` cannot roll back", table.name);
        found.push(error(
            codes::NO_TRANSACTIONS,
            message,
            "a failure would leave it half changed",
            "convert it to a storage engine with transactions",
        ));
    }
    if table.view {
        let message = format!("`{}` is a view", table.name);
        found.push(error(
            codes::VIEW_MAPPED,
            message,
            "its rows stand in other tables",
            "map the tables it reads from",
        ));
    }
    found
}

/// Ignored tables whose rows the database would delete or change together with rows of mapped ones.
fn cascades(draft: &Draft<'_>, system: &System, schema: &Schema) -> Vec<Diagnostic> {
    let mapped = |name: &str| {
        let of_system = |o: &&TableOrigin<'_>| draft.policy.system(o.system).name == system.name && !o.lookup_only;
        draft.origins.iter().filter(of_system).any(|o| o.schema.name == name)
    };
    let ignored = system.ignore.iter().flat_map(|(_, tables)| tables);
    let mut found = Vec::new();
    for name in ignored.filter(|n| !mapped(&n.it)) {
        let Some(table) = schema.table(&name.it) else { continue };
        for key in table.foreign_keys.iter().filter(|k| k.on_delete != OnDelete::Refuse && mapped(&k.table)) {
            let message =
                format!("deleting a row of `{}` would {} of `{}`, which is ignored", key.table, does(key), name.it);
            let help = format!("map `{}`, or change the foreign key to RESTRICT", name.it);
            let label = format!("references `{}`", key.table);
            found.push(Diagnostic::error(codes::CASCADE_UNMAPPED, message, name.at, label).help(help));
        }
    }
    found
}

fn does(key: &schema::ForeignKey) -> &'static str {
    match key.on_delete {
        OnDelete::Cascade => "delete rows",
        OnDelete::Refuse | OnDelete::SetNull | OnDelete::SetDefault => "change rows",
    }
}
