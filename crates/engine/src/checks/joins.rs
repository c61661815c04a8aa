//! Links whose two ends can never be equal (U0201).

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{Column, Link, Match, Target};
use crate::policy::resolve::{Draft, LinkOrigin};
use crate::schema::Class;

/// Compares the types at both ends of every link.
pub fn check(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (table, origin) in draft.policy.tables.iter().zip(&draft.origins) {
        for (link, place) in table.links.iter().zip(&origin.links) {
            let pairs = pairs(draft, &table.columns, link);
            if let Some((here, there)) = pairs.iter().find(|(a, b)| !can_be_equal(a, b, link.matching)) {
                found.push(never_equal(here, there, link.matching, *place));
            }
        }
    }
    found
}

/// The columns that a link compares.
fn pairs<'d>(draft: &'d Draft<'_>, own: &'d [Column], link: &'d Link) -> Vec<(&'d Column, &'d Column)> {
    let here = link.columns.iter().map(|&c| &own[c]);
    match &link.target {
        Target::Row { table, columns } => {
            let there = &draft.policy.table(*table).columns;
            here.zip(columns.iter().map(|&c| &there[c])).collect()
        }
        Target::Identity { kind, identity } => {
            let there = draft.identities_of(*kind, identity);
            let there = there.map(|(table, i)| &draft.policy.table(table).columns[i.column]);
            here.cycle().zip(there).collect()
        }
    }
}

fn can_be_equal(here: &Column, there: &Column, matching: Match) -> bool {
    match matching {
        Match::Exact => here.class.meets(there.class),
        _ => comparable(here, matching) && comparable(there, matching),
    }
}

/// Can values of the column be compared in this way?
pub fn comparable(column: &Column, matching: Match) -> bool {
    let words = matches!(column.class, Class::Text | Class::Other);
    match matching {
        Match::Exact => true,
        Match::Email | Match::CaseInsensitive => words,
        Match::Phone => words || column.class == Class::Int,
    }
}

fn never_equal(here: &Column, there: &Column, matching: Match, place: LinkOrigin<'_>) -> Diagnostic {
    let message = match matching {
        Match::Exact => format!("`{}` and `{}` can never be equal", here.name, there.name),
        _ => format!("`{}` and `{}` cannot be compared as text", here.name, there.name),
    };
    let label = |c: &Column| format!("`{}` is `{}`", c.name, c.type_name);
    Diagnostic::error(codes::TYPES_NEVER_EQUAL, message, place.target_at(), label(there))
        .label(place.column_at(), label(here))
        .help(
            "such a link joins nothing, so rows would be missed in silence: name the column that holds the same values",
        )
}
