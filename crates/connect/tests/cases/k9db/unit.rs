//! The other system's own cases, one file of them.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::case::{Case, Expected, Named, Returned, Step};
use super::compare::read;
use super::sql::{Ask, Column, Reference, Rule, Table, Way};

#[derive(Deserialize)]
struct Written {
    name: String,
    tables: Vec<WrittenTable>,
    steps: Vec<WrittenStep>,
}

#[derive(Deserialize)]
struct WrittenTable {
    name: String,
    data_subject: bool,
    primary_key: String,
    columns: Vec<WrittenColumn>,
    edges: Vec<WrittenEdge>,
    rules: Vec<WrittenRule>,
}

#[derive(Deserialize)]
struct WrittenColumn {
    name: String,
    #[serde(rename = "type")]
    class: String,
}

#[derive(Deserialize)]
struct WrittenEdge {
    column: String,
    kind: String,
    target: String,
    target_column: String,
    implicit_from_plain_fk: bool,
}

#[derive(Deserialize)]
struct WrittenRule {
    on: String,
    via: String,
    columns: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum WrittenStep {
    Insert { insert: String, row: BTreeMap<String, Option<String>> },
    Access { subject_table: String, subject_id: String, expect_rows_by_table: BTreeMap<String, Vec<String>> },
    Erasure { subject_table: String, subject_id: String, expect_tables_after: BTreeMap<String, Vec<String>> },
    Still { published_rows_per_subject: Vec<WrittenRows> },
}

#[derive(Deserialize)]
struct WrittenRows {
    table: String,
    subject_table: String,
    subject_id: String,
    rows: Vec<String>,
}

/// The cases of that file; an error where it cannot be read.
pub fn cases(file: &Path) -> Result<Vec<Case>, String> {
    let text = std::fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
    let written: Vec<Written> = serde_json::from_str(&text).map_err(|e| format!("{}: {e}", file.display()))?;
    written.into_iter().map(case).collect()
}

fn case(written: Written) -> Result<Case, String> {
    let tables = written.tables.into_iter().map(table).collect::<Result<_, _>>()?;
    let mut case = Case { name: written.name, tables, ..Case::default() };
    for step in written.steps {
        match step {
            WrittenStep::Insert { insert, row } => {
                let (columns, values) = row.into_iter().unzip();
                case.insert(insert, columns, vec![values]);
            }
            WrittenStep::Access { subject_table, subject_id, expect_rows_by_table } => {
                let rows = |(table, rows): (String, Vec<String>)| rows.into_iter().map(move |row| named(&table, &row));
                let returned = Returned::Exactly(expect_rows_by_table.into_iter().flat_map(rows).collect());
                let ask = Ask { forget: false, table: subject_table, key: subject_id };
                case.steps.push(Step::Ask(ask, Expected { returned, ..Expected::default() }));
            }
            WrittenStep::Erasure { subject_table, subject_id, expect_tables_after } => {
                let rows = |rows: Vec<String>| rows.iter().map(|row| read(row.trim_matches('|'))).collect();
                let left = expect_tables_after.into_iter().map(|(table, all)| (table, rows(all))).collect();
                let ask = Ask { forget: true, table: subject_table, key: subject_id };
                case.steps.push(Step::Ask(ask, Expected { left, ..Expected::default() }));
            }
            WrittenStep::Still { published_rows_per_subject } => still(&mut case, published_rows_per_subject),
        }
    }
    Ok(case)
}

/// Those who remain get, of each table, at least what they own.
fn still(case: &mut Case, owned: Vec<WrittenRows>) {
    let mut persons: BTreeMap<(String, String), Vec<Named>> = BTreeMap::new();
    for WrittenRows { table, subject_table, subject_id, rows } in owned {
        let is_person = case.tables.iter().any(|t| t.data_subject && t.name == subject_table);
        if is_person && !rows.is_empty() {
            let rows = rows.iter().map(|row| named(&table, row));
            persons.entry((subject_table, subject_id)).or_default().extend(rows);
        }
    }
    for ((table, key), rows) in persons {
        let expected = Expected { returned: Returned::AtLeast(rows), ..Expected::default() };
        case.steps.push(Step::Ask(Ask { forget: false, table, key }, expected));
    }
}

fn table(written: WrittenTable) -> Result<Table, String> {
    let columns =
        written.columns.into_iter().map(|c| Column { name: c.name, is_int: c.class == "int", ..Column::default() });
    let references = written.edges.into_iter().map(reference).collect::<Result<_, _>>()?;
    let rules = written.rules.into_iter();
    Ok(Table {
        name: written.name,
        data_subject: written.data_subject,
        columns: columns.collect(),
        key: vec![written.primary_key],
        references,
        rules: rules.map(|r| Rule { forget: r.on == "erasure", along: r.via, columns: r.columns }).collect(),
    })
}

fn reference(written: WrittenEdge) -> Result<Reference, String> {
    let way = match (written.kind.as_str(), written.implicit_from_plain_fk) {
        ("owned_by", true) => Way::Plain,
        ("owned_by", false) => Way::OwnedBy,
        ("accessed_by", _) => Way::AccessedBy,
        ("owns", _) => Way::Owns,
        ("accesses", _) => Way::Accesses,
        (other, _) => return Err(format!("an edge that is not read here: {other}")),
    };
    Ok(Reference { column: written.column, way, table: written.target, to: written.target_column })
}

/// `|1|2|` as a row of a table.
fn named(table: &str, row: &str) -> Named {
    (Some(table.to_owned()), read(row.trim_matches('|')))
}
