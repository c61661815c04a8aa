//! What is long has pages of its own; the first page stays small.

use engine::policy::model::Access;
use engine::value::Value;

use super::{place, sample, text};
use crate::package::preview::ROWS;
use crate::package::{Extra, Package};

/// A package with that many e-mail events.
fn events(rows: usize) -> (tempfile::TempDir, std::path::PathBuf) {
    let (temp, dir) = place();
    let step = sample::export("email_events", &["id", "kind", "at"], Access::Row, &["address"], rows);
    let plan = sample::plan_of(vec![("helpdesk", vec![step.clone()])]);
    let mut package = Package::create(&dir, &plan, &sample::policy()).unwrap();
    let row = |i: usize| vec![Value::Int(i as i64), Value::text(format!("event {i} ends")), Value::text("2026-01-31")];
    sample::feed(&mut package, "helpdesk", &step, (0..rows).map(row));
    package.finish(&Extra::default()).unwrap();
    (temp, dir)
}

fn pages(dir: &std::path::Path) -> Vec<String> {
    let name = |nth: usize| format!("pages/helpdesk/email_events-{nth}.html");
    (1..).map(name).take_while(|n| dir.join(n).exists()).map(|n| text(dir, &n)).collect()
}

#[test]
fn a_short_table_stands_on_the_first_page_alone() {
    let (_temp, dir) = events(30);
    assert!(pages(&dir).is_empty());
    assert_eq!(text(&dir, "index.html").matches(" ends<").count(), 30);
}

#[test]
fn a_long_table_loses_no_row_and_its_pages_are_linked() {
    let (_temp, dir) = events(1_234);
    let pages = pages(&dir);
    let index = text(&dir, "index.html");
    assert!(index.contains("1,234 records") && index.contains("href=\"pages/helpdesk/email_events-1.html\""));
    assert!(index.len() < 100_000, "{}", index.len());
    assert!(pages.len() > 5);
    for i in 0..1_234 {
        let found = pages.iter().filter(|p| p.contains(&format!(">event {i} ends<"))).count();
        assert_eq!(found, 1, "event {i}");
    }
    for (nth, page) in pages.iter().enumerate() {
        let next = page.contains(&format!("href=\"../../pages/helpdesk/email_events-{}.html\"", nth + 2));
        assert_eq!(next, nth + 1 < pages.len(), "page {nth}");
        assert!(page.contains("href=\"../../index.html#t0\""));
        assert!(page.contains(&format!("<title>Email events, page {} of {} – Your data", nth + 1, pages.len())));
    }
}

#[test]
fn beyond_what_pages_show_the_files_have_the_rest_and_the_page_says_so() {
    let (_temp, dir) = events(ROWS + 7);
    let pages = pages(&dir);
    let shown: usize = pages.iter().map(|p| p.matches(" ends<").count()).sum();
    assert_eq!(shown, ROWS);
    assert!(pages.last().unwrap().contains("<bdi>5,000</bdi> of <bdi>5,007 records</bdi> are shown on these pages."));
    assert_eq!(text(&dir, "data/helpdesk/email_events.jsonl").lines().count(), ROWS + 7);
}

#[test]
fn the_answer_speaks_the_language_asked_for_else_that_of_the_policy_else_english() {
    let speak = |policy: Option<&str>, asked: Option<&str>| {
        let (_temp, dir) = place();
        let plan = sample::plan_of(vec![("helpdesk", Vec::new())]);
        let mut sample = sample::policy();
        sample.about.language = policy.map(str::to_owned);
        let package = Package::create(&dir, &plan, &sample).unwrap();
        package.finish(&Extra { certificate: None, language: asked }).unwrap();
        let page = text(&dir, "index.html");
        let title = page.split("<title>").nth(1).unwrap().split("</title>").next().unwrap().to_owned();
        (page.contains("<html lang=\"de\">"), title)
    };
    let (english, german) = ("Your data at Harbour Desk AS".to_owned(), "Ihre Daten bei Harbour Desk AS".to_owned());
    assert_eq!(speak(None, None), (false, english.clone()));
    assert_eq!(speak(Some("de"), None), (true, german.clone()));
    assert_eq!(speak(Some("de"), Some("en")), (false, english.clone()));
    assert_eq!(speak(None, Some("de")), (true, german));
    assert_eq!(speak(Some("fo"), None), (false, english));
}
