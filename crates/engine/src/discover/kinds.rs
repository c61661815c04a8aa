//! Populations of persons: what finds them, who stands for nobody, what stands in for one who is erased.

use super::classify::{Bond, Setting, Verdict, classify};
use super::persons::Person;
use super::proposal::{Identity, Kind};
use super::propose::CLASSIFIED_ROWS;
use super::words::{any, words};
use super::world::{World, key};
use crate::policy::model::{Match, Worth};
use crate::schema::{Class, Column, Table};
use crate::value::Value;

/// A kind for each table of persons; names that are taken are told apart by the table's.
pub(super) fn kinds(world: &World, persons: &[Person], today: jiff::civil::Date) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = Vec::new();
    for person in persons {
        let Some(table) = world.table(&person.table) else { continue };
        let samples = world.samples(&table.name, CLASSIFIED_ROWS);
        let links = std::collections::BTreeSet::new();
        let setting = Setting { table, bond: Bond::Record, links: &links, samples: &samples, today };
        let verdicts = classify(&setting);
        let name = if kinds.iter().any(|k| k.name == person.kind) {
            words(&person.table).join("_")
        } else {
            person.kind.clone()
        };
        let nobody = nobody(world, table);
        kinds.push(Kind {
            identities: identities(world, table, &verdicts),
            tenant: None,
            placeholder: if nobody.is_some() { Vec::new() } else { placeholder(table, &name, &verdicts) },
            nobody,
            evidence: person.evidence.clone(),
            table: table.name.clone(),
            name,
        });
    }
    kinds
}

fn identities(world: &World, table: &Table, verdicts: &[Verdict]) -> Vec<Identity> {
    let mut found: Vec<Identity> = Vec::new();
    for (column, verdict) in table.columns.iter().zip(verdicts) {
        let Some((name, matching, worth)) = identity(world, table, column, verdict) else { continue };
        let taken = found.iter().any(|i| i.name == name);
        let name = if taken { words(&column.name).join("_") } else { name.to_owned() };
        if name.is_empty() || found.iter().any(|i| i.name == name) {
            continue;
        }
        let evidence = match worth {
            Worth::Key if is_unique(table, column) => "unique in the database".to_owned(),
            Worth::Key => "no value twice among the rows read".to_owned(),
            Worth::Hint => "may be shared by several people".to_owned(),
            Worth::Text => "only looked for in texts".to_owned(),
        };
        found.push(Identity { name, column: column.name.clone(), matching, worth, evidence });
    }
    // People say who they are by their address first.
    found.sort_by_key(|i| (i.worth == Worth::Text, i.worth == Worth::Hint, i.name != "email", i.name != "phone"));
    found
}

fn identity(world: &World, table: &Table, column: &Column, verdict: &Verdict) -> Option<(&'static str, Match, Worth)> {
    let category = verdict.category.as_deref().unwrap_or_default();
    if verdict.secret || verdict.text || column.class != Class::Text {
        return None;
    }
    let names = words(&column.name);
    let proves = is_unique(table, column) || world.distinct(&table.name, &column.name);
    let worth = if proves { Worth::Key } else { Worth::Hint };
    let called = names.join("");
    match category {
        "user.contact.email" => Some(("email", Match::Email, worth)),
        "user.contact.phone_number" => Some(("phone", Match::Phone, worth)),
        "user.account.username" => Some(("username", Match::CaseInsensitive, worth)),
        "user.name" | "user.name.first" | "user.name.last" => {
            let name = if category.ends_with("first") {
                "first_name"
            } else if category.ends_with("last") {
                "last_name"
            } else {
                "name"
            };
            Some((name, Match::Exact, Worth::Text))
        }
        _ if !category.is_empty() => None,
        // Where the classification is silent, the plainest names still count.
        _ if any(&names, &["email"]) && names.len() < 3 => Some(("email", Match::Email, worth)),
        _ if ["login", "username"].contains(&called.as_str()) => Some(("username", Match::CaseInsensitive, worth)),
        _ => None,
    }
}

