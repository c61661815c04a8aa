//! Web services: descriptions where they do not belong or lack what they need (U0801), calls that name what they are not
//! given (U0802), questions of plans that no call answers (U0803), rows that nothing can delete (U0804), descriptions that
//! nobody has tried (U0805).

use super::flow::Flow;
use crate::ask::By;
use crate::diagnostic::{Diagnostic, Severity, codes};
use crate::plan::lookups;
use crate::policy::http::is_service;
use crate::policy::model::{Path, SystemId, TableId};
use crate::policy::parse::fields_of;
use crate::policy::resolve::Draft;
use crate::policy::written::http::{Call, Resource};
use crate::policy::written::{Name, System};
use crate::source::Span;

/// Looks at each system.
pub fn check(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (nth, system) in draft.folder.systems.iter().enumerate() {
        if !is_service(system) {
            found.extend(misplaced(system));
            continue;
        }
        found.extend(incomplete(system));
        let resources = system.resources.iter();
        let described: Vec<Diagnostic> =
            resources.flat_map(|(name, resource)| described(system, name, resource)).collect();
        if described.is_empty() {
            found.extend(unanswered(draft, SystemId(nth), system));
            found.extend(undeletable(draft, SystemId(nth), system));
            found.extend(stand_ins(draft, SystemId(nth), system));
        }
        found.extend(described);
        found.extend(untried(system));
    }
    found
}

fn misplaced(system: &System) -> Vec<Diagnostic> {
    let resource = system.resources.first().map(|(name, _)| ("[resource]", name.at));
    let parts = [
        ("`service`", system.service.as_ref().map(|s| s.at)),
        ("`url`", system.url.as_ref().map(|u| u.at)),
        ("`[http]`", system.http_at),
    ];
    let given = parts.into_iter().filter_map(|(what, at)| Some((what, at?))).chain(resource);
    let given = given.filter(|_| system.kind.is_some());
    let message = |what| format!("{what} stands in system `{}`, which is no web service", system.name);
    let error = |(what, at)| Diagnostic::error(codes::CALLS_MISPLACED, message(what), at, "only for `kind = \"http\"`");
    given.map(error).map(|finding| finding.help("say `kind = \"http\"`, or leave it out")).collect()
}

fn incomplete(system: &System) -> Vec<Diagnostic> {
    let error = |message: &str, label: &str, help: &str| {
        let message = format!("{message} the web service `{}`", system.name);
        Diagnostic::error(codes::CALLS_MISPLACED, message, system.at, label).help(help)
    };
    let mut found = Vec::new();
    if system.url.is_none() && !system.broken {
        let help = "write `url = \"https://api.example.net\"` under `[system]`, or `url = { env = \"CRM_URL\" }`";
        found.push(error("nothing says where to reach", "no `url`", help));
    }
    if system.resources.is_empty() && !system.broken {
        let help = "write `[resource.NAME]` for each table, or name a known `service`";
        found.push(error("nothing says how to call", "no `[resource]`", help));
    }
    found
}

/// What a description says of itself: columns that it names must be its own, and calls take what they are given.
fn described(system: &System, name: &Name, resource: &Resource) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut wrong = |at: Span, column: &str, label: &str| {
        let message = format!("resource `{}`: `{column}` cannot be used here", name.it);
        let known = resource.columns.iter().map(|(n, _)| n.it.as_str());
        found.push(Diagnostic::error(codes::CALL_COLUMN, message, at, label).suggest(column, known));
    };
    let finds = resource.find.iter().flat_map(|f| &f.by);
    let written = resource.change.iter().flat_map(|c| &c.columns);
    let refers = resource.refers.iter().map(|(column, _)| column);
    for column in resource.key.iter().chain(finds).chain(written).chain(refers) {
        if resource.column(&column.it).is_none() {
            wrong(column.at, &column.it, "the resource has no such column");
        }
    }
    for (column, target) in &resource.refers {
        let there = system.resources.iter().any(|(n, r)| n.it == target.it.0 && r.column(&target.it.1).is_some());
        if !there {
            wrong(target.at, &column.it, "it refers to no column of a resource");
        }
    }
    for find in &resource.find {
        for (column, at) in unnamed(&find.call, &find.by) {
            wrong(at, &column, "the call is not asked by this column: `by` does not name it");
        }
    }
    let changing = resource.erase.iter().map(|e| &e.call).chain(resource.change.iter().map(|c| &c.call));
    for call in changing {
        for (column, at) in unnamed(call, &resource.key) {
            wrong(at, &column, "only columns of `key` are known when a record is changed");
        }
    }
    if let Some(change) = &resource.change {
        for column in change.columns.iter().filter(|c| resource.key.iter().any(|k| k.it == c.it)) {
            wrong(column.at, &column.it, "a key is never changed");
        }
        let deep = |c: &&Name| resource.column(&c.it).is_some_and(|f| !is_plain(&f.path));
        for column in change.columns.iter().filter(deep) {
            wrong(column.at, &column.it, "a value out of a list cannot be written");
        }
    }
    found
}

