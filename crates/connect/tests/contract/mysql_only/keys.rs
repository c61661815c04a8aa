//! Keys that a collation holds equal, rows that refer to each other, and columns that change by themselves.

use engine::ask::{By, Change, Failure, Select};
use engine::run::Tally;
use engine::value::Value;

use super::*;

const ZOES: &str =
    "create table z (k varchar(20) collate utf8mb4_unicode_ci not null, n int not null, s text, key (k), key (n, k));
    insert into z values ('Zoe', 1, 'a'), ('zoe', 1, 'b'), ('zoé', 1, 'c'), ('zoe ', 1, 'd'), ('🦀', 2, 'e')";

#[tokio::test]
async fn collations_decide_nothing() {
    let (_backend, connector) = made(ZOES).await;
    for (key, wanted) in [("Zoe", "a"), ("zoe", "b"), ("zoé", "c"), ("zoe ", "d"), ("🦀", "e")] {
        let found = read(&*connector, select("z", &["s"], by(&["k"], one([key.into()])))).await;
        assert_eq!(found, one([wanted.into()]), "{key}");
        let filtered =
            Select { filter: vec![("k".into(), vec![key.into()])], ..select("z", &["s"], by(&["n"], ints(&[1, 2]))) };
        assert_eq!(read(&*connector, filtered).await, one([wanted.into()]), "{key} as a filter");
        let pair = by(&["k", "n"], vec![vec![key.into(), Value::Int(1)], vec![key.into(), Value::Int(2)]]);
        assert_eq!(read(&*connector, select("z", &["s"], pair)).await, one([wanted.into()]), "{key} in a pair");
    }
    let rows =
        vec![(one(["Zoe".into()]).remove(0), vec!["x".into()]), (one(["zoé".into()]).remove(0), vec!["y".into()])];
    let each = Change::UpdateEach { table: "z".into(), key: names(&["k"]), columns: names(&["s"]), rows };
    assert_eq!(change(&*connector, each).await.unwrap().rows, 2);
    assert_eq!(change(&*connector, delete("z", "k", one(["zoe".into(), "ZOE".into()]))).await.unwrap().rows, 1);
    let left = read(&*connector, select("z", &["s"], by(&["n"], ints(&[1])))).await;
    assert_eq!(left, one(["d".into(), "x".into(), "y".into()]));
}

/// Whoever asks what a deletion takes along must see what the database holds equal.
#[tokio::test]
async fn what_a_foreign_key_joins_is_found() {
    let (_backend, connector) = made(
        "create table p (k varchar(20) collate utf8mb4_general_ci primary key);
         create table c (id int primary key, k varchar(20) collate utf8mb4_general_ci references p (k) on delete cascade);
         insert into p values ('Zoe'); insert into c values (1, 'zoe')",
    )
    .await;
    let asked = select("c", &["id"], by(&["k"], one(["Zoe".into()])));
    assert_eq!(read(&*connector, asked).await, ints(&[1]));
}

#[tokio::test]
async fn folded_text_is_found_under_every_collation() {
    for collation in
        ["utf8mb4_general_ci", "utf8mb4_bin", "utf8mb4_turkish_ci", "utf8mb4_nopad_bin", "latin1_swedish_ci"]
    {
        let set = collation.split('_').next().unwrap();
        let (_backend, connector) = made(&format!(
            "create table f (id int primary key, m varchar(50) character set {set} collate {collation});
             insert into f values (1, 'INFO@Firm.example'), (2, 'info@firm.example '), (3, 'Øre@X.example')"
        ))
        .await;
        let asked = |v: &str| select("f", &["id"], By::Folded { column: "m".into(), values: names(&[v]) });
        assert!(read(&*connector, asked("info@firm.example")).await.contains(&vec![Value::Int(1)]), "{collation}");
        assert_eq!(read(&*connector, asked("øre@x.example")).await, ints(&[3]), "{collation}");
    }
}

