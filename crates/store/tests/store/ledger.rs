use proof::checkpoint::Checkpoint;
use proof::entry::Kind;
use proof::hash::Hash;
use proof::tile::decode_bundle;
use proof::tree::{self, leaf_hash};
use store::{EntryId, Job, StoreError};

use super::opening::raw;
use super::*;

/// Adds `count` entries in one change.
async fn add(store: &Store, count: usize) -> Vec<EntryId> {
    let mut tx = store.begin().await.unwrap();
    tx.job(&Job { kind: "test".into(), reference: "x".into(), due: at(0) }).await.unwrap();
    let mut ids = Vec::new();
    for number in 0..count {
        let digest = Hash::of(&number.to_be_bytes());
        ids.push(tx.entry(Kind::Request, "case-1", digest, &[], at(0)).await.unwrap());
    }
    tx.commit().await.unwrap();
    ids
}

/// All leaves, from the published bundles.
fn leaves(store: &Store, size: u64) -> Vec<Hash> {
    let files = ledger_files(store);
    let bundle = |index: u64| {
        let (full, partial) = (format!("tile/entries/{index:03}"), format!("tile/entries/{index:03}.p/{}", size % 256));
        files.get(&full).or_else(|| files.get(&partial)).unwrap_or_else(|| panic!("bundle {index} of {size}"))
    };
    let bundles = (0..size.div_ceil(256)).flat_map(|index| decode_bundle(bundle(index)).unwrap());
    bundles.map(|entry| leaf_hash(&entry)).collect()
}

#[tokio::test]
async fn over_many_batches_the_root_is_that_of_all_leaves() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    claimed(&store, 1).await;
    let (mut size, mut ids, mut checkpoints) = (1, Vec::new(), Vec::new());
    for (step, count) in [0, 1, 1, 3, 200, 49, 1, 1, 255, 256, 257, 700, 0, 5].into_iter().enumerate() {
        ids.extend(add(&store, count).await);
        let done = store.sequence(at(step as i64)).await.unwrap();
        size += count as u64;
        assert_eq!(done.head.size, size);
        assert_eq!(done.head.root, tree::root(&leaves(&store, size)));
        let since = checkpoints.last().map(Vec::as_slice);
        assert_verified(&verify_ledger(&store, since));
        checkpoints.push(ledger_files(&store)["checkpoint"].clone());
    }
    for (index, id) in ids.iter().enumerate().step_by(97) {
        let anchor = store.inclusion(*id).await.unwrap().unwrap();
        assert_eq!(anchor.index, index as u64 + 1);
        let head = Checkpoint::parse(&anchor.checkpoint).unwrap().0.head;
        tree::verify_inclusion(&head, anchor.index, &anchor.entry.to_bytes().unwrap(), &anchor.proof).unwrap();
    }
    for old in &checkpoints {
        let old = Checkpoint::parse(std::str::from_utf8(old).unwrap()).unwrap().0.head;
        let consistency = store.consistency(old.size).await.unwrap();
        let new = Checkpoint::parse(&consistency.new).unwrap().0.head;
        tree::verify_consistency(&old, &new, &consistency.proof).unwrap();
    }
    assert!(store.consistency(2).await.is_ok());
    assert!(matches!(store.consistency(7).await, Err(StoreError::NotFound(_))), "never signed");
    assert!(ledger_files(&store).len() < 40, "superseded tiles are removed: {:?}", ledger_files(&store).keys());
}

#[tokio::test]
async fn with_nothing_to_do_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    assert_eq!(store.sequence(at(0)).await.unwrap().head.size, 0);
    assert!(!store.ledger_folder().join("checkpoint").exists());
    claimed(&store, 1).await;
    store.sequence(at(0)).await.unwrap();
    let before = ledger_files(&store);
    assert_eq!(store.sequence(at(1)).await.unwrap().added, 0);
    assert_eq!(ledger_files(&store), before);
}

#[tokio::test]
async fn lost_or_damaged_files_are_made_again_with_the_same_root() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    claimed(&store, 1).await;
    add(&store, 600).await;
    let head = store.sequence(at(0)).await.unwrap().head;
    let since = ledger_files(&store)["checkpoint"].clone();
    for spoil in [None, Some(1)] {
        for place in 0..ledger_files(&store).len() {
            let Some((name, bytes)) = ledger_files(&store).into_iter().nth(place) else { break };
            let path = store.ledger_folder().join(&name);
            match spoil {
                _ if name == "key.pub" => continue,
                None => std::fs::remove_file(&path).unwrap(),
                Some(bit) => std::fs::write(&path, bytes.iter().map(|byte| byte ^ bit).collect::<Vec<_>>()).unwrap(),
            }
            add(&store, 1).await;
            store.sequence(at(1)).await.unwrap();
            if verify_ledger(&store, Some(&since)).exit_code() != 0 {
                // It was a finished tile, which the sequencer has no reason to read: this has everything made again.
                assert!(!name.contains(".p/"), "{name}");
                std::fs::remove_file(store.ledger_folder().join("checkpoint")).unwrap();
                store.sequence(at(2)).await.unwrap();
            }
            assert_verified(&verify_ledger(&store, Some(&since)));
        }
    }
    assert!(store.consistency(head.size).await.unwrap().proof.len() > 1);
}

