//! Deactivations through the program: what is sealed comes back, as long as its key is there, and only once.

mod meanwhile;
#[path = "../support/mod.rs"]
mod support;

use std::fs;

use serde_json::Value;
use support::{Company, Dump, database};

const MARIA: &str = "maria.lindqvist@fjord-cargo.example";
const TORE: &str = "tore.myklebust@fjord-cargo.example";

#[test]
fn who_leaves_comes_back_as_they_were() {
    for company in Company::each(30).map(without_files) {
        let before = company.dump();
        leave(&company, MARIA);
        let away = company.dump();
        assert_ne!(away, before);
        assert_eq!(naming(&away, MARIA), [""; 0], "{}: somebody who is away is named", company.engine);
        assert_eq!(sealed(&company).len(), 1);
        come_back(&company, MARIA);
        same(&company.dump(), &before);
        assert_eq!(sealed(&company), [] as [Value; 0], "what came back is not sealed any more");
    }
}

/// Several people leave and return in each order.
#[test]
fn several_people_come_back_in_any_order() {
    let orders: [&[&str]; 2] = [&[MARIA, TORE], &[TORE, MARIA]];
    for order in orders {
        let company = without_files(Company::sqlite(30));
        let before = company.dump();
        [MARIA, TORE].into_iter().for_each(|who| leave(&company, who));
        assert_eq!(sealed(&company).len(), 2);
        come_back(&company, order[0]);
        assert_eq!(naming(&company.dump(), order[1]), [""; 0], "{} is still away", order[1]);
        come_back(&company, order[1]);
        same(&company.dump(), &before);
    }
}

#[test]
fn what_came_back_cannot_come_back_again() {
    let company = without_files(Company::sqlite(30));
    let before = company.dump();
    leave(&company, MARIA);
    let plan = company.path("back.json");
    company.json(&["plan", "reactivation", company.folder(), "--subject=customer", "--email", MARIA, "--out", &plan]);
    come_back(&company, MARIA);
    same(&company.dump(), &before);
    let again = company.upheld(&ask(&company, "reactivation", MARIA));
    assert_eq!(again.code, 2, "{again:?}");
    assert!(again.stderr.contains("no deactivation of a customer"), "{again:?}");
    let old = company.upheld(&["apply", &plan]);
    assert_eq!(old.code, 1, "the plan was made before: {old:?}");
    assert!(old.stderr.contains("it was taken back, or is final"), "{old:?}");
    same(&company.dump(), &before);
    // Who comes back may leave again.
    leave(&company, MARIA);
    come_back(&company, MARIA);
    same(&company.dump(), &before);
}

#[test]
fn when_the_window_ends_the_erasure_is_final() {
    let company = without_files(Company::sqlite(30));
    leave(&company, MARIA);
    let listed = company.json(&["seals"]);
    assert_eq!(listed["seals"][0]["due"], false, "{listed}");
    assert_eq!(company.json(&["seals", "--end-due"])["ended"], Value::Array(Vec::new()));
    let away = company.dump();
    let store = format!("sqlite://{}/upheld.db", company.home.display());
    database::execute(&store, "update seals set ends_at = sealed_at + 1");
    assert_eq!(company.json(&["seals"])["seals"][0]["due"], true);
    let refused = company.upheld(&ask(&company, "reactivation", MARIA));
    assert_eq!(refused.code, 2, "after its window nothing comes back, whether or not somebody ended it: {refused:?}");
    same(&company.dump(), &away);
    let images = database::query(&store, "select 1 as one from before_images");
    assert!(images.is_empty(), "what was sealed is destroyed with its key");
    assert_eq!(database::query(&store, "select 1 as one from seals where sealed_key is not null"), []);
    assert_eq!(company.json(&["seals", "--end-due"])["ended"], Value::Array(Vec::new()), "once is enough");
}

#[test]
fn ending_what_is_due_leaves_the_others() {
    let company = without_files(Company::sqlite(30));
    [MARIA, TORE].into_iter().for_each(|who| leave(&company, who));
    let store = format!("sqlite://{}/upheld.db", company.home.display());
    database::execute(
        &store,
        "update seals set ends_at = sealed_at + 1 where sealed_at = (select min(sealed_at) from seals)",
    );
    let ended = company.json(&["seals", "--end-due"]);
    assert_eq!(ended["ended"].as_array().map(Vec::len), Some(1), "{ended}");
    assert_eq!(ended["seals"].as_array().map(Vec::len), Some(1), "{ended}");
    come_back(&company, TORE);
    assert_eq!(naming(&company.dump(), MARIA), [""; 0], "who is erased for good stays so");
    assert_eq!(company.upheld(&ask(&company, "reactivation", MARIA)).code, 2);
}

