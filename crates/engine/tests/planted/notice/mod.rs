//! A folder that compiles, with every mistake that only lints find, on one day. Marks are those of the folder of the
//! other mistakes; in the notice they stand in its words.

use std::collections::BTreeMap;

use engine::diagnostic::render;
use engine::lint;
use engine::policy::compile::compile;
use engine::source::Source;
use jiff::civil::date;

use crate::compact;
use crate::together::{Place, planted, reported, without};

/// Its files.
pub const FILES: [(&str, &str); 10] = [
    ("collection.toml", include_str!("collection.toml")),
    ("notice.md", include_str!("notice.md")),
    ("policy.toml", include_str!("policy.toml")),
    ("promises.toml", include_str!("promises.toml")),
    ("purposes.toml", include_str!("purposes.toml")),
    ("recipients.toml", include_str!("recipients.toml")),
    ("rights.toml", include_str!("rights.toml")),
    ("security.toml", include_str!("security.toml")),
    ("settings.toml", include_str!("settings.toml")),
    ("systems/desk.toml", include_str!("desk.toml")),
];

#[test]
fn each_mistake_of_the_notice_is_found_at_its_place() {
    let mut source = Source::default();
    for (path, text) in FILES {
        source.add(path, text);
    }
    let live = compact::schema("customers(id int key, name text null, email text null)");
    let compiled = compile(&source, Some(&BTreeMap::from([("desk".to_owned(), live)])));
    let before = render::text(&compiled.diagnostics, &source, false);
    let policy = compiled.policy.unwrap_or_else(|| panic!("the folder compiles:\n{before}"));
    let findings = lint::findings(&policy, date(2026, 7, 1));
    let found = reported(&render::json(&findings, &source));
    let planted = planted(&FILES);
    let missing: Vec<&Place> = without(&planted, &found);
    let surplus: Vec<&Place> = without(&found, &planted);
    let text = render::text(&findings, &source, false);
    assert!(missing.is_empty() && surplus.is_empty(), "missing {missing:#?}\nsurplus {surplus:#?}\n{text}");
}
