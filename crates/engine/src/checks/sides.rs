//! Identities beside the records: in a table whose rows belong to none of them (U0233), or, where a kind is nothing but its
//! values, in one that no link to it reaches (U0234).

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{Identity, Kind, KindId, Population, Target};
use crate::policy::resolve::{Draft, written_columns};
use crate::source::Span;

/// Looks at the identities of every kind that stand in other tables than its own.
pub fn check(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (nth, kind) in draft.policy.kinds.iter().enumerate() {
        for population in &kind.populations {
            let mut seen = Vec::new();
            for identity in population.identities.iter().filter(|i| i.table != population.table) {
                if seen.contains(&identity.table) || draft.origins[identity.table.0].broken_link {
                    continue;
                }
                seen.push(identity.table);
                let Some(at) = place(draft, kind, population, identity) else { continue };
                if draft.policy.table(population.table).made {
                    found.extend(stays(draft, KindId(nth), identity, at));
                } else {
                    found.extend(apart(draft, kind, population, identity, at));
                }
            }
        }
    }
    found
}

/// Where the map names the identity's column.
fn place(draft: &Draft<'_>, kind: &Kind, population: &Population, identity: &Identity) -> Option<Span> {
    let system = &draft.folder.systems[population.system.0];
    let (_, subject) = system.subjects.iter().find(|(name, _)| name.it == kind.name)?;
    let (_, written) = subject.identities.iter().find(|(name, _)| name.it == identity.name)?;
    let table = draft.policy.table(identity.table);
    Some(written_columns(written, &table.name, &table.columns[identity.column].name)?.at)
}

fn apart(draft: &Draft<'_>, kind: &Kind, population: &Population, identity: &Identity, at: Span) -> Option<Diagnostic> {
    if draft.policy.ties(identity.table, population.table).next().is_some() {
        return None;
    }
    let (side, records) = (&draft.policy.table(identity.table).name, &draft.policy.table(population.table).name);
    let message = format!("nothing says which {} a row of `{side}` belongs to", kind.name);
    let label = format!("no link leads from `{side}` to `{records}`");
    let help = format!(
        "add a link with role `owner` or `part` to `[table.{side}]`, such as `column = \"..\", to = \"{records}.id\"`"
    );
    Some(Diagnostic::error(codes::IDENTITY_APART, message, at, label).help(help))
}

fn stays(draft: &Draft<'_>, kind: KindId, identity: &Identity, at: Span) -> Option<Diagnostic> {
    let table = draft.policy.table(identity.table);
    let leads = |t: &Target| matches!(t, Target::Identity { kind: k, .. } if *k == kind);
    if table.links.iter().any(|l| leads(&l.target)) {
        return None;
    }
    let name = &draft.policy.kinds[kind.0].name;
    let message = format!("rows of `{}` hold a {name}, but none of them is theirs", table.name);
    let label = "an erasure would leave the value here";
    let help = format!("add a link to `[table.{}]`: `column = \"..\", to = \"@{name}.{}\"`", table.name, identity.name);
    Some(Diagnostic::error(codes::IDENTITY_STAYS, message, at, label).help(help))
}
