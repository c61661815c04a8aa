//! Stand-in records that the database would refuse: a fixed value where values are unique (U0216), a required column left
//! empty (U0217), and columns that tell stand-ins apart and are not there (U0103).

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{ColumnIx, Fill, Link, Placeholder, Population, Target, Untie};
use crate::policy::resolve::{Draft, TableOrigin};
use crate::policy::written::{Name, Scope, Subject};

/// Looks at every placeholder of a table.
pub fn check(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for kind in &draft.policy.kinds {
        for population in &kind.populations {
            let subjects = &draft.folder.systems[population.system.0].subjects;
            let written = subjects.iter().find(|(name, _)| name.it == kind.name);
            let (Some((name, subject)), Some(placeholder)) = (written, &population.placeholder) else { continue };
            found.extend(fixed(draft, population, placeholder, subject));
            found.extend(unfilled(draft, population, placeholder, name));
            found.extend(unscoped(draft, population, subject));
        }
    }
    found
}

fn fixed(
    draft: &Draft<'_>,
    population: &Population,
    placeholder: &Placeholder,
    subject: &Subject,
) -> Option<Diagnostic> {
    let (table, origin) = (draft.policy.table(population.table), &draft.origins[population.table.0]);
    let same_each_time = |ix: ColumnIx| {
        let said = placeholder.columns.iter().find(|(c, _)| *c == ix);
        match said {
            Some((_, Fill::Value(value))) => !value.is_null(),
            Some((_, Fill::Template(_))) => false,
            None => population.tenant.as_ref().is_some_and(|t| t.column == ix),
        }
    };
    let collides = unique_keys(origin).into_iter().find(|key| {
        let said = |ix: &ColumnIx| placeholder.columns.iter().any(|(c, _)| c == ix);
        key.iter().any(said) && key.iter().all(|ix| same_each_time(*ix))
    })?;
    let columns = &subject.placeholder.as_ref()?.columns;
    let (name, value) =
        columns.iter().find(|(name, _)| table.column(&name.it).is_some_and(|c| collides.contains(&c)))?;
    let message = format!("the second stand-in in `{}` would break a unique key", table.name);
    let label = format!("every stand-in would have the same `{}`", name.it);
    let help = "let each one differ, such as `\"former-{token:12}\"`";
    Some(Diagnostic::error(codes::PLACEHOLDER_FIXED, message, value.at, label).help(help))
}

/// The primary key and the unique ones, as columns.
fn unique_keys(origin: &TableOrigin<'_>) -> Vec<Vec<ColumnIx>> {
    let indices = |key: &Vec<String>| {
        let ix = |name: &String| origin.schema.columns.iter().position(|c| c.name == *name);
        key.iter().map(ix).collect::<Option<Vec<_>>>().unwrap_or_default()
    };
    let keys = std::iter::once(&origin.schema.key).chain(&origin.schema.unique);
    keys.map(indices).filter(|key| !key.is_empty()).collect()
}

fn unfilled(draft: &Draft<'_>, population: &Population, placeholder: &Placeholder, name: &Name) -> Option<Diagnostic> {
    let origin = &draft.origins[population.table.0];
    let filled = |ix: ColumnIx| {
        placeholder.columns.iter().any(|(c, _)| *c == ix) || population.tenant.as_ref().is_some_and(|t| t.column == ix)
    };
    let required = origin.schema.columns.iter().enumerate();
    let required = required.filter(|(ix, c)| !c.nullable && !c.default && !c.generated && !filled(*ix));
    let missing: Vec<&str> = required.map(|(_, c)| c.name.as_str()).collect();
    let first = missing.first()?;
    let message =
        format!("the stand-in in `{}` lacks columns that take no NULL and have no default", origin.schema.name);
    let label = format!("without `{}`", missing.join("`, `"));
    let help =
        format!("add them to `[subject.{}.placeholder]`, such as `{} = ..`", name.it, crate::diagnostic::key(first));
    Some(Diagnostic::error(codes::PLACEHOLDER_UNFILLED, message, name.at, label).help(help))
}

/// Tables whose rows would refer to a stand-in, and that lack a column which says to which.
fn unscoped(draft: &Draft<'_>, population: &Population, subject: &Subject) -> Vec<Diagnostic> {
    let scope = subject.placeholder.as_ref().and_then(|p| p.scope.as_ref()).map(|s| &s.it);
    let Some(Scope::Columns(names)) = scope else { return Vec::new() };
    let mut found = Vec::new();
    for table in &draft.policy.tables {
        let refers = |l: &&Link| matches!(&l.target, Target::Row { table, .. } if *table == population.table);
        let mut links = table.links.iter().filter(refers);
        if !links.any(|l| l.untie == Some(Untie::Placeholder)) {
            continue;
        }
        for name in names.iter().filter(|n| table.column(&n.it).is_none()) {
            let message = format!("table `{}` has no column `{}`", table.name, name.it);
            let label = "its rows refer to stand-ins that this column tells apart";
            let help = "name columns that all referring tables have, or write `scope = \"row\"`";
            found.push(Diagnostic::error(codes::UNKNOWN_COLUMN, message, name.at, label).help(help));
        }
    }
    found
}
