//! Rows of a table without a key, which are told apart by all their columns.

use engine::ask::{By, Change};
use engine::value::Value;

use crate::backend::*;

const COLUMNS: [&str; 8] = ["n", "s", "c", "b", "u", "t", "d", "m"];

/// Rows that a database may take for one another, and each of them twice.
async fn set_up(backend: &Backend) -> Box<dyn connect::Connector> {
    let (text, decimal) = match backend {
        Backend::Sqlite(_) => ("text collate nocase", "text"),
        Backend::Postgres(_) => ("text", "numeric"),
        Backend::Mariadb(_) => ("text", "decimal(9, 3)"),
    };
    let ddl =
        format!("create table v (n bigint, s {text}, c char(5), b $bytes, u $uuid, t $timestamp, d date, m {decimal})");
    backend.sql(&ddl).await;
    let full = |n: &str, s: &str, m: &str| {
        let bytes = if matches!(backend, Backend::Postgres(_)) { "'\\x00ff'" } else { "x'00ff'" };
        let rest = "'0e9c8b6a-0000-4000-8000-00000000000a', '2024-02-29 23:59:59.123456', '2024-02-29'";
        format!("({n}, {s}, 'ab', {bytes}, {rest}, {m})")
    };
    let rows = [
        full("1", "'ann'", "1.0"),
        full("1", "'Ann'", "1.0"),
        full("1", "'ann '", "1.0"),
        full("1", "''", "1.0"),
        full("1", "NULL", "1.0"),
        full("NULL", "'ann'", "1.0"),
        full("NULL", "NULL", "1.00"),
        full("0", "NULL", "NULL"),
        format!("({})", ["NULL"; 8].join(", ")),
    ];
    let twice: Vec<&str> = rows.iter().chain(&rows).map(String::as_str).collect();
    backend.sql(&format!("insert into v values {}", twice.join(", "))).await;
    backend.open()
}

/// What a reader gets of all rows.
async fn all(connector: &dyn connect::Connector) -> Vec<Vec<Value>> {
    let mut session = connector.read().await.unwrap();
    let columns = COLUMNS.map(str::to_owned);
    let mut rows = session.sample("v", &columns, 100).await.unwrap();
    session.close().await.unwrap();
    rows.sort();
    rows
}

fn keys(values: Vec<Vec<Value>>) -> By {
    By::Keys { columns: names(&COLUMNS), values }
}

/// Each row finds itself and its equal, and no other, alone and together with others.
async fn a_whole_row_finds_itself_and_its_equal(backend: Backend) {
    let connector = set_up(&backend).await;
    let rows = all(&*connector).await;
    let mut distinct = rows.clone();
    distinct.dedup();
    assert_eq!((rows.len(), distinct.len()), (18, 9));
    for row in &distinct {
        let found = read(&*connector, select("v", &COLUMNS, keys(vec![row.clone()]))).await;
        assert_eq!(found, [row.clone(), row.clone()]);
    }
    assert_eq!(read(&*connector, select("v", &COLUMNS, keys(distinct.clone()))).await, rows);
    assert_eq!(read(&*connector, select("v", &COLUMNS, keys(Vec::new()))).await, Vec::<Vec<Value>>::new());
    // NULL joins nothing, whatever a key does.
    let by_null = by(&["n", "s"], vec![vec![Value::Null, Value::text("ann")]]);
    assert!(read(&*connector, select("v", &["n"], by_null)).await.is_empty());
}

async fn equal_rows_change_together(backend: Backend) {
    let connector = set_up(&backend).await;
    let mut rows = all(&*connector).await;
    rows.dedup();
    for (left, row) in (1..=rows.len()).rev().zip(&rows) {
        let delete = Change::Delete { table: "v".into(), key: names(&COLUMNS), keys: vec![row.clone()] };
        let mut transaction = connector.begin().await.unwrap();
        let locked = engine::ask::Select { lock: true, ..select("v", &["n"], keys(vec![row.clone()])) };
        assert_eq!(transaction.answer(&locked).await.unwrap().len(), 2);
        assert_eq!(transaction.apply(&delete).await.unwrap().rows, 2);
        transaction.commit().await.unwrap();
        assert_eq!(all(&*connector).await.len(), 2 * (left - 1));
    }
}

