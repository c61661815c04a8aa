//! `upheld grants` on a real server: the two roles are made with exactly the statements it prints, on the sample company.
//!
//! With them every question of the battery can be planned, carried out and probed; without any one of them something
//! fails; and the reading role changes nothing. The names of the roles are hostile on purpose.

mod battery;
mod mariadb;
#[path = "../support/mod.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use connect::testing::PgServer;
use serde_json::Value;

use battery::{Battery, Person, Places};
use support::Company;

const READ: &str = "reads \"all\"";
const WRITE: &str = "writes; drop";

/// A statement as the command tells it.
struct Statement {
    system: String,
    side: String,
    sql: String,
}

/// The company with both roles, its databases ready to be copied.
struct Ready {
    company: Company,
    told: Value,
    statements: Vec<Statement>,
    persons: Vec<Person>,
}

fn ready() -> &'static Ready {
    static READY: OnceLock<Ready> = OnceLock::new();
    READY.get_or_init(|| {
        let company = Company::postgres(40);
        let told = company.json(&["grants", company.folder(), "--live", "--role-read", READ, "--role-write", WRITE]);
        let statements = statements(&told);
        let server = PgServer::shared();
        for role in [READ, WRITE] {
            server.psql("postgres", &format!("create role {} login", quoted(role)));
        }
        for system in ["helpdesk", "billing"] {
            server.psql(&database(&company, system), "revoke all on schema public from public");
        }
        for statement in &statements {
            server.psql(&database(&company, &statement.system), &statement.sql);
        }
        let all = Person::all(&company);
        let persons =
            Battery::copy(&company, "choice", READ, WRITE).chosen(&all).expect("every person can be carried out");
        Ready { company, told, statements, persons }
    })
}

fn statements(told: &Value) -> Vec<Statement> {
    let systems = told.as_array().expect("systems");
    let one = |system: &Value, s: &Value| Statement {
        system: text(&system["system"]),
        side: text(&s["side"]),
        sql: text(&s["sql"]),
    };
    let list = |system: &Value| system["statements"].as_array().expect("statements").clone();
    systems.iter().flat_map(|system| list(system).into_iter().map(|s| one(system, &s)).collect::<Vec<_>>()).collect()
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The database of a system, from its address.
fn database(company: &Company, system: &str) -> String {
    let address = if system == "billing" { &company.billing } else { &company.helpdesk };
    let path = address.split('?').next().expect("an address");
    path.rsplit('/').next().expect("a database").to_owned()
}

#[test]
fn with_the_printed_rights_everything_can_be_carried_out_and_changed_columns_are_those_listed() {
    let ready = ready();
    assert!(ready.persons.len() >= 5, "{}", ready.persons.len());
    let places = Battery::copy(&ready.company, "whole", READ, WRITE).run(&Person::all(&ready.company));
    let granted = Places::granted(&ready.told);
    let places = places.expect("every person can be carried out");
    assert_eq!(places.beyond(&granted), BTreeSet::new(), "changed without a right to it");
    let unused: BTreeSet<String> = granted.beyond(&places);
    eprintln!("granted to the writing role and not used by any of these persons: {unused:?}");
}

/// `UPHELD_DEEP=1` takes every statement, else every fourth.
#[test]
fn without_any_one_of_them_something_fails() {
    let ready = ready();
    let deep = std::env::var_os("UPHELD_DEEP").is_some();
    let mut superfluous = Vec::new();
    for (at, statement) in ready.statements.iter().enumerate().filter(|(at, _)| deep || at % 4 == 0) {
        let battery = Battery::copy(&ready.company, &format!("without_{at}"), READ, WRITE);
        battery.psql(&statement.system, &revoked(&statement.sql));
        if battery.run(&ready.persons).is_ok() {
            superfluous.push(&statement.sql);
        }
    }
    assert!(superfluous.is_empty(), "{superfluous:#?}");
}

fn revoked(sql: &str) -> String {
    sql.replacen("GRANT", "REVOKE", 1).replacen(" TO ", " FROM ", 1)
}

#[test]
fn the_reading_role_changes_nothing() {
    let ready = ready();
    let reading: Vec<&Statement> = ready.statements.iter().filter(|s| s.side == "read").collect();
    assert!(reading.iter().all(|s| s.sql.contains("GRANT SELECT (") || s.sql.contains("GRANT USAGE ON SCHEMA")));
    let battery = Battery::copy(&ready.company, "reader_writes", READ, READ);
    let failed = battery.run(&ready.persons).expect_err("the reading role cannot apply");
    assert!(failed.contains("our role may not use"), "{failed}");
}

#[test]
fn a_role_whose_transactions_only_read_is_enough_to_plan_and_to_answer() {
    let ready = ready();
    let battery = Battery::copy(&ready.company, "standby", READ, WRITE);
    let role = "reads_only";
    let server = PgServer::shared();
    server.psql("postgres", &format!("create role {role} login in role {}", quoted(READ)));
    server.psql("postgres", &format!("alter role {role} set default_transaction_read_only = on"));
    battery.reading_as(role).run(&ready.persons).expect("a role that may only read reads");
}

#[test]
fn the_statements_are_one_for_each_table_and_privilege() {
    let ready = ready();
    let mut seen: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for s in &ready.statements {
        assert!(s.sql.starts_with("GRANT ") && s.sql.ends_with(';') && !s.sql.contains('\n'), "{}", s.sql);
        *seen.entry((s.system.as_str(), s.sql.as_str())).or_default() += 1;
    }
    assert!(seen.values().all(|n| *n == 1));
    assert!(ready.statements.iter().any(|s| s.sql.contains("ON \"public\".\"persons\" TO \"writes; drop\";")));
}
