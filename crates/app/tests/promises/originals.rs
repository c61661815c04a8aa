//! The texts and catalogues behind the companies, where they lie beside the project.

use std::path::{Path, PathBuf};

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{example, root, told};

/// Each company, and the name of its text and catalogue.
const TEXTS: [(&str, &str); 5] = [
    ("helpdesk", "000_0a820754ea02f289"),
    ("device-manager", "001_16c81578f0ef785b"),
    ("collaboration", "002_96557f168614b2ae"),
    ("it-services", "003_415c4e055278c4bd"),
    ("helpdesk-portal", "004_36ceea2b2b595982"),
];

/// The folder that holds `promises` and `seeds`: the one above the cases, or the one beside the project.
fn shared() -> Option<PathBuf> {
    let cases = std::env::var_os("UPHELD_CASES_FOLDER").map(PathBuf::from);
    let folder = cases.and_then(|c| Some(c.parent()?.to_owned())).unwrap_or_else(|| root().join("../shared"));
    let there = folder.join("promises").is_dir() && folder.join("seeds").is_dir();
    if !there {
        eprintln!("skipped: {} has no promises and seeds", folder.display());
    }
    there.then_some(folder)
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn table(path: &Path) -> toml::Table {
    read(path).parse().unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn ids(file: &toml::Table) -> Vec<String> {
    let promises = file["promise"].as_array().expect("promises");
    let mut ids: Vec<String> = promises.iter().map(|p| p["id"].as_str().expect("an id").to_owned()).collect();
    ids.sort();
    ids
}

#[test]
fn every_promise_of_the_catalogue_is_in_the_folder_and_no_other() {
    let Some(shared) = shared() else { return };
    for (company, text) in TEXTS {
        let catalogue = ids(&table(&shared.join("promises").join(format!("{text}.toml"))));
        assert_eq!(ids(&table(&example(company).join("promises.toml"))), catalogue, "{company}");
    }
}

#[test]
fn clauses_bind_lines_as_they_are_to_promises_that_there_are() {
    let Some(shared) = shared() else { return };
    for (company, name) in TEXTS {
        let text = read(&shared.join("seeds").join(format!("{name}.txt")));
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        let known = ids(&table(&example(company).join("promises.toml")));
        let clauses = table(&example(company).join("outside/ORIGINAL.toml"));
        let mut bound = Vec::new();
        for clause in clauses["clause"].as_array().expect("clauses") {
            let id = clause["promise"].as_str().expect("an id").to_owned();
            let at = |n: usize| clause["lines"][n].as_integer().and_then(|n| usize::try_from(n).ok()).expect("a line");
            let digest = hex::encode(Sha256::digest(lines[at(0) - 1..at(1)].join("\n")));
            assert_eq!(clause["digest"].as_str(), Some(digest.as_str()), "{company}: {id} is stale");
            assert!(known.contains(&id), "{company}: there is no promise {id}");
            bound.push(id);
        }
        bound.sort();
        bound.dedup();
        assert_eq!(bound, known, "{company}: each promise is bound to lines");
    }
}

#[test]
fn a_changed_line_turns_its_clauses_stale_and_no_others() {
    let Some(shared) = shared() else { return };
    let (company, name) = TEXTS[3];
    let place = tempfile::tempdir().expect("a folder");
    let folder = example(company);
    let clauses = table(&folder.join("outside/ORIGINAL.toml"));
    let line = clauses["clause"][3]["lines"][0].as_integer().expect("a line");
    let nth = usize::try_from(line).expect("a line") - 1;
    let mut lines: Vec<String> =
        read(&shared.join("seeds").join(format!("{name}.txt"))).lines().map(str::to_owned).collect();
    let mut stale = |change: &str| {
        lines[nth].push_str(change);
        let text = place.path().join("text.txt");
        std::fs::write(&text, lines.join("\n")).expect("a text");
        let side = folder.join("outside/ORIGINAL.toml").display().to_string();
        let (folder, text) = (folder.display().to_string(), text.display().to_string());
        let told = told(place.path(), &[0, 1], &["coverage", &folder, "--text", &text, "--clauses", &side]);
        let count = |mark: &Value| (mark[0] == "stale").then(|| mark[1].as_u64()).flatten();
        told["marks"].as_array().expect("marks").iter().find_map(count).unwrap_or(0)
    };
    assert_eq!(stale("  "), 0, "white space at the end of a line is no change");
    assert_eq!(stale(" And more."), 2, "one line is stale, and the text as a whole");
}
