//! A database and a web service in one plan, with the real program: both rights, and everything that can go wrong with a
//! service while its calls are made.

mod crm;
#[path = "../support/mod.rs"]
mod support;

use std::time::Duration;

use crm::{ANN, Mood, Shop};

#[test]
fn a_plan_of_both_is_shown_answered_and_carried_out() {
    let shop = Shop::open();
    let plan = shop.upheld(&["plan", "erasure", shop.folder(), "--subject", "customer", "--email", ANN]);
    assert_eq!(plan.code, 0, "{plan:?}");
    for line in ["crm", "contacts", "notes", "orders"] {
        assert!(plan.stdout.contains(line), "{}", plan.stdout);
    }
    let answer = shop.path("answer");
    let access = shop.upheld(&[
        "fulfil",
        "access",
        shop.folder(),
        "--subject",
        "customer",
        "--email",
        ANN,
        "--yes",
        "--plain",
        "--out",
        &answer,
    ]);
    assert_eq!(access.code, 0, "{access:?}");
    let files = shop.files("answer");
    assert!(files.contains("likes tea") && files.contains("Ann Ames"), "{files}");
    assert!(!files.contains("bob@x.example"));
    let done = shop.erase();
    assert_eq!(done.code, 0, "{done:?}");
    assert_eq!(shop.contacts(), ["bob@x.example"]);
    assert_eq!((shop.notes(), shop.customers()), (1, vec!["bob@x.example".to_owned()]));
    // Children go first, and nothing is asked about anybody else.
    let deletes = shop.deletes();
    assert_eq!(deletes, ["DELETE /notes/11", "DELETE /notes/12", "DELETE /contacts/1"]);
    assert!(!shop.lines().iter().any(|line| line.contains("bob")), "{:?}", shop.lines());
}

#[test]
fn a_service_that_is_down_keeps_nobody_from_being_done_and_does_not_hide() {
    let shop = Shop::open();
    let plan = shop.plan();
    shop.set(Mood::Down);
    let applied = shop.upheld(&["apply", &plan]);
    assert_ne!(applied.code, 0);
    assert!(applied.stderr.contains("system crm") && applied.stderr.contains("already done: shop"), "{applied:?}");
    assert!(applied.stderr.contains("stays open") && !applied.stderr.contains(ANN), "{applied:?}");
    assert_eq!(shop.customers(), ["bob@x.example"]);
    assert_eq!(shop.contacts().len(), 2);
    let still = shop.resume();
    assert_eq!(still.code, 1, "{still:?}");
    assert!(still.stdout.contains("open") && still.stdout.contains("system crm"), "{still:?}");
    shop.set(Mood::Well);
    let done = shop.resume();
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.stdout.contains("complete"), "{done:?}");
    assert_eq!((shop.contacts(), shop.notes()), (vec!["bob@x.example".to_owned()], 1));
    assert!(shop.files("certificates").contains("complete"), "no certificate");
    assert_eq!(shop.resume().stdout, "0 interrupted runs\n");
}

/// What a service writes while it deletes is told, not deleted: a call whose answer nobody saw would be sent twice.
#[test]
fn no_service_is_called_for_what_it_wrote_meanwhile() {
    let shop = Shop::open();
    shop.describe("[table.notes]\n", "[table.notes]\nsweep = \"after\"\n");
    shop.set(Mood::Notes("DELETE /contacts/1"));
    let done = shop.erase();
    assert_eq!(done.code, 1, "{done:?}");
    assert!(done.stdout.contains("still lead to the person"), "{done:?}");
    assert_eq!(shop.deletes(), ["DELETE /notes/11", "DELETE /notes/12", "DELETE /contacts/1"]);
    assert_eq!(shop.notes(), 2);
}

#[test]
fn a_deletion_whose_answer_was_lost_is_looked_up_and_not_sent_again() {
    let shop = Shop::open();
    let plan = shop.plan();
    shop.set(Mood::CutAfter("DELETE /notes/12"));
    let applied = shop.upheld(&["apply", &plan]);
    assert_ne!(applied.code, 0);
    assert!(applied.stderr.contains("not known") && applied.stderr.contains("stays open"), "{applied:?}");
    shop.set(Mood::Well);
    let done = shop.resume();
    assert_eq!(done.code, 0, "{done:?}");
    assert_eq!(shop.contacts(), ["bob@x.example"]);
    assert_eq!(shop.deletes(), ["DELETE /notes/11", "DELETE /notes/12", "DELETE /contacts/1"]);
}

