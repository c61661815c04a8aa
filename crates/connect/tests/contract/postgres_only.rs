//! What only PostgreSQL can get wrong.

use connect::testing::PgServer;
use connect::{Connector, Options};
use engine::ask::{By, Failure, Select};
use engine::policy::model::SystemKind;
use engine::schema::Class;
use engine::value::Value;

use crate::backend::*;

fn open(url: &str) -> Box<dyn Connector> {
    connect::open(SystemKind::Postgres, url, Some(url), Options { schema: "public".into(), ..QUICK }).unwrap()
}

fn database(backend: &Backend) -> &str {
    let Backend::Postgres(name) = backend else { panic!("PostgreSQL only") };
    name
}

#[tokio::test]
async fn types_of_their_own() {
    let backend = Backend::postgres();
    backend
        .sql(
            "create extension citext; create type mood as enum ('glad', 'sad');
             create domain mail as varchar(20) not null; create domain short as mail;
             create table t (id int primary key, c citext, m mood, d short, p char(6), a text[], i inet, o oid, s int2,
                r float4, z timestamptz, iv interval, n numeric(20,4), jb jsonb, mo money, bits bit(3), x xml, day date);
             insert into t values (1, 'Ann', 'sad', 'm@x', 'ab', '{a,\"b c\"}', '::1', 4294967295, 5, 0.1,
                '2024-01-02 03:04:05.5+02', '1 year 2 days', 12345678901.5, '{\"b\":1,\"a\":2}', 1, '101', '<a/>', '0044-03-15 BC')",
        )
        .await;
    let connector = backend.open();
    let schema = connector.describe().await.unwrap();
    let table = schema.table("t").unwrap();
    assert_eq!(table.column("d").map(|c| (c.class, c.nullable, c.max_chars)), Some((Class::Text, false, Some(20))));
    let wanted: [(&str, Value); 16] = [
        ("c", "Ann".into()),
        ("m", "sad".into()),
        ("d", "m@x".into()),
        ("p", "ab".into()),
        ("a", "{a,\"b c\"}".into()),
        ("i", "::1/128".into()),
        ("o", Value::Int(4_294_967_295)),
        ("s", Value::Int(5)),
        ("r", Value::Real(f64::from(0.1_f32))),
        ("z", "2024-01-02 01:04:05.5+00".into()),
        ("iv", "P1Y2D".into()),
        ("n", "12345678901.5000".into()),
        ("jb", "{\"a\": 2, \"b\": 1}".into()),
        ("bits", "101".into()),
        ("x", "<a/>".into()),
        ("day", "0044-03-15 BC".into()),
    ];
    let columns: Vec<_> = wanted.iter().map(|(c, _)| *c).collect();
    let rows = read(&*connector, select("t", &columns, by(&["id"], ints(&[1])))).await;
    for ((column, value), read) in wanted.iter().zip(&rows[0]) {
        assert!(value == read, "{column}");
    }
    for (column, value) in wanted {
        let odd = one([Value::text("odd one"), Value::text("99999"), value.clone()]);
        let found = read(&*connector, select("t", &["id"], by(&[column], odd))).await;
        assert_eq!(found, ints(&[1]), "{column}");
        let pair = by(&[column, "id"], vec![vec![value.clone(), Value::Int(1)]]);
        assert_eq!(read(&*connector, select("t", &["id"], pair)).await.len(), 1, "{column} in a pair");
        let changed = change(&*connector, update("t", "id", ints(&[1]), &[(column, value.clone())])).await;
        assert_eq!(changed.map(|c| c.rows), Ok(1), "{column}");
    }
    let long = change(&*connector, update("t", "id", ints(&[1]), &[("d", Value::text("x".repeat(21)))])).await;
    assert!(matches!(long, Err(Failure::Constraint { .. })), "nothing is cut silently");
}

