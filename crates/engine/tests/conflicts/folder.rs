//! A small folder with a notice, to which a test adds what it is about.

use std::collections::BTreeMap;

use engine::diagnostic::{Diagnostic, render};
use engine::lint;
use engine::policy::compile::compile;
use engine::policy::model::Policy;
use engine::source::Source;
use jiff::civil::{Date, date};

/// The day on which lints look.
pub const DAY: Date = date(2026, 7, 1);

const NOTICE: &str = "+++\ntitle = \"Privacy\"\nversion = \"1\"\neffective = \"2026-03-01\"\n+++\n# Privacy\n";

const POLICY: &str = "[company]\nname = \"Acme\"\n\n[contact.privacy]\nkind = \"email\"\n\
    address = \"privacy@acme.example\"\nserves = [\"questions\", \"rights\", \"complaints\"]\n\n";

/// The folder with these files; what is said in `policy.toml` stands below the company and a contact.
pub fn source(files: &[(&str, &str)]) -> Source {
    let mut all: BTreeMap<&str, String> = BTreeMap::from([("notice.md", NOTICE.to_owned())]);
    all.insert("policy.toml", POLICY.to_owned());
    for (path, text) in files {
        let before = if *path == "policy.toml" { POLICY } else { "" };
        all.insert(path, format!("{before}{text}"));
    }
    let mut source = Source::default();
    for (path, text) in all {
        source.add(path, text);
    }
    source
}

/// The folder compiled.
pub fn policy(files: &[(&str, &str)]) -> Policy {
    let source = source(files);
    let compiled = compile(&source, None);
    let text = render::text(&compiled.diagnostics, &source, false);
    compiled.policy.unwrap_or_else(|| panic!("the folder compiles:\n{text}"))
}

/// What lints find under a code.
pub fn found(code: &str, files: &[(&str, &str)]) -> Vec<Diagnostic> {
    lint::findings(&policy(files), DAY).into_iter().filter(|d| d.code.0 == code).collect()
}

/// What is found in the wrong folder with these words, and not in the right one.
pub fn clash(code: &str, words: &str, wrong: &[(&str, &str)], right: &[(&str, &str)]) {
    let says = |files: &[(&str, &str)]| {
        let all = found(code, files);
        (all.iter().any(|d| d.message.contains(words)), all.into_iter().map(|d| d.message).collect::<Vec<_>>())
    };
    let (there, all) = says(wrong);
    assert!(there, "{code} with `{words}` is not found: {all:?}");
    let (there, all) = says(right);
    assert!(!there, "{code} with `{words}` is found in what is right: {all:?}");
}

/// The value of a setting that decides the row, in each of two folders that give it differently.
pub fn decides(name: &str, one: &str, other: &str) {
    let (group, key) = name.split_once('.').expect("a group and a name");
    let value = |given: &str| {
        let text = format!("[{group}]\n{key} = {given}\n");
        policy(&[("settings.toml", &text)]).said.setting(name).cloned()
    };
    let (one, other) = (value(one), value(other));
    assert!(one.is_some() && other.is_some() && one != other, "{name}: {one:?}, {other:?}");
}
