//! What ARCHITECTURE.md promises about the whole workspace, held by reading its files. Needs no database.

mod dependencies;
mod documents;
mod purity;
mod shape;

use std::fs;
use std::path::{Path, PathBuf};

/// A file of the workspace, by its path from the root.
struct File {
    path: String,
    text: String,
}

impl File {
    /// Lines with their numbers, without comments, and without the test module at the end of the file.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let is_test = |line: &str| line.trim() == "#[cfg(test)]";
        let mut lines = self.text.lines().enumerate().peekable();
        std::iter::from_fn(move || {
            let (at, line) = lines.next()?;
            let ends = is_test(line) && lines.peek().is_some_and(|(_, next)| next.trim_end().ends_with('{'));
            (!ends).then_some((at + 1, line))
        })
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// Is it one of these files, or in one of these folders?
    fn is_in(&self, places: &[&str]) -> bool {
        places.iter().any(|place| self.path == *place || (place.ends_with('/') && self.path.starts_with(place)))
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the root of the workspace")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|why| panic!("{path}: {why}"))
}

/// All text files under a folder, sorted; what builds and runs leave behind is passed over.
fn files(folder: &str) -> Vec<File> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let name = entry.file_name();
            if path.is_dir() {
                let left_behind = ["target", ".git", "upheld-demo"].iter().any(|n| name == *n);
                if !left_behind {
                    folders.push(path);
                }
            } else if let Ok(text) = fs::read_to_string(&path) {
                let path = path.strip_prefix(root()).expect("under the root").display().to_string();
                found.push(File { path, text });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// Rust that ships: `src` of every crate but the oracle, without files of tests.
fn sources() -> Vec<File> {
    let ships = |f: &File| {
        let mut parts = f.path.split('/').skip(2);
        f.path.ends_with(".rs")
            && parts.next() == Some("src")
            && !f.path.starts_with("crates/oracle/")
            && !parts.any(|p| ["tests", "tests.rs", "testing", "testing.rs"].contains(&p))
    };
    files("crates").into_iter().filter(ships).collect()
}

/// Every place where the code of these files says one of the words.
fn said(sources: &[File], words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for file in sources {
        for (at, line) in file.code() {
            for word in words.iter().filter(|w| has_word(line, w)) {
                found.push(format!("{}:{at} says `{word}`", file.path));
            }
        }
    }
    found
}

/// Does the text hold the word, not as a piece of a longer name?
fn has_word(text: &str, word: &str) -> bool {
    let is_name = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    text.match_indices(word).any(|(at, _)| {
        let (before, after) = (text[..at].chars().next_back(), text[at + word.len()..].chars().next());
        let starts = is_name(word.chars().next());
        let ends = is_name(word.chars().next_back());
        !(starts && is_name(before) || ends && is_name(after))
    })
}

/// Fails with the whole list.
#[track_caller]
fn none(rule: &str, found: Vec<String>) {
    assert!(found.is_empty(), "{rule}\n  {}", found.join("\n  "));
}

#[test]
fn words_are_whole_names() {
    assert!(has_word("use std::fs;", "std::fs"));
    assert!(has_word("let x = rand::random();", "rand"));
    assert!(!has_word("let operand = 1;", "rand"));
    assert!(!has_word("std::fsync", "std::fs"));
}

#[test]
fn code_ends_where_inline_tests_begin() {
    let text = "// use std::fs;\nfn a() {}\n#[cfg(test)]\nmod tests;\nfn b() {}\n#[cfg(test)]\nmod more {\n}\n";
    let file = File { path: String::new(), text: text.to_owned() };
    let numbers: Vec<usize> = file.code().map(|(at, _)| at).collect();
    assert_eq!(numbers, [2, 3, 4, 5]);
}
