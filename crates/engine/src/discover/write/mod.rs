//! A proposal as a policy folder. Evidence and confidence stand in comments; no sampled value does, save what a map must
//! name: classes in type columns, and the key of the record that stands for nobody.

mod map;
mod table;
pub(crate) mod toml;

use std::ops::Range;

use super::proposal::Proposal;
use crate::policy::model::SystemKind;
use crate::source::Source;

/// What the folder is to be called and where its database is.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Name of the system, and of its files.
    pub system: String,
    /// Kind of the system.
    pub kind: SystemKind,
    /// Name of the environment variable that holds its address.
    pub variable: String,
    /// Database schema, where it is not the default.
    pub schema: Option<String>,
    /// Name of the company.
    pub company: String,
    /// ISO 3166 country.
    pub country: Option<String>,
}

/// A part of the proposal, so that a finding about the text leads back to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// A kind.
    Kind(String),
    /// An identity of a kind, by name.
    Identity(String, String),
    /// The placeholder of a kind.
    Placeholder(String),
    /// A mapped table.
    Table(String),
    /// A link of a table, by its place.
    Link(String, usize),
    /// A column of a table.
    Column(String, String),
    /// An ignored table.
    Ignored(String),
}

/// The text of a map, and where its parts stand.
#[derive(Default)]
pub(super) struct Text {
    pub text: String,
    pub places: Vec<(Range<usize>, Item)>,
}

impl Text {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn part(&mut self, item: Item, write: impl FnOnce(&mut Self)) {
        let start = self.text.len();
        write(self);
        self.places.push((start..self.text.len(), item));
    }

    /// The innermost part around a place.
    pub fn part_at(&self, place: usize) -> Option<&Item> {
        let around = self.places.iter().filter(|(range, _)| range.contains(&place));
        around.min_by_key(|(range, _)| range.len()).map(|(_, item)| item)
    }
}

/// Path of the map in the folder.
pub(super) fn map_path(frame: &Frame) -> String {
    format!("systems/{}.toml", frame.system)
}

/// The folder, and where the parts of its map stand.
pub(super) fn folder(proposal: &Proposal, frame: &Frame) -> (Source, Text) {
    let mut source = Source::default();
    source.add("policy.toml", policy(frame));
    let text = map::map(proposal, frame);
    source.add(map_path(frame), text.text.clone());
    let mut schema = serde_json::to_string_pretty(&proposal.schema).unwrap_or_default();
    schema.push('\n');
    source.add(format!("systems/{}.schema.json", frame.system), schema);
    (source, text)
}

fn policy(frame: &Frame) -> String {
    let mut text =
        String::from("# Who we are. `upheld explain` tells of every key that a check complains about.\n\n[company]\n");
    text.push_str(&format!("name    = {}\n", toml::string(&frame.company)));
    match &frame.country {
        Some(country) => {
            text.push_str(&format!("country = {}\n\n[defaults]\n", toml::string(country)));
            text.push_str(&format!("region = {}    # phone numbers without a country code\n", toml::string(country)));
        }
        None => text.push_str("# country = \"..\"          # ISO 3166, two letters\n"),
    }
    text
}
