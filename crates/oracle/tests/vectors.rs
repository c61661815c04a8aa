//! Every conformance vector, asked of the oracle.

mod folder;

use std::collections::BTreeSet;

use oracle::vector::Vector;

fn vectors() -> Vec<Vector> {
    let (ready, later) = folder::vectors();
    later.iter().for_each(|name| eprintln!("later {name}"));
    ready
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
