//! Files that are broken, and names that were chosen to do harm.

use engine::interop::fides::{Circumstances, import};
use engine::policy::compile::compile;

use super::{file, given, imported};

fn refused(text: &str) -> (usize, String) {
    let failed = import(&given(&[("bad.yml", text)]), &Circumstances::default()).expect_err("it cannot be read");
    assert_eq!((failed.len(), failed[0].file.as_str()), (1, "bad.yml"));
    (failed[0].line, failed[0].why.clone())
}

#[test]
fn malformed_yaml_is_refused_with_its_line() {
    assert_eq!(refused("dataset:\n  - fides_key: a\n   name: b\n").0, 3);
    assert_eq!(refused("dataset:\n  - fides_key: a\n    fides_key: b\n"), (3, "a key that stands twice".to_owned()));
    assert_eq!(refused("").0, 1);
    assert!(refused("- a\n- b\n").1.contains("no Fides manifest"));
    assert_eq!(refused("? [a, b]\n: c\n").1, "a key that is no word");
}

#[test]
fn a_file_that_would_grow_without_end_is_refused() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for n in 1..9 {
        let many = vec![format!("*a{}", n - 1); 10].join(", ");
        text.push_str(&format!("a{n}: &a{n} [{many}]\n"));
    }
    assert!(refused(&text).1.contains("aliases"));
    assert!(refused(&format!("a: {}1{}\n", "[".repeat(80), "]".repeat(80))).1.contains("levels"));
}

#[test]
fn every_unreadable_file_is_told() {
    let files = given(&[("a.yml", "x: ["), ("b.yml", "dataset: []\n"), ("c.yml", "'")]);
    let failed = import(&files, &Circumstances::default()).expect_err("two of them are broken");
    assert_eq!(failed.iter().map(|f| f.file.as_str()).collect::<Vec<_>>(), ["a.yml", "c.yml"]);
}

#[test]
fn names_stay_names() {
    let text = r##"
dataset:
  - fides_key: "../../etc/cron.d/x"
    name: "postgres\"\n[company]\nname = \"Mallory\""
    collections:
      - name: "t\"]\n[evil]\n# ` <b>"
        description: "a\nb\u202e"
        fields:
          - name: "c\" = 1\n#"
            data_categories: ["user.name\"\nx = 1"]
            fides_meta: {primary_key: true, identity: "email"}
          - name: ""
            data_categories: [user.name]
  - fides_key: "..-..-ETC-cron-d-x"
    collections: []
system:
  - fides_key: "a]\n[b"
    system_type: x
    privacy_declarations:
      - name: "'''\n[purpose.evil]"
        data_use: "x\n[purpose.more]"
        data_categories: []
        data_subjects: ["]\n[law"]
        third_parties: "\u0000\n[recipient.evil]"
"##;
    let imported = imported(&[("bad`\n# <script>.yml", text)]);
    let paths: Vec<&str> = imported.folder.files().map(|(_, f)| f.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "policy.toml",
            "purposes.toml",
            "recipients.toml",
            "systems/etc-cron-d-x.toml",
            "systems/etc-cron-d-x-2.toml",
            "IMPORT.md"
        ]
    );
    for (_, f) in imported.folder.files().filter(|(_, f)| f.path.ends_with(".toml")) {
        let read: toml::Table = f.text.parse().unwrap_or_else(|e| panic!("{}: {e}\n{}", f.path, f.text));
        for key in read.keys() {
            assert!(
                ["company", "subjects", "taxonomy", "purpose", "recipient", "system", "subject", "table"]
                    .contains(&key.as_str()),
                "{key} in {}",
                f.path
            );
        }
        assert!(!f.text.contains('\u{202e}'), "{}", f.path);
    }
    let purposes: toml::Table = file(&imported, "purposes.toml").parse().expect("TOML");
    assert_eq!(purposes["purpose"].as_table().expect("a table").len(), 1);
    let report = file(&imported, "IMPORT.md");
    assert!(
        !report.contains("<script>.yml\n") && !report.lines().any(|l| l.starts_with("[evil]") || l.starts_with("# <"))
    );
    // It need not compile, but reading it must not fail.
    compile(&imported.folder, None);
}

#[test]
fn a_part_that_has_another_shape_is_told() {
    let text = "dataset:\n- words\n- fides_key: a_sqlite\n  collections:\n  - name: t\n    fields: [1, {name: x, data_categories: {a: b}, fides_meta: {references: [z]}}]\n";
    let left = imported(&[("odd.yml", text)]).left_out;
    let paths: Vec<&str> = left.iter().map(|l| l.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "dataset[0]",
            "dataset.a_sqlite.t.x.data_categories",
            "dataset.a_sqlite.t.x.fides_meta.references[0]",
            "dataset.a_sqlite.t[0]"
        ]
    );
}
