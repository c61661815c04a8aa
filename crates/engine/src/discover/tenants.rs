//! The tenant: a column that the persons and most of their tables share, and that points at an organisation.

use super::proposal::Kind;
use super::relate::Related;
use super::words::{singular, stem};
use super::world::World;
use crate::schema::Table;

/// What those are called under whom the same address is another person's.
const TENANTS: [&str; 12] = [
    "org",
    "organization",
    "organisation",
    "company",
    "tenant",
    "workspace",
    "account",
    "site",
    "shop",
    "instance",
    "client",
    "business",
];

/// Gives a kind its tenant where its table cannot be without one and most tables that point at it have the same.
pub(super) fn find(world: &World, kinds: &mut [Kind], related: &Related) {
    for kind in kinds.iter_mut() {
        let Some(table) = world.table(&kind.table) else { continue };
        let Some(column) = table.columns.iter().find(|c| !c.nullable && is_tenant(table, &c.name)) else { continue };
        let pointing: Vec<&Table> = related
            .links
            .iter()
            .filter(|(name, links)| **name != kind.table && links.iter().any(|l| l.to.table() == Some(&kind.table)))
            .filter_map(|(name, _)| world.table(name))
            .collect();
        let sharing = pointing.iter().filter(|t| t.column(&column.name).is_some()).count();
        let scoped = table.unique.iter().any(|k| k.len() > 1 && k.contains(&column.name));
        if scoped || (sharing >= 2 && sharing * 3 >= pointing.len()) {
            let evidence = format!("{sharing} of {} tables that point at {} have it too", pointing.len(), kind.table);
            kind.tenant = Some((column.name.clone(), evidence));
        }
    }
}

fn is_tenant(table: &Table, column: &str) -> bool {
    let (words, keyed) = stem(column);
    let declared = table.foreign_keys.iter().any(|k| k.columns == [column.to_owned()]);
    let named = matches!(words.as_slice(), [one] if TENANTS.contains(&singular(one).as_str()));
    named && (keyed || declared) && !table.key.contains(&column.to_owned())
}

/// The tenant column of a table that is not a kind's: called as that of a kind.
pub(super) fn of_table(world: &World, kinds: &[Kind], name: &str, is_kind: bool) -> Option<String> {
    let table = world.table(name)?;
    let mut tenants = kinds.iter().filter(|k| !is_kind || k.table == name).filter_map(|k| k.tenant.as_ref());
    tenants.find(|(column, _)| table.column(column).is_some()).map(|(column, _)| column.clone())
}
