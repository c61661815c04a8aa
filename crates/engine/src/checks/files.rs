//! Files: where `path` belongs (U0603), columns that name a file and are masked (U0604), files that the map would change
//! (U0605), paths that an erasure would break (U0606).

use super::flow::{Flow, row_may_stay};
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{ColumnIx, Erase, Fate, Link, OBJECTS, OnErase, Role, SystemKind, TableId, Target, Untie};
use crate::policy::resolve::Draft;
use crate::policy::written;

/// Looks at the tables of files systems, and at the columns of others that name files.
pub fn check(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let flow = Flow::of(draft);
    let mut found = misplaced(draft);
    for id in draft.policy.table_ids().filter(|id| !draft.origins[id.0].lookup_only) {
        if draft.is_file(id) {
            found.extend(changed(draft, &flow, id));
        }
        found.extend(columns(draft, id));
    }
    found
}

/// `path` on a table of another kind of system, none on a table of files, or a map of the table that all have.
fn misplaced(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for system in &draft.folder.systems {
        let files = system.kind.as_ref().is_some_and(|k| k.it == SystemKind::Files);
        let error = |message: String, at, label: &str| Diagnostic::error(codes::PATH_MISPLACED, message, at, label);
        let each = system.each.iter().map(|e| &e.adds);
        for path in system.tables.iter().map(|(_, t)| t).chain(each).filter_map(|t| t.path.as_ref()) {
            if !files && system.kind.is_some() {
                let message = format!("`path` stands on a table of system `{}`, which holds no files", system.name);
                found.push(error(message, path.at, "only tables of a files system are made of paths"));
            }
        }
        for (name, table) in system.tables.iter().filter(|_| files) {
            if name.it == OBJECTS {
                let message = "the table `objects` is that of all objects and is not mapped".to_owned();
                let help = "describe some of them by a table of another name with a `path`";
                found.push(error(message, name.at, "every files system has it").help(help));
            } else if table.path.is_none() {
                let message = format!("nothing says which files the table `{}` is made of", name.it);
                let help = "write `path = \"avatars/{username}-{pixels}.png\"`; each field is a column";
                found.push(error(message, name.at, "a table of files needs a `path`").help(help));
            }
        }
    }
    found
}

/// "Files are deleted, kept or left": there is no scrub of a file.
fn changed(draft: &Draft<'_>, flow: &Flow, id: TableId) -> Vec<Diagnostic> {
    let (table, origin) = (draft.policy.table(id), &draft.origins[id.0]);
    let message = format!("the files of `{}` can only be deleted, kept or left, not changed", table.name);
    let error = |at, label: &str| Diagnostic::error(codes::FILE_CHANGED, message.clone(), at, label).help(WAYS);
    let mut found: Vec<Diagnostic> = origin
        .parts
        .iter()
        .flat_map(|p| &p.set_on_scrub)
        .map(|(n, _)| error(n.at, "a file is never scrubbed"))
        .collect();
    for (link, place) in table.links.iter().zip(&origin.links) {
        let scrubs =
            |c: &&written::Choice<written::OnErase>| matches!(c.action.it, written::OnErase::Fate(Fate::Scrub));
        if let Some(choice) = place.written.on_erase.iter().find(scrubs) {
            found.push(error(choice.action.at, "a file is never scrubbed"));
        } else if follows_a_scrub(flow, link) {
            found.push(error(place.column_at(), "its parent may be scrubbed, and a file cannot follow it in that"));
        }
    }
    found
}

const WAYS: &str = "say `on_erase = \"delete\"`, `\"none\"` or `{ keep = \"..\" }` on the link";

fn follows_a_scrub(flow: &Flow, link: &Link) -> bool {
    let Target::Row { table, .. } = &link.target else { return false };
    let said = link.on_erase.iter().any(|(when, _)| when.0.is_empty());
    link.role == Role::Part && !said && flow.may_be_scrubbed(*table)
}

/// Columns that name a file.
fn columns(draft: &Draft<'_>, id: TableId) -> Vec<Diagnostic> {
    let (table, origin) = (draft.policy.table(id), &draft.origins[id.0]);
    let mut found = Vec::new();
    for (ix, column) in table.columns.iter().enumerate() {
        let (Some(file), Some((name, written))) = (&column.file, origin.written_column(&column.name)) else { continue };
        let masked = column.text || column.erase.iter().any(|(_, e)| *e == Erase::Redact);
        if masked {
            let message =
                format!("column `{}` of table `{}` names a file and would be masked", column.name, table.name);
            let at = written.text.as_ref().map_or(name.at, |t| t.at);
            let finding = Diagnostic::error(codes::FILE_MASKED, message, at, "a masked name leads to no file");
            found.push(finding.help("leave `text` out; a scrub that erases the column deletes the file with it"));
        }
        for part in file.form.columns().filter(|c| *c != ix) {
            if let Some(why) = breaks(draft, id, part) {
                let message = format!("an erasure would break the path of the file that `{}` names", column.name);
                let at = written.form.first().map_or(name.at, |f| f.at);
                let label = format!("`{}` {why}", table.columns[part].name);
                let help = "build the path from columns that stay as they are, such as the key";
                found.push(Diagnostic::error(codes::PATH_BREAKS, message, at, label).help(help));
            }
        }
    }
    found
}

/// Why a surviving row may come to have another value in a column; `None` if it keeps it.
fn breaks(draft: &Draft<'_>, id: TableId, column: ColumnIx) -> Option<&'static str> {
    let table = draft.policy.table(id);
    let unties = |l: &Link| {
        !l.by && l.columns.contains(&column) && l.untie.is_some_and(|u| u != Untie::Delete) && row_may_stay(l)
    };
    let listed = |l: &Link| {
        let lists = l.on_erase.iter().filter_map(|(_, e)| match e {
            OnErase::Columns(list) => Some(list),
            _ => None,
        });
        lists.flatten().any(|(_, columns)| columns.contains(&column))
    };
    if table.links.iter().any(unties) {
        return Some("is a tie that is undone while the row stays");
    }
    if table.set_on_scrub.iter().any(|(c, _)| *c == column) {
        return Some("is written when the row is scrubbed");
    }
    let erased = table.columns[column].erase.iter().any(|(_, e)| !matches!(e, Erase::Keep(_)));
    (erased || table.columns[column].text || table.links.iter().any(listed)).then_some("is erased while the row stays")
}
