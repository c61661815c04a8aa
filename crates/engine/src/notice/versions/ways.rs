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
            // What cannot be compared may be longer.
            (Some(before), Some(after)) => length_order(before, after).or(Some(Ordering::Greater)),
            (None, Some(_)) if before.is_none() => Some(Ordering::Less),
            _ => Some(Ordering::Greater),
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

/// How the second of two periods is to the first. Months differ: it is longer where it ends later from some day. One that ends
/// beyond the calendar is longer than any that does not; of two such, either may be longer. None: one of them is no period.
fn length_order(before: &Value, after: &Value) -> Option<Ordering> {
    let span = |value: &Value| value.as_str().filter(|text| text.starts_with('P'))?.parse::<jiff::Span>().ok();
    let (before, after) = (span(before)?, span(after)?);
    let months = (2023..2025).flat_map(|year| (1..=12).filter_map(move |month| Date::new(year, month, 1).ok()));
    let compare = |day: Date| {
        let end = |span: jiff::Span| day.at(0, 0, 0, 0).checked_add(span).ok();
        match (end(before), end(after)) {
            (Some(before), Some(after)) => after.cmp(&before),
            (Some(_), None) => Ordering::Greater,
            (None, Some(_)) => Ordering::Less,
            (None, None) if before.fieldwise() == after.fieldwise() => Ordering::Equal,
            (None, None) => Ordering::Greater,
        }
    };
    let found: Vec<Ordering> = months.map(compare).collect();
    let any = |order: Ordering| found.contains(&order).then_some(order);
    any(Ordering::Greater).or(any(Ordering::Less)).or(Some(Ordering::Equal))
}

/// Is one period longer than another? None is no time at all.
pub fn is_longer(one: Option<&str>, other: Option<&str>) -> bool {
    let value = |text: Option<&str>| Value::from(text.unwrap_or("PT0S"));
    length_order(&value(other), &value(one)) == Some(Ordering::Greater)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(before: &str, after: &str) -> Option<Ordering> {
        length_order(&Value::from(before), &Value::from(after))
    }

    #[test]
    fn a_period_beyond_the_calendar_is_the_longest() {
        assert_eq!(order("P1Y", "P8000Y"), Some(Ordering::Greater));
        assert_eq!(order("P8000Y", "P1Y"), Some(Ordering::Less));
        assert_eq!(order("P8000Y", "P8000Y"), Some(Ordering::Equal));
        assert_eq!(order("P8000Y", "P9999Y"), Some(Ordering::Greater));
        assert_eq!(order("P1Y", "P7975Y"), Some(Ordering::Greater), "it leaves the calendar from some days only");
    }
}