/// The columns that are written are among those that the row is known by.
async fn whole_rows_are_written(backend: Backend) {
    let connector = set_up(&backend).await;
    let mut rows = all(&*connector).await;
    rows.dedup();
    let set = vec![("s".to_owned(), Value::text("gone")), ("n".to_owned(), Value::Null)];
    let (first, rest) = rows.split_at(3);
    let update = Change::Update { table: "v".into(), key: names(&COLUMNS), keys: first.to_vec(), set };
    assert_eq!(change(&*connector, update).await.unwrap().rows, 6);
    let each = rest.iter().enumerate();
    let each = each.map(|(i, row)| (row.clone(), vec![Value::Int(i as i64), Value::text("each")])).collect();
    let each = Change::UpdateEach { table: "v".into(), key: names(&COLUMNS), columns: names(&["n", "s"]), rows: each };
    assert_eq!(change(&*connector, each).await.unwrap().rows, 12);
    let mut wanted: Vec<Vec<Value>> = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        let (n, s) = if i < 3 { (Value::Null, "gone") } else { (Value::Int(i as i64 - 3), "each") };
        let mut row = row.clone();
        (row[0], row[1]) = (n, Value::text(s));
        wanted.extend([row.clone(), row]);
    }
    wanted.sort();
    assert_eq!(all(&*connector).await, wanted);
}

/// More columns and rows than a statement binds at once.
async fn wide_rows_are_found(backend: Backend) {
    let columns: Vec<String> = (0..60).map(|i| format!("c{i}")).collect();
    let ddl: Vec<String> = columns.iter().map(|c| format!("{c} varchar(9)")).collect();
    backend.sql(&format!("create table wide ({})", ddl.join(", "))).await;
    let cells = |i: usize| (0..60).map(move |c| if (i + c).is_multiple_of(7) { None } else { Some(format!("{i}")) });
    let row =
        |i: usize| cells(i).map(|c| c.map_or("NULL".to_owned(), |c| format!("'{c}'"))).collect::<Vec<_>>().join(",");
    let rows: Vec<String> = (0..1_200).map(|i| format!("({})", row(i))).collect();
    for some in rows.chunks(200) {
        backend.sql(&format!("insert into wide values {}", some.join(","))).await;
    }
    let connector = backend.open();
    let keys: Vec<Vec<Value>> =
        (0..1_200).map(|i| cells(i).map(|c| c.map_or(Value::Null, Value::Text)).collect()).collect();
    let whole = By::Keys { columns: columns.clone(), values: keys.clone() };
    assert_eq!(read(&*connector, select("wide", &["c0"], whole)).await.len(), 1_200);
    let written: Vec<String> = columns.iter().take(20).cloned().collect();
    let each = |i: usize| (keys[i].clone(), vec![Value::Text(format!("w{i}")); 20]);
    let rows = (0..600).map(each).collect();
    let each = Change::UpdateEach { table: "wide".into(), key: columns.clone(), columns: written, rows };
    assert_eq!(change(&*connector, each).await.unwrap().rows, 600);
    let new = by(&["c0"], (0..600).map(|i| vec![Value::Text(format!("w{i}"))]).collect());
    assert_eq!(read(&*connector, select("wide", &["c19"], new)).await.len(), 600);
    let delete = Change::Delete { table: "wide".into(), key: columns, keys };
    assert_eq!(change(&*connector, delete).await.unwrap().rows, 600, "the others bear another key");
}

/// Whatever names a connector uses beside those of the table, a row that becomes what another was is not taken for it.
async fn rows_take_each_others_places(backend: Backend) {
    if backend.is_sqlite() {
        // There each row is a statement of its own; a plan never asks for such a change.
        return;
    }
    backend.sql("create table swap (nth bigint, nth_ varchar(9), own bigint)").await;
    backend.sql("insert into swap values (1, 'a', 0), (2, 'b', 0), (NULL, 'c', 0), (9, 'z', 0)").await;
    let connector = backend.open();
    let row = |n: Value, s: &str| vec![n, Value::text(s), Value::Int(0)];
    let rows = vec![
        (row(Value::Int(1), "a"), vec![Value::Int(2), Value::text("b")]),
        (row(Value::Int(2), "b"), vec![Value::Int(1), Value::text("a")]),
        (row(Value::Null, "c"), vec![Value::Int(3), Value::text("d")]),
    ];
    let key = names(&["nth", "nth_", "own"]);
    let each = Change::UpdateEach { table: "swap".into(), key, columns: names(&["nth", "nth_"]), rows };
    assert_eq!(change(&*connector, each).await.unwrap().rows, 3);
    let all = by(&["own"], ints(&[0]));
    let wanted = [(1, "a"), (2, "b"), (3, "d"), (9, "z")].map(|(n, s)| vec![Value::Int(n), Value::text(s)]);
    assert_eq!(read(&*connector, select("swap", &["nth", "nth_"], all)).await, wanted);
}

crate::contract!(
    a_whole_row_finds_itself_and_its_equal,
    equal_rows_change_together,
    whole_rows_are_written,
    wide_rows_are_found,
    rows_take_each_others_places,
);
