use std::time::Duration;

use proof::entry::Kind;
use store::{Job, StoreError};

use super::opening::raw;
use super::*;

#[tokio::test]
async fn a_change_that_is_dropped_leaves_neither_change_nor_entry_nor_job() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let job = Job { kind: "sweep".into(), reference: "case-1".into(), due: at(0) };
    let mut tx = store.begin().await.unwrap();
    tx.open_case("case-1", "erasure", at(0)).await.unwrap();
    tx.job(&job).await.unwrap();
    drop(tx);
    assert_eq!(store.sequence(at(1)).await.unwrap().head.size, 0);
    assert!(store.due_jobs(10, at(1)).await.unwrap().is_empty());
    let mut tx = store.begin().await.unwrap();
    tx.open_case("case-1", "erasure", at(0)).await.unwrap();
    tx.job(&job).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.sequence(at(1)).await.unwrap().head.size, 1);
    assert_eq!(store.due_jobs(10, at(1)).await.unwrap(), [job]);
}

#[tokio::test]
async fn an_entry_without_a_change_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    claimed(&store, 1).await;
    let mut tx = store.begin().await.unwrap();
    let digest = tx.digest("case-1", &[b"evidence"]).await.unwrap();
    tx.entry(Kind::Request, "case-1", digest, &[], at(0)).await.unwrap();
    assert!(matches!(tx.commit().await, Err(StoreError::EntryAlone)));
    assert_eq!(store.sequence(at(1)).await.unwrap().head.size, 1);
}

#[tokio::test]
async fn personal_values_do_not_fit_and_are_not_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let mut tx = store.begin().await.unwrap();
    let error = tx.open_case("ann.lee@example.com", "erasure", at(0)).await.unwrap_err();
    assert!(!error.to_string().contains("ann"), "{error}");
    tx.open_case("case-1", "erasure", at(0)).await.unwrap();
    let digest = tx.digest("case-1", &[]).await.unwrap();
    let error = tx.entry(Kind::Request, "case-1", digest, &[("who", "Ann Lee")], at(0)).await.unwrap_err();
    assert!(!error.to_string().contains("Ann"), "{error}");
    let error = store.run("ann.lee@example.com").await.unwrap_err();
    assert!(!error.to_string().contains("ann"), "{error}");
}

#[tokio::test]
async fn jobs_are_one_each_and_leave_with_the_change_that_did_them() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let job = |due| Job { kind: "sweep".into(), reference: "case-1".into(), due: at(due) };
    let mut tx = store.begin().await.unwrap();
    tx.job(&job(20)).await.unwrap();
    tx.job(&job(10)).await.unwrap();
    tx.commit().await.unwrap();
    assert!(store.due_jobs(10, at(9)).await.unwrap().is_empty());
    assert_eq!(store.due_jobs(10, at(10)).await.unwrap(), [job(10)]);
    let mut tx = store.begin().await.unwrap();
    assert!(tx.job_done(&job(10)).await.unwrap());
    tx.commit().await.unwrap();
    assert!(store.due_jobs(10, at(99)).await.unwrap().is_empty());
}

#[tokio::test]
async fn another_process_with_the_lock_is_waited_for_and_then_named() {
    let folder = tempfile::tempdir().unwrap();
    let (mut hasty, patient) = (options(), open(folder.path()).await);
    hasty.patience = Duration::from_millis(50);
    let hasty = Store::open(folder.path(), hasty).await.unwrap();
    let tx = patient.begin().await.unwrap();
    assert!(matches!(hasty.begin().await, Err(StoreError::Busy)));
    drop(tx);
    hasty.begin().await.unwrap();
}

#[tokio::test]
async fn what_is_written_for_good_cannot_be_rewritten() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let claim = claimed(&store, 1).await;
    store.append(&claim, &store::Event::Verified, None, at(0)).await.unwrap();
    store.sequence(at(1)).await.unwrap();
    for sql in [
        "delete from journal",
        "update journal set at = 0",
        "delete from entries",
        "update entries set body = x'00'",
        "update entries set leaf_index = 7",
        "update checkpoints set note = ''",
        "delete from checkpoints",
    ] {
        assert!(raw(folder.path(), sql).await.is_err(), "{sql}");
    }
}
