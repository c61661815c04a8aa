//! Types, and what a description says of a table.

use engine::ask::Failure;
use engine::schema::{Class, OnDelete};
use engine::value::Value;

use super::*;

#[tokio::test]
async fn types_of_their_own() {
    let (_backend, connector) = made(
        "create table t (id int primary key, tiny tinyint(1), few tinyint, big bigint unsigned, bits bit(9), flag bit(1), y year,
            m enum('glad','it''s','1'), s set('a','b'), n decimal(20,4), f float, r double, z timestamp(3) null, zero datetime,
            day date, span time, c char(6), l varchar(20) character set latin1, j json, bin binary(3), raw varbinary(9),
            twice int as (id * 2) stored, hidden int invisible, u uuid, ip inet6, u3 varchar(9) character set utf8mb3);
         set sql_mode = 'ANSI_QUOTES';
         insert into t (id, tiny, few, big, bits, flag, y, m, s, n, f, r, z, zero, day, span, c, l, j, bin, raw, hidden, u, ip, u3)
         values (1, 2, -5, 18446744073709551615, b'100000001', b'1', 1999, '1', 'a,b', 12345678901.5, 0.1, 1.7976931348623157e308,
            '2024-01-02 03:04:05.5', '0000-00-00', '2024-00-00', '-838:59:59', 'ab', 'Ødegård', '{\"b\":1}', x'00ff00',
            x'27', 7, '0e9c8b6a-0000-4000-8000-00000000000a', '::1', 'ø')",
    )
    .await;
    let schema = connector.describe().await.unwrap();
    let table = schema.table("t").unwrap();
    for (column, class) in
        [("tiny", Class::Bool), ("flag", Class::Bool), ("bits", Class::Int), ("j", Class::Json), ("u", Class::Uuid)]
    {
        assert_eq!(table.column(column).unwrap().class, class, "{column}");
    }
    assert!(table.column("twice").unwrap().generated && !table.column("twice").unwrap().default);
    assert_eq!(table.column("hidden").map(|c| c.nullable), Some(true));
    assert_eq!(table.column("l").unwrap().max_chars, Some(20));
    let wanted: [(&str, Value); 23] = [
        ("tiny", Value::Int(2)),
        ("few", Value::Int(-5)),
        ("big", "18446744073709551615".into()),
        ("bits", Value::Int(257)),
        ("flag", Value::Int(1)),
        ("y", Value::Int(1999)),
        ("m", "1".into()),
        ("s", "a,b".into()),
        ("n", "12345678901.5000".into()),
        ("f", Value::Real(f64::from(0.1_f32))),
        ("r", Value::Real(f64::MAX)),
        ("z", "2024-01-02 03:04:05.5".into()),
        ("zero", "0000-00-00 00:00:00".into()),
        ("day", "2024-00-00".into()),
        ("span", "-838:59:59".into()),
        ("c", "ab".into()),
        ("l", "Ødegård".into()),
        ("j", "{\"b\":1}".into()),
        ("bin", Value::Bytes(vec![0, 255, 0])),
        ("raw", Value::Bytes(vec![0x27])),
        ("u", "0e9c8b6a-0000-4000-8000-00000000000a".into()),
        ("ip", "::1".into()),
        ("u3", "ø".into()),
    ];
    let columns: Vec<_> = wanted.iter().map(|(c, _)| *c).collect();
    let rows = read(&*connector, select("t", &columns, by(&["id"], ints(&[1])))).await;
    for ((column, value), read) in wanted.iter().zip(&rows[0]) {
        assert!(value == read, "{column}");
    }
    for (column, value) in wanted {
        let odd = one([
            "odd one".into(),
            "99999".into(),
            "🦀".into(),
            "2024-02-31".into(),
            Value::Bool(false),
            value.clone(),
        ]);
        let found = read(&*connector, select("t", &["id"], by(&[column], odd))).await;
        assert_eq!(found, ints(&[1]), "{column}");
        let pair = by(&[column, "id"], vec![vec![value.clone(), Value::Int(1)]]);
        assert_eq!(read(&*connector, select("t", &["id"], pair)).await.len(), 1, "{column} in a pair");
        let changed = change(&*connector, update("t", "id", ints(&[1]), &[(column, value.clone())])).await;
        assert_eq!(changed.map(|c| c.rows), Ok(1), "{column}");
        let keyed = change(&*connector, update("t", column, one([value]), &[("hidden", Value::Int(8))])).await;
        assert_eq!(keyed.map(|c| c.rows), Ok(1), "{column} as a key");
    }
    for (column, value) in [
        ("c", "sevenpl"),
        ("m", "2"),
        ("tiny", "many"),
        ("n", "x"),
        ("l", "🦀"),
        ("zero", "2024-02-31"),
        ("few", "300"),
    ] {
        let refused = change(&*connector, update("t", "id", ints(&[1]), &[(column, value.into())])).await;
        assert!(matches!(refused, Err(Failure::Constraint { .. })), "{column}: nothing is bent to fit: {refused:?}");
    }
    let infinite = change(&*connector, update("t", "id", ints(&[1]), &[("r", Value::Real(f64::INFINITY))])).await;
    assert!(matches!(infinite, Err(Failure::Constraint { .. })), "{infinite:?}");
}

#[tokio::test]
async fn odd_tables_are_described() {
    let (_backend, connector) = made(
        "create table aria (id int primary key) engine = Aria; create table isam (id int primary key) engine = MyISAM;
         create table mem (id int primary key) engine = MEMORY;
         create table inno (id int auto_increment primary key, a int, b varchar(400), at timestamp default now() on update now(),
            index (b(20), a), unique (a), fulltext (b));
         create table child (id int primary key, a int, foreign key (a) references inno (a) on delete set null on update cascade);
         create trigger watch after update on inno for each row set @seen = 1;
         create table gone (id int); create view broken as select * from gone; drop table gone;
         create sequence numbers;
         create table past (id int primary key) with system versioning",
    )
    .await;
    let schema = connector.describe().await.unwrap();
    let without: Vec<_> = schema.tables.iter().filter(|t| t.no_transactions).map(|t| &t.name[..]).collect();
    assert_eq!(without, ["aria", "isam", "mem"]);
    assert!(schema.table("broken").unwrap().view && schema.table("numbers").is_none());
    let inno = schema.table("inno").unwrap();
    assert_eq!((&inno.key, &inno.unique), (&names(&["id"]), &vec![names(&["a"])]));
    assert_eq!(inno.indexes, [names(&["a"]), names(&["b", "a"]), names(&["id"])]);
    assert_eq!(inno.triggers, ["watch"]);
    assert!(inno.column("id").unwrap().default && inno.column("at").unwrap().default);
    let key = &schema.table("child").unwrap().foreign_keys[0];
    assert_eq!((&key.table[..], key.on_delete, key.deferrable), ("inno", OnDelete::SetNull, false));
    for table in ["aria", "isam", "mem", "past"] {
        let refused = change(&*connector, delete(table, "id", ints(&[1]))).await.unwrap_err();
        assert!(matches!(&refused, Failure::Refused { reason } if reason.contains(table)), "{refused:?}");
    }
}
