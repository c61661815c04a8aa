//! What changes mean: `rules/changes.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use super::Class;

/// One rule; see the file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    pub family: String,
    pub key: Option<String>,
    pub change: String,
    #[serde(default)]
    pub order: Vec<String>,
    pub when: Option<When>,
    pub class: Class,
    pub article: Option<String>,
    pub because: String,
    #[serde(default)]
    pub less_restrictive: bool,
}

/// A value that the declaration has.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    pub key: String,
    pub is: String,
}

#[derive(Deserialize)]
struct Rules {
    rule: Vec<Rule>,
}

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let read: Rules = toml::from_str(include_str!("../../../../../rules/changes.toml"))
        .expect("our own rules of changes can be read");
    read.rule
});

/// All rules, in their order.
pub fn all() -> &'static [Rule] {
    &RULES
}
