//! Whatever the schema and the rows: what is proposed compiles, and says nothing of what was read.

mod any;

use std::collections::BTreeSet;

use engine::discover::explore::{Explorer, Reply, SAMPLED_ROWS, Step, Wish};
use engine::discover::proposal::Proposal;
use engine::discover::propose::{Circumstances, propose};
use engine::discover::settle::settle;
use engine::discover::write::Frame;
use engine::policy::compile::compile;
use engine::policy::model::SystemKind;
use engine::source::Source;
use engine::value::Value;
use proptest::prelude::*;

use any::Database;

/// Reads a database in memory to the end, and settles what is proposed.
fn discover(database: &Database) -> (Source, Proposal) {
    let mut explorer = Explorer::new(database.schema.clone());
    let mut replies = Vec::new();
    let explored = loop {
        match explorer.step(replies) {
            Step::Done(explored) => break *explored,
            Step::Ask(wishes) => replies = wishes.iter().map(|w| answer(database, w)).collect(),
        }
    };
    let circumstances = Circumstances { today: jiff::civil::date(2026, 8, 3), country: Some("NO".into()) };
    let frame = Frame {
        system: "any".into(),
        kind: SystemKind::Sqlite,
        variable: "ANY_DSN".into(),
        schema: None,
        company: "Any \"company\"\\".into(),
        country: Some("NO".into()),
    };
    match settle(propose(explored, &circumstances), &frame) {
        Ok(settled) => settled,
        Err(findings) => panic!("what is proposed does not compile: {findings:#?}\n{:#?}", database.schema),
    }
}

fn answer(database: &Database, wish: &Wish) -> Reply {
    match wish {
        Wish::Counts(tables) => Reply::Counts(tables.iter().map(|t| database.rows(t).len() as u64).collect()),
        Wish::Sample { table, .. } if database.closed.contains(table) => Reply::Refused,
        Wish::Sample { table, columns, rows } => {
            assert!(*rows <= SAMPLED_ROWS);
            let pick = |row: &Vec<Value>| columns.iter().map(|c| row[database.place(table, c)].clone()).collect();
            Reply::Rows(database.rows(table).iter().take(*rows as usize).map(pick).collect())
        }
        Wish::Select(_) => Reply::Rows(Vec::new()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: if std::env::var_os("UPHELD_DEEP").is_some() { 5_000 } else { 120 }, ..ProptestConfig::default() })]

    #[test]
    fn what_is_proposed_compiles_and_decides_every_table(database in any::database()) {
        let (source, proposal) = discover(&database);
        let compiled = compile(&source, None);
        prop_assert!(compiled.policy.is_some());
        let decided: BTreeSet<&String> = proposal.tables.keys().chain(proposal.ignored.keys()).collect();
        let all: BTreeSet<&String> = database.schema.tables.iter().filter(|t| !t.view).map(|t| &t.name).collect();
        prop_assert_eq!(decided, all);
    }

    #[test]
    fn nothing_that_was_read_is_written(database in any::database()) {
        let (source, proposal) = discover(&database);
        for (_, file) in source.files() {
            prop_assert!(!file.text.contains(any::MARK), "{}", file.text);
        }
        for decision in &proposal.decisions {
            prop_assert!(!decision.question.contains(any::MARK));
        }
    }
}
