//! The notice as a document: its head and its parts, before anything is said of how it is set.

use jiff::civil::Date;

use super::{fill, tables, words};
use crate::policy::model::{Policy, Said};

/// A notice, built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its title.
    pub title: String,
    /// Its version.
    pub version: Option<String>,
    /// From when it holds, written out.
    pub effective: Option<String>,
    /// The language of its words.
    pub language: String,
    /// Its words in Markdown, with facts filled in.
    pub text: String,
}

impl Document {
    /// What stands before the first paragraph.
    pub fn head(&self) -> String {
        let version = self.version.as_ref().map(|v| format!("Version {v}"));
        let from = self.effective.as_ref().map(|day| format!("In force from {day}"));
        let line: Vec<String> = version.into_iter().chain(from).collect();
        format!("{}\n{}", self.title, line.join(" · "))
    }
}

/// The notice of a folder on a day.
pub fn document(policy: &Policy, said: &Said, today: Date) -> Document {
    let head = said.find("notice", "head");
    let own = |key: &str| head.and_then(|h| h.text(key)).map(str::to_owned);
    Document {
        title: own("title").unwrap_or_else(|| format!("Privacy notice of {}", policy.company)),
        version: own("version"),
        effective: own("effective").map(|day| words::date(&day).unwrap_or(day)),
        language: own("language").unwrap_or_else(|| "en".to_owned()),
        text: tabled(policy, said, today),
    }
}

/// The words with facts and tables filled in.
fn tabled(policy: &Policy, said: &Said, today: Date) -> String {
    let text = fill::filled(said);
    let mut set = String::new();
    let mut rest = 0;
    for (name, at, end) in fill::placeholders(&text) {
        let Some(table) = fill::table(name).and_then(|name| tables::table(policy, said, name, today)) else { continue };
        set.push_str(&text[rest..at]);
        set.push_str(&table.markdown());
        rest = end;
    }
    set.push_str(&text[rest..]);
    set
}

impl Document {
    /// The whole notice as Markdown, with its head.
    pub fn markdown(&self) -> String {
        let head = self.head();
        let (title, line) = head.split_once('\n').unwrap_or((&head, ""));
        format!("# {title}\n\n{line}\n\n{}\n", self.text.trim())
    }
}
