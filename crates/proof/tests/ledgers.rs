//! What is done to a ledger is found, by name; and a ledger that forgets, or shows two histories, is found out.

mod sample;

use proof::checkpoint::Checkpoint;
use proof::tree::Head;
use proof::verify::{self, Against, Fault, Verdict, render};
use proptest::prelude::*;
use sample::*;

fn entries(count: usize) -> Vec<Vec<u8>> {
    (0..count).map(entry).collect()
}

fn ledger(count: usize) -> Folder {
    ledger_of(&entries(count), &operator()).0
}

fn flipped(folder: &Folder, path: &str, place: usize, mask: u8) -> Folder {
    let mut folder = folder.clone();
    folder.get_mut(path).unwrap()[place] ^= mask;
    folder
}

#[test]
fn an_untouched_ledger_is_verified() {
    for count in [0, 1, 256, 300] {
        let report = check_ledger(&ledger(count));
        assert_eq!(report.verdict, Verdict::Verified { witnesses: 0 }, "{}", render(&report));
        let unsigned = verify::ledger(&ledger(count), &Against::default());
        assert_eq!((unsigned.verdict, unsigned.exit_code()), (Verdict::SelfConsistent, 1));
    }
}

#[test]
fn the_altered_file_is_named() {
    let folder = ledger(300);
    for (path, place, fault) in [
        ("tile/0/000", 5, Fault::TileAltered),
        ("tile/0/001.p/44", 1400, Fault::TileAltered),
        ("tile/1/000.p/1", 0, Fault::TileAltered),
        ("tile/entries/000", 0, Fault::BundleAltered),
        ("tile/entries/000", 40, Fault::BundleAltered),
        ("tile/entries/001.p/44", 90, Fault::BundleAltered),
    ] {
        let report = check_ledger(&flipped(&folder, path, place, 4));
        let found: Vec<_> = report.checks.iter().filter(|check| check.fault == Some(fault)).collect();
        assert!(found.len() == 1 && found[0].detail == path, "{path}: {}", render(&report));
        assert_eq!(report.faults().collect::<Vec<_>>(), [fault], "{path}");

        let mut missing = folder.clone();
        missing.remove(path);
        let report = check_ledger(&missing);
        assert_eq!(first(&report), Some(Fault::FileMissing));
        assert!(report.checks.iter().any(|check| check.detail == path), "{}", render(&report));
    }
}

#[test]
fn an_entry_that_is_none_is_named_even_when_properly_hashed() {
    let mut entries = entries(3);
    entries[1] = b"Ann Lee asked for erasure".to_vec();
    let report = check_ledger(&ledger_of(&entries, &operator()).0);
    assert_eq!(report.faults().collect::<Vec<_>>(), [Fault::EntryMalformed]);
    assert!(!render(&report).contains("Ann"), "{}", render(&report));
}

#[test]
fn two_wrongs_do_not_hide_each_other() {
    let folder = flipped(&ledger(600), "tile/entries/000", 45, 1);
    let report = check_ledger(&flipped(&folder, "tile/1/000.p/2", 3, 1));
    let faults: Vec<_> = report.faults().collect();
    assert!(faults.contains(&Fault::BundleAltered) && faults.contains(&Fault::TileAltered), "{faults:?}");
    let report = check_ledger(&flipped(&folder, "tile/0/001", 3, 1));
    assert!(report.faults().any(|fault| fault == Fault::Disagree), "{}", render(&report));
}

#[test]
fn older_partial_files_must_agree_too() {
    let (older, mut folder) = (ledger(40), ledger(300));
    for path in ["tile/0/000.p/40", "tile/entries/000.p/40"] {
        folder.insert(path.into(), older[path].clone());
    }
    assert_eq!(first(&check_ledger(&folder)), None);
    assert_eq!(first(&check_ledger(&flipped(&folder, "tile/0/000.p/40", 0, 1))), Some(Fault::TileAltered));
    assert_eq!(first(&check_ledger(&flipped(&folder, "tile/entries/000.p/40", 9, 1))), Some(Fault::BundleAltered));
    folder.insert("tile/0/0000".into(), vec![]);
    assert_eq!(first(&check_ledger(&folder)), Some(Fault::Unexpected));
}

#[test]
fn files_beyond_the_checkpoint_are_counted_and_not_believed() {
    let mut folder = ledger(600);
    folder.insert("checkpoint".into(), ledger(300)["checkpoint"].clone());
    folder.insert("tile/1/000.p/1".into(), ledger(300)["tile/1/000.p/1"].clone());
    let report = check_ledger(&folder);
    assert_eq!(report.verdict, Verdict::Verified { witnesses: 0 }, "{}", render(&report));
    assert!(report.checks.iter().any(|check| check.detail.contains("lie beyond the checkpoint")));
}

