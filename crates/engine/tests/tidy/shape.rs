//! Size and names of files, and what they must not say.

use crate::{files, none, sources};

const LONGEST: usize = 600;

#[test]
fn no_file_is_long() {
    let long = files("crates").into_iter().filter(|f| f.path.ends_with(".rs"));
    let long = long.map(|f| (f.text.lines().count(), f.path)).filter(|(lines, _)| *lines > LONGEST);
    let found = long.map(|(lines, path)| format!("{path} has {lines} lines")).collect();
    none("a file over 600 lines is split", found);
}

#[test]
fn names_say_what_a_file_is_for() {
    let empty = ["util", "utils", "helper", "helpers", "manager", "service", "services", "common", "misc"];
    let mut found = Vec::new();
    for file in files("crates").into_iter().filter(|f| f.path.ends_with(".rs")) {
        for part in file.path.trim_end_matches(".rs").split('/') {
            if part.split(['_', '-']).any(|word| empty.contains(&word)) {
                found.push(format!("{}: `{part}`", file.path));
            }
        }
    }
    none("a name says what its file is for", found);
}

#[test]
fn nothing_is_left_undone_in_code() {
    let mut found = Vec::new();
    for file in sources() {
        for (at, line) in file.text.lines().enumerate() {
            if ["TODO", "FIXME", "XXX", "todo!(", "unimplemented!("].iter().any(|word| line.contains(word)) {
                found.push(format!("{}:{}", file.path, at + 1));
            }
        }
    }
    none("what is not done yet is an issue or a clear error, not a note in the code", found);
}

#[test]
fn no_place_of_one_machine_is_named() {
    // Written in pieces, for this file is read too.
    let places = [["/wo", "rk/"].concat(), ["/ro", "ot/"].concat(), ["/tmp/ba", "sh"].concat()];
    let mut found = Vec::new();
    for file in files(".") {
        for (at, line) in file.text.lines().enumerate() {
            if places.iter().any(|place| line.contains(place)) {
                found.push(format!("{}:{}", file.path, at + 1));
            }
        }
    }
    none("what is written here is true on every machine", found);
}
