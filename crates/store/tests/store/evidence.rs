use std::collections::BTreeSet;

use proof::certificate::{Audience, Body, Certificate, Outcome, Statement};
use store::{Identity, StoreError};

use super::*;

async fn certificate(store: &Store, case: &str) -> Certificate {
    let body = Body {
        case: case.to_owned(),
        right: "erasure".into(),
        plan: plan_hash(),
        made_at: at(5).to_string(),
        outcome: Outcome::Complete,
    };
    let everyone = BTreeSet::from([Audience::Everyone]);
    let counts = Statement::new(everyone, "rows", serde_json::json!({"deleted": 3}), [7; 16]);
    Certificate::sign(&body, vec![counts], store.signer()).unwrap()
}

#[tokio::test]
async fn a_certificate_verifies_with_its_place_in_the_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    for number in 2..40 {
        claimed(&store, number).await;
    }
    let claim = claimed(&store, 1).await;
    let made = certificate(&store, &store.reference("case-1").await.unwrap()).await;
    let mut tx = store.begin().await.unwrap();
    let entry = tx.certify(&claim, &made, at(5)).await.unwrap();
    tx.commit().await.unwrap();
    assert!(store.inclusion(entry).await.unwrap().is_none(), "pending");
    store.sequence(at(6)).await.unwrap();

    let kept = store.certificate("run-1").await.unwrap().unwrap();
    assert_eq!((kept.entry, kept.made), (Some(entry), at(5)));
    let anchor = store.inclusion(entry).await.unwrap().unwrap();
    let file = Certificate::parse(&kept.bytes).unwrap().anchored(anchor).to_bytes().unwrap();
    let keys = [store.vkey().parse().unwrap()];
    let files = ledger_files(&store);
    assert_verified(&verify::certificate(&file, &Against { keys: &keys, since: None, ledger: Some(&files) }));
}

#[tokio::test]
async fn a_certificate_names_its_case_by_reference_only_and_a_run_has_one() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let claim = claimed(&store, 1).await;
    let plain = certificate(&store, "case-1").await;
    let hidden = certificate(&store, &store.reference("case-1").await.unwrap()).await;
    let mut tx = store.begin().await.unwrap();
    assert!(matches!(tx.certify(&claim, &plain, at(5)).await, Err(StoreError::OtherCase)));
    tx.certify(&claim, &hidden, at(5)).await.unwrap();
    assert!(matches!(tx.certify(&claim, &hidden, at(5)).await, Err(StoreError::Exists(_))));
    assert!(store.certificate("run-2").await.unwrap().is_none());
}

#[tokio::test]
async fn who_was_erased_is_recognised_and_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let ann = Identity { kind: "customer", tenant: Some("7"), name: "email", value: "ann@example.com" };
    let mut tx = store.begin().await.unwrap();
    tx.suppress(ann).await.unwrap();
    tx.suppress(ann).await.unwrap();
    tx.commit().await.unwrap();
    assert!(store.is_suppressed(ann).await.unwrap());
    for other in [
        Identity { tenant: Some("8"), ..ann },
        Identity { tenant: None, ..ann },
        Identity { kind: "agent", ..ann },
        Identity { name: "username", ..ann },
        Identity { value: "bob@example.com", ..ann },
    ] {
        assert!(!store.is_suppressed(other).await.unwrap());
    }
}

#[tokio::test]
async fn the_table_of_keys_names_each_kind() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    claimed(&store, 1).await;
    let keys = store.keys().await.unwrap();
    let purposes: Vec<_> = keys.iter().map(|key| key.purpose).collect();
    assert_eq!(purposes, ["master", "ledger-signing", "suppression", "case"]);
    assert!(store.vkey().contains(&keys[1].id));
    assert_eq!(keys[3].id, "1 in use, 0 destroyed");
}