#[tokio::test]
async fn an_update_leaves_the_time_of_the_last_one() {
    let (backend, connector) = made(
        "create table t (id int primary key, s text, at timestamp(6) not null default now(6) on update now(6),
            day datetime null on update now());
         insert into t values (1, 'a', '2001-02-03 04:05:06.5', null), (2, 'b', '2001-02-03 04:05:06.5', '2002-01-01')",
    )
    .await;
    change(&*connector, update("t", "id", ints(&[1]), &[("s", "x".into())])).await.unwrap();
    let rows = vec![(vec![Value::Int(2)], vec!["y".into()])];
    let each = Change::UpdateEach { table: "t".into(), key: names(&["id"]), columns: names(&["s"]), rows };
    change(&*connector, each).await.unwrap();
    let rows = told(&backend, "select group_concat(s, ' ', at, ' ', coalesce(day, '-') order by id) from t");
    assert_eq!(rows, "x 2001-02-03 04:05:06.500000 -,y 2001-02-03 04:05:06.500000 2002-01-01 00:00:00");
    change(&*connector, update("t", "id", ints(&[1]), &[("at", "2003-01-01T00:00:00Z".into())])).await.unwrap();
    assert_eq!(told(&backend, "select year(at) from t where id = 1"), "2003", "unless it is what is written");
}

#[tokio::test]
async fn rows_that_refer_to_each_other_go_together() {
    let (backend, connector) = made(
        "create table r (id int primary key, up int not null references r (id));
         create table n (id int primary key, up int references n (id));
         set foreign_key_checks = 0; insert into n values (1, 2), (2, 1), (3, 3), (4, 3);
         insert into r values (4, 4), (5, 4)",
    )
    .await;
    assert_eq!(change(&*connector, delete("n", "id", ints(&[1, 2]))).await.unwrap().rows, 2);
    for table in ["r", "n"] {
        let (refused, of) = match table {
            "r" => (change(&*connector, delete("r", "id", ints(&[4]))).await.unwrap_err(), "4 4,5 4"),
            _ => (change(&*connector, delete("n", "id", ints(&[3]))).await.unwrap_err(), "3 3,4 3"),
        };
        assert!(matches!(refused, Failure::Constraint { .. }), "a row that stays needs it: {refused:?}");
        assert_eq!(told(&backend, &format!("select group_concat(id, ' ', up order by id) from {table}")), of);
    }
    assert_eq!(change(&*connector, delete("n", "id", ints(&[3, 4]))).await.unwrap().rows, 2);
}

async fn tally(connector: &dyn Connector, change: Change) -> (u64, Tally) {
    let mut transaction = connector.begin().await.unwrap();
    let rows = transaction.apply(&change).await.unwrap().rows;
    let tally = transaction.tally().await.unwrap();
    transaction.rollback().await.unwrap();
    (rows, tally)
}

#[tokio::test]
async fn what_changes_by_itself_is_counted() {
    let (_backend, connector) = made(
        "create table p (id int primary key, mail varchar(50) unique);
         create table c (id int primary key, mail varchar(50), foreign key (mail) references p (mail) on update cascade);
         create table log (what text); create table own (id int primary key, up int references own (id));
         create table seen (id int primary key);
         create trigger watch after delete on seen for each row insert into log values ('a'), ('b');
         insert into p values (1, 'a'), (2, 'b'); insert into c values (1, 'a'), (2, 'a'), (3, 'b');
         insert into seen values (1), (2); set foreign_key_checks = 0; insert into own values (1, 2), (2, 1), (3, 3)",
    )
    .await;
    let renamed = tally(&*connector, update("p", "id", ints(&[1]), &[("mail", "z".into())])).await;
    assert_eq!(renamed, (1, Tally::Total(3)), "two keys follow");
    assert_eq!(tally(&*connector, update("c", "id", ints(&[1]), &[("mail", "b".into())])).await, (1, Tally::Total(1)));
    assert_eq!(
        tally(&*connector, delete("seen", "id", ints(&[1, 2]))).await,
        (2, Tally::Total(6)),
        "two rows for each"
    );
    assert_eq!(tally(&*connector, delete("own", "id", ints(&[1, 2]))).await, (2, Tally::Total(2)), "our own way to it");
}

