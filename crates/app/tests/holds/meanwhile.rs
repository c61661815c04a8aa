//! What triggers write while somebody is erased, into a table of which the map says so: it goes too, or a law keeps it, and
//! receipts and certificate tell how many rows it was.

use std::os::unix::process::ExitStatusExt as _;
use std::process::Command;

use serde_json::{Value, json};

use crate::desk;
use crate::kill;
use crate::support::Company;

const TABLES: &str = "create table users (id int primary key, email varchar(60));
    create table posts (id int primary key, writer int, body varchar(60));
    create table events (id integer primary key, kind varchar(20), person int, note varchar(60));
    insert into users values (1, 'ann@x.example'), (2, 'bo@x.example');
    insert into posts values (10, 1, 'hers'), (11, 1, 'hers too'), (20, 2, 'his');
    insert into events values (1, 'seen', 1, 'early'), (2, 'seen', 2, 'early');
    create trigger gone after delete on posts begin
        insert into events (kind, person, note) values ('deleted', old.writer, 'late'), ('billed', old.writer, 'late');
    end;";

/// What was billed stays, by law.
const MAP: &str = r#"
[subject.user]
table = "users"
identity = { email = { column = "email", match = "email" } }
[table.users.columns]
email = "user.contact.email"
[table.posts]
links = [{ role = "owner", column = "writer", to = "users.id" }]
trigger = { gone = "reviewed: it logs" }
columns.body = "user.content"
[table.events]
sweep = "after"
links = [{ role = "owner", column = "person", to = "users.id", on_erase = [
  { when = { kind = "billed" }, do = { keep = "tax" } },
  { do = "delete" },
] }]
columns = { kind = "system.operations", note = "user.content" }
"#;

fn shop() -> Company {
    let company = Company::bare_sqlite();
    company.execute("helpdesk", TABLES);
    let policy = "[company]\nname = \"Shop\"\n\n[[law]]\nid = \"tax\"\ntitle = \"Tax law\"\n";
    std::fs::write(company.folder.join("policy.toml"), policy).expect("the policy");
    company.system("shop", MAP);
    company
}

/// The erasure of Ann, ready to run.
fn erasure(company: &Company) -> Command {
    let mut command = company.command();
    let out = company.path("");
    let who = ["--subject", "user", "--email", "ann@x.example"];
    command.args(["--json", "fulfil", "erasure", company.folder()]).args(who).args(["--yes", "--out", &out]);
    command
}

/// Rows of the log, without keys.
fn events(company: &Company) -> Vec<String> {
    let rows = company.query("helpdesk", "select kind || ' ' || person || ' ' || note as it from events order by id");
    rows.into_iter().filter_map(|mut row| row.remove("it").flatten()).collect()
}

/// What the certificate says of such rows, and of what stays.
fn told(told: &Value) {
    assert_eq!(told["state"], "complete", "what a law keeps is no residue: {told}");
    let certificate = desk::certificate(told);
    let meanwhile = desk::statement(&certificate, "meanwhile").expect("what was written meanwhile");
    assert_eq!(meanwhile, json!([{ "system": "shop", "table": "events", "deleted": 2, "changed": 0 }]));
    let kept = desk::statement(&certificate, "kept").expect("what is kept");
    let billed: Vec<&Value> = kept.as_array().expect("a list").iter().filter(|k| k["table"] == "events").collect();
    assert_eq!((billed.len(), &billed[0]["rows"]), (1, &json!(2)), "{kept}");
    assert_eq!(billed[0]["why"]["law"], "tax", "{kept}");
}

const LEFT: [&str; 3] = ["seen 2 early", "billed 1 late", "billed 1 late"];

#[test]
fn what_is_written_meanwhile_goes_or_is_kept_by_law_and_is_told() {
    let company = shop();
    let done = crate::support::output(&mut erasure(&company));
    assert_eq!(done.code, 0, "{done:?}");
    told(&serde_json::from_str(&done.stdout).expect("JSON"));
    assert_eq!(events(&company), LEFT);
    // Asked again, the register keeps them.
    let again = crate::support::output(erasure(&company).env("NO_COLOR", "1"));
    assert_ne!(again.code, 2, "{again:?}");
    assert_eq!(events(&company), LEFT);
}

#[test]
fn a_run_that_was_cut_short_tells_it_when_it_is_resumed() {
    let company = shop();
    let log = company.dir().join("calls");
    let with = |command: &mut Command, name: &str, value: &str| {
        command.env("LD_PRELOAD", kill::library()).env(name, value).output().expect("run the program")
    };
    with(&mut erasure(&company), "CRASH_LOG", &log.display().to_string());
    let (mut resumed, calls) = (0, kill::calls(&log));
    for point in kill::around_commits(&calls, 14) {
        let company = shop();
        let ended = with(&mut erasure(&company), "CRASH_AT", &point.to_string());
        if ended.status.signal() != Some(9) {
            continue;
        }
        let out = company.path("");
        let runs = company.json(&["resume", company.folder(), "--out", &out]);
        for run in runs.as_array().into_iter().flatten().filter(|run| run["certificate"].is_string()) {
            told(run);
            assert_eq!(events(&company), LEFT, "point {point}");
            resumed += 1;
        }
    }
    assert!(resumed > 2, "only {resumed} runs were resumed to their end");
}

