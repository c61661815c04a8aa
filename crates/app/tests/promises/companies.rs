//! Every promise of every company: accounted for, and those that are verified lose that when what keeps them is taken away.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{example, told, upheld};

/// A company, the prefix of its ids, and how its promises stand: all, verified, pending.
struct Company(&'static str, &'static str, usize, usize, usize);

/// What was so when somebody last looked. Later work turns pending ones green; to renew the two last numbers of a line, run
/// `upheld coverage examples/NAME` and copy its last line, after reading why each number moved.
const GOLDEN: [Company; 5] = [
    Company("helpdesk", "desk365", 88, 44, 44),
    Company("device-manager", "kandji", 113, 61, 52),
    Company("collaboration", "kaizenify", 124, 52, 72),
    Company("it-services", "kanj", 62, 35, 27),
    Company("helpdesk-portal", "deskpro", 109, 58, 51),
];

#[test]
fn the_five_companies_have_496_promises() {
    let all: usize = GOLDEN.iter().map(|c| c.2).sum();
    assert_eq!(all, 496);
    assert!(GOLDEN.iter().all(|Company(_, _, all, verified, pending)| verified + pending == *all));
}

#[test]
fn helpdesk() {
    stands(&GOLDEN[0]);
}

#[test]
fn device_manager() {
    stands(&GOLDEN[1]);
}

#[test]
fn collaboration() {
    stands(&GOLDEN[2]);
}

#[test]
fn it_services() {
    stands(&GOLDEN[3]);
}

#[test]
fn helpdesk_portal() {
    stands(&GOLDEN[4]);
}

fn stands(company: &Company) {
    let Company(name, prefix, all, verified, pending) = company;
    let place = tempfile::tempdir().expect("a folder");
    let folder = example(name).display().to_string();
    let checked = upheld(place.path(), &["check", &folder, "--strict"]);
    assert_eq!(checked.code, 0, "{checked:?}");

    let told = told(place.path(), &[0, 1], &["coverage", &folder, "--mutate"]);
    let promises = list(&told["promises"]);
    let ids: BTreeSet<String> = promises.iter().map(|p| text(&p["id"]).to_owned()).collect();
    let expected: BTreeSet<String> = (1..=*all).map(|n| format!("{prefix}-{n:03}")).collect();
    assert_eq!((promises.len(), ids), (*all, expected), "{name}: every id once");

    let of = |state: &str| promises.iter().filter(|p| p["state"] == state).count();
    assert_eq!((of("verified"), of("pending")), (*verified, *pending), "{name}: see how GOLDEN is renewed");
    promises.iter().for_each(|promise| sound(name, promise));

    let mutations = list(&told["mutations"]);
    let unnoticed: Vec<&Value> = mutations.iter().filter(|m| m["noticed"].is_null()).collect();
    assert!(unnoticed.is_empty(), "{name}: taken away, and nothing noticed: {unnoticed:?}");
    let mutated: BTreeSet<&str> = mutations.iter().map(|m| text(&m["promise"])).collect();
    assert_eq!(mutated.len(), *verified, "{name}: every verified promise lost a mechanism");

    let unread = |mark: &&Value| ["unbound promise", "stale"].contains(&text(&mark[0]));
    let marks: Vec<&Value> = list(&told["marks"]).iter().filter(unread).collect();
    assert!(marks.is_empty(), "{name}: {marks:?}");
    let odd: Vec<&Value> = list(&told["odd"]).iter().filter(|odd| odd["reason"].is_null()).collect();
    assert!(odd.is_empty(), "{name}: {odd:?}");
}

/// No check failed, and only what no check could look at is pending.
fn sound(name: &str, promise: &Value) {
    let id = text(&promise["id"]);
    let failed: Vec<&Value> = list(&promise["ran"]).iter().filter(|r| !r["failed"].is_null()).collect();
    assert!(failed.is_empty(), "{name}: {id}: {failed:?}");
    let why = list(&promise["why"]);
    match text(&promise["state"]) {
        "verified" => assert!(why.is_empty() && !list(&promise["ran"]).is_empty(), "{id}: {promise}"),
        "pending" => {
            let unbuilt = |why: &Value| text(why).ends_with(" is not built yet");
            assert!(!why.is_empty() && why.iter().all(unbuilt), "{id} is pending for another reason: {why:?}");
        }
        "not_executable" => assert!(!why.is_empty(), "{id}: no reason is given"),
        other => panic!("{name}: {id} is {other}: {why:?}"),
    }
    assert!(promise["broken"].is_string(), "{id} does not say what would be seen if it were broken");
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap_or_else(|| panic!("no list: {value}"))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}
