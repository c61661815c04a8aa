//! The access package as a folder: is what lies there whole?

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::trial::Trial;

/// The rows of the answer by file, or `None` where there is none. Panics at one that is there and not whole: each file
/// is listed with its checksum, and none lies there unlisted.
pub fn whole(trial: &Trial) -> Option<BTreeMap<String, String>> {
    let mut answers = trial.files("access-");
    answers.retain(|path| !path.to_string_lossy().contains(".unfinished-"));
    let folder = answers.pop()?;
    assert!(answers.is_empty(), "two answers to one request: {answers:?} and {folder:?}");
    let sums = fs::read_to_string(folder.join("SHA256SUMS")).expect("a finished answer has checksums");
    let mut listed = BTreeMap::new();
    for line in sums.lines() {
        let (sum, path) = line.split_once("  ").expect("checksum and path");
        let bytes = fs::read(folder.join(path)).expect("a listed file");
        assert_eq!(hex::encode(Sha256::digest(&bytes)), sum, "{path}");
        listed.insert(path.to_owned(), String::from_utf8_lossy(&bytes).into_owned());
    }
    assert!(listed.contains_key("index.html") && listed.contains_key("manifest.json"), "{:?}", listed.keys());
    assert_eq!(count(&folder), listed.len() + 1, "{:?}", listed.keys());
    listed.retain(|path, _| path.ends_with(".jsonl"));
    Some(listed)
}

fn count(folder: &Path) -> usize {
    let inside: Vec<PathBuf> = fs::read_dir(folder).expect("a folder").flatten().map(|f| f.path()).collect();
    inside.iter().map(|path| if path.is_dir() { count(path) } else { 1 }).sum()
}
