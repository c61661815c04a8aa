//! Columns that came, went or changed.

use super::{Drift, Said};
use crate::schema::{Class, Column, Table};

/// The columns of one table, then and now.
pub fn between(old: &Table, new: &Table, said: &Said<'_>) -> Vec<Drift> {
    let mut found = Vec::new();
    for column in new.columns.iter().filter(|c| old.column(&c.name).is_none()) {
        found.push(added(&new.name, column, said));
    }
    for before in &old.columns {
        match new.column(&before.name) {
            None => found.push(gone(&old.name, before, said)),
            Some(now) => found.extend(changed(&new.name, before, now, said)),
        }
    }
    found
}

fn of_column(table: &str, column: &str, change: &'static str, text: String, meaning: impl Into<String>) -> Drift {
    let (table, column) = (table.to_owned(), Some(column.to_owned()));
    Drift { table, column, change, text, meaning: meaning.into() }
}

fn added(table: &str, column: &Column, said: &Said<'_>) -> Drift {
    let text = format!("new column {table}.{} ({})", column.name, column.type_name);
    let meaning = if said.decides(table, &column.name) {
        "the map has a decision for it already".to_owned()
    } else if matches!(column.class, Class::Text | Class::Json) {
        format!("no decision; add it under [table.{table}.columns]")
    } else {
        format!("if it is about a person, add it under [table.{table}.columns]")
    };
    of_column(table, &column.name, "column_added", text, meaning)
}

fn gone(table: &str, column: &Column, said: &Said<'_>) -> Drift {
    let text = format!("column {table}.{} is gone", column.name);
    let named = said.decides(table, &column.name);
    let meaning = if named {
        format!("the map names it and no longer compiles; take it out of [table.{table}]")
    } else {
        String::new()
    };
    of_column(table, &column.name, "column_gone", text, meaning)
}

fn changed(table: &str, before: &Column, now: &Column, said: &Said<'_>) -> Vec<Drift> {
    let place = format!("{table}.{}", now.name);
    let named = said.decides(table, &now.name);
    let mut found = Vec::new();
    let mut add = |change, text: String, meaning: &str| {
        let meaning = if named { meaning } else { "" };
        found.push(of_column(table, &now.name, change, text, meaning));
    };
    if before.type_name != now.type_name {
        let text = format!("{place}: the type was {}, is {}", before.type_name, now.type_name);
        add("type", text, "look whether links and `erase` of it still fit");
    }
    match (before.nullable, now.nullable) {
        (true, false) => {
            add("nullable", format!("{place} takes no NULL any more"), "an `erase` or `untie` to NULL is refused")
        }
        (false, true) => add("nullable", format!("{place} takes NULL now"), ""),
        _ => {}
    }
    match (before.generated, now.generated) {
        (false, true) => {
            add("generated", format!("{place} is computed by the database now"), "nothing can be written to it")
        }
        (true, false) => {
            add("generated", format!("{place} is no longer computed by the database"), "say what erasure does to it")
        }
        _ => {}
    }
    if before.default != now.default {
        let has = if now.default { "has a default now" } else { "has no default any more" };
        add("default", format!("{place} {has}"), if now.default { "" } else { "a placeholder must give it a value" });
    }
    found
}
