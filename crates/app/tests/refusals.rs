//! A plan is carried out as it was shown, or not at all: whatever differs is refused, named, and changes no row.

mod support;

use std::path::Path;
use std::process::Command;

use support::{Company, Output, Witness};

const MARIA: &str = "maria.lindqvist@fjord-cargo.example";
const TORE: &str = "tore.myklebust@fjord-cargo.example";
const KARI: &str = "kari.nordmann@freelance.example";

#[test]
fn a_row_swapped_for_another_is_refused() {
    for company in Company::both(30) {
        let plan = planned(&company, "swap.json", &[]);
        company.execute(
            "helpdesk",
            "insert into sessions (id, person_id, token, started_at)
               select '00000000-0000-4000-8000-000000000001', person_id, token, started_at
               from sessions where person_id = 1 order by id limit 1;
             delete from sessions where id = (select id from sessions where person_id = 1
               and id <> '00000000-0000-4000-8000-000000000001' order by id limit 1)",
        );
        let sessions = count(&company, "sessions where person_id = 1");
        let says = format!("helpdesk.sessions: rows changed since the plan was made ({sessions} planned, {} found)", {
            sessions - 1
        });
        Witness::of(&company).fails(1, &["apply", &plan], &[&says]);
    }
}

#[test]
fn a_row_that_changed_hands_is_refused() {
    for company in Company::both(30) {
        let plan = planned(&company, "owner.json", &[]);
        let sessions = count(&company, "sessions where person_id = 1");
        let hers = "(select id from sessions where person_id = 1 order by id limit 1)";
        let other = "(select id from sessions where person_id > 2 order by id limit 1)";
        company.execute("helpdesk", &format!("update sessions set person_id = 2 where id = {hers}"));
        company.execute("helpdesk", &format!("update sessions set person_id = 1 where id = {other}"));
        assert_eq!(count(&company, "sessions where person_id = 1"), sessions, "a count would see no difference");
        let says = format!(
            "helpdesk.sessions: rows changed since the plan was made ({sessions} planned, all found, not all as they were)"
        );
        Witness::of(&company).fails(1, &["apply", &plan], &[&says]);
    }
}

#[test]
fn a_changed_structure_is_refused() {
    for company in Company::both(30) {
        let plan = planned(&company, "plan.json", &[]);
        // A number that nobody decided about does not stop the folder from compiling; the plan never saw it.
        company.execute("helpdesk", "alter table sessions add column strength integer");
        let says = "helpdesk.sessions: the table's structure changed since the plan was made";
        Witness::of(&company).fails(1, &["apply", &plan], &[says]);
        company.execute("helpdesk", "alter table sessions drop column strength");

        company.execute("helpdesk", "alter table sessions add column remark text");
        let says = ["systems/helpdesk.toml", "text column `remark` of table `sessions` has no category"];
        Witness::of(&company).fails(1, &["apply", &plan], &says);
    }
}

#[test]
fn a_new_trigger_is_refused() {
    for company in Company::both(30) {
        let plan = planned(&company, "new.json", &[]);
        company.execute("helpdesk", trigger(&company));
        let says = ["systems/helpdesk.toml", "nobody reviewed trigger `watch` of table `sessions`"];
        let witness = Witness::of(&company);
        witness.fails(1, &["apply", &plan], &says);

        // To review it makes another policy, for which the plan was not made.
        let reviewed = "[table.sessions]\ntrigger = { watch = \"reviewed: it does nothing\" }";
        edit(&company, "systems/helpdesk.toml", "[table.sessions]\n", &format!("{reviewed}\n"));
        witness.fails(1, &["apply", &plan], &["the policy folder changed since the plan was made"]);
        let plan = planned(&company, "reviewed.json", &[]);
        let applied = apply(&company, &plan);
        assert_eq!(applied.code, 0, "{applied:?}");
    }
}

#[test]
fn an_expired_plan_is_refused() {
    let company = Company::sqlite(30);
    let plan = planned(&company, "plan.json", &[]);
    let shown = three_days_later(&company, &["apply", &plan]);
    Witness::of(&company).check(&shown, 1, &["the plan expired at ", "make a new one"]);
}

#[test]
fn an_altered_plan_is_refused() {
    let company = Company::sqlite(30);
    let plan = planned(&company, "plan.json", &["--by", "ada"]);
    let text = std::fs::read_to_string(&plan).unwrap();
    for (was, is) in
        [("\"requested_by\": \"ada\"", "\"requested_by\": \"eve\""), ("\"do\": \"delete\"", "\"do\": \"x\"")]
    {
        assert!(text.contains(was), "{was}");
        std::fs::write(&plan, text.replacen(was, is, 1)).unwrap();
        let (code, says) = if was.contains("ada") { (1, "was altered after it was made") } else { (2, "is no plan") };
        let witness = Witness::of(&company);
        witness.fails(code, &["apply", &plan], &[&plan, says]);
        witness.fails(code, &["approve", &plan, "--as", "grace"], &[&plan, says]);
    }
}