#[tokio::test]
async fn a_held_row_lock_names_its_holder() {
    let backend = Backend::postgres();
    backend.sql("create table t (id int primary key); insert into t values (1)").await;
    let connector = backend.open();
    let mut first = connector.begin().await.unwrap();
    first.apply(&delete("t", "id", ints(&[1]))).await.unwrap();
    let lock = Select { lock: true, ..select("t", &["id"], by(&["id"], ints(&[1]))) };
    let mut second = connector.begin().await.unwrap();
    let Err(Failure::Locked { table, holder }) = second.answer(&lock).await else { panic!("not locked") };
    assert_eq!(table, "t");
    assert!(
        holder.contains("process") && holder.contains("upheld") && holder.contains("idle in transaction"),
        "{holder}"
    );
    second.rollback().await.unwrap();
    first.rollback().await.unwrap();
    backend.open().begin().await.unwrap();
}

#[tokio::test]
async fn a_held_table_lock_names_its_holder() {
    use sqlx::{ConnectOptions, Executor};
    let backend = Backend::postgres();
    backend.sql("create table t (id int primary key); insert into t values (1)").await;
    let other: sqlx::postgres::PgConnectOptions = backend.address().parse().unwrap();
    let mut other = other.application_name("nightly backup").connect().await.unwrap();
    other.execute(sqlx::raw_sql("begin; lock table t in share mode")).await.unwrap();
    let refused = change(&*backend.open(), delete("t", "id", ints(&[1]))).await.unwrap_err();
    let Failure::Locked { table, holder } = refused else { panic!("{refused:?}") };
    assert!(table == "t" && holder.contains("nightly backup"), "{holder}");
}

#[tokio::test]
async fn a_snapshot_holds() {
    let backend = Backend::postgres();
    backend.sql("create table t (id int primary key)").await;
    let connector = backend.open();
    let mut session = connector.read().await.unwrap();
    backend.sql("insert into t values (1)").await;
    assert!(session.answer(&select("t", &["id"], by(&["id"], ints(&[1])))).await.unwrap().is_empty());
}

#[tokio::test]
async fn hidden_rows_are_refused() {
    let backend = Backend::postgres();
    let name = database(&backend);
    backend
        .sql(&format!(
            "create table t (id int primary key); insert into t values (1); alter table t enable row level security;
             create table closed (id int primary key); create role reader_{name} login;
             grant select on t to reader_{name}"
        ))
        .await;
    let connector = open(&PgServer::shared().url_as(&format!("reader_{name}"), name));
    assert!(connector.describe().await.unwrap().table("t").unwrap().row_security);
    backend.sql("alter table t disable row level security").await;
    assert!(!connector.describe().await.unwrap().table("t").unwrap().row_security, "described anew");
    backend.sql("alter table t enable row level security").await;
    assert!(connector.describe().await.unwrap().table("t").unwrap().row_security, "described anew");
    let ask = async |table: &str| {
        let mut session = connector.read().await.unwrap();
        session.answer(&select(table, &["id"], by(&["id"], ints(&[1])))).await.unwrap_err()
    };
    assert!(matches!(ask("t").await, Failure::Refused { reason } if reason.contains("table t")));
    assert!(matches!(ask("closed").await, Failure::Forbidden { object, .. } if object == "table closed"));
    let refused = change(&*connector, delete("closed", "id", ints(&[1]))).await.unwrap_err();
    assert!(matches!(refused, Failure::Forbidden { .. }), "{refused}");
    assert!(!open(&backend.address()).describe().await.unwrap().table("t").unwrap().row_security, "not for the owner");
}

