//! The other rights on the help desk: correction, restriction and its end, portability, confirmation.

mod support;

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use support::{Company, Dump};

const MARIA: &str = "maria.lindqvist@fjord-cargo.example";
const TORE: &str = "tore.myklebust@fjord-cargo.example";

#[test]
fn a_confirmation_says_yes_or_no_and_nothing_else() {
    let company = Company::sqlite(30);
    let before = company.dump();
    for (email, held) in [(MARIA, true), ("nobody@nowhere.example", false)] {
        let told = fulfil(&company, "confirmation", email, &[]);
        let path = told["answer"].as_str().expect("an answer");
        let answer = std::fs::read_to_string(path).expect("the answer");
        let answer: Value = serde_json::from_str(&answer).expect("JSON");
        assert_eq!(answer["held"], held);
        let searched = answer["tables_searched"].as_array().expect("what was searched");
        assert!(searched.iter().any(|t| t == "helpdesk.persons") && searched.iter().any(|t| t == "billing.payers"));
        assert!(!answer.to_string().to_lowercase().contains("lindqvist"), "an answer of yes or no tells no value");
        let certificate = told["certificate"].as_str().expect("a certificate");
        let certificate = std::fs::read_to_string(certificate).expect("the certificate");
        assert!(certificate.contains("helpdesk.persons"), "the search is evidence");
    }
    assert_eq!(company.dump(), before);
}

#[test]
fn a_correction_reaches_copies_and_linked_systems_and_nobody_else() {
    let company = Company::sqlite(30);
    let before = company.dump();
    let new = "maria.berg@fjord-cargo.example";
    let (correct, wrong) = (format!("user.contact.email={new}"), format!("user.contact.email={MARIA}"));
    let told = fulfil(&company, "rectification", MARIA, &["--correct", &correct, "--wrong", &wrong]);
    assert_eq!(told["state"], "complete", "{told}");
    let changed = changed(&before, &company.dump());
    let places: BTreeSet<&str> = changed.iter().map(|(place, ..)| place.as_str()).collect();
    for place in ["helpdesk.persons.email", "billing.payers.email", "billing.billing_contacts.address"] {
        assert!(places.contains(place), "{place} follows: {places:?}");
    }
    for (place, old, now) in &changed {
        assert_eq!(old.as_deref().map(str::to_lowercase).as_deref(), Some(MARIA), "{place}");
        assert_eq!(now.as_deref(), Some(new), "{place}");
    }
    let again = fulfil(&company, "confirmation", new, &[]);
    assert_eq!(again["state"], "complete");
    let refused = company.upheld(&ask("rectification", new, &company, &["--correct", &correct, "--wrong", &correct]));
    assert_eq!(refused.code, 1, "what is right already is no correction: {refused:?}");
}

#[test]
fn a_correction_that_would_make_somebody_else_of_the_person_is_refused() {
    let company = Company::sqlite(30);
    let before = company.dump();
    for (correct, says) in [
        (format!("user.contact.email={TORE}"), "different values stand in user.contact.email"),
        (format!("helpdesk:persons.email={TORE}"), "already identifies another record"),
        ("helpdesk:persons.email=not-an-address".to_owned(), "it identifies nobody"),
        ("helpdesk:persons.birth_date=yesterday".to_owned(), "the column is"),
        ("helpdesk:persons.id=7".to_owned(), "part of the key"),
        ("helpdesk:persons.nonsense=7".to_owned(), "nothing of this person stands in helpdesk.persons.nonsense"),
    ] {
        let refused = company.upheld(&ask("rectification", MARIA, &company, &["--correct", &correct]));
        assert_eq!(refused.code, 1, "{correct}: {refused:?}");
        assert!(refused.stderr.contains(says), "{correct}: {refused:?}");
        assert!(!refused.stderr.contains(TORE), "errors hold no value: {refused:?}");
    }
    assert_eq!(company.dump(), before);
}

#[test]
fn while_data_are_restricted_they_are_only_stored() {
    let company = Company::sqlite(30);
    let status = "select status from persons where id = 1";
    let before = company.query("helpdesk", status);
    fulfil(&company, "restriction", MARIA, &[]);
    assert_eq!(company.query("helpdesk", status)[0]["status"].as_deref(), Some("restricted"));
    let refused = company.upheld(&ask("erasure", MARIA, &company, &["--yes"]));
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.stderr.contains("restricted since"), "{refused:?}");
    fulfil(&company, "lifting", MARIA, &[]);
    assert_eq!(company.query("helpdesk", status), before);
    let told = fulfil(&company, "erasure", MARIA, &[]);
    let ending = company.confirm_tasks(told["run"].as_str().expect("a run"));
    assert_eq!(ending["state"], "complete", "{ending}");
}