#[tokio::test]
async fn many_and_large_values() {
    let (backend, connector) =
        made("create table m (id int primary key, s longtext); insert into m select seq, 'x' from seq_1_to_100000")
            .await;
    let all: Vec<i64> = (1..=100_000).collect();
    assert_eq!(read(&*connector, select("m", &["id"], by(&["id"], ints(&all)))).await.len(), 100_000);
    let large = |i: i64| (vec![Value::Int(i)], vec![Value::Text("🦀".repeat(50_000 + i as usize))]);
    let each = Change::UpdateEach {
        table: "m".into(),
        key: names(&["id"]),
        columns: names(&["s"]),
        rows: (1..=200).map(large).collect(),
    };
    assert_eq!(change(&*connector, each).await.unwrap().rows, 200, "40 MB where one statement may have 16");
    assert_eq!(
        told(&backend, "select sum(char_length(s)) from m where id <= 200"),
        (200 * 50_000 + 100 * 201).to_string()
    );
    let long = one((0..20).map(|i| Value::Text(format!("{i}").repeat(1_000_000))));
    assert!(read(&*connector, select("m", &["id"], by(&["s"], long))).await.is_empty());
    assert_eq!(change(&*connector, delete("m", "id", ints(&all))).await.unwrap().rows, 100_000);
}

#[tokio::test]
async fn joins_use_indexes() {
    let (backend, connector) = made(
        "create table t (id int primary key, s varchar(20), email varchar(90), l varchar(20) character set latin1, u uuid,
            at timestamp(6) null, a bigint, b varchar(20), d decimal(10,2),
            key (s), key (email), key (l), key (u), key (at), key (a, b), key (d));
         insert into t select seq, concat('s', seq), concat('E', seq, '@x.no'), concat('l', seq), uuid(),
            timestamp('2024-01-01') + interval seq minute, seq, seq, seq from seq_1_to_20000;
         analyze table t; set global userstat = 1",
    )
    .await;
    let read_rows = || {
        told(
            &backend,
            "select coalesce(sum(rows_read), 0) from information_schema.table_statistics where table_name = 't' and table_schema = database()",
        )
    };
    let text = |s: &str| one([Value::text(s)]);
    for asked in [
        by(&["id"], text("7")),
        by(&["s"], text("s7")),
        by(&["l"], text("l7")),
        by(&["u"], text("0e9c8b6a-0000-4000-8000-00000000000a")),
        by(&["at"], text("2024-01-01 00:07:00")),
        by(&["d"], text("7.00")),
        by(&["a", "b"], vec![vec![Value::Int(7), "7".into()], vec![Value::Int(8), "8".into()]]),
        by(&["id"], ints(&(1..=999).collect::<Vec<_>>())),
        By::Folded { column: "email".into(), values: names(&["e7@x.no"]) },
    ] {
        read(&*connector, select("t", &["id"], asked.clone())).await;
        // Counts are told to the server's statistics when a connection ends.
        assert!(told(&backend, "flush local table_statistics").is_empty());
        let fresh = backend.open();
        assert!(
            !read(&*fresh, select("t", &["id"], asked.clone())).await.is_empty()
                || asked == by(&["u"], text("0e9c8b6a-0000-4000-8000-00000000000a"))
        );
        drop(fresh);
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        let rows: u64 = read_rows().parse().unwrap();
        assert!(rows <= 1_000, "{asked:?} reads {rows} rows");
    }
    assert!(told(&backend, "flush local table_statistics").is_empty());
    let fresh = backend.open();
    read(&*fresh, select("t", &["id"], by(&["b"], text("7")))).await;
    drop(fresh);
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    assert!(read_rows().parse::<u64>().unwrap() >= 20_000, "a scan would have been seen");
}

#[tokio::test]
async fn names_in_backticks() {
    let table = "od`d `` name; drop table `x`";
    let columns = ["a`b", "ORDER", "ü`"];
    let quoted = |n: &str| format!("`{}`", n.replace('`', "``"));
    let (_backend, connector) = made(&format!(
        "create table {} ({} int primary key, {} text, {} json)",
        quoted(table),
        quoted(columns[0]),
        quoted(columns[1]),
        quoted(columns[2])
    ))
    .await;
    let values = [(columns[0], Value::Int(1)), (columns[1], "x".into()), (columns[2], "{}".into())];
    let made = change(&*connector, insert(table, &values, &columns)).await.unwrap();
    assert_eq!(made.returned, [Value::Int(1), "x".into(), "{}".into()]);
    assert_eq!(change(&*connector, delete(table, columns[0], ints(&[1]))).await.unwrap().rows, 1);
}
