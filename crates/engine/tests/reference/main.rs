//! What is generated from the code into `docs/reference` is current. `UPHELD_WRITE=1` writes it anew.

mod diagnostics;
mod schemas;

use std::fs;
use std::path::Path;

/// Fails if a document differs from what the code says, or writes it.
#[track_caller]
fn current(path: &str, expected: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference").join(path);
    if std::env::var_os("UPHELD_WRITE").is_some() {
        fs::create_dir_all(file.parent().expect("a folder")).expect("the folder of the document");
        fs::write(&file, expected).expect("the document can be written");
        return;
    }
    let found = fs::read_to_string(&file).unwrap_or_default();
    let differs = found.lines().zip(expected.lines()).position(|(a, b)| a != b);
    let line = differs.unwrap_or_else(|| found.lines().count().min(expected.lines().count())) + 1;
    assert!(
        found == expected,
        "docs/reference/{path} is not what the code says, from line {line}; write it anew with\n  \
         UPHELD_WRITE=1 cargo test -p engine --test reference"
    );
}
