//! All rows of a database, byte by byte.

use std::collections::BTreeMap;

/// One cell as bytes; none for NULL.
pub type Cell = Option<Vec<u8>>;

/// A database at one time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dump {
    /// By table.
    pub tables: BTreeMap<String, Rows>,
}

/// The rows of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    /// Its columns.
    pub columns: Vec<String>,
    /// Those of its key.
    pub key: Vec<String>,
    /// By key; where the table has none, by all cells and how many rows alike came before.
    pub rows: BTreeMap<Vec<Cell>, Vec<Cell>>,
}

impl Rows {
    /// Orders rows by their key.
    pub fn new(columns: &[String], key: &[String], all: impl Iterator<Item = Vec<Cell>>) -> Rows {
        let at: Vec<usize> = key.iter().filter_map(|k| columns.iter().position(|c| c == k)).collect();
        let mut rows = BTreeMap::new();
        for row in all {
            let mut id: Vec<Cell> = at.iter().map(|n| row[*n].clone()).collect();
            if at.is_empty() {
                id = row.clone();
                while rows.contains_key(&id) {
                    id.push(None);
                }
            }
            assert!(rows.insert(id, row).is_none(), "two rows have one key");
        }
        Rows { columns: columns.to_vec(), key: key.to_vec(), rows }
    }

    /// Place of a column.
    pub fn at(&self, column: &str) -> usize {
        self.columns.iter().position(|c| c == column).unwrap_or_else(|| panic!("there is a column {column}"))
    }
}

impl Dump {
    /// What differs from another one, row by row: places, never values.
    pub fn differs(&self, other: &Dump) -> Vec<String> {
        let mut found = Vec::new();
        for (name, table) in &self.tables {
            let now = &other.tables[name];
            for (key, row) in &table.rows {
                match now.rows.get(key) {
                    None => found.push(format!("{} is gone", named(name, key))),
                    Some(then) => {
                        let changed = table.columns.iter().zip(row.iter().zip(then)).filter(|(_, (a, b))| a != b);
                        let changed: Vec<&str> = changed.map(|(c, _)| c.as_str()).collect();
                        if !changed.is_empty() {
                            found.push(format!("{} differs in {}", named(name, key), changed.join(", ")));
                        }
                    }
                }
            }
            let more = now.rows.keys().filter(|key| !table.rows.contains_key(*key));
            found.extend(more.map(|key| format!("{} is new", named(name, key))));
        }
        found
    }

    /// Where one of the words stands, as a word of its own, in any letter case.
    pub fn residues(&self, words: &[String]) -> Vec<String> {
        let mut found = Vec::new();
        for (name, table) in &self.tables {
            for (key, row) in &table.rows {
                for (column, cell) in table.columns.iter().zip(row) {
                    let text = String::from_utf8_lossy(cell.as_deref().unwrap_or_default()).to_lowercase();
                    if words.iter().any(|word| stands(&text, word)) {
                        found.push(format!("somebody who left is named in {column} of {}", named(name, key)));
                    }
                }
            }
        }
        found
    }
}

/// A row, for people who look into a failure.
pub fn named(table: &str, key: &[Cell]) -> String {
    let key: Vec<String> = key.iter().map(shown).collect();
    format!("{table} {}", key.join(","))
}

/// A cell of made-up data.
pub fn shown(cell: &Cell) -> String {
    cell.as_deref().map_or_else(|| "NULL".to_owned(), |bytes| String::from_utf8_lossy(bytes).into_owned())
}

/// Does a word stand in a text between signs that are no letters or digits?
fn stands(text: &str, word: &str) -> bool {
    let open = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    text.match_indices(word)
        .any(|(at, _)| open(text[..at].chars().next_back()) && open(text[at + word.len()..].chars().next()))
}
