//! Tenants: joins by identity without one (U0209), kinds that have one in some systems only (U0407).

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::Target;
use crate::policy::resolve::Draft;
use crate::policy::written::Subject;

/// Looks at every link to an identity, and at every kind.
pub fn check(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let mut found = joins(draft);
    found.extend(kinds(draft));
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
