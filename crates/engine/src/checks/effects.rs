//! Keys that are written where they change nothing (U0229).

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{Role, SystemKind};
use crate::policy::resolve::Draft;
use crate::policy::written::{Column, Link, System};
use crate::schema::{self, Class};
use crate::source::Span;

/// Looks at keys that mean something only beside others.
pub fn check(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = draft.folder.systems.iter().flat_map(of_system).collect();
    for origin in &draft.origins {
        found.extend(origin.written_links().flat_map(of_link));
        for (name, column) in origin.written_columns() {
            found.extend(of_column(column, origin.schema.column(&name.it)));
        }
    }
    found
}

fn idle(key: &str, at: Span, why: &str, help: &str) -> Diagnostic {
    Diagnostic::error(codes::NO_EFFECT, format!("`{key}` has no effect here"), at, why).help(help)
}

fn of_link(link: &Link) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if let Some(untie) = link.untie.as_ref().filter(|_| !link.by.is_empty()) {
        let help = format!("say it on the link of table `{}` that holds the reference", link.by[0].table.it);
        found.push(idle("untie", untie.at, "with `by`, the reference stands in the other table", &help));
    }
    let role = link.role.as_ref().map(|r| r.it);
    if let Some(choice) = link.while_shared.first().filter(|_| role.is_some_and(|r| r != Role::CoOwner)) {
        let help = "write `on_erase`, or make it a link with role `co_owner`";
        found.push(idle("while_shared", choice.action.at, "only co-owners share a row", help));
    }
    found
}

fn of_column(column: &Column, schema: Option<&schema::Column>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if let Some(form) = column.form.first().filter(|_| column.text.is_none() && column.file.is_none()) {
        found.push(idle("form", form.at, "it says where in a text, or in which path", "add `text = true` or `file`"));
    }
    if let Some(copy) = &column.copy_of {
        let said = [
            ("category", column.category.as_ref().map(|c| c.at)),
            ("of", column.of.first().map(|n| n.at)),
            ("erase", column.erase.first().map(|c| c.action.at)),
            ("text", column.text.as_ref().map(|t| t.at)),
        ];
        for (key, at) in said {
            let label = "a copy follows its source in this";
            let help = "say it at the source, or leave `copy_of` out if the column has a value of its own";
            found.extend(at.map(|at| idle(key, at, label, help).label(copy.at, "the source")));
        }
    }
    let documents = |c: &schema::Column| matches!(c.class, Class::Text | Class::Json);
    if let Some(schema) = schema.filter(|c| !documents(c)) {
        let said =
            [("codec", column.codec.as_ref().map(|c| c.at)), ("json", column.json.first().map(|(path, _)| path.at))];
        for (key, at) in said {
            let label = format!("the column is `{}`, no text", schema.type_name);
            found.extend(at.map(|at| idle(key, at, &label, "leave it out: such a column holds no document")));
        }
    }
    let number = |c: &schema::Column| matches!(c.class, Class::Int | Class::Real | Class::Decimal | Class::Other);
    if let (Some(time), Some(schema)) = (&column.time, schema.filter(|c| !number(c))) {
        let label = format!("the column is `{}`, no number", schema.type_name);
        found.push(idle("time", time.at, &label, "leave it out: the database knows what the value is"));
    }
    found
}

fn of_system(system: &System) -> Vec<Diagnostic> {
    let Some(kind) = &system.kind else { return Vec::new() };
    let manual = kind.it == SystemKind::Manual;
    let mut found = Vec::new();
    let people =
        [("team", system.team.as_ref().map(|t| t.at)), ("task", system.tasks.first().map(|(right, _)| right.at))];
    for (key, at) in people.into_iter().filter(|_| !manual) {
        let help = "leave it out, or write `kind = \"manual\"` if people do the work";
        found.extend(at.map(|at| idle(key, at, "programs do the work here", help).label(kind.at, "the kind")));
    }
    let places = [
        ("connect", system.connect.as_ref().map(|s| s.at)),
        ("read", system.read.as_ref().map(|s| s.at)),
        ("write", system.write.as_ref().map(|s| s.at)),
    ];
    for (key, at) in places.into_iter().filter(|_| manual) {
        let help = "leave it out; `team` and `[task.RIGHT]` say who does what";
        found.extend(at.map(|at| idle(key, at, "people do the work here", help).label(kind.at, "the kind")));
    }
    let schemas = matches!(kind.it, SystemKind::Postgres | SystemKind::Mysql);
    if let Some(schema) = system.schema.as_ref().filter(|_| !schemas) {
        let help = "leave it out: only database servers have several schemas";
        found.push(idle("schema", schema.at, "such a system has no schemas", help).label(kind.at, "the kind"));
    }
    found
}
