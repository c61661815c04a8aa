//! Which collections are records of persons, and what finds them.

use std::collections::{BTreeMap, BTreeSet};

use super::dataset::Dataset;
use super::edges::{Edge, Spot, TableIx};
use super::names::{plain, singular};

/// A kind of persons in one system.
#[derive(Debug)]
pub struct Kind<'s> {
    pub name: String,
    pub dataset: usize,
    /// Its records are the rows of this table; without one, the values of its only identity.
    pub table: Option<TableIx>,
    pub identities: Vec<Identity<'s>>,
    /// Why these are persons.
    pub why: &'static str,
}

/// What finds persons of a kind.
#[derive(Debug)]
pub struct Identity<'s> {
    pub name: String,
    /// As Fides calls it.
    pub of: &'s str,
    pub spots: Vec<Spot<'s>>,
}

/// How identities of a type are compared.
pub fn matching(identity: &str) -> Option<&'static str> {
    match identity {
        "email" => Some("email"),
        "phone" | "phone_number" => Some("phone"),
        _ => None,
    }
}

/// The kinds, by dataset. A collection with an identity is one if others refer to its key; if none is so, the first with
/// a key; and if none has a key, people are whoever left the identity anywhere.
pub fn kinds<'s>(
    datasets: &'s [Dataset],
    spots: &BTreeMap<TableIx, Vec<Spot<'s>>>,
    edges: &[Edge<'_>],
    mapped: impl Fn(TableIx) -> bool,
) -> Vec<Kind<'s>> {
    let finds = |t: &TableIx| mapped(*t) && spots[t].iter().any(|s| s.field.identity.is_some());
    let candidates: Vec<TableIx> = spots.keys().copied().filter(finds).collect();
    let keyed = |t: &TableIx| spots[t].iter().any(|s| s.field.primary);
    let referred = |t: &TableIx| {
        let at = |s: &Spot<'_>, other: &Spot<'_>| s.table == *t && s.field.primary && other.table != *t;
        edges.iter().any(|e| at(&e.parent, &e.child) || at(&e.child, &e.parent))
    };
    let (tables, why): (Vec<TableIx>, _) = match candidates.iter().copied().filter(referred).collect::<Vec<_>>() {
        none if none.is_empty() => {
            (candidates.iter().copied().find(keyed).into_iter().collect(), "it has an identity and a key")
        }
        some => (some, "it has an identity, and others refer to its key"),
    };
    let mut names = BTreeSet::new();
    let mut kinds: Vec<Kind<'s>> = Vec::new();
    for table in tables {
        let collection = &datasets[table.dataset].collections[table.collection];
        let said = collection.subjects.first().map_or_else(|| singular(&collection.name), Clone::clone);
        let name = unique(&mut names, table.dataset, &plain(&said, '_'));
        let identities = identities(&spots[&table]);
        kinds.push(Kind { name, dataset: table.dataset, table: Some(table), identities, why });
    }
    if kinds.is_empty() {
        kinds.extend(nowhere(&candidates, spots));
    }
    kinds
}

/// People without a table of their own.
fn nowhere<'s>(candidates: &[TableIx], spots: &BTreeMap<TableIx, Vec<Spot<'s>>>) -> Option<Kind<'s>> {
    let all = || candidates.iter().flat_map(|t| &spots[t]).filter(|s| s.path.is_none());
    let first = all().find(|s| s.field.identity.is_some())?;
    let of = first.field.identity.as_deref()?;
    let same = |s: &&Spot<'s>| s.field.identity.as_deref() == Some(of) && s.table.dataset == first.table.dataset;
    let identity = Identity { name: identity_name(of), of, spots: all().filter(same).cloned().collect() };
    let why = "no table with an identity has a key";
    let dataset = first.table.dataset;
    Some(Kind { name: "person".to_owned(), dataset, table: None, identities: vec![identity], why })
}

/// Within one system two kinds have two names; in two systems one name means the same people.
fn unique(names: &mut BTreeSet<(usize, String)>, dataset: usize, wanted: &str) -> String {
    let wanted = if wanted.is_empty() { "person" } else { wanted };
    let mut name = wanted.to_owned();
    let mut n = 1;
    while !names.insert((dataset, name.clone())) {
        n += 1;
        name = format!("{wanted}_{n}");
    }
    name
}

fn identity_name(of: &str) -> String {
    match of {
        "phone_number" => "phone".to_owned(),
        other => Some(plain(other, '_')).filter(|n| !n.is_empty()).unwrap_or_else(|| "identity".to_owned()),
    }
}

/// Plain columns of one type are one identity; each place in a document is one of its own.
fn identities<'s>(spots: &[Spot<'s>]) -> Vec<Identity<'s>> {
    let mut all: Vec<Identity<'s>> = Vec::new();
    for spot in spots {
        let Some(of) = spot.field.identity.as_deref() else { continue };
        let plain = |i: &&mut Identity<'_>| i.of == of && i.spots.iter().all(|s| s.path.is_none());
        if let Some(same) = all.iter_mut().find(plain).filter(|_| spot.path.is_none()) {
            same.spots.push(spot.clone());
            continue;
        }
        let wanted = identity_name(of);
        let mut name = wanted.clone();
        let mut n = 1;
        while all.iter().any(|i| i.name == name) {
            n += 1;
            name = format!("{wanted}_{n}");
        }
        all.push(Identity { name, of, spots: vec![spot.clone()] });
    }
    all
}
