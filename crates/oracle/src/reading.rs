//! Which values stand in a column, and which rows a condition holds for (LANGUAGE 2.3).

use std::ops::Range;

use engine::document;
use engine::policy::model::{Bit, Cond, Lookup, Match, Pattern, Policy, Reading, Test};
use engine::value::Value;

use crate::matching::normal;
use crate::world::{Row, World};

/// The values of a reference or identity: the column's own, or those that stand in its document or in its patterns.
pub(crate) fn values(reading: &Reading, value: &Value) -> Vec<Value> {
    let Some(text) = value.join_text() else { return Vec::new() };
    let whole = match &reading.document {
        None => vec![value.clone()],
        Some(place) => document::read(&text, place.codec, &place.path),
    };
    whole.into_iter().flat_map(|v| patterned(&reading.forms, v)).collect()
}

fn patterned(forms: &[Pattern], value: Value) -> Vec<Value> {
    if forms.is_empty() {
        return vec![value];
    }
    let Some(text) = value.join_text() else { return Vec::new() };
    forms.iter().filter_map(|form| place(form, &text)).map(|at| Value::text(&text[at])).collect()
}

/// Where `{}` stands, if the pattern fits the whole text.
pub(crate) fn place(form: &Pattern, text: &str) -> Option<Range<usize>> {
    let found = fit(&form.0, text)??;
    let start = found.as_ptr() as usize - text.as_ptr() as usize;
    Some(start..start + found.len())
}

fn fit<'a>(bits: &[Bit], text: &'a str) -> Option<Option<&'a str>> {
    let Some((bit, rest)) = bits.split_first() else { return text.is_empty().then_some(None) };
    let mut cuts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    match bit {
        Bit::Literal(literal) => fit(rest, text.strip_prefix(literal.as_str())?),
        Bit::Anything => cuts.find_map(|at| fit(rest, &text[at..])),
        Bit::Value => cuts.find_map(|at| fit(rest, &text[at..]).map(|_| Some(&text[..at]))),
    }
}

/// "A condition is `{ column = value }`; all of them must hold."
pub(crate) fn holds(policy: &Policy, world: &World, when: &Cond, row: &Row) -> bool {
    when.0.iter().all(|(column, test)| is_so(policy, world, test, &row[*column]))
}

fn is_so(policy: &Policy, world: &World, test: &Test, value: &Value) -> bool {
    match test {
        Test::Lookup(lookup) => is_found(policy, world, lookup, value),
        Test::Not(test) => !is_so(policy, world, test, value),
        simple => simple.holds(value),
    }
}

/// "the value stands in a column of another table, in a row for which a condition holds": NULL and the empty text nowhere.
fn is_found(policy: &Policy, world: &World, lookup: &Lookup, value: &Value) -> bool {
    let exact = |v: &Value| normal(v, Match::Exact, None);
    let mut rows = world.rows(lookup.table).iter();
    exact(value).is_some()
        && rows.any(|r| exact(&r[lookup.column]) == exact(value) && holds(policy, world, &lookup.filter, r))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_fits_the_whole_text() {
        let found =
            |form: &str, text: &'static str| place(&Pattern::parse(form).expect("a pattern"), text).map(|at| &text[at]);
        assert_eq!(found("Ticket-{}", "Ticket-7"), Some("7"));
        assert_eq!(found("Ticket-{}", "a Ticket-7"), None);
        assert_eq!(found("*__{}", "a__b__7"), Some("b__7"));
        assert_eq!(found("{}@*", "ann@x@y"), Some("ann"));
        assert_eq!(found("<{}>", "<7> and"), None);
    }
}
