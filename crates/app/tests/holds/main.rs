//! Holds and laws that keep rows of an erased person, through the real program: who is kept from what, and what goes by
//! itself when they end, on a clock of the test's own.

mod crash;
mod desk;
#[path = "../crash/kill.rs"]
#[allow(dead_code)]
mod kill;
mod meanwhile;
mod restricted;
mod restricted_late;
#[path = "../support/mod.rs"]
mod support;
mod tables;
mod tenants;
mod twice;

use desk::{ANN, Desk};
use serde_json::Value;

/// A law keeps a file because of the message it belongs to; the first erasure unties that message from Ann.
#[test]
fn a_row_kept_through_one_that_was_untied_is_kept_when_the_person_is_erased_again() {
    for desk in Desk::both() {
        desk.with_law("2099-12-31");
        desk.erase(&["--email", ANN]);
        assert_eq!(desk.ids("files"), ["20", "29"], "the law keeps it");
        assert_eq!(desk.one("select writer as it from messages where id = 10"), None, "its message is untied");
        let second = desk.erase(&["--id", "desk:1"]);
        assert_eq!(desk.ids("files"), ["20", "29"], "only the register knows of the law now");
        let kept = desk::statement(&second, "kept").expect("what is kept");
        assert!(kept.to_string().contains("\"law\":\"tax\""), "{kept}");
    }
}

#[test]
fn two_holds_with_different_ends_let_go_one_after_the_other() {
    for desk in Desk::both() {
        desk.hold(&["first", "--until", &desk::day(10), "--subject", "user", "--table", "desk:messages"]);
        desk.hold(&["second", "--until", &desk::day(20), "--subject", "user", "--email", ANN, "--table", "desk:files"]);
        let first = desk.erase(&["--email", ANN]);
        assert_eq!(
            (desk.ids("messages"), desk.ids("files")),
            (vec!["10".into(), "19".into()], vec!["20".into(), "29".into()])
        );
        let kept = desk::statement(&first, "kept").expect("what is kept").to_string();
        assert!(kept.contains("\"hold\":\"first\"") && kept.contains("Claim for damages"), "{kept}");
        assert_eq!(desk.due(10), Vec::<Value>::new(), "the last day is not over");
        let told = desk.due(11);
        assert_eq!((told.len(), &told[0]["state"]), (1, &Value::from("complete")), "{told:?}");
        let body = desk.one("select body as it from messages where id = 10").expect("a body");
        assert!(!body.contains("Ann") && body.starts_with("written by"), "{body}");
        assert_eq!(desk.ids("files"), ["20", "29"], "the second hold stands");
        let middle = desk::certificate(&told[0]);
        desk.verified(&middle);
        let told = desk.due(21);
        let last = desk::certificate(&told[0]);
        desk.verified(&last);
        assert_eq!((desk.ids("files"), desk.ids("users")), (vec!["29".into()], vec!["2".into()]));
        let refers = desk::statement(&last, "rest_of").expect("whose rest it is");
        let plan = refers["plan"].as_str().expect("a plan");
        assert!(std::fs::read_to_string(&middle).expect("the second certificate").contains(plan), "a chain of three");
        assert_eq!(desk.due(22), Vec::<Value>::new());
    }
}

#[test]
fn a_hold_that_comes_between_plan_and_apply_is_not_overlooked() {
    let desk = Desk::sqlite();
    let plan = desk.company.path("plan.json");
    let args = ["plan", "erasure", desk.company.folder(), "--subject", "user", "--email", ANN, "--out", &plan];
    assert_eq!(desk.company.upheld(&args).code, 0);
    desk.hold(&["late", "--subject", "user", "--email", ANN]);
    let before = desk.company.dump();
    let refused = desk.company.upheld(&["apply", &plan, "--out", &desk.company.path("")]);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.stderr.contains("the policy folder changed"), "{refused:?}");
    assert_eq!(desk.company.dump(), before);
}