/// A path of names alone.
fn is_plain(path: &Path) -> bool {
    !path.0.is_empty() && path.0.iter().all(|step| matches!(step, crate::policy::model::Step::Name(_)))
}

/// Columns that a call names beside those it is given.
fn unnamed(call: &Call, given: &[Name]) -> Vec<(String, Span)> {
    fields_of(call).into_iter().filter(|(column, _)| !given.iter().any(|g| g.it == *column)).collect()
}

fn resource<'a>(system: &'a System, name: &str) -> Option<&'a Resource> {
    system.resources.iter().find(|(n, _)| n.it == name).map(|(_, r)| r)
}

/// Every question that a plan can ask must be answered by a call.
fn unanswered(draft: &Draft<'_>, id: SystemId, system: &System) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for lookup in lookups(&draft.policy, id) {
        let table = &lookup.select.table;
        if resource(system, table).is_none_or(|r| r.answers(&lookup.select.by).is_some()) {
            continue;
        }
        let columns = lookup.columns().join("`, `");
        let message =
            format!("no call finds records of `{table}` by `{columns}`, which plans ask for ({})", lookup.purpose);
        let finding =
            Diagnostic::error(codes::NO_CALL, message, draft.origins[lookup.table.0].at, "asked of this table");
        found.push(finding.help(answering(table, &lookup.select.by, &columns.replace("`, `", "\", \""))));
    }
    found
}

/// What to add to a resource so that a question by these columns is answered.
fn answering(table: &str, by: &By, columns: &str) -> String {
    let way = match by {
        By::Values { .. } | By::Keys { .. } => "",
        By::Folded { .. } => " and `match = \"email\"` or `\"case_insensitive\"`",
        By::Phone { .. } => " and `match = \"phone\"`",
        // No call is described as one that searches within texts.
        By::Containing { .. } => return format!("add a `find` that lists all to `[resource.{table}]`"),
    };
    format!("add a `find` with `by = [\"{columns}\"]`{way} to `[resource.{table}]`, or one that lists all")
}

/// Rows that the map has erased need a call that deletes.
fn undeletable(draft: &Draft<'_>, id: SystemId, system: &System) -> Vec<Diagnostic> {
    let flow = Flow::of(draft);
    let tables = draft.policy.table_ids().filter(|t| draft.policy.table(*t).system == id);
    let goes = |t: &TableId| flow.may_be_deleted(&draft.policy, *t);
    let error = |t: TableId| {
        let table = &draft.policy.table(t).name;
        let message = format!("an erasure may delete records of `{table}`, and no call deletes one");
        let help = format!(
            "describe `erase` in `[resource.{table}]`, or say on the links what else becomes of them (`on_erase`)"
        );
        Diagnostic::error(codes::NO_ERASURE, message, draft.origins[t.0].at, "its records may have to go").help(help)
    };
    let lacks = |t: &TableId| resource(system, &draft.policy.table(*t).name).is_some_and(|r| r.erase.is_empty());
    tables.filter(|t| !draft.origins[t.0].lookup_only).filter(lacks).filter(goes).map(error).collect()
}

/// A stand-in record would have to be made by a call.
fn stand_ins(draft: &Draft<'_>, id: SystemId, system: &System) -> Vec<Diagnostic> {
    let populations = draft.policy.kinds.iter().flat_map(|k| k.populations.iter().map(move |p| (k, p)));
    let mut found = Vec::new();
    for (kind, _) in populations.filter(|(_, p)| p.system == id && p.placeholder.is_some()) {
        let Some((name, _)) = system.subjects.iter().find(|(n, _)| n.it == kind.name) else { continue };
        let message = format!("a stand-in record of `{}` would have to be made in a web service", kind.name);
        let finding = Diagnostic::error(codes::NO_CALL, message, name.at, "no call makes records");
        found.push(finding.help("leave `placeholder` out, and undo ties by `null`, `blank` or `delete`"));
    }
    found
}

fn untried(system: &System) -> Option<Diagnostic> {
    let at = system.http.untried.as_ref().filter(|untried| untried.it)?.at;
    let what = match &system.service {
        Some(service) => format!("the description of the service `{}`", service.it),
        None => format!("the description of system `{}`", system.name),
    };
    let message = format!("{what} was not tried against the real service");
    let finding = Diagnostic {
        severity: Severity::Warning,
        ..Diagnostic::error(codes::UNTRIED, message, at, "made from its public documentation")
    };
    let help = "try it on a test account with a person made for it, then say `untried = false` under `[http]`";
    Some(finding.help(help))
}
