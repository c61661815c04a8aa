//! Names for files, kinds and entries, made of names that others chose.

use std::collections::BTreeSet;

/// Names that are taken; file systems may not tell upper from lower case.
#[derive(Debug, Default)]
pub struct Taken(BTreeSet<String>);

impl Taken {
    /// A name of small letters, digits and `separator` that nothing else has; `otherwise` where nothing is left of it.
    pub fn name(&mut self, wanted: &str, separator: char, otherwise: &str) -> String {
        let plain = plain(wanted, separator);
        let plain = if plain.is_empty() { otherwise.to_owned() } else { plain };
        let mut name = plain.clone();
        for n in 2.. {
            if self.0.insert(name.clone()) {
                break;
            }
            name = format!("{plain}{separator}{n}");
        }
        name
    }
}

/// Small letters and digits, and one separator for all that stood between them; 60 characters at most.
pub fn plain(text: &str, separator: char) -> String {
    let spaced: String =
        text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { ' ' }).collect();
    let joined = spaced.split(' ').filter(|w| !w.is_empty()).collect::<Vec<_>>().join(&separator.to_string());
    joined.chars().take(60).collect::<String>().trim_end_matches(separator).to_owned()
}

/// What one row of a table is called.
pub fn singular(name: &str) -> String {
    match name {
        n if n.ends_with("ies") && n.len() > 4 => format!("{}y", &n[..n.len() - 3]),
        n if n.ends_with('s') && !n.ends_with("ss") && !n.ends_with("us") && n.len() > 3 => n[..n.len() - 1].to_owned(),
        n => n.to_owned(),
    }
}
