//! Legal grounds and rights in words and in the Data Privacy Vocabulary (`rules/grounds.toml`).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// The file.
#[derive(Debug, Deserialize)]
pub struct Grounds {
    /// Where the terms stand.
    pub vocabulary: Vocabulary,
    /// Grounds by their word.
    pub ground: BTreeMap<String, Ground>,
    /// Terms of rights by their word.
    pub right: BTreeMap<String, String>,
}

/// The vocabulary of a law.
#[derive(Debug, Deserialize)]
pub struct Vocabulary {
    /// Its prefix.
    pub prefix: String,
    /// What it stands for.
    pub address: String,
}

/// One legal ground.
#[derive(Debug, Deserialize)]
pub struct Ground {
    /// What people are told.
    pub words: String,
    /// Where it stands.
    pub article: String,
    /// Its term.
    pub term: String,
}

static GROUNDS: LazyLock<Grounds> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../../rules/grounds.toml")).expect("our own grounds can be read")
});

/// All of them.
pub fn all() -> &'static Grounds {
    &GROUNDS
}