#[test]
fn a_policy_that_changed_since_is_refused() {
    let company = Company::sqlite(30);
    let plan = planned(&company, "plan.json", &[]);
    edit(&company, "policy.toml", "label       = \"Customer\"", "label       = \"Client\"");
    Witness::of(&company).fails(1, &["apply", &plan], &["the policy folder changed since the plan was made"]);
}

#[test]
fn a_plan_is_carried_out_once() {
    let company = Company::sqlite(30);
    let plan = planned(&company, "plan.json", &[]);
    let applied = apply(&company, &plan);
    assert_eq!(applied.code, 0, "{applied:?}");
    let run = run_of(&applied);
    // Waiting for people, then complete: a second time changes nothing and says where the run stands.
    let witness = Witness::of(&company);
    witness.check(&apply(&company, &plan), 0, &["waiting: the rest is done", &run]);
    assert_eq!(company.confirm_tasks(&run)["state"], "complete");
    let certificate = company.answers.join(format!("certificate-{run}.json"));
    let signed = std::fs::read(&certificate).unwrap();
    let again = apply(&company, &plan);
    witness.check(&again, again.code, &[&run]);
    assert_eq!(std::fs::read(&certificate).unwrap(), signed, "one certificate");
}

#[test]
fn nobody_approves_a_plan_of_their_own() {
    let company = Company::sqlite(30);
    let plan = planned(&company, "plan.json", &["--by", "ada"]);
    let witness = Witness::of(&company);
    for same in ["ada", " Ada "] {
        witness.fails(2, &["approve", &plan, "--as", same], &["made this plan; somebody else must approve it"]);
    }
    let unknown = ["approve", &plan, "--as", "grace", "--bound", "rows_per_table:helpdesk.replies"];
    witness.fails(2, &unknown, &["the plan does not go beyond a bound `rows_per_table:helpdesk.replies`"]);
}

#[test]
fn a_second_person_is_asked_for_where_the_policy_says_so() {
    for company in Company::both(30) {
        edit(&company, "policy.toml", "approval = { erasure = false }", "approval = { erasure = true }");
        let plan = planned(&company, "plan.json", &["--by", "ada"]);
        let says = ["asks for a second person before erasure", "upheld approve plan.json --as NAME"];
        let witness = Witness::of(&company);
        witness.fails(1, &["apply", &plan], &says);
        let at_once = ["fulfil", "erasure", company.folder(), "--subject", "customer", "--email", MARIA, "--yes"];
        witness.fails(1, &at_once, &says);
        let approved = company.upheld(&["approve", &plan, "--as", "grace"]);
        witness.check(&approved, 0, &["approved by grace"]);
        let applied = apply(&company, &plan);
        assert_eq!(applied.code, 0, "{applied:?}");
        assert_eq!(count(&company, "sessions where person_id = 1"), 0);
        witness.names_nobody(&applied.stdout);
    }
}

#[test]
fn without_its_when_a_link_reaches_too_many_rows() {
    for company in Company::both(60) {
        // An agent with the number of a customer answers every ticket; only `when` tells them apart.
        company.execute("helpdesk", "update replies set writer_id = 1 where writer_kind = 'agent'");
        assert!(breaches(&company).is_empty(), "{:?}", breaches(&company));
        let writer = "to = \"persons.id\", when = { writer_kind = \"customer\" }, as = \"writer\"";
        edit(&company, "systems/helpdesk.toml", writer, "to = \"persons.id\", as = \"writer\"");
        let breaches = breaches(&company);
        let [(bound, rows, allowed)] = &breaches[..] else { panic!("{breaches:?}") };
        assert_eq!(bound, "share_of_table:helpdesk.replies");
        let all = count(&company, "replies");
        assert!(*rows > *allowed && *allowed == all / 5, "{rows} {allowed} {all}");

        let says = format!("helpdesk.replies: {rows} rows, the bound allows {allowed} ({bound})");
        let witness = Witness::of(&company);
        let path = company.path("plan.json");
        let question = ["plan", "erasure", company.folder(), "--subject", "customer", "--email", MARIA];
        let shown = company.upheld(&[&question[..], &["--by", "ada", "--out", &path]].concat());
        let hint = format!("apply needs `upheld approve --bound {bound}`");
        witness.check(&shown, 0, &[&says, &hint]);
        witness.fails(1, &["apply", &path], &[&says, "an approval must name this bound"]);

        // To approve the plan is not to approve that it goes beyond the bound.
        witness.check(&company.upheld(&["approve", &path, "--as", "grace"]), 0, &[]);
        witness.fails(1, &["apply", &path], &[&says]);
        witness.check(&company.upheld(&["approve", &path, "--as", "linus", "--bound", bound]), 0, &[]);
        let applied = apply(&company, &path);
        assert_eq!(applied.code, 0, "{applied:?}");
    }
}