#[test]
fn a_hold_ended_early_lets_go_at_once() {
    for desk in Desk::both() {
        desk.hold(&["claim", "--subject", "user", "--email", ANN]);
        desk.erase(&["--email", ANN]);
        assert_eq!(desk.ids("users"), ["1", "2"], "everything of hers stays");
        assert_eq!(desk.one("select name as it from users where id = 1"), Some("Ann Lee".into()));
        let listed = desk.company.json(&["hold", "list", desk.company.folder()]);
        assert_eq!(listed[0]["in_force"], true, "{listed}");
        assert_eq!(listed[0]["kept_rows"], 3, "{listed}");
        assert_eq!(desk.due(3650), Vec::<Value>::new(), "it has no end of its own");
        desk.company.json(&["hold", "end", desk.company.folder(), "claim"]);
        let told = desk.due(3650);
        assert_eq!((told.len(), &told[0]["state"]), (1, &Value::from("complete")), "{told:?}");
        assert_eq!((desk.ids("users"), desk.ids("files")), (vec!["2".into()], vec!["29".into()]));
        let left = desk.one("select count(*) as it from messages where body like '%Ann%' or writer = 1");
        assert_eq!(left, Some("0".into()));
    }
}

#[test]
fn a_hold_taken_out_of_the_file_still_stands_and_is_told() {
    let desk = Desk::sqlite();
    desk.hold(&["claim", "--subject", "user", "--email", ANN, "--until", &desk::day(5)]);
    desk.erase(&["--email", ANN]);
    std::fs::write(desk.company.folder.join("holds.toml"), "").expect("the file");
    let done = desk.resume(10, &[]);
    assert_eq!((done.code, done.stdout.trim()), (0, "[]"), "{done:?}");
    assert!(done.stderr.contains("hold claim is not in holds.toml any more"), "{done:?}");
    assert_eq!(desk.ids("users"), ["1", "2"]);
}

#[test]
fn rows_that_somebody_works_with_again_are_refused_and_told() {
    for desk in Desk::both() {
        desk.with_law(&desk::day(30));
        desk.erase(&["--email", ANN]);
        desk.company.execute("helpdesk", "update users set email = 'cy@x.example', name = 'Cy' where id = 1");
        let before = desk.company.dump();
        let told = desk.due(31);
        assert_eq!((told.len(), &told[0]["state"]), (1, &Value::from("open")), "{told:?}");
        let detail = told[0]["detail"].as_str().expect("why");
        assert!(detail.contains("1 of desk.users") && !detail.contains("cy@"), "{detail}");
        assert_eq!(desk.company.dump(), before);
        let case = told[0]["case"].as_str().expect("a case");
        let done = desk.resume(32, &["--changed", case]);
        assert_eq!(done.code, 0, "{done:?}");
        assert_eq!((desk.ids("users"), desk.ids("files")), (vec!["2".into()], vec!["29".into()]));
    }
}

#[test]
fn what_the_company_deleted_itself_is_no_reason_to_stop() {
    let desk = Desk::sqlite();
    desk.with_law(&desk::day(30));
    desk.erase(&["--email", ANN]);
    desk.company.execute("helpdesk", "delete from files where id = 20");
    let told = desk.due(31);
    assert_eq!(told[0]["state"], "complete", "{told:?}");
    assert_eq!(desk.ids("users"), ["2"]);
    assert_eq!(desk.due(32), Vec::<Value>::new());
}

#[test]
fn a_hold_on_a_single_row_keeps_it_from_everybody() {
    let desk = Desk::sqlite();
    desk.hold(&["one", "--row", "desk:files:20"]);
    desk.erase(&["--email", ANN]);
    assert_eq!(desk.ids("files"), ["20", "29"]);
    assert_eq!(desk.one("select name as it from users where id = 1"), None, "she is scrubbed, the file needs her row");
    desk.company.json(&["hold", "end", desk.company.folder(), "one"]);
    assert_eq!(desk.due(1)[0]["state"], "complete");
    assert_eq!((desk.ids("users"), desk.ids("files")), (vec!["2".into()], vec!["29".into()]));
}

/// Bo put a file into Ann's message: her erasure reaches it, and he is the one under hold.
#[test]
fn a_hold_on_one_person_keeps_their_rows_when_somebody_else_is_erased() {
    for desk in Desk::both() {
        desk.company.execute("helpdesk", "insert into files values (21, 10, 2, 'evidence')");
        let note = |id: u8| desk.one(&format!("select note as it from files where id = {id}"));
        desk.hold(&["claim", "--subject", "user", "--email", "bo@x.example"]);
        let first = desk.erase(&["--email", ANN]);
        assert_eq!(note(21).as_deref(), Some("evidence"), "his stays as it is");
        assert_eq!(desk.ids("files"), ["21", "29"], "hers goes");
        assert_eq!(desk.ids("users"), ["2"], "the hold is not about her");
        let body = desk.one("select body as it from messages where id = 10").expect("a body");
        assert!(!body.contains("Ann"), "no part of it makes the message his: {body}");
        let kept = desk::statement(&first, "kept").expect("what is kept").to_string();
        assert!(kept.contains("\"hold\":\"claim\""), "{kept}");
        assert_eq!(desk.due(1), Vec::<Value>::new());
        desk.company.json(&["hold", "end", desk.company.folder(), "claim"]);
        assert_eq!(desk.due(1)[0]["state"], "complete");
        assert_eq!((note(21), note(29).as_deref()), (None, Some("photo")));
    }
}

