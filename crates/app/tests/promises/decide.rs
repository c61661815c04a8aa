//! `upheld decide`: each question once with yes and once with no for each reason, on the example of IT services.

use crate::{example, told, upheld};

/// The question, whether the answer is yes, and a part of why.
const QUESTIONS: [(&str, bool, &str); 50] = [
    ("use --purpose contract --category user.contact.email", true, "Conclude"),
    ("use --purpose contract --category bank-account --population contact", true, "Conclude"),
    ("use --purpose contract --category user.location", false, "does not name"),
    ("use --purpose contract --category bank-account --population visitor", false, "visitor"),
    ("use --purpose gossip --category user.contact.email", false, "no declared purpose"),
    ("disclose --recipient desk-software --category support --purpose support-admin", true, "tickets"),
    ("disclose --recipient desk-software --category support --purpose contract", false, "nothing for contract"),
    ("disclose --recipient desk-software --category bank-account --purpose support-admin", false, "bank-account"),
    ("disclose --recipient desk-software --category support --purpose support-admin --day 2024-08-31", false, "before"),
    ("disclose --recipient neighbour --category support --purpose support-admin", false, "no declared recipient"),
    (
        "disclose --recipient site-analytics --category use --purpose site-statistics --given opt_in",
        false,
        "does not name user.behavior",
    ),
    (
        "disclose --recipient site-analytics --category user.behavior.browsing_history --purpose site-statistics",
        false,
        "opt in first",
    ),
    (
        "disclose --recipient site-analytics --category user.behavior.browsing_history --purpose site-statistics --given opt_in",
        true,
        "analytics",
    ),
    (
        "disclose --recipient site-analytics --category user.behavior.browsing_history --purpose site-statistics --given contract",
        false,
        "opt in",
    ),
    (
        "disclose --recipient site-analytics --category user.behavior.browsing_history --purpose site-statistics --given opt_in --day 2028-07-01",
        false,
        "ended on 2028-06-30",
    ),
    ("collect --point procurement --field name --field email", true, "in the contract"),
    ("collect --point procurement --field name --field email --field born_on", true, "in the contract"),
    ("collect --point procurement --field name", false, "email is missing"),
    ("collect --point procurement --field name --field email --field religion", false, "religion is not"),
    ("collect --point doorstep --field name", false, "no collection point"),
    ("record --recorder telemetry:web-log --attribute path", true, "only what is declared"),
    ("record --recorder tracker:statistics --attribute cookie_id", true, "only what is declared"),
    ("record --recorder telemetry:web-log --attribute keystrokes", false, "keystrokes"),
    ("record --recorder telemetry:web-log --attribute path --event scroll", false, "no event"),
    ("record --recorder camera:lobby --attribute face", false, "nothing is declared"),
    ("send --edition self-run --item web-log", false, "no edition"),
    ("right --right access --place FR", true, "grants it"),
    ("right --right levitation --place FR", false, ""),
    ("role --data hosting:app_accounts --population app_user", true, "processor"),
    ("role --data office --population contact", true, "controller"),
    ("role --data cellar --population contact", false, "no role"),
    ("role --data hosting:app_accounts", false, "say whose data (--population): processor for app_user"),
    ("role --population contact", false, "say which data (--data): controller for contact"),
    ("role", false, "say which data (--data), whose data (--population)"),
    ("disclose --recipient desk-sofware --category support --purpose support-admin", false, "mean `desk-software`?"),
    ("use --purpose contrct --category bank-account", false, "did you mean `contract`?"),
    ("collect --point procurment --field name", false, "did you mean `procurement`?"),
    ("record --recorder telemetry:weblog --attribute path", false, "did you mean `telemetry:web-log`?"),
    ("right --right acess --place FR", false, "did you mean `access`?"),
    ("route --right access --by carrier-pigeon", false, "is noted"),
    ("confirm --online", false, "no wish to be erased"),
    ("child --age 17 --parent-agreed", false, "allows nothing"),
    ("child --age 18", true, "limit is 18"),
    ("erasure --requested", true, "wishes it"),
    ("erasure", false, "nobody wishes it"),
    ("erasure --requested --law uk-tax-recordz", false, "no declared law"),
    ("host www.stanmere.example", true, "our web site"),
    ("host crm.stanmere-apps.example", true, "hosting"),
    ("host stanmere.example.evil.example", false, "not covered"),
    ("host evilstanmere-apps.example", false, "not covered"),
];

