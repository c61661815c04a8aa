//! How two versions differ, as rules and not as text.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Version;
use super::rules::{self, Rule};

/// What a change means for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Nobody is worse off; the page is enough.
    Editorial,
    /// People are told.
    Notice,
    /// For data gathered before, people must agree first.
    FreshConsent,
}

impl Class {
    /// The word used in folders and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Class::Editorial => "editorial",
            Class::Notice => "notice",
            Class::FreshConsent => "fresh_consent",
        }
    }
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The declaration, as `FAMILY:NAME`; `words` for the text alone.
    pub what: String,
    /// The key; none where the whole declaration came or went.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// What it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
    /// What it means.
    pub class: Class,
    /// Why, in words.
    pub because: String,
    /// The rule of law.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article: Option<String>,
    /// Whose data; empty: everybody's.
    pub populations: Vec<String>,
}

/// All differences of two versions, the gravest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diff {
    /// The gravest class among them.
    pub class: Class,
    /// The differences.
    pub changes: Vec<Change>,
}

/// Compares two versions. Where the old one promises that less restrictive changes need consent, they do.
pub fn diff(old: &Version, new: &Version) -> Diff {
    let names: BTreeSet<&String> = old.facts.keys().chain(new.facts.keys()).collect();
    let mut changes: Vec<Change> = names.into_iter().flat_map(|name| of_declaration(old, new, name)).collect();
    if changes.is_empty() && old.words != new.words {
        changes.push(words());
    }
    changes.sort_by_key(|change| std::cmp::Reverse(change.class));
    Diff { class: changes.first().map_or(Class::Editorial, |c| c.class), changes }
}

fn words() -> Change {
    Change {
        what: "words".to_owned(),
        key: None,
        before: None,
        after: None,
        class: Class::Editorial,
        because: "only the words differ; what they say is the same".to_owned(),
        article: None,
        populations: Vec::new(),
    }
}

fn of_declaration(old: &Version, new: &Version, name: &str) -> Vec<Change> {
    match (old.facts.get(name), new.facts.get(name)) {
        (None, Some(_)) => vec![judged(old, new, name, None, &["added"])],
        (Some(_), None) => vec![judged(old, new, name, None, &["removed"])],
        (Some(before), Some(after)) => {
            let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
            let changed = keys.into_iter().filter(|key| before.get(*key) != after.get(*key));
            changed.map(|key| judged(old, new, name, Some(key), &kinds(before.get(key), after.get(key)))).collect()
        }
        (None, None) => Vec::new(),
    }
}

/// In which ways a value changed.
fn kinds(before: Option<&Value>, after: Option<&Value>) -> Vec<&'static str> {
    let mut kinds = vec!["changed"];
    let texts = |value: Option<&Value>| -> BTreeSet<String> {
        match value {
            Some(Value::Array(all)) => all.iter().map(Value::to_string).collect(),
            Some(Value::Object(all)) => all.iter().map(|(key, value)| format!("{key}={value}")).collect(),
            Some(one) => BTreeSet::from([one.to_string()]),
            None => BTreeSet::new(),
        }
    };
    let is_list = |value: Option<&Value>| value.is_none_or(|v| v.is_array() || v.is_object());
    if is_list(before) && is_list(after) {
        let (before, after) = (texts(before), texts(after));
        kinds.extend((!after.is_subset(&before)).then_some("more"));
        kinds.extend((!before.is_subset(&after)).then_some("fewer"));
    }
    if let (Some(before), Some(after)) = (before.and_then(Value::as_u64), after.and_then(Value::as_u64)) {
        kinds.push(if after < before { "lower" } else { "raised" });
    }
    match (length(before), length(after)) {
        (Some(before), Some(after)) => kinds.push(if after > before { "longer" } else { "shorter" }),
        // No end is longer than any.
        (Some(_), None) if after.is_none() => kinds.push("longer"),
        _ => {}
    }
    kinds
}

/// About how many days a period has; enough to tell longer from shorter.
fn length(value: Option<&Value>) -> Option<i64> {
    let span: jiff::Span = value?.as_str().filter(|text| text.starts_with('P'))?.parse().ok()?;
    let days = i64::from(span.get_years()) * 365 + i64::from(span.get_months()) * 30 + i64::from(span.get_weeks()) * 7;
    Some((days + i64::from(span.get_days())) * 24 + i64::from(span.get_hours()))
}

fn judged(old: &Version, new: &Version, name: &str, key: Option<&str>, kinds: &[&str]) -> Change {
    let family = name.split_once(':').map_or(name, |(family, _)| family);
    let side = if new.facts.contains_key(name) { new } else { old };
    let value = |version: &Version| key.and_then(|k| version.facts.get(name)?.get(k).cloned());
    let fits = |rule: &&Rule| {
        rule.family == family
            && rule.key.as_deref() == key
            && (kinds.contains(&rule.change.as_str()) || moved(rule, &value(old), &value(new)))
            && rule.when.as_ref().is_none_or(|when| says(side, name, &when.key, &when.is))
    };
    let rule = rules::all().iter().find(fits);
    let strict = old.facts.get("setting:change.less_restrictive_needs_consent").and_then(|s| s.get("value"))
        == Some(&Value::Bool(true));
    let (mut class, mut because) = match rule {
        Some(rule) => (rule.class, rule.because.clone()),
        None => (Class::Editorial, "nobody is worse off".to_owned()),
    };
    if strict && class == Class::Notice && rule.is_some_and(|r| r.less_restrictive) {
        class = Class::FreshConsent;
        because.push_str("; the old version promises that such a change waits for consent");
    }
    Change {
        what: name.to_owned(),
        key: key.map(str::to_owned),
        before: value(old),
        after: value(new),
        class,
        because,
        article: rule.and_then(|r| r.article.clone()),
        populations: side.list(name, "populations").into_iter().map(str::to_owned).collect(),
    }
}

/// Did a word move along the order of a rule, in the way that the rule names? A word that is not there is the loosest.
fn moved(rule: &Rule, before: &Option<Value>, after: &Option<Value>) -> bool {
    let rank = |value: &Option<Value>| match value {
        None => Some(rule.order.len()),
        Some(value) => rule.order.iter().position(|word| Some(word.as_str()) == value.as_str()),
    };
    match (rank(before), rank(after), rule.change.as_str()) {
        _ if rule.order.is_empty() => false,
        (Some(before), Some(after), "looser") => after > before,
        (Some(before), Some(after), "stricter") => after < before,
        _ => false,
    }
}

/// Has a declaration a value? `id` is its own name.
fn says(version: &Version, name: &str, key: &str, is: &str) -> bool {
    if key == "id" {
        return name.split_once(':').is_some_and(|(_, id)| id == is);
    }
    let value: Option<&Value> = version.facts.get(name).and_then(|keys: &BTreeMap<String, Value>| keys.get(key));
    match value {
        Some(Value::Bool(flag)) => is == flag.to_string(),
        Some(value) => value.as_str() == Some(is),
        None => false,
    }
}
