use store::{Approval, Event, State, StoreError};

use super::*;

#[tokio::test]
async fn a_run_goes_its_way_and_leaves_entries() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let claim = claimed(&store, 1).await;
    let mut tx = store.begin().await.unwrap();
    tx.advance(&claim, State::Applying, at(1)).await.unwrap();
    let intent = Event::Intent { system: "helpdesk".into(), transaction: Some("xid-7".into()) };
    assert_eq!(tx.journal(&claim, &intent, Some(b"keys of Ann"), at(1)).await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert_eq!(store.unfinished_runs().await.unwrap()[0].id, "run-1");
    let committed = Event::Committed { system: "helpdesk".into() };
    assert_eq!(store.append(&claim, &committed, None, at(2)).await.unwrap(), 2);
    let mut tx = store.begin().await.unwrap();
    tx.receipt(&claim, "helpdesk:1", b"3 rows", at(3)).await.unwrap();
    for state in [State::Applied, State::Verified, State::Complete] {
        tx.advance(&claim, state, at(3)).await.unwrap();
    }
    tx.journal(&claim, &Event::Finished, None, at(3)).await.unwrap();
    tx.release(&claim).await.unwrap();
    tx.commit().await.unwrap();

    let journal = store.journal("run-1").await.unwrap();
    let events: Vec<_> = journal.iter().map(|record| (record.seq, record.event.clone())).collect();
    assert_eq!(events, [(1, intent), (2, committed), (3, Event::Finished)]);
    assert_eq!(journal[0].payload.as_ref().unwrap().as_slice(), b"keys of Ann");
    let run = store.run("run-1").await.unwrap();
    assert_eq!((run.state, run.changed, run.plan_hash), (State::Complete, at(3), plan_hash()));
    assert!(store.unfinished_runs().await.unwrap().is_empty());
    assert_eq!(store.plan("run-1").await.unwrap().as_slice(), PLAN);
    assert_eq!(store.receipts("run-1").await.unwrap()[0].bytes.as_slice(), b"3 rows");
    // Request, run started, receipt, run finished.
    assert_eq!(store.sequence(at(4)).await.unwrap().added, 4);
}

#[tokio::test]
async fn a_run_does_not_jump() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let claim = claimed(&store, 1).await;
    let mut tx = store.begin().await.unwrap();
    let error = tx.advance(&claim, State::Complete, at(1)).await.unwrap_err();
    assert_eq!(error.to_string(), "the run is planned and cannot become complete");
    assert!(tx.dismiss("run-1", State::Complete, at(1)).await.is_err());
    tx.dismiss("run-1", State::Expired, at(1)).await.unwrap();
    assert!(tx.advance(&claim, State::Applying, at(1)).await.is_err());
}

#[tokio::test]
async fn one_process_at_a_time_works_on_a_case() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (open(folder.path()).await, open(folder.path()).await);
    let first = claimed(&one, 1).await;
    let lease = SignedDuration::from_secs(30);
    let mut tx = two.begin().await.unwrap();
    let error = tx.claim("run-1", "other", lease, at(29)).await.unwrap_err();
    assert!(matches!(&error, StoreError::Claimed { holder, until } if holder == "test" && *until == at(30)), "{error}");
    let second = tx.claim("run-1", "other", lease, at(30)).await.unwrap();
    tx.commit().await.unwrap();
    let late = one.append(&first, &Event::Verified, None, at(31)).await;
    assert!(matches!(late, Err(StoreError::ClaimLost)), "the one that was too slow must notice");
    let mut tx = one.begin().await.unwrap();
    assert!(matches!(tx.advance(&first, State::Applying, at(31)).await, Err(StoreError::ClaimLost)));
    assert!(matches!(tx.receipt(&first, "s:1", b"", at(31)).await, Err(StoreError::ClaimLost)));
    drop(tx);
    two.append(&second, &Event::Verified, None, at(31)).await.unwrap();
    let mut tx = two.begin().await.unwrap();
    tx.release(&second).await.unwrap();
    tx.claim("run-1", "third", lease, at(32)).await.unwrap();
}

