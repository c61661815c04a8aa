//! Which version holds for data of a person, after what they did and did not do.

use engine::notice::versions::{Agreement, Held, Needed, Version, governing, satisfies, standing};
use jiff::civil::{Date, date};

use crate::folder::{Edit, named};

const LONGER: Edit = ("retention.toml", "P90D", "P1Y");
const OPEN: Edit = ("purposes.toml", "closed_to   = [\"content\"]", "");
const MOVED: Edit = ("policy.toml", "4 Quay Lane", "19 Mill Road");
const APPLICANTS: Edit = (
    "purposes.toml",
    "categories  = [\"user.contact\"]\npopulations = [\"applicant\"]",
    "categories  = [\"user.contact\", \"user.health\"]\npopulations = [\"applicant\"]",
);

const FIRST: Date = date(2026, 2, 1);
const TODAY: Date = date(2026, 12, 1);

/// Version 1, then one with each further edit, a month apart.
fn line(steps: &[&[Edit]]) -> Vec<Version> {
    let later = |at: usize| date(2026, 3 + i8::try_from(at).expect("few steps"), 1);
    let first = named("1", FIRST, &[]);
    let rest = steps.iter().enumerate().map(|(at, edits)| named(&format!("{}", at + 2), later(at), edits));
    std::iter::once(first).chain(rest).collect()
}

fn holds(versions: &[Version], given: &[(&str, Agreement)]) -> String {
    let agreed = |name: &str| given.iter().find(|(own, _)| *own == name).map(|(_, agreement)| *agreement);
    governing(versions, FIRST, TODAY, &agreed).expect("a version").version.clone()
}

#[test]
fn an_editorial_change_needs_nobody() {
    assert_eq!(holds(&line(&[&[MOVED]]), &[]), "2");
    assert_eq!(holds(&line(&[&[MOVED]]), &[("2", Agreement::Refused)]), "2", "there was nothing to refuse");
}

#[test]
fn a_change_that_people_are_told_of_holds_when_they_go_on() {
    let versions = line(&[&[LONGER]]);
    assert_eq!(holds(&versions, &[]), "1");
    assert_eq!(holds(&versions, &[("2", Agreement::Acknowledged)]), "1", "to see is not to agree");
    assert_eq!(holds(&versions, &[("2", Agreement::Refused)]), "1");
    assert_eq!(holds(&versions, &[("2", Agreement::Deemed)]), "2");
    assert_eq!(holds(&versions, &[("2", Agreement::Explicit)]), "2");
}

#[test]
fn fresh_consent_is_an_answer() {
    let versions = line(&[&[OPEN]]);
    for short in [Agreement::Acknowledged, Agreement::Deemed, Agreement::Refused] {
        assert_eq!(holds(&versions, &[("2", short)]), "1", "{short:?}");
    }
    assert_eq!(holds(&versions, &[("2", Agreement::Explicit)]), "2");
}

#[test]
fn a_change_is_not_carried_in_by_a_later_small_one() {
    let versions = line(&[&[OPEN], &[OPEN, MOVED]]);
    assert_eq!(holds(&versions, &[]), "1");
    assert_eq!(holds(&versions, &[("3", Agreement::Deemed)]), "1", "the way from 1 to 3 needs an answer");
    assert_eq!(holds(&versions, &[("3", Agreement::Explicit)]), "3");
    assert_eq!(holds(&versions, &[("2", Agreement::Explicit)]), "3", "from there it is editorial");
}

#[test]
fn what_was_taken_back_needs_nothing() {
    assert_eq!(holds(&line(&[&[OPEN], &[]]), &[]), "3");
}

#[test]
fn new_data_is_under_the_version_of_its_day() {
    let versions = line(&[&[OPEN]]);
    let on = |gathered: Date| governing(&versions, gathered, TODAY, &|_| None).map(|v| v.version.clone());
    assert_eq!(on(date(2026, 3, 1)).as_deref(), Some("2"));
    assert_eq!(on(date(2026, 2, 28)).as_deref(), Some("1"));
    assert_eq!(on(date(2026, 1, 31)), None);
}

#[test]
fn a_version_that_is_still_to_come_holds_for_nobody() {
    let versions = line(&[&[MOVED]]);
    let found = governing(&versions, FIRST, date(2026, 2, 28), &|_| Some(Agreement::Explicit));
    assert_eq!(found.map(|v| v.version.as_str()), Some("1"));
}

#[test]
fn a_change_for_others_needs_nothing_of_this_person() {
    let versions = line(&[&[APPLICANTS]]);
    let of = |population| {
        let held = Held { gathered: FIRST, population };
        governing(&versions, held, TODAY, &|_| None).map(|v| v.version.clone())
    };
    assert_eq!(of(Some("user")).as_deref(), Some("2"));
    assert_eq!(of(Some("applicant")).as_deref(), Some("1"));
    assert_eq!(of(None).as_deref(), Some("1"), "of whom nothing is known, all counts");
}

#[test]
fn only_an_answer_satisfies_what_needs_one() {
    use Agreement::{Acknowledged, Deemed, Explicit, Refused};
    let all = [None, Some(Acknowledged), Some(Deemed), Some(Explicit), Some(Refused)];
    let enough = |needed| all.iter().filter(|given| satisfies(needed, **given)).copied().collect::<Vec<_>>();
    assert_eq!(enough(Needed::Explicit), [Some(Explicit)]);
    assert_eq!(enough(Needed::Deemed), [Some(Deemed), Some(Explicit)]);
    assert_eq!(enough(Needed::None), all);
}

#[test]
fn the_last_answer_stands_and_silence_is_none() {
    use Agreement::{Acknowledged, Deemed, Explicit, Refused};
    for (done, stands) in [
        (&[][..], None),
        (&[Acknowledged], Some(Acknowledged)),
        (&[Deemed, Acknowledged], Some(Deemed)),
        (&[Refused, Explicit, Refused], Some(Refused)),
        (&[Refused, Explicit], Some(Explicit)),
        (&[Refused, Deemed], Some(Refused)),
        (&[Explicit, Deemed, Acknowledged], Some(Explicit)),
    ] {
        assert_eq!(standing(done), stands, "{done:?}");
    }
}
