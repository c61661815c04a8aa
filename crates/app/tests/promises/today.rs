//! The day that counts as today: what is due, lapsed or over is judged by it, and what is recorded is not.

use crate::{TODAY, copy, example, told, upheld, upheld_with};

#[test]
fn a_review_comes_due_on_the_day_that_is_given() {
    let place = tempfile::tempdir().expect("a folder");
    for company in ["it-services", "helpdesk-portal"] {
        let folder = example(company).display().to_string();
        let check = |more: &[&str]| upheld(place.path(), &[&["check", &folder, "--strict"], more].concat());
        let now = check(&[]);
        assert_eq!(now.code, 0, "{now:?}");
        let later = check(&["--today", "2030-01-15"]);
        assert_eq!(later.code, 1, "{later:?}");
        assert!(format!("{later:?}").contains("U1108"), "{later:?}");
    }
}

#[test]
fn a_contract_is_over_on_the_day_that_is_given() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = example("it-services").display().to_string();
    let question = "disclose --recipient site-analytics --category user.behavior.browsing_history --purpose site-statistics --given opt_in";
    let ask = |day: &str| {
        let words: Vec<&str> = ["decide", &folder, "--today", day].into_iter().chain(question.split(' ')).collect();
        told(place.path(), &[0, 1], &words)["allowed"].as_bool().expect("yes or no")
    };
    assert!(ask(TODAY) && !ask("2028-07-01"));
    let variable = ("UPHELD_TODAY".to_owned(), "tomorrow".to_owned());
    let wrong = upheld_with(place.path(), &[variable], &["decide", &folder, "host", "x.example"]);
    assert_eq!(wrong.code, 2, "{wrong:?}");
    assert!(wrong.stderr.contains("UPHELD_TODAY"), "{wrong:?}");
}

/// A day that was made up cannot make a version hold from a day that has passed.
#[test]
fn what_is_published_bears_the_real_day() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = copy("it-services", place.path()).display().to_string();
    let publish = |day: &str| upheld(place.path(), &["notice", "publish", &folder, "--yes", "--today", day]);
    assert_eq!(publish("2026-11-22").code, 0);
    let files = ["notice.md", "promises.toml"].map(|file| std::path::Path::new(&folder).join(file));
    files.iter().for_each(|file| crate::change(file, "\"1.0\"", "\"1.1\""));
    files.iter().for_each(|file| crate::change(file, "\"2026-11-01\"", "\"2026-11-02\""));
    let back = publish("2026-10-01");
    assert_eq!(back.code, 2, "{back:?}");
    assert!(back.stderr.contains("nobody could have read it"), "{back:?}");
    let listed = told(place.path(), &[0], &["notice", "list"]);
    let published = listed[0]["published"].as_str().expect("a time").to_owned();
    let real = jiff::Timestamp::now().to_string();
    assert_eq!(published[..10], real[..10], "the real day");
}
