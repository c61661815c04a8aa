//! Deleting objects, and when it lasts.

use std::ops::ControlFlow;

use connect::Outcome;
use engine::ask::{Change, Failure};
use engine::run::Tally;
use engine::value::Value;

use super::backend::*;
use crate::backend::{change, delete, insert, names, update};

async fn three(objects: &Objects) -> Box<dyn connect::Connector> {
    for path in ["papers/7/a", "papers/7/b", "papers/8/c"] {
        objects.put(path, path);
    }
    objects.open()
}

async fn deletes_and_counts(objects: Objects) {
    let connector = three(&objects).await;
    let gone = delete("papers", "path", texts(&["papers/7/a", "papers/7/a", "papers/7/none", "papers/8/c"]));
    assert_eq!(change(&*connector, gone.clone()).await.unwrap().rows, 2);
    assert!(!objects.has("papers/7/a") && !objects.has("papers/8/c") && objects.has("papers/7/b"));
    assert_eq!(change(&*connector, gone).await.unwrap().rows, 0, "it may be done again");
}

async fn only_objects_of_the_table(objects: Objects) {
    let connector = three(&objects).await;
    assert_eq!(change(&*connector, delete("avatars", "path", texts(&["papers/7/a"]))).await.unwrap().rows, 0);
    assert!(objects.has("papers/7/a"));
    assert_eq!(change(&*connector, delete("objects", "path", texts(&["papers/7/a"]))).await.unwrap().rows, 1);
    assert!(!objects.has("papers/7/a"));
}

async fn tallies_by_table(objects: Objects) {
    let connector = three(&objects).await;
    let mut transaction = connector.begin().await.unwrap();
    transaction.apply(&delete("papers", "path", texts(&["papers/7/a", "papers/7/b"]))).await.unwrap();
    transaction.apply(&delete("objects", "path", texts(&["papers/7/a", "papers/8/c"]))).await.unwrap();
    let tally = transaction.tally().await.unwrap();
    assert_eq!(tally, Tally::Tables(vec![("objects".into(), 1), ("papers".into(), 2)]), "an object goes once");
    transaction.settle().await.unwrap();
    transaction.rollback().await.unwrap();
}

async fn rolls_back(objects: Objects) {
    let connector = three(&objects).await;
    let all = delete("papers", "path", texts(&["papers/7/a", "papers/7/b", "papers/8/c"]));
    let mut transaction = connector.begin().await.unwrap();
    assert_eq!(transaction.id().await.unwrap(), None);
    transaction.apply(&all).await.unwrap();
    let seen = crate::backend::select("papers", &["path"], crate::backend::by(&["person"], texts(&["7", "8"])));
    assert!(transaction.answer(&seen).await.unwrap().is_empty(), "a transaction sees its own changes");
    let read = transaction.content("papers/7/a", &mut |_| ControlFlow::Continue(())).await;
    assert!(matches!(read, Err(Failure::Missing { .. })));
    transaction.rollback().await.unwrap();
    let mut dropped = connector.begin().await.unwrap();
    dropped.apply(&all).await.unwrap();
    drop(dropped);
    assert_eq!(paths(&*connector, "papers", "person", &["7", "8"]).await.len(), 3);
    assert_eq!(connector.resolve("1").await.unwrap(), Outcome::Unknown);
}

async fn nothing_but_deleting(objects: Objects) {
    let connector = three(&objects).await;
    let set: &[(&str, Value)] = &[("person", "x".into())];
    let keys = texts(&["papers/7/a"]);
    let each =
        Change::UpdateEach { table: "papers".into(), key: names(&["path"]), columns: names(&["person"]), rows: vec![] };
    for refused in [
        insert("papers", &[("path", "papers/9/d".into())], &["path"]),
        update("papers", "path", keys.clone(), set),
        each,
        delete("papers", "person", texts(&["7"])),
    ] {
        let mut transaction = connector.begin().await.unwrap();
        transaction.apply(&delete("papers", "path", keys.clone())).await.unwrap();
        let failure = transaction.apply(&refused).await.unwrap_err();
        assert!(matches!(&failure, Failure::Refused { reason } if reason.contains("table papers")), "{failure}");
        let committed = transaction.commit().await;
        assert!(matches!(committed, Err(Failure::Other { .. })), "nothing is committed after a failure");
        assert!(objects.has("papers/7/a"));
    }
    let gone = change(&*connector, delete("nope", "path", keys)).await.unwrap_err();
    assert_eq!(gone, Failure::Missing { object: "table nope".into() });
}

