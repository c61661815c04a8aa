//! What was read of a database: its structure and a bounded number of rows of each table.

use std::collections::{BTreeMap, BTreeSet};

use super::sample::Sample;
use crate::ask::Row;
use crate::schema::{Class, Column, Schema, Table};
use crate::value::Value;

/// Structure and samples. It has no `Debug`: rows are looked at, never shown.
pub struct World {
    /// The structure.
    pub schema: Schema,
    seen: BTreeMap<String, Seen>,
}

/// What was read of one table.
#[derive(Default)]
pub struct Seen {
    /// How many rows it has, as the database says.
    pub count: u64,
    /// Columns that were read.
    columns: Vec<String>,
    /// A bounded number of rows.
    rows: Vec<Row>,
    /// These are all rows.
    pub whole: bool,
    /// Our role may not read it.
    pub refused: bool,
}

impl World {
    /// Nothing but structure.
    pub fn new(schema: Schema) -> World {
        World { schema, seen: BTreeMap::new() }
    }

    /// Tables that hold rows of their own, in the order of their names.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.schema.tables.iter().filter(|t| !t.view)
    }

    /// The table of that name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables().find(|t| t.name == name)
    }

    /// Notes how many rows a table has.
    pub fn counted(&mut self, table: &str, count: u64) {
        self.seen.entry(table.to_owned()).or_default().count = count;
    }

    /// Notes the rows of a table.
    pub fn sampled(&mut self, table: &str, columns: Vec<String>, rows: Vec<Row>) {
        let seen = self.seen.entry(table.to_owned()).or_default();
        seen.whole = rows.len() as u64 >= seen.count;
        (seen.columns, seen.rows) = (columns, rows);
    }

    /// Notes that a table cannot be read.
    pub fn refused(&mut self, table: &str) {
        self.seen.entry(table.to_owned()).or_default().refused = true;
    }

    /// What was read of a table.
    pub fn seen(&self, table: &str) -> Option<&Seen> {
        self.seen.get(table)
    }

    /// Rows of a table as far as it is known.
    pub fn count(&self, table: &str) -> u64 {
        self.seen(table).map_or(0, |s| s.count)
    }

    /// The sampled values of a column, NULLs included, in the order of the rows.
    pub fn cells(&self, table: &str, column: &str) -> impl Iterator<Item = &Value> {
        let seen = self.seen(table);
        let at = seen.and_then(|s| s.columns.iter().position(|c| c == column));
        let rows = seen.map_or(&[][..], |s| s.rows.as_slice());
        rows.iter().filter_map(move |row| row.get(at?))
    }

    /// The different values of a column that could join anything, as canonical text.
    pub fn values(&self, table: &str, column: &str) -> BTreeSet<String> {
        self.cells(table, column).filter_map(Value::join_text).map(|v| v.into_owned()).collect()
    }

    /// The same, of the rows in which another column holds a value.
    pub fn values_where(&self, table: &str, column: &str, by: &str, value: &Value) -> BTreeSet<String> {
        let rows = self.cells(table, by).zip(self.cells(table, column));
        rows.filter(|(v, _)| *v == value).filter_map(|(_, v)| v.join_text()).map(|v| v.into_owned()).collect()
    }

    /// Samples of all columns that were read, by column: at most so many rows, for what a column holds shows in few.
    pub fn samples(&self, table: &str, most: usize) -> BTreeMap<String, Sample> {
        let Some(seen) = self.seen(table) else { return BTreeMap::new() };
        let apart = seen.rows.len().div_ceil(most).max(1);
        let of = |at: usize| Sample::of(seen.rows.iter().step_by(apart).filter_map(|row| row.get(at).cloned()));
        seen.columns.iter().enumerate().map(|(at, column)| (column.clone(), of(at))).collect()
    }

    /// Is no value of the column twice in the rows that were read?
    pub fn distinct(&self, table: &str, column: &str) -> bool {
        let values = self.cells(table, column).filter(|v| !v.is_null()).count();
        values == self.values(table, column).len()
    }
}

/// Could the column hold references? Truth values, moments, fractions and bytes are none.
pub fn may_refer(column: &Column) -> bool {
    !column.generated && matches!(column.class, Class::Int | Class::Text | Class::Uuid | Class::Other | Class::Decimal)
}

/// The columns by which rows of a table are referred to: its primary key if that is one column, and each column that is
/// unique by itself.
pub fn keys(table: &Table) -> Vec<&Column> {
    let single = [&table.key].into_iter().chain(&table.unique).filter_map(|key| match key.as_slice() {
        [column] => table.column(column),
        _ => None,
    });
    let mut keys: Vec<&Column> = Vec::new();
    for column in single.filter(|c| may_refer(c)) {
        if !keys.iter().any(|k| k.name == column.name) {
            keys.push(column);
        }
    }
    keys
}

/// The primary key, if it is one column.
pub fn key(table: &Table) -> Option<&Column> {
    match table.key.as_slice() {
        [column] => table.column(column),
        _ => None,
    }
}
