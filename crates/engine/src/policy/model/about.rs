//! What the folder says to people beside the data map: who we are, why data is held, who receives it, how long it stays.

use std::collections::BTreeMap;

use crate::policy::category::covers;

/// Who we are and what an answer tells of us. Everything but the purposes may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// ISO 3166-1 country of the company, two letters.
    pub country: Option<String>,
    /// How persons reach the company.
    pub contact: Option<String>,
    /// The data protection officer.
    pub officer: Option<String>,
    /// Language of answers where nobody asks for another: ISO 639, two letters.
    pub language: Option<String>,
    /// What persons of a kind are called, by kind.
    pub kinds: BTreeMap<String, String>,
    /// The folder's own categories and what they mean.
    pub categories: BTreeMap<String, String>,
    /// Why data is held, in the order of the file.
    pub purposes: Vec<Purpose>,
}

/// Why data of some categories is held, with what belongs to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Purpose {
    /// Words for people.
    pub title: String,
    /// Legal basis, such as `contract`.
    pub basis: Option<String>,
    /// Categories of data; each covers those below it.
    pub categories: Vec<String>,
    /// Who receives the data.
    pub recipients: Vec<Recipient>,
    /// How long it stays.
    pub retention: Option<Retention>,
}

impl Purpose {
    /// Is data of this category held for this purpose?
    pub fn covers(&self, category: &str) -> bool {
        self.categories.iter().any(|own| covers(own, category))
    }
}

/// Somebody who receives personal data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recipient {
    /// Name.
    pub name: String,
    /// Role, such as `processor`.
    pub role: Option<String>,
    /// ISO 3166-1 country, two letters.
    pub country: Option<String>,
    /// What protects a transfer, such as `standard_contractual_clauses`.
    pub mechanism: Option<String>,
}

/// How long data stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Retention {
    /// ISO 8601 period.
    pub period: Option<String>,
    /// Event or column from which it counts.
    pub from: Option<String>,
    /// What happens at its end, such as `delete`.
    pub action: Option<String>,
    /// Words for the law it rests on.
    pub law: Option<String>,
}
