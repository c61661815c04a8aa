//! The package as its reader finds it: on disk, with real files.

mod exact;
mod failures;
mod inert;
mod manifest;
mod pages;
mod sample;
mod sealed;
mod sheet;
mod talk;

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use super::{Package, files, passphrase};

/// A temporary folder and the package's folder in it.
fn place() -> (tempfile::TempDir, std::path::PathBuf) {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join("package");
    (temp, dir)
}

fn text(dir: &Path, file: &str) -> String {
    std::fs::read_to_string(dir.join(file)).unwrap()
}

#[test]
fn only_the_user_can_read_it() {
    let (_temp, dir) = place();
    sample::written(&dir);
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&dir), 0o700);
    assert_eq!(mode(&dir.join("data/helpdesk")), 0o700);
    let files = files::walk(&dir).unwrap();
    assert!(files.len() > 5);
    assert!(files.iter().all(|f| mode(f) == 0o600));
}

#[test]
fn a_folder_with_something_in_it_is_refused() {
    let (_temp, dir) = place();
    std::fs::create_dir(&dir).unwrap();
    Package::create(&dir, &sample::plan(), &sample::policy()).unwrap();
    std::fs::write(dir.join("letter.txt"), "mine").unwrap();
    let error = Package::create(&dir, &sample::plan(), &sample::policy()).err().unwrap();
    assert!(error.to_string().contains("is not empty"), "{error}");
    assert_eq!(text(&dir, "letter.txt"), "mine");
}

#[test]
fn checksums_hold_for_every_file() {
    let (_temp, dir) = place();
    let finished = sample::written(&dir);
    let listed = text(&dir, "SHA256SUMS");
    for file in files::sums(&dir).unwrap().iter().filter(|f| f.path != "SHA256SUMS") {
        assert!(listed.contains(&format!("{}  {}\n", file.sha256, file.path)), "{}", file.path);
    }
    assert_eq!(finished.files, listed.lines().count() + 1);
    match Command::new("sha256sum").args(["--check", "--strict", "--quiet", "SHA256SUMS"]).current_dir(&dir).status() {
        Ok(status) => assert!(status.success()),
        Err(_) => eprintln!("sha256sum is not installed: its own check is skipped"),
    }
}

#[test]
fn passphrases_are_readable_and_keep_every_bit() {
    let phrase = passphrase(&[0, 0, 255, 255, 127, 0, 0, 1, 0, 16, 0, 64, 4, 0, 16, 0]);
    assert_eq!(*phrase, "babab-zuzuz-lusab-babad-babib-badab-bibab-dabab");
}

#[test]
fn names_of_files_are_plain_and_each_is_given_once() {
    let mut names = files::Names::default();
    let given: Vec<String> = ["Orders", "orders", "a/../b", "..", "", "søk\u{202e}", "a_.._b"]
        .iter()
        .map(|n| names.give(n, ".jsonl"))
        .collect();
    let expected =
        ["Orders.jsonl", "orders-2.jsonl", "a_.._b.jsonl", "_..jsonl", "_.jsonl", "s_k_.jsonl", "a_.._b-2.jsonl"];
    assert_eq!(given, expected);
}
