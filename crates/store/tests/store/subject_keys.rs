//! Keys of persons.

use store::{Store, StoreError, Subject};

use super::{at, claimed, open};

const KEY: [&str; 1] = ["42"];

async fn key(store: &Store, system: &str, key: &[String]) -> Result<Vec<u8>, StoreError> {
    let mut tx = store.begin().await?;
    let made = tx.subject_key(Subject { kind: "customer", system, key }, at(1)).await?;
    tx.commit().await?;
    Ok(made.to_vec())
}

#[tokio::test]
async fn a_key_is_the_same_until_it_is_destroyed_and_never_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let _claim = claimed(&store, 1).await;
    let one = KEY.map(str::to_owned);
    let other = ["43".to_owned()];
    let made = key(&store, "shop", &one).await.unwrap();
    assert_eq!((made.len(), &made), (32, &key(&store, "shop", &one).await.unwrap()));
    assert_ne!(made, key(&store, "shop", &other).await.unwrap());
    assert_ne!(made, key(&store, "mail", &one).await.unwrap());
    for file in ["upheld.db", "upheld.db-wal"] {
        let bytes = std::fs::read(folder.path().join(file)).unwrap_or_default();
        assert!(!bytes.windows(32).any(|w| w == made.as_slice()), "the key lies in {file} unsealed");
    }

    let subject = Subject { kind: "customer", system: "shop", key: &one };
    let mut tx = store.begin().await.unwrap();
    assert!(tx.destroy_subject_key("case-1", subject, at(2)).await.unwrap());
    assert!(!tx.destroy_subject_key("case-1", subject, at(2)).await.unwrap(), "once is enough");
    tx.commit().await.unwrap();
    assert!(matches!(key(&store, "shop", &one).await, Err(StoreError::SubjectKeyDestroyed)));
    assert!(key(&store, "shop", &other).await.is_ok(), "nobody else's key");

    // Of somebody who never had one.
    let late = ["44".to_owned()];
    let mut tx = store.begin().await.unwrap();
    let subject = Subject { key: &late, ..subject };
    assert!(tx.destroy_subject_key("case-1", subject, at(3)).await.unwrap());
    tx.commit().await.unwrap();
    store.close().await;
    let store = open(folder.path()).await;
    assert!(matches!(key(&store, "shop", &late).await, Err(StoreError::SubjectKeyDestroyed)));
    assert!(matches!(key(&store, "shop", &one).await, Err(StoreError::SubjectKeyDestroyed)));
}
