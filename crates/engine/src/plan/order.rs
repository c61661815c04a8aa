//! The order of deletions: children first along declared foreign keys; a circle is opened by nulling.

use std::collections::BTreeSet;

use crate::policy::model::{ColumnIx, Policy, TableId};

/// Tables in the order their rows can be deleted, and the columns to null first where tables refer to each other in a
/// circle. `Err` names the tables of a circle that no nullable column opens.
pub fn order(policy: &Policy, tables: &BTreeSet<TableId>) -> Result<Ordered, BTreeSet<TableId>> {
    let mut left = tables.clone();
    let mut ordered = Ordered::default();
    while !left.is_empty() {
        let free = left.iter().copied().find(|t| !is_referenced(policy, &left, *t, &ordered.nulled));
        match free {
            Some(table) => {
                left.remove(&table);
                ordered.tables.push(table);
            }
            None => ordered.nulled.push(breakable(policy, &left, &ordered.nulled).ok_or_else(|| left.clone())?),
        }
    }
    Ok(ordered)
}

/// The outcome of [`order`].
#[derive(Debug, Default)]
pub struct Ordered {
    /// Tables, children first.
    pub tables: Vec<TableId>,
    /// Columns to null in rows that are to go, before anything is deleted.
    pub nulled: Vec<(TableId, Vec<ColumnIx>)>,
}

fn is_referenced(
    policy: &Policy,
    left: &BTreeSet<TableId>,
    target: TableId,
    nulled: &[(TableId, Vec<ColumnIx>)],
) -> bool {
    left.iter().filter(|t| **t != target).any(|t| {
        let fks = &policy.table(*t).foreign_keys;
        fks.iter().any(|fk| {
            fk.table == target && !nulled.iter().any(|(n, c)| n == t && fk.columns.iter().any(|f| c.contains(f)))
        })
    })
}

fn breakable(
    policy: &Policy,
    left: &BTreeSet<TableId>,
    nulled: &[(TableId, Vec<ColumnIx>)],
) -> Option<(TableId, Vec<ColumnIx>)> {
    left.iter().find_map(|t| {
        let table = policy.table(*t);
        table.foreign_keys.iter().filter(|fk| fk.table != *t && left.contains(&fk.table)).find_map(|fk| {
            let columns: Vec<_> =
                fk.columns.iter().copied().filter(|c| table.columns[*c].nullable && !table.key.contains(c)).collect();
            let new = !columns.is_empty() && !nulled.contains(&(*t, columns.clone()));
            new.then_some((*t, columns))
        })
    })
}
