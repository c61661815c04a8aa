//! Values survive the way there and back.

use engine::ask::Change;
use engine::value::Value;

use crate::backend::*;

/// MariaDB has no infinity.
fn hard(backend: &Backend) -> Vec<(&'static str, Value)> {
    let real = if backend.is_mariadb() { f64::MAX } else { f64::INFINITY };
    vec![
        ("n", Value::Int(9_007_199_254_740_993)),
        ("r", Value::Real(real)),
        ("s", Value::text("Ødegård 🦀 'quoted' \\ \"x\" {\n}")),
        ("b", Value::Bytes(vec![0, 1, 255, b'\''])),
        ("u", Value::text("0e9c8b6a-0000-4000-8000-00000000000a")),
        ("j", Value::text(r#"{"a": [1, null, "ø"]}"#)),
        ("t", Value::text("2024-02-29 23:59:59.123456")),
        ("d", Value::text("12345678901234567890.123456789")),
    ]
}

const DDL: &str =
    "create table v (id bigint primary key, n bigint, r $real, s text, b $bytes, u $uuid, j json, t $timestamp, d ";

async fn set_up(backend: &Backend) -> Box<dyn connect::Connector> {
    // SQLite's NUMERIC keeps 15 digits, so such a database holds exact decimals as text.
    let decimal = match backend {
        Backend::Sqlite(_) => "text)",
        Backend::Postgres(_) => "numeric)",
        Backend::Mariadb(_) => "decimal(30,9))",
    };
    backend.sql(&format!("{DDL}{decimal}")).await;
    backend.sql("insert into v (id) values (1), (2), (3)").await;
    backend.open()
}

fn columns(backend: &Backend) -> Vec<&'static str> {
    hard(backend).into_iter().map(|(c, _)| c).collect()
}

async fn update_keeps_values(backend: Backend) {
    let connector = set_up(&backend).await;
    let changed = change(&*connector, update("v", "id", ints(&[1, 2]), &hard(&backend))).await.unwrap();
    assert_eq!(changed.rows, 2);
    let rows = read(&*connector, select("v", &columns(&backend), by(&["id"], ints(&[2])))).await;
    assert_eq!(rows, [hard(&backend).into_iter().map(|(_, v)| v).collect::<Vec<_>>()]);
    let rows = read(&*connector, select("v", &columns(&backend), by(&["id"], ints(&[3])))).await;
    assert_eq!(rows, [vec![Value::Null; 8]]);
}

async fn update_each_keeps_values(backend: Backend) {
    let connector = set_up(&backend).await;
    let full: Vec<Value> = hard(&backend).into_iter().map(|(_, v)| v).collect();
    let columns = columns(&backend);
    let rows = vec![(vec![Value::Int(1)], full.clone()), (vec![Value::Int(3)], vec![Value::Null; 8])];
    let each = Change::UpdateEach { table: "v".into(), key: names(&["id"]), columns: names(&columns), rows };
    assert_eq!(change(&*connector, each).await.unwrap().rows, 2);
    let all = read(&*connector, select("v", &columns, by(&["id"], ints(&[1])))).await;
    assert_eq!(all, [full]);
}

async fn each_value_finds_its_row(backend: Backend) {
    let connector = set_up(&backend).await;
    change(&*connector, update("v", "id", ints(&[2]), &hard(&backend))).await.unwrap();
    for (column, value) in hard(&backend).into_iter().filter(|(c, _)| *c != "j") {
        let found = read(&*connector, select("v", &["id"], by(&[column], one([value.clone()])))).await;
        assert_eq!(found, ints(&[2]), "{column}");
        let mut transaction = connector.begin().await.unwrap();
        let hit = transaction.apply(&update("v", column, one([value]), &[("j", Value::Null)])).await.unwrap();
        assert_eq!(hit.rows, 1, "{column} as a key");
        transaction.rollback().await.unwrap();
    }
}

async fn null_is_written_in_any_order(backend: Backend) {
    let connector = set_up(&backend).await;
    for value in [Value::Null, Value::Bytes(vec![0, 200]), Value::Null] {
        change(&*connector, update("v", "id", ints(&[1]), &[("b", value.clone())])).await.unwrap();
        assert_eq!(read(&*connector, select("v", &["b"], by(&["id"], ints(&[1])))).await, [vec![value]]);
    }
}

crate::contract!(update_keeps_values, update_each_keeps_values, each_value_finds_its_row, null_is_written_in_any_order);
