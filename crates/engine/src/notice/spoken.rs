//! Words of the folder as people read them: kinds of recipients, what must be there beforehand, rights, channels.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::words::plain;

/// Words by what they are words for, such as `recipient`, and the folder's own.
static WORDS: LazyLock<BTreeMap<String, BTreeMap<String, String>>> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../../rules/vocabulary.toml")).expect("our own words can be read")
});

/// Categories of the taxonomy in words for the person whose data it is.
static LABELS: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../../rules/taxonomy/labels.en.toml")).expect("our own labels can be read")
});

/// A word of the folder as people read it; as it stands, without underscores, where we have none for it.
pub fn spoken(of: &str, word: &str) -> String {
    let known = WORDS.get(of).and_then(|words| words.get(&word.replace('-', "_")));
    known.cloned().unwrap_or_else(|| plain(&word.replace('-', " ")))
}

/// A key of the taxonomy as people read it; its last part where it has no label.
pub fn category(key: &str) -> String {
    let known = LABELS.get(key).map(|label| lowered(label));
    known.unwrap_or_else(|| plain(key.rsplit('.').next().unwrap_or(key)))
}

/// As it stands within a sentence: the first letter small, unless the word is a name or an abbreviation.
pub fn lowered(text: &str) -> String {
    let mut letters = text.chars();
    let (Some(first), second) = (letters.next(), letters.clone().next()) else { return String::new() };
    let abbreviated = second.is_some_and(|c| c.is_uppercase() || c.is_ascii_digit());
    if abbreviated { text.to_owned() } else { first.to_lowercase().chain(letters).collect() }
}

/// As it begins a cell: the first letter capital, unless it is an address or the name of a cookie.
pub fn begun(text: &str) -> String {
    let is_code = text.split(' ').next().is_some_and(|word| word.contains(['_', '@', ':', '/', '.']));
    let mut letters = text.chars();
    match letters.next() {
        Some(first) if !is_code => first.to_uppercase().chain(letters).collect(),
        _ => text.to_owned(),
    }
}

/// Several in one sentence: `a, b and c`; with semicolons where commas or `and` stand in them already.
pub fn listed(parts: &[String]) -> String {
    let nested = parts.len() > 1 && parts.iter().any(|part| part.contains(", ") || part.contains(" and "));
    if nested { parts.join("; ") } else { super::words::joined(parts) }
}

/// Titles in one sentence: only the first begins with a capital letter.
pub fn titles<'a>(titles: impl IntoIterator<Item = &'a str>) -> String {
    begun(&listed(&titles.into_iter().map(lowered).collect::<Vec<_>>()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::keys::{Family, Takes};

    #[test]
    fn every_word_that_can_be_written_has_words_for_people() {
        let of = |family: &str, key: &str, words: &str, left_out: &[&str]| {
            let shape = Family::named(family).expect("a family").shape;
            let key = shape.keys.iter().find(|own| own.name == key).expect("a key");
            let takes = match key.takes {
                Takes::List(each) => each,
                other => other,
            };
            let Takes::OneWord(all) = takes else { panic!("{family} takes one of several words") };
            for word in all.iter().filter(|word| !left_out.contains(word)) {
                assert!(WORDS[words].contains_key(*word), "rules/vocabulary.toml says nothing for {words}.{word}");
            }
        };
        of("recipient", "kind", "recipient", &[]);
        of("recipient", "needs", "needs", &["contract"]);
        of("tracker", "kind", "tracker", &[]);
        of("contact", "kind", "channel", &[]);
        of("contact", "serves", "serves", &[]);
        of("message", "channels", "channel", &[]);
    }

    #[test]
    fn lists_read_as_sentences() {
        assert_eq!(titles(["The person", "A customer", "IP address"]), "The person, a customer and IP address");
        assert_eq!(titles(["Name and address", "Usage, counted"]), "Name and address; usage, counted");
        assert_eq!(begun("cd_session"), "cd_session");
        assert_eq!(begun("runs the servers"), "Runs the servers");
        assert_eq!(spoken("right", "opt-out-of-sale"), "that your data is not sold or shared");
        assert_eq!(spoken("right", "guild-right"), "guild right");
        assert_eq!(category("user.contact.address"), "your postal address");
    }
}
