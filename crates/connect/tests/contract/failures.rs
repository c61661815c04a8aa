//! Failures are named, and show no value.

use engine::ask::{Change, Failure};
use engine::value::Value;

use crate::backend::*;

const SECRET: &str = "ann@secret.example";

fn refused(failure: Failure) -> (String, String) {
    assert!(!format!("{failure} {failure:?}").contains("secret"), "{failure:?}");
    match failure {
        Failure::Constraint { table, constraint } => (table, constraint),
        other => panic!("{other:?}"),
    }
}

async fn constraints_are_named(backend: Backend) {
    backend
        .sql(
            "create table a (id bigint primary key, s text not null unique, n bigint,
                constraint positive check (n > 0));
             create table b (id bigint primary key, a_id bigint references a (id));
             insert into a values (1, 'ann@secret.example', 1), (2, 'x', 1); insert into b values (1, 1)",
        )
        .await;
    let connector = backend.open();
    let set = |column: &'static str, value: Value| update("a", "id", ints(&[2]), &[(column, value)]);
    for (wanted, change_) in [
        (["a", "UNIQUE", "s"], set("s", SECRET.into())),
        (["a", "NOT NULL", "s"], set("s", Value::Null)),
        (["a", "CHECK", "positive"], set("n", Value::Int(-5))),
        (["b", "FOREIGN KEY", "a_id"], delete("a", "id", ints(&[1]))),
        (["b", "FOREIGN KEY", "a_id"], update("b", "id", ints(&[1]), &[("a_id", Value::Int(99))])),
        (["b", "FOREIGN KEY", "a_id"], insert("b", &[("id", Value::Int(9)), ("a_id", Value::Int(99))], &[])),
    ] {
        let (table, constraint) = refused(change(&*connector, change_).await.unwrap_err());
        assert_eq!(table, wanted[0], "{constraint}");
        assert!(constraint.starts_with(wanted[1]) && constraint.contains(wanted[2]), "{constraint}");
    }
    let rows = read(&*connector, select("a", &["s"], by(&["id"], ints(&[1, 2])))).await;
    assert_eq!(rows.len(), 2, "every table is as it was");
}

async fn what_is_missing_is_named(backend: Backend) {
    backend.sql("create table a (id bigint primary key)").await;
    let connector = backend.open();
    let mut session = connector.read().await.unwrap();
    for (wanted, asked) in [
        ("table nope", select("nope", &["id"], by(&["id"], ints(&[1])))),
        ("column a.nope", select("a", &["nope"], by(&["id"], ints(&[1])))),
        ("column a.nope", select("a", &["id"], by(&["nope"], ints(&[1])))),
    ] {
        let failure = session.answer(&asked).await.unwrap_err();
        assert_eq!(failure, Failure::Missing { object: wanted.into() });
    }
    session.close().await.unwrap();
    let gone = change(&*connector, delete("nope", "id", ints(&[1]))).await.unwrap_err();
    assert_eq!(gone, Failure::Missing { object: "table nope".into() });
    // A table that goes after it was described.
    backend.sql("drop table a").await;
    let gone = change(&*connector, delete("a", "id", ints(&[1]))).await.unwrap_err();
    assert!(
        matches!(&gone, Failure::Missing { object } if object.contains("table") && object.contains('a')),
        "{gone:?}"
    );
}

async fn what_was_put_off_fails_at_the_commit(backend: Backend) {
    if backend.is_mariadb() {
        return; // It knows no constraint that waits.
    }
    backend
        .sql(
            "create table a (id bigint primary key);
             create table b (id bigint primary key, a_id bigint, foreign key (a_id) references a deferrable initially deferred);
             insert into a values (1); insert into b values (1, 1)",
        )
        .await;
    let connector = backend.open();
    let (table, constraint) = refused(change(&*connector, delete("a", "id", ints(&[1]))).await.unwrap_err());
    assert!(table == "b" && constraint.contains("a_id"), "{table} {constraint}");
    let mut transaction = connector.begin().await.unwrap();
    transaction.apply(&delete("a", "id", ints(&[1]))).await.unwrap();
    // A system that commits later must learn of it while all can still be undone.
    transaction.settle().await.map(drop).expect_err("b still points at a");
    transaction.rollback().await.unwrap();
    let mut transaction = connector.begin().await.unwrap();
    transaction.apply(&delete("a", "id", ints(&[1]))).await.unwrap();
    transaction.apply(&delete("b", "id", ints(&[1]))).await.unwrap();
    transaction.settle().await.unwrap();
    transaction.commit().await.unwrap();
}

async fn no_write_connection(backend: Backend) {
    backend.sql("create table a (id bigint primary key)").await;
    let connector = connect::open(backend.kind(), &backend.address(), None, connect::Options::default()).unwrap();
    connector.describe().await.unwrap();
    assert!(matches!(connector.begin().await.err(), Some(Failure::Refused { .. })));
}

async fn slow_statements_end(backend: Backend) {
    backend.sql("create table a (id bigint primary key, g bigint)").await;
    let rows: Vec<_> = (0..200).map(|i| format!("({i}, 0)")).collect();
    backend.sql(&format!("insert into a values {}", rows.join(","))).await;
    backend.sql("create view slow as select a.g as id from a, a b, a c, a d where a.g + b.g + c.g + d.g = 7").await;
    let connector = backend.open_with(connect::Options { statement_timeout_ms: 200, ..QUICK });
    let mut session = connector.read().await.unwrap();
    let failure = session.answer(&select("slow", &["id"], by(&["id"], ints(&[0])))).await.unwrap_err();
    assert_eq!(failure, Failure::TimedOut { table: "slow".into() });
    session.close().await.unwrap();
    assert_eq!(connector.rows(&names(&["a"])).await.unwrap(), [200], "the connection is of use again");
}

async fn odd_values_are_refused_without_being_shown(backend: Backend) {
    backend.sql("create table a (id bigint primary key, s varchar(5), u $uuid, n bigint); insert into a values (1, 'x', null, 1)").await;
    let connector = backend.open();
    for column in ["s", "u", "n"] {
        let change_ = update("a", "id", ints(&[1]), &[(column, SECRET.into())]);
        match change(&*connector, change_).await {
            Ok(_) => assert!(backend.is_sqlite(), "{column}"),
            Err(failure) => assert_eq!(refused(failure).0, "a"),
        }
    }
    let rows = vec![(vec![Value::Int(1)], vec![Value::text("a\0b")])];
    let nul = Change::UpdateEach { table: "a".into(), key: names(&["id"]), columns: names(&["s"]), rows };
    match change(&*connector, nul).await {
        Ok(_) => {
            let stored = read(&*connector, select("a", &["s"], by(&["id"], ints(&[1])))).await;
            assert_eq!(stored, one(["a\0b".into()]));
        }
        Err(failure) => assert!(refused(failure).1.contains("NUL")),
    }
}

crate::contract!(
    constraints_are_named,
    what_is_missing_is_named,
    what_was_put_off_fails_at_the_commit,
    no_write_connection,
    slow_statements_end,
    odd_values_are_refused_without_being_shown,
);
