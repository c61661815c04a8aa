//! People leave in more than one way, and come back in another order: what they wrote is set apart, or their account goes.

use std::collections::BTreeMap;

use connect::{Options, Systems};
use engine::plan::{Question, Seed};
use engine::policy::compile::compile;
use engine::policy::model::{KindId, Policy, Right, SystemKind};
use engine::schema::Schema;
use engine::source::Source;
use engine::value::Value;
use sqlx::{Connection as _, Row as _};

use crate::reverse::{Reached, Sides, deactivate, reactivate};

const TABLES: &str = "CREATE TABLE users (id INTEGER PRIMARY KEY, email varchar(60) NOT NULL);
    CREATE TABLE tasks (id int PRIMARY KEY, kind varchar(20));
    CREATE TABLE asked (task int, email varchar(60), asker int, PRIMARY KEY (task, email));
    CREATE TABLE answers (email varchar(60), task int, answer text, PRIMARY KEY (email, task));
    INSERT INTO users VALUES (1, 'ann@x.example'), (2, 'bo@x.example');
    INSERT INTO tasks VALUES (1, 'essay'), (2, 'essay');
    INSERT INTO asked VALUES (1, 'bo@x.example', 1), (2, 'ann@x.example', 2);
    INSERT INTO answers VALUES ('ann@x.example', 1, 'so says ann@x.example'), ('ann@x.example', 2, 'no'), ('bo@x.example', 1, 'yes');";

/// Answers refer by a part of their key, to a column that is no key; who was asked is a part of a key as well; accounts have a link to themselves, by which one profile
/// keeps them.
const MAP: &str = r#"
[system]
kind = "sqlite"
connect = { env = "COURSE_DSN" }
[subject.student]
table = "users"
identity.email = { column = "email", match = "email" }
placeholder = { scope = "row", email = "gone-{token:16}@course.invalid" }
[table.users]
links = [{ role = "owner", column = "id", to = "users.id", as = "account" }]
columns.email = "user.contact.email"
[ignore]
"what is asked" = ["tasks"]
[table.asked]
links = [
  { role = "mention", column = "email", to = "@student.email", match = "email", untie = "pseudonym" },
  { role = "mention", column = "asker", to = "users.id", untie = "placeholder" },
]
[table.answers]
links = [{ role = "owner", column = "email", to = "users.email", untie = "placeholder" }]
columns.answer = { category = "user.content", text = true }
"#;

const APART: &str = r#"
[table.users]
links = [{ as = "account", on_erase = { keep = "in-use" } }]
[table.answers]
links = [{ as = "email", on_erase = [
  { when = { task = { in = "tasks.id", where = { kind = "essay" } } }, do = "untie" },
  { do = "none" },
] }]
"#;

struct Course {
    folder: tempfile::TempDir,
    systems: Systems,
    schemas: BTreeMap<String, Schema>,
    policy: Policy,
}

impl Course {
    async fn set() -> Course {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("course").display().to_string();
        sqlx::raw_sql(TABLES).execute(&mut connection(&path).await).await.unwrap();
        let system = connect::open(SystemKind::Sqlite, &path, Some(&path), Options::default()).unwrap();
        let systems = Systems::from([("course".to_owned(), system)]);
        let schemas = connect::describe(&systems).await.unwrap();
        let mut source = Source::default();
        source.add("policy.toml", "[company]\nname = \"A course\"\ncountry = \"NO\"\n");
        source.add("retention.toml", "[rule.in-use]\nperiod = \"P1Y\"\naction = \"delete\"\n");
        source.add("systems/course.toml", MAP);
        source.add("systems/course.apart.toml", APART);
        let compiled = compile(&source, Some(&schemas));
        let text = engine::diagnostic::render::text(&compiled.diagnostics, &source, false);
        let policy = compiled.policy.unwrap_or_else(|| panic!("{text}"));
        Course { folder, systems, schemas, policy }
    }

    fn sides(&self, profile: Option<&str>) -> Sides<'_> {
        Sides { policy: self.policy.under(profile).unwrap(), schemas: &self.schemas, systems: &self.systems }
    }

    async fn rows(&self) -> Vec<String> {
        let mut connection = connection(&self.folder.path().join("course").display().to_string()).await;
        let sql = "SELECT id || ' ' || email FROM users UNION ALL SELECT email || ' ' || task || ' ' || answer FROM answers \
            UNION ALL SELECT email || ' asked by ' || asker FROM asked ORDER BY 1";
        let rows = sqlx::raw_sql(sql).fetch_all(&mut connection).await.unwrap();
        rows.iter().map(|r| r.get::<String, _>(0)).collect()
    }
}

async fn connection(path: &str) -> sqlx::SqliteConnection {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).create_if_missing(true);
    sqlx::SqliteConnection::connect_with(&options).await.unwrap()
}

fn ann() -> Question {
    asks("ann@x.example")
}

fn asks(email: &str) -> Question {
    Question {
        request: "case".to_owned(),
        right: Right::Deactivation,
        requested_by: "tests".to_owned(),
        kind: KindId(0),
        tenant: None,
        seeds: vec![Seed::Identity { name: "email".to_owned(), value: Value::text(email) }],
        corrections: Vec::new(),
        sweep: false,
        words: Vec::new(),
        token_key: [7; 32],
        nonce: [8; 16],
        made_at: "2026-01-15T12:00:00Z".parse().expect("a time"),
        expires_at: "2026-01-22T12:00:00Z".parse().expect("a time"),
    }
}

