//! `rows_per_second`: changes go out a second's rows at a time, and what they come to is the same.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use connect::testing::{KINDS, Scene, Written, slow_down};
use connect::{After, Clock, Pace, Paced};
use engine::plan::{Plan, Wait};
use engine::policy::model::{Right, SystemKind};
use futures_util::future::BoxFuture;
use tokio::sync::Notify;

use crate::{ANN, USER, USERS};

const POSTS: &str = "
    CREATE TABLE posts (id int PRIMARY KEY, writer int, body varchar(100));
    INSERT INTO posts VALUES (1, 1, 'a'), (2, 1, 'b'), (3, 2, 'c'), (4, 1, 'd'), (5, 1, 'e'), (6, 1, 'f');
    CREATE TABLE notes (id int PRIMARY KEY, post int, body varchar(100));
    INSERT INTO notes VALUES (1, 1, 'a'), (2, 2, 'ann@x.example'), (3, 3, 'c'), (4, 4, 'ann@x.example'),
        (5, 5, 'of Ann'), (6, 6, 'ann@x.example');";

const MAP: &str = r#"
[table.posts]
links = [{ role = "owner", column = "writer", to = "users.id" }]
columns.body = "user.content"
[table.notes]
links = [{ role = "mention", column = "post", to = "posts.id", untie = "null" }]
columns.body = { category = "user.content", text = true }
"#;

const LIMIT: &str = "[system.limits]\nrows_per_second = 2\nlock_timeout = \"3s\"\n";

async fn set(kind: SystemKind, limit: &str) -> Scene {
    Scene::set(kind, &[("shop", &format!("{USERS}{POSTS}"), &format!("{limit}{USER}{MAP}"))]).await
}

async fn plan(scene: &Scene) -> Plan {
    scene.plan(scene.ask(Right::Erasure, "user", ANN)).await.unwrap_or_else(|refusal| panic!("{refusal}"))
}

async fn all(scene: &Scene) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    for table in ["users", "posts", "notes"] {
        all.push(scene.rows("shop", table).await);
    }
    all
}

/// The numbers of rows that were changed without a second between.
fn bursts(told: &[String]) -> Vec<u64> {
    let mut bursts = vec![0];
    for what in told {
        match what.split_once(' ') {
            Some(("wait", time)) => {
                assert_eq!(time, "1s");
                bursts.push(0);
            }
            Some(("delete" | "update" | "insert", rest)) => {
                let rows: u64 = rest.rsplit(' ').next().and_then(|n| n.parse().ok()).expect("a count");
                *bursts.last_mut().expect("a burst") += rows;
            }
            _ => {}
        }
    }
    bursts
}

#[tokio::test]
async fn statements_are_cut_and_a_second_passes_between_them() {
    for kind in KINDS {
        let (fast, mut slow) = (set(kind, "").await, set(kind, LIMIT).await);
        let (at_once, planned) = (plan(&fast).await, plan(&slow).await);
        assert!(at_once.waits().is_empty(), "{kind:?}");
        let rows = planned.waits().iter().map(|w| w.rows).sum::<u64>();
        let wait = Wait { system: "shop".into(), rows, rows_per_second: 2, seconds: rows.div_ceil(2) - 1, locks: true };
        assert_eq!(planned.waits(), [wait], "{kind:?}");
        assert!(rows >= 9, "{kind:?}: {rows}");

        let ticks = slow_down(&mut slow.systems, "shop", 2);
        slow.run(&planned).await.unwrap_or_else(|halt| panic!("{kind:?}: {halt}"));
        fast.run(&at_once).await.unwrap_or_else(|halt| panic!("{kind:?}: {halt}"));
        assert_eq!(all(&slow).await, all(&fast).await, "{kind:?}");
        assert!(slow.left(&planned).await.is_empty(), "{kind:?}");
        let told = ticks.told();
        let bursts = bursts(&told);
        assert!(bursts.iter().all(|rows| *rows <= 2), "{kind:?}: {told:?}");
        assert_eq!(bursts.iter().sum::<u64>(), rows, "{kind:?}: {told:?}");
        assert_eq!(bursts.len() as u64, rows.div_ceil(2), "{kind:?}: no more waits than needed: {told:?}");
        assert_eq!(told.iter().filter(|what| *what == "goes on").count(), 1, "{kind:?}: {told:?}");
    }
}

