//! What a check of `upheld coverage` rests on, taken away or spoiled: the promise is not verified any more, and the reason says why.

use std::path::Path;

use crate::{change, copy, told};

/// Spoils a copy of a company, and returns why a promise that was verified before is not now. Rights are not carried out.
fn spoiled(company: &str, promise: &str, spoil: impl Fn(&Path)) -> String {
    let place = tempfile::tempdir().expect("a folder");
    let folder = copy(company, place.path());
    std::fs::write(folder.join("sample/people.toml"), "").expect("nobody");
    let ran = |check: &dyn Fn(&serde_json::Value) -> bool| {
        let told = told(place.path(), &[0, 1], &["coverage", &folder.display().to_string()]);
        let all = told["promises"].as_array().expect("promises").clone();
        let own = all.into_iter().find(|p| p["id"] == promise).expect("the promise");
        let failed = own["ran"].as_array().expect("checks").iter().find(|r| check(&r["failed"]));
        failed.map(|r| {
            format!("{}: {}", r["check"].as_str().unwrap_or_default(), r["failed"].as_str().unwrap_or_default())
        })
    };
    assert_eq!(ran(&|failed| !failed.is_null()), None, "{company}: {promise} is verified as it is");
    spoil(&folder);
    ran(&|failed| !failed.is_null()).unwrap_or_else(|| panic!("{company}: nothing notices at {promise}"))
}

fn says(why: &str, expected: &str) {
    assert!(why.contains(expected), "{expected} is not in: {why}");
}

#[test]
fn col_12_without_captured_traffic_nothing_is_known_of_an_edition() {
    let gone = |folder: &Path| std::fs::remove_file(folder.join("sample/egress.toml")).expect("a file");
    says(&spoiled("collaboration", "kaizenify-010", gone), "egress: no traffic of it was captured");
}

#[test]
fn col_12_one_undeclared_beacon_in_the_captured_traffic_is_enough() {
    let beacon = |folder: &Path| {
        change(
            &folder.join("sample/egress-on.har"),
            "telemetry.quillhaven.example/v1/clicks",
            "pixel.adverts.example/v1/clicks",
        );
    };
    says(&spoiled("collaboration", "kaizenify-010", beacon), "egress: something was sent to pixel.adverts.example");
    let more =
        |folder: &Path| change(&folder.join("sample/egress-on.har"), "\\\"hour\\\":", "\\\"member\\\":1,\\\"hour\\\":");
    says(&spoiled("collaboration", "kaizenify-010", more), "not declared: member");
}

#[test]
fn col_12_what_is_sent_while_it_is_off_is_seen() {
    let sent = |folder: &Path| {
        std::fs::copy(folder.join("sample/egress-on.har"), folder.join("sample/egress-off.har")).expect("a copy");
    };
    says(&spoiled("collaboration", "kaizenify-011", sent), "sending is off");
    let undecided = |folder: &Path| {
        std::fs::copy(folder.join("sample/egress-on.har"), folder.join("sample/egress-undecided.har")).expect("a copy");
    };
    says(&spoiled("collaboration", "kaizenify-014", undecided), "sending is off");
}

#[test]
fn col_12_a_stream_that_was_never_captured_is_not_known() {
    let never = |folder: &Path| {
        change(
            &folder.join("sample/egress-on.har"),
            "telemetry.quillhaven.example/v1/feedback",
            "wiki.cedarworks.example/v1/feedback",
        );
    };
    says(&spoiled("collaboration", "kaizenify-011", never), "selfrun-feedback was never seen");
}

#[test]
fn trf_03_a_copy_is_made_and_read() {
    let gone = |folder: &Path| std::fs::remove_file(folder.join("safeguards/uk-addendum.md")).expect("a file");
    says(&spoiled("helpdesk", "desk365-080", gone), "safeguards-copy: cannot read safeguards/uk-addendum.md");
    let open =
        |folder: &Path| change(&folder.join("safeguards/uk-addendum.md"), "[[prices: 188 pounds]]", "188 pounds");
    let all = |folder: &Path| {
        open(folder);
        change(&folder.join("safeguards/uk-addendum.md"), "[[prices: 1,075 pounds]]", "1,075 pounds");
    };
    says(&spoiled("helpdesk", "desk365-080", all), "no passage is marked with \"prices\"");
}

#[test]
fn col_04_events_are_replayed_as_products_send_them() {
    let gone = |folder: &Path| std::fs::remove_file(folder.join("sample/events.jsonl")).expect("a file");
    says(&spoiled("collaboration", "kaizenify-022", gone), "replay: no event of it was replayed");
    let events = |folder: &Path| folder.join("sample/events.jsonl");
    let more = |folder: &Path| change(&events(folder), "\"file_kind\"", "\"member\": \"ruth\", \"file_kind\"");
    says(
        &spoiled("collaboration", "kaizenify-022", more),
        "an event of the sample is refused: one name is not declared",
    );
    let other = |folder: &Path| change(&events(folder), "link_followed", "link_hovered");
    says(&spoiled("collaboration", "kaizenify-021", other), "that is no event of this");
    let unseen = |folder: &Path| change(&events(folder), "\"file_size\": 20480, ", "");
    says(&spoiled("collaboration", "kaizenify-022", unseen), "file_size is in no event of the sample");
}
