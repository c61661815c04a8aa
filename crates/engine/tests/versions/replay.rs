//! The questions of a product, answered by the version under which data is held.

use engine::decide::disclose::{Disclosure, may_disclose};
use engine::decide::purpose::{Use, may_use};
use engine::decide::rights;
use engine::notice::versions::{Agreement, Version, governing};
use engine::policy::model::Said;
use jiff::civil::date;

use crate::folder::{Edit, TODAY, named, policy, version};

const OPEN: Edit = (
    "purposes.toml",
    "[\"user.behavior\"]\npopulations = [\"user\"]\nclosed_to   = [\"content\"]",
    "[\"user.behavior\", \"user.content\"]\npopulations = [\"user\"]",
);

/// May content be used to improve the service, for data of that day and a person who did that?
fn may_improve(versions: &[Version], gathered: jiff::civil::Date, given: Option<Agreement>) -> bool {
    let held = governing(versions, gathered, date(2026, 12, 1), &|_| given).expect("a version");
    let said = held.said().expect("it answers");
    may_use(&said, "improve", Use { category: "content", population: Some("user"), ..Use::default() }).allowed
}

#[test]
fn old_data_stays_under_the_old_rules_until_the_person_agrees() {
    let versions = [named("1", date(2026, 2, 1), &[]), named("2", date(2026, 6, 1), &[OPEN])];
    let (old, new) = (date(2026, 3, 1), date(2026, 7, 1));
    assert!(!may_improve(&versions, old, None));
    assert!(!may_improve(&versions, old, Some(Agreement::Acknowledged)));
    assert!(!may_improve(&versions, old, Some(Agreement::Deemed)));
    assert!(!may_improve(&versions, old, Some(Agreement::Refused)));
    assert!(may_improve(&versions, old, Some(Agreement::Explicit)));
    assert!(may_improve(&versions, new, None), "what came in under the new rules is under them");
}

/// Every answer to questions about uses, disclosures and rights.
fn answers(said: &Said) -> Vec<String> {
    let names = |family: &str| -> Vec<String> { said.of(family).map(|d| d.id.it.clone()).collect() };
    let mut categories = names("category");
    categories.extend(["user.content.message", "user.name", "user.biometrics"].map(str::to_owned));
    let mut found = Vec::new();
    for category in &categories {
        for purpose in names("purpose") {
            for population in names("population").iter().map(|p| Some(p.as_str())).chain([None]) {
                let data = Use { category, population, ..Use::default() };
                found.push(format!("{purpose} {category} {population:?} {:?}", may_use(said, &purpose, data)));
            }
            for recipient in names("recipient") {
                let what = Disclosure {
                    category,
                    purpose: &purpose,
                    population: None,
                    place: None,
                    given: &["consent"],
                    day: TODAY,
                };
                found.push(format!("{recipient} {purpose} {category} {:?}", may_disclose(said, &recipient, what)));
            }
        }
    }
    for right in ["access", "erasure", "portability", "objection"] {
        for place in ["DE", "US-CA", "JP"] {
            found.push(format!("{right} {place} {:?}", rights::has(said, right, place, Some("user"))));
        }
    }
    found.sort();
    found
}

#[test]
fn a_version_answers_as_its_folder_did() {
    let policy = policy(&[]);
    let version = Version::of(&policy, &policy.said, TODAY).expect("a version");
    let asked = answers(&policy.said);
    assert!(asked.len() > 100, "{} questions", asked.len());
    assert_eq!(answers(&version.said().expect("it answers")), asked);
}

#[test]
fn a_version_answers_the_same_after_years_in_a_file() {
    let version = version(&[]);
    let kept = serde_json::to_string(&version).expect("plain data");
    let read: Version = serde_json::from_str(&kept).expect("a version");
    assert_eq!(read, version);
    assert_eq!(read.digest(), version.digest());
    let names = |said: &Said| said.all.iter().map(|d| format!("{} {:?}", d.name(), d.values)).collect::<Vec<_>>();
    let (one, two) = (read.said().expect("it answers"), version.said().expect("it answers"));
    assert_eq!(names(&one), names(&two));
    let company = |said: &Said| said.company.iter().find(|(key, _)| *key == "name").map(|(_, name)| name.clone());
    assert_eq!(company(&one).as_deref(), Some("Fernhollow Ltd"));
}

#[test]
fn a_version_that_says_what_we_do_not_know_does_not_answer() {
    let mut version = version(&[]);
    version.facts.insert("moonlight:full".to_owned(), [("value".to_owned(), true.into())].into());
    let why = version.said().expect_err("it says something unknown");
    assert_eq!(why, "version 1 says moonlight:full, of which this program knows nothing");
}
