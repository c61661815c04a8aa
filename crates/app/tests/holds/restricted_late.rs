//! What was begun before a restriction and what comes after one that was cut short.

use std::os::unix::process::ExitStatusExt as _;
use std::process::Command;
use std::time::Duration;

use sqlx::ConnectOptions as _;

use crate::kill;
use crate::restricted::{club, erased, fulfil, refused, right, says_so, unflagged};
use crate::support::{self, Company, Output, database};

fn store(company: &Company, sql: &str) -> Vec<support::Row> {
    database::query(&format!("sqlite://{}/upheld.db", company.home.display()), sql)
}

fn resume(company: &Company) -> Output {
    company.upheld(&["resume", company.folder(), "--out", &company.path("")])
}

/// A right of Ann, killed at a point.
fn killed(company: &Company, name: &str, point: usize) -> bool {
    let mut command = right(company, name);
    let command = command.env("LD_PRELOAD", kill::library()).env("CRASH_AT", point.to_string());
    command.output().expect("run the program").status.signal() == Some(9)
}

/// Companies in which a right was killed at any point where the store was just written, and the query finds something
/// there.
fn cut_short(make: fn() -> Company, name: &str, sql: &str) -> Vec<Company> {
    let made = || {
        let company = make();
        company.json(&["task", "list"]);
        company
    };
    let company = made();
    let log = company.dir().join("calls");
    let mut whole: Command = right(&company, name);
    whole.env("LD_PRELOAD", kill::library()).env("CRASH_LOG", &log).output().expect("run the program");
    let calls = kill::calls(&log);
    let written = calls.iter().enumerate().filter(|(_, c)| c.name == "sync" && c.about.contains("upheld.db"));
    let points = written.map(|(n, _)| 2 * n + 1);
    let tried = points.map(|point| (made(), point)).filter(|(company, point)| killed(company, name, *point));
    tried.map(|(company, _)| company).filter(|company| !store(company, sql).is_empty()).collect()
}

#[test]
fn an_erasure_that_had_changed_nothing_is_not_resumed_over_a_restriction() {
    let sql = "select id from runs where state = 'applying' and id not in (select run_id from journal)";
    let companies = cut_short(unflagged, "erasure", sql);
    assert!(!companies.is_empty(), "killed right after its claim");
    for company in companies {
        fulfil(&company, "restriction");
        let tried = resume(&company);
        refused(&company, &tried, "restricted since");
        // It is over: the end of the restriction does not carry out what was refused.
        assert_eq!(store(&company, sql).len(), 0, "{tried:?}");
        assert_eq!(resume(&company).code, 0);
    }
}

#[test]
fn a_restriction_that_comes_just_before_the_claim_is_seen() {
    let company = unflagged();
    fulfil(&company, "restriction");
    // The register is empty while the erasure looks first; it is written while that waits for its claim.
    database::execute(
        &format!("sqlite://{}/upheld.db", company.home.display()),
        "create table put_by as select * from restrictions; delete from restrictions;",
    );
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let file = sqlx::sqlite::SqliteConnectOptions::new().filename(company.home.join("upheld.db"));
    let mut lock = runtime.block_on(file.connect()).expect("the store opens");
    let mut run = |sql: &'static str| runtime.block_on(sqlx::query(sql).execute(&mut lock)).expect("a statement");
    run("begin immediate");
    let tried = std::thread::scope(|scope| {
        let erasure = scope.spawn(|| support::output(&mut right(&company, "erasure")));
        std::thread::sleep(Duration::from_secs(2));
        assert!(!erasure.is_finished(), "it waits");
        run("insert into restrictions select * from put_by");
        run("commit");
        erasure.join().expect("the erasure")
    });
    refused(&company, &tried, "restricted since");
}

/// Its flags are set, and the register does not know of it yet.
const FLAGGED: &str = "select id from runs where right_name = 'restriction' and state = 'applying' and id in \
    (select run_id from journal where kind = 'committed')";

