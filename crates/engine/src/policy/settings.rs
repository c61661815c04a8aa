//! The settings there are: where laws leave a choice, and what notices leave open.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// One setting of `rules/settings.toml`, or one that holds a value for each of several names.
#[derive(Clone, Debug, Default)]
pub struct Setting {
    /// Its name, such as `children.min_age`.
    pub name: String,
    /// What it takes; of a table of names, what each takes.
    pub takes: Kind,
    /// It is a table of free names, such as places, each with a value.
    pub by_name: bool,
    /// The words it takes.
    pub words: Vec<String>,
    /// What it says.
    pub says: String,
    /// What is left open by a folder without it.
    pub topic: Option<String>,
}

/// What a setting takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// `true` or `false`.
    Flag,
    /// A whole number.
    Whole,
    /// An ISO 8601 period.
    Period,
    /// Text.
    #[default]
    Text,
    /// One of its words.
    Word,
    /// Several of its words.
    Words,
    /// Several texts.
    Texts,
    /// A table of names.
    ByName,
}

#[derive(Deserialize)]
struct Line {
    takes: Kind,
    each: Option<Kind>,
    #[serde(default)]
    words: Vec<String>,
    says: String,
    topic: Option<String>,
}

static SETTINGS: LazyLock<BTreeMap<String, Setting>> = LazyLock::new(|| {
    let mut found = BTreeMap::new();
    let root: toml::Table = toml::from_str(TEXT).expect("our own settings can be read");
    for (group, lines) in root {
        collect(&group, lines, &mut found);
    }
    found
});

const TEXT: &str = include_str!("../../../../rules/settings.toml");

/// A table with `takes` is a setting; tables in it are further settings below its name.
fn collect(name: &str, value: toml::Value, found: &mut BTreeMap<String, Setting>) {
    let toml::Value::Table(mut table) = value else { return };
    let below: Vec<String> = table.iter().filter(|(_, v)| v.is_table()).map(|(key, _)| key.clone()).collect();
    for key in below {
        if let Some(value) = table.remove(&key) {
            collect(&format!("{name}.{key}"), value, found);
        }
    }
    if table.is_empty() {
        return;
    }
    let line: Line = toml::Value::Table(table).try_into().expect("our own settings can be read");
    let by_name = line.takes == Kind::ByName;
    let takes = line.each.filter(|_| by_name).unwrap_or(line.takes);
    let setting =
        Setting { name: name.to_owned(), takes, by_name, words: line.words, says: line.says, topic: line.topic };
    found.insert(name.to_owned(), setting);
}

/// All settings, by name.
pub fn all() -> impl Iterator<Item = &'static Setting> {
    SETTINGS.values()
}

/// The setting of a dotted name, or the one that holds a value for each name below its own.
pub fn find(name: &str) -> Option<&'static Setting> {
    let own = SETTINGS.get(name).filter(|setting| !setting.by_name);
    own.or_else(|| {
        let (group, _) = name.rsplit_once('.')?;
        SETTINGS.get(group).filter(|setting| setting.by_name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_settings() {
        assert_eq!(find("children.min_age").map(|s| s.takes), Some(Kind::Whole));
        assert_eq!(find("clock.access").map(|s| s.takes), Some(Kind::Period));
        assert_eq!(find("clock.acknowledge").map(|s| s.name.as_str()), Some("clock.acknowledge"));
        assert!(find("clock").is_none() && find("children.max_age").is_none());
    }
}
