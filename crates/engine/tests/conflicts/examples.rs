//! The five example folders, in the order of the study's columns.

use std::fs;
use std::path::Path;

use engine::diagnostic::render;
use engine::lint;
use engine::policy::compile::compile;
use engine::policy::model::Said;
use engine::policy::parse::parse;
use engine::policy::written::Declaration;
use engine::source::Source;

use crate::folder::DAY;

/// Their names.
pub const FOLDERS: [&str; 5] = ["helpdesk", "device-manager", "collaboration", "it-services", "helpdesk-portal"];

fn files(name: &str) -> Source {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name);
    let mut source = Source::default();
    for (prefix, dir) in [("", root.clone()), ("systems/", root.join("systems"))] {
        let listing = fs::read_dir(&dir).unwrap_or_else(|e| panic!("{}: {e}", dir.display()));
        let mut names: Vec<String> = listing.filter_map(|e| e.ok()?.file_name().into_string().ok()).collect();
        names.sort();
        for file in names.iter().filter(|n| n.ends_with(".toml") || n.ends_with(".json") || *n == "notice.md") {
            let text = fs::read_to_string(dir.join(file)).expect("a file of the example can be read");
            source.add(format!("{prefix}{file}"), text);
        }
    }
    source
}

/// Each folder whose mark is `1` gives the setting, or has a declaration of the family (`FAMILY:`).
pub fn given(what: &str, marks: &str) {
    assert!(marks.contains('1') && marks.len() == FOLDERS.len(), "{what}: {marks}");
    let lacking: Vec<&str> = FOLDERS
        .into_iter()
        .zip(marks.chars())
        .filter(|(_, mark)| *mark == '1')
        .map(|(folder, _)| folder)
        .filter(|folder| !gives(&parse(&files(folder)).0.said, what))
        .collect();
    assert!(lacking.is_empty(), "{what} is not given by {lacking:?}");
}

fn gives(said: &[Declaration], what: &str) -> bool {
    let below = format!("{what}.");
    said.iter().any(|d| match what.strip_suffix(':') {
        Some(family) => d.family.name == family,
        None => d.family.name == "setting" && (d.id.it == what || d.id.it.starts_with(&below)),
    })
}

/// What a folder says.
pub fn said(name: &str) -> Said {
    compile(&files(name), None).policy.unwrap_or_else(|| panic!("{name} compiles")).said
}

#[test]
fn no_example_contradicts_itself_or_is_silent() {
    for name in FOLDERS {
        let source = files(name);
        let compiled = compile(&source, None);
        let text = render::text(&compiled.diagnostics, &source, false);
        let policy = compiled.policy.unwrap_or_else(|| panic!("{name} compiles:\n{text}"));
        // Safeguards were looked at, and agreements end, on days of their own.
        let found: Vec<_> = lint::findings(&policy, DAY).into_iter().filter(|d| d.code.0 != "U1108").collect();
        assert!(found.is_empty(), "{name}:\n{}", render::text(&found, &source, false));
    }
}
