//! A scene: systems made by SQL on a kind of server, a map of them, and a person who asks.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};

use connect::testing::{MariaServer, PgServer};
use connect::{Options, Planless, Systems};
use engine::ask::Row;
use engine::plan::{Plan, Question, Refusal, Residue, Seed, Step};
use engine::policy::model::{Policy, Right, SystemKind};
use engine::run::{Event, Halt, Journal, Run, Sink};
use engine::schema::Schema;
use engine::source::Source;
use engine::value::Value;
use sqlx::{Connection as _, Row as _};

/// Kinds of servers on which each scene is played.
pub const KINDS: [SystemKind; 3] = [SystemKind::Sqlite, SystemKind::Postgres, SystemKind::Mysql];

/// Systems with their rows, and the map of them.
pub struct Scene {
    pub kind: SystemKind,
    pub policy: Policy,
    pub schemas: BTreeMap<String, Schema>,
    pub systems: Systems,
    places: BTreeMap<String, String>,
    _folder: tempfile::TempDir,
}

/// One system: name, SQL that all three kinds of servers understand, and its map without `[system]`.
pub type Part<'a> = (&'a str, &'a str, &'a str);

const POLICY: &str = "[company]\nname = \"Scene\"\ncountry = \"NO\"\ncontact = \"privacy@scene.example\"\n";

impl Scene {
    /// Sets the scene; a map with errors is a mistake of the test.
    pub async fn set(kind: SystemKind, parts: &[Part<'_>]) -> Scene {
        let scene = Scene::try_set(kind, parts, "").await;
        scene.unwrap_or_else(|findings| panic!("the map does not compile on {kind:?}: {findings:#?}"))
    }

    /// Sets the scene, with more in `policy.toml`; or tells what is wrong with the map.
    pub async fn try_set(kind: SystemKind, parts: &[Part<'_>], more: &str) -> Result<Scene, Vec<String>> {
        let folder = tempfile::tempdir().unwrap();
        let (mut systems, mut places, mut source) = (Systems::new(), BTreeMap::new(), Source::default());
        source.add("policy.toml", format!("{POLICY}{more}"));
        for (name, sql, map) in parts {
            let place = match kind {
                SystemKind::Postgres => {
                    let database = fresh();
                    PgServer::shared().create_database(&database);
                    PgServer::shared().url(&database)
                }
                SystemKind::Mysql => {
                    let database = fresh();
                    MariaServer::shared().create_database(&database);
                    MariaServer::shared().url(&database)
                }
                _ => folder.path().join(name).display().to_string(),
            };
            execute(kind, &place, sql).await;
            let schema = map.lines().find_map(|line| line.strip_prefix("schema = \"")?.strip_suffix('"'));
            let options = schema.map(|schema| Options { schema: schema.to_owned(), ..Options::default() });
            let opened = connect::open(kind, &place, Some(&place), options.unwrap_or_default());
            systems.insert((*name).to_owned(), opened.unwrap());
            let word = match kind {
                SystemKind::Postgres => "postgres",
                SystemKind::Mysql => "mysql",
                _ => "sqlite",
            };
            let head = format!("[system]\nkind = \"{word}\"\ncountry = \"NO\"\nconnect = {{ env = \"SCENE\" }}\n");
            source.add(format!("systems/{name}.toml"), format!("{head}\n{map}"));
            places.insert((*name).to_owned(), place);
        }
        let schemas = connect::describe(&systems).await.unwrap();
        let compiled = engine::policy::compile::compile(&source, Some(&schemas));
        let findings = compiled.diagnostics.iter().filter(|d| d.is_error());
        let findings = findings.map(|d| format!("{} {}", d.code.0, d.message)).collect();
        let policy = compiled.policy.ok_or::<Vec<String>>(findings)?;
        Ok(Scene { kind, policy, schemas, systems, places, _folder: folder })
    }

    /// A question by identities.
    pub fn ask(&self, right: Right, kind: &str, identities: &[(&str, &str)]) -> Question {
        let seed = |(name, value): &(&str, &str)| Seed::Identity { name: (*name).into(), value: Value::text(*value) };
        Question {
            request: "case".into(),
            right,
            requested_by: "tests".into(),
            kind: self.policy.kind(kind).expect("a kind of the map"),
            tenant: None,
            seeds: identities.iter().map(seed).collect(),
            corrections: Vec::new(),
            sweep: false,
            words: Vec::new(),
            token_key: [7; 32],
            nonce: [8; 16],
            made_at: "2026-01-15T12:00:00Z".parse().unwrap(),
            expires_at: "2026-01-22T12:00:00Z".parse().unwrap(),
        }
    }

    /// A plan, or why there is none.
    pub async fn plan(&self, question: Question) -> Result<Plan, Refusal> {
        let planned = connect::plan(&self.policy, &self.schemas, &self.systems, question).await;
        planned.map_err(|planless| match planless {
            Planless::Refused(refusal) => refusal,
            Planless::Failed { system, failure } => panic!("{:?}: system {system}: {failure}", self.kind),
        })
    }

    /// Carries out a plan.
    pub async fn run(&self, plan: &Plan) -> Result<Returned, Halt> {
        let approved: Vec<String> = plan.breaches.iter().map(|b| b.bound.clone()).collect();
        let run = Run::new(plan, &plan.policy, plan.made_at, &approved, &[]);
        let mut returned = Returned::default();
        connect::run(plan, run, &self.systems, &mut Forgetful, &mut returned).await?;
        Ok(returned)
    }

    /// Carries out a plan, or goes on with a run of it, and writes its journal.
    pub async fn run_with(&self, plan: &Plan, journal: &mut Written) -> Result<(), Halt> {
        let approved: Vec<String> = plan.breaches.iter().map(|b| b.bound.clone()).collect();
        let run = Run::new(plan, &plan.policy, plan.made_at, &approved, &journal.0);
        connect::run(plan, run, &self.systems, journal, &mut Returned::default()).await.map(drop)
    }

    /// What another client does.
    pub async fn sql(&self, system: &str, sql: &str) {
        execute(self.kind, &self.places[system], sql).await;
    }

    /// Plans and carries out an erasure, and looks what is left.
    pub async fn erase(&self, kind: &str, identities: &[(&str, &str)]) -> (Plan, Vec<Residue>) {
        let plan = self.plan(self.ask(Right::Erasure, kind, identities)).await;
        let plan = plan.unwrap_or_else(|refusal| panic!("{:?}: {refusal}", self.kind));
        self.run(&plan).await.unwrap_or_else(|halt| panic!("{:?}: {halt:?}", self.kind));
        let probed = connect::probe(&self.policy, &self.systems, &plan).await.unwrap();
        (plan, probed.expect("the policy knows the plan").0)
    }

    /// The rows of a table, cells joined by bars and NULL as `~`, sorted.
    pub async fn rows(&self, system: &str, table: &str) -> Vec<String> {
        let described = self.schemas[system].table(table).unwrap_or_else(|| panic!("no table {table}"));
        let quote = if self.kind == SystemKind::Mysql { '`' } else { '"' };
        let quoted = |name: &str| format!("{quote}{}{quote}", name.replace(quote, &format!("{quote}{quote}")));
        let text = if self.kind == SystemKind::Mysql { "CHAR" } else { "text" };
        let cells: Vec<String> =
            described.columns.iter().map(|c| format!("CAST({} AS {text})", quoted(&c.name))).collect();
        let sql = sqlx::AssertSqlSafe(format!("SELECT {} FROM {}", cells.join(", "), quoted(table)));
        let (place, count) = (&self.places[system], cells.len());
        let line = |cell: &dyn Fn(usize) -> Option<String>| -> String {
            (0..count).map(|n| cell(n).unwrap_or_else(|| "~".into())).collect::<Vec<_>>().join(" | ")
        };
        let mut rows: Vec<String> = match self.kind {
            SystemKind::Postgres => {
                let mut connection = sqlx::PgConnection::connect(place).await.unwrap();
                let rows = sqlx::query(sql).fetch_all(&mut connection).await.unwrap();
                rows.iter().map(|row| line(&|n| row.get(n))).collect()
            }
            SystemKind::Mysql => {
                let mut connection = sqlx::MySqlConnection::connect(place).await.unwrap();
                let rows = sqlx::query(sql).fetch_all(&mut connection).await.unwrap();
                rows.iter().map(|row| line(&|n| row.get_unchecked(n))).collect()
            }
            _ => {
                let mut connection = sqlite(place).await;
                let rows = sqlx::query(sql).fetch_all(&mut connection).await.unwrap();
                rows.iter().map(|row| line(&|n| row.get(n))).collect()
            }
        };
        rows.sort();
        rows
    }
}

fn fresh() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("scene{}", COUNT.fetch_add(1, Ordering::Relaxed))
}

async fn sqlite(path: &str) -> sqlx::SqliteConnection {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).create_if_missing(true);
    sqlx::SqliteConnection::connect_with(&options).await.unwrap()
}

