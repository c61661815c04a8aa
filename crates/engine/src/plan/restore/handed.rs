//! What one reactivation leaves to other deactivations: rows that come back with them, and values that were changed twice.

use std::collections::HashSet;

use super::super::how::How;
use super::super::types::{Action, HandedOn, Key, Plan};
use crate::ask::Row;
use crate::seal::{Image, Sealed, SealedTable};

/// Rewrites the seals of the others, oldest first, as if the one that `plan` takes back had never been; `later` of them were
/// made after it. Returns the cases whose seals changed.
pub fn hand_on(plan: &Plan, own: &[Sealed], others: &mut [(String, Vec<Sealed>)], later: &[String]) -> Vec<String> {
    let mut changed = HashSet::new();
    let handed = plan.restores.iter().flat_map(|r| &r.handed_on);
    for row in handed {
        let Some((case, sealed)) = others.iter_mut().find(|(case, _)| *case == row.case) else { continue };
        let Some((table, image)) = find(own, &row.system, &row.table, &row.key) else { continue };
        changed.insert(case.clone());
        let Some(before) = image.before.clone() else {
            add(sealed, &row.system, table, image.clone());
            continue;
        };
        if merged(sealed, row, table, &before) {
            continue;
        }
        let mut after = row.meanwhile.as_ref().map(|_| before.clone());
        for (column, value) in row.meanwhile.iter().flatten() {
            if let (Some(after), Some(at)) = (&mut after, table.at(column)) {
                after[at] = value.clone();
            }
        }
        add(sealed, &row.system, table, Image { before: Some(before), after });
    }
    for system in own {
        for table in &system.tables {
            for image in &table.rows {
                let (Some(before), Some(after)) = (&image.before, &image.after) else { continue };
                let key = table.key_of(after);
                let keyed: Vec<usize> = SealedTable::changed(image)
                    .into_iter()
                    .filter(|at| table.key.contains(&table.columns[*at]) && restored(plan, system, table, &key, *at))
                    .collect();
                for (case, sealed) in others.iter_mut().filter(|_| !keyed.is_empty()) {
                    if rekey(sealed, &system.system, (table, &keyed), (before, after)) {
                        changed.insert(case.clone());
                    }
                }
                for at in SealedTable::changed(image) {
                    if restored(plan, system, table, &key, at) || is_handed(plan, system, table, &key, at) {
                        continue;
                    }
                    let place = (system.system.as_str(), table.table.as_str());
                    for (case, sealed) in others.iter_mut().filter(|(case, _)| later.contains(case)) {
                        if rewrite(sealed, place, &key, (table, at), (&before[at], &after[at])) {
                            changed.insert(case.clone());
                            break;
                        }
                    }
                }
            }
        }
    }
    changed.into_iter().collect()
}

fn find<'s>(sealed: &'s [Sealed], system: &str, table: &str, key: &Key) -> Option<(&'s SealedTable, &'s Image)> {
    let system = sealed.iter().find(|s| s.system == system)?;
    let table = system.tables.iter().find(|t| t.table == table)?;
    Some((table, table.image(key)?))
}

/// Was this very column of the row handed on?
fn is_handed(plan: &Plan, system: &Sealed, table: &SealedTable, key: &Key, at: usize) -> bool {
    let handed = plan.restores.iter().flat_map(|r| &r.handed_on);
    let of_row = handed.filter(|h| h.system == system.system && h.table == table.table && h.key == *key);
    of_row.flat_map(|h| h.meanwhile.iter().flatten()).any(|(c, _)| *c == table.columns[at])
}

