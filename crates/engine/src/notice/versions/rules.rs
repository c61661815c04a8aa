//! What changes mean: `rules/changes`. Of the rules about a key the first that fits decides.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::Deserialize;

use super::Class;

/// One rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The kind of declaration.
    pub family: String,
    /// The keys that changed; none: the whole declaration came or went.
    #[serde(default)]
    pub keys: Vec<String>,
    /// How.
    pub change: Way,
    /// Words of the key from the strictest to the loosest.
    #[serde(default)]
    pub order: Vec<String>,
    /// The value that counts where the key is not there.
    pub without: Option<String>,
    /// What the declaration must say, as it is in the new version (of one that went: in the old).
    pub when: Option<When>,
    /// What came is sensitive data.
    #[serde(default)]
    pub sensitive: bool,
    /// What it means.
    pub class: Class,
    /// The rule of law.
    pub article: Option<String>,
    /// Why, in words.
    pub because: String,
    /// People are worse off; where the old version promises it, this needs fresh consent.
    #[serde(default)]
    pub less_restrictive: bool,
}

/// In which way something changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// The declaration came.
    Added,
    /// The declaration went.
    Removed,
    /// The value is another one.
    Changed,
    /// A list has what it had not.
    More,
    /// A list lacks what it had.
    Fewer,
    /// A number is smaller.
    Lower,
    /// A number is greater.
    Raised,
    /// A period can end later.
    Longer,
    /// A period ends sooner.
    Shorter,
    /// A word is further on in the order.
    Looser,
    /// A word is further up in the order.
    Stricter,
}

/// A value that the declaration has: one of these words, or a list with one of them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// The key; `id` is the name of the declaration.
    pub key: String,
    /// The words; of an `id`, `clock.*` stands for all that begin so.
    pub is: Vec<String>,
}

/// How keys are compared, each as `family.key`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    open: BTreeSet<String>,
    taxonomy: BTreeSet<String>,
    places: BTreeSet<String>,
    ordered: BTreeSet<String>,
    quiet: BTreeSet<String>,
    quiet_whole: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Rules {
    rule: Vec<Rule>,
}

macro_rules! text {
    ($name:literal) => {
        include_str!(concat!("../../../../../rules/changes/", $name, ".toml"))
    };
}

static KEYS: LazyLock<Keys> =
    LazyLock::new(|| toml::from_str(text!("keys")).expect("our own list of keys can be read"));

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let files = [text!("people"), text!("gathering"), text!("use"), text!("words"), text!("settings")];
    let read = |text| toml::from_str::<Rules>(text).expect("our own rules of changes can be read").rule;
    files.into_iter().flat_map(read).collect()
});

/// The rules about a key of a family, or about its declarations as a whole, in their order.
pub fn about(family: &str, key: Option<&str>) -> impl Iterator<Item = &'static Rule> {
    let is_about = move |rule: &&Rule| {
        let fits = key.map_or(rule.keys.is_empty(), |key| rule.keys.iter().any(|own| own == key));
        rule.family == family && fits
    };
    RULES.iter().filter(is_about)
}

/// Does a list, left out or empty, mean all there is?
pub fn is_open(family: &str, key: &str) -> bool {
    KEYS.open.contains(&format!("{family}.{key}"))
}

/// Does a list hold keys of the taxonomy?
pub fn is_taxonomy(family: &str, key: &str) -> bool {
    KEYS.taxonomy.contains(&format!("{family}.{key}"))
}

/// Does a list hold places?
pub fn is_places(family: &str, key: &str) -> bool {
    KEYS.places.contains(&format!("{family}.{key}"))
}

/// Does the order of a list of a setting count?
pub fn is_ordered(setting: &str) -> bool {
    KEYS.ordered.contains(setting)
}

/// Is a change of this key, or that such a declaration comes (`added`) or goes (`removed`), known to change nothing for people?
pub fn is_quiet(family: &str, key: Option<&str>, came: bool) -> bool {
    match key {
        Some(key) => KEYS.quiet.contains(&format!("{family}.{key}")),
        None => KEYS.quiet_whole.contains(&format!("{family}.{}", if came { "added" } else { "removed" })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::keys::{COMPANY, FAMILIES, Shape};

    /// Families whose declarations a folder has by key, with the company.
    fn shapes() -> Vec<(&'static str, &'static Shape)> {
        FAMILIES.iter().map(|f| (f.name, f.shape)).chain([("company", &COMPANY)]).collect()
    }

    #[test]
    fn every_key_is_judged() {
        let mut open = Vec::new();
        for (family, shape) in shapes() {
            for key in shape.keys {
                let ruled = about(family, Some(key.name)).next().is_some();
                if ruled == is_quiet(family, Some(key.name), true) {
                    open.push(format!("{family}.{}", key.name));
                }
            }
        }
        assert!(open.is_empty(), "neither a rule nor quiet, or both: {open:?}");
    }

    #[test]
    fn that_a_declaration_comes_or_goes_is_judged() {
        let mut open = Vec::new();
        for (family, _) in shapes().into_iter().filter(|(family, _)| *family != "company") {
            for (way, came) in [(Way::Added, true), (Way::Removed, false)] {
                let ruled =
                    about(family, None).any(|rule| rule.change == way && rule.when.is_none() && !rule.sensitive);
                if ruled == is_quiet(family, None, came) {
                    open.push(format!("{family} {way:?}"));
                }
            }
        }
        assert!(open.is_empty(), "neither a rule nor quiet, or both: {open:?}");
    }

    #[test]
    fn rules_speak_of_keys_that_there_are() {
        let shape_of = |family: &str| shapes().into_iter().find(|(name, _)| *name == family).map(|(_, shape)| shape);
        for rule in RULES.iter().filter(|rule| rule.family != "setting") {
            let shape = shape_of(&rule.family).unwrap_or_else(|| panic!("there is no family {}", rule.family));
            for key in rule.keys.iter().chain(rule.when.as_ref().map(|when| &when.key)) {
                assert!(shape.key(key).is_some(), "{} has no key {key}", rule.family);
            }
        }
        for name in KEYS.open.iter().chain(&KEYS.taxonomy).chain(&KEYS.places).chain(&KEYS.quiet) {
            let (family, key) = name.split_once('.').expect("as family.key");
            assert!(shape_of(family).is_some_and(|shape| shape.key(key).is_some()), "there is no {name}");
        }
    }

    #[test]
    fn rules_of_settings_speak_of_settings_that_there_are() {
        use crate::policy::settings;
        let names = RULES.iter().filter(|rule| rule.family == "setting").filter_map(|rule| rule.when.as_ref());
        for name in names.flat_map(|when| &when.is).chain(&KEYS.ordered) {
            let known = match name.strip_suffix('*') {
                Some(start) => settings::all().any(|setting| format!("{}.", setting.name).starts_with(start)),
                None => settings::find(name).is_some(),
            };
            assert!(known, "there is no setting {name}");
        }
    }

    #[test]
    fn orders_hold_the_word_that_counts_without_the_key() {
        for rule in RULES.iter().filter(|rule| !rule.order.is_empty()) {
            assert!(matches!(rule.change, Way::Looser | Way::Stricter), "{rule:?}");
            assert!(rule.without.iter().all(|word| rule.order.contains(word)), "{rule:?}");
        }
    }
}