async fn execute(kind: SystemKind, place: &str, sql: &str) {
    let sql = sql.to_owned();
    match kind {
        SystemKind::Postgres => {
            let mut connection = sqlx::PgConnection::connect(place).await.unwrap();
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
        }
        SystemKind::Mysql => {
            let sql = format!("SET SESSION sql_mode = 'ANSI_QUOTES,STRICT_ALL_TABLES'; {sql}");
            let mut connection = sqlx::MySqlConnection::connect(place).await.unwrap();
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
        }
        _ => {
            let mut connection = sqlite(place).await;
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
        }
    }
}

/// A journal for runs that nothing interrupts.
struct Forgetful;

impl Journal for Forgetful {
    fn append<'a>(&'a mut self, _: &'a Event) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>> {
        Box::pin(async { Ok(()) })
    }
}

/// A journal in memory.
#[derive(Default)]
pub struct Written(pub Vec<Event>);

impl Journal for Written {
    fn append<'a>(&'a mut self, event: &'a Event) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>> {
        self.0.push(event.clone());
        Box::pin(async { Ok(()) })
    }
}

/// What an access returned: the table of each step, and its rows.
#[derive(Default)]
pub struct Returned(pub Vec<(String, Vec<Row>)>);

impl Sink for Returned {
    fn begin(&mut self, system: &str, step: &Step) -> Result<(), String> {
        self.0.push((format!("{system}.{}", step.table), Vec::new()));
        Ok(())
    }

    fn row(&mut self, row: Row) -> Result<(), String> {
        self.0.last_mut().ok_or("no step")?.1.push(row);
        Ok(())
    }

    fn content(&mut self, _: &[u8]) -> Result<(), String> {
        Ok(())
    }
}