/// Who puts another file in the place of a planned one must not lose it.
async fn a_replaced_object_stops_the_commit(objects: Objects) {
    let connector = three(&objects).await;
    let mut transaction = connector.begin().await.unwrap();
    transaction.apply(&delete("papers", "path", texts(&["papers/7/a", "papers/7/b"]))).await.unwrap();
    objects.put("papers/7/b", "somebody else's");
    let failure = transaction.commit().await.unwrap_err();
    assert!(matches!(&failure, Failure::Refused { reason } if reason.contains("replaced")), "{failure}");
    assert!(objects.has("papers/7/a") && objects.has("papers/7/b"), "nothing was deleted");
}

async fn some_go_for_good_before_the_others(objects: Objects) {
    let connector = three(&objects).await;
    let all = delete("papers", "path", texts(&["papers/7/a", "papers/7/b", "papers/8/c"]));
    let left = || ["papers/7/a", "papers/7/b", "papers/8/c"].map(|path| objects.has(path));
    let mut transaction = connector.begin().await.unwrap();
    transaction.apply(&all).await.unwrap();
    assert_eq!(transaction.make_last(2).await.unwrap(), 2);
    assert_eq!(left(), [false, false, true]);
    assert_eq!(transaction.make_last(2).await.unwrap(), 1);
    assert_eq!((left(), transaction.make_last(2).await.unwrap()), ([false; 3], 0));
    transaction.commit().await.unwrap();
}

async fn a_later_failure_leaves_the_outcome_open(objects: Objects) {
    let connector = three(&objects).await;
    let all = delete("papers", "path", texts(&["papers/7/a", "papers/7/b", "papers/8/c"]));
    let mut transaction = connector.begin().await.unwrap();
    transaction.apply(&all).await.unwrap();
    assert_eq!(transaction.make_last(1).await.unwrap(), 1);
    objects.put("papers/8/c", "something else, and longer");
    let refused = transaction.commit().await;
    assert!(matches!(refused, Err(Failure::Unreachable { .. })), "one is gone: {refused:?}");
    assert!(objects.has("papers/7/b") && objects.has("papers/8/c"));
}

async fn what_is_gone_already_is_well(objects: Objects) {
    let connector = three(&objects).await;
    let mut transaction = connector.begin().await.unwrap();
    transaction.apply(&delete("papers", "path", texts(&["papers/7/a", "papers/7/b"]))).await.unwrap();
    assert_eq!(change(&*connector, delete("papers", "path", texts(&["papers/7/a"]))).await.unwrap().rows, 1);
    transaction.commit().await.unwrap();
    assert_eq!(paths(&*connector, "papers", "person", &["7", "8"]).await, ["papers/8/c"]);
}

async fn no_write_connection(objects: Objects) {
    let connector =
        connect::open(engine::policy::model::SystemKind::Files, &objects.address(), None, objects.options()).unwrap();
    connector.describe().await.unwrap();
    assert!(matches!(connector.begin().await.err(), Some(Failure::Refused { .. })));
}

async fn content_comes_in_pieces(objects: Objects) {
    let text = "0123456789".repeat(30_000);
    objects.put("papers/7/long", &text);
    objects.put("papers/7/empty", "");
    let connector = objects.open();
    let mut session = connector.read().await.unwrap();
    let (mut read, mut largest) = (Vec::new(), 0);
    let mut each = |piece: &[u8]| {
        largest = largest.max(piece.len());
        read.extend_from_slice(piece);
        ControlFlow::Continue(())
    };
    session.content("papers/7/long", &mut each).await.unwrap();
    assert_eq!(read, text.as_bytes());
    assert!(largest < 300_000, "{largest}");
    let mut pieces = 0;
    let mut first = |_: &[u8]| {
        pieces += 1;
        ControlFlow::Break(())
    };
    session.content("papers/7/long", &mut first).await.unwrap();
    session.content("papers/7/empty", &mut |_| panic!("no byte, no piece")).await.unwrap();
    assert_eq!(pieces, 1);
}

super::on_files!(
    deletes_and_counts,
    only_objects_of_the_table,
    tallies_by_table,
    rolls_back,
    nothing_but_deleting,
    a_replaced_object_stops_the_commit,
    some_go_for_good_before_the_others,
    a_later_failure_leaves_the_outcome_open,
    what_is_gone_already_is_well,
    no_write_connection,
    content_comes_in_pieces,
);
