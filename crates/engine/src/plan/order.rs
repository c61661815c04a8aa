//! The order of deletions: children first along declared foreign keys; a circle is opened by nulling.
//!
//! MySQL and MariaDB look at each row by itself, within one statement too, and let no row go that something refers to, not
//! even when it is the row itself. There such references are nulled as well, and where they may not be, the plan is refused.

use std::collections::{BTreeMap, BTreeSet};

use super::references::{By, References};
use super::rows::{RowIx, Rows};
use crate::policy::model::{ColumnIx, Policy, SystemKind, TableId};
use crate::schema::OnDelete;

/// The outcome of [`order`].
#[derive(Debug, Default)]
pub struct Ordered {
    /// Columns to null in rows that are to go, before anything is deleted.
    pub nulled: Vec<(TableId, Vec<ColumnIx>, Vec<RowIx>)>,
    /// Rows in the order in which they can be deleted.
    pub waves: Vec<Wave>,
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
            Some((table, ixs)) => waves(policy, rows, table, ixs, &mut ordered)?,
            None => {
                let (table, columns) =
                    breakable(policy, &left, &ordered).ok_or_else(|| left.keys().copied().collect::<BTreeSet<_>>())?;
                ordered.nulled.push((table, columns, left[&table].clone()));
            }
        }
    }
    Ok(ordered)
}

fn is_nulled(ordered: &Ordered, table: TableId, columns: &[ColumnIx]) -> bool {
    ordered.nulled.iter().any(|(t, nulled, _)| *t == table && columns.iter().any(|c| nulled.contains(c)))
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
fn waves(
    policy: &Policy,
    rows: &Rows,
    table: TableId,
    mut left: Vec<RowIx>,
    ordered: &mut Ordered,
) -> Result<(), BTreeSet<TableId>> {
    let own: Vec<_> = policy.table(table).foreign_keys.iter().filter(|fk| fk.table == table).collect();
    if own.is_empty() {
        ordered.waves.push(Wave { table, rows: left, together: false });
        return Ok(());
    }
    let references = References::among(policy, rows);
    let keys = |ix: RowIx| references.of(ix).iter().filter_map(|(by, to)| key_of(*by).map(|key| (key, *to)));
    let foreign = |key: usize| &policy.table(table).foreign_keys[key];
    let closed = |key: usize| nullable(policy, table, &foreign(key).columns).is_empty();
    let each_by_itself = policy.system(policy.table(table).system).kind == SystemKind::Mysql;
    // What follows a row that goes does not stop it from going.
    let needs_itself = |ix: RowIx, key: usize, to: RowIx| to == ix && foreign(key).on_delete == OnDelete::Refuse;
    let itself =
        left.iter().copied().filter(|ix| each_by_itself && keys(*ix).any(|(key, to)| needs_itself(*ix, key, to)));
    let itself: Vec<RowIx> = itself.collect();
    if itself.iter().any(|ix| keys(*ix).any(|(key, to)| needs_itself(*ix, key, to) && closed(key))) {
        return Err(BTreeSet::from([table]));
    }
    let push = |ordered: &mut Ordered, waves: Vec<Vec<RowIx>>| {
        ordered.waves.extend(waves.into_iter().map(|rows| Wave { table, rows, together: false }));
    };
    push(ordered, layers(&mut left, |ix| keys(ix).map(|(_, to)| to).collect()));
    let columns: Vec<ColumnIx> = own.iter().flat_map(|fk| nullable(policy, table, &fk.columns)).collect();
    let opened: Vec<RowIx> = left.iter().copied().chain(itself.into_iter().filter(|ix| !left.contains(ix))).collect();
    if !columns.is_empty() && !opened.is_empty() {
        ordered.nulled.push((table, columns, opened));
    }
    // What is not NULL then still leads from one to the other.
    push(ordered, layers(&mut left, |ix| keys(ix).filter(|(key, _)| closed(*key)).map(|(_, to)| to).collect()));
    if left.is_empty() {
        return Ok(());
    }
    if each_by_itself {
        return Err(BTreeSet::from([table]));
    }
    ordered.waves.push(Wave { table, rows: left, together: true });
    Ok(())
}

fn key_of(by: By) -> Option<usize> {
    if let By::Key(key) = by { Some(key) } else { None }
}

/// Takes out rows that none of the others refers to, then those that none of the rest does, until only circles are left.
fn layers(left: &mut Vec<RowIx>, targets: impl Fn(RowIx) -> Vec<RowIx>) -> Vec<Vec<RowIx>> {
    let mut waiting: BTreeMap<RowIx, usize> = left.iter().map(|ix| (*ix, 0)).collect();
    let others = |ix: RowIx| targets(ix).into_iter().filter(move |to| *to != ix);
    for to in left.iter().flat_map(|ix| others(*ix)) {
        waiting.entry(to).and_modify(|n| *n += 1);
    }
    let mut layers = Vec::new();
    let mut layer: Vec<RowIx> = left.iter().copied().filter(|ix| waiting[ix] == 0).collect();
    while !layer.is_empty() {
        let mut next = Vec::new();
        for to in layer.iter().flat_map(|ix| others(*ix)) {
            if let Some(n) = waiting.get_mut(&to) {
                *n -= 1;
                next.extend((*n == 0).then_some(to));
            }
        }
        for ix in &layer {
            waiting.remove(ix);
        }
        layers.push(std::mem::replace(&mut layer, next));
    }
    left.retain(|ix| waiting.contains_key(ix));
    layers
}
