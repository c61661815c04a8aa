//! Columns of known schemas, labelled by people: the classifier, which has no list of their names, must meet its bars.

mod score;
mod sets;

use std::path::PathBuf;

use engine::discover::classify::Verdict;
use score::{Judged, judge, score};

/// The folder of labelled sets; `None`, and a line saying so, where it is not beside this project.
fn folder() -> Option<PathBuf> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/cases/labelled"));
    let there = folder.is_dir();
    if !there {
        eprintln!("skipped: no labelled columns at {}", folder.display());
    }
    there.then_some(folder)
}

fn hold(name: &str, judged: &[Judged], said: fn(&Verdict) -> bool, bar: f64) {
    let all = score(judged, said, |_| true);
    let unseen = score(judged, said, |l| l.held);
    assert!(all.columns > 3000, "{name}: only {} columns", all.columns);
    let (p, r, f1) = (all.precision(), all.recall(), all.f1());
    let wrong = judged.iter().filter(|j| !j.label.held && said(&j.verdict) != j.label.personal).take(20);
    let wrong: Vec<String> = wrong.map(|j| format!("{} {:?}", j.name, j.label.category)).collect();
    assert!(
        f1 >= bar,
        "{name}: precision {p:.3}, recall {r:.3}, F1 {f1:.3}, the bar is {bar}; among others:\n{wrong:#?}"
    );
    // The half that no rule was written on may be a little worse, not much.
    assert!(unseen.f1() >= bar - 0.05, "{name}: F1 {:.3} on what rules were not written on", unseen.f1());
}

#[test]
fn columns_recorded_about_a_person_are_found_by_keys_and_names() {
    let Some(folder) = folder() else { return };
    let moodle = judge(&sets::moodle(&folder).expect("the set can be read"));
    hold("recorded about a person", &moodle, |v| v.recorded, 0.70);
}

#[test]
fn columns_of_personal_categories_are_found_by_names() {
    let Some(folder) = folder() else { return };
    let fides = judge(&sets::fides(&folder).expect("the set can be read"));
    hold("of a personal category", &fides, |v| v.personal, 0.80);
}