#[tokio::test]
async fn stand_ins_whose_table_refers_to_itself_are_not_left_behind() {
    let course = Course::set().await;
    let before = course.rows().await;
    let apart = course.sides(Some("apart"));
    let own = deactivate(&apart, ann(), 0, &[]).await.unwrap().expect("somebody left");
    let left = course.rows().await;
    assert_eq!(
        left.iter().filter(|r| r.contains("ann@x.example")).collect::<Vec<_>>(),
        ["1 ann@x.example"],
        "the account alone"
    );
    reactivate(&apart, &own, &mut [], &mut Reached::default()).await.unwrap();
    assert_eq!(course.rows().await, before);
}

#[tokio::test]
async fn nothing_comes_back_before_the_account() {
    let course = Course::set().await;
    let before = course.rows().await;
    let (apart, whole) = (course.sides(Some("apart")), course.sides(None));
    let first = deactivate(&apart, ann(), 0, &[]).await.unwrap().expect("somebody left");
    let second = deactivate(&whole, ann(), 1, &[]).await.unwrap().expect("the account goes");
    let gone = course.rows().await;
    let mut others = [second];
    reactivate(&apart, &first, &mut others, &mut Reached::default()).await.unwrap();
    assert_eq!(course.rows().await, gone, "the account is away, and with it all that would name its holder");
    reactivate(&whole, &others[0], &mut [], &mut Reached::default()).await.unwrap();
    assert_eq!(course.rows().await, before);
}

#[tokio::test]
async fn what_was_set_apart_stays_so_when_the_account_comes_back() {
    let course = Course::set().await;
    let before = course.rows().await;
    let (apart, whole) = (course.sides(Some("apart")), course.sides(None));
    let first = deactivate(&apart, ann(), 0, &[]).await.unwrap().expect("somebody left");
    let between = course.rows().await;
    let second = deactivate(&whole, ann(), 1, &[]).await.unwrap().expect("the account goes");
    let mut others = [first];
    reactivate(&whole, &second, &mut others, &mut Reached::default()).await.unwrap();
    assert_eq!(course.rows().await, between);
    reactivate(&apart, &others[0], &mut [], &mut Reached::default()).await.unwrap();
    assert_eq!(course.rows().await, before);
}

#[tokio::test]
async fn what_conditions_look_up_decides_no_return() {
    let course = Course::set().await;
    let before = course.rows().await;
    let apart = course.sides(Some("apart"));
    let own = deactivate(&apart, ann(), 0, &[]).await.unwrap().expect("somebody left");
    let path = course.folder.path().join("course").display().to_string();
    let sql = "UPDATE tasks SET kind = 'quiz'";
    sqlx::raw_sql(sql).execute(&mut connection(&path).await).await.unwrap();
    reactivate(&apart, &own, &mut [], &mut Reached::default()).await.unwrap();
    assert_eq!(course.rows().await, before);
}

/// Ann asked Bo: her leaving puts a stand-in there, his changes the key of the row.
#[tokio::test]
async fn a_stand_in_goes_with_whoever_changed_the_key_of_its_row() {
    let course = Course::set().await;
    let before = course.rows().await;
    let whole = course.sides(None);
    let first = deactivate(&whole, ann(), 0, &[]).await.unwrap().expect("Ann left");
    let second = deactivate(&whole, asks("bo@x.example"), 1, &[]).await.unwrap().expect("Bo left");
    let mut others = [second];
    reactivate(&whole, &first, &mut others, &mut Reached::default()).await.unwrap();
    reactivate(&whole, &others[0], &mut [], &mut Reached::default()).await.unwrap();
    assert_eq!(course.rows().await, before);
}

/// Regression: the account comes back, while what was set apart earlier stays so. By the clock both left at once, and the texts that
/// the account's leaving took away came back without their writer's own name.
#[tokio::test]
async fn nobody_is_hidden_from_themselves() {
    let course = Course::set().await;
    let path = course.folder.path().join("course").display().to_string();
    let sql =
        "INSERT INTO tasks VALUES (3, 'quiz'); INSERT INTO answers VALUES ('ann@x.example', 3, 'ann@x.example asks')";
    sqlx::raw_sql(sql).execute(&mut connection(&path).await).await.unwrap();
    let before = course.rows().await;
    let (apart, whole) = (course.sides(Some("apart")), course.sides(None));
    let first = deactivate(&apart, ann(), 1, &[]).await.unwrap().expect("somebody left");
    let between = course.rows().await;
    assert!(between.iter().any(|row| row.ends_with("ann@x.example asks")), "the answer is not set apart: {between:?}");
    let second = Question { made_at: first.plan.made_at - std::time::Duration::from_secs(2), ..ann() };
    let second = deactivate(&whole, second, 2, &[]).await.unwrap().expect("the account goes");
    let mut others = [first];
    reactivate(&whole, &second, &mut others, &mut Reached::default()).await.unwrap();
    assert_eq!(course.rows().await, between);
    reactivate(&apart, &others[0], &mut [], &mut Reached::default()).await.unwrap();
    assert_eq!(course.rows().await, before);
}
