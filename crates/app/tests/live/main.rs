//! `check --live` and `map diff` on real systems: what the roles may do, what no index serves, what changed.

mod mariadb;
#[path = "../support/mod.rs"]
mod support;

use connect::testing::PgServer;
use serde_json::Value;

use support::{Company, Output};

/// The database of the help desk, from its address.
fn database(company: &Company) -> String {
    let path = company.helpdesk.split('?').next().expect("an address");
    path.rsplit('/').next().expect("a database").to_owned()
}

/// Lets the help desk be read and written by roles of these names, whose addresses lie in files.
fn two_roles(company: &Company, read: &str, write: &str) {
    connected_as(company, read, write, |role| PgServer::shared().url_as(role, &database(company)));
}

fn connected_as(company: &Company, read: &str, write: &str, url: impl Fn(&str) -> String) {
    let map = company.folder.join("systems/helpdesk.toml");
    let text = std::fs::read_to_string(&map).expect("the map");
    let line = text.lines().find(|l| l.starts_with("connect = ")).expect("a connection").to_owned();
    let address = |role: &str| {
        let path = company.dir().join(format!("{role}.address"));
        std::fs::write(&path, url(role)).expect("an address");
        path.display().to_string()
    };
    let sides = format!("read = {{ file = \"{}\" }}\nwrite = {{ file = \"{}\" }}", address(read), address(write));
    std::fs::write(&map, text.replacen(&line, &sides, 1)).expect("the map");
}

fn roles(company: &Company, read: &str, write: &str) {
    for role in [read, write] {
        PgServer::shared().psql("postgres", &format!("create role \"{role}\" login"));
    }
    let args =
        ["grants", company.folder(), "--live", "--system", "helpdesk", "--role-read", read, "--role-write", write];
    let printed = company.upheld(&args);
    assert_eq!(printed.code, 0, "{printed:?}");
    PgServer::shared().psql(&database(company), &printed.stdout);
    two_roles(company, read, write);
}

/// Codes and messages that `check --live` reports of the help desk; what it merely notes of the map is not about live systems.
fn live(company: &Company) -> Vec<(String, String)> {
    let done = company.upheld(&["--json", "check", company.folder(), "--live"]);
    let report: Value = serde_json::from_str(&done.stdout).unwrap_or_else(|e| panic!("{e}: {done:?}"));
    assert!(report["findings"].is_array(), "{done:?}");
    let text = |v: &Value| v.as_str().expect("a text").to_owned();
    let findings = report["findings"].as_array().expect("findings").iter();
    let here = findings.filter(|f| f["file"] == "systems/helpdesk.toml" && f["severity"] != "note");
    here.map(|f| (text(&f["code"]), text(&f["message"]))).collect()
}

fn codes(company: &Company) -> Vec<String> {
    live(company).into_iter().map(|(code, _)| code).collect()
}

#[test]
fn the_printed_rights_are_neither_too_few_nor_too_many() {
    let company = Company::postgres(30);
    roles(&company, "least_read", "least_write");
    assert_eq!(live(&company), Vec::new());
    let run = |sql: &str| drop(PgServer::shared().psql(&database(&company), sql));

    run("grant update (notes) on persons to least_read");
    let found = live(&company);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0], ("U0703".into(), "the reading role `least_read` has UPDATE on `persons` (notes)".into()));
    run("revoke update (notes) on persons from least_read");

    run("grant delete on settings to public");
    assert_eq!(codes(&company), ["U0703", "U0703"], "what everybody may do, both may");
    run("revoke delete on settings from public");

    run("create role least_group; grant truncate on replies to least_group; grant least_group to least_write");
    let found = live(&company);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].1.contains("has TRUNCATE on `replies`"), "{found:?}");
    run("revoke least_group from least_write");

    run("revoke delete on sessions from least_write; revoke select (email) on persons from least_read");
    let found = live(&company);
    let messages: Vec<&str> = found.iter().map(|(_, m)| m.as_str()).collect();
    assert_eq!(codes(&company), ["U0702", "U0702"]);
    assert!(messages.contains(&"the reading role `least_read` lacks SELECT on `persons` (email)"), "{messages:?}");
    assert!(messages.contains(&"the writing role `least_write` lacks DELETE on `sessions`"), "{messages:?}");
}

#[test]
fn a_role_without_the_schema_and_a_superuser_are_told() {
    let company = Company::postgres(30);
    roles(&company, "bare_read", "bare_write");
    let run = |sql: &str| drop(PgServer::shared().psql(&database(&company), sql));
    run("revoke all on schema public from public, bare_read");
    let found = live(&company);
    assert!(found.iter().any(|(c, m)| c == "U0702" && m.contains("cannot look into schema `public`")), "{found:?}");
    run("grant usage on schema public to bare_read");
    two_roles_again(&company, "postgres", "bare_write");
    let found = live(&company);
    assert_eq!(found, [("U0703".to_owned(), "the reading role `postgres` is a superuser".to_owned())]);
}