/// Sessions are kept from being taken for idle ones.
#[tokio::test]
async fn a_long_wait_lets_no_session_fall_asleep() {
    for kind in KINDS {
        let many: Vec<String> = (10..60).map(|id| format!("({id}, 1, 'x')")).collect();
        let sql = format!("{USERS}{POSTS} INSERT INTO posts VALUES {};", many.join(", "));
        let mut scene = Scene::set(kind, &[("shop", &sql, &format!("{USER}{MAP}"))]).await;
        let planned = plan(&scene).await;
        let ticks = slow_down(&mut scene.systems, "shop", 1);
        scene.run(&planned).await.unwrap_or_else(|halt| panic!("{kind:?}: {halt}"));
        let told = ticks.told();
        let (mut silent, mut longest) = (0, 0);
        for what in &told {
            silent = if what == "goes on" { 0 } else { silent + u64::from(what.starts_with("wait")) };
            longest = longest.max(silent);
        }
        assert!((10..=20).contains(&longest), "{kind:?}: {longest} s without a word");
    }
}

/// Rows that refer to each other in a circle go by one statement or not at all, with nothing else in their second.
#[tokio::test]
async fn a_circle_is_not_cut() {
    for kind in [SystemKind::Sqlite, SystemKind::Postgres] {
        let sql = format!(
            "{USERS} CREATE TABLE rings (id int PRIMARY KEY, owner int, next int NOT NULL REFERENCES rings (id));
             INSERT INTO rings VALUES (1, 1, 2), (2, 1, 3), (3, 1, 4), (4, 1, 5), (5, 1, 1);"
        );
        let map = r#"
[table.rings]
links = [{ role = "owner", column = "owner", to = "users.id" }]
ignore = { "the next of the ring" = ["next"] }
"#;
        let mut scene = Scene::set(kind, &[("shop", &sql, &format!("{USER}{map}"))]).await;
        let planned = plan(&scene).await;
        let ticks = slow_down(&mut scene.systems, "shop", 2);
        scene.run(&planned).await.unwrap_or_else(|halt| panic!("{kind:?}: {halt}"));
        assert!(scene.rows("shop", "rings").await.is_empty(), "{kind:?}");
        let told = ticks.told();
        assert_eq!(told, ["delete users 1", "goes on", "wait 1s", "delete rings 5", "commit"], "{kind:?}");
    }
}

/// What is written meanwhile goes as slowly, and on the same clock.
#[tokio::test]
async fn the_second_look_waits_too() {
    for kind in KINDS {
        let sql = format!(
            "{USERS} CREATE TABLE events (person int, note varchar(100));
             INSERT INTO events VALUES (1, 'a'), (2, 'b');"
        );
        let map = r#"
[table.events]
key = "all"
sweep = "after"
links = [{ role = "owner", column = "person", to = "users.id" }]
columns.note = "user.content"
"#;
        let mut scene = Scene::set(kind, &[("shop", &sql, &format!("{USER}{map}"))]).await;
        let planned = plan(&scene).await;
        let ticks = slow_down(&mut scene.systems, "shop", 2);
        let mut journal = Written::default();
        scene.run_with(&planned, &mut journal).await.unwrap_or_else(|halt| panic!("{kind:?}: {halt}"));
        scene.place("shop").execute("INSERT INTO events VALUES (1, 'c'), (1, 'd'), (1, 'e')").await;
        let events = journal.0.clone();
        let after =
            After { policy: &scene.policy, systems: &scene.systems, plan: &planned, approved: &[], known: None };
        after.carry_out(&events, &mut journal).await.unwrap_or_else(|halt| panic!("{kind:?}: {halt}"));
        assert_eq!(scene.rows("shop", "events").await, ["2 | b"], "{kind:?}");
        let told = ticks.told();
        assert_eq!(bursts(&told), [2, 2, 1], "{kind:?}: {told:?}");
    }
}

