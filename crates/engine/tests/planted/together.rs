//! A folder of more than forty tables with every mistake at once. Each is marked in its line: `# !CODE@word` says that
//! CODE is found where that word begins (`$`: where the line ends). What is found must be exactly what is marked.

use std::collections::BTreeMap;

use engine::diagnostic::catalogue::PAGES;
use engine::diagnostic::render;
use engine::policy::compile::compile;
use engine::schema::Schema;
use engine::source::Source;

use crate::{compact, notice};

const FILES: [(&str, &str); 15] = [
    ("holds.toml", include_str!("folder/holds.toml")),
    ("messages.toml", include_str!("folder/messages.toml")),
    ("policy.toml", include_str!("folder/policy.toml")),
    ("purposes.toml", include_str!("folder/purposes.toml")),
    ("promises.toml", include_str!("folder/promises.toml")),
    ("recipients.toml", include_str!("folder/recipients.toml")),
    ("retention.toml", include_str!("folder/retention.toml")),
    ("systems/crm.toml", include_str!("folder/systems/crm.toml")),
    ("systems/disk.toml", include_str!("folder/systems/disk.toml")),
    ("systems/paper.toml", include_str!("folder/systems/paper.toml")),
    ("systems/shop.leave.toml", include_str!("folder/systems/shop.leave.toml")),
    ("systems/shop.toml", include_str!("folder/systems/shop.toml")),
    ("systems/side.toml", include_str!("folder/systems/side.toml")),
    ("systems/web.toml", include_str!("folder/systems/web.toml")),
    ("systems/web2.toml", include_str!("folder/systems/web2.toml")),
];

/// Codes that a single file cannot hold beside the others, or that only live systems show; the manual's pages show them.
const APART: [&str; 6] = ["U0008", "U0011", "U0701", "U0702", "U0703", "U0704"];

/// File, line, column, code.
pub type Place = (String, usize, usize, String);

#[test]
fn each_mistake_is_found_at_its_place_and_none_hides_another() {
    let schemas = schemas();
    assert!(schemas["shop"].tables.len() >= 40);
    let mut source = Source::default();
    for (path, text) in FILES {
        source.add(path, text);
    }
    let compiled = compile(&source, Some(&schemas));
    assert!(compiled.policy.is_none());
    let found = reported(&render::json(&compiled.diagnostics, &source));
    let text = render::text(&compiled.diagnostics, &source, false);
    let planted = planted(&FILES);
    let missing: Vec<&Place> = without(&planted, &found);
    let surplus: Vec<&Place> = without(&found, &planted);
    assert!(missing.is_empty() && surplus.is_empty(), "missing {missing:#?}\nsurplus {surplus:#?}\n{text}");
    assert!(!text.contains("swordfish"), "a secret was printed");
}

#[test]
fn every_code_is_planted() {
    // Lints need a policy that compiles, so their mistakes stand in a folder without the others.
    let planted = [planted(&FILES), planted(&notice::FILES)].concat();
    let codes: Vec<&str> = PAGES.iter().map(|p| p.code).filter(|c| !APART.contains(c)).collect();
    let missing: Vec<&&str> = codes.iter().filter(|c| !planted.iter().any(|p| p.3 == **c)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

fn schemas() -> BTreeMap<String, Schema> {
    let systems = include_str!("folder/schemas.txt").split("== ").skip(1);
    systems.filter_map(|s| s.split_once('\n')).map(|(name, lines)| (name.to_owned(), compact::schema(lines))).collect()
}

/// What the marks say.
pub fn planted(files: &[(&str, &str)]) -> Vec<Place> {
    let mut places = Vec::new();
    for (path, text) in files {
        for (nth, line) in text.lines().enumerate() {
            let Some((before, marks)) = line.split_once("# !") else { continue };
            for mark in marks.split(" !") {
                let Some((code, word)) = mark.trim().split_once('@') else { panic!("{path}: {line}") };
                let at = if word == "$" { Some(before.trim_end().len()) } else { before.find(word) };
                let at = at.unwrap_or_else(|| panic!("{path}: no `{word}` in {line}"));
                let column = before[..at].chars().count() + 1;
                places.push(((*path).to_owned(), nth + 1, column, code.to_owned()));
            }
        }
    }
    places.sort();
    places
}

/// What the report for programs says.
pub fn reported(json: &str) -> Vec<Place> {
    let report: serde_json::Value = serde_json::from_str(json).expect("a report");
    let number = |v: &serde_json::Value| v.as_u64().map_or(0, |n| n as usize);
    let text = |v: &serde_json::Value| v.as_str().unwrap_or_default().to_owned();
    let findings = report["findings"].as_array().expect("findings");
    let place = |f: &serde_json::Value| (text(&f["file"]), number(&f["line"]), number(&f["column"]), text(&f["code"]));
    let mut places: Vec<Place> = findings.iter().map(place).collect();
    places.sort();
    places
}

/// The places of `a` that `b` lacks, counted.
pub fn without<'a>(a: &'a [Place], b: &[Place]) -> Vec<&'a Place> {
    let mut rest = b.to_vec();
    a.iter()
        .filter(|p| match rest.iter().position(|r| r == *p) {
            Some(at) => {
                rest.remove(at);
                false
            }
            None => true,
        })
        .collect()
}
