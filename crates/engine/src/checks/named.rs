//! Names of declarations that the folder does not have (U1001).

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::keys::{Family, Shape, Takes};
use crate::policy::resolve::Draft;
use crate::policy::written::{Declaration, Folder, Given, Name};
use crate::source::At;

/// Looks at every key that names a declaration of some family.
pub fn check(draft: &Draft<'_>) -> Vec<Diagnostic> {
    draft.folder.said.iter().flat_map(|said| declared(draft.folder, said)).collect()
}

fn declared(folder: &Folder, said: &Declaration) -> Vec<Diagnostic> {
    let mut names = Vec::new();
    within(said.family.shape, &said.values, &mut names);
    names.into_iter().filter_map(|(family, name)| lost(folder, family, &name)).collect()
}

/// All names of declarations, with the family that each is of.
fn within(shape: &Shape, values: &[(Name, At<Given>)], found: &mut Vec<(&'static str, Name)>) {
    for (key, given) in values {
        let takes = shape.key(key).map(|k| k.takes).or(shape.others);
        if let Some(takes) = takes {
            reach(takes, given, found);
        }
    }
}

fn reach(takes: &'static Takes, given: &At<Given>, found: &mut Vec<(&'static str, Name)>) {
    match (takes, &given.it) {
        (Takes::Id(family), Given::Text(name)) => found.push((family, At::new(name.clone(), given.at))),
        (Takes::List(each) | Takes::Many(each), Given::List(list)) => list.iter().for_each(|g| reach(each, g, found)),
        (Takes::Many(each), _) => reach(each, given, found),
        (Takes::Table(shape), Given::Table(values)) => within(shape, values, found),
        (Takes::Named(each), Given::Table(values)) => values.iter().for_each(|(_, g)| reach(each, g, found)),
        _ => {}
    }
}

fn lost(folder: &Folder, family: &'static str, name: &Name) -> Option<Diagnostic> {
    let known = || folder.said.iter().filter(|d| d.family.name == family).map(|d| d.id.it.as_str());
    let rights = || crate::policy::parse::words::of::<crate::policy::model::Right>();
    if known().any(|id| id == name.it) || (family == "right" && rights().contains(&name.it.as_str())) {
        return None;
    }
    let what = Family::named(family)?;
    let word = what.what.split_once(' ').map_or(family, |(_, word)| word);
    let message = format!("the folder has no {word} `{}`", name.it);
    let finding = Diagnostic::error(codes::UNKNOWN_NAME, message, name.at, format!("not in `{}`", what.file));
    Some(finding.suggest(name, known()))
}
