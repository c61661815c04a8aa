//! A restriction stands against an erasure from the moment it is carried out, whatever is left to be done by people.

use std::os::unix::process::ExitStatusExt as _;
use std::process::Command;

use serde_json::Value;

use crate::kill;
use crate::support::{self, Company, Output};

const TABLES: &str = "create table users (id int primary key, email varchar(60), state varchar(20));
    insert into users values (1, 'ann@x.example', 'active'), (2, 'bo@x.example', 'active');";

const MAP: &str = r#"
[subject.user]
table = "users"
identity = { email = { column = "email", match = "email" } }
restriction = { set = { state = "restricted" }, lift = { state = "active" } }
[table.users.columns]
email = "user.contact.email"
state = "system.operations"
"#;

/// People have something to do for each right.
const PAPER: &str = "[system]\nkind = \"manual\"\nteam = \"Records\"\n\
    [task.restriction]\ntext = \"Mark the file.\"\n[task.lifting]\ntext = \"Take the mark off.\"\n";

pub fn club() -> Company {
    mapped(MAP)
}

/// Where no record bears a flag: the register alone knows of a restriction.
pub fn unflagged() -> Company {
    let without: Vec<&str> = MAP.lines().filter(|line| !line.starts_with("restriction =")).collect();
    mapped(&without.join("\n"))
}

fn mapped(map: &str) -> Company {
    let company = Company::bare_sqlite();
    company.execute("helpdesk", TABLES);
    std::fs::write(company.folder.join("policy.toml"), "[company]\nname = \"Club\"\n").expect("the policy");
    std::fs::write(company.folder.join("systems/paper.toml"), PAPER).expect("the paper");
    company.system("club", map);
    company
}

/// A right of Ann, ready to run.
pub fn right(company: &Company, right: &str) -> Command {
    let mut command = company.command();
    let out = company.path("");
    let who = ["--subject", "user", "--email", "ann@x.example"];
    command.args(["--json", "fulfil", right, company.folder()]).args(who).args(["--yes", "--out", &out]);
    command
}

pub fn fulfil(company: &Company, name: &str) -> Value {
    let done = support::output(&mut right(company, name));
    serde_json::from_str(&done.stdout).unwrap_or_else(|_| panic!("{name}: {done:?}"))
}

pub fn erased(company: &Company) -> bool {
    company.query("helpdesk", "select id from users where id = 1").is_empty()
}

pub fn says_so(tried: &Output, word: &str) -> bool {
    tried.stderr.contains(word) || tried.stdout.contains(word)
}

pub fn refused(company: &Company, tried: &Output, says: &str) {
    assert_eq!(tried.code, 1, "{tried:?}");
    assert!(says_so(tried, says), "{tried:?}");
    assert!(!erased(company), "{tried:?}");
}

#[test]
fn it_holds_while_people_have_yet_to_confirm_their_part() {
    let company = club();
    let told = fulfil(&company, "restriction");
    let run = told["run"].as_str().expect("a run");
    assert_ne!(told["state"], "complete", "the paper is to be marked: {told}");
    refused(&company, &support::output(&mut right(&company, "erasure")), "restricted since");
    refused(&company, &support::output(&mut right(&company, "deactivation")), "restricted since");

    // It is ended before people came to it. What they confirm then does not begin it anew.
    let lifting = fulfil(&company, "lifting");
    refused(&company, &support::output(&mut right(&company, "erasure")), "restricted since");
    let ended = company.confirm_tasks(lifting["run"].as_str().expect("a run"));
    assert_eq!(ended["state"], "complete", "{ended}");
    let (folder, out) = (company.folder(), company.path(""));
    let late = ["task", "confirm", run, "paper.0", "--as", "Records", "--folder", folder, "--out", &out];
    assert_eq!(company.upheld(&late).code, 1, "the flag that it set is gone, which is told");
    let done = support::output(&mut right(&company, "erasure"));
    assert!(erased(&company), "{done:?}");
}

#[test]
fn an_erasure_that_was_approved_before_is_not_carried_out() {
    let company = club();
    let plan = company.path("plan.json");
    let who = ["--subject", "user", "--email", "ann@x.example"];
    let planned = company.upheld(&[&["plan", "erasure", company.folder()][..], &who, &["--out", &plan]].concat());
    assert_eq!(planned.code, 0, "{planned:?}");
    let approved = company.upheld(&["approve", &plan, "--as", "grace"]);
    assert_eq!(approved.code, 0, "{approved:?}");
    fulfil(&company, "restriction");
    refused(&company, &company.upheld(&["apply", &plan]), "restricted since");
}

#[test]
fn one_that_was_cut_short_is_finished_before_anything_is_erased() {
    let company = club();
    let log = company.dir().join("calls");
    let with = |command: &mut Command, name: &str, value: &str| {
        command.env("LD_PRELOAD", kill::library()).env(name, value).output().expect("run the program")
    };
    with(&mut right(&company, "restriction"), "CRASH_LOG", &log.display().to_string());
    let (mut open, mut killed) = (0, 0);
    for point in kill::around_commits(&kill::calls(&log), 10) {
        let company = club();
        let ended = with(&mut right(&company, "restriction"), "CRASH_AT", &point.to_string());
        if ended.status.signal() != Some(9) {
            continue;
        }
        killed += 1;
        let flag = company.query("helpdesk", "select state from users where id = 1");
        let flagged = flag[0]["state"].as_deref() == Some("restricted");
        let tried = support::output(&mut right(&company, "erasure"));
        assert!(!(flagged && erased(&company)), "point {point}: {tried:?}");
        if says_so(&tried, "was interrupted") {
            open += 1;
            let out = company.path("");
            company.json(&["resume", company.folder(), "--out", &out]);
            refused(&company, &support::output(&mut right(&company, "erasure")), "restricted since");
        }
    }
    assert!(killed > 2 && open > 0, "killed {killed} times, {open} left open");
}
