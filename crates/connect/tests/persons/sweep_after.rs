//! `sweep = "after"`: rows that are written while others are deleted, by triggers and by another client, go as well.

use connect::After;
use connect::testing::{KINDS, Scene, Written};
use engine::plan::{Meanwhile, Plan};
use engine::policy::model::{Right, SystemKind};
use engine::run::{Event, swept};

use crate::{ANN, USER, USERS};

const SHOP: &str = "
    CREATE TABLE posts (id int PRIMARY KEY, writer int, body varchar(100));
    INSERT INTO posts VALUES (1, 1, 'a'), (2, 1, 'b'), (3, 2, 'c');
    CREATE TABLE events (kind varchar(20), person int, post int, note varchar(100));
    INSERT INTO events VALUES ('seen', 1, 1, NULL), ('seen', 2, 3, NULL), ('seen', 2, 1, 'ann@x.example');";

const MAP: &str = r#"
[table.posts]
links = [{ role = "owner", column = "writer", to = "users.id" }]
trigger = { gone = "reviewed: it logs" }
columns.body = "user.content"
[table.events]
key = "all"
sweep = "after"
links = [
  { role = "owner", column = "person", to = "users.id" },
  { role = "mention", column = "post", to = "posts.id", untie = "null" },
]
columns.kind = "system.operations"
columns.note = { category = "user.content", of = "person" }
"#;

/// A trigger on deleted posts that writes who wrote them.
fn trigger(kind: SystemKind) -> &'static str {
    match kind {
        SystemKind::Postgres => {
            "CREATE FUNCTION logs() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                 INSERT INTO events VALUES ('deleted', OLD.writer, OLD.id, 'by them'), ('other', 2, OLD.id, 'by Bo');
                 RETURN OLD; END $$;
             CREATE TRIGGER gone AFTER DELETE ON posts FOR EACH ROW EXECUTE FUNCTION logs();"
        }
        SystemKind::Mysql => {
            "CREATE TRIGGER gone AFTER DELETE ON posts FOR EACH ROW
                 INSERT INTO events VALUES ('deleted', OLD.writer, OLD.id, 'by them'), ('other', 2, OLD.id, 'by Bo');"
        }
        _ => {
            "CREATE TRIGGER gone AFTER DELETE ON posts BEGIN
                 INSERT INTO events VALUES ('deleted', OLD.writer, OLD.id, 'by them'), ('other', 2, OLD.id, 'by Bo');
             END;"
        }
    }
}

async fn set(kind: SystemKind) -> (Scene, Plan) {
    let sql = format!("{USERS}{SHOP}{}", trigger(kind));
    let scene = Scene::set(kind, &[("shop", &sql, &format!("{USER}{MAP}"))]).await;
    let plan = scene.plan(scene.ask(Right::Erasure, "user", ANN)).await.unwrap();
    (scene, plan)
}

async fn after(scene: &Scene, plan: &Plan, journal: &mut Written) -> Vec<Plan> {
    let events = journal.0.clone();
    let after = After { policy: &scene.policy, systems: &scene.systems, plan, approved: &[], known: None };
    after.carry_out(&events, journal).await.unwrap_or_else(|halt| panic!("{:?}: {halt}", scene.kind))
}

async fn left(scene: &Scene, plan: &Plan) -> u64 {
    scene.left(plan).await.iter().map(|r| r.rows).sum()
}

#[tokio::test]
async fn what_triggers_write_goes_too() {
    for kind in KINDS {
        let (scene, plan) = set(kind).await;
        let mut journal = Written::default();
        scene.run_with(&plan, &mut journal).await.unwrap_or_else(|halt| panic!("{kind:?}: {halt}"));
        assert_eq!(left(&scene, &plan).await, 4, "{kind:?}: the trigger has written two rows for each post");
        let rounds = after(&scene, &plan, &mut journal).await;
        assert_eq!(rounds.len(), 1, "{kind:?}");
        assert_eq!(
            scene.rows("shop", "events").await,
            ["other | 2 | ~ | by Bo", "other | 2 | ~ | by Bo", "seen | 2 | 3 | ~", "seen | 2 | ~ | ann@x.example"],
            "{kind:?}"
        );
        assert_eq!(left(&scene, &plan).await, 0, "{kind:?}");
        let meanwhile = Meanwhile { table: "events".into(), deleted: 2, changed: 2 };
        assert_eq!(swept(&journal.0), [("shop".to_owned(), meanwhile)], "{kind:?}");
        let count = journal.0.len();
        assert!(after(&scene, &plan, &mut journal).await.is_empty(), "{kind:?}: nothing is left to be found");
        assert_eq!(journal.0.len(), count, "{kind:?}: and nothing is written down");
    }
}