#[test]
fn a_deletion_that_may_be_lost_stays_open_where_repeating_may_harm() {
    let shop = Shop::open();
    let plan = shop.plan();
    shop.set(Mood::CutBefore("DELETE /notes/12"));
    assert_ne!(shop.upheld(&["apply", &plan]).code, 0);
    shop.set(Mood::Well);
    let open = shop.resume();
    assert_eq!(open.code, 1, "{open:?}");
    assert!(open.stdout.contains("not sent again") && open.stdout.contains("crm"), "{open:?}");
    assert_eq!(shop.deletes(), ["DELETE /notes/11", "DELETE /notes/12"]);
    // Somebody does by hand what the plan says.
    shop.forget_note(12);
    let done = shop.resume();
    assert_eq!(done.code, 0, "{done:?}");
    assert_eq!((shop.contacts(), shop.notes()), (vec!["bob@x.example".to_owned()], 1));
}

/// A call is written down when it is its turn, so that none is in doubt that was never made.
#[test]
fn killed_while_it_waits_for_the_next_call_it_goes_on_there() {
    let shop = Shop::open();
    shop.describe("[http]", "[system.limits]\nrows_per_second = 1\n\n[http]");
    let plan = shop.plan();
    let mut running = shop.command().args(["apply", &plan]).spawn().expect("run the program");
    while shop.deletes().is_empty() {
        assert!(running.try_wait().expect("a process").is_none(), "it calls");
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_millis(300));
    running.kill().expect("it dies");
    running.wait().expect("it is dead");
    let done = shop.resume();
    assert_eq!(done.code, 0, "{done:?}");
    assert_eq!(shop.deletes(), ["DELETE /notes/11", "DELETE /notes/12", "DELETE /contacts/1"]);
}

#[test]
fn killed_in_the_middle_of_a_call_it_goes_on_where_it_was() {
    for then in [Mood::Well, Mood::CutAfter("nothing")] {
        let shop = Shop::open();
        let plan = shop.plan();
        shop.set(Mood::Slow("DELETE /contacts/1", Duration::from_secs(3)));
        let mut running = shop.command().args(["apply", &plan]).spawn().expect("run the program");
        shop.wait_for("DELETE /contacts/1");
        running.kill().expect("kill it");
        running.wait().expect("its end");
        shop.set(then);
        let done = shop.resume();
        assert_eq!(done.code, 0, "{done:?}");
        assert_eq!((shop.contacts(), shop.notes()), (vec!["bob@x.example".to_owned()], 1));
        // Notes are not deleted twice; deleting a contact twice is harmless, so it may be.
        let notes = shop.deletes().iter().filter(|d| d.contains("notes")).count();
        assert_eq!(notes, 2, "{:?}", shop.deletes());
    }
}

#[test]
fn a_service_that_says_it_deletes_and_does_not_ends_as_a_residue() {
    let shop = Shop::open();
    shop.set(Mood::Lies("DELETE /contacts/1"));
    let done = shop.erase();
    assert_eq!(done.code, 1, "{done:?}");
    assert!(done.stdout.contains("contacts") && !done.stdout.contains("complete"), "{done:?}");
    assert_eq!(shop.contacts().len(), 2);
}

#[test]
fn a_deletion_that_is_done_later_is_waited_for_and_stays_open_if_it_takes_too_long() {
    let shop = Shop::open();
    shop.set(Mood::DeletesLater(Duration::from_millis(700)));
    let done = shop.erase();
    assert_eq!(done.code, 0, "{done:?}");
    assert_eq!(shop.contacts(), ["bob@x.example"]);

    let shop = Shop::open();
    let plan = shop.plan();
    shop.set(Mood::DeletesLater(Duration::from_secs(8)));
    let applied = shop.upheld(&["apply", &plan]);
    assert!(applied.code != 0 && applied.stderr.contains("not done after"), "{applied:?}");
    std::thread::sleep(Duration::from_secs(6));
    shop.set(Mood::Well);
    let done = shop.resume();
    assert_eq!(done.code, 0, "{done:?}");
    assert_eq!(shop.contacts(), ["bob@x.example"]);
}

