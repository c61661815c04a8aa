//! In which way a value changed: a list got longer, a period can end later, a word is less strict.

use std::cmp::Ordering;

use jiff::civil::Date;
use serde_json::Value;

use super::rules::{self, Rule, Way};
use crate::policy::category::covers;
use crate::policy::place::within;

/// A key of a declaration, and what it was and is.
#[derive(Clone, Copy, Debug)]
pub struct Shift<'a> {
    /// Family of the declaration.
    pub family: &'a str,
    /// Its name.
    pub id: &'a str,
    /// The key.
    pub key: &'a str,
    /// What it was.
    pub before: Option<&'a Value>,
    /// What it is.
    pub after: Option<&'a Value>,
}

impl Shift<'_> {
    /// Is it a change at all? The order of a list is none, save where it counts, and `P12M` is `P1Y`.
    pub fn is_real(&self) -> bool {
        let alike = || {
            let (Some(before), Some(after)) = (self.before, self.after) else { return false };
            let apart = self.family == "setting" && rules::is_ordered(self.id);
            let lists = before.is_array() || after.is_array();
            let same_length = || length_order(before, after) == Some(Ordering::Equal);
            same_length() || (lists && !apart && self.came().is_empty() && self.went().is_empty())
        };
        self.before != self.after && !alike()
    }

    /// Did it change in the way that a rule names?
    pub fn is(&self, rule: &Rule) -> bool {
        match rule.change {
            Way::Added | Way::Removed => false,
            Way::Changed => true,
            Way::More => self.grew(),
            Way::Fewer => self.shrank(),
            Way::Lower => self.number(rule) == Some(Ordering::Less),
            Way::Raised => self.number(rule) == Some(Ordering::Greater),
            Way::Longer => self.period(rule) == Some(Ordering::Greater),
            Way::Shorter => self.period(rule) == Some(Ordering::Less),
            Way::Looser => self.word(rule) == Some(Ordering::Greater),
            Way::Stricter => self.word(rule) == Some(Ordering::Less),
        }
    }

    /// What a list has that it had not.
    pub fn came(&self) -> Vec<String> {
        self.lacking(&entries(self.after), &entries(self.before))
    }

    /// What a list lacks that it had.
    pub fn went(&self) -> Vec<String> {
        self.lacking(&entries(self.before), &entries(self.after))
    }

    fn grew(&self) -> bool {
        match (self.all(self.before), self.all(self.after)) {
            (true, _) => false,
            (false, true) => true,
            _ => !self.came().is_empty(),
        }
    }

    fn shrank(&self) -> bool {
        match (self.all(self.before), self.all(self.after)) {
            (_, true) => false,
            (true, false) => true,
            _ => !self.went().is_empty(),
        }
    }

    /// Does the list mean all there is?
    fn all(&self, value: Option<&Value>) -> bool {
        rules::is_open(self.family, self.key) && entries(value).is_empty()
    }

    /// Those entries that the others do not have or cover.
    fn lacking(&self, entries: &[String], others: &[String]) -> Vec<String> {
        let has = |entry: &String| {
            let wider = |other: &String| {
                (rules::is_taxonomy(self.family, self.key) && covers(other, entry))
                    || (rules::is_places(self.family, self.key) && within(entry, other))
            };
            others.contains(entry) || others.iter().any(wider)
        };
        entries.iter().filter(|entry| !has(entry)).cloned().collect()
    }

    fn number(&self, rule: &Rule) -> Option<Ordering> {
        // No number is no limit, unless the rule says what counts then.
        let of = |value: Option<&Value>| match value {
            Some(value) => value.as_u64(),
            None => rule.without.as_ref().map_or(Some(u64::MAX), |without| without.parse().ok()),
        };
        Some(of(self.after)?.cmp(&of(self.before)?))
    }

    /// No period is longer than any, unless the rule says what counts then.
    fn period(&self, rule: &Rule) -> Option<Ordering> {
        let without = rule.without.clone().map(Value::String);
        let is_period = |value: &&Value| value.as_str().is_some_and(|text| text.starts_with('P'));
        let value = |value: Option<&Value>| value.cloned().or(without.clone());
        let (before, after) = (value(self.before), value(self.after));
        match (before.as_ref().filter(is_period), after.as_ref().filter(is_period)) {
            (Some(before), Some(after)) => length_order(before, after),
            (Some(_), None) if after.is_none() => Some(Ordering::Greater),
            (None, Some(_)) if before.is_none() => Some(Ordering::Less),
            _ => None,
        }
    }

    /// A word that is not there is the loosest, unless the rule says what counts then.
    fn word(&self, rule: &Rule) -> Option<Ordering> {
        let rank = |value: Option<&Value>| match value.map(plain).or(rule.without.clone()) {
            Some(word) => rule.order.iter().position(|own| *own == word),
            None => Some(rule.order.len()),
        };
        Some(rank(self.after)?.cmp(&rank(self.before)?))
    }
}

/// The entries of a list or table, or one value.
pub fn entries(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(all)) => all.iter().map(plain).collect(),
        Some(Value::Object(all)) => all.iter().map(|(key, value)| format!("{key} = {}", plain(value))).collect(),
        Some(one) => vec![plain(one)],
        None => Vec::new(),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// How the second of two periods is to the first. Months differ: it is longer where it ends later from some day. None: one of
/// them is no period.
fn length_order(before: &Value, after: &Value) -> Option<Ordering> {
    let span = |value: &Value| value.as_str().filter(|text| text.starts_with('P'))?.parse::<jiff::Span>().ok();
    let (before, after) = (span(before)?, span(after)?);
    let months = (2023..2025).flat_map(|year| (1..=12).filter_map(move |month| Date::new(year, month, 1).ok()));
    let compare = |day: Date| {
        let begin = day.at(0, 0, 0, 0);
        Some(begin.checked_add(after).ok()?.cmp(&begin.checked_add(before).ok()?))
    };
    let found: Vec<Ordering> = months.map(compare).collect::<Option<_>>()?;
    let any = |order: Ordering| found.contains(&order).then_some(order);
    any(Ordering::Greater).or(any(Ordering::Less)).or(Some(Ordering::Equal))
}

/// Is one period longer than another? None is no time at all.
pub fn is_longer(one: Option<&str>, other: Option<&str>) -> bool {
    let value = |text: Option<&str>| Value::from(text.unwrap_or("PT0S"));
    length_order(&value(other), &value(one)) == Some(Ordering::Greater)
}
