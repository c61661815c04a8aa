//! Tenants: joins by identity without one (U0209), kinds that have one in some systems only (U0407), values that can never
//! be equal (U0225).

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{Column, Target};
use crate::policy::resolve::Draft;
use crate::policy::written::Subject;

/// Looks at every link to an identity, and at every kind.
pub fn check(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let mut found = joins(draft);
    found.extend(kinds(draft));
    found.extend(never_equal(draft));
    found
}

/// Every subject of a kind, in all systems.
fn subjects<'d>(
    draft: &'d Draft<'_>,
    kind: &'d str,
) -> impl Iterator<Item = (&'d str, crate::source::Span, &'d Subject)> {
    let of_system = move |s: &'d crate::policy::written::System| {
        s.subjects.iter().filter(move |(n, _)| n.it == kind).map(|(n, subject)| (s.name.as_str(), n.at, subject))
    };
    draft.folder.systems.iter().flat_map(of_system)
}

fn joins(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (table, origin) in draft.policy.tables.iter().zip(&draft.origins) {
        if origin.written_tenant().is_some() || table.kind.is_some() {
            continue;
        }
        for (link, place) in table.links.iter().zip(&origin.links) {
            let Target::Identity { kind, identity } = &link.target else { continue };
            let kind = &draft.policy.kinds[kind.0].name;
            if subjects(draft, kind).any(|(_, _, s)| s.tenant.is_some()) {
                let message = format!("table `{}` is joined by `@{kind}.{identity}` without a tenant", table.name);
                found.push(
                    Diagnostic::error(
                        codes::JOIN_WITHOUT_TENANT,
                        message,
                        place.target_at(),
                        format!("kind `{kind}` has tenants"),
                    )
                    .help(format!(
                        "the same value under another tenant is another person: add `tenant = \"..\"` to `[table.{}]`",
                        table.name
                    )),
                );
            }
        }
    }
    found
}

fn kinds(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for kind in &draft.policy.kinds {
        let Some((with, _, _)) = subjects(draft, &kind.name).find(|(_, _, s)| s.tenant.is_some()) else { continue };
        for (system, at, _) in subjects(draft, &kind.name).filter(|(_, _, s)| s.tenant.is_none()) {
            let message = format!("kind `{}` has tenants in system `{with}` and none in `{system}`", kind.name);
            found.push(
                Diagnostic::error(codes::TENANT_MISSING, message, at, "no `tenant`")
                    .help("name the column that holds the tenant, or lead to it with `{ column, through, as }`"),
            );
        }
    }
    found
}

/// Tenants are compared: a table's with that of the kind that it is joined to, a local number with the key it points at, one
/// system's values with another's.
fn never_equal(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (table, origin) in draft.policy.tables.iter().zip(&draft.origins) {
        let (Some(own), Some(written)) = (table.tenant, origin.written_tenant()) else { continue };
        for link in &table.links {
            let Target::Identity { kind, .. } = &link.target else { continue };
            let mut here = draft.policy.kinds[kind.0].populations.iter().filter(|p| p.system == table.system);
            let Some((there, tenant)) = here.find_map(|p| Some((p.table, p.tenant.as_ref()?.column))) else { continue };
            let (own, other) = (&table.columns[own], &draft.policy.table(there).columns[tenant]);
            found.extend(apart(own, other, written.at));
        }
    }
    for population in draft.policy.kinds.iter().flat_map(|k| &k.populations) {
        let Some(tenant) = &population.tenant else { continue };
        let system = &draft.folder.systems[population.system.0];
        let written = system.subjects.iter().filter_map(|(_, s)| {
            s.tenant
                .as_ref()
                .filter(|_| s.table.as_ref().is_some_and(|t| t.it == draft.policy.table(population.table).name))
        });
        let Some(written) = written.into_iter().next() else { continue };
        let local = &draft.policy.table(population.table).columns[tenant.column];
        if let Some((table, _)) = tenant.through
            && let [key] = draft.policy.table(table).key.as_slice()
        {
            found.extend(apart(local, &draft.policy.table(table).columns[*key], written.column.at));
        }
        let value = tenant.through.map_or(local, |(table, column)| &draft.policy.table(table).columns[column]);
        if let Some(same) = &written.same_as
            && let Some(other) = same.system.as_ref().and_then(|s| draft.policy.system_named(&s.it))
            && let Some(other) = draft.policy.table_named(other, &same.table.it).map(|t| draft.policy.table(t))
            && let Some(column) = other.column(&same.column.it)
        {
            found.extend(apart(value, &other.columns[column], same.at));
        }
    }
    found
}

fn apart(here: &Column, there: &Column, at: crate::source::Span) -> Option<Diagnostic> {
    if here.class.meets(there.class) {
        return None;
    }
    let message = format!("the tenants `{}` and `{}` can never be equal", here.name, there.name);
    let label = format!("`{}` is `{}`, `{}` is `{}`", here.name, here.type_name, there.name, there.type_name);
    let help = "name the columns that hold the same values; otherwise every join under the tenant is empty";
    Some(Diagnostic::error(codes::TENANTS_NEVER_EQUAL, message, at, label).help(help))
}
