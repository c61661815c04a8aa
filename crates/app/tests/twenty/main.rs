//! Twenty awkward persons and two ordinary ones, erased one after another on SQLite, PostgreSQL and
//! MariaDB.
//!
//! The company is made three times from one source. What the program says (plans, certificates) is held against what the
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
fn all_engines_plan_the_same() {
    let [sqlite, others @ ..] = stories();
    assert_eq!(sqlite.plans.len(), story::PERSONS.len());
    let mut different = Vec::new();
    for story in others {
        for ((id, one), (_, other)) in sqlite.plans.iter().zip(&story.plans) {
            let found = alike::differences(one, other).into_iter();
            different.extend(found.map(|d| format!("{}, person {id}: {d}", story.engine)));
        }
    }
    assert!(different.is_empty(), "SQLite and others differ\n{}", different.join("\n"));
}

#[test]
fn all_engines_end_with_the_same_rows() {
    let [sqlite, stories @ ..] = stories();
    let mut different = Vec::new();
    for story in stories {
        let engine = story.engine;
        for (table, rows) in &sqlite.rows {
            let others = &story.rows[table];
            let missing = rows.iter().filter(|r| !others.contains(r));
            different.extend(missing.map(|r| format!("{table:?}: only SQLite, not {engine}: {r:?}")));
            let added = others.iter().filter(|r| !rows.contains(r));
            different.extend(added.map(|r| format!("{table:?}: only {engine}: {r:?}")));
            if rows.len() != others.len() {
                different.push(format!("{table:?}: {} and, on {engine}, {} rows", rows.len(), others.len()));
            }
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}
