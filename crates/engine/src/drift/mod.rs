//! What changed between the locked schema of a system and the live one, and what that means for its map.
//!
//! Indexes and sequences come and go without a plan being different, so they are no drift.

mod columns;
mod said;

use std::collections::BTreeSet;

use serde::Serialize;

use crate::policy::written::System;
use crate::schema::{ForeignKey, OnDelete, Schema, Table};

pub use said::Said;

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Drift {
    /// The table.
    pub table: String,
    /// The column, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// What changed, in a word for programs: `column_added`, `type`, ..
    pub change: &'static str,
    /// What changed, for people.
    pub text: String,
    /// What it means for the map; empty where it means nothing.
    pub meaning: String,
}

/// Everything that differs, sorted by table. `map` is the system's, as written.
pub fn drift(locked: &Schema, live: &Schema, map: &System) -> Vec<Drift> {
    let said = Said::of(map);
    let names: BTreeSet<&String> = locked.tables.iter().chain(&live.tables).map(|t| &t.name).collect();
    let mut found = Vec::new();
    for name in names {
        match (locked.table(name), live.table(name)) {
            (None, Some(new)) => found.push(table_added(new, &said)),
            (Some(old), None) => found.push(table_gone(old, &said)),
            (Some(old), Some(new)) => found.extend(between(old, new, &said)),
            (None, None) => {}
        }
    }
    found
}

/// A difference of a whole table.
fn of_table(table: &str, change: &'static str, text: String, meaning: impl Into<String>) -> Drift {
    Drift { table: table.to_owned(), column: None, change, text, meaning: meaning.into() }
}

fn table_added(table: &Table, said: &Said<'_>) -> Drift {
    let name = &table.name;
    let what = if table.view { "view" } else { "table" };
    let meaning = match (said.maps(name), said.ignores(name)) {
        _ if table.view => "a view needs no decision; what it reads from does".to_owned(),
        (true, _) => "the map has it already".to_owned(),
        (_, true) => "the map ignores it already".to_owned(),
        _ => format!("no decision; map it with [table.{name}], or name it with a reason under [ignore]"),
    };
    of_table(name, "table_added", format!("new {what} {name} of {} columns", table.columns.len()), meaning)
}

fn table_gone(table: &Table, said: &Said<'_>) -> Drift {
    let name = &table.name;
    let meaning = match (said.maps(name), said.ignores(name)) {
        (true, _) => format!("the map no longer compiles; take out [table.{name}] and what refers to it"),
        (_, true) => "take it out of [ignore]".to_owned(),
        _ => String::new(),
    };
    of_table(name, "table_gone", format!("table {name} is gone"), meaning)
}

fn between(old: &Table, new: &Table, said: &Said<'_>) -> Vec<Drift> {
    let mut found = columns::between(old, new, said);
    let ignored = said.ignores(&old.name) && !said.maps(&old.name);
    if old.key != new.key {
        let text = format!("{}: the primary key was {}, is {}", new.name, list(&old.key), list(&new.key));
        found.push(of_table(
            &new.name,
            "key",
            text,
            "rows are told apart by other columns; look at links to the old key",
        ));
    }
    if sorted(&old.unique) != sorted(&new.unique) {
        let text = format!("{}: other columns must be unique together", new.name);
        found.push(of_table(&new.name, "unique", text, "a column that must be unique cannot get one value for all"));
    }
    found.extend(foreign_keys(old, new, said));
    found.extend(triggers(old, new, said));
    let flags = [
        (
            "row_security",
            old.row_security,
            new.row_security,
            "row security applies to our role",
            "rows may be hidden from plans (U0502)",
        ),
        (
            "no_transactions",
            old.no_transactions,
            new.no_transactions,
            "it cannot roll back",
            "nothing in it can be changed (U0503)",
        ),
        ("view", old.view, new.view, "it is a view", "map the tables it reads from (U0504)"),
    ];
    for (change, before, now, words, meaning) in flags {
        if before != now {
            let text = format!("{}: {words}, {}", new.name, if now { "which is new" } else { "no longer" });
            found.push(of_table(&new.name, change, text, if now { meaning } else { "" }));
        }
    }
    if ignored {
        found.iter_mut().for_each(|d| d.meaning = "the map ignores this table; is the reason still true?".to_owned());
    }
    found
}

fn foreign_keys(old: &Table, new: &Table, said: &Said<'_>) -> Vec<Drift> {
    let same = |a: &ForeignKey, b: &ForeignKey| {
        (&a.columns, &a.table, &a.target_columns) == (&b.columns, &b.table, &b.target_columns)
    };
    let mut found = Vec::new();
    let name = &new.name;
    let shown = |k: &ForeignKey| format!("{} -> {}.{}", list(&k.columns), k.table, list(&k.target_columns));
    for key in new.foreign_keys.iter().filter(|k| !old.foreign_keys.iter().any(|o| same(o, k))) {
        let decided = key.columns.iter().all(|c| said.decides(name, c));
        let meaning = match said.maps(&key.table) {
            false => String::new(),
            true if decided => "the map has a decision for it already".to_owned(),
            true => {
                format!("no decision; add a link to {}, or `ignore` it with a reason, under [table.{name}]", key.table)
            }
        };
        found.push(of_table(name, "foreign_key_added", format!("{name}: new foreign key {}", shown(key)), meaning));
    }
    for key in &old.foreign_keys {
        match new.foreign_keys.iter().find(|k| same(key, k)) {
            None => {
                let meaning = "the database no longer holds this; a link in the map goes on to";
                let text = format!("{name}: foreign key {} is gone", shown(key));
                found.push(of_table(name, "foreign_key_gone", text, meaning));
            }
            Some(now) if now.on_delete != key.on_delete => {
                let text = format!("{name}: foreign key {} now {}", shown(key), does(now.on_delete));
                let meaning = "what the database does by itself when the row goes has changed";
                found.push(of_table(name, "foreign_key_action", text, meaning));
            }
            Some(_) => {}
        }
    }
    found
}

fn does(on_delete: OnDelete) -> &'static str {
    match on_delete {
        OnDelete::Refuse => "refuses the deletion of what it refers to",
        OnDelete::Cascade => "deletes rows with what they refer to",
        OnDelete::SetNull => "sets itself to NULL",
        OnDelete::SetDefault => "sets itself to its default",
    }
}

fn triggers(old: &Table, new: &Table, said: &Said<'_>) -> Vec<Drift> {
    let name = &new.name;
    let mut found = Vec::new();
    for trigger in new.triggers.iter().filter(|t| !old.triggers.contains(t)) {
        let meaning = match said.reviewed(name, trigger) {
            true => "the map says that it is reviewed".to_owned(),
            false => format!("read what it does, then write `trigger = {{ {trigger} = \"reviewed: ..\" }}` (U0501)"),
        };
        found.push(of_table(name, "trigger_added", format!("{name}: new trigger {trigger}"), meaning));
    }
    for trigger in old.triggers.iter().filter(|t| !new.triggers.contains(t)) {
        let meaning = if said.reviewed(name, trigger) { "take it out of `trigger` in the map" } else { "" };
        found.push(of_table(name, "trigger_gone", format!("{name}: trigger {trigger} is gone"), meaning));
    }
    found
}

fn list(columns: &[String]) -> String {
    match columns {
        [] => "none".to_owned(),
        [one] => one.clone(),
        several => format!("({})", several.join(", ")),
    }
}

fn sorted(keys: &[Vec<String>]) -> BTreeSet<&Vec<String>> {
    keys.iter().collect()
}
