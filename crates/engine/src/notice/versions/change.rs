//! How two versions differ, as rules and not as text.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::duty::Promised;
use super::rename;
use super::rules::{self, Rule, Way, When};
use super::ways::{Shift, entries};
use super::{Values, Version, whose};

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
    /// The key; none where the whole declaration came, went or got another name. Its names are then `before` and `after`.
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
    /// What the old version promises about changes.
    #[serde(skip)]
    pub(super) promised: Promised,
}

impl Diff {
    fn of(mut changes: Vec<Change>, promised: Promised) -> Self {
        changes.sort_by_key(|change| std::cmp::Reverse(change.class));
        Diff { class: changes.first().map_or(Class::Editorial, |c| c.class), changes, promised }
    }

    /// The differences that concern people of a population; of people of whom nothing is known, all.
    pub fn concerning(&self, population: Option<&str>) -> Diff {
        let is_theirs = |change: &&Change| {
            let whose = &change.populations;
            whose.is_empty() || population.is_none_or(|own| whose.iter().any(|each| each == own))
        };
        Diff::of(self.changes.iter().filter(is_theirs).cloned().collect(), self.promised.clone())
    }
}

/// Compares two versions. Where the old one promises that less restrictive changes need consent, they do. A declaration that
/// only got another name is told as that, and not as one that went and one that came.
pub fn diff(old: &Version, new: &Version) -> Diff {
    let (named, mut changes) = rename::settled(old, new);
    let old = &named;
    let names: BTreeSet<&String> = old.facts.keys().chain(new.facts.keys()).collect();
    changes.extend(names.into_iter().flat_map(|name| of_declaration(old, new, name)));
    if changes.is_empty() && old.words != new.words {
        changes.push(words());
    }
    Diff::of(changes, Promised::by(old))
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
    let (family, id) = name.split_once(':').unwrap_or((name, ""));
    let nothing = Values::new();
    let (before, after) = match (old.facts.get(name), new.facts.get(name)) {
        (Some(before), Some(after)) => (before, after),
        // A setting that is not there is one without a value.
        (before, after) if family == "setting" => (before.unwrap_or(&nothing), after.unwrap_or(&nothing)),
        (before, _) => return vec![whole(old, new, name, before.is_none())],
    };
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let shifts = keys.into_iter().map(|key| Shift { family, id, key, before: before.get(key), after: after.get(key) });
    shifts.filter(Shift::is_real).map(|shift| of_key(old, new, name, &shift)).collect()
}

/// A declaration came or went.
fn whole(old: &Version, new: &Version, name: &str, came: bool) -> Change {
    let (side, way) = if came { (new, Way::Added) } else { (old, Way::Removed) };
    let family = name.split_once(':').map_or(name, |(family, _)| family);
    let data = entries(side.facts.get(name).and_then(|keys| keys.get("categories")));
    let fits = |rule: &&Rule| rule.change == way && applies(rule, side, name, &data);
    let rule = rules::about(family, None).find(fits);
    let known = rule.is_some() || rules::is_quiet(family, None, came);
    let judged = judged(old, rule, known);
    Change { what: name.to_owned(), populations: listed(whose::whose(side, name)), ..judged }
}

/// A key has another value.
fn of_key(old: &Version, new: &Version, name: &str, shift: &Shift<'_>) -> Change {
    let side = if new.facts.contains_key(name) { new } else { old };
    let came = shift.came();
    let rules = || rules::about(shift.family, Some(shift.key));
    let rule = rules().find(|rule| shift.is(rule) && applies(rule, side, name, &came));
    let known = rules().next().is_some() || rules::is_quiet(shift.family, Some(shift.key), true);
    let judged = judged(old, rule, known);
    Change {
        what: name.to_owned(),
        key: Some(shift.key.to_owned()),
        before: shift.before.cloned(),
        after: shift.after.cloned(),
        populations: listed(whose::of_shift(old, new, name, shift)),
        ..judged
    }
}

/// What a rule says, or where none fits: nothing, if the key is `known`. What nobody has thought of, people are told.
fn judged(old: &Version, rule: Option<&Rule>, known: bool) -> Change {
    let (mut class, mut because) = match rule {
        Some(rule) => (rule.class, rule.because.clone()),
        None if known => (Class::Editorial, "nobody is worse off".to_owned()),
        None => (Class::Notice, "something that people were told is different".to_owned()),
    };
    if class == Class::Notice && rule.is_some_and(|r| r.less_restrictive) && old.waits_for_consent() {
        class = Class::FreshConsent;
        because.push_str("; the old version promises that such a change waits for consent");
    }
    let article = rule.and_then(|r| r.article.clone());
    Change { class, because, article, ..words() }
}

fn listed(whose: whose::Whose) -> Vec<String> {
    whose.into_iter().flatten().collect()
}

/// Is a rule about a declaration that says this, and about such data?
fn applies(rule: &Rule, side: &Version, name: &str, data: &[String]) -> bool {
    let says = |when: &When| {
        let own = match when.key.as_str() {
            "id" => name.split_once(':').map(|(_, id)| id.to_owned()).into_iter().collect(),
            key => entries(side.facts.get(name).and_then(|keys| keys.get(key))),
        };
        let fits = |own: &String| {
            when.is.iter().any(|is| is == own || is.strip_suffix('*').is_some_and(|start| own.starts_with(start)))
        };
        own.iter().any(fits)
    };
    rule.when.as_ref().is_none_or(says) && (!rule.sensitive || whose::is_sensitive(side, data))
}