#[test]
fn what_a_law_kept_of_it_goes_when_the_law_ends() {
    let company = shop();
    let until = format!("keep = \"tax\", until = {}", desk::day(10));
    company.system("shop", &MAP.replace("keep = \"tax\"", &until));
    let done = crate::support::output(&mut erasure(&company));
    assert_eq!(done.code, 0, "{done:?}");
    assert_eq!(events(&company), LEFT);
    let out = company.path("");
    let due = company.later(11, &["--json", "resume", company.folder(), "--due", "--out", &out]);
    assert_eq!(due.code, 0, "{due:?}");
    assert_eq!(events(&company), ["seen 2 early"], "{due:?}");
}

/// Between plan and run she uploads a file into a table that is not asked again: neither row nor file is touched, and what
/// is asked again comes to its end.
#[test]
fn a_file_that_no_plan_names_is_not_touched() {
    let company = shop();
    company.execute("helpdesk", "create table papers (id int primary key, owner int, path varchar(60));");
    let papers = "[table.papers]\nlinks = [{ role = \"owner\", column = \"owner\", to = \"users.id\" }]\n\
        columns.path = { category = \"user.content\", file = \"uploads\" }\n";
    company.system("shop", &format!("{MAP}{papers}"));
    let address = company.dir().join("uploads");
    std::fs::write(&address, company.uploads.display().to_string()).expect("the address");
    let files = format!("[system]\nkind = \"files\"\nconnect = {{ file = {address:?} }}\n");
    std::fs::write(company.folder.join("systems/uploads.toml"), files).expect("the map");
    let plan = company.path("plan.json");
    let who = ["--subject", "user", "--email", "ann@x.example", "--out", &plan];
    let planned = company.upheld(&[&["plan", "erasure", company.folder()][..], &who].concat());
    assert_eq!(planned.code, 0, "{planned:?}");
    company.execute("helpdesk", "insert into papers values (99, 1, 'a.txt');");
    std::fs::write(company.uploads.join("a.txt"), "late").expect("a file");
    let out = company.path("");
    let applied = company.upheld(&["--json", "apply", &plan, "--out", &out]);
    assert_eq!(applied.code, 1, "{applied:?}");
    let told: Value = serde_json::from_str(&applied.stdout).expect("JSON");
    assert_eq!(told["state"], "partial", "{told}");
    assert!(told["certificate"].is_string(), "{told}");
    assert!(company.uploads.join("a.txt").exists());
    assert_eq!(company.query("helpdesk", "select id from papers").len(), 1);
    assert_eq!(events(&company), LEFT, "what triggers wrote is dealt with all the same");
}

/// What a law kept goes when the law ends. A hold on her, put since, keeps what is written then.
#[test]
fn a_hold_on_the_person_keeps_what_is_written_while_the_rest_goes() {
    let company = Company::bare_sqlite();
    company.execute(
        "helpdesk",
        "create table users (id int primary key, email varchar(60));
         create table invoices (id int primary key, person int);
         create table audit (id integer primary key, invoice int, what varchar(60));
         insert into users values (1, 'ann@x.example'), (2, 'bo@x.example');
         insert into invoices values (7, 1), (8, 2);
         create trigger gone after delete on invoices begin
             insert into audit (invoice, what) values (old.id, 'deleted');
         end;",
    );
    let policy = "[company]\nname = \"Shop\"\n\n[[law]]\nid = \"tax\"\ntitle = \"Tax law\"\n";
    std::fs::write(company.folder.join("policy.toml"), policy).expect("the policy");
    let map = r#"
[subject.user]
table = "users"
identity = { email = { column = "email", match = "email" } }
[table.users.columns]
email = "user.contact.email"
[table.invoices]
links = [{ role = "owner", column = "person", to = "users.id", on_erase = { keep = "tax", until = UNTIL, with = ["users.email"] } }]
trigger = { gone = "reviewed: it logs" }
[table.audit]
sweep = "after"
links = [{ role = "part", column = "invoice", to = "invoices.id" }]
columns.what = "system.operations"
"#;
    company.system("shop", &map.replace("UNTIL", &desk::day(10)));
    let done = crate::support::output(&mut erasure(&company));
    assert_eq!(done.code, 0, "{done:?}");
    let who = ["--subject", "user", "--email", "ann@x.example", "--table", "shop:audit"];
    let why = ["--reason", "Claim for damages", "--authority", "Oslo District Court"];
    company.json(&[&["hold", "add", company.folder(), "claim"][..], &who, &why].concat());
    let out = company.path("");
    let due = company.later(11, &["--json", "resume", company.folder(), "--due", "--out", &out]);
    assert_eq!(company.query("helpdesk", "select id from invoices where person = 1"), [], "{due:?}");
    assert_eq!(company.query("helpdesk", "select id from audit").len(), 1, "{due:?}");
    let told: Value = serde_json::from_str(&due.stdout).expect("JSON");
    assert_eq!(told[0]["state"], "complete", "what is held is no residue: {told}");
}
