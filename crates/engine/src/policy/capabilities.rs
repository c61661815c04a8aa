//! What policies ask of a program, by code; promises name what they need.

use std::collections::BTreeMap;
use std::sync::LazyLock;

static CAPABILITIES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../../rules/capabilities.toml")).expect("our own capabilities can be read")
});

/// Their codes and names.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    CAPABILITIES.iter().map(|(code, name)| (code.as_str(), name.as_str()))
}

/// The name of a code such as `POL-01`.
pub fn name(code: &str) -> Option<&'static str> {
    CAPABILITIES.get(code).map(String::as_str)
}
