//! Which rows answer a question.

use std::ops::ControlFlow;

use engine::ask::{By, Failure, Select};
use engine::value::Value;

use crate::backend::*;

async fn values_of_the_wrong_type_match_nothing(backend: Backend) {
    backend
        .sql(
            "create table t (id bigint primary key, u $uuid, s varchar(5), r $real, b $bytes, d decimal(8,2), day date, \
             at $timestamp, ok boolean);
             insert into t values (7, '0e9c8b6a-0000-4000-8000-00000000000a', '7', 1.5, null, 7.25, '2024-01-02', \
             '2024-01-02 03:04:05', true)",
        )
        .await;
    let connector = backend.open();
    let odd = || {
        [
            "abc",
            "99999999999999999999999",
            "0e9c8b6a",
            "1e999",
            "",
            "\0",
            "a\0b",
            "2024-13-45",
            "\\xzz",
            "'; drop table t",
            "ø",
        ]
        .into_iter()
        .map(Value::from)
        .chain([
            Value::Null,
            Value::Bool(false),
            Value::Real(f64::NAN),
            Value::Bytes(vec![9]),
            Value::Int(i64::MIN),
        ])
    };
    for column in ["id", "u", "s", "r", "b", "d", "day", "at"] {
        assert!(read(&*connector, select("t", &["id"], by(&[column], one(odd())))).await.is_empty(), "{column}");
    }
    for (column, value) in [
        ("id", Value::text("7")),
        ("s", Value::Int(7)),
        ("u", Value::text("0e9c8b6a-0000-4000-8000-00000000000a")),
        ("r", Value::text("1.5")),
        ("d", Value::text("7.25")),
        ("day", Value::text("2024-01-02")),
        ("at", Value::text("2024-01-02 03:04:05")),
        ("ok", Value::Bool(true)),
    ] {
        let values = one(odd().chain([value]));
        let among = read(&*connector, select("t", &["id"], by(&[column], values))).await;
        assert_eq!(among, ints(&[7]), "{column}");
    }
}

async fn tuples(backend: Backend) {
    backend
        .sql(
            "create table p (a bigint not null, b varchar(9) not null, c $bytes, primary key (a, b));
             insert into p values (1, 'x', null), (1, 'y', null), (2, 'x', null), (2, '', null)",
        )
        .await;
    let connector = backend.open();
    let pair = |a: i64, b: &str| vec![Value::Int(a), Value::text(b)];
    let wanted = vec![
        pair(1, "y"),
        pair(2, "x"),
        pair(2, "y"),
        vec![Value::text("2x"), Value::text("x")],
        vec![Value::Null, Value::text("x")],
    ];
    let rows = read(&*connector, select("p", &["a", "b"], by(&["a", "b"], wanted))).await;
    assert_eq!(rows, [pair(1, "y"), pair(2, "x")]);
    let rows = read(&*connector, select("p", &["b"], by(&["a", "b"], vec![pair(2, "")]))).await;
    assert_eq!(rows, [vec![Value::text("")]]);
}

