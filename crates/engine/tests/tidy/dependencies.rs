//! Crates depend on each other in one direction.

use std::collections::{BTreeMap, BTreeSet};

use crate::{files, none, read, said};

/// What each crate may use of the others: where it ships, and beside that in its tests.
const ALLOWED: [(&str, &[&str], &[&str]); 6] = [
    ("proof", &[], &[]),
    ("engine", &["proof"], &["oracle"]),
    ("connect", &["engine", "proof"], &["oracle"]),
    ("store", &["engine", "proof"], &[]),
    ("oracle", &["engine"], &["connect"]),
    ("upheld", &["connect", "engine", "proof", "store"], &["oracle"]),
];

/// Crates of the workspace: name, folder, manifest.
fn crates() -> BTreeMap<String, (String, toml::Table)> {
    let manifests = files("crates").into_iter().filter(|f| f.path.ends_with("/Cargo.toml"));
    let parsed = manifests.map(|f| {
        let manifest: toml::Table = f.text.parse().unwrap_or_else(|why| panic!("{}: {why}", f.path));
        let name = manifest["package"]["name"].as_str().expect("a package has a name").to_owned();
        (name, (f.path, manifest))
    });
    parsed.collect()
}

fn names(manifest: &toml::Table, kinds: &[&str]) -> BTreeSet<String> {
    let tables = kinds.iter().filter_map(|kind| manifest.get(*kind)?.as_table());
    tables.flat_map(|t| t.keys().cloned()).collect()
}

#[test]
fn crates_depend_in_one_direction() {
    let crates = crates();
    let mut found = Vec::new();
    for (name, (path, manifest)) in &crates {
        let Some((_, ships, tests)) = ALLOWED.iter().find(|(n, ..)| n == name) else {
            found.push(format!("{path}: `{name}` has no line in the list of what a crate may depend on"));
            continue;
        };
        for other in names(manifest, &["dependencies", "build-dependencies"]) {
            if crates.contains_key(&other) && !ships.contains(&other.as_str()) {
                found.push(format!("{path}: `{name}` must not depend on `{other}`"));
            }
        }
        for other in names(manifest, &["dev-dependencies"]) {
            let itself = other == *name;
            if crates.contains_key(&other) && !itself && !ships.contains(&&*other) && !tests.contains(&&*other) {
                found.push(format!("{path}: the tests of `{name}` must not depend on `{other}`"));
            }
        }
    }
    none("crates depend in one direction", found);
}

#[test]
fn oracle_does_not_know_the_planner() {
    let oracle: Vec<_> = files("crates/oracle/src").into_iter().filter(|f| f.path.ends_with(".rs")).collect();
    let mut found = said(&oracle, &["engine::plan", "engine::run"]);
    let grouped = ["use engine::{plan", "use engine::{run", "use engine as", "use engine::*"];
    found.extend(said(&oracle, &grouped));
    none("the oracle answers from the language alone, else it could not contradict the planner", found);
}

#[test]
fn every_crate_takes_the_lints_of_the_workspace() {
    let workspace: toml::Table = read("Cargo.toml").parse().expect("Cargo.toml");
    assert_eq!(workspace["workspace"]["lints"]["rust"]["unsafe_code"].as_str(), Some("forbid"));
    let own = crates().into_values().filter(|(_, manifest)| {
        let lints = manifest.get("lints").and_then(|l| l.get("workspace"));
        lints.and_then(toml::Value::as_bool) != Some(true)
    });
    none("`[lints] workspace = true` stands in each manifest", own.map(|(path, _)| path).collect());
}
