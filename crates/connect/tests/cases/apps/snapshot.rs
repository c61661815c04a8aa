//! All rows of a database, before and after.

use std::collections::{BTreeMap, BTreeSet};

use engine::plan::{Action, Plan};
use engine::schema::{Schema, Table};

use crate::raw::Raw;

/// Cells of a row, as texts.
type Cells = Vec<Option<String>>;

/// All rows, by table and key.
pub struct Snapshot<'a> {
    schema: &'a Schema,
    rows: BTreeMap<(String, Cells), Cells>,
}

impl<'a> Snapshot<'a> {
    /// Takes one.
    pub async fn take(raw: &Raw, schema: &'a Schema) -> Snapshot<'a> {
        let mut rows = BTreeMap::new();
        for table in schema.tables.iter().filter(|t| !t.view) {
            let columns: Vec<String> = table.columns.iter().map(|c| c.name.clone()).collect();
            for row in raw.rows(&table.name, &columns).await {
                rows.insert((table.name.clone(), key(table, &row)), row);
            }
        }
        Snapshot { schema, rows }
    }

    /// Tables and keys of rows that are not in another one, as `table key`.
    pub fn without(&self, other: &Snapshot) -> BTreeSet<String> {
        self.rows.keys().filter(|id| !other.rows.contains_key(id)).map(named).collect()
    }

    /// Rows that a run changed and its plan does not list.
    pub fn unlisted(&self, after: &Snapshot, plan: &Plan) -> Vec<String> {
        let mut listed = BTreeSet::new();
        let mut made: BTreeSet<&str> = BTreeSet::new();
        for step in plan.systems.iter().flat_map(|s| &s.steps) {
            if matches!(step.action, Action::Insert { .. }) {
                made.insert(&step.table);
            }
            for key in &step.keys {
                let cells: Cells = key.iter().map(|v| v.join_text().map(|t| t.into_owned())).collect();
                listed.insert(named(&(step.table.clone(), cells)));
            }
        }
        let changed = self.rows.iter().filter(|(id, row)| after.rows.get(id) != Some(row)).map(|(id, _)| named(id));
        let news =
            after.rows.keys().filter(|id| !self.rows.contains_key(id) && !made.contains(id.0.as_str())).map(named);
        changed
            .filter(|id| !listed.contains(id))
            .chain(news)
            .map(|id| format!("changed, and not in the plan: {id}"))
            .collect()
    }

    /// Declared references that lead nowhere.
    pub fn dangling(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        for table in &self.schema.tables {
            for reference in &table.foreign_keys {
                let target = self.schema.table(&reference.table).expect("a table of the schema");
                let there: BTreeSet<Cells> =
                    self.of(target).map(|(_, row)| cells(target, row, &reference.target_columns)).collect();
                for (id, row) in self.of(table) {
                    let tuple = cells(table, row, &reference.columns);
                    if tuple.iter().all(Option::is_some) && !there.contains(&tuple) {
                        wrong.push(format!("{} leads nowhere: {}", reference.columns.join(", "), named(id)));
                    }
                }
            }
        }
        wrong
    }

    /// Where one of the words stands, as a word of its own, in any letter case.
    pub fn residues(&self, words: &[String]) -> Vec<String> {
        let mut wrong = BTreeSet::new();
        for (id, row) in &self.rows {
            let table = self.schema.table(&id.0).expect("a table of the schema");
            for (column, cell) in table.columns.iter().zip(row) {
                let text = cell.as_deref().unwrap_or_default().to_lowercase();
                if words.iter().any(|word| stands(&text, word)) {
                    wrong.insert(format!("residue in {} of {}", column.name, named(id)));
                }
            }
        }
        wrong.into_iter().collect()
    }

    /// The cells of a row in these columns.
    pub fn cells(&self, table: &str, key: &[Option<String>], columns: &[String]) -> Cells {
        let described = self.schema.table(table).expect("a table of the schema");
        let row = self.rows.get(&(table.to_owned(), key.to_vec()));
        row.map_or_else(Vec::new, |row| cells(described, row, columns))
    }

    fn of(&self, table: &Table) -> impl Iterator<Item = (&(String, Cells), &Cells)> {
        self.rows.iter().filter(move |(id, _)| id.0 == table.name)
    }
}

fn key(table: &Table, row: &Cells) -> Cells {
    if table.key.is_empty() { row.clone() } else { cells(table, row, &table.key) }
}

fn cells(table: &Table, row: &Cells, columns: &[String]) -> Cells {
    let at = |name: &String| table.columns.iter().position(|c| c.name == *name).expect("a column of the table");
    columns.iter().map(|name| row[at(name)].clone()).collect()
}

fn named((table, key): &(String, Cells)) -> String {
    let key: Vec<&str> = key.iter().map(|c| c.as_deref().unwrap_or("NULL")).collect();
    format!("{table} {}", key.join(","))
}

/// Does a word stand in a text between signs that are no letters or digits?
fn stands(text: &str, word: &str) -> bool {
    let open = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    text.match_indices(word)
        .any(|(at, _)| open(text[..at].chars().next_back()) && open(text[at + word.len()..].chars().next()))
}