/// Is the column unique by itself?
pub(super) fn is_unique(table: &Table, column: &Column) -> bool {
    [&table.key].into_iter().chain(&table.unique).any(|k| *k == [column.name.clone()])
}

/// What records are called that stand for nobody, the surest first.
const NOBODIES: [&str; 16] = [
    "-",
    "nobody",
    "inactive-user",
    "inactive user",
    "deleted",
    "deleted user",
    "deleted-user",
    "[deleted]",
    "ghost",
    "former user",
    "removed",
    "anonymous",
    "anonymized",
    "unknown",
    "inactive",
    "none",
];

/// The key of a record that is called as nobody is.
fn nobody(world: &World, table: &Table) -> Option<Value> {
    let id = key(table)?;
    let named = table.columns.iter().filter(|c| {
        let words = words(&c.name);
        c.class == Class::Text && any(&words, &["login", "username", "name", "nickname", "firstname"])
    });
    let mut best: Option<(usize, Value)> = None;
    for column in named {
        for (id, name) in world.cells(&table.name, &id.name).zip(world.cells(&table.name, &column.name)) {
            let Some(text) = name.join_text() else { continue };
            let rank = NOBODIES.iter().position(|n| n.eq_ignore_ascii_case(text.trim()));
            if let Some(rank) = rank.filter(|r| best.as_ref().is_none_or(|(b, _)| r < b)) {
                best = Some((rank, id.clone()));
            }
        }
    }
    best.map(|(_, id)| id)
}

/// The record that an erasure would insert; empty where one cannot be made without knowing more.
fn placeholder(table: &Table, kind: &str, verdicts: &[Verdict]) -> Vec<(String, Value)> {
    let mut columns = Vec::new();
    for (column, verdict) in table.columns.iter().zip(verdicts) {
        if column.nullable || column.default || column.generated {
            continue;
        }
        if table.foreign_keys.iter().any(|k| k.columns.contains(&column.name)) {
            return Vec::new();
        }
        let unique = [&table.key].into_iter().chain(&table.unique).any(|k| k.contains(&column.name));
        match stand_in(column, unique, kind, verdict) {
            Some(value) => columns.push((column.name.clone(), value)),
            None => return Vec::new(),
        }
    }
    // A record of defaults alone still needs one column to be written.
    if columns.is_empty() {
        let name = table.columns.iter().zip(verdicts).find(|(c, v)| {
            c.class == Class::Text && !c.generated && v.category.as_deref().is_some_and(|c| c.starts_with("user.name"))
        });
        let fits = |c: &Column| c.max_chars.is_none_or(|m| m as usize > kind.chars().count() + 7);
        columns.extend(
            name.filter(|(c, _)| fits(c)).map(|(c, _)| (c.name.clone(), Value::Text(format!("Former {kind}")))),
        );
    }
    columns
}

fn stand_in(column: &Column, unique: bool, kind: &str, verdict: &Verdict) -> Option<Value> {
    let room = |n: usize| column.max_chars.is_none_or(|max| max as usize >= n);
    let text = |s: &str| Some(Value::text(s));
    match column.class {
        Class::Text if verdict.category.as_deref() == Some("user.contact.email") => {
            room(34).then(|| Value::text("former-{token:12}@nobody.invalid"))
        }
        Class::Text if unique => room(19).then(|| Value::text("former-{token:12}")),
        Class::Text => {
            let name = format!("Former {kind}");
            if verdict.category.as_deref().is_some_and(|c| c.starts_with("user.name")) && room(name.chars().count()) {
                Some(Value::Text(name))
            } else {
                room(1).then(|| Value::text("-"))
            }
        }
        Class::Uuid => text("{token:32}"),
        Class::Bool if !unique => Some(Value::Bool(false)),
        Class::Int | Class::Decimal | Class::Real if !unique => Some(Value::Int(0)),
        Class::Timestamp if !unique => text("{now}"),
        Class::Date if !unique => text("1970-01-01"),
        Class::Json if !unique => text("{}"),
        _ => None,
    }
}
