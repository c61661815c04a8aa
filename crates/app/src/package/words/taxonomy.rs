//! What categories of data are called.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::Words;

type Taxonomy = BTreeMap<String, BTreeMap<String, String>>;

/// Category keys and their words for authors of maps and programs.
static TAXONOMY: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let built_in = include_str!("../../../../../rules/taxonomy/fides.toml");
    toml::from_str::<Taxonomy>(built_in).ok().and_then(|mut t| t.remove("categories")).unwrap_or_default()
});

/// What a category is, for programs: its own words, or those of the nearest one above it. `None` for what is about nobody.
pub fn meaning(key: &str) -> Option<String> {
    let words = nearest(key, |k| TAXONOMY.get(k))?;
    // Some words end with a remark for authors of maps, in brackets.
    Some(words.split(" (older name of ").next().unwrap_or(words).to_owned())
}

impl Words {
    /// What a category is, for the person; `own` are the words of the policy folder, which go before. `None` for what is
    /// about nobody.
    pub fn category<'a>(&'a self, key: &str, own: &'a BTreeMap<String, String>) -> Option<&'a str> {
        nearest(key, |k| own.get(k).or_else(|| self.labels.get(k))).map(String::as_str)
    }
}

fn nearest<'a>(key: &str, words: impl Fn(&str) -> Option<&'a String>) -> Option<&'a String> {
    if key.split('.').next() != Some("user") {
        return None;
    }
    std::iter::successors(Some(key), |k| k.rsplit_once('.').map(|(above, _)| above)).find_map(words)
}
