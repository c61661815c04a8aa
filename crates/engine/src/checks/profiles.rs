//! Profiles that restate what the map does not have (U0111).

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::SystemId;
use crate::policy::resolve::Draft;
use crate::policy::written::{Name, Profile, System, Table};

/// Looks at every name in a profile of a system that the folder has.
pub fn check(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let profiles = draft.folder.profiles.iter();
    let known = profiles.filter_map(|p| Some((p, draft.policy.system_named(&p.system)?)));
    known.flat_map(|(profile, system)| of_profile(draft, profile, system)).collect()
}

fn of_profile(draft: &Draft<'_>, profile: &Profile, id: SystemId) -> Vec<Diagnostic> {
    let system = &draft.folder.systems[id.0];
    let whole = format!("system `{}`", system.name);
    let mut found = Vec::new();
    let kinds: Vec<&str> = system.subjects.iter().map(|(name, _)| name.it.as_str()).collect();
    let tables: Vec<&str> = mapped(system).map(|(name, _)| name.it.as_str()).collect();
    let mut look = |what: &str, place: &str, name: &Name, known: &[&str], table: &str| {
        if !known.contains(&name.it.as_str()) && !draft.may_be_said(id, &[table, &name.it]) {
            found.push(unknown(what, place, name, known));
        }
    };
    profile.placeholders.iter().for_each(|(name, _)| look("subject kind", &whole, name, &kinds, ""));
    for (name, restated) in &profile.tables {
        look("table", &whole, name, &tables, "");
        if !tables.contains(&name.it.as_str()) {
            continue;
        }
        let place = format!("table `{}`", name.it);
        let parts = || mapped(system).filter(|(n, _)| n.it == name.it).filter_map(|(_, part)| part);
        let links: Vec<&str> = parts().flat_map(|t| &t.links).filter_map(link_name).collect();
        let restated_links = restated.links.iter().filter_map(|l| l.name.as_ref());
        restated_links.for_each(|link| look("link", &place, link, &links, &name.it));
        let schema = draft.schemas.get(&system.name).and_then(|s| s.table(&name.it));
        let live = schema.iter().flat_map(|t| &t.columns).map(|c| c.name.as_str());
        let columns: Vec<&str> = parts().flat_map(|t| &t.columns).map(|(n, _)| n.it.as_str()).chain(live).collect();
        restated.columns.iter().for_each(|(column, _)| look("column", &place, column, &columns, &name.it));
    }
    found
}

/// Tables of the map, with what is said of each.
fn mapped(system: &System) -> impl Iterator<Item = (&Name, Option<&Table>)> {
    let said = system.tables.iter().map(|(name, table)| (name, Some(table)));
    let each = system.each.iter().flat_map(|e| e.tables.iter().map(|name| (name, Some(&e.adds))));
    let subjects = system.subjects.iter().filter_map(|(_, s)| s.table.as_ref()).map(|name| (name, None));
    said.chain(each).chain(subjects)
}

fn link_name(link: &crate::policy::written::Link) -> Option<&str> {
    link.name.as_ref().or(link.column.first()).map(|n| n.it.as_str())
}

fn unknown(what: &str, place: &str, name: &Name, known: &[&str]) -> Diagnostic {
    let message = format!("{place} has no {what} `{}` to restate", name.it);
    let finding = Diagnostic::error(codes::UNKNOWN_IN_PROFILE, message, name.at, "not in the map");
    let finding = finding.suggest(&name.it, known.iter().copied());
    match finding.help {
        Some(_) => finding,
        None => finding.help("a profile changes what becomes of what the map has; it adds nothing"),
    }
}
