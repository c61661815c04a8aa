//! Links whose two ends can never be equal (U0201), and values read from columns that cannot hold them so (U0235).

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{Bit, Column, Identity, Link, Match, Pattern, Target};
use crate::policy::resolve::{Draft, LinkOrigin};
use crate::schema::Class;
use crate::source::Span;

/// Compares the types at both ends of every link.
pub fn check(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (table, origin) in draft.policy.tables.iter().zip(&draft.origins) {
        for (link, place) in table.links.iter().zip(&origin.links) {
            if !link.reading.is_plain() {
                found.extend(read_from(draft, &table.columns, link, *place));
                continue;
            }
            let pairs = pairs(draft, &table.columns, link);
            if let Some((here, there)) = pairs.iter().find(|(a, b)| !can_be_equal(a, b, link.matching)) {
                found.push(never_equal(here, there, link.matching, *place));
            }
        }
    }
    for population in draft.policy.kinds.iter().flat_map(|k| &k.populations) {
        let table = &draft.policy.table(population.table);
        let system = &draft.folder.systems[population.system.0];
        let written = system.subjects.iter().filter(|(_, s)| s.table.as_ref().is_some_and(|t| t.it == table.name));
        for (name, identity) in written.flat_map(|(_, s)| &s.identities) {
            let mut mine = population.identities.iter().filter(|i| i.name == name.it && !i.reading.is_plain());
            let column = |i: &Identity| &draft.policy.table(i.table).columns[i.column];
            let wrong = mine.find(|i| !can_be_read(column(i)));
            let at = identity.codec.as_ref().map(|c| c.at).or(identity.path.as_ref().map(|p| p.at));
            found.extend(wrong.zip(at).map(|(i, at)| unreadable(column(i), at)));
        }
    }
    found
}

/// What is wrong with a link whose value stands within a text: how it compares is a matter of what is found there.
fn read_from(draft: &Draft<'_>, own: &[Column], link: &Link, place: LinkOrigin<'_>) -> Option<Diagnostic> {
    let w = place.written;
    let at = w.form.first().map(|f| f.at).or(w.codec.as_ref().map(|c| c.at)).or(w.path.as_ref().map(|p| p.at))?;
    if link.columns.len() > 1 {
        let message = format!("the link `{}` reads one value of several columns", link.name);
        let finding = Diagnostic::error(codes::UNREADABLE, message, at, "it cannot be said which column is meant");
        return Some(finding.help("a value is taken out of a single column"));
    }
    let holder = match (&link.target, link.by) {
        (Target::Row { table, columns }, true) => &draft.policy.table(*table).columns[columns[0]],
        _ => &own[link.columns[0]],
    };
    if !can_be_read(holder) {
        return Some(unreadable(holder, at));
    }
    let whole = |form: &Pattern| !form.0.iter().any(|bit| matches!(bit, Bit::Literal(_)));
    let nth = link.reading.forms.iter().position(whole)?;
    let message = format!("the pattern of the link `{}` says nothing of the text around the value", link.name);
    let finding = Diagnostic::error(codes::UNREADABLE, message, w.form.get(nth)?.at, "it fits every text");
    Some(finding.help("leave it out where the whole text is the value, or write what stands around it: `Ticket-{}`"))
}

fn can_be_read(column: &Column) -> bool {
    matches!(column.class, Class::Text | Class::Json | Class::Bytes | Class::Other)
}

fn unreadable(column: &Column, at: Span) -> Diagnostic {
    let message = format!("column `{}` holds no texts from which a value could be taken", column.name);
    let label = format!("`{}` is `{}`", column.name, column.type_name);
    Diagnostic::error(codes::UNREADABLE, message, at, label)
        .help("such a link joins nothing, so rows would be missed in silence: name a column of texts or documents")
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
