//! What a check of `upheld coverage` rests on, taken away or spoiled: the promise is not verified any more, and the reason says why.

use std::path::Path;

use crate::{change, copy, told};

/// Spoils a copy of a company, and returns why a promise that was verified before is not now. Rights are carried out for these
/// people of the sample alone.
fn spoiled_for(people: &[&str], company: &str, promise: &str, spoil: impl Fn(&Path)) -> String {
    let place = tempfile::tempdir().expect("a folder");
    let folder = copy(company, place.path());
    let file = folder.join("sample/people.toml");
    let all = std::fs::read_to_string(&file).expect("the people of the sample");
    let chosen = all.split("[[person]]").skip(1).filter(|p| people.iter().any(|id| p.contains(&format!("= \"{id}\""))));
    let chosen: Vec<String> = chosen.map(|person| format!("[[person]]{person}")).collect();
    assert_eq!(chosen.len(), people.len(), "{people:?} are people of the sample");
    std::fs::write(file, chosen.concat()).expect("the chosen people");
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

/// The same without any people.
fn spoiled(company: &str, promise: &str, spoil: impl Fn(&Path)) -> String {
    spoiled_for(&[], company, promise, spoil)
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

#[test]
fn col_11_what_one_customer_defined_is_held_of_no_other_customers_people() {
    let people = ["second-holder", "no-mailbox"];
    let ask = |spoil: &dyn Fn(&Path)| spoiled_for(&people, "device-manager", "kandji-013", |folder| spoil(folder));
    let sample = |folder: &Path| folder.join("sample/console.sql");
    // The parking place of customer 3 is held of somebody of customer 1.
    let strange = |folder: &Path| change(&sample(folder), "(1, 1, 2, 'BF-77102')", "(2, 1, 2, 'BF-77102')");
    says(&ask(&strange), "what customer 3 defined is attributed to people of customer 1");
    let alike = |folder: &Path| change(&sample(folder), "'Parking place'", "'Staff number'");
    says(&ask(&alike), "all customers of the sample defined the same");
    let one = |folder: &Path| {
        change(&sample(folder), "  (2, 3, 3, 'Row C, next to Ines Halloran');", "  (1, 2, 2, 'Row C');")
    };
    says(&ask(&one), "does not hold it for people of two customers");
}

#[test]
fn dis_02_what_a_processor_would_be_sent_is_read_and_compared() {
    let (sales, recipients) = ("sample/sales.sql", "recipients.toml");
    let wider = |folder: &Path| {
        change(
            &folder.join(recipients),
            "\"sales:orders.amount_cents\", ",
            "\"sales:orders.amount_cents\", \"sales:representatives.job_title\", ",
        );
    };
    says(&spoiled("device-manager", "kandji-031", wider), "is of a category that it does not receive");
    // A table that copies another column into one that is sent lets out what must not be.
    let copied = |folder: &Path| {
        let path = folder.join(sales);
        let text = std::fs::read_to_string(&path).expect("a sample") + COPY;
        std::fs::write(path, text).expect("a longer sample");
        let reviewed =
            "[table.representatives]\ntrigger = { sent = \"reviewed: for mail\" }\n\n[table.representatives.columns]";
        change(&folder.join("systems/sales.toml"), "[table.representatives.columns]", reviewed);
    };
    says(
        &spoiled("device-manager", "kandji-031", copied),
        "projection: what stands in sales:representatives.email came out",
    );
}

/// From now on the postal address ends with the address of mail.
const COPY: &str = "\nCREATE TRIGGER sent AFTER UPDATE OF email ON representatives BEGIN\n\
    UPDATE representatives SET postal_address = postal_address || new.email WHERE id = new.id; END;\n";
