//! Schemas and rows in a short notation, for conformance vectors.
//!
//! A table a line: `tickets: id int key, owner int? -> customers.id cascade, code text(8) unique`. A row a line:
//! `tickets | 1 | ~ | A-1`, where `~` is NULL and `''` the empty string.

use std::collections::BTreeMap;

use engine::policy::model::{Policy, TableId};
use engine::schema::{Class, Column, ForeignKey, OnDelete, Schema, Table};
use engine::value::Value;

use crate::world::{Row, World};

/// Reads a schema.
pub fn schema(text: &str) -> Result<Schema, String> {
    let lines = text.lines().map(str::trim).filter(|l| !l.is_empty());
    let mut tables: Vec<Table> = lines.map(table).collect::<Result<_, _>>()?;
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Schema { tables })
}

fn table(line: &str) -> Result<Table, String> {
    let (name, columns) = line.split_once(':').ok_or_else(|| format!("no colon in `{line}`"))?;
    let mut table = Table { name: name.trim().to_owned(), ..Table::default() };
    for words in columns.split(',') {
        let mut words = words.split_whitespace();
        let (Some(name), Some(kind)) = (words.next(), words.next()) else {
            return Err(format!("a column needs a name and a type in `{line}`"));
        };
        table.columns.push(column(name, kind)?);
        while let Some(word) = words.next() {
            match word {
                "key" => table.key.push(name.to_owned()),
                "unique" => table.unique.push(vec![name.to_owned()]),
                "generated" => table.columns.last_mut().expect("just pushed").generated = true,
                "->" => table.foreign_keys.push(foreign_key(name, words.next(), words.next())?),
                other => return Err(format!("unknown word `{other}` in `{line}`")),
            }
        }
    }
    // As in a live database: a number that is the key by itself is given by the database.
    if let [key] = table.key.as_slice() {
        let numbered = |c: &&mut Column| c.name == *key && c.class == Class::Int;
        table.columns.iter_mut().filter(numbered).for_each(|c| c.default = true);
    }
    table.indexes = std::iter::once(&table.key).filter(|k| !k.is_empty()).chain(&table.unique).cloned().collect();
    Ok(table)
}

fn column(name: &str, kind: &str) -> Result<Column, String> {
    let nullable = kind.ends_with('?');
    let kind = kind.trim_end_matches('?');
    let (word, max_chars) = match kind.split_once('(') {
        Some((word, n)) => (word, n.trim_end_matches(')').parse().ok()),
        None => (kind, None),
    };
    let class = match word {
        "int" => Class::Int,
        "bool" => Class::Bool,
        "real" => Class::Real,
        "text" => Class::Text,
        "bytes" => Class::Bytes,
        "json" => Class::Json,
        "timestamp" => Class::Timestamp,
        "date" => Class::Date,
        "time" => Class::Time,
        "uuid" => Class::Uuid,
        other => return Err(format!("unknown type `{other}`")),
    };
    let name = name.to_owned();
    Ok(Column { name, type_name: word.to_owned(), class, nullable, default: false, generated: false, max_chars })
}

fn foreign_key(column: &str, target: Option<&str>, on_delete: Option<&str>) -> Result<ForeignKey, String> {
    let (table, key) = target.and_then(|t| t.split_once('.')).ok_or("`->` needs table.column")?;
    let on_delete = match on_delete {
        None | Some("refuse") => OnDelete::Refuse,
        Some("cascade") => OnDelete::Cascade,
        Some("null") => OnDelete::SetNull,
        Some(other) => return Err(format!("unknown ON DELETE `{other}`")),
    };
    Ok(ForeignKey {
        name: String::new(),
        columns: vec![column.to_owned()],
        table: table.to_owned(),
        target_columns: vec![key.to_owned()],
        on_delete,
        deferrable: false,
    })
}

/// Reads rows; a table's system stands before it only where two systems have one of that name. Rows of tables that the
/// map ignores are nobody's, and left out.
pub fn world(policy: &Policy, schemas: &BTreeMap<String, Schema>, text: &str) -> Result<World, String> {
    let mut world = World::new(policy);
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty()) {
        let mut cells = line.split('|').map(str::trim);
        let name = cells.next().unwrap_or_default();
        let Some(table) = named(policy, name) else {
            if schemas.values().any(|s| s.table(name).is_some()) {
                continue;
            }
            return Err(format!("no table `{name}`"));
        };
        let row = cells.zip(&policy.table(table).columns).map(|(cell, c)| value(cell, c.class));
        let row: Row = row.collect::<Result<_, _>>()?;
        if row.len() != policy.table(table).columns.len() {
            return Err(format!("too few cells in `{line}`"));
        }
        world.insert(table, row);
    }
    Ok(world)
}

fn named(policy: &Policy, name: &str) -> Option<TableId> {
    let full = |t: TableId| format!("{}.{}", policy.system(policy.table(t).system).name, policy.table(t).name);
    policy.table_ids().find(|&t| policy.table(t).name == name || full(t) == name)
}

fn value(cell: &str, class: Class) -> Result<Value, String> {
    let wrong = || format!("`{cell}` is no {class:?}");
    Ok(match class {
        _ if cell == "~" => Value::Null,
        _ if cell == "''" => Value::text(""),
        Class::Int => Value::Int(cell.parse().map_err(|_| wrong())?),
        Class::Bool => Value::Bool(cell.parse().map_err(|_| wrong())?),
        Class::Real => Value::Real(cell.parse().map_err(|_| wrong())?),
        // A text, or in hexadecimal what is none.
        Class::Bytes => Value::Bytes(match cell.strip_prefix("\\x") {
            Some(digits) => hex::decode(digits).map_err(|_| wrong())?,
            None => cell.as_bytes().to_vec(),
        }),
        _ => Value::text(cell),
    })
}
