//! What each column of a table holds: its category, whether it is free text or a secret, with confidence and evidence.
//!
//! Names, types, the table's relation to persons and, where there are any, sampled values are weighed. A value that is seen
//! says more than a name. Evidence is words and counts, never a value.

mod context;
mod document;
mod names;
mod seen;
#[cfg(test)]
mod tests;
mod values;
mod weigh;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use self::context::{Context, Named};
use self::weigh::weigh;
use super::sample::Sample;
use crate::schema::{Column, Table};

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

/// What is inside a column of documents.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// `json`, `yaml` or `php`, as the language calls it.
    pub codec: &'static str,
    /// Paths with personal values, and their categories.
    pub paths: Vec<(String, String)>,
}

/// What a column seems to hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    /// Key of the taxonomy: the best guess, however unsure; none where nothing speaks for any.
    pub category: Option<String>,
    /// The category is one of a person's data, and more likely right than not.
    pub personal: bool,
    /// The value is recorded about a person, whatever its category: part of what an access hands over.
    pub recorded: bool,
    /// People wrote it in their own words, so that it may name anybody (`text = true`).
    pub text: bool,
    /// It lets somebody in and must never leave (`access = "withhold"`).
    pub secret: bool,
    /// The values are documents of some form.
    pub document: Option<Document>,
    /// From 0, a guess, to 1.
    pub confidence: f32,
    /// Why, in words, without any sampled value.
    pub evidence: Vec<String>,
}

/// From here on a category counts as found.
const LIKELY: f32 = 0.5;

/// One verdict for each column, in the table's order.
pub fn classify(setting: &Setting<'_>) -> Vec<Verdict> {
    let columns: Vec<Named<'_>> = setting.table.columns.iter().map(|c| Named::of(&c.name, c.class)).collect();
    let context = Context::of(setting, &columns);
    let each = setting.table.columns.iter().zip(&columns);
    each.map(|(column, named)| {
        let verdict =
            if setting.links.contains(&column.name) { link() } else { weigh(setting, &context, column, named) };
        Verdict { recorded: recorded(setting, column, named), ..verdict }
    })
    .collect()
}

/// A reference stands for the person it points at.
fn link() -> Verdict {
    Verdict {
        category: Some("user.unique_id".to_owned()),
        personal: true,
        confidence: 0.85,
        evidence: vec!["points at a person, or at what belongs to one".to_owned()],
        ..Verdict::default()
    }
}

fn recorded(setting: &Setting<'_>, column: &Column, named: &Named<'_>) -> bool {
    let key = setting.table.key == [column.name.as_str()] || named.words == ["id"];
    let format = named.words.len() > 1 && named.words.last().is_some_and(|w| w == "format");
    match setting.bond {
        Bond::Record | Bond::Owned | Bond::Authored | Bond::Part => !key && !format,
        Bond::Mentions => setting.links.contains(&column.name) || named.words.iter().any(|w| w == "time"),
        Bond::Apart | Bond::Unknown => false,
    }
}
