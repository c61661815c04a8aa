//! Names of systems, tables, columns and links, for people.

use super::Words;

impl Words {
    /// A name of a database for people: `from_address` becomes `From address`, or what the language calls it. Names of
    /// another make stay as they are.
    pub fn label(&self, name: &str) -> String {
        match self.names.get(name) {
            Some(known) => known.clone(),
            None if is_plain(name) => capital(&plain(name)),
            None => name.to_owned(),
        }
    }

    /// Several names in a sentence.
    pub fn labels<'a>(&self, names: impl IntoIterator<Item = &'a String>) -> String {
        self.list(&names.into_iter().map(|n| self.label(n)).collect::<Vec<_>>())
    }

    /// The word of a small vocabulary for a term of the policy, or the term itself.
    pub fn term(&self, vocabulary: &std::collections::BTreeMap<String, String>, term: &str) -> String {
        vocabulary.get(term).cloned().unwrap_or_else(|| plain(term))
    }
}

/// A name within a sentence: `from address`.
pub fn plain(name: &str) -> String {
    if !is_plain(name) {
        return name.to_owned();
    }
    let short = ["id", "ip", "url", "vat", "pdf", "vip", "cc", "iban", "dob", "sms", "utc"];
    let word = |w: &str| if short.contains(&w) { w.to_uppercase() } else { w.to_owned() };
    let words: Vec<String> = name.split(['_', '-']).filter(|w| !w.is_empty()).map(word).collect();
    words.join(" ")
}

/// Lower-case words, joined as databases join them.
fn is_plain(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-')
}

/// With a capital letter.
fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}