/// Several questions at once are answered as each alone, whatever the tables and types.
async fn several_questions(backend: Backend) {
    backend
        .sql(
            "create table t (id bigint primary key, u $uuid, s varchar(5), r $real, b $bytes, d decimal(8,2), day date, \
             at $timestamp, ok boolean, doc text);
             insert into t values (1, '0e9c8b6a-0000-4000-8000-00000000000a', 'x', 1.5, null, 7.25, '2024-01-02', \
             '2024-01-02 03:04:05', true, '{}'), (2, null, null, null, null, null, null, null, null, null), (3, null, 'y', 2, \
             null, 0, '1999-12-31', '2024-01-02 00:00:00', false, 'ø');
             create table p (a bigint not null, b varchar(9), note text, primary key (a));
             create index p_b on p (b);
             insert into p values (1, 'x', 'one'), (2, 'y', null), (3, null, 'three'), (4, 'x', '')",
        )
        .await;
    let connector = backend.open();
    let all = ["id", "u", "s", "r", "b", "d", "day", "at", "ok", "doc"];
    let keys = |of: &str, ids: &[i64]| By::Keys { columns: names(&[of]), values: ints(ids) };
    let mut narrowed = select("p", &["note", "a"], by(&["b"], one([Value::text("x")])));
    narrowed.filter = vec![("note".into(), vec![Value::text("one"), Value::Null])];
    let selects = [
        select("t", &all, keys("id", &[1, 2, 3])),
        select("p", &["a", "b", "note"], by(&["b"], one([Value::text("x"), Value::Null, Value::text("none")]))),
        select("p", &["b"], by(&["b"], Vec::new())),
        select("t", &["doc"], by(&["doc"], one([Value::text("ø")]))),
        narrowed,
        select("t", &["ok", "at"], by(&["id"], one([Value::text("3"), Value::text("none"), Value::Bytes(vec![9])]))),
        select("t", &["id"], By::Folded { column: "s".into(), values: names(&["x", "y"]) }),
        select("p", &["a"], keys("a", &(0..1_500).collect::<Vec<_>>())),
        select("p", &[], keys("a", &[4, 2])),
        select("p", &["note", "note"], keys("a", &[3])),
        select("p", &["a"], keys("a", &[1])),
    ];
    let mut session = connector.read().await.unwrap();
    let mut alone = Vec::new();
    for select in &selects {
        alone.push(session.answer(select).await.unwrap());
    }
    let mut together = session.answers(&selects.iter().collect::<Vec<_>>()).await.unwrap();
    for rows in alone.iter_mut().chain(&mut together) {
        rows.sort_by_key(|row| format!("{row:?}"));
    }
    assert_eq!(together, alone);
    assert_eq!(alone.iter().map(Vec::len).collect::<Vec<_>>(), [3, 2, 0, 1, 1, 1, 2, 4, 2, 1, 1]);
    assert_eq!(session.answers(&[]).await.unwrap(), Vec::<Vec<Vec<Value>>>::new());
}

/// A table that went meanwhile is named alone, though questions about others went with it.
async fn several_questions_of_which_one_fails(backend: Backend) {
    backend.sql("create table gone (id bigint primary key, s text); create table there (id bigint primary key)").await;
    let connector = backend.open();
    connector.describe().await.unwrap();
    backend.sql("drop table gone").await;
    let keys = || By::Keys { columns: names(&["id"]), values: ints(&[1]) };
    let (gone, there) = (select("gone", &["s"], keys()), select("there", &["id"], keys()));
    let failed = connector.read().await.unwrap().answers(&[&there, &gone]).await.unwrap_err();
    assert_eq!(failed, Failure::Missing { object: "table gone".into() });
}