/// Where the other deactivation changed the row itself, it gives back these columns with its own.
fn merged(sealed: &mut [Sealed], row: &HandedOn, of: &SealedTable, before: &Row) -> bool {
    let Some(columns) = &row.meanwhile else { return false };
    let tables = sealed.iter_mut().filter(|s| s.system == row.system).flat_map(|s| &mut s.tables);
    for table in tables.filter(|t| t.table == row.table) {
        let places: Vec<(usize, usize)> = columns.iter().filter_map(|(c, _)| Some((table.at(c)?, of.at(c)?))).collect();
        let keys: Vec<Option<Key>> = table.rows.iter().map(|i| i.stands().map(|r| table.key_of(r))).collect();
        for (image, key) in table.rows.iter_mut().zip(keys) {
            if key.as_ref() == Some(&row.key)
                && let Some(own) = &mut image.before
            {
                places.iter().for_each(|(there, here)| own[*there] = before[*here].clone());
                return true;
            }
        }
    }
    false
}

/// Does the plan undo this column of the row itself?
fn restored(plan: &Plan, system: &Sealed, table: &SealedTable, key: &Key, at: usize) -> bool {
    let steps = plan.systems.iter().filter(|s| s.system == system.system).flat_map(|s| &s.steps);
    steps.filter(|s| s.table == table.table && s.keys.contains(key)).any(|s| match &s.action {
        Action::Change { columns, .. } => columns.iter().any(|(c, how)| *how == How::Sealed && *c == table.columns[at]),
        _ => false,
    })
}

/// The other deactivation found what this one had left there: now it shall give back what was there before both.
fn rewrite(
    sealed: &mut [Sealed],
    (system, table): (&str, &str),
    key: &Key,
    (of, at): (&SealedTable, usize),
    (was, left): (&crate::value::Value, &crate::value::Value),
) -> bool {
    let tables = sealed.iter_mut().filter(|s| s.system == system).flat_map(|s| &mut s.tables);
    for found in tables.filter(|t| t.table == table) {
        let Some(place) = found.at(&of.columns[at]) else { continue };
        let keys: Vec<Option<Key>> =
            found.rows.iter().map(|i| i.before.as_ref().map(|row| found.key_of(row))).collect();
        for (image, own) in found.rows.iter_mut().zip(keys) {
            if own.as_ref() == Some(key)
                && let Some(before) = image.before.as_mut().filter(|row| row[place] == *left)
            {
                before[place] = was.clone();
                return true;
            }
        }
    }
    false
}

/// The row has its old key again: the other deactivation, which knows it by the one it had meanwhile, is told.
fn rekey(
    sealed: &mut [Sealed],
    system: &str,
    (of, keyed): (&SealedTable, &[usize]),
    (before, after): (&Row, &Row),
) -> bool {
    let key = of.key_of(after);
    let mut told = false;
    let tables = sealed.iter_mut().filter(|s| s.system == system).flat_map(|s| &mut s.tables);
    for table in tables.filter(|t| t.table == of.table) {
        let places: Vec<(usize, usize)> =
            keyed.iter().filter_map(|at| Some((table.at(&of.columns[*at])?, *at))).collect();
        let keys = table.key.iter().filter_map(|k| table.at(k)).collect::<Vec<_>>();
        let is_key = |row: &Row| keys.iter().map(|at| &row[*at]).eq(key.iter());
        let rows = table.rows.iter_mut().flat_map(|image| [&mut image.before, &mut image.after]).flatten();
        for row in rows.filter(|row| is_key(row)) {
            places.iter().for_each(|(there, here)| row[*there] = before[*here].clone());
            told = true;
        }
        table.rows.sort();
    }
    told
}

fn add(sealed: &mut Vec<Sealed>, system: &str, like: &SealedTable, image: Image) {
    if !sealed.iter().any(|s| s.system == system) {
        sealed.push(Sealed { system: system.to_owned(), tables: Vec::new() });
    }
    for s in sealed.iter_mut().filter(|s| s.system == system) {
        if !s.tables.iter().any(|t| t.table == like.table) {
            s.tables.push(SealedTable { rows: Vec::new(), ..like.clone() });
            s.tables.sort_by(|a, b| a.table.cmp(&b.table));
        }
        for table in s.tables.iter_mut().filter(|t| t.table == like.table) {
            table.rows.push(image.clone());
            table.rows.sort();
        }
    }
}
