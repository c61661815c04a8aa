//! Changes, and when they last.

use engine::ask::{Change, Failure, Select};
use engine::run::Tally;
use engine::value::Value;

use crate::backend::*;

async fn three(backend: &Backend) -> Box<dyn connect::Connector> {
    backend
        .sql("create table t (id bigint primary key, s varchar(9)); insert into t values (1, 'a'), (2, 'b'), (3, 'c')")
        .await;
    backend.open()
}

fn all() -> Select {
    select("t", &["id", "s"], by(&["id"], ints(&[1, 2, 3, 4])))
}

fn row(id: i64, s: &str) -> Vec<Value> {
    vec![Value::Int(id), Value::text(s)]
}

async fn counts_what_it_hit(backend: Backend) {
    let connector = three(&backend).await;
    let changed = change(&*connector, update("t", "id", ints(&[1, 4]), &[("s", "z".into())])).await.unwrap();
    assert_eq!(changed.rows, 1);
    assert_eq!(change(&*connector, delete("t", "id", ints(&[2, 3, 4]))).await.unwrap().rows, 2);
    assert_eq!(read(&*connector, all()).await, [row(1, "z")]);
}

async fn tallies_its_own_rows_alone(backend: Backend) {
    let connector = three(&backend).await;
    for (id, rows) in [(1, 1), (2, 1), (3, 1), (4, 0)] {
        let mut transaction = connector.begin().await.unwrap();
        transaction.apply(&delete("t", "id", ints(&[id]))).await.unwrap();
        let tally = match transaction.tally().await.unwrap() {
            Tally::Tables(tables) => tables.iter().map(|(_, rows)| rows).sum(),
            Tally::Total(rows) => rows,
            Tally::Unknown => panic!("every database counts"),
        };
        assert_eq!(tally, rows, "the rows of the transactions before are not counted again");
        transaction.commit().await.unwrap();
    }
}

/// Whatever order the server makes assignments in, each row is known by the key it had.
async fn a_key_changes_together_with_other_columns(backend: Backend) {
    let ddl = "create table k (a varchar(20), b int, c varchar(20), d varchar(20), primary key (a, b))";
    backend.sql(ddl).await;
    backend.sql("insert into k values ('x', 1, 'c', 'd'), ('x', 2, 'c', 'd'), ('y', 1, 'c', 'd')").await;
    let connector = backend.open();
    let text = |value: &str| Value::text(value);
    let key = |a: &str, b: i64| vec![text(a), Value::Int(b)];
    let each = |columns: &[&str], rows| Change::UpdateEach {
        table: "k".into(),
        key: names(&["a", "b"]),
        columns: names(columns),
        rows,
    };
    let one = vec![
        (key("x", 1), vec![text("c1"), text("p"), text("d1")]),
        (key("x", 2), vec![text("c2"), text("q"), text("d2")]),
    ];
    assert_eq!(change(&*connector, each(&["c", "a", "d"], one)).await.unwrap().rows, 2);
    let all = || read(&*connector, select("k", &["a", "b", "c", "d"], by(&["b"], ints(&[1, 2, 7, 8]))));
    let row = |a: &str, b: i64, c: &str, d: &str| vec![text(a), Value::Int(b), text(c), text(d)];
    let sorted = |mut rows: Vec<engine::ask::Row>| {
        rows.sort();
        rows
    };
    assert_eq!(sorted(all().await), [row("p", 1, "c1", "d1"), row("q", 2, "c2", "d2"), row("y", 1, "c", "d")]);
    let both = vec![
        (key("p", 1), vec![text("q"), Value::Int(7), text("c3")]),
        (key("q", 2), vec![text("p"), Value::Int(8), text("c4")]),
    ];
    assert_eq!(change(&*connector, each(&["a", "b", "c"], both)).await.unwrap().rows, 2);
    assert_eq!(sorted(all().await), [row("p", 8, "c4", "d2"), row("q", 7, "c3", "d1"), row("y", 1, "c", "d")]);
}

async fn changes_by_composite_key(backend: Backend) {
    backend
        .sql("create table p (a bigint, b varchar(9), n bigint, primary key (a, b)); insert into p values (1, 'x', 0), (1, 'y', 0), (2, 'x', 0)")
        .await;
    let connector = backend.open();
    let key = names(&["a", "b"]);
    let set = vec![("n".to_string(), Value::Int(5))];
    let keys = vec![row(1, "y"), row(2, "y")];
    let one = Change::Update { table: "p".into(), key: key.clone(), keys, set };
    assert_eq!(change(&*connector, one).await.unwrap().rows, 1);
    let rows = vec![(row(1, "x"), vec![Value::Int(6)]), (row(2, "x"), vec![Value::Null])];
    let each = Change::UpdateEach { table: "p".into(), key: key.clone(), columns: names(&["n"]), rows };
    assert_eq!(change(&*connector, each).await.unwrap().rows, 2);
    let rows = read(&*connector, select("p", &["n"], by(&["a"], ints(&[1, 2])))).await;
    assert_eq!(rows, [vec![Value::Null], vec![Value::Int(5)], vec![Value::Int(6)]]);
    let gone = Change::Delete { table: "p".into(), key, keys: vec![row(1, "x"), row(1, "y")] };
    assert_eq!(change(&*connector, gone).await.unwrap().rows, 2);
}

