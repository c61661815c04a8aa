//! The order of deletions: children first along declared foreign keys; a circle is opened by nulling, or, where a column takes
//! no NULL, by leading all rows to one of them, which may go as the last: some databases look at each row by itself.

use std::collections::{BTreeMap, BTreeSet};

use super::references::{By, References};
use super::rows::{RowIx, Rows};
use crate::policy::model::{ColumnIx, Policy, TableId};
use crate::value::Value;

/// The outcome of [`order`].
#[derive(Debug, Default)]
pub struct Ordered {
    /// References of rows that are to go, undone before anything is deleted.
    pub opened: Vec<Opened>,
    /// Rows in the order in which they can be deleted.
    pub waves: Vec<Wave>,
}

/// Rows of a circle, and what their references hold before they are deleted.
#[derive(Debug)]
pub struct Opened {
    /// The table.
    pub table: TableId,
    /// Columns and values.
    pub columns: Vec<(ColumnIx, Value)>,
    /// The rows.
    pub rows: Vec<RowIx>,
}

/// Rows of one table that are deleted after all that refer to them.
#[derive(Debug)]
pub struct Wave {
    /// The table.
    pub table: TableId,
    /// The rows.
    pub rows: Vec<RowIx>,
    /// They refer to each other in a circle that nothing opens: only one statement can delete them.
    pub together: bool,
}

/// Orders rows that are to go. `Err` names the tables of a circle that no nullable column opens.
pub fn order(policy: &Policy, rows: &Rows, going: &[RowIx]) -> Result<Ordered, BTreeSet<TableId>> {
    let mut left: BTreeMap<TableId, Vec<RowIx>> = BTreeMap::new();
    going.iter().for_each(|ix| left.entry(rows.row(*ix).table).or_default().push(*ix));
    let mut ordered = Ordered::default();
    while !left.is_empty() {
        let mut free = left.keys().copied().filter(|t| !is_referenced(policy, &left, *t, &ordered)).collect::<Vec<_>>();
        // Where the application writes while it deletes, rows go last.
        free.sort_by_key(|t| policy.table(*t).sweep_after);
        let free = free.first().copied();
        match free.and_then(|t| left.remove_entry(&t)) {
            Some((table, ixs)) => waves(policy, rows, table, ixs, &mut ordered),
            None => {
                let (table, columns) =
                    breakable(policy, &left, &ordered).ok_or_else(|| left.keys().copied().collect::<BTreeSet<_>>())?;
                ordered.opened.push(nulled(table, columns, left[&table].clone()));
            }
        }
    }
    Ok(ordered)
}

fn is_nulled(ordered: &Ordered, table: TableId, columns: &[ColumnIx]) -> bool {
    let mut opened = ordered.opened.iter().filter(|o| o.table == table).flat_map(|o| &o.columns);
    opened.any(|(column, _)| columns.contains(column))
}

fn is_referenced(policy: &Policy, left: &BTreeMap<TableId, Vec<RowIx>>, target: TableId, ordered: &Ordered) -> bool {
    left.keys().filter(|t| **t != target).any(|t| {
        let keys = &policy.table(*t).foreign_keys;
        keys.iter().any(|fk| fk.table == target && !is_nulled(ordered, *t, &fk.columns))
    })
}

fn breakable(
    policy: &Policy,
    left: &BTreeMap<TableId, Vec<RowIx>>,
    ordered: &Ordered,
) -> Option<(TableId, Vec<ColumnIx>)> {
    left.keys().find_map(|t| {
        let keys = &policy.table(*t).foreign_keys;
        keys.iter().filter(|fk| fk.table != *t && left.contains_key(&fk.table)).find_map(|fk| {
            let columns = nullable(policy, *t, &fk.columns);
            (!columns.is_empty() && !is_nulled(ordered, *t, &columns)).then_some((*t, columns))
        })
    })
}

fn nullable(policy: &Policy, table: TableId, columns: &[ColumnIx]) -> Vec<ColumnIx> {
    let t = policy.table(table);
    columns.iter().copied().filter(|c| t.columns[*c].nullable && !t.key.contains(c)).collect()
}

/// Rows of one table that may refer to each other: those that none of the others refers to go first.
fn waves(policy: &Policy, rows: &Rows, table: TableId, mut left: Vec<RowIx>, ordered: &mut Ordered) {
    let own: Vec<_> = policy.table(table).foreign_keys.iter().filter(|fk| fk.table == table).collect();
    if own.is_empty() {
        ordered.waves.push(Wave { table, rows: left, together: false });
        return;
    }
    let references = References::among(policy, rows);
    let mut waiting: BTreeMap<RowIx, usize> = left.iter().map(|ix| (*ix, 0)).collect();
    let targets = |ix: RowIx| {
        let keys = references.of(ix).iter().filter(|(by, _)| matches!(by, By::Key(_)));
        keys.map(|(_, to)| *to).filter(move |to| *to != ix)
    };
    for to in left.iter().flat_map(|ix| targets(*ix)) {
        waiting.entry(to).and_modify(|n| *n += 1);
    }
    let mut wave: Vec<RowIx> = left.iter().copied().filter(|ix| waiting[ix] == 0).collect();
    while !wave.is_empty() {
        let mut next = Vec::new();
        for to in wave.iter().flat_map(|ix| targets(*ix)) {
            if let Some(n) = waiting.get_mut(&to) {
                *n -= 1;
                next.extend((*n == 0).then_some(to));
            }
        }
        for ix in &wave {
            waiting.remove(ix);
        }
        ordered.waves.push(Wave { table, rows: std::mem::replace(&mut wave, next), together: false });
    }
    left.retain(|ix| waiting.contains_key(ix));
    if left.is_empty() {
        return;
    }
    let columns: Vec<ColumnIx> = own.iter().flat_map(|fk| nullable(policy, table, &fk.columns)).collect();
    if !columns.is_empty() {
        ordered.opened.push(nulled(table, columns, left.clone()));
        ordered.waves.push(Wave { table, rows: left, together: false });
        return;
    }
    let key = &policy.table(table).key;
    if own.iter().any(|fk| fk.columns.iter().any(|c| key.contains(c))) {
        ordered.waves.push(Wave { table, rows: left, together: true });
        return;
    }
    let last = left.remove(0);
    let pairs = own.iter().flat_map(|fk| fk.columns.iter().zip(&fk.target_columns));
    let columns = pairs.map(|(own, there)| (*own, rows.value(last, *there).clone())).collect();
    let all = left.iter().copied().chain([last]).collect();
    ordered.opened.push(Opened { table, columns, rows: all });
    ordered.waves.extend([left, vec![last]].map(|rows| Wave { table, rows, together: false }));
}

fn nulled(table: TableId, columns: Vec<ColumnIx>, rows: Vec<RowIx>) -> Opened {
    Opened { table, columns: columns.into_iter().map(|c| (c, Value::Null)).collect(), rows }
}
