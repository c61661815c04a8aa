//! What a deactivation changed: each row before and after. It is sealed before the change lasts, and a reactivation takes
//! it back.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ask::Row;
use crate::plan::{Key, digest};
use crate::schema::{Class, Schema, Table};
use crate::value::Value;

/// The before-images of one system. They hold everything that the deactivation took away: keep them sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealed {
    /// System.
    pub system: String,
    /// By table, sorted by name.
    pub tables: Vec<SealedTable>,
}

/// Rows of one table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedTable {
    /// Table.
    pub table: String,
    /// Key columns.
    pub key: Vec<String>,
    /// All columns, in the order of the values.
    pub columns: Vec<String>,
    /// The rows, sorted by key.
    pub rows: Vec<Image>,
}

/// One row before and after.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Image {
    /// As it was; none for a stand-in record that was made.
    pub before: Option<Row>,
    /// As it was left; none where it was deleted.
    pub after: Option<Row>,
    /// When the deactivation was planned that sealed this first: whoever left later has not seen it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
}

impl SealedTable {
    /// Place of a column.
    pub fn at(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|c| c == column)
    }

    /// The key of a row.
    pub fn key_of(&self, row: &Row) -> Key {
        self.key.iter().filter_map(|k| self.at(k)).map(|at| row[at].clone()).collect()
    }

    /// The values of some columns of a row; `None` where the table has not all of them.
    pub fn values(&self, row: &Row, columns: &[String]) -> Option<Vec<Value>> {
        columns.iter().map(|c| self.at(c).map(|at| row[at].clone())).collect()
    }

    /// Places of the columns that the deactivation changed in a row that stayed.
    pub fn changed(image: &Image) -> Vec<usize> {
        let (Some(before), Some(after)) = (&image.before, &image.after) else { return Vec::new() };
        (0..before.len()).filter(|at| before[*at] != after[*at]).collect()
    }

    /// The image of a row by the key under which it stands now, or stood when it was deleted.
    pub fn image(&self, key: &Key) -> Option<&Image> {
        self.rows.iter().find(|i| i.stands().is_some_and(|row| self.key_of(row) == *key))
    }
}

impl Image {
    /// The row as it was left, or as it was when it was deleted.
    pub fn stands(&self) -> Option<&Row> {
        self.after.as_ref().or(self.before.as_ref())
    }
}

/// One digest over all rows as they were before: what a restore has to give again.
pub fn digest_before(key: &str, sealed: &[Sealed]) -> String {
    digest_of(key, sealed, |_, table| table.rows.iter().filter_map(|i| i.before.clone()).collect())
}

/// One digest over rows of the sealed tables, as `rows` gives them.
pub fn digest_of(key: &str, sealed: &[Sealed], mut rows: impl FnMut(&str, &SealedTable) -> Vec<Row>) -> String {
    let mut whole: Vec<Row> = Vec::new();
    for system in sealed {
        for table in &system.tables {
            let of = digest(key, &table.table, &table.columns, &rows(&system.system, table));
            whole.push(vec![Value::text(&system.system), Value::text(&table.table), Value::Text(of)]);
        }
    }
    digest(key, "", &[], &whole)
}

/// A sealed table, and its images by key.
type Sheet<'s> = (&'s SealedTable, HashMap<Key, &'s Image>);

/// The images of several systems by system, table and the key under which a row stands or stood.
#[derive(Debug, Default)]
pub struct Index<'s> {
    images: HashMap<(&'s str, &'s str), Sheet<'s>>,
}

impl<'s> Index<'s> {
    /// An index of all images.
    pub fn new(sealed: &'s [Sealed]) -> Self {
        let mut images = HashMap::new();
        for system in sealed {
            for table in &system.tables {
                let of = table.rows.iter().filter_map(|i| Some((table.key_of(i.stands()?), i)));
                images.insert((system.system.as_str(), table.table.as_str()), (table, of.collect()));
            }
        }
        Index { images }
    }

    /// The image of a row.
    pub fn image(&self, system: &str, table: &str, key: &Key) -> Option<(&'s SealedTable, &'s Image)> {
        let (sealed, images) = self.images.get(&(system, table))?;
        Some((sealed, images.get(key)?))
    }

    /// The value that a column had before.
    pub fn before(&self, system: &str, table: &str, key: &Key, column: &str) -> Option<&'s Value> {
        let (sealed, image) = self.image(system, table, key)?;
        image.before.as_ref()?.get(sealed.at(column)?)
    }
}

/// Columns of a table whose values could not be written back as they are; the rows are whole.
pub fn inexact(table: &Table, columns: &[String], rows: &[Row]) -> Vec<String> {
    let odd = |(at, name): (usize, &String)| {
        let column = table.column(name)?;
        let lost = !travels(&column.type_name) && rows.iter().any(|r| !r[at].is_null());
        // Text that is no text (SQLite holds any bytes as text) would come back as bytes.
        let bent = column.class == Class::Text && rows.iter().any(|r| matches!(r[at], Value::Bytes(_)));
        (lost || bent).then(|| name.clone())
    };
    columns.iter().enumerate().filter_map(odd).collect()
}

/// Does a value of this type survive its text form? Shapes are bytes that no text gives back.
fn travels(type_name: &str) -> bool {
    const SHAPES: [&str; 9] = [
        "geometry",
        "point",
        "linestring",
        "polygon",
        "multipoint",
        "multilinestring",
        "multipolygon",
        "geometrycollection",
        "vector",
    ];
    let word = type_name.to_ascii_lowercase();
    !SHAPES.contains(&word.split(['(', ' ']).next().unwrap_or_default())
}

/// The names of all columns of a table of a live schema.
pub fn columns(schema: &Schema, table: &str) -> Vec<String> {
    let columns = schema.table(table).into_iter().flat_map(|t| &t.columns);
    columns.map(|c| c.name.clone()).collect()
}
