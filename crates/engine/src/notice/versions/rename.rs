//! Declarations that got another name and say the same as before: one that went and one that came, alike in everything else.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::change::Change;
use super::{Class, Values, Version, whose};
use crate::policy::keys::{Family, Takes};

/// Families whose names are what they say: a right of access is no right of erasure, whatever stands below.
const SAYING: [&str; 6] = ["right", "setting", "change", "company", "system", "notice"];

/// Keys that name declarations of a family and are called otherwise.
const CALLED: [(&str, &str); 8] = [
    ("setter", "recipient"),
    ("holder", "recipient"),
    ("closed_to", "category"),
    ("from", "category"),
    ("on", "property"),
    ("exceptions", "law"),
    ("sends", "telemetry"),
    ("sends", "point"),
];

/// A family, what one of it was called, and what it is called now.
type Renamed = (String, String, String);

/// The old version with the names of the new one, and a change for each that was given another name.
pub fn settled(old: &Version, new: &Version) -> (Version, Vec<Change>) {
    let mut named = old.clone();
    let mut changes = Vec::new();
    // A purpose whose recipient is called otherwise too is alike once that is known.
    while let Some(found) = next(&named, new) {
        changes.push(told(old, new, &found));
        rename(&mut named, &found);
    }
    (named, changes)
}

/// One that went, and the only one that came that says the same, while no other one that went does.
fn next(old: &Version, new: &Version) -> Option<Renamed> {
    let gone = |name: &&String| !new.facts.contains_key(*name);
    let come = |name: &&String| !old.facts.contains_key(*name);
    old.facts.keys().filter(gone).find_map(|was| {
        let (family, id) = was.split_once(':').filter(|(family, _)| !SAYING.contains(family))?;
        let values = old.facts.get(was).filter(|values| !values.is_empty())?;
        let alike = |name: &&String, side: &Version| {
            let same_family = name.split_once(':').is_some_and(|(own, _)| own == family);
            same_family && side.facts.get(*name) == Some(values)
        };
        let mut now = new.facts.keys().filter(come).filter(|name| alike(name, new));
        let (is, other) = (now.next()?, now.next());
        let twins = old.facts.keys().filter(gone).filter(|name| alike(name, old)).count();
        let (_, now) = is.split_once(':')?;
        (other.is_none() && twins == 1).then(|| (family.to_owned(), id.to_owned(), now.to_owned()))
    })
}

fn rename(version: &mut Version, (family, was, is): &Renamed) {
    let facts = std::mem::take(&mut version.facts);
    let called = |name: String| if name == format!("{family}:{was}") { format!("{family}:{is}") } else { name };
    let facts = facts.into_iter().map(|(name, mut values)| {
        refer(&name, &mut values, (family, was, is));
        (called(name), values)
    });
    version.facts = facts.collect::<BTreeMap<String, Values>>();
}

/// What refers to it refers to its new name.
fn refer(name: &str, values: &mut Values, (family, was, is): (&str, &str, &str)) {
    let (own, id) = name.split_once(':').unwrap_or((name, ""));
    let naming = values.iter_mut().filter(|(key, _)| names(own, id, key, family));
    naming.for_each(|(_, value)| replace(value, was, is));
}

fn replace(value: &mut Value, was: &str, is: &str) {
    match value {
        Value::String(text) if text == was => is.clone_into(text),
        Value::Array(all) => all.iter_mut().for_each(|each| replace(each, was, is)),
        _ => {}
    }
}

/// Does a key of a declaration name declarations of a family? By what it takes, or by what it is called.
fn names(own: &str, id: &str, key: &str, family: &str) -> bool {
    let key = if own == "setting" { id.rsplit('.').next().unwrap_or(key) } else { key };
    let shape = Family::named(own).map(|family| family.shape);
    let takes = shape.and_then(|shape| shape.keys.iter().find(|known| known.name == key)).map(|known| known.takes);
    let typed = match takes {
        Some(Takes::Id(of)) => *of == family,
        Some(Takes::List(Takes::Id(of)) | Takes::Many(Takes::Id(of))) => *of == family,
        _ => false,
    };
    let several = match family.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{family}s"),
    };
    let last = key.rsplit('_').next().unwrap_or(key);
    typed || last == family || last == several || CALLED.contains(&(key, family))
}

/// Nobody is worse off; but where people read the name itself, they are told.
fn told(old: &Version, new: &Version, (family, was, is): &Renamed) -> Change {
    let name = format!("{family}:{is}");
    let read = reads(&old.words, was) && !reads(&new.words, was) || reads(&new.words, is) && !reads(&old.words, is);
    let (class, because) = match read {
        true => (Class::Notice, "it has another name, which people read; all else that it says is the same"),
        false => (Class::Editorial, "it has another name; all that it says is the same"),
    };
    Change {
        key: None,
        before: Some(json!(format!("{family}:{was}"))),
        after: Some(json!(name)),
        class,
        because: because.to_owned(),
        article: None,
        populations: whose::whose(new, &name).into_iter().flatten().collect(),
        what: name,
    }
}

/// Does a name stand in the words by itself?
fn reads(words: &str, name: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    words.match_indices(name).any(|(at, _)| {
        let before = words[..at].chars().next_back().is_some_and(inside);
        let after = words[at + name.len()..].chars().next().is_some_and(inside);
        !before && !after
    })
}