#[test]
fn a_portability_returns_what_the_person_provided_and_can_be_read_in_again() {
    let company = Company::sqlite(30);
    let first = portable(&company);
    let persons = table(&first, "persons");
    let names: Vec<&str> =
        persons["columns"].as_array().expect("columns").iter().filter_map(|c| c["name"].as_str()).collect();
    assert!(names.contains(&"email") && names.contains(&"id"));
    for not in ["sentiment", "vip", "notes", "status"] {
        assert!(!names.contains(&not), "{not} was not provided by the person");
    }
    assert!(first["tables"].as_array().expect("tables").iter().any(|t| t["table"] == "replies"));
    // Another company with the same tables, where all of it reads otherwise, takes it in and then gives the same answer.
    let other = Company::sqlite(30);
    other.execute(
        "helpdesk",
        "update persons set name = 'Somebody', phone = null where id = 1; update sessions set ip = 'x'",
    );
    assert_ne!(portable(&other)["tables"], first["tables"]);
    for system in ["helpdesk", "billing"] {
        let tables = first["tables"].as_array().expect("tables").iter().filter(|t| t["system"] == system);
        other.execute(system, &tables.map(updates).collect::<String>());
    }
    let second = portable(&other);
    let tables = |data: &Value| {
        let all = data["tables"].as_array().cloned().expect("tables");
        // When a file was written is another matter in another company.
        all.into_iter().filter(|t| t["system"] != "uploads").collect::<Vec<_>>()
    };
    for (one, two) in tables(&first).iter().zip(&tables(&second)) {
        assert_eq!(one, two);
    }
    assert_eq!(tables(&first).len(), tables(&second).len());
}

fn portable(company: &Company) -> Value {
    let told = fulfil(company, "portability", MARIA, &["--plain"]);
    let folder = std::path::PathBuf::from(told["answer"].as_str().expect("an answer"));
    assert!(folder.join("schema.json").is_file() && folder.join("index.html").is_file());
    let text = std::fs::read_to_string(folder.join("data.json")).expect("the data");
    let data: Value = serde_json::from_str(&text).expect("JSON");
    for table in data["tables"].as_array().expect("tables") {
        let columns = table["columns"].as_array().expect("columns").len();
        let rows = table["rows"].as_array().expect("rows");
        assert!(rows.iter().all(|r| r.as_array().is_some_and(|r| r.len() == columns)), "{}", table["table"]);
    }
    data
}

fn table<'a>(data: &'a Value, name: &str) -> &'a Value {
    let found = data["tables"].as_array().expect("tables").iter().find(|t| t["table"] == name);
    found.unwrap_or_else(|| panic!("no table {name}"))
}

/// Statements that write the rows where rows of these keys stand.
fn updates(table: &Value) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let name = quoted(table["table"].as_str().expect("a name"));
    let columns = table["columns"].as_array().expect("columns");
    let columns: Vec<&str> = columns.iter().filter_map(|c| c["name"].as_str()).collect();
    let key: Vec<&str> = table["key"].as_array().expect("a key").iter().filter_map(Value::as_str).collect();
    let rows = table["rows"].as_array().expect("rows").iter();
    let one = |row: &Value| {
        let pairs = || columns.iter().zip(row.as_array().expect("a row"));
        let is = |(column, value): (&&str, &Value)| format!("{} = {}", quoted(column), literal(value));
        let set: Vec<String> = pairs().filter(|(c, _)| !key.contains(*c)).map(is).collect();
        let which: Vec<String> = pairs().filter(|(c, _)| key.contains(*c)).map(is).collect();
        match set.is_empty() {
            true => String::new(),
            false => format!("update {name} set {} where {};\n", set.join(", "), which.join(" and ")),
        }
    };
    rows.map(one).collect()
}

fn literal(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(b) => i32::from(*b).to_string(),
        Value::Number(n) => n.to_string(),
        Value::String(s) => format!("'{}'", s.replace('\'', "''")),
        other => match (other["int"].as_str(), other["bytes"].as_str()) {
            (Some(int), _) => int.to_owned(),
            (_, Some(bytes)) => format!("x'{}'", hex::encode(STANDARD.decode(bytes).expect("Base64"))),
            _ => panic!("a value of no known form: {other}"),
        },
    }
}

fn ask<'a>(right: &'a str, email: &'a str, company: &'a Company, more: &[&'a str]) -> Vec<&'a str> {
    let mut args = vec!["fulfil", right, company.folder(), "--subject", "customer", "--email", email];
    args.extend(more);
    args
}

fn fulfil(company: &Company, right: &str, email: &str, more: &[&str]) -> Value {
    let out = company.answers.display().to_string();
    company.json(&[ask(right, email, company, more), vec!["--yes", "--out", &out]].concat())
}

/// Values that differ: place, before and after. No row comes or goes.
fn changed(before: &Dump, after: &Dump) -> Vec<(String, Option<String>, Option<String>)> {
    let mut found = Vec::new();
    for ((system, table), rows) in before {
        let now = &after[&(system.clone(), table.clone())];
        assert_eq!(rows.len(), now.len(), "{system}.{table}");
        let gone: Vec<_> = rows.iter().filter(|r| !now.contains(r)).collect();
        let came: Vec<_> = now.iter().filter(|r| !rows.contains(r)).collect();
        for old in gone {
            let alike = |new: &&&support::Row| old.iter().filter(|(c, v)| new.get(*c) != Some(v)).count();
            let new = came.iter().min_by_key(alike).expect("a changed row");
            for (column, value) in old.iter().filter(|(c, v)| new.get(*c) != Some(v)) {
                found.push((format!("{system}.{table}.{column}"), value.clone(), new[column].clone()));
            }
        }
    }
    found
}
