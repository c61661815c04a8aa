//! Declarations, read by what their keys take.

use super::reader::{Item, Keys, Read};
use crate::policy::keys::{FAMILIES, Family, Shape, Takes};
use crate::policy::written::{Declaration, Given, Name};
use crate::source::At;
use crate::value::Value;

/// All declarations of a file, in its order.
pub(super) fn read(k: &mut Keys<'_>, file: &str) -> Vec<Declaration> {
    let mut found: Vec<Declaration> =
        FAMILIES.iter().filter(|f| f.file == file).flat_map(|family| family_of(k, family)).collect();
    found.sort_by_key(|d| d.at.start);
    found
}

/// By name, or as a list of entries that have an `id`.
fn family_of(k: &mut Keys<'_>, family: &'static Family) -> Vec<Declaration> {
    let Some(item) = k.item(family.table) else { return Vec::new() };
    if let (Some(entries), true) = (item.entries(), family.shape.key("id").is_some()) {
        return entries.into_iter().filter_map(|entry| listed(entry, family)).collect();
    }
    let named = item.names().unwrap_or_default();
    named.into_iter().filter_map(|(id, item)| one(family, Some(id), item)).collect()
}

fn listed(item: Item<'_>, family: &'static Family) -> Option<Declaration> {
    one(family, None, item)
}

fn one(family: &'static Family, id: Option<Name>, item: Item<'_>) -> Option<Declaration> {
    let values = item.table(family.shape, |k| values(k, family.shape))?;
    let own = || {
        let (_, given) = values.iter().find(|(name, _)| name.it == "id")?;
        Some(At::new(given.text()?.to_owned(), given.at))
    };
    let id = id.or_else(own)?;
    Some(Declaration { family, id, at: item.at, values })
}

/// Every declared key that is there, and free names where the table takes them.
pub(super) fn values(k: &mut Keys<'_>, shape: &'static Shape) -> Vec<(Name, At<Given>)> {
    let mut found = Vec::new();
    for key in shape.keys {
        let item = if key.required { k.must(key.name).item(key.name) } else { k.item(key.name) };
        let Some(item) = item else { continue };
        if let Some(value) = given(item, key.takes) {
            found.push((At::new(key.name.to_owned(), item.at), value));
        }
    }
    if let Some(takes) = shape.others {
        found.extend(k.others().into_iter().filter_map(|(name, item)| Some((name, given(item, takes)?))));
    }
    found.sort_by_key(|(name, _)| name.at.start);
    found
}

/// A value, if it is what the key takes.
pub(super) fn given(item: Item<'_>, takes: &'static Takes) -> Option<At<Given>> {
    let it = match takes {
        Takes::Text | Takes::Id(_) | Takes::UsOr(_) | Takes::Taxonomy | Takes::Pattern(_) => {
            Given::Text(Read::read(item)?)
        }
        Takes::Form(_, form) => Given::Text(item.formed(*form)?.it),
        Takes::OneWord(words) => Given::Text(word(item, words)?),
        Takes::Words(words) => Given::Text(word(item, &words())?),
        Takes::Flag => Given::Flag(Read::read(item)?),
        Takes::Whole(most) => Given::Whole(whole(item, *most)?),
        Takes::Positive | Takes::Share | Takes::Single => single(item)?,
        Takes::Table(shape) => Given::Table(item.table(shape, |k| values(k, shape))?),
        Takes::Named(each) | Takes::NamedOf(_, each) => Given::Table(
            item.names()?.into_iter().filter_map(|(name, item)| Some((name, given(item, each)?))).collect(),
        ),
        Takes::List(each) => match item.entries() {
            Some(entries) => Given::List(entries.into_iter().filter_map(|e| given(e, each)).collect()),
            None => return item.wrong_type("a list"),
        },
        Takes::Many(each) => match item.entries() {
            Some(entries) => Given::List(entries.into_iter().filter_map(|e| given(e, each)).collect()),
            None => return given(item, each),
        },
        Takes::OneOf(several) => return fitting(item, several),
        Takes::Ref(_, takes) => return given(item, takes),
    };
    Some(At::new(it, item.at))
}

/// The first of several whose type fits what is there, or the last, which then says what is wrong.
fn fitting(item: Item<'_>, several: &'static [&'static Takes]) -> Option<At<Given>> {
    let fits = |takes: &&&'static Takes| match takes {
        Takes::Table(_) | Takes::Named(_) | Takes::NamedOf(..) => item.value.is_table(),
        Takes::List(_) => item.value.is_array(),
        Takes::Many(_) | Takes::OneOf(_) | Takes::Ref(..) => true,
        _ => !item.value.is_table() && !item.value.is_array(),
    };
    let takes = several.iter().find(fits).or(several.last())?;
    given(item, takes)
}

/// One of these words.
pub(super) fn word(item: Item<'_>, words: &[&str]) -> Option<String> {
    let word: String = Read::read(item)?;
    if words.contains(&word.as_str()) { Some(word) } else { item.unknown_word(&word, words) }
}

fn whole(item: Item<'_>, most: u64) -> Option<u64> {
    let number: u64 = Read::read(item)?;
    if number <= most { Some(number) } else { item.bad_value("a whole number that small") }
}

fn single(item: Item<'_>) -> Option<Given> {
    Some(match Value::read(item)? {
        Value::Bool(flag) => Given::Flag(flag),
        Value::Int(n) => match u64::try_from(n) {
            Ok(n) => Given::Whole(n),
            Err(_) => return item.bad_value("a number from 0 up"),
        },
        Value::Real(n) => Given::Text(n.to_string()),
        Value::Text(text) => Given::Text(text.to_string()),
        _ => return item.wrong_type("a single value"),
    })
}