#[test]
fn every_question_ends_with_0_for_yes_and_1_for_no() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = example("it-services").display().to_string();
    let mut wrong = Vec::new();
    for (question, yes, because) in QUESTIONS {
        let words: Vec<&str> = ["decide", &folder].into_iter().chain(question.split(' ')).collect();
        let done = upheld(place.path(), &words);
        let word = if yes { "yes: " } else { "no: " };
        if done.code != i32::from(!yes) || !done.stdout.starts_with(word) || !done.stdout.contains(because) {
            wrong.push(format!("{question}\n    {} {}{}", done.code, done.stdout, done.stderr));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(!place.path().join("home").exists(), "a question leaves nothing behind");
}

#[test]
fn an_edition_sends_what_it_may_while_it_is_switched_on() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = example("collaboration").display().to_string();
    let ask = |item: &str, more: &[&str]| {
        let asked = ["decide", &folder, "send", "--edition", "self-run", "--item", item];
        let told = told(place.path(), &[0, 1], &[&asked, more].concat());
        assert_eq!(told["by"], serde_json::json!(["edition:self-run"]), "{told}");
        told["allowed"].as_bool().expect("yes or no")
    };
    assert!(!ask("clickstream", &[]), "off unless somebody switches it on");
    assert!(ask("clickstream", &["--switched", "true"]));
    assert!(!ask("clickstream", &["--switched", "false"]));
    assert!(!ask("clickstream", &["--switched", "true", "--host", "elsewhere.example"]));
    assert!(!ask("documents", &["--switched", "true"]), "it is none of what the edition sends");
}

#[test]
fn captured_traffic_that_cannot_be_read_is_refused_without_a_word_of_it() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = example("collaboration").display().to_string();
    let file = place.path().join("traffic.har").display().to_string();
    let capture = ["decide", &folder, "egress", "--edition", "self-run", "--capture", &file];
    assert_eq!(upheld(place.path(), &capture).code, 2, "there is no such file");
    for text in ["ann@x.example", r#"{"log":"ann@x.example"}"#, r#"{"log":{"version":"ann@x.example","entries":[]}}"#] {
        std::fs::write(&file, text).expect("a file");
        let done = upheld(place.path(), &capture);
        assert!(done.code == 2 && done.stderr.contains("HTTP Archive"), "{done:?}");
        assert!(!done.stderr.contains("ann@"), "{done:?}");
    }
    std::fs::write(&file, r#"{"log":{"version":"1.2","entries":[]}}"#).expect("a file");
    assert_eq!(upheld(place.path(), &capture).code, 0, "nothing left");
    for more in [&["--on", "documents"][..], &["--on", "clickstream", "--off", "clickstream"]] {
        assert_eq!(upheld(place.path(), &[&capture, more].concat()).code, 2, "{more:?}");
    }
    let other = upheld(place.path(), &["decide", &folder, "egress", "--edition", "hosted", "--capture", &file]);
    assert!(other.code == 2 && other.stderr.contains("no edition hosted"), "{other:?}");
}

