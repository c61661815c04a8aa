//! Rows that MySQL and MariaDB let nobody delete: they refer to each other in a circle within their table, or one to itself,
//! and none of these references may be NULL. A plan that would have to is refused.

use std::collections::BTreeSet;

use engine::plan::{Plan, Refusal};
use engine::policy::model::{SystemKind, TableId};
use oracle::{Erasure, RowId};

use crate::case::Case;

/// What is wrong where rows are locked, or where the plan says so; `None` in any other case.
pub fn judged(
    case: &Case,
    expected: &Result<Erasure, oracle::Refusal>,
    found: &Result<Plan, Refusal>,
) -> Option<Vec<String>> {
    let Ok(erasure) = expected else { return None };
    let locked = case.policy.table_ids().any(|table| is_locked(case, table, &erasure.fates.going));
    match (locked, matches!(found, Err(Refusal::Circle { .. }))) {
        (false, false) => None,
        (true, true) => Some(Vec::new()),
        (true, false) => Some(vec!["expected that locked rows are refused".to_owned()]),
        (false, true) => Some(vec!["rows are said to be locked and are not".to_owned()]),
    }
}

/// Takes the rows that nothing refers to, again and again: what is left is locked.
fn is_locked(case: &Case, table: TableId, going: &BTreeSet<RowId>) -> bool {
    let t = case.policy.table(table);
    if case.policy.system(t.system).kind != SystemKind::Mysql {
        return false;
    }
    let mut left: BTreeSet<&RowId> = going.iter().filter(|id| id.0 == table).collect();
    loop {
        let referred: BTreeSet<&RowId> = left.iter().flat_map(|id| targets(case, id, &left)).collect();
        if referred.len() == left.len() {
            return !left.is_empty();
        }
        left = referred;
    }
}

/// The rows among these that a row refers to by declared keys of its table, none of whose columns takes NULL.
fn targets<'r>(case: &Case, id: &RowId, left: &BTreeSet<&'r RowId>) -> Vec<&'r RowId> {
    let t = case.policy.table(id.0);
    let Some(row) = case.world.get(&case.policy, id) else { return Vec::new() };
    let leads = |other: &&&RowId| {
        let never_null = |c: &usize| !t.columns[*c].nullable || t.key.contains(c);
        let own = t.foreign_keys.iter().filter(|key| key.table == id.0 && key.columns.iter().all(never_null));
        own.into_iter().any(|key| {
            let to = case.world.get(&case.policy, other);
            let (from, columns) = (key.columns.iter().map(|c| &row[*c]), &key.target_columns);
            to.is_some_and(|to| from.eq(columns.iter().map(|c| &to[*c])))
        })
    };
    left.iter().filter(leads).copied().collect()
}