#[test]
fn nothing_comes_back_with_another_key() {
    let company = without_files(Company::sqlite(30));
    let before = company.dump();
    leave(&company, MARIA);
    let away = company.dump();
    let file = company.home.join("master.key");
    let right = fs::read_to_string(&file).expect("the master key");
    let swap = |c: char| if c == '0' { '1' } else { '0' };
    let other: String = right
        .lines()
        .map(|line| match line.starts_with('#') {
            true => format!("{line}\n"),
            false => format!("{}{}\n", swap(line.chars().next().expect("a digit")), &line[1..]),
        })
        .collect();
    fs::write(&file, other).expect("write another key");
    for refused in [company.upheld(&ask(&company, "reactivation", MARIA)), company.upheld(&["seals"])] {
        assert_eq!(refused.code, 1, "{refused:?}");
        assert!(refused.stderr.contains("wrong master key"), "{refused:?}");
    }
    same(&company.dump(), &away);
    fs::write(&file, right).expect("put the key back");
    // What lies sealed was changed by somebody who does not have the key.
    let store = format!("sqlite://{}/upheld.db", company.home.display());
    let kept = "create table kept as select * from before_images";
    database::execute(&store, kept);
    let flip = "update before_images set sealed = cast(substr(sealed, 1, 60) || x'00' || substr(sealed, 62) as blob)";
    database::execute(&store, flip);
    let refused = company.upheld(&ask(&company, "reactivation", MARIA));
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(!refused.stderr.to_lowercase().contains("lindqvist"), "errors hold no value: {refused:?}");
    same(&company.dump(), &away);
    database::execute(
        &store,
        "update before_images set sealed = (select k.sealed from kept k where k.case_id = before_images.case_id and k.system = before_images.system); drop table kept",
    );
    come_back(&company, MARIA);
    same(&company.dump(), &before);
}

/// Nothing of the person lies open in the store while they are away.
#[test]
fn what_is_sealed_cannot_be_read() {
    let company = without_files(Company::sqlite(30));
    leave(&company, MARIA);
    for file in fs::read_dir(&company.home).expect("the store").flatten().filter(|f| f.path().is_file()) {
        let bytes = fs::read(file.path()).expect("a file of the store");
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        assert!(!text.contains("lindqvist"), "{}", file.path().display());
    }
    let told = company.upheld(&["seals"]);
    assert_eq!(told.code, 0, "{told:?}");
    assert!(told.stdout.contains("can be taken back until"), "{told:?}");
    assert!(!told.stdout.to_lowercase().contains("lindqvist"), "{told:?}");
}

/// Files that were deleted cannot come back, so a deactivation that reaches one is refused: this company has none.
fn without_files(company: Company) -> Company {
    let refused = company.upheld(&ask(&company, "deactivation", MARIA));
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.stderr.contains("cannot be taken back"), "{refused:?}");
    company.execute("helpdesk", "delete from attachments");
    fs::remove_dir_all(&company.uploads).expect("remove the files");
    fs::create_dir(&company.uploads).expect("a folder for files");
    company
}

fn ask<'a>(company: &'a Company, right: &'a str, email: &'a str) -> [&'a str; 8] {
    ["fulfil", right, company.folder(), "--subject", "customer", "--email", email, "--yes"]
}

/// Through to the end: what people have to do is done.
fn carry(company: &Company, right: &str, email: &str) {
    let out = company.answers.display().to_string();
    let told = company.json(&[&ask(company, right, email)[..], &["--out", &out]].concat());
    let told =
        if told["state"] == "complete" { told } else { company.confirm_tasks(told["run"].as_str().expect("a run")) };
    assert_eq!(told["state"], "complete", "{right}: {told}");
}

fn leave(company: &Company, email: &str) {
    carry(company, "deactivation", email);
}

fn come_back(company: &Company, email: &str) {
    carry(company, "reactivation", email);
}

fn sealed(company: &Company) -> Vec<Value> {
    company.json(&["seals"])["seals"].as_array().cloned().expect("a list")
}

/// Tables in which the address stands; a law keeps it on invoices.
fn naming(dump: &Dump, email: &str) -> Vec<String> {
    let names = |row: &support::Row| row.values().flatten().any(|v| support::residue::stands_in(v, email));
    let tables = dump.iter().filter(|((_, table), rows)| table != "invoices" && rows.iter().any(names));
    tables.map(|((system, table), _)| format!("{system}.{table}")).collect()
}

/// Compares table by table; names tables and counts, for rows would fill the screen.
fn same(found: &Dump, expected: &Dump) {
    for (table, rows) in expected {
        assert!(found[table] == *rows, "{table:?}: {} rows, {} expected, or others", found[table].len(), rows.len());
    }
    assert_eq!(found.len(), expected.len());
}