/// Another client writes between the commit and the second look, and a crash comes after the second commit.
#[tokio::test]
async fn what_others_write_meanwhile_goes_too() {
    for kind in KINDS {
        let (scene, plan) = set(kind).await;
        let mut journal = Written::default();
        scene.run_with(&plan, &mut journal).await.unwrap_or_else(|halt| panic!("{kind:?}: {halt}"));
        let late = "INSERT INTO events VALUES ('late', 1, NULL, 'x'), ('late', 1, NULL, 'x'), ('late', 2, NULL, 'x')";
        scene.place("shop").execute(late).await;
        after(&scene, &plan, &mut journal).await;
        let rows = scene.rows("shop", "events").await;
        assert_eq!(rows.iter().filter(|r| r.starts_with("late")).collect::<Vec<_>>(), ["late | 2 | ~ | x"], "{kind:?}");
        assert_eq!(left(&scene, &plan).await, 0, "{kind:?}");
        let deleted = || Meanwhile { table: "events".into(), deleted: 4, changed: 2 };
        assert_eq!(swept(&journal.0), [("shop".to_owned(), deleted())], "{kind:?}");

        // As if we had crashed before we saw the commit.
        let seen = journal.0.pop();
        assert!(matches!(seen, Some(Event::Swept { .. })), "{kind:?}: {seen:?}");
        assert!(swept(&journal.0).is_empty(), "{kind:?}");
        assert!(after(&scene, &plan, &mut journal).await.is_empty(), "{kind:?}");
        assert_eq!(swept(&journal.0), [("shop".to_owned(), deleted())], "{kind:?}");
    }
}

/// The same, interrupted before the second commit: it is asked again, and what is found is done.
#[tokio::test]
async fn an_interrupted_second_look_is_done_again() {
    let (scene, plan) = set(SystemKind::Sqlite).await;
    let mut journal = Written::default();
    scene.run_with(&plan, &mut journal).await.unwrap();
    // A line from before stand-ins and what was found were written down.
    let tables = vec![Meanwhile { table: "events".into(), deleted: 1, changed: 0 }];
    journal.0.push(Event::Again { system: "shop".into(), transaction: None, tables, made: Vec::new() });
    // The first plan is done, whatever was to come after it.
    scene.run_with(&plan, &mut journal).await.unwrap();
    after(&scene, &plan, &mut journal).await;
    assert_eq!(left(&scene, &plan).await, 0);
    let meanwhile = Meanwhile { table: "events".into(), deleted: 2, changed: 2 };
    assert_eq!(swept(&journal.0), [("shop".to_owned(), meanwhile)]);
}

/// The same, interrupted after a second commit that nobody saw, and another row comes before it goes on: both count.
#[tokio::test]
async fn a_commit_that_nobody_saw_counts_beside_what_came_after_it() {
    for kind in KINDS {
        let (scene, plan) = set(kind).await;
        let mut journal = Written::default();
        scene.run_with(&plan, &mut journal).await.unwrap_or_else(|halt| panic!("{kind:?}: {halt}"));
        after(&scene, &plan, &mut journal).await;
        let seen = journal.0.pop();
        assert!(matches!(seen, Some(Event::Swept { .. })), "{kind:?}: {seen:?}");
        scene.place("shop").execute("INSERT INTO events VALUES ('late', 1, NULL, 'x')").await;
        after(&scene, &plan, &mut journal).await;
        let of = |deleted, changed| ("shop".to_owned(), Meanwhile { table: "events".into(), deleted, changed });
        assert_eq!(swept(&journal.0), [of(2, 2), of(1, 0)], "{kind:?}");
        assert_eq!(left(&scene, &plan).await, 0, "{kind:?}");
    }
}

/// A second look closes claims only where links lead on to a table that is asked again.
#[tokio::test]
async fn claims_are_not_followed_where_nothing_is_asked_again() {
    let letters = "CREATE TABLE letters (id int PRIMARY KEY, address varchar(40));";
    let map = "[table.letters]\nlinks = [{ role = \"owner\", column = \"address\", to = \"@user.email\" }]\n";
    let sql = format!("{USERS}{SHOP}{letters}{}", trigger(SystemKind::Sqlite));
    let scene = Scene::set(SystemKind::Sqlite, &[("shop", &sql, &format!("{USER}{MAP}{map}"))]).await;
    let plan = scene.plan(scene.ask(Right::Erasure, "user", ANN)).await.unwrap();
    assert!(plan.searched.contains(&"shop.letters".to_owned()), "{:?}", plan.searched);
    let mut journal = Written::default();
    scene.run_with(&plan, &mut journal).await.unwrap();
    let rounds = after(&scene, &plan, &mut journal).await;
    assert!(rounds[0].searched.contains(&"shop.events".to_owned()), "{:?}", rounds[0].searched);
    assert!(!rounds[0].searched.contains(&"shop.letters".to_owned()), "{:?}", rounds[0].searched);
}

/// Where the map says nothing of it, such rows are residues, and nobody touches them.
#[tokio::test]
async fn no_other_table_is_asked_again() {
    let sql = format!("{USERS}{SHOP}{}", trigger(SystemKind::Sqlite));
    let map = format!("{USER}{}", MAP.replace("sweep = \"after\"\n", ""));
    let scene = Scene::set(SystemKind::Sqlite, &[("shop", &sql, &map)]).await;
    let plan = scene.plan(scene.ask(Right::Erasure, "user", ANN)).await.unwrap();
    let mut journal = Written::default();
    scene.run_with(&plan, &mut journal).await.unwrap();
    assert!(after(&scene, &plan, &mut journal).await.is_empty());
    assert_eq!(left(&scene, &plan).await, 4);
}
