//! Every conformance vector, asked of the oracle.

use std::collections::BTreeSet;
use std::path::Path;

use oracle::vector::{Vector, read};

/// Those that can be asked; what waits for the planner is told.
fn vectors() -> Vec<Vector> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    let read = |f| read(&std::fs::read_to_string(f).unwrap()).unwrap_or_else(|e| panic!("{f:?}: {e}"));
    let vectors = files.iter().map(read).inspect(|v| v.later.iter().for_each(|name| eprintln!("later {name}")));
    vectors.flat_map(|v| v.ready).collect()
}

#[test]
fn the_oracle_gives_what_each_vector_expects() {
    let mut wrong = Vec::new();
    for vector in vectors() {
        let found = vector.outcome();
        let verdict = if found == vector.gives { "ok" } else { "WRONG" };
        eprintln!("{verdict:5} {}: {}", vector.name, vector.shows);
        if found != vector.gives {
            wrong.push(format!(
                "{}\n  expected\n    {}\n  found\n    {}",
                vector.name,
                vector.gives.join("\n    "),
                found.join("\n    ")
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn names_are_unique_and_there_are_enough() {
    let all = vectors();
    let names: BTreeSet<&String> = all.iter().map(|v| &v.name).collect();
    assert_eq!(names.len(), all.len());
    assert!(all.len() >= 40, "{}", all.len());
}
