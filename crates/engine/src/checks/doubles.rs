//! What is said twice: two links of one name (U0221), one link again (U0222), a column or key in two places (U0223), a
//! foreign key both linked and ignored (U0231), and decisions without a reason (U0412).

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::Table;
use crate::policy::resolve::{Draft, TableOrigin};
use crate::policy::written::{self, Name};

/// Looks at the links, columns and decisions of every table.
pub fn check(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    for (table, origin) in draft.policy.tables.iter().zip(&draft.origins) {
        found.extend(names(origin));
        found.extend(links(table, origin));
        found.extend(columns(origin));
        found.extend(ignored(origin));
    }
    let systems = draft.folder.systems.iter();
    let reasons = systems.flat_map(|s| s.ignore.iter().chain(s.tables.iter().flat_map(|(_, t)| &t.ignore)));
    found.extend(reasons.filter(|(reason, _)| reason.it.trim().is_empty()).map(|(reason, _)| {
        Diagnostic::error(codes::NO_REASON, "a decision without a reason", reason.at, "why?")
            .help("say why, in a few words: whoever reads it in a year has nothing else")
    }));
    found
}

fn names(origin: &TableOrigin<'_>) -> Vec<Diagnostic> {
    let names: Vec<&Name> = origin.written_links().filter_map(|l| l.name.as_ref()).collect();
    let again = names.iter().enumerate().filter_map(|(nth, n)| Some((n, names[..nth].iter().find(|o| o.it == n.it)?)));
    again
        .map(|(name, first)| {
            let message = format!("two links of table `{}` are called `{}`", origin.schema.name, name.it);
            let finding = Diagnostic::error(codes::LINK_NAME_TWICE, message, name.at, "the second one");
            finding.label(first.at, "the first").help("give each a name of its own: `of` would mean both")
        })
        .collect()
}

/// Links that join the same rows to the same persons in the same role.
fn links(table: &Table, origin: &TableOrigin<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let all: Vec<_> = table.links.iter().zip(&origin.links).collect();
    for (nth, (link, place)) in all.iter().enumerate() {
        let same = |(l, p): &&(&crate::policy::model::Link, &crate::policy::resolve::LinkOrigin<'_>)| {
            let document =
                |w: &written::Link| (w.path.as_ref().map(|p| p.it.clone()), w.form.first().map(|f| f.it.clone()));
            (l.role, &l.columns, &l.target, l.by, &l.when)
                == (link.role, &link.columns, &link.target, link.by, &link.when)
                && document(p.written) == document(place.written)
                && p.written.to_when.is_none()
                && place.written.to_when.is_none()
        };
        if let Some((_, first)) = all[..nth].iter().find(same) {
            let message = format!("table `{}` has this link twice", table.name);
            let finding = Diagnostic::error(codes::LINK_TWICE, message, place.written.at, "the same once more");
            found.push(finding.label(first.written.at, "the first").warning().help("take one of them out"));
        }
    }
    found
}

/// A column, the key or the tenant, in `[table.NAME]` and in `[[each]]`.
fn columns(origin: &TableOrigin<'_>) -> Vec<Diagnostic> {
    let columns = origin.written_columns().map(|(name, _)| name);
    let scrubbed = origin.parts.iter().flat_map(|p| &p.set_on_scrub).map(|(name, _)| name);
    let tenants = origin.parts.iter().filter_map(|p| p.tenant.as_ref());
    let mut found =
        doubled(columns, |name| format!("column `{name}` of table `{}` is described twice", origin.schema.name));
    found.extend(doubled(scrubbed, |name| {
        format!("two values are written into column `{name}` of table `{}`", origin.schema.name)
    }));
    let tenants: Vec<&Name> = tenants.collect();
    if let [first, second, ..] = tenants.as_slice() {
        let message = format!("table `{}` has two tenants", origin.schema.name);
        found.push(again(message, second, first));
    }
    found
}

fn doubled<'a>(names: impl Iterator<Item = &'a Name>, message: impl Fn(&str) -> String) -> Vec<Diagnostic> {
    let names: Vec<&Name> = names.collect();
    let pairs = names.iter().enumerate().filter_map(|(nth, n)| Some((n, names[..nth].iter().find(|o| o.it == n.it)?)));
    pairs.map(|(name, first)| again(message(&name.it), name, first)).collect()
}

fn again(message: String, second: &Name, first: &Name) -> Diagnostic {
    let finding = Diagnostic::error(codes::SAID_TWICE, message, second.at, "said again");
    finding.label(first.at, "the first").help("keep one of them: only the first would count")
}

/// Columns that a link reads as a reference and `ignore` calls none.
fn ignored(origin: &TableOrigin<'_>) -> Vec<Diagnostic> {
    let names = origin.parts.iter().flat_map(|p| &p.ignore).flat_map(|(_, names)| names);
    let linked = |name: &Name| {
        origin
            .written_links()
            .find(|l| matches!(l.column.as_slice(), [one] if one.it == name.it && !l.by.iter().any(|_| true)))
    };
    names
        .filter_map(|name| {
            let link = linked(name)?;
            let message = format!("column `{}` of table `{}` is both a link and ignored", name.it, origin.schema.name);
            let finding = Diagnostic::error(codes::LINKED_AND_IGNORED, message, name.at, "ignored here");
            Some(finding.label(link.column[0].at, "a link here").help("decide: take one of the two out"))
        })
        .collect()
}
