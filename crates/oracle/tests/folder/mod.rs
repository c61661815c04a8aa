//! The vectors as they lie in their folder.

use std::path::Path;

use oracle::vector::{Vector, read};

/// Those that can be asked, and the names of those that wait for the planner.
pub fn vectors() -> (Vec<Vector>, Vec<String>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    let (mut ready, mut later) = (Vec::new(), Vec::new());
    for file in files {
        let found = read(&std::fs::read_to_string(&file).unwrap()).unwrap_or_else(|e| panic!("{file:?}: {e}"));
        ready.extend(found.ready);
        later.extend(found.later);
    }
    (ready, later)
}
