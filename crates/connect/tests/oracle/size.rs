//! Cost follows the person's rows: no step of planning compares all rows with all.

use std::time::{Duration, Instant};

use engine::policy::model::{KindId, Right};
use engine::source::Source;
use engine::value::Value;
use oracle::World;
use oracle::sketch;
use oracle::vector::compiled;

use crate::backend::{Backend, Kind};
use crate::case::Case;
use crate::check::planned;

const MAP: &str = r#"
[system]
kind = "sqlite"
country = "NO"
connect = { env = "DESK" }
[subject.user]
table = "users"
identity = { email = { column = "email", match = "email" } }
[table.users.columns]
email = "user.contact.email"
[table.posts]
links = [
  { role = "owner", column = "writer", to = "users.id" },
  { role = "part", column = "reply_to", to = "posts.id", as = "thread" },
]
[table.posts.columns]
body = { category = "user.content", text = true }
[table.notes]
links = [
  { role = "part", column = "post", to = "posts.id", on_erase = "scrub" },
  { role = "mention", column = "about", to = "users.id" },
]
[table.notes.columns]
body = { category = "user.content", text = true }
"#;

const SCHEMA: &str = "users: id int key, email text\n\
    posts: id int key, writer int? -> users.id, reply_to int? -> posts.id, body text?\n\
    notes: id int key, post int? -> posts.id, about int? -> users.id, body text?";

/// One person with `rows` rows, half of them in threads of two hundred replies.
fn case(rows: i64) -> Case {
    let mut source = Source::default();
    source.add("policy.toml", "[company]\nname = \"N\"\ncountry = \"NO\"\ncontact = \"a@n.example\"\n");
    source.add("systems/desk.toml", MAP);
    let schemas = [("desk".to_owned(), sketch::schema(SCHEMA).expect("a schema"))].into_iter().collect();
    let policy = compiled(&source, &schemas).expect("a policy");
    let mut world = World::new(&policy);
    let desk = policy.system_named("desk").expect("the system");
    let table = |name: &str| policy.table_named(desk, name).expect("a table");
    for (id, email) in [(1, "ann@x.example"), (2, "bo@y.example")] {
        world.insert(table("users"), vec![Value::Int(id), Value::text(email)]);
    }
    for n in 1..=rows / 2 {
        let above = if n % 200 == 1 { Value::Null } else { Value::Int(n - 1) };
        let body = Value::text("write to ann@x.example");
        world.insert(table("posts"), vec![Value::Int(n), Value::Int(1), above, body.clone()]);
        world.insert(table("notes"), vec![Value::Int(n), Value::Int(n), Value::Int(1 + n % 2), body]);
    }
    let question = oracle::Question {
        kind: KindId(0),
        tenant: None,
        identities: vec![("email".to_owned(), Value::text("ann@x.example"))],
        sweep: false,
        words: Vec::new(),
        today: oracle::vector::TODAY.to_owned(),
        left: Default::default(),
        held: Default::default(),
    };
    Case { name: format!("{rows} rows"), source, schemas, policy, world, question, only: None, meanwhile: Vec::new() }
}

async fn time(rows: i64) -> Duration {
    let case = case(rows);
    let backend = Backend::fill(Kind::Memory, &case).await;
    let begun = Instant::now();
    let plan = planned(&case, &backend.systems, Right::Erasure).await.expect("a plan");
    assert_eq!(plan.rows(), rows as usize + 1, "every row is changed or deleted");
    begun.elapsed()
}

#[tokio::test]
async fn cost_follows_the_rows() {
    let (small, large) = (time(2_000).await, time(20_000).await);
    eprintln!("planning 2,000 rows takes {small:?}, 20,000 rows {large:?}");
    // Ten times the rows may take some thirty times as long, on a busy machine, but not a hundred.
    assert!(large < small * 40, "2,000 rows take {small:?}, 20,000 take {large:?}");
}
