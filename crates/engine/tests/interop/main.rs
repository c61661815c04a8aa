//! Folders from what other programs know.

mod carried;
mod hostile;
mod left;

use std::collections::BTreeMap;

use engine::interop::fides::{Circumstances, Given, Imported, import};
use engine::schema::{Class, Column, ForeignKey, OnDelete, Schema, Table};

fn given(files: &[(&str, &str)]) -> Vec<Given> {
    files.iter().map(|(path, text)| Given { path: (*path).to_owned(), text: (*text).to_owned() }).collect()
}

fn imported(files: &[(&str, &str)]) -> Imported {
    import(&given(files), &Circumstances::default()).expect("these files can be read")
}

/// A file of the folder.
fn file<'i>(imported: &'i Imported, path: &str) -> &'i str {
    let id = imported.folder.find(path).unwrap_or_else(|| panic!("no {path}"));
    &imported.folder.file(id).text
}

/// A table of columns; the first is the key. A `?` takes NULL, a `#` is a number, a `{` holds JSON.
fn table(name: &str, columns: &[&str], foreign_keys: &[(&str, &str, &str)]) -> Table {
    let plain = |c: &str| c.trim_end_matches(['?', '#', '{']).to_owned();
    let columns: Vec<Column> = columns
        .iter()
        .map(|c| {
            let (class, type_name) = match c {
                c if c.contains('#') => (Class::Int, "int8"),
                c if c.contains('{') => (Class::Json, "jsonb"),
                _ => (Class::Text, "text"),
            };
            Column {
                name: plain(c),
                type_name: type_name.to_owned(),
                class,
                nullable: c.contains('?'),
                default: false,
                generated: false,
                max_chars: None,
            }
        })
        .collect();
    let key = vec![columns[0].name.clone()];
    let foreign_keys = foreign_keys.iter().map(|(column, table, target)| ForeignKey {
        name: format!("{name}_{column}"),
        columns: vec![(*column).to_owned()],
        table: (*table).to_owned(),
        target_columns: vec![(*target).to_owned()],
        on_delete: OnDelete::Refuse,
        deferrable: false,
    });
    Table {
        name: name.to_owned(),
        indexes: vec![key.clone()],
        key,
        foreign_keys: foreign_keys.collect(),
        columns,
        ..Table::default()
    }
}

fn schema(mut tables: Vec<Table>) -> Schema {
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    Schema { tables }
}

fn live(systems: Vec<(&str, Schema)>) -> BTreeMap<String, Schema> {
    systems.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}
