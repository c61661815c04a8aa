//! Identities: erased records that all have one (U0218), phone numbers without a country (U0224), one name compared in two
//! ways (U0230), and `match` on what is no text (U0201).

use super::joins::comparable;
use crate::diagnostic::{Diagnostic, codes};
use crate::matching::normal;
use crate::policy::model::{Erase, Identity, Match, Population, Worth};
use crate::policy::resolve::Draft;
use crate::policy::written;
use crate::source::Span;

/// Looks at the identities of every kind.
pub fn check(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for kind in &draft.policy.kinds {
        let mut seen: Vec<(&str, Match, &str)> = Vec::new();
        for population in &kind.populations {
            let system = &draft.folder.systems[population.system.0];
            let Some((_, subject)) = system.subjects.iter().find(|(name, _)| name.it == kind.name) else { continue };
            for identity in &population.identities {
                let written = subject.identities.iter().find(|(name, _)| name.it == identity.name);
                let Some((name, written)) = written else { continue };
                let at = written.matching.as_ref().map_or(name.at, |m| m.at);
                found.extend(shared(draft, population, identity));
                found.extend(no_text(draft, identity, at));
                found.extend(no_region(draft, population, identity, at));
                match seen.iter().find(|(n, ..)| *n == identity.name) {
                    Some((_, other, place)) if *other != identity.matching => {
                        found.push(two_ways(&kind.name, identity, at, place));
                    }
                    Some(_) => {}
                    None => seen.push((&identity.name, identity.matching, &system.name)),
                }
            }
        }
    }
    found
}

fn shared(draft: &Draft<'_>, population: &Population, identity: &Identity) -> Option<Diagnostic> {
    let table = draft.policy.table(identity.table);
    let column = &table.columns[identity.column];
    let region = draft.policy.system(population.system).country.as_deref();
    let joins = |e: &Erase| matches!(e, Erase::Replace(v) if normal(identity.matching, v, region).is_some());
    if identity.worth != Worth::Key || !column.erase.iter().any(|(_, e)| joins(e)) {
        return None;
    }
    let (_, written) = draft.origins[identity.table.0].written_column(&column.name)?;
    let at = written.erase.iter().find(|c| matches!(c.action.it, written::Erase::Replace(_)))?.action.at;
    let message = format!("all erased records of `{}` would have the same `{}`", table.name, identity.name);
    let label = format!("`{}` proves who somebody is, so they would be taken for one person", identity.name);
    let help = "write `erase = \"null\"`, `\"blank\"` or `\"hash\"`; a value that is empty identifies nobody";
    Some(Diagnostic::error(codes::ERASED_ALIKE, message, at, label).help(help))
}

fn no_text(draft: &Draft<'_>, identity: &Identity, at: Span) -> Option<Diagnostic> {
    let column = &draft.policy.table(identity.table).columns[identity.column];
    if comparable(column, identity.matching) {
        return None;
    }
    let message = format!("`{}` cannot be compared as text", column.name);
    let label = format!("`{}` is `{}`", column.name, column.type_name);
    let help = "leave `match` out, so that values are compared as they are, or name the column that holds the text";
    Some(Diagnostic::error(codes::TYPES_NEVER_EQUAL, message, at, label).help(help))
}

fn no_region(draft: &Draft<'_>, population: &Population, identity: &Identity, at: Span) -> Option<Diagnostic> {
    let system = draft.policy.system(population.system);
    if identity.matching != Match::Phone || system.country.is_some() {
        return None;
    }
    let message = format!("phone numbers of system `{}` have no country", system.name);
    let finding =
        Diagnostic::error(codes::NO_REGION, message, at, "a number without a country code would match nobody");
    Some(
        finding
            .warning()
            .help("write `region = \"..\"` under `[defaults]` of `policy.toml`, or `country` in the system"),
    )
}

fn two_ways(kind: &str, identity: &Identity, at: Span, other: &str) -> Diagnostic {
    let message = format!("identity `{}` of kind `{kind}` is compared in two ways", identity.name);
    let label = format!("in another way than in system `{other}`");
    let finding = Diagnostic::error(codes::COMPARED_TWO_WAYS, message, at, label).warning();
    finding.help("give both the same `match`, or one person may be found in one system and missed in the other")
}