fn two_roles_again(company: &Company, read: &str, write: &str) {
    let map = company.folder.join("systems/helpdesk.toml");
    let text = std::fs::read_to_string(&map).expect("the map");
    let kept: Vec<&str> = text.lines().filter(|l| !l.starts_with("write = ")).collect();
    let again = kept.join("\n").replacen("read = ", "connect = ", 1);
    std::fs::write(&map, again).expect("the map");
    two_roles(company, read, write);
}

#[test]
fn without_the_address_of_write_people_plan_and_check_and_nothing_is_applied() {
    let company = Company::sqlite(30);
    let map = company.folder.join("systems/helpdesk.toml");
    let text = std::fs::read_to_string(&map).expect("the map");
    let before = company.dump();
    let refused = |text: String, why: &str| {
        std::fs::write(&map, text).expect("the map");
        let erasure = ["erasure", company.folder(), "--subject", "customer", "--id", "helpdesk:12"];
        assert_eq!(company.upheld(&["check", company.folder(), "--live"]).code, 0);
        assert_eq!(company.upheld(&[&["plan"], &erasure[..]].concat()).code, 0);
        let done: Output = company.upheld(&[&["fulfil"], &erasure[..], &["--yes"]].concat());
        assert_eq!(done.code, 1, "{done:?}");
        assert!(done.stderr.contains("system helpdesk cannot be written") && done.stderr.contains(why), "{done:?}");
    };
    refused(text.replacen("connect = ", "read = ", 1), "names no `write` connection");
    let missing = "write = { env = \"UPHELD_TEST_NOT_SET\" }\nread = ";
    refused(text.replacen("connect = ", missing, 1), "UPHELD_TEST_NOT_SET is not set");
    assert_eq!(company.dump(), before);
}

#[test]
fn a_large_table_without_index_is_told_and_the_printed_statements_mend_it() {
    for company in Company::both(30) {
        let numbers = match company.engine {
            "postgres" => "generate_series(1, 12000) as s(n)",
            _ => {
                "(with recursive s(n) as (select 1 union all select n + 1 from s where n < 12000) select n from s) as s"
            }
        };
        let columns = "id, org_id, name, username, status, created_at";
        let copy = format!(
            "insert into persons ({columns}) select 1000000 + s.n, p.org_id, p.name, 'bulk-' || s.n, p.status, p.created_at \
             from persons p, {numbers} where p.id = 12"
        );
        company.execute("helpdesk", &copy);
        for index in ["persons_index_1", "persons_phone_1", "persons_phone_2"] {
            company.execute("helpdesk", &format!("drop index {index}"));
        }
        let slow =
            || live(&company).into_iter().filter(|(code, _)| code == "U0701").map(|(_, m)| m).collect::<Vec<_>>();
        let missing = ["email", "phone"].map(|c| format!("no index of table `persons` finds rows by `{c}`"));
        assert_eq!(slow(), missing, "{}", company.engine);
        let printed = company.upheld(&["check", company.folder(), "--live", "--indexes", "--system", "helpdesk"]);
        let statements: Vec<&str> = printed.stdout.lines().filter(|l| !l.starts_with("--")).collect();
        assert_eq!(statements.len(), 3, "{printed:?}");
        for statement in statements {
            company.execute("helpdesk", statement);
        }
        assert_eq!(slow(), Vec::<String>::new(), "{}", company.engine);
    }
}

#[test]
fn drift_is_told_with_what_it_means_and_fails_the_gate() {
    for company in Company::both(30) {
        let diff = || company.upheld(&["map", "diff", company.folder(), "--system", "helpdesk"]);
        assert_eq!(diff().code, 2, "nothing is locked yet");
        assert_eq!(company.upheld(&["map", "lock", company.folder()]).code, 0);
        let same = diff();
        assert_eq!((same.code, same.stdout.as_str()), (0, "ok helpdesk: as it was locked\n"));
        company.execute("helpdesk", "alter table persons add column nickname text");
        company.execute("helpdesk", "create table \"odd \"\"name\" (id int primary key)");
        let drifted = diff();
        assert_eq!(drifted.code, 1, "{drifted:?}");
        for line in [
            "helpdesk: 2 differences",
            "  new table odd \"name of 1 columns",
            "  new column persons.nickname (",
            "      no decision; add it under [table.persons.columns]",
        ] {
            assert!(drifted.stdout.lines().any(|l| l.starts_with(line)), "{line}\n{}", drifted.stdout);
        }
        let checked = company.upheld(&["check", company.folder(), "--live"]);
        assert_eq!(checked.code, 1);
        for code in ["U0401", "U0402", "U0704"] {
            assert!(checked.stdout.contains(code), "{code}: {checked:?}");
        }
    }
}
