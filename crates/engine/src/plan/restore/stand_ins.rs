//! Stand-in records: they go when nothing refers to them any more, neither a row nor what another seal will give back.

use super::super::types::{Key, Why};
use super::edges::{Seals, edges, keys};
use super::references::{Reference, equal, led_to, made, references};
use super::stand::{Sides, Standing, Stood};
use super::{handing, system_of};
use crate::policy::model::{Policy, TableId};
use crate::seal::{Image, SealedTable};

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
                    let place = (system.system.clone(), table.table.clone());
                    stood.unused.entry(place).or_default().push(key);
                }
            }
        }
    }
}

/// Does a row refer to a stand-in record by a foreign key, once all is undone? What merely looks like a reference to it, and no
/// seal has led there, may have stood there before the record was made, and led nowhere.
fn used(policy: &Policy, standing: &Standing, stood: &Stood, (id, table): (TableId, &SealedTable), key: &Key) -> bool {
    let Some(row) = table.image(key).and_then(|image| image.after.as_ref()) else { return false };
    standing.referring.iter().any(|(from, columns, rows)| {
        let by = |r: &Reference<'_>| r.to == id && r.columns == *columns && r.link.is_none();
        let Some(declared) = references(policy, *from).into_iter().find(by) else { return false };
        let there = table.values(row, &declared.there);
        let mut rows = rows.iter().filter(|(_, values)| there.as_ref().is_some_and(|t| equal(t, values)));
        // That it refers to itself keeps nothing.
        rows.any(|(k, _)| (*from, k) != (id, key) && !undoes(policy, stood, *from, k, columns))
    })
}

/// Does the plan undo this reference of the row?
fn undoes(policy: &Policy, stood: &Stood, id: TableId, key: &Key, columns: &[String]) -> bool {
    let t = policy.table(id);
    let place = (policy.system(t.system).name.clone(), t.name.clone());
    let undone = stood.undo.get(&place).into_iter().flatten();
    undone.filter(|u| u.key == *key).any(|u| columns.iter().any(|c| u.columns.contains(c)))
}
