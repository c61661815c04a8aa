//! The comparison accepts what an erasure may leave, and nothing else.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use engine::policy::model::{Fill, Policy, TableId};
use engine::value::Value;
use oracle::compare::{compare_access, compare_worlds};
use oracle::generate::{Case, generate};
use oracle::{Change, Erasure, Piece, Row, World, access, erase};

#[test]
fn a_world_as_described_is_accepted() {
    for (seed, case, erasure) in erasures() {
        let after = carried_out(&case, &erasure);
        let found = compare_worlds(&case.policy, &case.world, &erasure, &after);
        assert!(found.is_empty(), "seed {seed}: {}", found[0]);
    }
}

#[test]
fn any_other_cell_is_found() {
    let mut spoiled = 0;
    for (seed, case, erasure) in erasures() {
        let after = carried_out(&case, &erasure);
        for table in case.policy.table_ids() {
            for n in 0..after.rows(table).len().min(2) {
                for c in 0..after.rows(table)[n].len() {
                    let worse = spoil(&case.policy, &after, table, n, c);
                    let found = compare_worlds(&case.policy, &case.world, &erasure, &worse);
                    // A token may be any token; every other cell is told.
                    let free = erasure.changes.values().any(|cells| cells.values().any(is_free));
                    assert!(!found.is_empty() || free, "seed {seed}: {table:?} row {n} column {c}");
                    spoiled += usize::from(!found.is_empty());
                }
            }
        }
    }
    assert!(spoiled > 1000, "only {spoiled}");
}

#[test]
fn a_row_too_many_or_too_few_is_found() {
    for (seed, case, erasure) in erasures() {
        let after = carried_out(&case, &erasure);
        if erasure.fates.going.is_empty() {
            continue;
        }
        assert!(!compare_worlds(&case.policy, &case.world, &erasure, &case.world).is_empty(), "seed {seed}");
        let empty = World::new(&case.policy);
        let survivors = case.policy.table_ids().any(|t| !after.rows(t).is_empty());
        let found = compare_worlds(&case.policy, &case.world, &erasure, &empty);
        assert_eq!(survivors, !found.is_empty(), "seed {seed}");
    }
}

#[test]
fn answers_are_compared_by_row_level_and_column() {
    let mut seen = 0;
    for seed in 0..60 {
        let case = generate(seed);
        let Ok(expected) = access(&case.policy, &case.world, &case.question) else { continue };
        let mut actual = expected.rows.clone();
        assert!(compare_access(&case.policy, &expected, &actual).is_empty());
        let (id, mut returned) = actual.pop_first().expect("the person's own record");
        assert_eq!(compare_access(&case.policy, &expected, &actual).len(), 1);
        returned.columns.pop_first();
        actual.insert(id, returned);
        seen += compare_access(&case.policy, &expected, &actual).len();
    }
    assert!(seen > 10);
}

fn erasures() -> Vec<(u64, Case, Erasure)> {
    let cases = (0..60).map(|seed| (seed, generate(seed)));
    let answered = cases.filter_map(|(seed, case)| {
        let erasure = erase(&case.policy, &case.world, &case.question).ok()?;
        Some((seed, case, erasure))
    });
    answered.collect()
}

fn is_free(change: &Change) -> bool {
    match change {
        Change::Document(_, pieces) => {
            pieces.iter().any(|piece| matches!(piece, Piece::Instead(_, change) if is_free(change)))
        }
        change => matches!(
            change,
            Change::Hash
                | Change::Pseudonym
                | Change::Alias
                | Change::Within(..)
                | Change::Redacted(_)
                | Change::Filled(_)
                | Change::Placeholder(..)
        ),
    }
}

/// What a faithful connector would leave.
fn carried_out(case: &Case, erasure: &Erasure) -> World {
    let mut after = World::new(&case.policy);
    let scopes: BTreeSet<Scope> = erasure.changes.values().flat_map(|cells| cells.values()).flat_map(scopes).collect();
    let scopes: Vec<Scope> = scopes.into_iter().collect();
    for nth in 0..scopes.len() {
        after.insert(scopes[nth].0, stand_in(&case.policy, &scopes, nth));
    }
    for (id, row) in case.world.all(&case.policy).filter(|(id, _)| !erasure.fates.going.contains(id)) {
        let mut row: Row = row.clone();
        for (c, change) in erasure.changes.get(&id).into_iter().flatten() {
            row[*c] = written(&case.policy, &scopes, change, &row[*c]);
        }
        after.insert(id.0, row);
    }
    after
}

/// A table and the values for which it gets a stand-in.
type Scope = (TableId, Vec<Value>);

fn scopes(change: &Change) -> impl Iterator<Item = Scope> {
    change.inner().into_iter().filter_map(|inner| match inner {
        Change::Placeholder(table, _, values) => Some((*table, values.clone())),
        _ => None,
    })
}

fn stand_in(policy: &Policy, scopes: &[Scope], nth: usize) -> Row {
    let table = scopes[nth].0;
    let mut row: Row = policy.table(table).columns.iter().map(|_| Value::Null).collect();
    row[0] = Value::Int(1000 + nth as i64);
    let populations = policy.kinds.iter().flat_map(|k| &k.populations).filter(|p| p.table == table);
    for (c, fill) in populations.filter_map(|p| p.placeholder.as_ref()).flat_map(|p| &p.columns) {
        row[*c] = match fill {
            Fill::Value(v) => v.clone(),
            Fill::Template(t) => Value::text(t.replace("{token:12}", &format!("{nth:012}"))),
        };
    }
    row
}

fn written(policy: &Policy, scopes: &[Scope], change: &Change, old: &Value) -> Value {
    match change {
        Change::Null => Value::Null,
        Change::Blank => Value::text(""),
        Change::Replace(v) | Change::Nobody(v) => v.clone(),
        Change::Hash => Value::text("f00f"),
        Change::Pseudonym => Value::text("t0k3n"),
        Change::Placeholder(table, column, values) => {
            let nth = scopes.iter().position(|s| s == &(*table, values.clone())).expect("a stand-in");
            stand_in(policy, scopes, nth)[*column].clone()
        }
        Change::Filled(template) => Value::text(template),
        Change::Alias => Value::text(format!("{:016x}", digest(old))),
        Change::Truncated(v) | Change::Coarse(v) => v.clone(),
        Change::Within(at, change) => {
            let mut text = old.join_text().unwrap_or_default().into_owned();
            let part = written(policy, scopes, change, &Value::text(&text[at.clone()]));
            text.replace_range(at.clone(), &part.join_text().unwrap_or_default());
            Value::text(text)
        }
        Change::Document(codec, pieces) => {
            old.rewritten(oracle::written(*codec, pieces, "[somebody else]", &|change, old| {
                written(policy, scopes, change, old)
            }))
        }
        Change::Redacted(spans) => {
            let mut text = old.readable().unwrap_or_default().to_owned();
            spans.iter().rev().for_each(|s| text.replace_range(s.clone(), "[somebody else]"));
            old.rewritten(text)
        }
    }
}

fn digest(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.join_text().hash(&mut hasher);
    hasher.finish()
}

fn spoil(policy: &Policy, world: &World, table: TableId, nth: usize, column: usize) -> World {
    let mut worse = World::new(policy);
    for t in policy.table_ids() {
        for (n, row) in world.rows(t).iter().enumerate() {
            let mut row = row.clone();
            if (t, n) == (table, nth) {
                row[column] = Value::text("something else");
            }
            worse.insert(t, row);
        }
    }
    worse
}