#[test]
fn bounds_of_a_system_are_its_own() {
    let company = Company::sqlite(30);
    append(&company, "systems/billing.toml", "[system.limits]\nrows_per_table = 1\n");
    let plan = planned(&company, "plan.json", &[]);
    let usage = company.query("billing", "select * from seat_usage where person_id = 1").len();
    assert!(usage > 1);
    let says = format!("billing.seat_usage: {usage} rows, the bound allows 1 (rows_per_table:billing.seat_usage)");
    Witness::of(&company).fails(1, &["apply", &plan], &[&says]);
}

/// What changes in a system changes together: how much that may be is a bound too.
#[test]
fn more_than_one_transaction_may_hold_needs_a_name() {
    for company in Company::both(30) {
        append(&company, "systems/billing.toml", "[system.limits]\none_transaction = 1\n");
        let plan = planned(&company, "plan.json", &["--by", "ada"]);
        let witness = Witness::of(&company);
        let says = ["billing: ", "rows, the bound allows 1 (one_transaction:billing)"];
        witness.fails(1, &["apply", &plan], &says);
        let approved = company.upheld(&["approve", &plan, "--as", "grace", "--bound", "one_transaction:billing"]);
        witness.check(&approved, 0, &["approved by grace"]);
        assert_eq!(apply(&company, &plan).code, 0);
        assert_eq!(company.query("billing", "select * from seat_usage where person_id = 1").len(), 0);
        // What is returned is not changed.
        let access = ["plan", "access", company.folder(), "--subject", "customer", "--email", TORE];
        assert_eq!(company.json(&access)[0]["breaches"], serde_json::json!([]));
    }
}

#[test]
fn a_phone_that_is_no_number_finds_nobody() {
    for company in Company::both(30) {
        let by_phone = ["plan", "erasure", company.folder(), "--subject", "customer", "--phone", "n/a"];
        let witness = Witness::of(&company);
        witness.fails(1, &by_phone, &["the value given as phone cannot identify anybody"]);

        // A map that compares numbers letter by letter takes `n/a` for one.
        let customer = "phone       = { column = \"phone\", match = \"phone\" }";
        edit(&company, "systems/helpdesk.toml", customer, &customer.replace("\"phone\" }", "\"exact\" }"));
        witness.fails(1, &by_phone, &["helpdesk.persons: 2 rows match, but the bound `records = \"one\"` allows 1"]);
        let yes = ["fulfil", "erasure", company.folder(), "--subject", "customer", "--phone", "n/a", "--yes"];
        witness.fails(1, &yes, &["helpdesk.persons: 2 rows match"]);

        // Found by another identity, the person does not pull in whoever else has no phone.
        let by_email = ["plan", "erasure", company.folder(), "--subject", "customer", "--email", TORE];
        let persons = |plan: &serde_json::Value| {
            plan[0]["records"].as_array().unwrap().iter().filter(|r| r["table"] == "persons").count()
        };
        assert_eq!(persons(&company.json(&by_email)), 1, "the step is not followed");
        edit(&company, "systems/helpdesk.toml", &customer.replace("\"phone\" }", "\"exact\" }"), customer);
        let tore = company.json(&by_email);
        assert_eq!(persons(&tore), 1, "{tore}");
        assert!(tore[0]["unusable"].to_string().contains("phone"), "{tore}");
    }
}

#[test]
fn two_tenants_are_listed_and_nobody_else() {
    for company in Company::both(30) {
        let kari = ["plan", "erasure", company.folder(), "--subject", "customer", "--email", KARI];
        let says = ["a customer of 2 tenants: 2, 3", "--tenant", "--all-tenants"];
        let witness = Witness::of(&company);
        witness.fails(1, &kari, &says);
        let fulfil = ["fulfil", "erasure", company.folder(), "--subject", "customer", "--email", KARI, "--yes"];
        witness.fails(1, &fulfil, &says);

        let one = company.json(&[&kari[..], &["--tenant", "3"]].concat());
        assert_eq!(one.as_array().unwrap().len(), 1);
        assert_eq!(tenant(&one[0]), "3");
        witness.fails(1, &[&kari[..], &["--tenant", "4"]].concat(), &["no customer was found"]);
        let both = company.json(&[&kari[..], &["--all-tenants"]].concat());
        let tenants: Vec<String> = both.as_array().unwrap().iter().map(tenant).collect();
        assert_eq!(tenants, ["2", "3"]);
        let out = company.path("both.json");
        witness.fails(2, &[&kari[..], &["--all-tenants", "--out", &out]].concat(), &["--out writes one plan"]);
        assert!(!Path::new(&out).exists());
        witness.fails(2, &[&kari[..], &["--all-tenants", "--tenant", "2"]].concat(), &["--tenant"]);

        // Carried out in one tenant, the namesake in the other stays.
        let done = company.upheld(&[&fulfil[..], &["--tenant", "3", "--out", &company.path("out")]].concat());
        assert_eq!(done.code, 0, "{done:?}");
        let left = company.query("helpdesk", &format!("select org_id from persons where email = '{KARI}'"));
        assert_eq!(left.len(), 1);
        assert_eq!(left[0]["org_id"].as_deref(), Some("2"));
    }
}