#[test]
fn a_restriction_that_was_cut_short_is_not_lifted_before_it_is_finished() {
    let companies = cut_short(club, "restriction", FLAGGED);
    assert!(!companies.is_empty(), "killed between the flags and the register");
    for company in companies {
        let run = store(&company, FLAGGED)[0]["id"].clone().expect("a run");
        let tried = support::output(&mut right(&company, "lifting"));
        refused(&company, &tried, "was interrupted");
        assert!(says_so(&tried, &run) && says_so(&tried, "upheld resume"), "{tried:?}");
        assert_eq!(resume(&company).code, 0);
        refused(&company, &support::output(&mut right(&company, "erasure")), "restricted since");

        let lifting = fulfil(&company, "lifting");
        let ended = company.confirm_tasks(lifting["run"].as_str().expect("a run"));
        assert_eq!(ended["state"], "complete", "{ended}");
        resume(&company);
        assert_eq!(store(&company, "select since from restrictions").len(), 0, "nothing restricts her anew");
        let done = support::output(&mut right(&company, "erasure"));
        assert!(erased(&company), "{done:?}");
    }
}

const PROFILE: &str = "systems/club.leave.toml";

/// A club with a profile, under which a restriction of somebody was carried out; it counts as cut short before the register
/// knew of it, and the profile is gone, so that nobody can finish it.
fn left_open(email: &str) -> (Company, String) {
    let company = club();
    let profile = company.folder.join(PROFILE);
    std::fs::write(&profile, "[table.users.columns]\nemail = { erase = \"null\" }\n").expect("the profile");
    let mut command = company.command();
    let out = company.path("");
    command.args(["--json", "fulfil", "restriction", company.folder(), "--subject", "user", "--email", email]);
    let done = support::output(command.args(["--profile", "leave", "--yes", "--out", &out]));
    let run = store(&company, "select id from runs").pop().and_then(|mut row| row.remove("id").flatten());
    let run = run.unwrap_or_else(|| panic!("no run: {done:?}"));
    database::execute(
        &format!("sqlite://{}/upheld.db", company.home.display()),
        "update runs set state = 'partial'; delete from restrictions; delete from tasks;",
    );
    std::fs::remove_file(&profile).expect("the profile goes");
    let tried = resume(&company);
    assert_eq!(tried.code, 1, "{tried:?}");
    assert!(tried.stdout.contains(&run) && tried.stdout.contains("profile"), "{tried:?}");
    (company, run)
}

#[test]
fn a_restriction_that_was_cut_short_gives_way_to_a_new_one_at_once() {
    for company in cut_short(club, "restriction", FLAGGED) {
        let run = store(&company, FLAGGED)[0]["id"].clone().expect("a run");
        fulfil(&company, "restriction");
        let resumed = resume(&company);
        assert!(resumed.code == 0 && !resumed.stdout.contains(&run), "{resumed:?}");
        assert_eq!(store(&company, FLAGGED).len(), 0, "given up");
        let lifting = fulfil(&company, "lifting");
        assert_eq!(company.confirm_tasks(lifting["run"].as_str().expect("a run"))["state"], "complete");
        assert_eq!(store(&company, "select since from restrictions").len(), 0);
    }
}

#[test]
fn a_restriction_of_somebody_else_that_cannot_be_finished_is_in_nobodys_way() {
    let (company, _) = left_open("bo@x.example");
    let done = support::output(&mut right(&company, "erasure"));
    assert!(erased(&company), "{done:?}");
}

#[test]
fn a_restriction_that_cannot_be_read_is_named() {
    let (company, run) = left_open("bo@x.example");
    database::execute(
        &format!("sqlite://{}/upheld.db", company.home.display()),
        "update runs set sealed_plan = zeroblob(80)",
    );
    let tried = support::output(&mut right(&company, "erasure"));
    refused(&company, &tried, &run);
    assert!(says_so(&tried, "cannot be read"), "{tried:?}");
}

#[test]
fn a_restriction_that_cannot_be_finished_gives_way_to_a_new_one() {
    let (company, run) = left_open("ann@x.example");
    let tried = support::output(&mut right(&company, "erasure"));
    refused(&company, &tried, "upheld fulfil restriction");
    assert!(says_so(&tried, &run), "{tried:?}");

    let anew = fulfil(&company, "restriction");
    refused(&company, &support::output(&mut right(&company, "erasure")), "restricted since");
    let ended = company.confirm_tasks(anew["run"].as_str().expect("a run"));
    assert_eq!(ended["state"], "complete", "{ended}");
    let resumed = resume(&company);
    assert!(resumed.code == 0 && !resumed.stdout.contains(&run), "{resumed:?}");

    let lifting = fulfil(&company, "lifting");
    assert_eq!(company.confirm_tasks(lifting["run"].as_str().expect("a run"))["state"], "complete");
    let done = support::output(&mut right(&company, "erasure"));
    assert!(erased(&company), "{done:?}");
}
