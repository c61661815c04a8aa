use store::{Event, State, StoreError};

use super::*;

const NAMES: [&str; 4] = ["ann.lee@example.com", "Ann Lee", "ann's keys", "ann's receipt"];

async fn full_case(store: &Store) -> store::Claim {
    let claim = claimed(store, 1).await;
    let mut tx = store.begin().await.unwrap();
    tx.advance(&claim, State::Applying, at(1)).await.unwrap();
    tx.add_task("run-1", "paper:1", "archive", "shred the file of Ann Lee", at(1)).await.unwrap();
    let intent = Event::Intent { system: "helpdesk".into(), transaction: None };
    tx.journal(&claim, &intent, Some(b"ann's keys"), at(1)).await.unwrap();
    tx.receipt(&claim, "helpdesk:1", b"ann's receipt", at(2)).await.unwrap();
    tx.commit().await.unwrap();
    store.sequence(at(3)).await.unwrap();
    claim
}

fn files(folder: &Path) -> Vec<Vec<u8>> {
    let (mut folders, mut files) = (vec![folder.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
            if path.is_dir() { folders.push(path) } else { files.push(std::fs::read(path).unwrap()) }
        }
    }
    files
}

fn holds(files: &[Vec<u8>], bytes: &[u8]) -> bool {
    files.iter().any(|file| file.windows(bytes.len()).any(|window| window == bytes))
}

#[tokio::test]
async fn no_file_holds_a_sealed_word_whatever_the_log_still_holds() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    full_case(&store).await;
    let found = files(folder.path());
    assert!(holds(&found, b"helpdesk"), "the test reads what is there");
    for name in NAMES {
        assert!(!holds(&found, name.as_bytes()), "{name}");
    }
}

#[tokio::test]
async fn a_destroyed_key_takes_everything_sealed_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let claim = full_case(&store).await;
    let mut tx = store.begin().await.unwrap();
    assert!(matches!(tx.destroy_key("case-1", at(4)).await, Err(StoreError::Exists(_))), "the run is under way");
    tx.advance(&claim, State::Failed, at(4)).await.unwrap();
    tx.commit().await.unwrap();
    let wrapped = wrapped_key(folder.path()).await;
    assert!(holds(&files(folder.path()), &wrapped));

    let mut tx = store.begin().await.unwrap();
    assert!(tx.destroy_key("case-1", at(5)).await.unwrap());
    tx.commit().await.unwrap();

    assert!(matches!(store.plan("run-1").await, Err(StoreError::KeyDestroyed)));
    assert!(matches!(store.journal("run-1").await, Err(StoreError::KeyDestroyed)));
    assert!(matches!(store.receipts("run-1").await, Err(StoreError::KeyDestroyed)));
    assert!(matches!(store.task_text("run-1", "paper:1").await, Err(StoreError::KeyDestroyed)));
    assert!(matches!(store.reference("case-1").await, Err(StoreError::KeyDestroyed)));
    assert_eq!(store.run("run-1").await.unwrap().state, State::Failed, "what happened stays known");
    assert!(!holds(&files(folder.path()), &wrapped), "not even the write-ahead log keeps the wrapped key");
    let mut tx = store.begin().await.unwrap();
    assert!(!tx.destroy_key("case-1", at(6)).await.unwrap());
}

#[tokio::test]
async fn the_ledger_tells_neither_case_nor_run() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    full_case(&store).await;
    let reference = store.reference("case-1").await.unwrap();
    let public: Vec<_> = ledger_files(&store).into_values().collect();
    assert!(holds(&public, reference.as_bytes()));
    assert!(!holds(&public, b"case-1") && !holds(&public, b"run-1"));
    // The same names in another store lead to other references: only the key of the case links them.
    let other = tempfile::tempdir().unwrap();
    let other = open(other.path()).await;
    claimed(&other, 1).await;
    assert_ne!(reference, other.reference("case-1").await.unwrap());
}

async fn wrapped_key(folder: &Path) -> Vec<u8> {
    use sqlx::{Connection, Row};
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.join("upheld.db"));
    let mut connection = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
    let row = sqlx::query("select sealed_key from cases").fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    row.get(0)
}
