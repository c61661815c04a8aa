//! Samples of tables that nobody here has seen: bounded, spread, the same each time.

use engine::ask::{Failure, Row};
use engine::value::Value;

use crate::backend::*;

async fn sampled(backend: &Backend, table: &str, columns: &[&str], rows: u32) -> Result<Vec<Row>, Failure> {
    let mut session = backend.open().read().await?;
    let found = session.sample(table, &names(columns), rows).await;
    session.close().await?;
    found
}

async fn small_tables_come_whole(backend: Backend) {
    backend
        .sql(
            "create table s (id bigint primary key, name text, b $bytes);
             insert into s values (7, null, null), (900000, 'x', null), (12, 'y', null); create table none (a text)",
        )
        .await;
    let mut rows = sampled(&backend, "s", &["name", "id"], 3).await.unwrap();
    rows.sort();
    let row = |name: Value, id: i64| vec![name, Value::Int(id)];
    assert_eq!(rows, [row(Value::Null, 7), row("x".into(), 900_000), row("y".into(), 12)]);
    assert_eq!(sampled(&backend, "none", &["a"], 5).await.unwrap(), Vec::<Row>::new());
    assert_eq!(sampled(&backend, "s", &["id"], 0).await.unwrap(), Vec::<Row>::new());
    for missing in [sampled(&backend, "t", &["id"], 5).await, sampled(&backend, "s", &["x"], 5).await] {
        assert!(matches!(missing, Err(Failure::Missing { .. })), "{missing:?}");
    }
}

async fn large_tables_are_bounded_and_spread(backend: Backend) {
    backend.sql("create table l (id integer primary key, word text)").await;
    let rows: Vec<_> = (1..=20_000).map(|i| format!("({i}, 'word {i}')")).collect();
    for chunk in rows.chunks(5_000) {
        backend.sql(&format!("insert into l values {}", chunk.join(","))).await;
    }
    if matches!(backend, Backend::Postgres(_)) {
        backend.sql("analyze l").await;
    }
    let first = sampled(&backend, "l", &["id"], 100).await.unwrap();
    assert!(first.len() <= 100 && first.len() > 50, "{}", first.len());
    assert!(first.iter().any(|r| r[0] > Value::Int(10_000)), "only the oldest rows");
    assert_eq!(sampled(&backend, "l", &["id"], 100).await.unwrap(), first);
}

async fn long_values_are_cut(backend: Backend) {
    backend.sql("create table c (id bigint primary key, body text, n bigint)").await;
    backend.sql(&format!("insert into c values (1, '{}', 4), (2, 'ø', null)", "ø".repeat(5_000))).await;
    let rows = sampled(&backend, "c", &["body", "n"], 10).await.unwrap();
    assert_eq!(rows, [vec![Value::Text("ø".repeat(1_000)), Value::Int(4)], vec!["ø".into(), Value::Null]]);
}

crate::contract!(small_tables_come_whole, large_tables_are_bounded_and_spread, long_values_are_cut);
