//! Versions of a notice: what one said, how two differ as rules, what is owed to people, and which one holds for their data.

mod change;
mod debt;
mod duty;
mod rename;
mod rules;
mod said;
mod ways;
mod whose;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub use change::{Change, Class, Diff, diff};
pub use debt::{Debt, PERSONAL, debts};
pub use duty::{Agreement, Duty, Held, Needed, duties, governing, owed, satisfies, standing};

use super::document::document;
use crate::policy::model::{Policy, Said};
use crate::policy::written::Given;

/// Values of a declaration, by key.
pub type Values = BTreeMap<String, Value>;

/// A version: its words and all that it says, fixed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// Format, now 1; no other can be read.
    #[serde(deserialize_with = "known")]
    pub format: u32,
    /// The company.
    pub company: String,
    /// Title of the notice.
    pub title: String,
    /// Its own name, such as `2026-1`.
    pub version: String,
    /// From when it holds.
    pub effective: Date,
    /// The whole notice in Markdown.
    pub words: String,
    /// What is said: values by declaration (`FAMILY:NAME`) and key.
    pub facts: BTreeMap<String, Values>,
}

impl Version {
    /// The version that a folder holds; an error in words where its notice has no version or day.
    pub fn of(policy: &Policy, said: &Said, today: Date) -> Result<Version, String> {
        let head = said
            .find("notice", "head")
            .ok_or("notice.md has no head: give title, version and effective between two lines `+++`")?;
        let effective = head
            .text("effective")
            .and_then(|d| d.parse().ok())
            .ok_or("the head of notice.md has no day `effective`")?;
        let built = document(policy, said, today);
        let said_of = said.all.iter().filter(|d| d.family.name != "notice");
        let mut facts: BTreeMap<String, Values> = said_of
            .map(|d| (d.name(), d.values.iter().map(|(key, given)| (key.it.clone(), plain(&given.it))).collect()))
            .collect();
        let company = said.company.iter().map(|(key, value)| ((*key).to_owned(), json!(value)));
        facts.insert("company:self".to_owned(), company.collect());
        Ok(Version {
            format: 1,
            company: policy.company.clone(),
            title: built.title.clone(),
            version: head.text("version").unwrap_or_default().to_owned(),
            effective,
            words: built.markdown(),
            facts,
        })
    }

    /// SHA-256 over the version, in hexadecimal.
    pub fn digest(&self) -> String {
        let text = serde_json::to_vec(self).expect("a version is plain data");
        hex::encode(Sha256::digest(text))
    }

    /// A value, as text.
    fn text(&self, name: &str, key: &str) -> Option<&str> {
        self.facts.get(name)?.get(key)?.as_str()
    }

    /// The texts of a value.
    fn list(&self, name: &str, key: &str) -> Vec<&str> {
        let value = self.facts.get(name).and_then(|keys| keys.get(key));
        let list = value.and_then(Value::as_array).map(|all| all.iter().filter_map(Value::as_str).collect());
        list.or_else(|| value.and_then(Value::as_str).map(|one| vec![one])).unwrap_or_default()
    }

    /// Does it promise that changes which allow more wait for consent?
    fn waits_for_consent(&self) -> bool {
        let setting = self.facts.get("setting:change.less_restrictive_needs_consent");
        setting.and_then(|keys| keys.get("value")) == Some(&Value::Bool(true))
    }

    /// May a version follow another one? It must have a name of its own, and must hold neither before that one does, nor before
    /// it is published, nor sooner than was promised for changes like its own. The first one may: it was published elsewhere.
    pub fn follows(&self, last: Option<&Version>, published: Date) -> Result<(), String> {
        let Some(last) = last else { return Ok(()) };
        if self.effective < published {
            return Err(format!(
                "it holds from {}, and is published on {published}: nobody could have read it",
                self.effective
            ));
        }
        if last.version == self.version {
            return Err(format!("version {} was published before; give this one another `version`", self.version));
        }
        if self.effective < last.effective {
            return Err(format!("it holds from {}, before the last one ({})", self.effective, last.effective));
        }
        duties(self, &diff(last, self)).iter().try_for_each(|duty| self.waits(duty, published))
    }

    /// Does it leave people the time that a duty gives them?
    fn waits(&self, duty: &Duty, published: Date) -> Result<(), String> {
        let Some(before) = duty.before.as_deref() else { return Ok(()) };
        let earliest = before.parse().ok().and_then(|period: jiff::Span| published.checked_add(period).ok());
        let changes = duty.class.word().replace('_', " ");
        match earliest {
            Some(earliest) if self.effective >= earliest => Ok(()),
            Some(earliest) => Err(format!(
                "it holds from {}, and people are promised {before} before a change of class {changes}: published on {published}, \
                 it can hold from {earliest}; set `effective` in the head of notice.md to that day or a later one",
                self.effective
            )),
            None => {
                Err(format!("people are promised {before} before a change of class {changes}, and no day is that far"))
            }
        }
    }
}

fn known<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    match u32::deserialize(from)? {
        1 => Ok(1),
        other => Err(serde::de::Error::custom(format!("it has format {other}, and this program knows format 1"))),
    }
}

fn plain(given: &Given) -> Value {
    match given {
        Given::Text(text) => json!(text),
        Given::Flag(flag) => json!(flag),
        Given::Whole(n) => json!(n),
        Given::List(list) => Value::Array(list.iter().map(|each| plain(each)).collect()),
        Given::Table(entries) => entries.iter().map(|(name, each)| (name.it.clone(), plain(each))).collect(),
    }
}