#[tokio::test]
async fn a_crash_between_any_two_files_is_repaired() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    claimed(&store, 1).await;
    add(&store, 250).await;
    store.sequence(at(0)).await.unwrap();
    let before = ledger_files(&store);
    add(&store, 300).await;
    store.sequence(at(1)).await.unwrap();
    let after = ledger_files(&store);
    let tiles: Vec<_> = after.iter().filter(|(name, _)| name.starts_with("tile/")).collect();
    assert!(tiles.len() > 4);
    for written in 0..=tiles.len() {
        // Indices and checkpoint are in the database, so many of the new tiles are written, and the power fails.
        std::fs::remove_dir_all(store.ledger_folder()).unwrap();
        let unfinished = tiles.iter().take(written).map(|(name, bytes)| (*name, *bytes));
        for (name, bytes) in before.iter().chain(unfinished) {
            let path = store.ledger_folder().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        assert_verified(&verify_ledger(&store, None));
        store.sequence(at(2)).await.unwrap();
        assert_verified(&verify_ledger(&store, Some(&before["checkpoint"])));
        for (name, bytes) in &after {
            assert_eq!(ledger_files(&store).get(name), Some(bytes), "{name} after {written} files");
        }
    }
}

#[tokio::test]
async fn an_edge_that_was_lost_is_noticed_with_nothing_pending() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    claimed(&store, 1).await;
    add(&store, 10).await;
    store.sequence(at(0)).await.unwrap();
    std::fs::remove_dir_all(store.ledger_folder().join("tile")).unwrap();
    store.sequence(at(1)).await.unwrap();
    assert_verified(&verify_ledger(&store, None));
}

#[tokio::test]
async fn a_lost_folder_is_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    claimed(&store, 1).await;
    let id = add(&store, 300).await[299];
    store.sequence(at(0)).await.unwrap();
    let good = ledger_files(&store);
    store.close().await;
    std::fs::remove_dir_all(folder.path().join("ledger")).unwrap();
    let store = open(folder.path()).await;
    assert!(store.inclusion(id).await.unwrap().is_none());
    store.sequence(at(1)).await.unwrap();
    assert_eq!(ledger_files(&store), good);
    assert!(store.inclusion(id).await.unwrap().is_some());
}

#[tokio::test]
async fn an_older_copy_of_the_database_does_not_sign_a_second_root() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    claimed(&store, 1).await;
    store.sequence(at(0)).await.unwrap();
    store.close().await;
    let database = folder.path().join("upheld.db");
    let copy = std::fs::read(&database).unwrap();
    let store = open(folder.path()).await;
    add(&store, 3).await;
    store.sequence(at(1)).await.unwrap();
    store.close().await;
    std::fs::write(&database, copy).unwrap();
    let store = open(folder.path()).await;
    add(&store, 3).await;
    let error = store.sequence(at(2)).await.unwrap_err();
    assert!(matches!(&error, StoreError::Damaged(words) if words.contains("older copy")), "{error}");
}

#[tokio::test]
async fn a_sequencer_that_died_is_replaced_when_its_lease_ends() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    claimed(&store, 1).await;
    let held = "insert into leases values ('sequencer', 'dead', 1, 1798450205000000)";
    raw(folder.path(), held).await.unwrap();
    assert!(matches!(store.sequence(at(4)).await, Err(StoreError::Claimed { until, .. }) if until == at(5)));
    assert_eq!(store.sequence(at(5)).await.unwrap().head.size, 1);
}

#[tokio::test]
async fn no_second_root_can_be_stored_for_a_size() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    claimed(&store, 1).await;
    store.sequence(at(0)).await.unwrap();
    let again = "insert into checkpoints select size, randomblob(32), note, signed_at from checkpoints";
    assert!(raw(folder.path(), again).await.is_err());
}

/// `insert or replace` deletes without asking the triggers on deletion.
#[tokio::test]
async fn what_is_written_once_is_not_replaced_either() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let claim = claimed(&store, 1).await;
    let mut tx = store.begin().await.unwrap();
    tx.journal(&claim, &store::Event::Committed { system: "desk".into() }, None, at(0)).await.unwrap();
    tx.commit().await.unwrap();
    store.sequence(at(0)).await.unwrap();
    for again in [
        "insert or replace into checkpoints select size, randomblob(32), note, signed_at from checkpoints",
        "insert or replace into entries select id, x'00', leaf_index from entries",
        "insert or replace into entries select null, x'00', leaf_index from entries",
        "insert or replace into journal select run_id, seq, 'other', null, null, null, at from journal",
    ] {
        assert!(raw(folder.path(), again).await.is_err(), "{again}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_stores_append_and_sequence_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(folder.path()).await;
    claimed(&first, 1).await;
    let writers = (0..4).map(|_| {
        let path = folder.path().to_owned();
        tokio::spawn(async move {
            let store = open(&path).await;
            for round in 0..15 {
                add(&store, 1 + round % 3).await;
                match store.sequence(at(0)).await {
                    Ok(_) | Err(StoreError::Claimed { .. }) => {}
                    Err(error) => panic!("{error}"),
                }
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    let head = first.sequence(at(60)).await.unwrap().head;
    assert_eq!(head.size, 1 + 4 * 30);
    assert_eq!(head.root, tree::root(&leaves(&first, head.size)));
    assert_verified(&verify_ledger(&first, None));
}