/// Whoever has seen enough gets no more, and can ask again.
async fn several_questions_end_early(backend: Backend) {
    backend
        .sql(
            "create table t (id bigint primary key); create table p (id bigint primary key);
             insert into t values (1), (2), (3); insert into p values (4), (5)",
        )
        .await;
    let connector = backend.open();
    let keys = || By::Keys { columns: names(&["id"]), values: ints(&[1, 2, 3, 4, 5]) };
    let (t, p) = (select("t", &["id"], keys()), select("p", &["id"], keys()));
    let mut session = connector.read().await.unwrap();
    let mut seen = Vec::new();
    let mut each = |at, row| {
        seen.push((at, row));
        if seen.len() == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    session.stream_each(&[&t, &p], &mut each).await.unwrap();
    assert_eq!(seen.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [0, 0]);
    assert_eq!(session.answers(&[&p, &t]).await.unwrap().iter().map(Vec::len).collect::<Vec<_>>(), [2, 3]);
}

async fn many_values(backend: Backend) {
    backend.sql("create table m (id bigint primary key, s text)").await;
    let rows: Vec<_> = (0..3_000).map(|i| format!("({i}, 's{i}')")).collect();
    backend.sql(&format!("insert into m values {}", rows.join(","))).await;
    let connector = backend.open();
    let wanted: Vec<i64> = (0..6_000).step_by(2).collect();
    assert_eq!(read(&*connector, select("m", &["id"], by(&["id"], ints(&wanted)))).await.len(), 1_500);
    let wanted = one((0..3_000).map(|i| Value::text(format!("s{i}"))));
    assert_eq!(read(&*connector, select("m", &["id"], by(&["s"], wanted))).await.len(), 3_000);
    assert!(read(&*connector, select("m", &["id"], by(&["id"], vec![]))).await.is_empty());
}

async fn folded_text(backend: Backend) {
    backend
        .sql(
            "create table f (id bigint primary key, email varchar(60));
             insert into f values (1, 'Ann@X.example'), (2, 'annXx.example'), (3, 'ØDEGÅRD_1@x.example'),
             (4, 'rene\u{301}e@x.example'), (5, null), (6, '100%Øre@x.example')",
        )
        .await;
    let connector = backend.open();
    let folded = |values: &[&str]| By::Folded { column: "email".into(), values: names(values) };
    let found = async |values: &[&str]| read(&*connector, select("f", &["id"], folded(values))).await;
    assert_eq!(found(&["ann@x.example"]).await, ints(&[1]));
    assert_eq!(found(&["ødegård_1@x.example"]).await, ints(&[3]));
    assert_eq!(found(&["renée@x.example"]).await, ints(&[4]));
    assert_eq!(found(&["100%øre@x.example", "nobody\0"]).await, ints(&[6]));
    assert_eq!(found(&["ann@x.example", "renée@x.example"]).await, ints(&[1, 4]));
    assert!(found(&[]).await.is_empty());
}

async fn phones(backend: Backend) {
    backend
        .sql(
            "create table f (id bigint primary key, phone text);
             insert into f values (1, '+47 900-12.345'), (2, '(0047) 900/12\u{a0}345 x12'), (3, '90012346'), (4, 'n/a'), (5, null),
             (6, '90012345'), (7, '+47 90012345 ext. 3'), (8, '7 90012345 1'), (9, '0047-112')",
        )
        .await;
    let connector = backend.open();
    let phone = By::Phone { column: "phone".into(), values: names(&["+4790012345", ""]) };
    assert_eq!(read(&*connector, select("f", &["id"], phone)).await, ints(&[1, 2, 6, 7]));
    let extended = By::Phone { column: "phone".into(), values: names(&["+4790012345;ext=12"]) };
    assert!(read(&*connector, select("f", &["id"], extended)).await.contains(&vec![Value::Int(2)]));
    let short = By::Phone { column: "phone".into(), values: names(&["+47112"]) };
    assert_eq!(read(&*connector, select("f", &["id"], short)).await, ints(&[9]));
}

async fn parts_of_texts(backend: Backend) {
    backend
        .sql(
            "create table c (id bigint primary key, s text, b $bytes, n bigint);
             insert into c values (1, 'Ticket-17', null, 17), (2, 'the 100% of_x', null, 117), (3, null, null, -1),
             (4, '', null, 2), (5, null, null, null), (6, 'ÅSE o''Hara \"q\"', null, 3), (7, 'the 100 of-x', null, 4)",
        )
        .await;
    let bytes = |id: i64, b: &[u8]| update("c", "id", ints(&[id]), &[("b", Value::Bytes(b.to_vec()))]);
    let connector = backend.open();
    change(&*connector, update("c", "id", ints(&[3]), &[("s", "C:\\u0031".into())])).await.unwrap();
    for (id, held) in [(1, &b"\0\xff s:2:\"K17\";"[..]), (2, b"\\u0031"), (3, b"")] {
        change(&*connector, bytes(id, held)).await.unwrap();
    }
    let found = async |column: &str, needles: &[&str]| {
        let by = By::Containing { column: column.into(), needles: names(needles) };
        read(&*connector, select("c", &["id"], by)).await
    };
    assert_eq!(found("s", &["ticket-17"]).await, ints(&[1]));
    assert_eq!(found("s", &["T-1"]).await, ints(&[1]));
    assert_eq!(found("s", &["0% o"]).await, ints(&[2]));
    assert_eq!(found("s", &["f_x"]).await, ints(&[2]));
    assert_eq!(found("s", &["\\u0031", "nothing"]).await, ints(&[3]));
    assert_eq!(found("s", &["'hara"]).await, ints(&[6]));
    assert_eq!(found("s", &["\"q\"", "'; drop table c", "100"]).await, ints(&[2, 6, 7]));
    assert_eq!(found("s", &[""]).await, ints(&[1, 2, 3, 4, 6, 7]));
    assert!(found("s", &[]).await.is_empty());
    assert_eq!(found("b", &["k17"]).await, ints(&[1]));
    assert_eq!(found("b", &["u0031"]).await, ints(&[2]));
    assert_eq!(found("n", &["17"]).await, ints(&[1, 2]));
}

async fn filters(backend: Backend) {
    backend
        .sql(
            "create table f (id bigint primary key, g bigint, kind text, ok boolean);
             insert into f values (1, 1, 'a', true), (2, 1, 'b', false), (3, 1, null, null), (4, 2, 'a', true)",
        )
        .await;
    let connector = backend.open();
    let found = async |filter: Vec<(&str, Vec<Value>)>| {
        let filter = filter.into_iter().map(|(c, v)| (c.to_string(), v)).collect();
        let asked = Select { filter, ..select("f", &["id"], by(&["g"], ints(&[1]))) };
        read(&*connector, asked).await
    };
    assert_eq!(found(vec![("kind", vec!["a".into(), "c".into()])]).await, ints(&[1]));
    assert_eq!(found(vec![("kind", vec!["b".into(), Value::Null])]).await, ints(&[2, 3]));
    assert_eq!(found(vec![("kind", vec![Value::Null])]).await, ints(&[3]));
    assert_eq!(found(vec![("ok", vec![Value::Bool(true)])]).await, ints(&[1]));
    assert_eq!(found(vec![("kind", vec!["a".into()]), ("id", vec!["no".into()])]).await, ints(&[]));
    assert_eq!(found(vec![("kind", vec![])]).await, ints(&[]));
}

/// Names that would be commands, parameters or nonsense if they were not quoted.
async fn hostile_names(backend: Backend) {
    let table = r#"a"b; drop table "x"#;
    let columns = ["select", "Mixed Case", "d.o't", "q?", "$1", "ø;--", "quo\"te"];
    let quoted = |n: &str| format!("\"{}\"", n.replace('"', "\"\""));
    let list: Vec<_> = columns.iter().map(|c| format!("{} text", quoted(c))).collect();
    // Table `b` shows that the name of the other is not cut at its quote.
    backend.sql(&format!("create table {} (\"key\" bigint primary key, {})", quoted(table), list.join(","))).await;
    backend.sql(&format!("insert into {} (\"key\") values (1), (2)", quoted(table))).await;
    let connector = backend.open();
    let set: Vec<_> = columns.iter().map(|c| (*c, Value::text(*c))).collect();
    assert_eq!(change(&*connector, update(table, "key", ints(&[1]), &set)).await.unwrap().rows, 1);
    for column in columns {
        let rows = read(&*connector, select(table, &[column], by(&[column], one([column.into()])))).await;
        assert_eq!(rows, one([column.into()]));
    }
    change(&*connector, delete(table, "key", ints(&[1]))).await.unwrap();
    assert_eq!(connector.rows(&names(&[table])).await.unwrap(), [1]);
}

async fn streams_end_early(backend: Backend) {
    backend.sql("create table m (id bigint primary key)").await;
    backend
        .sql(&format!("insert into m values {}", (0..2_000).map(|i| format!("({i})")).collect::<Vec<_>>().join(",")))
        .await;
    let connector = backend.open();
    let mut session = connector.read().await.unwrap();
    let mut seen = 0;
    let all = select("m", &["id"], by(&["id"], ints(&(0..2_000).collect::<Vec<_>>())));
    let mut some = |_| {
        seen += 1;
        if seen == 5 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    session.stream(&all, &mut some).await.unwrap();
    assert_eq!(seen, 5);
    assert_eq!(session.answer(&all).await.unwrap().len(), 2_000);
}

/// How many rows there are, and nothing of them.
async fn answers_without_columns(backend: Backend) {
    backend.sql("create table bare (a bigint, b bigint); insert into bare values (1, 1), (1, 2), (2, 3)").await;
    let rows = read(&*backend.open(), select("bare", &[], by(&["a"], ints(&[1])))).await;
    assert_eq!(rows, [Vec::<Value>::new(), Vec::new()]);
}

crate::contract!(
    answers_without_columns,
    values_of_the_wrong_type_match_nothing,
    tuples,
    several_questions,
    several_questions_of_which_one_fails,
    several_questions_end_early,
    many_values,
    folded_text,
    phones,
    parts_of_texts,
    filters,
    hostile_names,
    streams_end_early,
);
