//! What each column of a table holds: its category, whether it is free text or a secret, with confidence and evidence.
//!
//! Names, types, the table's relation to persons and, where there are any, sampled values are weighed. A value that is seen
//! says more than a name. Evidence is words and counts, never a value.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::sample::Sample;
use crate::schema::Table;

/// How the rows of a table relate to persons, as far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Bond {
    /// Each row is a person.
    Record,
    /// Each row belongs to one person.
    Owned,
    /// Each row was written by a person for others.
    Authored,
    /// Each row is part of a row that belongs to or was written by a person.
    Part,
    /// Rows name a person who handled or changed them.
    Mentions,
    /// Rows have nothing to do with persons.
    Apart,
    /// Nothing is known; names decide.
    #[default]
    Unknown,
}

/// What is known about a table before its columns are looked at.
pub struct Setting<'a> {
    /// The table.
    pub table: &'a Table,
    /// How its rows relate to persons.
    pub bond: Bond,
    /// Its columns that point at a person's record, or at what belongs to a person.
    pub links: &'a BTreeSet<String>,
    /// What was sampled, by column; empty without a database.
    pub samples: &'a BTreeMap<String, Sample>,
    /// The day on which this is asked: tells dates of birth from other dates.
    pub today: Date,
}

/// What a column seems to hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    /// Key of the taxonomy; none where nothing speaks for any.
    pub category: Option<String>,
    /// The category is one of a person's data.
    pub personal: bool,
    /// The value is recorded about a person, whatever its category: part of what an access hands over.
    pub recorded: bool,
    /// People wrote it in their own words, so that it may name anybody (`text = true`).
    pub text: bool,
    /// It lets somebody in and must never leave (`access = "withhold"`).
    pub secret: bool,
    /// From 0, a guess, to 1.
    pub confidence: f32,
    /// Why, in words, without any sampled value.
    pub evidence: Vec<String>,
}

/// One verdict for each column, in the table's order.
pub fn classify(setting: &Setting<'_>) -> Vec<Verdict> {
    setting.table.columns.iter().map(|_| Verdict::default()).collect()
}
