//! Applications with rows of our own: the locked schema made real, and what each person's rights should come to.

use std::collections::BTreeSet;
use std::path::Path;

use connect::{Options, Systems};
use engine::plan::Seed;
use engine::policy::model::{KindId, SystemKind};
use engine::policy::parse::parse;
use engine::schema::{Class, OnDelete, Schema, Table};
use engine::value::Value;
use serde::Deserialize;

use super::app::{App, Asked, Expected, source};
use crate::asked::Untried;
use crate::outcome::Outcome;
use crate::raw::{Raw, quoted};

/// One person of `expected.toml`.
#[derive(Deserialize)]
struct Person {
    username: String,
    returned: Vec<String>,
    deleted: Vec<String>,
}

#[derive(Deserialize)]
struct People {
    person: Vec<Person>,
}

/// Tries the application on SQLite, with the rows beside its map, for each person of whom something is expected.
pub async fn own(name: &str) -> Vec<Outcome> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/maps").join(name);
    let read = |file: &str| std::fs::read_to_string(folder.join(file)).expect("a file of the map");
    let people: People = toml::from_str(&read("expected.toml")).expect("what is expected is TOML");
    let (written, _) = parse(&source(name));
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let mut outcomes = Vec::new();
    for person in people.person {
        // Each person of a fresh database, so that what one expects does not hang on the others.
        let file = temporary.path().join(&person.username);
        let raw = Raw::Sqlite(file.clone());
        raw.execute(&(tables(&written.schemas[name]) + &read("rows.sql"))).await;
        let path = file.display().to_string();
        let system = connect::open(SystemKind::Sqlite, &path, Some(&path), Options::default()).expect("it opens");
        let systems = Systems::from([(name.to_owned(), system)]);
        let app = match App::new("applications", name, raw, systems).await {
            Ok(app) => app,
            Err(Untried::Later(why)) => return vec![Outcome::untried("applications", name).later(why)],
            Err(Untried::Wrong(why)) => return vec![Outcome::untried("applications", name).because(why)],
        };
        let seed = Seed::Identity { name: "username".to_owned(), value: Value::text(&person.username) };
        let expected =
            Expected { returned: Some(set(person.returned)), deleted: Some(set(person.deleted)), tools: None };
        outcomes.extend(
            app.person(KindId(0), Asked { seeds: vec![seed], ..Asked::default() }, &person.username, &expected).await,
        );
    }
    outcomes
}

/// `table 1 2 3` is three rows.
fn set(lines: Vec<String>) -> BTreeSet<String> {
    let rows = |line: &String| {
        let mut words = line.split(' ').map(str::to_owned);
        let table = words.next().unwrap_or_default();
        words.map(move |key| format!("{table} {key}")).collect::<Vec<_>>()
    };
    lines.iter().flat_map(rows).collect()
}

fn tables(schema: &Schema) -> String {
    schema.tables.iter().map(|t| format!("{};\n", create(t))).collect()
}

fn create(table: &Table) -> String {
    let mut parts: Vec<String> = Vec::new();
    for column in &table.columns {
        let is_key = table.key == [column.name.clone()];
        let default = match column.class {
            Class::Text => "''",
            _ => "0",
        };
        let default = if column.default && !is_key { format!(" DEFAULT {default}") } else { String::new() };
        let null = if column.nullable { "" } else { " NOT NULL" };
        let key = if is_key { " PRIMARY KEY AUTOINCREMENT" } else { "" };
        parts.push(format!("{} {}{null}{default}{key}", quoted(&column.name), column.type_name));
    }
    let list = |names: &[String]| names.iter().map(|n| quoted(n)).collect::<Vec<_>>().join(", ");
    parts.extend(table.unique.iter().map(|u| format!("UNIQUE ({})", list(u))));
    for key in &table.foreign_keys {
        let cascade = if key.on_delete == OnDelete::Cascade { " ON DELETE CASCADE" } else { "" };
        let (columns, to) = (list(&key.columns), list(&key.target_columns));
        parts.push(format!("FOREIGN KEY ({columns}) REFERENCES {} ({to}){cascade}", quoted(&key.table)));
    }
    format!("CREATE TABLE {} ({})", quoted(&table.name), parts.join(", "))
}