#[tokio::test]
async fn two_runs_of_a_case_are_not_under_way_together() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let first = claimed(&store, 1).await;
    let mut tx = store.begin().await.unwrap();
    add_run(&mut tx, "case-1", "run-2").await;
    tx.advance(&first, State::Applying, at(1)).await.unwrap();
    let second = tx.claim("run-2", "test", SignedDuration::from_secs(30), at(1)).await.unwrap();
    assert!(matches!(tx.advance(&second, State::Applying, at(1)).await, Err(StoreError::Exists(_))));
}

#[tokio::test]
async fn an_approval_is_for_the_plan_that_was_seen() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    claimed(&store, 1).await;
    let bounds = vec!["helpdesk.tickets.rows".to_owned()];
    let mut approval =
        Approval { run: "run-1".into(), by: "Dana Ortiz".into(), plan_hash: Hash::of(b"other"), bounds, at: at(1) };
    let mut tx = store.begin().await.unwrap();
    assert!(matches!(tx.approve(&approval).await, Err(StoreError::OtherPlan)));
    approval.plan_hash = plan_hash();
    tx.approve(&approval).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.approvals("run-1").await.unwrap(), [approval.clone()]);
    assert_eq!(store.run("run-1").await.unwrap().state, State::Approved);
    store.sequence(at(2)).await.unwrap();
    let published = ledger_files(&store);
    assert!(published.values().all(|bytes| !String::from_utf8_lossy(bytes).contains("Dana")));
    let mut tx = store.begin().await.unwrap();
    assert!(matches!(tx.approve(&approval).await, Err(StoreError::Exists(_))), "the same person approves once");
}

#[tokio::test]
async fn a_task_waits_for_one_confirmation() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    claimed(&store, 1).await;
    let mut tx = store.begin().await.unwrap();
    tx.add_task("run-1", "paper:1", "archive", "shred the file of Ann Lee", at(1)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.open_tasks().await.unwrap().len(), 1);
    assert_eq!(store.task_text("run-1", "paper:1").await.unwrap().as_str(), "shred the file of Ann Lee");
    let mut tx = store.begin().await.unwrap();
    tx.confirm_task("run-1", "paper:1", "Noor", at(2)).await.unwrap();
    assert!(matches!(tx.confirm_task("run-1", "paper:1", "Ida", at(3)).await, Err(StoreError::Confirmed)));
    assert!(matches!(tx.confirm_task("run-1", "paper:2", "Ida", at(3)).await, Err(StoreError::NotFound("task"))));
    tx.commit().await.unwrap();
    assert_eq!(store.tasks("run-1").await.unwrap()[0].confirmed, Some(("Noor".into(), at(2))));
    assert!(store.open_tasks().await.unwrap().is_empty());
}

#[tokio::test]
async fn the_engine_writes_its_journal_here() {
    use engine::run::{Event as Said, Journal};
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let claim = claimed(&store, 1).await;
    let said = [
        Said::Intent { system: "helpdesk".into(), transaction: Some("xid-7".into()), made: Vec::new() },
        Said::Committed { system: "helpdesk".into() },
        Said::RolledBack { system: "billing".into() },
    ];
    let mut journal = store.journal_of(claim, SignedDuration::from_secs(30), || at(9));
    for event in &said {
        journal.append(event).await.unwrap();
    }
    let kept = store.journal("run-1").await.unwrap();
    assert_eq!(
        kept.iter().map(|record| &record.event).collect::<Vec<_>>(),
        said.each_ref().map(Event::from).each_ref()
    );
    assert!(kept.iter().all(|record| record.at == at(9)));
    journal.goes_on().await.unwrap();
    let mut tx = store.begin().await.unwrap();
    let lease = SignedDuration::from_secs(30);
    assert!(tx.claim("run-1", "other", lease, at(38)).await.is_err(), "a run that waits keeps its claim");
    tx.claim("run-1", "other", lease, at(99)).await.unwrap();
    tx.commit().await.unwrap();
    assert!(journal.goes_on().await.unwrap_err().contains("taken this run over"));
    assert!(journal.append(&said[0]).await.unwrap_err().contains("taken this run over"));
}
