//! Facts in the words of the notice: `{{ FAMILY:NAME.KEY }}` and `{{ company.KEY }}` are filled from the folder, so that they
//! cannot drift. Tables (`{{ table recipients }}`) are left for the one who sets the page.

use super::words;
use crate::policy::model::Said;

/// A placeholder that leads nowhere, as it stands in the notice, with its place there in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// What stands between the braces.
    pub name: String,
    /// Where it begins.
    pub at: usize,
}

/// The words of the notice with facts filled in; empty without a notice.
pub fn filled(said: &Said) -> String {
    said.notice.as_ref().map(|notice| fill(said, &notice.text)).unwrap_or_default()
}

/// A text with facts filled in; placeholders that lead nowhere stay as they are.
pub fn fill(said: &Said, text: &str) -> String {
    let mut filled = String::new();
    let mut rest = 0;
    for (name, at, end) in placeholders(text) {
        filled.push_str(&text[rest..at]);
        filled.push_str(&fact(said, name).unwrap_or_else(|| text[at..end].to_owned()));
        rest = end;
    }
    filled.push_str(&text[rest..]);
    filled
}

/// Placeholders of a text that no fact fills.
pub fn lost(said: &Said, text: &str) -> Vec<Lost> {
    let empty = placeholders(text).filter(|(name, ..)| fact(said, name).is_none() && table(name).is_none());
    empty.map(|(name, at, _)| Lost { name: name.to_owned(), at }).collect()
}

/// What a placeholder stands for: the tables that a notice can hold.
pub fn table(name: &str) -> Option<&str> {
    let named = name.strip_prefix("table ")?.trim();
    TABLES.contains(&named).then_some(named)
}

/// The tables that a notice can hold.
pub const TABLES: [&str; 14] = [
    "recipients",
    "purposes",
    "retention",
    "trackers",
    "transfers",
    "sources",
    "categories",
    "rights",
    "contacts",
    "authorities",
    "sub_processors",
    "safeguards",
    "lookback",
    "messages",
];

/// Every `{{ ... }}` with its place.
pub fn placeholders(text: &str) -> impl Iterator<Item = (&str, usize, usize)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let at = from + text[from..].find("{{")?;
        let end = at + text[at..].find("}}")? + 2;
        from = end;
        Some((text[at + 2..end - 2].trim(), at, end))
    })
}

/// The words of a fact.
fn fact(said: &Said, name: &str) -> Option<String> {
    let (declaration, key) = name.rsplit_once('.')?;
    if declaration == "company" {
        return said.company.iter().find(|(own, _)| *own == key).map(|(_, value)| value.clone());
    }
    // The name of a setting has dots itself; its one key is `value`.
    if let Some(setting) = name.strip_prefix("setting:") {
        return said.setting(setting.strip_suffix(".value").unwrap_or(setting)).map(words::value);
    }
    let declaration = if declaration == "notice" { "notice:head" } else { declaration };
    let given = said.named(declaration)?.get(key)?;
    match (key, given.text()) {
        ("country" | "to", Some(code)) => Some(crate::policy::place::name(code)),
        _ => Some(words::value(given)),
    }
}

/// A text without marks and with single spaces, to compare what is said and not how it is set; of links the words stay.
pub fn flat(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("](") {
        let Some(end) = rest[at..].find(')') else { break };
        plain.push_str(&rest[..at]);
        rest = &rest[at + end + 1..];
    }
    plain.push_str(rest);
    plain.retain(|c| !matches!(c, '*' | '`' | '_' | '#' | '>' | '['));
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}
