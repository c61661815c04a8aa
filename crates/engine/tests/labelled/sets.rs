//! Reads the labelled columns of `cases/labelled` as schemas.

use std::collections::BTreeMap;
use std::path::Path;

use engine::schema::{Class, Column, ForeignKey, OnDelete, Schema, Table};
use sha2::{Digest, Sha256};

/// One schema with what people said of its columns.
pub struct Labelled {
    /// Tables with columns as far as they are described.
    pub schema: Schema,
    /// By table and column; columns without a label are absent.
    pub labels: BTreeMap<(String, String), Label>,
}

/// What people said of a column.
#[derive(Clone)]
pub struct Label {
    /// Is it personal?
    pub personal: bool,
    /// Category, where the set has them.
    pub category: Option<String>,
    /// It lies in the half that was not looked at while rules were written.
    pub held: bool,
}

/// A platform for courses: a column is personal where the application declares it as recorded about a user.
pub fn moodle(folder: &Path) -> Result<Vec<Labelled>, csv::Error> {
    let mut set = Labelled { schema: Schema::default(), labels: BTreeMap::new() };
    for row in rows(&folder.join("moodle_columns.csv"))? {
        let (table, column) = (row["table"].clone(), row["column"].clone());
        add(&mut set.schema, &table, &column, &row["type"]);
        let target = row["foreign_key"].split_once('.').filter(|_| !row["foreign_key"].contains(','));
        if let (Some((to, target)), Some(table)) = (target, set.schema.tables.iter_mut().find(|t| t.name == table)) {
            table.foreign_keys.push(key(&column, to, target));
        }
        let label = Label { personal: row["is_personal"] == "1", category: None, held: held(&table) };
        set.labels.insert((table, column), label);
    }
    Ok(vec![set])
}

/// Datasets of services and examples: a column is personal where its category is one of a user.
pub fn fides(folder: &Path) -> Result<Vec<Labelled>, csv::Error> {
    let mut sets: BTreeMap<String, Labelled> = BTreeMap::new();
    for row in rows(&folder.join("fides_fields.csv"))? {
        let source = &row["source"];
        let set = sets
            .entry(format!("{source} {}", row["dataset"]))
            .or_insert_with(|| Labelled { schema: Schema::default(), labels: BTreeMap::new() });
        add(&mut set.schema, &row["table"], &row["column"], &row["type"]);
        if !row["is_personal"].is_empty() {
            let category = Some(row["categories"].clone());
            let label = Label { personal: row["is_personal"] == "1", category, held: held(source) };
            set.labels.insert((row["table"].clone(), row["column"].clone()), label);
        }
    }
    Ok(sets.into_values().collect())
}

/// Half of the names, the same each time.
fn held(name: &str) -> bool {
    Sha256::digest(name.as_bytes())[0] & 1 == 1
}

fn rows(file: &Path) -> Result<Vec<BTreeMap<String, String>>, csv::Error> {
    csv::Reader::from_path(file)?.deserialize().collect()
}

fn add(schema: &mut Schema, table: &str, column: &str, kind: &str) {
    let at = schema.tables.iter().position(|t| t.name == table).unwrap_or_else(|| {
        schema.tables.push(Table { name: table.to_owned(), ..Table::default() });
        schema.tables.len() - 1
    });
    let class = match kind {
        "int" | "integer" => Class::Int,
        "char" | "text" | "string" => Class::Text,
        "number" => Class::Decimal,
        "float" => Class::Real,
        "boolean" => Class::Bool,
        _ => Class::Other,
    };
    schema.tables[at].columns.push(Column {
        name: column.to_owned(),
        type_name: kind.to_owned(),
        class,
        nullable: true,
        default: false,
        generated: false,
        max_chars: None,
    });
}

fn key(column: &str, table: &str, target: &str) -> ForeignKey {
    ForeignKey {
        name: String::new(),
        columns: vec![column.to_owned()],
        table: table.to_owned(),
        target_columns: vec![target.to_owned()],
        on_delete: OnDelete::Refuse,
        deferrable: false,
    }
}
