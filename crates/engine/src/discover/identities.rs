//! Addresses and numbers of persons in columns that hold no key: `invitations.email` is `@user.email`.

use std::collections::BTreeSet;

use super::classify::Bond;
use super::proposal::{End, Identity, Kind, Link};
use super::propose::Circumstances;
use super::refs::Sign;
use super::relate::{Related, Verdicts};
use super::world::World;
use crate::matching;
use crate::policy::model::{Match, Role};
use crate::schema::{Class, Column};

/// Joins columns of addresses and numbers to the kind in which most of them are found.
pub(super) fn join(
    world: &World,
    kinds: &[Kind],
    verdicts: &Verdicts,
    circumstances: &Circumstances,
    related: &mut Related,
) {
    let region = circumstances.country.as_deref();
    let held: Vec<(&Kind, &Identity, BTreeSet<String>)> = kinds
        .iter()
        .flat_map(|k| k.identities.iter().map(move |i| (k, i)))
        .filter(|(_, i)| matches!(i.matching, Match::Email | Match::Phone))
        .map(|(k, i)| (k, i, normal(world, &k.table, &i.column, i.matching, region)))
        .collect();
    for table in world.tables().filter(|t| !kinds.iter().any(|k| k.table == t.name)) {
        let of_table = verdicts.get(&table.name).map_or(&[][..], Vec::as_slice);
        for (column, verdict) in table.columns.iter().zip(of_table) {
            let matching = match verdict.category.as_deref() {
                Some("user.contact.email") => Match::Email,
                Some("user.contact.phone_number") => Match::Phone,
                _ => continue,
            };
            if column.class != Class::Text || verdict.text || verdict.secret {
                continue;
            }
            let values = normal(world, &table.name, &column.name, matching, region);
            let best = held
                .iter()
                .filter(|(_, i, _)| i.matching == matching)
                .map(|(k, i, keys)| (k, i, keys.intersection(&values).count()))
                .max_by_key(|(_, _, found)| *found);
            let Some((kind, identity, found)) = best else { continue };
            let lonely = !related.links.contains_key(&table.name);
            if found > 0 || lonely {
                let link = link(column, kind, identity, found, values.len(), related.bonds.get(&table.name).copied());
                let bond = if link.role == Role::Owner { Bond::Owned } else { Bond::Mentions };
                related.links.entry(table.name.clone()).or_default().push(link);
                related.bonds.entry(table.name.clone()).or_insert(bond);
            }
        }
    }
}

/// The same address under another tenant is another person's: a table without tenant cannot be joined by it.
pub(super) fn within_tenants(world: &World, kinds: &[Kind], related: &mut Related) {
    for (name, links) in &mut related.links {
        let Some(table) = world.table(name) else { continue };
        links.retain(|l| match &l.to {
            End::Identity { kind, .. } => {
                let tenant = kinds.iter().find(|k| k.name == *kind).and_then(|k| k.tenant.as_ref());
                tenant.is_none_or(|(column, _)| table.column(column).is_some())
            }
            _ => true,
        });
    }
    related.links.retain(|_, links| !links.is_empty());
    let linked: Vec<String> = related.links.keys().cloned().collect();
    related.bonds.retain(|name, bond| *bond == Bond::Record || linked.contains(name));
}

fn link(column: &Column, kind: &Kind, identity: &Identity, found: usize, of: usize, bond: Option<Bond>) -> Link {
    let held = bond.is_some_and(|b| matches!(b, Bond::Owned | Bond::Authored | Bond::Part));
    let (role, note) = if held {
        (Role::Mention, "names a person in a row that is another's")
    } else {
        (Role::Owner, "nothing else says whose row it is")
    };
    Link {
        role,
        columns: vec![column.name.clone()],
        to: End::Identity { kind: kind.name.clone(), identity: identity.name.clone(), matching: identity.matching },
        when: None,
        name: None,
        zero: false,
        stays: false,
        shared: false,
        sign: Sign::SharedValue,
        confidence: if found > 0 { 0.9 } else { 0.5 },
        evidence: format!("{found} of {of} different values read belong to a known {}", kind.name),
        note: note.to_owned(),
    }
}

fn normal(world: &World, table: &str, column: &str, matching: Match, region: Option<&str>) -> BTreeSet<String> {
    world.cells(table, column).filter_map(|v| matching::normal(matching, v, region)).collect()
}
