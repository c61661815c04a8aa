//! The structure of a live database as a connector describes it, and as `<name>.schema.json` locks it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What one system's database looks like. Tables are those of the system's own schema, sorted by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Schema {
    /// Tables and views, sorted by name.
    pub tables: Vec<Table>,
}

impl Schema {
    /// The table of that exact name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|t| t.name == name)
    }
}

/// One table or view.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Name as the database stores it.
    pub name: String,
    /// Columns in the database's order.
    pub columns: Vec<Column>,
    /// Columns of the primary key, in key order; empty where there is none.
    #[serde(default)]
    pub key: Vec<String>,
    /// Other unique keys (full ones only: no partial and no expression indexes).
    #[serde(default)]
    pub unique: Vec<Vec<String>>,
    /// Leading columns of every usable index, the primary key's included.
    #[serde(default)]
    pub indexes: Vec<Vec<String>>,
    /// Declared foreign keys of this table.
    #[serde(default)]
    pub foreign_keys: Vec<ForeignKey>,
    /// Names of enabled triggers other than those of constraints.
    #[serde(default)]
    pub triggers: Vec<String>,
    /// Row-level security applies to our role, so that rows may be hidden from it.
    #[serde(default)]
    pub row_security: bool,
    /// It is a view.
    #[serde(default)]
    pub view: bool,
    /// It is a view that keeps its rows (PostgreSQL's materialized views).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub materialized: bool,
    /// The storage engine cannot roll back (MyISAM and the like).
    #[serde(default)]
    pub no_transactions: bool,
    /// Sequences from which columns take their defaults, schema and name, where an insert needs a right of its own to them
    /// (PostgreSQL's `serial`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sequences: Vec<(String, String)>,
    /// Columns that the database itself writes on each update, unless the update says what they hold (MySQL's `ON UPDATE`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub touched: Vec<String>,
}

impl Table {
    /// The column of that exact name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.name == name)
    }
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Name as the database stores it.
    pub name: String,
    /// The database's own name of the type, for casts and for people.
    pub type_name: String,
    /// What kind of values it holds.
    pub class: Class,
    /// Whether NULL may be written.
    pub nullable: bool,
    /// The database fills it when an insert leaves it out (default, identity, rowid).
    #[serde(default)]
    pub default: bool,
    /// The database computes it; it is never written.
    #[serde(default)]
    pub generated: bool,
    /// Longest text in characters, or longest value in bytes, where the type has a bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_chars: Option<u32>,
}

/// The classes of types the engine tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Whole numbers.
    Int,
    /// Truth values.
    Bool,
    /// Binary floating point.
    Real,
    /// Exact decimals, as text.
    Decimal,
    /// Character strings.
    Text,
    /// Bytes.
    Bytes,
    /// UUIDs, as lower-case text.
    Uuid,
    /// JSON documents, as text.
    Json,
    /// Calendar dates.
    Date,
    /// Times of day.
    Time,
    /// Points in time, with or without zone.
    Timestamp,
    /// Anything else, in the database's text form.
    Other,
}

impl Class {
    /// Could a value of this class equal one of `other` in a join? Text meets the classes that are stored as text in one
    /// database and natively in another.
    pub fn meets(self, other: Class) -> bool {
        use Class::{Bytes, Int, Text, Uuid};
        match (self, other) {
            (a, b) if a == b => true,
            (Text, Int | Uuid) | (Int | Uuid, Text) => true,
            (Class::Decimal, Int) | (Int, Class::Decimal) => true,
            (Uuid, Bytes) | (Bytes, Uuid) => false,
            (Class::Other, Text) | (Text, Class::Other) => true,
            _ => false,
        }
    }
}

/// A declared foreign key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ForeignKey {
    /// The constraint's name, where it has one.
    #[serde(default)]
    pub name: String,
    /// Referencing columns of this table.
    pub columns: Vec<String>,
    /// Referenced table.
    pub table: String,
    /// Referenced columns, in the order of `columns`.
    pub target_columns: Vec<String>,
    /// What the database does when the referenced row goes.
    pub on_delete: OnDelete,
    /// The check can wait for the commit.
    #[serde(default)]
    pub deferrable: bool,
}

/// `ON DELETE` of a foreign key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnDelete {
    /// `NO ACTION` or `RESTRICT`.
    Refuse,
    /// `CASCADE`.
    Cascade,
    /// `SET NULL`.
    SetNull,
    /// `SET DEFAULT`.
    SetDefault,
}
