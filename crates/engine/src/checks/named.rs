//! Names of declarations that the folder does not have (U1001).

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::keys::{Family, Shape, Takes};
use crate::policy::model::Right;
use crate::policy::parse::words;
use crate::policy::resolve::Draft;
use crate::policy::written::{Folder, Given, Name};
use crate::source::At;

/// Looks at every key that names a declaration of some family.
pub fn check(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let known = Known::of(draft.folder);
    let names = texts(draft.folder).into_iter().filter_map(|(takes, name)| match takes {
        Takes::Id(family) => Some((*family, name)),
        Takes::UsOr(family) if name.it != "us" => Some((*family, name)),
        _ => None,
    });
    names.filter_map(|(family, name)| known.lost(family, &name)).collect()
}

/// All texts of all declarations, with what each is read by.
pub(super) fn texts(folder: &Folder) -> Vec<(&'static Takes, Name)> {
    let mut found = Vec::new();
    folder.said.iter().for_each(|said| within(said.family.shape, &said.values, &mut found));
    found
}

fn within(shape: &Shape, values: &[(Name, At<Given>)], found: &mut Vec<(&'static Takes, Name)>) {
    for (key, given) in values {
        if let Some(takes) = shape.key(key).map(|k| k.takes).or(shape.others) {
            reach(takes, given, found);
        }
    }
}

fn reach(takes: &'static Takes, given: &At<Given>, found: &mut Vec<(&'static Takes, Name)>) {
    match (takes, &given.it) {
        (Takes::List(each) | Takes::Many(each), Given::List(list)) => list.iter().for_each(|g| reach(each, g, found)),
        (Takes::Many(each), _) => reach(each, given, found),
        (Takes::Table(shape), Given::Table(values)) => within(shape, values, found),
        (Takes::Named(each), Given::Table(values)) => values.iter().for_each(|(_, g)| reach(each, g, found)),
        (_, Given::Text(text)) => found.push((takes, At::new(text.clone(), given.at))),
        _ => {}
    }
}

/// The names of declarations, by family.
struct Known<'a>(BTreeMap<&'static str, BTreeSet<&'a str>>);

impl<'a> Known<'a> {
    fn of(folder: &'a Folder) -> Self {
        let mut known: BTreeMap<&'static str, BTreeSet<&str>> = BTreeMap::new();
        for d in &folder.said {
            known.entry(d.family.name).or_default().insert(&d.id.it);
        }
        known.entry("right").or_default().extend(words::of::<Right>());
        Known(known)
    }

    fn lost(&self, family: &'static str, name: &Name) -> Option<Diagnostic> {
        let known = self.0.get(family);
        if known.is_some_and(|ids| ids.contains(name.it.as_str())) {
            return None;
        }
        let what = Family::named(family)?;
        let word = what.what.split_once(' ').map_or(family, |(_, word)| word);
        let message = format!("the folder has no {word} `{}`", name.it);
        let finding = Diagnostic::error(codes::UNKNOWN_NAME, message, name.at, format!("not in `{}`", what.file));
        Some(finding.suggest(name, known.into_iter().flatten().copied()))
    }
}
