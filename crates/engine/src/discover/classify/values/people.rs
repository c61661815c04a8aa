//! Names of people, by a dictionary of frequent ones. Only shares of a column mean anything.

use std::collections::HashSet;
use std::sync::OnceLock;

use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

const PEOPLE: &str = include_str!("../../../../../../rules/discovery/people.toml");

struct People {
    given: HashSet<&'static str>,
    family: HashSet<&'static str>,
}

fn people() -> &'static People {
    static READ: OnceLock<People> = OnceLock::new();
    READ.get_or_init(|| {
        #[derive(Deserialize)]
        struct File {
            given: String,
            family: String,
        }
        let file: File = toml::from_str(PEOPLE).expect("the built-in names of people are well formed");
        let set = |list: String| list.leak().split_whitespace().collect();
        People { given: set(file.given), family: set(file.family) }
    })
}

/// A frequent given name, alone or with a second one.
pub fn given(text: &str) -> bool {
    words(text).is_some_and(|w| w.len() <= 2 && people().given.contains(w[0].as_str()))
}

/// A frequent family name, alone or joined to a second one.
pub fn family(text: &str) -> bool {
    words(text).is_some_and(|w| w.len() <= 2 && w.iter().any(|w| people().family.contains(w.as_str())))
}

/// A given name and a family name, of which one is frequent.
pub fn full(text: &str) -> bool {
    words(text).is_some_and(|w| {
        let known = |w: &String| people().given.contains(w.as_str()) || people().family.contains(w.as_str());
        (2..=4).contains(&w.len()) && (known(&w[0]) || w.last().is_some_and(known))
    })
}

/// The words of what may be a name: letters only, each with a capital.
fn words(text: &str) -> Option<Vec<String>> {
    if text.len() > 80 {
        return None;
    }
    let parts: Vec<&str> = text.split([' ', '-', ',']).filter(|p| !p.is_empty()).collect();
    let letters = |c: char| c.is_alphabetic() || matches!(c, '\'' | '’' | '.') || is_combining_mark(c);
    let name =
        |p: &&str| p.chars().all(letters) && p.chars().next().is_some_and(|c| c.is_uppercase() || !c.is_lowercase());
    (!parts.is_empty() && parts.iter().all(name)).then(|| parts.iter().map(|p| plain(p)).collect())
}

fn plain(word: &str) -> String {
    let fold = |c: char| match c {
        'ø' => "o".to_owned(),
        'æ' => "ae".to_owned(),
        'ß' => "ss".to_owned(),
        c => c.to_string(),
    };
    let bare = word.to_lowercase();
    bare.nfd().filter(|c| c.is_alphabetic() && !is_combining_mark(*c)).map(fold).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_what_only_looks_like_them() {
        assert!(given("Zoë") && given("Anna Lena") && given("José"));
        assert!(!given("zoe") && !given("Warehouse") && !given("Anna at 5"));
        assert!(family("O'Connor") && family("Müller-Quast") == family("Muller-Quast"));
        assert!(full("Kari Nordmann") && full("Xavi Garcia Lopez"));
        assert!(!full("New ticket for you") && !full("Printing Press") && !full("Anna"));
    }
}
