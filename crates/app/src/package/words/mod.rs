//! How the package speaks. All words stand in `rules/language`, one file for each language; this is their shape.

mod forms;
mod names;
mod taxonomy;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

pub use forms::{Part, fill, parts};
pub use names::plain;
pub use taxonomy::meaning;

/// A language of `rules/language`.
struct Language {
    code: &'static str,
    words: LazyLock<Words>,
}

/// All languages; the first is spoken where nobody asks for another.
static LANGUAGES: [Language; 2] = [
    Language { code: "en", words: LazyLock::new(|| read(EN, EN_LABELS)) },
    Language { code: "de", words: LazyLock::new(|| read(DE, DE_LABELS)) },
];

const EN: &str = include_str!("../../../../../rules/language/en.toml");
const EN_LABELS: &str = include_str!("../../../../../rules/taxonomy/labels.en.toml");
const DE: &str = include_str!("../../../../../rules/language/de.toml");
const DE_LABELS: &str = include_str!("../../../../../rules/taxonomy/labels.de.toml");

fn read(words: &str, labels: &str) -> Words {
    let words = toml::from_str(words).expect("a built-in language has all words");
    Words { labels: toml::from_str(labels).expect("built-in labels are TOML"), ..words }
}

/// Codes of all languages.
pub fn codes() -> impl Iterator<Item = &'static str> {
    LANGUAGES.iter().map(|l| l.code)
}

/// The words of a language, or of the first one where there is none of that code.
pub fn of(code: Option<&str>) -> &'static Words {
    let known = LANGUAGES.iter().find(|l| Some(l.code) == code);
    &known.unwrap_or(&LANGUAGES[0]).words
}

/// The words of one language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// ISO 639.
    pub code: String,
    write: Write,
    pub count: Counts,
    pub front: Front,
    pub kinds: Kinds,
    pub data: Data,
    pub talk: Talk,
    pub file: File,
    pub page: Page,
    pub why: Why,
    pub who: Who,
    pub left: Left,
    pub ask: Ask,
    pub files: Files,
    pub basis: BTreeMap<String, String>,
    pub role: BTreeMap<String, String>,
    pub mechanism: BTreeMap<String, String>,
    pub action: BTreeMap<String, String>,
    pub names: BTreeMap<String, String>,
    pub countries: BTreeMap<String, String>,
    /// Categories of the taxonomy.
    #[serde(skip)]
    labels: BTreeMap<String, String>,
}

/// The forms of a word for one and for many.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plural {
    one: String,
    other: String,
}

/// How numbers, dates and lists are written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Write {
    group: String,
    decimal: String,
    and: String,
    date: String,
    moment: String,
    months: [String; 12],
    yes: String,
    no: String,
    empty: String,
    bytes: Plural,
}

/// Groups of words: the name of the struct, of each its keys. Every key must be in every file.
macro_rules! groups {
    ($($(#[$doc:meta])* $name:ident { $($key:ident),* $(; $($many:ident),*)? })*) => {
        $($(#[$doc])*
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $(pub $key: String,)* $($(pub $many: Plural,)*)? })*
    };
}

groups! {
    /// Numbers of things.
    Counts {; records, systems, conversations, messages, pages, files, years, months, weeks, days }
    /// The head of the first page.
    Front { title, skip, access, portability, erasure, nothing, made, request, known, contents, private }
    /// Data by kind.
    Kinds { title, lead, kind, places, purposes, none }
    /// Tables.
    Data {
        place, kinds, searched, about, yours, shared, fact, links, withheld, empty, first, all, file_only, capped, cut, bytes,
        encrypted, sealed, files,
        csv, exact, left_out, left_line, place_of
    }
    /// Conversations.
    Talk { lead, you, other, untitled, no_head, details, more, continued, none, here, shown_in, undated }
    /// Files of the person.
    File { attached, preview, unnamed, told }
    /// Further pages.
    Page { of, title, previous, next, back, pages }
    /// Purposes.
    Why { title, lead, basis, kinds, recipients, nobody, retention, counted, period, law, unknown }
    /// Holder and recipients.
    Who { title, holder, holder_in, systems, database, files, service, people, nobody, receive }
    /// What is not in the package.
    Left { title, lead, nothing, secret, others, hidden, fact, withheld, provided, basis, task, kinds, unusable; review, absent }
    /// Questions and complaints.
    Ask { title, write, rights, officer, complain, any, instead }
    /// The list of files.
    Files { title, lead, csv, exact, manifest, manifest_only, table, records, csv_head, exact_head, check }
}

impl Words {
    /// Why something is left out, for the person. The plan's reasons are short; these say what it means for them.
    pub fn reason<'a>(&'a self, reason: &'a str) -> &'a str {
        match reason {
            "a secret" => &self.left.secret,
            "belongs to other people" => &self.left.others,
            "hidden by the map from this role" => &self.left.hidden,
            "the row names the person, but is not theirs: only the fact is told" => &self.left.fact,
            "the map withholds these rows" => &self.left.withheld,
            "was not provided by the person" => &self.left.provided,
            "is held neither by consent nor for a contract" => &self.left.basis,
            other => other,
        }
    }

    /// A country by its two letters.
    pub fn country<'a>(&'a self, code: &'a str) -> &'a str {
        self.countries.get(code).map_or(code, String::as_str)
    }
}
