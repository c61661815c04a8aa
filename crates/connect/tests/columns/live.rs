//! A live database with a map, and an erasure of one person in it.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};

use connect::testing::PgServer;
use connect::{Options, Systems};
use engine::ask::Row;
use engine::plan::{Plan, Question, Seed, Step};
use engine::policy::model::{Policy, Right, SystemKind};
use engine::run::{Event, Journal, Run, Sink};
use engine::schema::Schema;
use engine::source::Source;
use oracle::vector::compiled;
use sqlx::{Connection as _, Row as _};

/// One system, `desk`.
pub struct Desk {
    systems: Systems,
    policy: Policy,
    schemas: BTreeMap<String, Schema>,
    place: Place,
}

enum Place {
    Sqlite(tempfile::TempDir),
    Postgres(String),
}

const POLICY: &str = r#"
[company]
name = "Desk"
[[law]]
id = "books"
title = "Books"
"#;

impl Desk {
    pub async fn sqlite(sql: &str, map: &str) -> Desk {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("desk.db").display().to_string();
        let mut connection = sqlite(&path).await;
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        let system = connect::open(SystemKind::Sqlite, &path, Some(&path), Options::default()).unwrap();
        Desk::of(Systems::from([("desk".to_owned(), system)]), "sqlite", map, Place::Sqlite(folder)).await
    }

    /// In a schema of its own.
    pub async fn postgres(sql: &str, map: &str) -> Desk {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let schema = format!("columns_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let url = PgServer::shared().url("postgres");
        let mut connection = sqlx::PgConnection::connect(&url).await.unwrap();
        let sql = format!("CREATE SCHEMA {schema}; SET search_path TO {schema}; {sql}");
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        let options = Options { schema: schema.clone(), ..Options::default() };
        let system = connect::open(SystemKind::Postgres, &url, Some(&url), options).unwrap();
        Desk::of(Systems::from([("desk".to_owned(), system)]), "postgres", map, Place::Postgres(schema)).await
    }

    async fn of(systems: Systems, kind: &str, map: &str, place: Place) -> Desk {
        let mut source = Source::default();
        source.add("policy.toml", POLICY);
        source.add("systems/desk.toml", format!("[system]\nkind = \"{kind}\"\nconnect = {{ env = \"DESK\" }}\n{map}"));
        let schemas = connect::describe(&systems).await.expect("describes itself");
        let policy = compiled(&source, &schemas).unwrap_or_else(|why| panic!("{why}"));
        Desk { systems, policy, schemas, place }
    }

    /// A plan of the person with that address.
    pub async fn plan(&self, right: Right, email: &str) -> Plan {
        let question = Question {
            request: "case".to_owned(),
            right,
            requested_by: "tests".to_owned(),
            kind: self.policy.kind("user").unwrap(),
            tenant: None,
            seeds: vec![Seed::Identity { name: "email".into(), value: email.into() }],
            corrections: Vec::new(),
            sweep: false,
            words: Vec::new(),
            token_key: [7; 32],
            nonce: [8; 16],
            made_at: "2026-01-15T12:00:00Z".parse().unwrap(),
            expires_at: "2026-01-22T12:00:00Z".parse().unwrap(),
        };
        match connect::plan(&self.policy, &self.schemas, &self.systems, question).await {
            Ok(plan) => plan,
            Err(why) => panic!("{why:?}"),
        }
    }

    /// Erases the person, and finds nothing left.
    pub async fn erase(&self, email: &str) {
        let plan = self.plan(Right::Erasure, email).await;
        let read: Plan = serde_json::from_str(&serde_json::to_string(&plan).unwrap()).unwrap();
        assert_eq!(read, plan, "a plan survives its file");
        let run = Run::new(&plan, &plan.policy, plan.made_at, &[], &[]);
        if let Err(halt) = connect::run(&plan, run, &self.systems, &mut Events, &mut Nothing).await {
            panic!("{halt:?}");
        }
        match connect::probe(&self.policy, &self.systems, &plan).await {
            Ok(Some((residues, _))) => assert!(residues.is_empty(), "{residues:?}"),
            other => panic!("{other:?}"),
        }
    }

    /// Rows of a table by id: columns, or expressions, as text.
    pub async fn rows(&self, table: &str, columns: &str) -> Vec<Vec<String>> {
        let count = columns.split(", ").count();
        let texts: Vec<String> = columns.split(", ").map(|c| format!("coalesce(cast({c} as text), 'NULL')")).collect();
        let sql = |table: &str| sqlx::AssertSqlSafe(format!("SELECT {} FROM {table} ORDER BY id", texts.join(", ")));
        match &self.place {
            Place::Sqlite(folder) => {
                let mut connection = sqlite(&folder.path().join("desk.db").display().to_string()).await;
                let rows = sqlx::query(sql(table)).fetch_all(&mut connection).await.unwrap();
                rows.iter().map(|row| (0..count).map(|at| row.get(at)).collect()).collect()
            }
            Place::Postgres(schema) => {
                let url = PgServer::shared().url("postgres");
                let mut connection = sqlx::PgConnection::connect(&url).await.unwrap();
                let rows = sqlx::query(sql(&format!("{schema}.{table}"))).fetch_all(&mut connection).await.unwrap();
                rows.iter().map(|row| (0..count).map(|at| row.get(at)).collect()).collect()
            }
        }
    }
}

/// The first column of rows.
pub fn cells(rows: &[Vec<String>]) -> Vec<&str> {
    rows.iter().map(|row| row[0].as_str()).collect()
}

async fn sqlite(path: &str) -> sqlx::SqliteConnection {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).create_if_missing(true);
    sqlx::SqliteConnection::connect_with(&options).await.unwrap()
}

struct Events;

impl Journal for Events {
    fn append<'a>(&'a mut self, _: &'a Event) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>> {
        Box::pin(async { Ok(()) })
    }
}

struct Nothing;

impl Sink for Nothing {
    fn begin(&mut self, _: &str, _: &Step) -> Result<(), String> {
        Ok(())
    }

    fn row(&mut self, _: Row) -> Result<(), String> {
        Ok(())
    }
}