#[test]
fn checkpoints_are_checked() {
    let folder = ledger(5);
    let with = |text: Vec<u8>| {
        let mut folder = folder.clone();
        folder.insert("checkpoint".into(), text);
        first(&check_ledger(&folder))
    };
    let checkpoint = &folder["checkpoint"];
    assert_eq!(with(replaced(checkpoint, "\n5\n", "\n4\n")), Some(Fault::CheckpointAltered));
    assert_eq!(with(b"nonsense".to_vec()), Some(Fault::CheckpointAltered));
    assert_eq!(with(vec![0xff]), Some(Fault::CheckpointAltered));
    assert_eq!(with(ledger_of(&entries(5), &signer(2)).0["checkpoint"].clone()), Some(Fault::CheckpointOtherKey));
    assert_eq!(with(ledger_of(&entries(6)[1..], &operator()).0["checkpoint"].clone()), Some(Fault::RootMismatch));
    assert_eq!(first(&check_ledger(&Folder::new())), Some(Fault::FileMissing));
    let absurd = Checkpoint::sign(Head { size: 1 << 52, ..Head::empty() }, &operator()).unwrap();
    assert_eq!(with(absurd.into_bytes()), Some(Fault::FileMissing));
}

#[test]
fn an_entry_left_out_is_found_by_an_older_checkpoint() {
    let old = ledger(5)["checkpoint"].clone();
    let rebuilt = |left_out: usize| {
        let mut entries = entries(9);
        entries.remove(left_out);
        ledger_of(&entries, &operator()).0
    };
    assert_eq!(check_since(&ledger(9), &old).verdict, Verdict::Verified { witnesses: 0 });
    assert_eq!(check_since(&ledger(5), &old).verdict, Verdict::Verified { witnesses: 0 });
    for left_out in 0..5 {
        assert_eq!(first(&check_ledger(&rebuilt(left_out))), None, "by itself it is a sound ledger");
        assert_eq!(first(&check_since(&rebuilt(left_out), &old)), Some(Fault::LedgerRebuilt));
    }
    assert_eq!(first(&check_since(&rebuilt(7), &old)), None);
    assert_eq!(first(&check_since(&ledger(4), &old)), Some(Fault::LedgerRebuilt));
    let altered = replaced(&old, "\n5\n", "\n4\n");
    assert_eq!(first(&check_since(&ledger(9), &altered)), Some(Fault::SinceUnusable));
    let forged = ledger_of(&entries(5), &signer(2)).0["checkpoint"].clone();
    assert_eq!(first(&check_since(&ledger(9), &forged)), Some(Fault::SinceUnusable));
}

#[test]
fn an_older_certificate_serves_as_older_checkpoint() {
    let sample = sample(4, 3);
    assert_eq!(first(&check_since(&sample.folder, &sample.file())), None);
    let rebuilt = ledger_of(&sample.entries[1..], &operator()).0;
    assert_eq!(first(&check_since(&rebuilt, &sample.file())), Some(Fault::LedgerRebuilt));
}

#[test]
fn a_certificate_finds_a_rebuilt_ledger_and_a_fork() {
    let sample = sample(4, 3);
    let against = |entries: &[Vec<u8>]| first(&check_with(&sample.file(), &ledger_of(entries, &operator()).0));
    assert_eq!(against(&sample.entries), None);
    assert_eq!(against(&sample.entries[1..]), Some(Fault::LedgerRebuilt));
    assert_eq!(against(&sample.entries[..4]), Some(Fault::LedgerRebuilt));
    assert_eq!(against(&entries(8)), Some(Fault::Fork));
}

#[test]
fn certificates_are_compared_with_older_checkpoints() {
    let sample = sample(4, 3);
    let check = |since: &[u8], ledger: Option<&Folder>| {
        let ledger = ledger.map(|folder| folder as &dyn verify::Files);
        let keys = keys();
        first(&verify::certificate(&sample.file(), &Against { keys: &keys, since: Some(since), ledger }))
    };
    let checkpoint = |entries: &[Vec<u8>]| ledger_of(entries, &operator()).0["checkpoint"].clone();
    assert_eq!(check(&checkpoint(&sample.entries[..5]), None), None);
    assert_eq!(check(&checkpoint(&entries(5)), None), Some(Fault::Fork));
    assert_eq!(check(&checkpoint(&sample.entries[..3]), None), Some(Fault::NeedsLedger));
    assert_eq!(check(&checkpoint(&sample.entries[..3]), Some(&sample.folder)), None);
    assert_eq!(check(&checkpoint(&sample.entries[1..3]), Some(&sample.folder)), Some(Fault::LedgerRebuilt));
}

#[test]
fn every_changed_byte_of_a_ledger_is_found() {
    let folder = ledger(3);
    for (path, bytes) in &folder {
        for place in 0..bytes.len() {
            let report = check_ledger(&flipped(&folder, path, place, 1 << (place % 8)));
            assert!(first(&report).is_some(), "{path}, byte {place}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_changed_byte_of_a_larger_ledger_is_found(
        count in 250_usize..530,
        file in any::<prop::sample::Index>(),
        place in any::<prop::sample::Index>(),
        mask in 1_u8..,
    ) {
        let folder = ledger(count);
        let path = file.get(&folder.keys().cloned().collect::<Vec<_>>()).clone();
        let place = place.index(folder[&path].len());
        let report = check_ledger(&flipped(&folder, &path, place, mask));
        prop_assert!(first(&report).is_some(), "{}, byte {}", path, place);
        if path != "checkpoint" {
            prop_assert!(report.checks.iter().any(|check| check.fault.is_some() && check.detail.contains(&path)));
        }
    }
}
