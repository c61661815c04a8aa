//! References by name: `user_id`, `created_by`, `author`, `resource_owner_id`, `parent_comment_id`.

use std::collections::BTreeMap;

use super::{Candidate, Reference, Sign, is_known};
use crate::discover::persons::Person;
use crate::discover::roles;
use crate::discover::words::{any, ends_with, stem, thing};
use crate::discover::world::{World, key, keys, may_refer};
use crate::schema::{Class, Column, Table};

/// A name that means one table.
pub(super) const SURE: f32 = 0.85;

/// Words that mean another row of the same table, or of the one the rest of the name means.
const OWN: [&str; 13] = [
    "parent",
    "ancestor",
    "root",
    "original",
    "previous",
    "prev",
    "next",
    "merged",
    "replaced",
    "reply",
    "duplicate",
    "copied",
    "superseded",
];

/// Words under which anything may be kept, so that an equal name means nothing.
const COMMON: [&str; 24] = [
    "id",
    "name",
    "title",
    "token",
    "code",
    "slug",
    "key",
    "uid",
    "type",
    "value",
    "label",
    "number",
    "position",
    "url",
    "path",
    "status",
    "state",
    "kind",
    "locale",
    "version",
    "date",
    "domain",
    "identifier",
    "uuid",
];

/// The tables that the name of each column may mean.
pub(super) fn candidates(world: &World, known: &[Reference], persons: &[Person]) -> Vec<Candidate> {
    let mut by_last: BTreeMap<String, Vec<(&Table, Vec<String>)>> = BTreeMap::new();
    for table in world.tables() {
        let words = thing(&table.name);
        if let Some(last) = words.last().cloned() {
            by_last.entry(last).or_default().push((table, words));
        }
    }
    let mut found = Vec::new();
    for table in world.tables() {
        let single = key(table).map(|k| k.name.as_str());
        let free =
            |c: &&Column| may_refer(c) && single != Some(c.name.as_str()) && !is_known(known, &table.name, &c.name);
        for column in table.columns.iter().filter(free) {
            of_column(table, column, &by_last, persons, world, &mut found);
            equal_names(table, column, world, persons, &mut found);
        }
    }
    found
}

fn of_column(
    table: &Table,
    column: &Column,
    by_last: &BTreeMap<String, Vec<(&Table, Vec<String>)>>,
    persons: &[Person],
    world: &World,
    found: &mut Vec<Candidate>,
) {
    let (stem, keyed) = stem(&column.name);
    if stem.is_empty() || (column.class == Class::Text && !keyed && column.max_chars.is_none_or(|m| m > 100)) {
        return;
    }
    let own = thing(&table.name);
    let before = found.len();
    let mut meant: Vec<&str> = stem.iter().map(String::as_str).collect();
    meant.sort_unstable();
    meant.dedup();
    for (target, words) in meant.iter().filter_map(|w| by_last.get(*w)).flatten() {
        let score = score(&own, &stem, words, target.name == table.name);
        push(table, column, target, score, keyed, "named like", found);
    }
    if any(&stem, &OWN) && found.len() == before {
        push(table, column, table, 0.65, keyed, "named like another row of", found);
    }
    if found[before..].iter().all(|c| c.name < SURE) && roles::names_person(&stem) {
        for person in persons {
            if let Some(target) = world.table(&person.table) {
                push(table, column, target, 0.8, keyed, "named like somebody of", found);
            }
        }
    }
}

fn push(
    table: &Table,
    column: &Column,
    target: &Table,
    score: f32,
    keyed: bool,
    why: &str,
    found: &mut Vec<Candidate>,
) {
    let Some(to) = key(target).filter(|k| k.class.meets(column.class)) else { return };
    // Without a word for the key, the column may as well hold a name.
    let sure = keyed && column.class == to.class || column.class == Class::Int;
    let name = if sure { score } else { score - 0.25 };
    if name >= 0.4 {
        let mut candidate = Candidate::new(&table.name, &column.name, &target.name, &to.name, Sign::Name);
        candidate.name = name;
        candidate.why = format!("{why} {}", target.name);
        found.push(candidate);
    }
}

/// How surely a name means a table, both as words.
fn score(own: &[String], stem: &[String], target: &[String], same_table: bool) -> f32 {
    let shared = stem.iter().rev().zip(target.iter().rev()).take_while(|(a, b)| a == b).count();
    let (longer, rest) = (&stem[..stem.len() - shared], &target[..target.len() - shared]);
    match (longer, rest) {
        ([], []) => 0.95,
        // `author_user_id`; the words before say in which role.
        (_, []) if shared > 0 => 0.88,
        // `create_article_sender_id` in `tickets` means `ticket_article_senders`.
        (_, rest) if shared > 1 && own.starts_with(rest) => 0.86,
        // `article_id` in `ticket_article_flags` means `ticket_articles`.
        ([], rest) if own.starts_with(rest) => 0.87,
        ([], _) if shared > 0 => 0.6,
        (_, _) if same_table && shared > 0 => 0.7,
        (_, rest) if shared > 1 || (shared == 1 && own.starts_with(rest)) => 0.62,
        // `store_full_id` means `stores` if its values do.
        _ if stem.starts_with(target) && !ends_with(stem, target) => 0.55 + 0.06 * target.len().min(4) as f32,
        _ => 0.0,
    }
}

/// A column called as one that tells the rows of another table apart, such as `sha`.
/// What identifies a person is joined as an identity instead.
fn equal_names(table: &Table, column: &Column, world: &World, persons: &[Person], found: &mut Vec<Candidate>) {
    if column.class != Class::Text || COMMON.contains(&column.name.to_lowercase().as_str()) {
        return;
    }
    let person = |t: &Table| persons.iter().any(|p| p.table == t.name);
    for target in world.tables().filter(|t| t.name != table.name && !person(t)) {
        let equal = |k: &&Column| k.name.eq_ignore_ascii_case(&column.name) && k.class.meets(column.class);
        if let Some(to) = keys(target).into_iter().find(equal) {
            let mut candidate = Candidate::new(&table.name, &column.name, &target.name, &to.name, Sign::SharedValue);
            candidate.name = 0.8;
            candidate.why = format!("called as the unique {}.{}", target.name, to.name);
            found.push(candidate);
        }
    }
}

/// How sure name and values make it; `None` if not enough. A known key without the values of a column speaks against it.
pub(super) fn confidence(name: f32, coverage: f32, values: usize, compared: bool) -> Option<f32> {
    let enough = |yes: bool, confidence: f32| yes.then_some(confidence);
    match values {
        0 => enough(name >= 0.8, 0.5 * name),
        _ if !compared => enough(name >= SURE, 0.6 * name),
        n if coverage >= 0.98 => enough(name >= 0.55, (0.6 + 0.3 * name + 0.01 * n.min(10) as f32).min(0.99)),
        _ if coverage >= 0.6 => enough(name >= 0.75, name * coverage * 0.8),
        _ => None,
    }
}
