//! What only SQLite can get wrong.

use engine::ask::Failure;
use engine::policy::model::SystemKind;
use engine::value::Value;
use sqlx::Connection as _;

use crate::backend::*;

fn open(path: &str) -> Box<dyn connect::Connector> {
    connect::open(SystemKind::Sqlite, path, Some(path), QUICK).unwrap()
}

#[tokio::test]
async fn a_missing_file_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("none.db");
    let connector = open(&format!("sqlite://{}", path.display()));
    assert!(matches!(connector.describe().await, Err(Failure::Unreachable { .. })));
    assert!(matches!(connector.begin().await.err(), Some(Failure::Unreachable { .. })));
    assert!(!path.exists());
    std::fs::write(&path, "this is no database, however long it may be".repeat(99)).unwrap();
    assert!(matches!(connector.describe().await, Err(Failure::Unreachable { .. })));
}

#[tokio::test]
async fn a_held_write_lock_is_named() {
    let backend = Backend::sqlite();
    backend.sql("create table t (id integer primary key)").await;
    let mut other = backend.raw().await;
    sqlx::raw_sql("begin exclusive").execute(&mut other).await.unwrap();
    let Some(Failure::Locked { holder, .. }) = backend.open().begin().await.err() else { panic!("not locked") };
    assert!(holder.contains("another process"));
    sqlx::raw_sql("rollback").execute(&mut other).await.unwrap();
    other.close().await.unwrap();
    backend.open().begin().await.unwrap();
}

#[tokio::test]
async fn values_by_their_own_storage_class() {
    let backend = Backend::sqlite();
    backend
        .sql("create table t (id, v, i integer); insert into t values (1, '7', 'x'), ('1', x'37', 7), (2.5, 7, '8')")
        .await;
    let connector = backend.open();
    let found = async |column: &str, value: Value| {
        let rows = read(&*connector, select("t", &["id"], by(&[column], one([value])))).await;
        rows.into_iter().flatten().collect::<Vec<_>>()
    };
    assert_eq!(found("v", Value::Int(7)).await, [Value::Int(1), Value::Real(2.5)]);
    assert_eq!(found("v", Value::Bytes(vec![0x37])).await, ["1".into()]);
    assert_eq!(found("i", Value::text("8")).await, [Value::Real(2.5)]);
    assert_eq!(found("i", Value::text("x")).await, [Value::Int(1)]);
    // As a key, `1` is not `'1'`.
    assert_eq!(change(&*connector, delete("t", "id", ints(&[1]))).await.unwrap().rows, 1);
}

#[tokio::test]
async fn a_snapshot_holds_with_write_ahead_log() {
    let backend = Backend::sqlite();
    backend.sql("pragma journal_mode = wal; create table t (id integer primary key); insert into t values (1)").await;
    let connector = backend.open();
    let asked = select("t", &["id"], by(&["id"], ints(&[1, 2])));
    let mut session = connector.read().await.unwrap();
    change(&*connector, insert("t", &[("id", Value::Int(2))], &[])).await.unwrap();
    assert_eq!(session.answer(&asked).await.unwrap().len(), 1);
    session.close().await.unwrap();
    assert_eq!(read(&*connector, asked).await.len(), 2);
}

#[tokio::test]
async fn triggers_and_odd_tables_are_described() {
    let backend = Backend::sqlite();
    backend
        .sql(
            "create table t (k text primary key, n) without rowid;
             create trigger watch after update on t begin select 1; end;
             create table c (a references T, b references t(K) deferrable initially deferred);
             create view broken as select * from nowhere",
        )
        .await;
    let schema = backend.open().describe().await.unwrap();
    let t = schema.table("t").unwrap();
    assert_eq!((&t.triggers[..], t.column("k").unwrap().nullable, t.indexes.len()), (&names(&["watch"])[..], false, 1));
    let keys = &schema.table("c").unwrap().foreign_keys;
    assert!(keys.iter().all(|k| k.table == "t" && k.target_columns == ["k"] && k.deferrable));
    assert!(schema.table("broken").unwrap().columns.is_empty());
}

#[tokio::test]
async fn words_of_triggers_are_not_shown() {
    let backend = Backend::sqlite();
    backend.sql("create table t (id integer primary key)").await;
    let connector = backend.open();
    backend.sql("create trigger no before delete on t begin select raise(abort, 'ann@secret.example'); end").await;
    backend.sql("insert into t values (1)").await;
    let failure = change(&*connector, delete("t", "id", ints(&[1]))).await.unwrap_err();
    assert_eq!(failure, Failure::Constraint { table: "t".into(), constraint: "of a trigger".into() });
}

#[tokio::test]
async fn a_file_put_in_the_others_place_is_seen() {
    let (old, new) = (Backend::sqlite(), Backend::sqlite());
    old.sql("create table t (id integer primary key); insert into t values (1)").await;
    new.sql("create table t (id integer primary key)").await;
    let connector = old.open();
    assert_eq!(connector.rows(&names(&["t"])).await.unwrap(), [1]);
    std::fs::rename(new.address(), old.address()).unwrap();
    assert_eq!(connector.rows(&names(&["t"])).await.unwrap(), [0]);
    std::fs::remove_file(old.address()).unwrap();
    assert!(matches!(connector.read().await.err(), Some(Failure::Unreachable { .. })));
}