/// A clock on which nothing ever passes, and that says when somebody begins to wait.
#[derive(Default)]
struct Stopped(Notify);

impl Clock for Stopped {
    fn passed(&self) -> Duration {
        Duration::ZERO
    }

    fn wait(&self, _: Duration) -> BoxFuture<'_, ()> {
        self.0.notify_one();
        Box::pin(pending())
    }
}

/// A run that ends while it waits has changed nothing; taken up again, it does everything.
#[tokio::test]
async fn a_run_that_is_cut_off_while_it_waits_is_done_again() {
    for kind in KINDS {
        let (fast, mut slow) = (set(kind, "").await, set(kind, LIMIT).await);
        let (at_once, planned) = (plan(&fast).await, plan(&slow).await);
        fast.run(&at_once).await.unwrap_or_else(|halt| panic!("{kind:?}: {halt}"));
        let before = all(&slow).await;

        let clock = Arc::new(Stopped::default());
        let system = slow.systems.remove("shop").expect("the shop");
        let paced = Paced { system, pace: Pace::new(2, clock.clone()) };
        slow.systems.insert("shop".to_owned(), Box::new(paced));
        let mut journal = Written::default();
        tokio::select! {
            ended = slow.run_with(&planned, &mut journal) => panic!("{kind:?}: it does not wait: {ended:?}"),
            () = clock.0.notified() => {}
        }
        // As the death of the process would: its connections close.
        slow.systems.insert("shop".to_owned(), slow.place("shop").open(Default::default()));
        assert_eq!(all(&slow).await, before, "{kind:?}");
        assert!(journal.0.is_empty(), "{kind:?}");

        let ticks = slow_down(&mut slow.systems, "shop", 2);
        slow.run_with(&planned, &mut journal).await.unwrap_or_else(|halt| panic!("{kind:?}: {halt}"));
        assert_eq!(all(&slow).await, all(&fast).await, "{kind:?}");
        assert!(bursts(&ticks.told()).len() > 3, "{kind:?}");
    }
}

/// SQLite without a log lets nobody write while a session reads: one that only looked at another system is over by then.
#[tokio::test]
async fn nobody_is_kept_from_writing_elsewhere_while_a_run_waits() {
    let shop = format!(
        "{USERS} CREATE TABLE posts (id int PRIMARY KEY, writer int, kind int);
         INSERT INTO posts VALUES (1, 1, 7), (2, 1, 7), (3, 1, 8), (4, 1, 7), (5, 1, 7);"
    );
    let map = format!(
        "{USER}[table.posts]\nlinks = [{{ role = \"owner\", column = \"writer\", to = \"users.id\", \
         when = {{ kind = {{ in = \"other:kinds.id\", where = {{ name = \"open\" }} }} }} }}]\n"
    );
    let other =
        "CREATE TABLE kinds (id int PRIMARY KEY, name varchar(20)); INSERT INTO kinds VALUES (7, 'open'), (8, 'x');";
    let parts = [("shop", &shop[..], &map[..]), ("other", other, "[ignore]\nnone = [\"kinds\"]\n")];
    let mut scene = Scene::set(SystemKind::Sqlite, &parts).await;
    let planned = plan(&scene).await;
    assert!(planned.consulted.iter().any(|consulted| consulted.system == "other"));
    let clock = Arc::new(Stopped::default());
    let system = scene.systems.remove("shop").expect("the shop");
    scene.systems.insert("shop".to_owned(), Box::new(Paced { system, pace: Pace::new(2, clock.clone()) }));
    let mut journal = Written::default();
    let writes = async {
        clock.0.notified().await;
        scene.place("other").execute("INSERT INTO kinds VALUES (9, 'new')").await;
    };
    tokio::select! {
        ended = scene.run_with(&planned, &mut journal) => panic!("it does not wait: {ended:?}"),
        () = writes => {}
    }
    assert_eq!(scene.rows("other", "kinds").await.len(), 3);
}
