//! Twenty awkward persons and two ordinary ones, erased one after another on SQLite and on PostgreSQL.
//!
//! The company is made twice from one source. What the program says (plans, certificates) is held against what the
//! databases hold, read with SQL of the test's own.

mod alike;
mod expected;
mod residues;
mod story;
#[path = "../support/mod.rs"]
mod support;

use story::{Story, stories};

fn none(what: impl Fn(&Story) -> &Vec<String>) {
    for story in stories() {
        let found = what(story);
        assert!(found.is_empty(), "{}: {} findings\n{}", story.engine, found.len(), found.join("\n"));
    }
}

#[test]
fn each_erasure_completes_and_a_stranger_can_verify_its_certificate() {
    none(|story| &story.endings);
}

#[test]
fn what_is_left_of_a_person_is_listed_in_the_certificate_with_its_law() {
    none(|story| &story.residues);
}

#[test]
fn every_other_row_equals_its_copy_before_but_for_the_listed_columns_and_spans() {
    none(|story| &story.changes);
}

#[test]
fn both_engines_plan_the_same() {
    let [sqlite, postgres] = stories();
    assert_eq!(sqlite.plans.len(), story::PERSONS.len());
    let mut different = Vec::new();
    for ((id, one), (_, other)) in sqlite.plans.iter().zip(&postgres.plans) {
        different.extend(alike::differences(one, other).into_iter().map(|d| format!("person {id}: {d}")));
    }
    assert!(different.is_empty(), "SQLite and PostgreSQL differ\n{}", different.join("\n"));
}

#[test]
fn both_engines_end_with_the_same_rows() {
    let [sqlite, postgres] = stories();
    let mut different = Vec::new();
    for (table, rows) in &sqlite.rows {
        let others = &postgres.rows[table];
        different.extend(rows.iter().filter(|r| !others.contains(r)).map(|r| format!("{table:?}: only SQLite: {r:?}")));
        different
            .extend(others.iter().filter(|r| !rows.contains(r)).map(|r| format!("{table:?}: only PostgreSQL: {r:?}")));
        if rows.len() != others.len() {
            different.push(format!("{table:?}: {} and {} rows", rows.len(), others.len()));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}
