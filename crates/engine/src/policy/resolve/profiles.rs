//! Profiles: the map as a profile has it is a map of its own, and is resolved and checked as one.

use std::collections::BTreeSet;

use crate::diagnostic::Diagnostic;
use crate::policy::written::{
    Choice, Column, Each, Erase, Folder, Link, Name, Placeholder, Profile, ProfileLink, ProfileTable, System, Table,
};
use crate::source::At;

/// The names of all profiles of a folder; files of several systems may share one.
pub fn names(folder: &Folder) -> BTreeSet<&str> {
    folder.profiles.iter().map(|p| p.name.as_str()).collect()
}

/// The folder with what the profile restates in place of what the map says. Names that the map lacks are passed over: a
/// check of their own reports them.
pub fn under(folder: &Folder, name: &str) -> Folder {
    let mut restated = folder.clone();
    for profile in folder.profiles.iter().filter(|p| p.name == name) {
        if let Some(system) = restated.systems.iter_mut().find(|s| s.name == profile.system) {
            restate(system, profile);
        }
    }
    restated
}

/// The finding, as one that only the profile has.
pub fn found_under(name: &str, finding: Diagnostic) -> Diagnostic {
    Diagnostic { message: format!("under the profile `{name}`: {}", finding.message), ..finding }
}

fn restate(system: &mut System, profile: &Profile) {
    for (kind, placeholder) in &profile.placeholders {
        for (_, subject) in system.subjects.iter_mut().filter(|(name, _)| name.it == kind.it) {
            subject.placeholder = Some(Placeholder::clone(placeholder));
        }
    }
    for (name, table) in &profile.tables {
        single_out(system, name);
        let each = system.each.iter_mut().filter(|e| is_of(e, name)).map(|e| &mut e.adds);
        let said = system.tables.iter_mut().filter(|(n, _)| n.it == name.it).map(|(_, t)| t);
        let mut parts: Vec<&mut Table> = said.chain(each).collect();
        links(&mut parts, table);
        let unsaid = columns(&mut parts, table);
        if !unsaid.is_empty() {
            add(system, name, unsaid);
        }
    }
}

fn is_of(each: &Each, table: &Name) -> bool {
    each.tables.iter().any(|t| t.it == table.it)
}

/// What `[[each]]` adds to the table stands apart afterwards, so that the others are not restated with it.
fn single_out(system: &mut System, table: &Name) {
    let mut apart = Vec::new();
    for each in system.each.iter_mut().filter(|e| e.tables.len() > 1 && is_of(e, table)) {
        let (own, others) = each.tables.drain(..).partition(|t| t.it == table.it);
        each.tables = others;
        apart.push(Each { tables: own, ..each.clone() });
    }
    system.each.extend(apart);
}

fn links(parts: &mut [&mut Table], table: &ProfileTable) {
    for restated in &table.links {
        let named = parts.iter_mut().flat_map(|p| &mut p.links).filter(|l| answers_to(l, restated));
        for link in named {
            if !restated.on_erase.is_empty() {
                link.on_erase.clone_from(&restated.on_erase);
            }
            if !restated.while_shared.is_empty() {
                link.while_shared.clone_from(&restated.while_shared);
            }
            if restated.untie.is_some() {
                link.untie.clone_from(&restated.untie);
            }
        }
    }
}

fn answers_to(link: &Link, restated: &ProfileLink) -> bool {
    let name = link.name.as_ref().or(link.column.first()).map(|n| &n.it);
    name.is_some() && name == restated.name.as_ref().map(|n| &n.it)
}

/// Restates columns; returns those of which the map says nothing.
fn columns(parts: &mut [&mut Table], table: &ProfileTable) -> Vec<(Name, Column)> {
    let mut unsaid = Vec::new();
    for (name, erase) in &table.columns {
        let mut said = parts.iter_mut().flat_map(|p| &mut p.columns).filter(|(n, _)| n.it == name.it).peekable();
        if said.peek().is_none() {
            unsaid.push((name.clone(), silent(name, erase)));
        }
        said.for_each(|(_, column)| column.erase.clone_from(erase));
    }
    unsaid
}

/// A column of which nothing but its erasure is said.
fn silent(name: &Name, erase: &[Choice<Erase>]) -> Column {
    Column {
        at: name.at,
        category: None,
        of: Vec::new(),
        text: None,
        form: Vec::new(),
        codec: None,
        json: Vec::new(),
        file: None,
        shared_by: None,
        copy_of: None,
        erase: erase.to_vec(),
        withhold: None,
        origin: None,
        time: None,
        generated: None,
    }
}

fn add(system: &mut System, table: &Name, columns: Vec<(Name, Column)>) {
    match system.tables.iter_mut().find(|(name, _)| name.it == table.it) {
        Some((_, said)) => said.columns.extend(columns),
        None => system.tables.push((At::clone(table), Table { columns, ..Table::default() })),
    }
}