async fn inserts(backend: Backend) {
    backend.sql("create table i (id $serial primary key, u $uuid, s text, b $bytes, j json, n bigint default 3)").await;
    let connector = backend.open();
    let values = |s: &'static str| {
        [
            ("u", Value::text("0e9c8b6a-0000-4000-8000-00000000000a")),
            ("s", Value::text(s)),
            ("b", Value::Null),
            ("j", Value::text("{}")),
        ]
    };
    let first = change(&*connector, insert("i", &values("x"), &["id", "n"])).await.unwrap();
    assert_eq!((first.rows, &first.returned[1]), (1, &Value::Int(3)));
    let again = change(&*connector, insert("i", &values("x"), &["id", "n"])).await.unwrap();
    assert!(again.rows == 1 && again.returned[0] != first.returned[0], "a row that looks the same is somebody else's");
    let other = change(&*connector, insert("i", &values("y"), &["id"])).await.unwrap();
    assert!(other.rows == 1 && other.returned[0] != first.returned[0]);
    assert_eq!(change(&*connector, insert("i", &[], &["id"])).await.unwrap().rows, 1);
}

async fn rolls_back(backend: Backend) {
    let connector = three(&backend).await;
    let mut transaction = connector.begin().await.unwrap();
    transaction.apply(&delete("t", "id", ints(&[1, 2, 3]))).await.unwrap();
    assert!(transaction.answer(&all()).await.unwrap().is_empty(), "a transaction sees its own changes");
    transaction.rollback().await.unwrap();
    let mut dropped = connector.begin().await.unwrap();
    dropped.apply(&delete("t", "id", ints(&[1]))).await.unwrap();
    drop(dropped);
    assert_eq!(read(&*connector, all()).await.len(), 3);
    // The next one is not held up by the one that was dropped.
    assert_eq!(change(&*connector, delete("t", "id", ints(&[1]))).await.unwrap().rows, 1);
}

async fn commits_nothing_after_a_failure(backend: Backend) {
    let connector = three(&backend).await;
    let mut transaction = connector.begin().await.unwrap();
    transaction.apply(&delete("t", "id", ints(&[1]))).await.unwrap();
    transaction.apply(&update("t", "id", ints(&[2]), &[("id", Value::Int(3))])).await.unwrap_err();
    assert!(matches!(transaction.commit().await, Err(Failure::Other { .. })));
    assert_eq!(read(&*connector, all()).await.len(), 3);
}

async fn locks_rows(backend: Backend) {
    let connector = three(&backend).await;
    let mut transaction = connector.begin().await.unwrap();
    let locked = Select { lock: true, ..all() };
    assert_eq!(transaction.answer(&locked).await.unwrap().len(), 3);
    let mut second = match connector.begin().await {
        Err(failure) => return assert!(matches!(failure, Failure::Locked { .. }), "{failure}"),
        Ok(second) => second,
    };
    let refused = second.apply(&delete("t", "id", ints(&[2]))).await.unwrap_err();
    assert!(matches!(refused, Failure::Locked { .. }), "{refused}");
    second.rollback().await.unwrap();
    transaction.commit().await.unwrap();
}

async fn identifies_transactions(backend: Backend) {
    let connector = three(&backend).await;
    use connect::Outcome::*;
    let (mut kept, mut gone) = (Unknown, Unknown);
    for (commit, seen) in [(true, &mut kept), (false, &mut gone)] {
        let mut transaction = connector.begin().await.unwrap();
        let Some(id) = transaction.id().await.unwrap() else {
            assert!(backend.is_sqlite() || backend.is_mariadb());
            assert_eq!(connector.resolve("1").await.unwrap(), Unknown);
            return;
        };
        transaction.apply(&delete("t", "id", ints(&[1]))).await.unwrap();
        assert_eq!(connector.resolve(&id).await.unwrap(), Running);
        if commit {
            transaction.commit().await.unwrap()
        } else {
            transaction.rollback().await.unwrap()
        }
        *seen = connector.resolve(&id).await.unwrap();
    }
    assert_eq!((kept, gone), (Committed, RolledBack));
    assert_eq!(connector.resolve("999999999999").await.unwrap(), Unknown);
    assert_eq!(connector.resolve("no id").await.unwrap(), Unknown);
}

crate::contract!(
    counts_what_it_hit,
    tallies_its_own_rows_alone,
    changes_by_composite_key,
    a_key_changes_together_with_other_columns,
    inserts,
    rolls_back,
    commits_nothing_after_a_failure,
    locks_rows,
    identifies_transactions,
);
