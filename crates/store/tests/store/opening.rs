use std::os::unix::fs::PermissionsExt;

use store::{Store, StoreError};

use super::*;

#[tokio::test]
async fn opening_twice_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/store");
    let first = open(&path).await;
    let (vkey, keys) = (first.vkey(), first.keys().await.unwrap());
    assert_eq!(first.fresh_master_key(), Some(path.join("master.key").as_path()));
    first.close().await;
    let second = open(&path).await;
    assert_eq!((second.vkey(), second.keys().await.unwrap(), second.fresh_master_key()), (vkey, keys, None));
    assert_eq!(std::fs::read_to_string(path.join("ledger/key.pub")).unwrap().trim(), second.vkey());
}

#[tokio::test]
async fn only_the_owner_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let store = open(&path).await;
    claimed(&store, 1).await;
    store.sequence(at(1)).await.unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o700);
    for file in ["upheld.db", "upheld.db-wal", "upheld.db-shm", "master.key"] {
        assert_eq!(mode(&path.join(file)), 0o600, "{file}");
    }
}

#[tokio::test]
async fn a_wrong_or_missing_master_key_is_an_error_and_stays_one() {
    let (ours, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    open(ours.path()).await.close().await;
    open(other.path()).await.close().await;
    let key = ours.path().join("master.key");
    let good = std::fs::read(&key).unwrap();
    std::fs::copy(other.path().join("master.key"), &key).unwrap();
    let error = Store::open(ours.path(), options()).await.unwrap_err();
    assert!(matches!(error, StoreError::WrongMasterKey { .. }), "{error}");
    std::fs::remove_file(&key).unwrap();
    let error = Store::open(ours.path(), options()).await.unwrap_err();
    assert!(matches!(error, StoreError::MissingMasterKey(_)), "{error}");
    assert!(!key.exists(), "no new key beside an old database");
    std::fs::write(&key, good).unwrap();
    open(ours.path()).await;
}

#[tokio::test]
async fn the_master_key_may_lie_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let mut options = options();
    options.master_key = Some(folder.path().join("keys.txt"));
    let path = folder.path().join("store");
    Store::open(&path, options.clone()).await.unwrap().close().await;
    assert!(!path.join("master.key").exists());
    Store::open(&path, options).await.unwrap();
}

#[tokio::test]
async fn a_ledger_keeps_its_name() {
    let folder = tempfile::tempdir().unwrap();
    open(folder.path()).await.close().await;
    let mut renamed = options();
    renamed.origin = Some("other.example/ledger".into());
    assert!(matches!(Store::open(folder.path(), renamed).await, Err(StoreError::Origin { .. })));
    let store = Store::open(folder.path(), Options::new(at(9))).await.unwrap();
    assert!(store.vkey().starts_with("acme.example/ledger+"));
}

#[tokio::test]
async fn a_newer_schema_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    open(folder.path()).await.close().await;
    raw(folder.path(), "insert into schema_version values (9999)").await.unwrap();
    let error = Store::open(folder.path(), options()).await.unwrap_err();
    assert!(matches!(error, StoreError::NewerSchema { found: 9999, .. }), "{error}");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_damage() {
    let folder = tempfile::tempdir().unwrap();
    open(folder.path()).await.close().await;
    std::fs::write(folder.path().join("upheld.db"), [7; 8192]).unwrap();
    let error = Store::open(folder.path(), options()).await.unwrap_err();
    assert!(matches!(error, StoreError::Damaged(_)), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_may_open_a_new_store_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let opening = (0..8).map(|_| {
        let path = folder.path().to_owned();
        tokio::spawn(async move { open(&path).await.vkey() })
    });
    let mut keys = Vec::new();
    for one in opening.collect::<Vec<_>>() {
        keys.push(one.await.unwrap());
    }
    keys.dedup();
    assert_eq!(keys.len(), 1);
}

/// Runs a statement on the database behind the store's back.
pub async fn raw(folder: &Path, sql: &'static str) -> sqlx::Result<()> {
    use sqlx::Connection;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.join("upheld.db"));
    let mut connection = sqlx::SqliteConnection::connect_with(&options).await?;
    sqlx::raw_sql(sql).execute(&mut connection).await?;
    connection.close().await
}
