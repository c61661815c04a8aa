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

/// A value of another shape than Fides has there is told as it stands, and not taken for nothing.
#[test]
fn values_of_the_wrong_shape_are_listed() {
    let listed =
        |text: &str| -> Vec<String> { imported(&[("a.yml", text)]).left_out.into_iter().map(|l| l.path).collect() };
    let field = |meta: &str| {
        listed(&format!(
            "dataset:\n- fides_key: a_sqlite\n  collections:\n  - name: t\n    fields:\n    - name: c\n      \
             data_categories: [system.operations]\n      {meta}\n"
        ))
    };
    for (meta, path) in [
        ("fides_meta: [ {primary_key: true} ]", "fides_meta"),
        ("fides_meta: {primary_key: 1}", "primary_key"),
        ("fides_meta: {masking_strategy_override: null_rewrite}", "masking_strategy_override"),
    ] {
        let found = field(meta);
        assert!(found.len() == 1 && found[0].ends_with(path), "{meta}: {found:?}");
    }
    let skipped = listed(
        "dataset:\n- fides_key: a_sqlite\n  collections:\n  - name: t\n    fides_meta: {skip_processing: y}\n    fields:\n    - name: c\n      data_categories: [system.operations]\n",
    );
    assert!(skipped.len() == 1 && skipped[0].ends_with("skip_processing"), "{skipped:?}");
    let system = "system:\n- fides_key: mailer\n  system_type: Third Party\n  KEY\n  privacy_declarations:\n  - name: send\n    data_use: essential\n    data_categories: [user.contact.email]\n    data_subjects: [customer]\n";
    for key in ["responsibility: [Joint-Controller]", "data_responsibility_title: Joint-Controller"] {
        let found = listed(&system.replace("KEY", key));
        let name = key.split(':').next().unwrap_or_default();
        assert!(found.iter().any(|path| path.ends_with(name)), "{key}: {found:?}");
    }
}
