//! What the name of a column says, by the phrases of `rules/discovery/names.toml`.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::discover::lexicon::Lexicon;
use crate::schema::Class;

const NAMES: &str = include_str!("../../../../../rules/discovery/names.toml");

/// One entry of the rules: these words speak of that category.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sign {
    /// Key of the taxonomy.
    pub category: String,
    /// How far the name alone is believed.
    pub sure: f32,
    /// Where it is a person's.
    #[serde(default, rename = "where")]
    pub place: Place,
    /// Kinds of types that can hold it; empty is all but truth values.
    #[serde(default)]
    types: Vec<Type>,
    /// People write it in their own words.
    #[serde(default)]
    pub text: bool,
    /// It lets somebody in.
    #[serde(default)]
    pub secret: bool,
    /// What it is instead in rows that a person wrote for others.
    pub written: Option<String>,
    phrases: Vec<String>,
}

/// Where a sign is a person's data.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Wherever it stands.
    #[default]
    Any,
    /// In a record of a person.
    Person,
    /// In a postal address.
    Address,
    /// In letters, calls and the like.
    Message,
    /// In rows that belong to a person.
    Bound,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Type {
    Text,
    Number,
    Date,
    Bool,
}

impl Sign {
    /// Can a column of that class hold it?
    pub fn fits(&self, class: Class) -> bool {
        let kind = match class {
            Class::Text | Class::Uuid => Type::Text,
            Class::Int | Class::Real | Class::Decimal => Type::Number,
            Class::Date | Class::Time | Class::Timestamp => Type::Date,
            Class::Bool => return self.types.contains(&Type::Bool),
            Class::Bytes | Class::Json | Class::Other => return true,
        };
        self.types.is_empty() || self.types.contains(&kind)
    }
}

/// What a name says.
pub enum Said<'a> {
    /// A sign, and the words before it.
    Sign(&'static Sign, &'a [String]),
    /// Something about the thing named: that it was verified, how often, since when.
    Turned,
    /// Nothing known.
    Nothing,
}

/// The signs with their phrases.
pub struct Names {
    signs: Vec<Sign>,
    phrases: HashMap<Vec<String>, usize>,
}

impl Names {
    /// The built-in ones.
    pub fn get() -> &'static Self {
        static NAMES_READ: OnceLock<Names> = OnceLock::new();
        NAMES_READ.get_or_init(|| {
            #[derive(Deserialize)]
            struct File {
                sign: Vec<Sign>,
            }
            let signs = toml::from_str::<File>(NAMES).expect("the built-in names are well formed").sign;
            let lexicon = Lexicon::get();
            let each = |(at, sign): (usize, &Sign)| -> Vec<_> {
                sign.phrases.iter().map(|p| (lexicon.words(p), at)).collect()
            };
            let phrases = signs.iter().enumerate().flat_map(each).collect();
            Self { signs, phrases }
        })
    }

    /// Reads the words of a name. The longest phrase at the end wins; behind it, numbers and words that change nothing are
    /// passed over.
    pub fn read<'a>(&'static self, words: &'a [String], class: Class) -> Said<'a> {
        let lexicon = Lexicon::get();
        let kept = |w: &&String| lexicon.kept.contains(*w) || w.chars().all(|c| c.is_ascii_digit());
        let least = words.len() - words.iter().rev().take_while(kept).count();
        for end in (least.max(1)..=words.len()).rev() {
            if let Some(sign) = self.phrase(&words[..end], class) {
                return Said::Sign(sign, &[]);
            }
        }
        if words.len() > 1 && lexicon.asks.contains(&words[0]) {
            return Said::Turned;
        }
        for end in (least.max(1)..=words.len()).rev() {
            for start in 1..end {
                if let Some(sign) = self.phrase(&words[start..end], class) {
                    return Said::Sign(sign, &words[..start]);
                }
            }
        }
        let turned = least.checked_sub(1).is_some_and(|last| lexicon.turned.contains(&words[last]));
        if turned { Said::Turned } else { Said::Nothing }
    }

    fn phrase(&self, words: &[String], class: Class) -> Option<&Sign> {
        self.phrases.get(words).map(|at| &self.signs[*at]).filter(|sign| sign.fits(class))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn read(name: &str, class: Class) -> Option<&'static str> {
        match Names::get().read(&Lexicon::get().words(name), class) {
            Said::Sign(sign, _) => Some(sign.category.as_str()),
            _ => None,
        }
    }

    #[test]
    fn names_in_several_languages() {
        for (name, category) in [
            ("email", "user.contact.email"),
            ("E-Mail-Adresse", "user.contact.email"),
            ("epost", "user.contact.email"),
            ("correo_electronico", "user.contact.email"),
            ("home_phone_2", "user.contact.phone_number"),
            ("Handynummer", "user.contact.phone_number"),
            ("vorname", "user.name.first"),
            ("etternavn", "user.name.last"),
            ("fødselsdato", "user.demographic.date_of_birth"),
            ("date_de_naissance", "user.demographic.date_of_birth"),
            ("postleitzahl", "user.contact.address.postal_code"),
            ("código_postal", "user.contact.address.postal_code"),
            ("lastSignInIp", "user.device.ip_address"),
            ("password_digest", "user.authorization.password"),
        ] {
            assert_eq!(read(name, Class::Text), Some(category), "{name}");
        }
    }

    #[test]
    fn the_last_word_can_turn_a_name_into_something_else() {
        for name in ["email_verified", "email_template", "phone_type", "has_phone", "email_count", "ip_limit_enabled"] {
            assert_eq!(read(name, Class::Text), None, "{name}");
        }
        assert_eq!(read("email", Class::Bool), None, "a truth value holds no address");
    }

    #[test]
    fn each_phrase_has_one_meaning_for_each_type() {
        let mut seen = BTreeMap::new();
        for (at, sign) in Names::get().signs.iter().enumerate() {
            for phrase in &sign.phrases {
                let before = seen.insert(Lexicon::get().words(phrase), at);
                assert!(before.is_none_or(|b| b == at), "`{phrase}` stands in two signs");
            }
        }
    }

    #[test]
    fn categories_are_of_the_taxonomy() {
        let file: toml::Table = include_str!("../../../../../rules/taxonomy/fides.toml").parse().unwrap();
        for sign in &Names::get().signs {
            assert!(file["categories"].get(&sign.category).is_some(), "{}", sign.category);
        }
    }
}
