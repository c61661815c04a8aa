//! The order in which rows come back: each after what it refers to.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::super::types::Key;
use super::references::{Reference, references};
use super::stand::Stood;
use crate::policy::model::{Policy, SystemId, TableId};
use crate::seal::{Sealed, SealedTable};
use crate::value::Value;

/// Rows of one table that come back together.
pub(super) struct Wave {
    pub table: String,
    pub keys: Vec<Key>,
    pub instead: Vec<(String, Value)>,
    /// Columns that are filled in only when all rows of a circle are there.
    pub later: Vec<(Vec<String>, Vec<Key>)>,
}

/// A row that comes back.
struct Coming<'s> {
    table: &'s SealedTable,
    id: TableId,
    key: Key,
    instead: Vec<(String, Value)>,
    row: &'s [Value],
    later: Vec<String>,
}

/// The waves of one system.
pub(super) fn waves(policy: &Policy, system: SystemId, sealed: &Sealed, stood: &Stood) -> Vec<Wave> {
    let mut left = coming(policy, system, sealed, stood);
    let mut waves: Vec<Wave> = Vec::new();
    let mut later: BTreeMap<(String, Vec<String>), Vec<Key>> = BTreeMap::new();
    while !left.is_empty() {
        let waiting = waiting(policy, &left);
        let (mut free, mut rest): (Vec<_>, Vec<_>) = (Vec::new(), Vec::new());
        for (at, row) in left.into_iter().enumerate() {
            if waiting.contains_key(&at) { rest.push((at, row)) } else { free.push(row) }
        }
        if free.is_empty() {
            // A circle: one row that may leave its references open, or refer to itself for a while, comes first.
            let open = |(at, row): &(usize, Coming<'_>)| opening(policy, row, &waiting[at]);
            let nth = rest.iter().position(|r| open(r).is_some()).unwrap_or(0);
            let meanwhile = open(&rest[nth]).unwrap_or_default();
            let (_, mut row) = rest.remove(nth);
            row.later = meanwhile.iter().map(|(c, _)| c.clone()).collect();
            row.instead.extend(meanwhile);
            free.push(row);
        }
        left = rest.into_iter().map(|(_, row)| row).collect();
        for row in free {
            if !row.later.is_empty() {
                let place = (row.table.table.clone(), row.later.clone());
                later.entry(place).or_default().push(row.key.clone());
            }
            match waves.last_mut().filter(|w| w.table == row.table.table && w.instead == row.instead) {
                Some(wave) => wave.keys.push(row.key),
                None => {
                    let (table, instead) = (row.table.table.clone(), row.instead);
                    waves.push(Wave { table, keys: vec![row.key], instead, later: Vec::new() });
                }
            }
        }
    }
    // What was left open is filled in after the last wave of its table's circle.
    for ((table, columns), keys) in later {
        if let Some(last) = waves.last_mut() {
            if last.table == table {
                last.later.push((columns, keys));
            } else {
                waves.push(Wave { table, keys: Vec::new(), instead: Vec::new(), later: vec![(columns, keys)] });
            }
        }
    }
    waves
}

fn coming<'s>(policy: &Policy, system: SystemId, sealed: &'s Sealed, stood: &Stood) -> Vec<Coming<'s>> {
    let mut left = Vec::new();
    for table in &sealed.tables {
        let Some(id) = policy.table_named(system, &table.table) else { continue };
        let mut back: HashMap<&Key, &Vec<(String, Value)>> = HashMap::new();
        let place = (sealed.system.clone(), table.table.clone());
        back.extend(stood.back.get(&place).into_iter().flatten().map(|(key, set)| (key, set)));
        for row in table.rows.iter().filter(|i| i.after.is_none()).filter_map(|i| i.before.as_ref()) {
            let key = table.key_of(row);
            if let Some(instead) = back.get(&key) {
                let instead = (*instead).clone();
                left.push(Coming { table, id, key, instead, row, later: Vec::new() });
            }
        }
    }
    left
}

/// Rows that refer, by a foreign key, to others which are not there yet: with the references that do.
fn waiting<'p>(policy: &'p Policy, left: &[Coming<'_>]) -> HashMap<usize, Vec<Reference<'p>>> {
    let mut there: HashMap<(TableId, Vec<String>), HashSet<Vec<Value>>> = HashMap::new();
    for row in left {
        let keys = policy.table_ids().flat_map(|t| policy.table(t).foreign_keys.iter()).filter(|fk| fk.table == row.id);
        for columns in keys.map(|fk| policy.table(row.id).names(&fk.target_columns)).collect::<HashSet<_>>() {
            let values = row.table.values(&row.row.to_vec(), &columns);
            there.entry((row.id, columns)).or_default().extend(values);
        }
    }
    let mut waiting: HashMap<usize, Vec<Reference<'p>>> = HashMap::new();
    for (at, row) in left.iter().enumerate() {
        for reference in references(policy, row.id).into_iter().filter(|r| r.link.is_none()) {
            if row.instead.iter().any(|(c, _)| reference.columns.contains(c)) {
                continue;
            }
            let values = row.table.values(&row.row.to_vec(), &reference.columns);
            let itself = reference.to == row.id && values == row.table.values(&row.row.to_vec(), &reference.there);
            let there = there.get(&(reference.to, reference.there.clone()));
            if !itself && values.is_some_and(|v| there.is_some_and(|t| t.contains(&v))) {
                waiting.entry(at).or_default().push(reference);
            }
        }
    }
    waiting
}

/// What columns of a row in a circle hold for a while: nothing in one column of each reference that waits, or the row itself
/// where none of them may be empty.
fn opening(policy: &Policy, row: &Coming<'_>, waiting: &[Reference<'_>]) -> Option<Vec<(String, Value)>> {
    let t = policy.table(row.id);
    let is_key = |c: &String| t.column(c).is_some_and(|ix| t.key.contains(&ix));
    let open = |c: &&String| t.column(c).is_some_and(|ix| t.columns[ix].nullable) && !is_key(c);
    let mut meanwhile = BTreeMap::new();
    for reference in waiting {
        if let Some(column) = reference.columns.iter().find(open) {
            meanwhile.insert(column.clone(), Value::Null);
        } else if reference.to == row.id && !reference.columns.iter().any(is_key) {
            let itself = row.table.values(&row.row.to_vec(), &reference.there)?;
            meanwhile.extend(reference.columns.iter().cloned().zip(itself));
        } else {
            return None;
        }
    }
    Some(meanwhile.into_iter().collect())
}