/// The tenant of a plan, as whatever value it is.
fn tenant(plan: &serde_json::Value) -> String {
    plan["tenant"].to_string().chars().filter(char::is_ascii_digit).collect()
}

/// A plan to erase Maria, in a file.
fn planned(company: &Company, name: &str, more: &[&str]) -> String {
    let path = company.path(name);
    let question = ["plan", "erasure", company.folder(), "--subject", "customer", "--email", MARIA, "--out", &path];
    let made = company.upheld(&[&question[..], more].concat());
    assert_eq!(made.code, 0, "{made:?}");
    path
}

/// Runs the program as if a plan of the usual 72 hours had been left lying: its clock goes 73 hours ahead.
fn three_days_later(company: &Company, args: &[&str]) -> Output {
    const AHEAD: &str = "#define _GNU_SOURCE\n#include <sys/syscall.h>\n#include <time.h>\n#include <unistd.h>\n\
        int clock_gettime(clockid_t clock, struct timespec *now) {\n\
            int failed = syscall(SYS_clock_gettime, clock, now);\n\
            if (clock == CLOCK_REALTIME) now->tv_sec += 73 * 3600;\n\
            return failed;\n}\n";
    let (source, library) = (company.dir().join("ahead.c"), company.dir().join("ahead.so"));
    std::fs::write(&source, AHEAD).unwrap();
    let mut compile = Command::new(std::env::var_os("CC").unwrap_or_else(|| "cc".into()));
    let compiled = compile.args(["-shared", "-fPIC", "-o"]).arg(&library).arg(&source).output();
    let compiled = compiled.expect("this test needs a C compiler: apt-get install gcc libc6-dev");
    assert!(compiled.status.success(), "{compiled:?}");
    let done = company.command().args(args).env("LD_PRELOAD", library).output().unwrap();
    Output {
        code: done.status.code().unwrap_or(-1),
        stdout: String::from_utf8(done.stdout).unwrap(),
        stderr: String::from_utf8(done.stderr).unwrap(),
    }
}

fn apply(company: &Company, plan: &str) -> Output {
    company.upheld(&["apply", plan, "--out", &company.answers.display().to_string()])
}

/// The run that the output names.
fn run_of(output: &Output) -> String {
    let run = output.stdout.split_whitespace().find(|w| w.starts_with("run-"));
    run.unwrap_or_else(|| panic!("no run: {output:?}")).to_owned()
}

/// Bounds that Maria's erasure goes beyond: name, rows, rows allowed.
fn breaches(company: &Company) -> Vec<(String, usize, usize)> {
    let plan = company.json(&["plan", "erasure", company.folder(), "--subject", "customer", "--email", MARIA]);
    let number = |v: &serde_json::Value| v.as_u64().unwrap() as usize;
    let breaches = plan[0]["breaches"].as_array().unwrap().iter();
    breaches.map(|b| (b["bound"].as_str().unwrap().to_owned(), number(&b["rows"]), number(&b["allowed"]))).collect()
}

fn count(company: &Company, what: &str) -> usize {
    company.query("helpdesk", &format!("select * from {what}")).len()
}

/// A trigger on sessions that does nothing.
fn trigger(company: &Company) -> &'static str {
    match company.engine {
        "sqlite" => "create trigger watch after delete on sessions begin select 1; end",
        _ => {
            "create or replace function watch() returns trigger language plpgsql as 'begin return null; end';
             create trigger watch after delete on sessions for each row execute function watch()"
        }
    }
}

/// Replaces a text that a file of the policy folder holds once.
fn edit(company: &Company, file: &str, was: &str, is: &str) {
    let path = company.folder.join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text.matches(was).count(), 1, "{was}");
    std::fs::write(path, text.replace(was, is)).unwrap();
}

/// Puts a section right behind the `[system]` section.
fn append(company: &Company, file: &str, section: &str) {
    edit(company, file, "country = \"NO\"\n", &format!("country = \"NO\"\n\n{section}"));
}
