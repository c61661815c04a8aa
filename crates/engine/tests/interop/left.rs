//! What Fides says and the folder cannot say.

use super::{file, imported};

#[test]
fn all_that_is_not_carried_over_is_listed_and_nothing_else() {
    let imported = imported(&[("awkward.yml", include_str!("awkward.yml"))]);
    let listed: Vec<String> = imported.left_out.iter().map(|l| format!("{} {}: {}", l.line, l.path, l.why)).collect();
    let expected: Vec<&str> = include_str!("awkward.left.txt").lines().collect();
    assert_eq!(listed, expected, "\n{}", listed.join("\n"));
    assert!(imported.left_out.iter().all(|l| l.file == "awkward.yml"));
    let report = file(&imported, "IMPORT.md");
    for left in &imported.left_out {
        assert!(report.contains(&format!("line {}, `{}`", left.line, left.path)), "{left:?}");
    }
}

#[test]
fn what_a_person_must_decide_is_listed() {
    let imported = imported(&[("awkward.yml", include_str!("awkward.yml"))]);
    let listed: Vec<String> = imported.decisions.iter().map(|d| format!("{} {}", d.file, d.about)).collect();
    let expected: Vec<&str> = include_str!("awkward.decide.txt").lines().collect();
    assert_eq!(listed, expected, "\n{}", listed.join("\n"));
}

#[test]
fn what_fides_assumes_anyway_is_no_loss() {
    let plain = "dataset:\n- fides_key: a_sqlite\n  collections:\n  - name: t\n    description: words\n    fields:\n    - name: c\n      data_categories: [system.operations]\n      fides_meta: {read_only: false, primary_key: null}\n";
    assert_eq!(imported(&[("a.yml", plain)]).left_out, []);
}
