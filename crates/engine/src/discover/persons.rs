//! Which tables hold persons: by their name, by what their columns are called, and by how much else points at them.

use super::words::{any, singular, stem, thing, words};
use super::world::{World, key};
use crate::schema::{Class, Table};

/// A table whose rows are persons.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    /// The table.
    pub table: String,
    /// The kind, such as `user`.
    pub kind: String,
    /// How much speaks for it.
    pub score: f32,
    /// Why.
    pub evidence: String,
}

/// What persons are called.
const PERSONS: [&str; 34] = [
    "user",
    "person",
    "customer",
    "member",
    "employee",
    "contact",
    "patient",
    "student",
    "agent",
    "staff",
    "admin",
    "subscriber",
    "author",
    "client",
    "lead",
    "guest",
    "visitor",
    "candidate",
    "applicant",
    "participant",
    "driver",
    "teacher",
    "account",
    "buyer",
    "seller",
    "donor",
    "attendee",
    "player",
    "worker",
    "individual",
    "citizen",
    "tenant",
    "learner",
    "administrator",
];

/// What a group, a place or a thing of persons is called, whatever else stands in its name.
const NOT_PERSONS: [&str; 16] = [
    "group",
    "role",
    "type",
    "state",
    "status",
    "setting",
    "template",
    "device",
    "session",
    "token",
    "log",
    "request",
    "organization",
    "organisation",
    "company",
    "permission",
];

/// Enough for a table to be one of persons.
const ENOUGH: f32 = 5.0;

/// The tables of persons, the likeliest first.
pub fn find(world: &World) -> Vec<Person> {
    let mut found: Vec<Person> = world.tables().filter_map(|t| judge(world, t)).collect();
    let all = found.clone();
    // A table that points at persons who are known by more than it is tells of those persons.
    found.retain(|p| !all.iter().any(|other| other.score > p.score + 1.0 && belongs(world, p, other)));
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.table.cmp(&b.table)));
    found
}

fn judge(world: &World, table: &Table) -> Option<Person> {
    key(table)?;
    let thing = thing(&table.name);
    if thing.last().is_none_or(|last| NOT_PERSONS.contains(&last.as_str())) {
        return None;
    }
    let called = thing.last().is_some_and(|last| PERSONS.contains(&last.as_str()));
    let signs = signs(table);
    let known: f32 = signs.iter().map(|(_, weight)| weight).sum();
    if known < 2.0 {
        return None;
    }
    let pointing = pointing(world, table);
    let score = if called { 3.0 } else { 0.0 } + known.min(6.0) + (pointing as f32 / 3.0).min(3.0);
    if score < ENOUGH || !(called || known >= 5.0) {
        return None;
    }
    let mut said: Vec<String> = called.then(|| "its name".to_owned()).into_iter().collect();
    said.extend(signs.iter().take(4).map(|(name, _)| format!("column {name}")));
    if pointing > 0 {
        said.push(format!("{pointing} columns elsewhere that point at it"));
    }
    Some(Person { table: table.name.clone(), kind: kind(&thing), score, evidence: said.join(", ") })
}

/// The name of a kind: the word that says person, or all of them joined.
fn kind(thing: &[String]) -> String {
    let joined = thing.join("_");
    match thing.last() {
        Some(last) if PERSONS.contains(&last.as_str()) => last.clone(),
        _ if joined.is_empty() => "person".to_owned(),
        _ => joined,
    }
}

/// Columns that persons have, and what each is worth.
fn signs(table: &Table) -> Vec<(&str, f32)> {
    let mut found: Vec<(&str, f32)> = Vec::new();
    let mut take = |fits: &dyn Fn(&[String]) -> bool, weight: f32| {
        let text = table.columns.iter().filter(|c| matches!(c.class, Class::Text | Class::Other | Class::Date));
        if let Some(column) = text.map(|c| &c.name).find(|name| fits(&words(name))) {
            found.push((column, weight));
        }
    };
    let is = |w: &[String], list: &[&str]| list.contains(&w.join("").as_str());
    take(&|w| any(w, &["email", "mail"]) && w.len() < 3 || is(w, &["emailaddress", "mailaddress"]), 2.5);
    take(&|w| is(w, &["login", "username", "userlogin", "nickname", "nick", "handle", "loginname"]), 2.0);
    take(&|w| any(w, &["password", "passwd", "passwordhash"]) && !any(w, &["reset", "at", "changed"]), 2.0);
    take(&|w| is(w, &["firstname", "lastname", "givenname", "familyname", "surname", "fullname", "realname"]), 2.0);
    take(&|w| is(w, &["name", "displayname"]), 1.0);
    take(&|w| any(w, &["phone", "mobile", "telephone", "cellphone"]), 1.0);
    take(&|w| any(w, &["birthday", "birthdate", "dob", "birth"]), 1.5);
    take(&|w| any(w, &["gender", "sex"]), 1.0);
    found
}

/// Columns elsewhere that point at a table, declared or by name.
fn pointing(world: &World, table: &Table) -> usize {
    let thing = thing(&table.name);
    let points = |other: &Table, column: &str| {
        let declared = other.foreign_keys.iter().any(|k| k.table == table.name && k.columns == [column.to_owned()]);
        let (stem, keyed) = stem(column);
        declared || (keyed && stem.ends_with(&thing))
    };
    let columns = world.tables().filter(|t| t.name != table.name);
    columns.map(|t| t.columns.iter().filter(|c| points(t, &c.name)).count()).sum()
}

/// Does a column of the one, which is not called by a role, point at the other?
fn belongs(world: &World, one: &Person, other: &Person) -> bool {
    let (Some(table), Some(target)) = (world.table(&one.table), world.table(&other.table)) else { return false };
    let thing = thing(&target.name);
    table.columns.iter().any(|c| {
        let (stem, keyed) = stem(&c.name);
        let declared = table.foreign_keys.iter().any(|k| k.table == target.name && k.columns == [c.name.clone()]);
        let plain = stem.iter().map(|w| singular(w)).collect::<Vec<_>>() == thing;
        plain && (keyed || declared)
    })
}
