//! Conditions, choices and actions.

use toml::de::DeValue;

use super::form;
use super::read::Word;
use super::reader::{Item, Keys, Read};
use super::words::Action;
use crate::diagnostic::codes;
use crate::policy::keys::{self, Shape};
use crate::policy::model::Fate;
use crate::policy::written::{Choice, Condition, Erase, Keep, Literal, Name, OnErase, Test, Until};
use crate::source::At;
use crate::value::Value;

impl Read for Condition {
    fn read(item: Item<'_>) -> Option<Self> {
        let columns = item.names()?;
        let parts = columns.into_iter().filter_map(|(column, test)| Some((column, Read::read(test)?)));
        Some(Condition { parts: parts.collect() })
    }
}

impl Read for Test {
    fn read(item: Item<'_>) -> Option<Self> {
        if item.value.is_table() {
            return item.table(&keys::TEST, test).flatten();
        }
        Some(Test::Is(literals(item)))
    }
}

/// The one test that a table names.
fn test(k: &mut Keys<'_>) -> Option<Test> {
    let looks_up = k.has("in") || k.has("not_in");
    if let Some(filter) = k.item("where").filter(|_| !looks_up) {
        filter.clashes::<()>("`where` says which rows `in` and `not_in` look at");
    }
    let given: Vec<_> = keys::TEST.one_of.iter().copied().filter(|test| k.has(test)).collect();
    match given.as_slice() {
        [] if !k.is_empty() && !k.has("where") => None,
        [] => {
            k.missing("in", "a test is one of `not`, `lt`, `gt`, `prefix`, `bit`, `in`, `not_in`");
            None
        }
        ["not_in"] => lookup(k, "not_in", true),
        ["in"] => lookup(k, "in", false),
        ["not"] => k.item("not").map(|i| Test::Not(literals(i))),
        ["lt"] => k.item("lt").and_then(literal).map(Test::Lt),
        ["gt"] => k.item("gt").and_then(literal).map(Test::Gt),
        ["prefix"] => k.get("prefix").map(Test::Prefix),
        ["bit"] => k.get("bit").map(Test::Bit),
        [.., last] => k.item(last).and_then(|i| i.clashes("a test says one thing: leave one of them out")),
    }
}

fn lookup(keys: &mut Keys<'_>, key: &'static str, negated: bool) -> Option<Test> {
    let values = keys.get(key);
    let filter = keys.get("where").unwrap_or_default();
    Some(Test::Lookup { negated, values: values?, filter })
}

/// One literal or a list.
fn literals(item: Item<'_>) -> Vec<Literal> {
    item.entries().unwrap_or_else(|| vec![item]).into_iter().filter_map(literal).collect()
}

/// A literal of a condition, where `"null"` is NULL.
fn literal(item: Item<'_>) -> Option<Literal> {
    let value = Value::read(item)?;
    Some(At::new(if value == Value::text("null") { Value::Null } else { value }, item.at))
}

/// The number of a bit.
impl Read for u32 {
    fn read(item: Item<'_>) -> Option<Self> {
        let number = u64::read(item)?;
        u32::try_from(number).ok().filter(|n| *n < 64).or_else(|| item.bad_value("a number of a bit, 0 to 63"))
    }
}

/// One action, or a list of `{ when, do }`.
pub(super) fn choices<T: Read>(item: Item<'_>, shape: &'static Shape) -> Vec<Choice<T>> {
    let Some(entries) = item.entries() else {
        return At::read(item).map(|action| Choice { when: Condition::default(), action }).into_iter().collect();
    };
    let one = |entry: Item<'_>| {
        let choice = entry.table(shape, |k| (k.get("when").unwrap_or_default(), k.need("do")));
        choice.and_then(|(when, action)| Some(Choice { when, action: action? }))
    };
    entries.into_iter().filter_map(one).collect()
}

impl Read for OnErase {
    fn read(item: Item<'_>) -> Option<Self> {
        match item.value {
            DeValue::String(word) if word == "keep" => without_law(item),
            DeValue::String(_) => Fate::read(item).map(OnErase::Fate),
            DeValue::Table(table) if table.contains_key("keep") => Keep::read(item).map(OnErase::Keep),
            DeValue::Table(_) => item.table(&keys::COLUMNS_ACTION, columns).map(OnErase::Columns),
            _ => item
                .wrong_type("a fate such as \"scrub\", or a table such as { keep = \"law\" } or { null = [columns] }"),
        }
    }
}

/// `{ action = [columns] }`.
fn columns(keys: &mut Keys<'_>) -> Vec<(At<Erase>, Vec<Name>)> {
    let mut actions = Vec::new();
    if keys.is_empty() {
        keys.missing("null", "write `{ action = [columns] }`, such as `{ null = [\"phone\"] }`");
    }
    for (word, action) in Action::WORDS {
        let Some(item) = keys.item(word) else { continue };
        actions.push((At::new(action.0.clone(), item.at), item.many()));
    }
    actions.sort_by_key(|(action, _)| action.at.start);
    actions
}

impl Read for Erase {
    fn read(item: Item<'_>) -> Option<Self> {
        match item.value {
            DeValue::String(word) if Action::of(word).is_none() => erase_word(item, word),
            DeValue::String(_) => Action::read(item).map(|a| a.0),
            DeValue::Table(table) if table.contains_key("keep") => Keep::read(item).map(Erase::Keep),
            DeValue::Table(_) => item.table(&keys::ACTION, |k| k.need("replace")).flatten().map(Erase::Replace),
            _ => item
                .wrong_type("an action such as \"null\", or a table such as { replace = \"x\" } or { keep = \"law\" }"),
        }
    }
}

/// `keep` and `replace` are actions, but not alone.
fn erase_word(item: Item<'_>, word: &str) -> Option<Erase> {
    match word {
        "keep" => without_law(item),
        "replace" => {
            item.wrong(codes::MISSING_KEY, "`replace` needs a value", "which?", "write `{ replace = \"value\" }`")
        }
        _ => item.unknown_word(word, &Action::words()),
    }
}

fn without_law<T>(item: Item<'_>) -> Option<T> {
    let help = "write `{ keep = \"law\" }` with the `id` of a law or of a retention rule";
    item.wrong(codes::KEEP_WITHOUT_LAW, "`keep` needs a law or a retention rule", "by which law?", help)
}

impl Read for Keep {
    fn read(item: Item<'_>) -> Option<Self> {
        let keep = item.table(&keys::KEEP, |k| (k.need("keep"), k.get("until"), k.list("with")))?;
        let (law, until, with) = keep;
        Some(Keep { law: law?, until, with, at: item.at })
    }
}

impl Read for Until {
    fn read(item: Item<'_>) -> Option<Self> {
        match item.value {
            DeValue::Table(_) => {
                let (column, period) =
                    item.table(&keys::UNTIL, |k| (k.need("column"), k.must("period").formed("period", form::period)))?;
                Some(Until::After { column: column?, period: period? })
            }
            DeValue::Datetime(date) => dated(item, &date.to_string()),
            DeValue::String(text) => dated(item, text),
            _ => item.wrong_type("a date, or { column = \"name\", period = \"P7Y\" }"),
        }
    }
}

fn dated(item: Item<'_>, text: &str) -> Option<Until> {
    match form::date(text) {
        Ok(date) => Some(Until::Date(At::new(date, item.at))),
        Err(expected) => item.bad_value(expected),
    }
}
