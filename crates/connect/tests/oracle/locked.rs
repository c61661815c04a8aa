//! Rows that MySQL and MariaDB let nobody delete: they refer to each other in a circle within their table, or one to itself,
//! and none of these references may be NULL. A plan that would have to is refused.

use std::collections::BTreeSet;

use engine::plan::{Plan, Refusal};
use engine::policy::model::{Policy, SystemKind, TableId};
use engine::value::Value;
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
    if !never_null(&case.policy, table) {
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

/// Has the table declared references to itself, in a system that looks at each row by itself, and none that takes NULL?
fn never_null(policy: &Policy, table: TableId) -> bool {
    let t = policy.table(table);
    let mut own = t.foreign_keys.iter().filter(|key| key.table == table).peekable();
    policy.system(t.system).kind == SystemKind::Mysql
        && own.peek().is_some()
        && own.flat_map(|key| &key.columns).all(|c| !t.columns[*c].nullable || t.key.contains(c))
}

/// The rows among these that a row refers to by declared keys of its table.
fn targets<'r>(case: &Case, id: &RowId, left: &BTreeSet<&'r RowId>) -> Vec<&'r RowId> {
    let t = case.policy.table(id.0);
    let Some(row) = case.world.get(&case.policy, id) else { return Vec::new() };
    let leads = |other: &&&RowId| {
        t.foreign_keys.iter().filter(|key| key.table == id.0).any(|key| {
            let to = case.world.get(&case.policy, other);
            let (from, columns) = (key.columns.iter().map(|c| &row[*c]), &key.target_columns);
            to.is_some_and(|to| from.eq(columns.iter().map(|c| &to[*c])))
                && !key.columns.iter().any(|c| row[*c] == Value::Null)
        })
    };
    left.iter().filter(leads).copied().collect()
}
