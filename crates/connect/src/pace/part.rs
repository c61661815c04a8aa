//! Changes in parts.

use engine::ask::Change;

/// How many keys a change has; each is a row, or equal rows.
pub(crate) fn keys(change: &Change) -> usize {
    match change {
        Change::Insert { .. } => 1,
        Change::Update { keys, .. } | Change::Delete { keys, .. } => keys.len(),
        Change::UpdateEach { rows, .. } => rows.len(),
    }
}

/// The part of a change that begins with its key number `from`, and has at most so many.
pub(crate) fn part(change: &Change, from: usize, most: usize) -> Change {
    match change {
        Change::Insert { .. } => change.clone(),
        Change::Update { table, key, keys, set } => {
            Change::Update { table: table.clone(), key: key.clone(), keys: some(keys, from, most), set: set.clone() }
        }
        Change::UpdateEach { table, key, columns, rows } => Change::UpdateEach {
            table: table.clone(),
            key: key.clone(),
            columns: columns.clone(),
            rows: some(rows, from, most),
        },
        Change::Delete { table, key, keys } => {
            Change::Delete { table: table.clone(), key: key.clone(), keys: some(keys, from, most) }
        }
    }
}

fn some<T: Clone>(all: &[T], from: usize, most: usize) -> Vec<T> {
    all.iter().skip(from).take(most).cloned().collect()
}
