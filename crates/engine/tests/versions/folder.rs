//! A policy folder in memory, and the same with changes.

use engine::notice::versions::Version;
use engine::policy::compile::compile;
use engine::policy::model::Policy;
use engine::source::Source;
use jiff::civil::{Date, date};

/// A change of one file: the text that stands there once, and what takes its place; no text: it is added at the end.
pub type Edit = (&'static str, &'static str, &'static str);

const FILES: [(&str, &str); 10] = [
    ("policy.toml", include_str!("base/policy.toml")),
    ("collection.toml", include_str!("base/collection.toml")),
    ("purposes.toml", include_str!("base/purposes.toml")),
    ("recipients.toml", include_str!("base/recipients.toml")),
    ("retention.toml", include_str!("base/retention.toml")),
    ("rights.toml", include_str!("base/rights.toml")),
    ("messages.toml", include_str!("base/messages.toml")),
    ("security.toml", include_str!("base/security.toml")),
    ("settings.toml", include_str!("base/settings.toml")),
    ("notice.md", include_str!("base/notice.md")),
];

/// The day on which versions are made.
pub const TODAY: Date = date(2026, 1, 10);

/// The folder with changes, compiled.
pub fn policy(edits: &[Edit]) -> Policy {
    let mut source = Source::default();
    for (path, text) in FILES {
        let mut text = text.to_owned();
        for (_, from, to) in edits.iter().filter(|(own, _, _)| *own == path) {
            if from.is_empty() {
                text = format!("{text}\n{to}\n");
                continue;
            }
            assert_eq!(text.matches(from).count(), 1, "{path} has not exactly one `{from}`");
            text = text.replace(from, to);
        }
        source.add(path, text);
    }
    let unknown: Vec<_> = edits.iter().filter(|(path, _, _)| FILES.iter().all(|(own, _)| own != path)).collect();
    assert!(unknown.is_empty(), "no such file: {unknown:?}");
    let compiled = compile(&source, None);
    let errors: Vec<_> = compiled.diagnostics.iter().filter(|d| d.is_error()).map(|d| &d.message).collect();
    assert!(errors.is_empty(), "{errors:?}");
    compiled.policy.expect("a policy")
}

/// The version of the folder with changes.
pub fn version(edits: &[Edit]) -> Version {
    let policy = policy(edits);
    Version::of(&policy, &policy.said, TODAY).expect("a version")
}

/// The same under another name, from another day.
pub fn named(name: &str, effective: Date, edits: &[Edit]) -> Version {
    Version { version: name.to_owned(), effective, ..version(edits) }
}
