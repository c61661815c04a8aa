//! The rules of deletion once more, over rows in memory.

use std::collections::BTreeSet;

use super::joins::{Goes, Join};
use crate::k9db::model::{Row, Rows, column};
use crate::k9db::sql::Table;

/// A row: its table and its place there.
type Place = (usize, usize);

/// What the deletion of one object leaves, that of a table whose column holds the key: rows go with what they hang on, and those that are counted once nothing that
/// stays refers to them any more.
pub fn left(tables: &[Table], joins: &[Join], before: &Rows, (table, id, key): (&str, &str, &str)) -> Rows {
    let root = at(tables, table);
    let id = column(&tables[root], id);
    let first = before[root].iter().position(|row| row[id].as_deref() == Some(key));
    let mut gone: BTreeSet<Place> = first.map(|n| (root, n)).into_iter().collect();
    loop {
        let staying = before.iter().enumerate().flat_map(|(t, rows)| (0..rows.len()).map(move |n| (t, n)));
        let staying: Vec<Place> = staying.filter(|place| !gone.contains(place)).collect();
        let more: Vec<Place> = staying.into_iter().filter(|p| goes(tables, joins, before, &gone, *p)).collect();
        if more.is_empty() {
            break;
        }
        gone.extend(more);
    }
    let stays = |t: usize| -> Vec<Row> {
        before[t].iter().enumerate().filter(|(n, _)| !gone.contains(&(t, *n))).map(|(_, row)| row.clone()).collect()
    };
    (0..tables.len()).map(stays).collect()
}

/// Does a row go, now that these are gone?
fn goes(tables: &[Table], joins: &[Join], before: &Rows, gone: &BTreeSet<Place>, (t, n): Place) -> bool {
    let mut counted = Vec::new();
    for join in joins.iter().filter(|j| j.table == tables[t].name) {
        let there = at(tables, &join.target);
        let (own, to) = (column(&tables[t], &join.column), column(&tables[there], &join.to));
        let Some(value) = &before[t][n][own] else { continue };
        let targets = before[there].iter().enumerate().filter(|(_, row)| row[to].as_ref() == Some(value));
        let went: Vec<bool> = targets.map(|(m, _)| gone.contains(&(there, m))).collect();
        match join.goes {
            Goes::Each if went.contains(&true) => return true,
            Goes::Each => {}
            Goes::Last => counted.extend(went),
        }
    }
    !counted.is_empty() && !counted.contains(&false)
}

fn at(tables: &[Table], name: &str) -> usize {
    tables.iter().position(|t| t.name == name).expect("a table of the schema")
}