#[test]
fn events_are_replayed_name_by_name_and_never_with_a_value() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = example("collaboration").display().to_string();
    let file = place.path().join("events.jsonl").display().to_string();
    let replay = ["decide", &folder, "replay", "--events", &file];
    let lines = [
        r#"{"to":"telemetry:use","event":"feature_used","attributes":{"feature":"Redundancies","ip":"192.0.2.1"}}"#,
        r#"{"to":"telemetry:use","event":"feature_used","attributes":{"feature":"Payroll","ip":"192.0.2.2"}}"#,
        "",
        r#"{"to":"telemetry:use","event":"feature_used","attributes":{"feature":"x","page":{"title":"Redundancies"},"ruth@x.example":1}}"#,
        r#"{"to":"telemetry:use","event":"ruth was here","attributes":{"feature":"x"}}"#,
        r#"{"to":"tracker:ruth 1987","attributes":{"a":1}}"#,
        r#"{"to":"point:signup","fields":{"legal_name":"Ruth"}}"#,
        r#"{"to":"point:signup","fields":{"email":"ruth@x.example","legal_name":"Ruth"}}"#,
    ];
    std::fs::write(&file, lines.join("\n")).expect("events");
    let told = told(place.path(), &[1], &replay);
    let group = |accepted: bool, events: u64, line: u64, undeclared: &[&str], because: &str| {
        let all = told["groups"].as_array().expect("groups");
        let it = all.iter().find(|g| g["line"] == line).unwrap_or_else(|| panic!("line {line}: {told}"));
        assert_eq!((&it["accepted"], &it["events"]), (&accepted.into(), &events.into()), "{it}");
        assert_eq!(it["undeclared"], serde_json::json!(undeclared), "{it}");
        assert!(it["because"].as_str().is_some_and(|b| b.contains(because)), "{because}: {it}");
    };
    group(true, 2, 1, &[], "only what is declared");
    group(false, 1, 4, &["page.title", "(not shown)"], "2 names are not declared here");
    group(false, 1, 5, &[], "no event of this");
    group(false, 1, 6, &["a"], "nothing is declared as that");
    group(false, 1, 7, &[], "the field email is missing");
    group(true, 1, 8, &[], "in the contract");
    assert_eq!(told["groups"].as_array().map(Vec::len), Some(6), "{told}");
    let said = upheld(place.path(), &replay);
    assert!(said.code == 1 && said.stdout.ends_with("7 events: 3 accepted, 4 refused\n"), "{said:?}");
    for value in ["ruth", "Ruth", "Redundancies", "192.0.2", "1987"] {
        assert!(!told.to_string().contains(value) && !said.stdout.contains(value), "{value} is shown: {said:?}");
    }
    for text in ["ruth", r#"{"to":"telemetry:use","ruth":1}"#, r#"{"to":"telemetry:use","attributes":["ruth"]}"#] {
        std::fs::write(&file, text).expect("events");
        let done = upheld(place.path(), &replay);
        assert!(
            done.code == 2 && done.stderr.contains("line 1: an event is written") && !done.stderr.contains("ruth"),
            "{done:?}"
        );
    }
}

#[test]
fn a_question_without_its_parts_is_called_wrongly() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = example("it-services").display().to_string();
    for (wrong, why) in [
        ("use --purpose contract", "--category"),
        ("host", "<HOST>"),
        ("guess", "unrecognized subcommand"),
        ("use --purpose contract --category bank-acount", "did you mean `bank-account`?"),
        ("use --purpose contract --category user.contact.emial", "did you mean `user.contact.email`?"),
        ("use --purpose contract --category bank-account --population contacts", "did you mean `contact`?"),
        ("use --purpose contract --category bank-account --point procurment", "did you mean `procurement`?"),
        ("use --purpose contract --category bank-account --source nowhere", "is no source"),
        ("right --right access --place Narnia", "is no place"),
        ("right --right access --place FR --population contcat", "did you mean `contact`?"),
        ("role --data office --population contcat", "did you mean `contact`?"),
        ("due --right levitation --place AQ", "names a period"),
        ("due --right access --place GB --received 2027-02-30", "--received"),
        ("silent --rule contract-endd --last 2027-01-01", "did you mean `contract-end`?"),
        ("disclose --recipient desk-software --category suport --purpose support-admin", "did you mean `support`?"),
    ] {
        let words: Vec<&str> = ["decide", &folder].into_iter().chain(wrong.split(' ')).collect();
        let done = upheld(place.path(), &words);
        assert_eq!(done.code, 2, "{wrong}: {done:?}");
        assert!(done.stderr.contains(why), "{wrong}: {done:?}");
    }
    let nowhere = upheld(place.path(), &["decide", "no-such-folder", "host", "x.example"]);
    assert_eq!(nowhere.code, 2, "{nowhere:?}");
}

#[test]
fn days_of_requests_and_of_silence() {
    let place = tempfile::tempdir().expect("a folder");
    let ask = |company: &str, question: &str| {
        let folder = example(company).display().to_string();
        let words: Vec<&str> = ["decide", &folder].into_iter().chain(question.split(' ')).collect();
        told(place.path(), &[0], &words)["day"].as_str().expect("a day").to_owned()
    };
    assert_eq!(ask("it-services", "due --right access --place GB --received 2027-01-30"), "2027-02-28");
    assert_eq!(ask("it-services", "due --right access --place GB --received 2027-01-01"), "2027-01-31");
    let silent = "silent --rule idle-free --last 2026-07-02 --downgraded 2026-11-10";
    assert_eq!(ask("helpdesk", silent), "2027-02-10");
}
