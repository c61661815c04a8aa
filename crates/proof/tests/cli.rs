//! The program for auditors: what it prints, and its exit codes.

mod sample;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use sample::*;

/// A folder of this test's own, with the sample certificate, its ledger and the key.
fn prepared(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&root);
    let sample = sample(4, 3);
    for (path, bytes) in &sample.folder {
        let path = root.join("ledger").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    fs::write(root.join("certificate.json"), sample.file()).unwrap();
    fs::write(root.join("keys.txt"), format!("# Acme\n{}\n", keys()[0])).unwrap();
    root
}

fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let program = env!("CARGO_BIN_EXE_upheld-verify");
    let Output { status, stdout, stderr } = Command::new(program).current_dir(folder).args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn exit_codes_are_those_of_the_contract() {
    let folder = prepared("exit-codes");
    let key = keys()[0].to_string();
    let run = |arguments: &[&str]| run(&folder, arguments);
    let (code, out, _) = run(&["certificate.json", "--key", &key]);
    assert_eq!(code, Some(0), "{out}");
    assert!(out.ends_with("Verified; anchored by the operator only.\n"), "{out}");
    assert_eq!(run(&["certificate.json", "--key-file", "keys.txt", "--ledger", "ledger"]).0, Some(0));
    assert_eq!(run(&["ledger", "--key", &key, "--since", "certificate.json"]).0, Some(0));
    assert_eq!(run(&["certificate.json"]).0, Some(1));

    let (code, _, error) = run(&["nowhere.json"]);
    assert!(code == Some(2) && error.contains("nowhere.json"), "{error}");
    let (code, _, error) = run(&["certificate.json", "--key", "acme+00"]);
    assert!(code == Some(2) && error.contains("NAME+ID+KEY"), "{error}");
    assert_eq!(run(&["ledger", "--ledger", "ledger"]).0, Some(2));
    assert_eq!(run(&[]).0, Some(2));
}

#[test]
fn a_changed_file_is_named_and_json_says_the_same() {
    let folder = prepared("changed");
    let tile = folder.join("ledger/tile/0/000.p/8");
    let mut bytes = fs::read(&tile).unwrap();
    bytes[0] ^= 1;
    fs::write(&tile, bytes).unwrap();
    let (code, out, _) = run(&folder, &["ledger", "--key-file", "keys.txt"]);
    assert_eq!(code, Some(1));
    assert!(out.contains("tile/0/000.p/8") && out.ends_with("Failed: hash tile altered.\n"), "{out}");
    let (code, out, _) = run(&folder, &["ledger", "--key-file", "keys.txt", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(code, Some(1));
    assert_eq!(report["verdict"]["result"], "failed");
    assert!(report["checks"].as_array().unwrap().iter().any(|check| check["fault"] == "tile-altered"));
}
