//! Tables without decision, with two, or without key (U0401, U0408, U0406), keys that nothing makes
//! unique (U0228), and ignored ones that do not exist (U0102).

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{OBJECTS, SystemId, SystemKind};
use crate::policy::resolve::{Draft, TableOrigin};
use crate::policy::written::{Key, System};
use crate::schema::Schema;

/// Compares the tables of each system's schema with its map.
pub fn check(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (nth, system) in draft.folder.systems.iter().enumerate() {
        if let Some(schema) = draft.schemas.get(&system.name) {
            found.extend(ignored(draft, SystemId(nth), system, schema));
            found.extend(undecided(draft, SystemId(nth), system, schema));
        }
    }
    found.extend(without_key(draft));
    found.extend(draft.origins.iter().filter_map(doubtful_key));
    found
}

fn undecided(draft: &Draft<'_>, id: SystemId, system: &System, schema: &Schema) -> Vec<Diagnostic> {
    let ignored: Vec<&str> = system.ignore.iter().flat_map(|(_, names)| names).map(|n| n.it.as_str()).collect();
    let views: Vec<&str> = system.views.iter().map(|(n, _)| n.it.as_str()).collect();
    let decided = |name: &str| {
        is_mapped(draft, id, name)
            || is_used(draft, id, name)
            || ignored.contains(&name)
            || views.contains(&name)
            || draft.may_be_said(id, &[name])
    };
    let silent = schema.tables.iter().filter(|t| (!t.view || t.materialized) && !decided(&t.name));
    silent
        .map(|t| {
            let message = format!("nothing is said of table `{}` of system `{}`", t.name, system.name);
            let help = format!(
                "map it with `[table.{}]`, or write `\"why it holds no personal data\" = [\"{}\"]` under `[ignore]`",
                t.name, t.name
            );
            Diagnostic::error(codes::TABLE_UNDECIDED, message, system.at, "silence is no decision").help(help)
        })
        .collect()
}

fn ignored(draft: &Draft<'_>, id: SystemId, system: &System, schema: &Schema) -> Vec<Diagnostic> {
    let names = system.ignore.iter().flat_map(|(_, names)| names);
    let finding = |name: &crate::policy::written::Name| {
        if is_mapped(draft, id, &name.it) {
            let message = format!("table `{}` is both mapped and ignored", name.it);
            return Some(Diagnostic::error(codes::MAPPED_AND_IGNORED, message, name.at, "ignored here"));
        }
        if schema.table(&name.it).is_some() {
            return None;
        }
        let message = format!("system `{}` has no table `{}`", system.name, name.it);
        let known = schema.tables.iter().map(|t| t.name.as_str());
        Some(Diagnostic::error(codes::UNKNOWN_TABLE, message, name.at, "not in its schema").suggest(&name.it, known))
    };
    names.filter_map(finding).collect()
}

fn is_mapped(draft: &Draft<'_>, system: SystemId, name: &str) -> bool {
    draft.origins.iter().any(|o| o.system == system && !o.lookup_only && o.schema.name == name)
}

/// The objects of a files system are decided as soon as some column names its files, or some template describes them.
fn is_used(draft: &Draft<'_>, system: SystemId, name: &str) -> bool {
    let named = || {
        let files = draft.policy.tables.iter().flat_map(|t| &t.columns).filter_map(|c| c.file.as_ref());
        files.map(|f| f.objects).any(|objects| draft.policy.table(objects).system == system)
    };
    let described = || draft.origins.iter().any(|o| o.system == system && !o.lookup_only);
    name == OBJECTS && draft.policy.system(system).kind == SystemKind::Files && (named() || described())
}

fn without_key(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let mapped = draft.policy.tables.iter().zip(&draft.origins).filter(|(_, o)| !o.lookup_only && !o.schema.view);
    mapped
        .filter(|(table, origin)| table.key.is_empty() && origin.written_key().is_none())
        .filter(|(table, origin)| !draft.may_be_said(origin.system, &[&table.name]))
        .map(|(table, origin)| {
            let message = format!("table `{}` has no primary key", table.name);
            Diagnostic::error(codes::NO_KEY, message, origin.at, "its rows cannot be told apart")
                .help("name columns that are unique together, as `key = [\"a\", \"b\"]`, or write `key = \"all\"`: then equal rows share one fate")
        })
        .collect()
}

/// A key that the map gives and the schema does not confirm.
fn doubtful_key(origin: &TableOrigin<'_>) -> Option<Diagnostic> {
    let Key::Columns(names) = origin.written_key()? else { return None };
    let said = |key: &Vec<String>| !key.is_empty() && key.iter().all(|c| names.iter().any(|n| n.it == *c));
    let known = names.iter().all(|n| origin.schema.column(&n.it).is_some());
    if !known || origin.schema.view || said(&origin.schema.key) || origin.schema.unique.iter().any(said) {
        return None;
    }
    let message = format!("nothing in the schema makes this key of table `{}` unique", origin.schema.name);
    let finding = Diagnostic::error(codes::KEY_NOT_UNIQUE, message, names.first()?.at, "two rows may have the same");
    Some(
        finding
            .warning()
            .help("add a unique index, or name more columns: a change by this key could meet another person's row"),
    )
}
