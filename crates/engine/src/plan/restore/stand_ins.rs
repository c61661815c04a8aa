//! Stand-in records: they go when nothing refers to them any more, neither a row nor what another seal will give back.

use super::super::types::{Key, Why};
use super::edges::{Seals, edges, keys};
use super::references::{Reference, equal, led_to, made, references};
use super::stand::{Sides, Standing, Stood};
use super::{deciding, handing, system_of};
use crate::policy::model::{Policy, TableId};
use crate::seal::{Image, SealedTable};
use crate::value::Value;

/// Decides on the stand-in records of a seal. `after` are the seals of the others as everything else leaves them.
pub(super) fn settle(sides: &Sides<'_>, standing: &Standing, after: &Seals, stood: &mut Stood) {
    for (s, system) in sides.own.sealed.iter().enumerate() {
        for (t, table) in system.tables.iter().enumerate() {
            let id = system_of(sides.policy, system).and_then(|id| sides.policy.table_named(id, &table.table));
            let Some(id) = id else { continue };
            for row in made(table).filter(|row| standing.is_now((s, t), &table.key_of(row))) {
                let key = table.key_of(row);
                let image = Image { before: None, after: Some(row.clone()), since: None };
                let beside = sides.seals.of_row(&system.system, &table.table, &keys(table, &image));
                let changes = |place: &(usize, usize, usize, usize)| {
                    let (_, table, image) = sides.seals.at(*place);
                    !edges(table, image).is_empty()
                };
                if beside.iter().any(changes) {
                    let why = Why::Waits { by: table.table.clone() };
                    stood.keep(system, table, row, why, Vec::new());
                    continue;
                }
                if let Some(case) = led_to(sides.policy, after, (id, table, row)) {
                    stood.handed_on.push(handing(case, &system.system, &table.table, &key, None));
                    stood.keep(system, table, row, Why::Waits { by: table.table.clone() }, Vec::new());
                } else if used(sides.policy, standing, stood, (id, table), &key) {
                    let by = "rows that were changed since".to_owned();
                    stood.keep(system, table, row, Why::Needed { by }, Vec::new());
                } else {
                    tell(sides.policy, standing, stood, (id, table), &key);
                    let place = (system.system.clone(), table.table.clone());
                    stood.unused.entry(place).or_default().push(key);
                }
            }
        }
    }
    // What goes itself misses nothing.
    let unused = &stood.unused;
    let goes = |system: &str, table: &str, key: &Key| {
        unused.get(&(system.to_owned(), table.to_owned())).is_some_and(|keys| keys.contains(key))
    };
    stood.kept.retain(|(s, t, key, why, _)| !matches!(why, Why::LeadsNowhere { .. }) || !goes(s, t, key));
}

/// Does a row refer to a stand-in record by a foreign key, once all is undone? What merely looks like a reference to it, and no
/// seal has led there, may have stood there before the record was made, and led nowhere.
fn used(policy: &Policy, standing: &Standing, stood: &Stood, (id, table): (TableId, &SealedTable), key: &Key) -> bool {
    let foreign = |r: &Reference<'_>| r.link.is_none();
    !left(policy, standing, stood, (id, table), key, foreign).is_empty()
}

/// Rows that refer to a stand-in record in this way, once all is undone: table, key, and the columns that do.
fn left<'s>(
    policy: &Policy,
    standing: &'s Standing,
    stood: &Stood,
    (id, table): (TableId, &SealedTable),
    key: &Key,
    way: impl Fn(&Reference<'_>) -> bool,
) -> Vec<(TableId, &'s Key, &'s [String])> {
    let Some(row) = table.image(key).and_then(|image| image.after.as_ref()) else { return Vec::new() };
    let mut found = Vec::new();
    for (from, columns, rows) in &standing.referring {
        let by = |r: &Reference<'_>| r.to == id && r.columns == *columns && way(r);
        let references: Vec<Reference<'_>> = references(policy, *from).into_iter().filter(by).collect();
        for (k, values) in rows {
            let (values, deciding) = values.split_at(columns.len());
            let leads = |r: &Reference<'_>| {
                let there = table.values(row, &r.there);
                there.is_some_and(|there| equal(&there, values)) && joins(policy, *from, r, deciding)
            };
            // That it refers to itself keeps nothing.
            let other = (*from, k) != (id, key) && !undoes(policy, stood, *from, k, columns);
            if other && references.iter().any(leads) {
                found.push((*from, k, columns.as_slice()));
            }
        }
    }
    found
}

/// Does the condition of the link hold, as far as the row itself tells?
fn joins(policy: &Policy, from: TableId, reference: &Reference<'_>, held: &[Value]) -> bool {
    let Some(link) = reference.link else { return true };
    let deciding = deciding(policy, from, &reference.columns);
    let value = |column| deciding.iter().position(|c| *c == column).map_or(&Value::Null, |at| &held[at]);
    link.when.lookups().next().is_some() || link.when.holds(value)
}

/// Tells of the rows that will lead nowhere when a stand-in record goes.
fn tell(policy: &Policy, standing: &Standing, stood: &mut Stood, (id, table): (TableId, &SealedTable), key: &Key) {
    let linked = |r: &Reference<'_>| r.link.is_some();
    for (from, k, columns) in left(policy, standing, stood, (id, table), key, linked) {
        let t = policy.table(from);
        let place = (policy.system(t.system).name.clone(), t.name.clone());
        let why = Why::LeadsNowhere { by: table.table.clone() };
        stood.kept.push((place.0, place.1, k.clone(), why, columns.to_vec()));
    }
}

/// Does the plan undo this reference of the row?
fn undoes(policy: &Policy, stood: &Stood, id: TableId, key: &Key, columns: &[String]) -> bool {
    let t = policy.table(id);
    let place = (policy.system(t.system).name.clone(), t.name.clone());
    let undone = stood.undo.get(&place).into_iter().flatten();
    undone.filter(|u| u.key == *key).any(|u| columns.iter().any(|c| u.columns.contains(c)))
}
