//! What goes wrong is named, without a word of the data.

use engine::policy::model::Access;
use engine::run::Sink;
use engine::value::Value;

use super::{place, sample};
use crate::package::{Extra, Package};

#[test]
fn a_full_disk_names_the_file_and_nothing_stays() {
    if !std::path::Path::new("/dev/full").exists() {
        eprintln!("there is no /dev/full here: skipped");
        return;
    }
    let (_temp, dir) = place();
    let plan = sample::plan();
    let mut package = Package::create(&dir, &plan, &sample::policy()).unwrap();
    let steps = &plan.systems[1].steps;
    package.begin("helpdesk", &steps[1]).unwrap();
    package.begin("helpdesk", &steps[5]).unwrap();
    let file = dir.join("data/helpdesk/replies.jsonl");
    std::fs::remove_file(&file).unwrap();
    std::os::unix::fs::symlink("/dev/full", &file).unwrap();
    package.begin("helpdesk", &steps[2]).unwrap();
    let secret = "Sigrid Ødegård ".repeat(2_000);
    let error = package.row(vec![Value::text(secret); 6]).unwrap_err();
    assert!(error.contains("replies.jsonl") && error.contains("No space left"), "{error}");
    assert!(!error.contains("Sigrid"), "{error}");
    package.discard().unwrap();
    assert!(!dir.exists());
}

#[test]
fn a_package_that_misses_rows_is_never_finished() {
    let (_temp, dir) = place();
    let step = sample::export("persons", &["id"], Access::Row, &[], 2);
    let plan = sample::plan_of(vec![("helpdesk", vec![step.clone()])]);
    let mut package = Package::create(&dir, &plan, &sample::policy()).unwrap();
    sample::feed(&mut package, "helpdesk", &step, [vec![Value::Int(1)]]);
    let error = package.finish(&Extra::default()).unwrap_err().to_string();
    assert_eq!(error, "helpdesk.persons: 1 of 2 rows arrived, so the answer is not complete");
    assert!(!dir.exists());
}

#[test]
fn rows_that_fit_no_step_are_refused() {
    let (_temp, dir) = place();
    let plan = sample::plan();
    let mut package = Package::create(&dir, &plan, &sample::policy()).unwrap();
    assert_eq!(package.row(vec![]).unwrap_err(), "a row came before its step");
    let stray = sample::export("elsewhere", &["id"], Access::Row, &[], 1);
    assert_eq!(package.begin("helpdesk", &stray).unwrap_err(), "helpdesk.elsewhere is not in the plan of this package");
    package.begin("helpdesk", &plan.systems[1].steps[5]).unwrap();
    assert_eq!(package.row(vec![Value::Null; 3]).unwrap_err(), "a row has 3 values for 1 columns");
}