#[tokio::test]
async fn who_does_not_get_in_is_told_why() {
    let backend = Backend::postgres();
    let server = PgServer::shared();
    server.psql("postgres", "create role guarded login password 'right'");
    let guarded = server.url_as("guarded", database(&backend));
    open(&format!("{guarded}&password=right")).read().await.unwrap();
    let wrong = open(&format!("{guarded}&password=wrongsecret")).read().await.err().unwrap();
    assert!(matches!(wrong, Failure::Denied { .. }), "{wrong}");
    assert!(!wrong.to_string().contains("wrongsecret"));
    let missing = open(&server.url("nowhere")).read().await.err().unwrap();
    assert!(matches!(&missing, Failure::Missing { object } if object.contains("nowhere")), "{missing}");
    let socket = open("postgres:///x?host=/nowhere&user=postgres").read().await.err().unwrap();
    assert!(matches!(&socket, Failure::Unreachable { detail } if detail.contains("/nowhere")), "{socket}");
    let port = open("postgres://postgres:topsecret@127.0.0.1:1/x").read().await.err().unwrap();
    assert!(
        matches!(&port, Failure::Unreachable { detail } if detail.contains("127.0.0.1:1: connection refused")),
        "{port}"
    );
    let schema = Options { schema: "nope".into(), ..QUICK };
    let schema = connect::open(SystemKind::Postgres, &backend.address(), None, schema).unwrap();
    assert_eq!(schema.describe().await, Err(Failure::Missing { object: "schema nope".into() }));
    let url = connect::open(SystemKind::Postgres, "host=x password=topsecret", None, QUICK).err().unwrap();
    assert!(!url.to_string().contains("topsecret"));
}

#[tokio::test]
async fn dead_connections_are_left_behind() {
    let backend = Backend::postgres();
    backend.sql("create table t (id int primary key)").await;
    let connector = backend.open();
    connector.read().await.unwrap().close().await.unwrap();
    let all = "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'upheld' and datname = current_database()";
    assert_eq!(PgServer::shared().psql(database(&backend), all), "1");
    connector.read().await.unwrap().close().await.unwrap();
}

#[tokio::test]
async fn joins_use_indexes() {
    let backend = Backend::postgres();
    backend
        .sql(
            "create table t (id int primary key, s varchar(20), email text, p char(6), u uuid, at timestamp, a bigint, b text);
             insert into t select i, 's' || i, 'E' || i, i, gen_random_uuid(), timestamp '2024-01-01' + i * interval '1 min', i, i
                from generate_series(1, 20000) i;
             create index on t (s); create index on t (lower(email)); create index on t (p); create index on t (u);
             create index on t (at); create index on t (a, b); analyze t;
             create table f (id int primary key, phone text);
             insert into f select i, case when i % 3 = 0 then '0047 ' else '' end || (40000000 + i) from generate_series(1, 20000) i;
             create index on f (right(regexp_replace(phone, '[^0-9]', '', 'g'), 7));
             create index on f (phone) where phone ~ '[^0-9 ()+./-]'; analyze f",
        )
        .await;
    let connector = backend.open();
    let scans = || {
        let sql = "select sum(coalesce(seq_scan, 0)) from pg_stat_user_tables where relname in ('t', 'f')";
        // Before version 15, counts are told by themselves.
        let flush = "do $$ begin if current_setting('server_version_num')::int >= 150000 then \
            perform pg_stat_force_next_flush(); end if; end $$";
        PgServer::shared().psql(database(&backend), &format!("{flush}; {sql}")).trim().to_owned()
    };
    let before = scans();
    let text = |s: &str| one([Value::text(s)]);
    for asked in [
        by(&["id"], text("7")),
        by(&["s"], text("s7")),
        by(&["p"], text("7")),
        by(&["u"], text("0e9c8b6a-0000-4000-8000-00000000000a")),
        by(&["at"], text("2024-01-01 00:07:00")),
        by(&["a", "b"], vec![vec![Value::Int(7), "7".into()], vec![Value::Int(8), "8".into()]]),
        By::Folded { column: "email".into(), values: names(&["e7"]) },
    ] {
        // More than five times, so that the server may turn to a generic plan.
        for _ in 0..7 {
            read(&*connector, select("t", &["id"], asked.clone())).await;
        }
    }
    for _ in 0..7 {
        let phone = By::Phone { column: "phone".into(), values: names(&["+4740000007", "+4740000009"]) };
        assert_eq!(read(&*connector, select("f", &["id"], phone)).await, ints(&[7, 9]));
    }
    // Counts are told to the server's statistics when a connection ends.
    drop(connector);
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(before, scans());
    read(&*backend.open(), select("t", &["id"], by(&["b"], text("7")))).await;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_ne!(before, scans(), "a scan would have been seen");
}