fn ask(right: &str, shop: &Shop, more: &[&str]) -> support::Output {
    let out = shop.path("certificates");
    let asked = ["fulfil", right, shop.folder(), "--subject", "customer", "--email", ANN, "--yes", "--out", &out];
    shop.upheld(&[&asked, more].concat())
}

#[test]
fn a_correction_reaches_the_service_by_its_change_and_what_is_computed_follows() {
    let shop = Shop::open();
    let done = ask("rectification", &shop, &["--correct", "user.name=Ann Berg"]);
    assert_eq!(done.code, 0, "{done:?}");
    assert_eq!((shop.contact(1).0, shop.contact(2).0), ("Ann Berg".to_owned(), "Bob".to_owned()));
    assert_eq!(shop.names(), ["Ann Berg/ANN BERG", "Bob/BOB"]);
    let changes: Vec<String> = shop.lines().into_iter().filter(|line| line.starts_with("PATCH")).collect();
    assert_eq!(changes, ["PATCH /contacts/1"]);
}

#[test]
fn what_no_change_of_the_service_writes_is_refused_before_anything_is_done() {
    let shop = Shop::open();
    // The address has no call, so it may not differ from what the database holds.
    let email = ask("rectification", &shop, &["--correct", "user.contact.email=ann@new.example"]);
    shop.describe("columns = [\"name\", \"restricted\"]", "columns = [\"restricted\"]");
    let name = ask("rectification", &shop, &["--correct", "user.name=Ann Berg"]);
    for (refused, column) in [(email, "crm.contacts.email"), (name, "crm.contacts.name")] {
        assert_eq!(refused.code, 1, "{refused:?}");
        assert!(refused.stderr.contains(&format!("{column} cannot be corrected so: no `change`")), "{refused:?}");
    }
    assert_eq!(
        (shop.contact(1).0.as_str(), shop.names()),
        ("Ann Ames", vec!["Ann Ames/ANN AMES".into(), "Bob/BOB".into()])
    );
    assert!(!shop.lines().iter().any(|line| line.starts_with("PATCH")));
    // A flag that cannot be set is found when the folder is checked, at its place.
    shop.describe("columns = [\"name\", \"restricted\"]", "columns = [\"name\"]");
    let check = shop.upheld(&["check", shop.folder(), "--live"]);
    assert!(check.code == 1 && check.stdout.contains("U0204"), "{check:?}");
    assert!(check.stdout.contains("no `change` of the service writes it"), "{check:?}");
}

#[test]
fn a_restriction_is_said_to_the_service_and_taken_back() {
    let shop = Shop::open();
    for (right, restricted) in [("restriction", true), ("lifting", false)] {
        let done = ask(right, &shop, &[]);
        assert_eq!(done.code, 0, "{done:?}");
        assert_eq!((shop.contact(1).1, shop.contact(2).1), (restricted, false), "{right}");
    }
}

#[test]
fn a_change_whose_answer_was_lost_is_looked_up() {
    for mood in [Mood::CutAfter("PATCH /contacts/1"), Mood::CutBefore("PATCH /contacts/1")] {
        let shop = Shop::open();
        shop.set(mood);
        let cut = ask("rectification", &shop, &["--correct", "user.name=Ann Berg"]);
        assert!(cut.code != 0 && !cut.stderr.contains("Berg"), "{cut:?}");
        shop.set(Mood::Well);
        let done = shop.resume();
        assert_eq!(done.code, 0, "{done:?}");
        assert_eq!(shop.contact(1).0, "Ann Berg");
    }
}

#[test]
fn what_stands_around_it_says_something_sensible() {
    let shop = Shop::open();
    let check = shop.upheld(&["check", shop.folder(), "--live"]);
    assert_eq!(check.code, 0, "{check:?}");
    let lock = shop.upheld(&["map", "lock", shop.folder()]);
    assert!(lock.code == 0 && lock.stdout.contains("crm: 2 tables, as the map describes them"), "{lock:?}");
    let grants = shop.upheld(&["grants", shop.folder()]);
    assert!(grants.code == 0 && grants.stdout.contains("scopes"), "{grants:?}");
    // The credential is a secret, and goes nowhere but into the header.
    let said = [check, lock, grants].map(|o| o.stdout + &o.stderr).concat();
    assert!(!said.contains(crm::TOKEN));
}
