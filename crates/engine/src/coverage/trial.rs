//! What was tried on a folder's sample: rights carried out for its people, and what its stores were seen to hold.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::decide::egress::{Request, Switches};
use crate::decide::replay::Event;

/// Everything that was tried; empty where the folder has no sample.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Trial {
    /// Rights by their word.
    pub rights: BTreeMap<String, Tried>,
    /// Numbers of payment cards in any column of any store.
    pub cards: Option<Scan>,
    /// Rows in which a column that records the source is empty, by `system:table.column`.
    pub sourceless: BTreeMap<String, u64>,
    /// Values of columns that record the source, by `system:table.column`.
    pub sources: BTreeMap<String, Vec<String>>,
    /// The smallest group of an aggregate's tables, by aggregate.
    pub groups: BTreeMap<String, u64>,
    /// Columns that the databases have, as `system:table.column`.
    pub columns: Vec<String>,
    /// What editions that customers run were seen to send.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub egress: Vec<Capture>,
    /// What recipients would be sent, by recipient.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub exports: BTreeMap<String, Exported>,
    /// What customers made of categories that they define, by category.
    #[serde(skip)]
    pub inventories: BTreeMap<String, Inventory>,
    /// Events as products send them.
    #[serde(skip)]
    pub events: Vec<Event>,
    /// Copies of safeguards that were made as people would get them, by transfer.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub copies: BTreeMap<String, Copied>,
}

/// The columns of a recipient, read from databases in which every other column holds something that must not come out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Exported {
    /// The columns that were asked for, as `system:table.column`.
    pub columns: BTreeSet<String>,
    /// Rows that came.
    pub rows: u64,
    /// Other columns into which a mark was put.
    pub marked: usize,
    /// Columns whose mark came out.
    pub leaked: BTreeSet<String>,
    /// Why nothing came, if so.
    pub failed: Option<String>,
}

/// Categories that customers define themselves, as customer and name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    /// What each customer defined.
    pub defined: BTreeSet<(String, String)>,
    /// What is held of people, by their customer: whose definition, and its name.
    pub held: BTreeMap<String, BTreeSet<(String, String)>>,
}

/// A copy of safeguards that was made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Copied {
    /// Reasons of the passages that are blackened in it.
    pub blackened: Vec<String>,
    /// What was wrong, without any word of a passage.
    pub wrong: Option<String>,
}

/// Captured traffic of one installation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Capture {
    /// The edition.
    pub edition: String,
    /// What its administrator had decided.
    pub switches: Switches,
    /// Requests that stayed inside.
    pub inside: usize,
    /// Requests that left.
    #[serde(skip)]
    pub requests: Vec<Request>,
}

/// A right that was carried out for people of the sample.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tried {
    /// For how many.
    pub people: usize,
    /// What was not as it should be, without any personal value.
    pub wrong: Vec<String>,
    /// Laws, retention rules and holds that kept rows, by id, and how many rows.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub kept_by: BTreeMap<String, usize>,
}

/// A search through all stores.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Scan {
    /// Columns that were read.
    pub columns: usize,
    /// Rows that were read.
    pub rows: u64,
    /// Files that were read.
    pub files: u64,
    /// Where something was found, as `system:table.column` or `system: files`, and how often.
    pub found: BTreeMap<String, u64>,
}
