//! Two tables that share their keys (`story_texts.id` is `stories.id`), or a value that tells rows apart in both.

use super::{Candidate, Reference, Sign};
use crate::discover::words::{singular, thing, words};
use crate::discover::world::{World, key};
use crate::schema::{Class, Table};

/// Tables whose names begin with another's, with nothing that leads from one to the other.
pub(super) fn candidates(world: &World, known: &[Reference]) -> Vec<Candidate> {
    let tables: Vec<(&Table, Vec<String>)> = world.tables().map(|t| (t, thing(&t.name))).collect();
    let mut found = Vec::new();
    for (part, part_words) in &tables {
        let own: Vec<String> = words(&part.name).iter().map(|w| singular(w)).collect();
        let begins = tables.iter().filter(|(whole, w)| {
            whole.name != part.name && !w.is_empty() && own.len() > w.len() && own.starts_with(w) && part_words != w
        });
        let Some((whole, whole_words)) = begins.max_by_key(|(_, w)| w.len()) else { continue };
        let related = |a: &Table, b: &Table| known.iter().any(|r| r.table == a.name && r.to == b.name);
        let names_it = part.columns.iter().any(|c| crate::discover::words::stem(&c.name).0 == *whole_words);
        let rest = &own[whole_words.len()..];
        let named_there = whole.columns.iter().any(|c| crate::discover::words::stem(&c.name).0.ends_with(rest));
        if related(part, whole) || related(whole, part) || names_it || named_there {
            continue;
        }
        let (Some(id), Some(to)) = (key(part), key(whole)) else { continue };
        if id.class.meets(to.class) {
            let mut candidate = Candidate::new(&part.name, &id.name, &whole.name, &to.name, Sign::SharedKey);
            candidate.why = format!("{} shares the key of {}", part.name, whole.name);
            found.push(candidate);
        }
    }
    found
}

/// Small numbers lie in any key. What speaks for one key are gaps at the same places, or rows that repeat what the row
/// of the same key says.
pub(super) fn key_confidence(c: &Candidate, world: &World) -> Option<f32> {
    if c.values.len() < 3 || c.coverage() < 0.98 {
        return None;
    }
    if repeats(c, world) {
        return Some(0.95);
    }
    let numbers: Vec<i64> = c.values.iter().filter_map(|v| v.parse().ok()).collect();
    let (Some(low), Some(high)) = (numbers.iter().min(), numbers.iter().max()) else { return Some(0.9) };
    let gaps = numbers.len() >= 10 && (high - low + 1) as f64 > 1.4 * world.count(&c.table) as f64;
    gaps.then_some(0.85)
}

/// Do rows of one key hold the same text in columns of one name?
fn repeats(c: &Candidate, world: &World) -> bool {
    let (Some(part), Some(whole)) = (world.table(&c.table), world.table(&c.to)) else { return false };
    let text = |t: &Table, name: &str| t.column(name).is_some_and(|c| c.class == Class::Text);
    part.columns.iter().filter(|x| x.class == Class::Text && text(whole, &x.name)).any(|column| {
        let there: std::collections::BTreeMap<String, &crate::value::Value> = world
            .cells(&c.to, &c.to_column)
            .zip(world.cells(&c.to, &column.name))
            .filter_map(|(id, v)| Some((id.join_text()?.into_owned(), v)))
            .collect();
        let here = world.cells(&c.table, &c.column).zip(world.cells(&c.table, &column.name));
        let pairs: Vec<bool> = here
            .filter(|(_, v)| v.join_text().is_some())
            .filter_map(|(id, v)| Some(**there.get(id.join_text()?.as_ref())? == *v))
            .collect();
        let different = world.values(&c.table, &column.name).len();
        pairs.len() >= 3 && different >= 3 && pairs.iter().filter(|same| **same).count() * 10 >= pairs.len() * 8
    })
}

/// Values of a column that are unique elsewhere: several, nearly all there, and long enough not to be chance.
pub(super) fn value_confidence(c: &Candidate, world: &World) -> Option<f32> {
    let long = c.values.iter().filter(|v| v.len() >= 6).count();
    if c.values.len() < 2 || c.coverage() < 0.9 || long * 10 < c.values.len() * 9 {
        return None;
    }
    // Of two columns that are both unique, the smaller set points at the larger.
    let smaller = world.count(&c.table) <= world.count(&c.to);
    Some(if smaller { 0.9 } else { 0.85 })
}
