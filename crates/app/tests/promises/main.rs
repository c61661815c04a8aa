//! The promises of five companies, their notices and the questions asked of their policies, all with the real program.

mod companies;
mod decide;
mod evidence;
mod hostile;
mod originals;
mod owed;
mod safeguards;
#[path = "../support/mod.rs"]
mod support;
mod today;
mod versions;

use std::path::{Path, PathBuf};

use support::{Output, output, program};

/// The folder of the project.
fn root() -> PathBuf {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the crate lies two folders down");
    above.to_owned()
}

/// The folder of an example.
fn example(name: &str) -> PathBuf {
    root().join("examples").join(name)
}

/// The day for which the examples were written: reviews come due, and contracts end, on days of their own.
const TODAY: &str = "2026-11-22";

/// Runs the program at a place where it makes its home.
fn upheld(place: &Path, args: &[&str]) -> Output {
    upheld_with(place, &[], args)
}

/// The same, with further variables of the environment.
fn upheld_with(place: &Path, variables: &[(String, String)], args: &[&str]) -> Output {
    let mut command = program(&place.join("home"));
    command.env("UPHELD_TODAY", TODAY);
    output(command.current_dir(root()).envs(variables.iter().cloned()).args(args))
}

/// The same with `--json`; it must end with one of these codes.
fn told(place: &Path, codes: &[i32], args: &[&str]) -> serde_json::Value {
    let done = upheld(place, &[&["--json"], args].concat());
    assert!(codes.contains(&done.code), "{args:?}: {done:?}");
    serde_json::from_str(&done.stdout).unwrap_or_else(|e| panic!("{args:?}: no JSON ({e}): {done:?}"))
}

/// A copy of an example that may be changed.
fn copy(name: &str, place: &Path) -> PathBuf {
    let to = place.join(name);
    copied(&example(name), &to);
    to
}

fn copied(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copied(&path, &target);
        } else {
            std::fs::copy(&path, &target).expect("a copy");
        }
    }
}

/// Changes a file, in which the old text must stand.
fn change(file: &Path, old: &str, new: &str) {
    let text = std::fs::read_to_string(file).expect("a file");
    assert!(text.contains(old), "{} says no {old}", file.display());
    std::fs::write(file, text.replace(old, new)).expect("a changed file");
}