/// What is held is held as it is: a correction that reaches it leaves it and says so.
#[test]
fn a_correction_leaves_what_is_held_as_it_is() {
    for desk in Desk::both() {
        let name = || desk.one("select name as it from users where id = 1").expect("a name");
        let out = desk.company.path("");
        let args = ["fulfil", "rectification", desk.company.folder(), "--subject", "user", "--email", ANN, "--yes"];
        let correct = [&args[..], &["--correct", "user.name=Ann Li", "--out", &out]].concat();
        desk.hold(&["claim", "--subject", "user", "--email", ANN]);
        let told = desk.company.json(&correct);
        assert_eq!(name(), "Ann Lee");
        let kept = desk::statement(&desk::certificate(&told), "kept").expect("what is kept").to_string();
        assert!(kept.contains("\"hold\":\"claim\"") && kept.contains("name"), "{kept}");
        desk.company.json(&["hold", "end", desk.company.folder(), "claim"]);
        desk.company.json(&correct);
        assert_eq!(name(), "Ann Li");
    }
}

/// Somebody left for a while under a hold. While they may come back nothing more goes; once that is over the rest goes with the hold.
#[test]
fn the_rest_of_a_deactivation_goes_once_it_is_final_and_the_hold_has_ended() {
    let desk = Desk::sqlite();
    desk.hold(&["claim", "--subject", "user", "--email", ANN, "--table", "desk:files"]);
    let out = desk.company.path("");
    let folder = desk.company.folder();
    let args = ["fulfil", "deactivation", folder, "--subject", "user", "--email", ANN, "--yes", "--out", &out];
    assert_eq!(desk.company.json(&args)["state"], "complete");
    assert_eq!(desk.ids("files"), ["20", "29"], "the hold keeps it");
    desk.company.json(&["hold", "end", folder, "claim"]);
    assert_eq!(desk.due(1), Vec::<Value>::new(), "she may still come back");
    assert_eq!(desk.ids("files"), ["20", "29"]);
    let store = format!("sqlite://{}/upheld.db", desk.company.home.display());
    support::database::execute(&store, "update seals set ends_at = sealed_at + 1");
    desk.company.json(&["seals", "--end-due"]);
    let told = desk.due(2);
    assert_eq!((told.len(), &told[0]["state"]), (1, &Value::from("complete")), "{told:?}");
    assert_eq!((desk.ids("users"), desk.ids("files")), (vec!["2".into()], vec!["29".into()]));
    desk.verified(&desk::certificate(&told[0]));
    assert_eq!(desk.due(3), Vec::<Value>::new());
}

#[test]
fn holds_name_nobody_and_are_read_in_their_home_alone() {
    let desk = Desk::sqlite();
    desk.hold(&["claim", "--subject", "user", "--email", ANN, "--row", "desk:files:20"]);
    let text = std::fs::read_to_string(desk.company.folder.join("holds.toml")).expect("holds.toml");
    assert!(text.contains("key = ") && !text.to_lowercase().contains("ann"), "{text}");
    let args = ["plan", "erasure", desk.company.folder(), "--subject", "user", "--email", ANN];
    let elsewhere = desk.company.path("elsewhere");
    let mut command = desk.company.command();
    let refused = support::output(command.arg("--home").arg(elsewhere).args(args));
    assert_ne!(refused.code, 0);
    let nobody = desk.company.upheld(&desk.hold_args(&["x", "--subject", "user", "--email", "no@x.example"]));
    assert_eq!(nobody.code, 2, "{nobody:?}");
    let twice = desk.company.upheld(&desk.hold_args(&["claim", "--subject", "user"]));
    assert_eq!(twice.code, 2, "{twice:?}");
    let wrong = desk.company.upheld(&desk.hold_args(&["y", "--table", "desk:no_such"]));
    assert!(wrong.code != 0 && (wrong.stderr + &wrong.stdout).contains("U0102"));
    let now = std::fs::read_to_string(desk.company.folder.join("holds.toml")).expect("holds.toml");
    assert_eq!(now, text, "what does not compile is not written");
}
