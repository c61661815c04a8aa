//! What a connector says of a database's structure.

use engine::schema::{Class, OnDelete};

use crate::backend::{Backend, names};

const DDL: &str = r#"
create table org (id $serial primary key, name varchar(40) not null unique);
create table person (
    id $serial primary key, org_id bigint not null references org(id) on delete cascade, ref $uuid, email varchar(90) default 'x',
    boss bigint references person (id) on delete set null, size $real, photo $bytes, born date, seen $timestamp, ok boolean,
    price decimal(10,2), doc json, twice bigint generated always as (org_id * 2) stored,
    unique (org_id, email));
create index person_seen on person (seen, email);
create table part (a bigint not null, b varchar(9) not null, primary key (b, a));
create view people as select id, email from person;
"#;

/// Indexes of part of the rows, or of an expression: no use for a plain question.
const OF_LITTLE_USE: &str = "create index person_some on person (born) where born is not null;
create unique index person_lower on person (lower(email))";

async fn describes(backend: Backend) {
    backend.sql(DDL).await;
    if !backend.is_mariadb() {
        backend.sql(OF_LITTLE_USE).await;
    }
    let schema = backend.open().describe().await.unwrap();
    assert_eq!(schema.tables.iter().map(|t| &t.name[..]).collect::<Vec<_>>(), ["org", "part", "people", "person"]);
    assert_eq!(schema.table("part").unwrap().key, ["b", "a"]);
    assert!(schema.table("people").unwrap().view);
    assert_eq!(schema.table("people").unwrap().columns.len(), 2);
    let org = schema.table("org").unwrap();
    assert!(org.column("id").unwrap().default && !org.column("id").unwrap().nullable);
    assert_eq!(org.column("name").unwrap().max_chars, Some(40));
    assert_eq!(org.unique, [names(&["name"])]);
    let person = schema.table("person").unwrap();
    assert_eq!(person.key, ["id"]);
    assert_eq!(person.unique, [names(&["org_id", "email"])]);
    let indexes = person.indexes.iter().filter(|i| **i != names(&["boss"]));
    let indexes: Vec<_> = indexes.cloned().collect();
    assert_eq!(indexes, [names(&["id"]), names(&["org_id", "email"]), names(&["seen", "email"])]);
    assert_eq!(person.indexes.len() > 3, backend.is_mariadb(), "it makes an index for each foreign key");
    let classes: Vec<_> = person.columns.iter().map(|c| c.class).collect();
    use Class::*;
    assert_eq!(classes, [Int, Int, Uuid, Text, Int, Real, Bytes, Date, Timestamp, Bool, Decimal, Json, Int]);
    assert!(person.column("twice").unwrap().generated && !person.column("twice").unwrap().default);
    assert!(person.column("email").unwrap().default && person.column("email").unwrap().nullable);
    assert!(!person.column("org_id").unwrap().nullable);
    let mut keys: Vec<_> = person.foreign_keys.iter().collect();
    keys.sort_by_key(|k| k.table.clone());
    assert_eq!(
        (keys[0].on_delete, &keys[0].columns[0][..], &keys[0].target_columns[0][..]),
        (OnDelete::Cascade, "org_id", "id")
    );
    assert_eq!(
        (keys[1].on_delete, &keys[1].table[..], &keys[1].target_columns[0][..]),
        (OnDelete::SetNull, "person", "id")
    );
}

async fn sees_drift(backend: Backend) {
    backend.sql("create table a (id bigint primary key)").await;
    let connector = backend.open();
    let before = connector.describe().await.unwrap();
    backend.sql("alter table a add column note text").await;
    let after = connector.describe().await.unwrap();
    assert_eq!(before.tables[0].columns.len() + 1, after.tables[0].columns.len());
}

/// A connector that has described a database before says the same of it as one that never did, whatever was changed.
async fn sees_each_change(backend: Backend) {
    backend
        .sql(
            "create table org (id $serial primary key, name varchar(40) not null);
             create table a (id bigint primary key, org_id bigint, n bigint, born date);
             create view seen as select id, n from a",
        )
        .await;
    let connector = backend.open();
    let mut known = connector.describe().await.unwrap();
    let drop_index = if backend.is_mariadb() { "drop index a_n on a" } else { "drop index a_n" };
    let mut changes = vec![
        "alter table a add column note text",
        "alter table a rename column note to remark",
        "create index a_n on a (n, id)",
        drop_index,
        "create unique index a_n on a (n, id)",
        "create table b (id bigint primary key, a_id bigint references a (id) on delete cascade)",
        "alter table a rename to aa",
        "drop view seen",
        "create view seen as select id from org",
    ];
    changes.extend(match backend {
        Backend::Sqlite(_) => &[
            "create trigger busy after update on b begin delete from org; end",
            "drop trigger busy",
            "create virtual table words using fts5 (word)",
        ][..],
        Backend::Mariadb(_) => {
            &["create trigger busy after update on b for each row delete from org", "drop trigger busy"]
        }
        Backend::Postgres(_) => POSTGRES_CHANGES,
    });
    for change in changes {
        backend.sql(change).await;
        let (again, fresh) = (connector.describe().await.unwrap(), backend.open().describe().await.unwrap());
        assert!(again == fresh, "{change}: {again:?}");
        // An index under another name, a rule that is off: some changes are none to us.
        assert!(again != known || UNSEEN.contains(&change), "{change}: is it described at all?");
        known = again;
    }
}

const UNSEEN: &[&str] =
    &["create schema other; create table other.o (id bigint primary key)", "create index on org (lower(name))"];

const POSTGRES_CHANGES: &[&str] = &[
    "create function busy() returns trigger language plpgsql as 'begin return null; end';
     create trigger busy after update on b for each row execute function busy()",
    "alter table b disable trigger busy",
    "alter table b enable always trigger busy",
    "create rule quiet as on delete to b do instead nothing",
    "drop rule quiet on b",
    "create type mood as enum ('glad'); alter table b add column mood mood",
    "create domain short as varchar(9); alter table b add column short short",
    "alter domain short set not null",
    "alter domain short set default 'x'",
    "alter table b alter column short type varchar(7)",
    "alter table b alter column a_id set default 7",
    "alter table b alter column a_id set not null",
    "create schema other; create table other.o (id bigint primary key)",
    "alter table b add column o_id bigint references other.o (id)",
    "alter table other.o rename column id to number",
    "alter table other.o rename to moved",
    "alter schema other rename to elsewhere",
    "create sequence elsewhere.numbers; alter table b alter column o_id set default nextval('elsewhere.numbers')",
    "alter sequence elsewhere.numbers rename to counter",
    "alter table b drop constraint b_a_id_fkey",
    "create index on org (lower(name))",
    "create materialized view kept as select id from org",
    "create table parts (id bigint, day date) partition by range (day)",
    "create table old (id bigint, day date)",
    "alter table parts attach partition old for values from ('2020-01-01') to ('2021-01-01')",
    "alter type mood rename to temper",
];

async fn counts(backend: Backend) {
    backend
        .sql("create table a (id bigint primary key); insert into a values (1), (2); create table \"b c\" (id bigint)")
        .await;
    assert_eq!(backend.open().rows(&names(&["a", "b c"])).await.unwrap(), [2, 0]);
}

crate::contract!(describes, sees_drift, sees_each_change, counts);
