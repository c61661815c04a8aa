//! Tables without a key, from plan to probe: equal rows, interrupted runs, rows that change meanwhile, cascades, facts.

use connect::testing::{KINDS, Scene, Written};
use engine::plan::{Refusal, Why};
use engine::policy::model::{Right, SystemKind};
use engine::run::{Event, Halt};

use crate::{ANN, USER, USERS};

const LOG: &str = "
    CREATE TABLE visits (person int, guide int, page varchar(40), at timestamp NULL, price decimal(9, 2));
    INSERT INTO visits VALUES (1, 2, 'home', '2024-02-29 10:00:00', 1.50), (1, 2, 'home', '2024-02-29 10:00:00', 1.50),
        (1, NULL, NULL, NULL, NULL), (2, 1, 'home', NULL, 2.00), (2, 1, 'home', NULL, 2.00), (2, 1, 'HOME', NULL, 2.00),
        (2, NULL, 'home', NULL, 2.00), (2, 2, 'home', '2024-02-29 10:00:00', 1.50);";

const MAP: &str = r#"
[table.visits]
key = "all"
links = [
  { role = "owner", column = "person", to = "users.id" },
  { role = "mention", column = "guide", to = "users.id", untie = "null" },
]
columns.page = "user.behavior.browsing_history"
"#;

async fn set(kind: SystemKind) -> Scene {
    Scene::set(kind, &[("log", &format!("{USERS}{LOG}"), &format!("{USER}{MAP}"))]).await
}

/// How many rows a plan concerns in a table.
fn rows(plan: &engine::plan::Plan, table: &str) -> u64 {
    plan.systems.iter().flat_map(|s| &s.steps).filter(|s| s.table == table).map(|s| s.rows()).sum()
}

#[tokio::test]
async fn equal_rows_go_and_change_together() {
    for kind in KINDS {
        let scene = set(kind).await;
        let before = scene.rows("log", "visits").await;
        let (plan, left) = scene.erase("user", ANN).await;
        assert_eq!(left, [], "{kind:?}");
        assert_eq!(rows(&plan, "visits"), 6, "{kind:?}: three go, three are changed");
        // Two that were equal have become equal to one that stood there before.
        let now = scene.rows("log", "visits").await;
        let own = |row: &&String| !row.starts_with("1 |");
        let wanted: Vec<String> = before.iter().filter(own).map(|row| row.replace("2 | 1 |", "2 | ~ |")).collect();
        let mut wanted: Vec<String> = wanted;
        wanted.sort();
        assert_eq!(now, wanted, "{kind:?}");
    }
}

/// A mere fact says that there are such rows, and nothing of what stands in them.
#[tokio::test]
async fn facts_tell_no_values() {
    for kind in KINDS {
        let scene = set(kind).await;
        let plan = scene.plan(scene.ask(Right::Access, "user", ANN)).await.unwrap();
        let returned = scene.run(&plan).await.unwrap();
        let visits = returned.0.iter().filter(|(table, _)| table == "log.visits").flat_map(|(_, rows)| rows);
        let (facts, whole): (Vec<_>, Vec<_>) = visits.partition(|row| row.is_empty());
        assert_eq!((facts.len(), whole.len()), (3, 3), "{kind:?}");
    }
}

#[tokio::test]
async fn a_copy_that_came_or_went_refuses_the_run() {
    for kind in KINDS {
        for change in
            ["INSERT INTO visits SELECT * FROM visits WHERE page IS NULL", "DELETE FROM visits WHERE page IS NULL"]
        {
            let scene = set(kind).await;
            let plan = scene.plan(scene.ask(Right::Erasure, "user", ANN)).await.unwrap();
            scene.place("log").execute(change).await;
            let before = scene.rows("log", "visits").await;
            let halt = scene.run(&plan).await.err().expect("rows that are not as planned");
            assert!(matches!(halt, Halt::Refused(_)), "{kind:?}: {halt}");
            assert_eq!(scene.rows("log", "visits").await, before, "{kind:?}");
        }
    }
}

/// Interrupted after its commit, and before anybody saw it: looked at, not done again.
#[tokio::test]
async fn an_interrupted_run_is_resolved() {
    for kind in KINDS {
        let scene = set(kind).await;
        let plan = scene.plan(scene.ask(Right::Erasure, "user", ANN)).await.unwrap();
        let mut journal = Written::default();
        scene.run_with(&plan, &mut journal).await.unwrap();
        let done = scene.rows("log", "visits").await;
        assert!(matches!(journal.0.pop(), Some(Event::Committed { .. })), "{kind:?}");
        scene.run_with(&plan, &mut journal).await.unwrap_or_else(|halt| panic!("{kind:?}: {halt}"));
        assert_eq!(scene.rows("log", "visits").await, done, "{kind:?}");

        // An intent whose transaction never came to its end.
        let scene = set(kind).await;
        let plan = scene.plan(scene.ask(Right::Erasure, "user", ANN)).await.unwrap();
        let mut journal = Written(vec![Event::Intent { system: "log".into(), transaction: None, made: Vec::new() }]);
        scene.run_with(&plan, &mut journal).await.unwrap_or_else(|halt| panic!("{kind:?}: {halt}"));
        assert_eq!(scene.rows("log", "visits").await, done, "{kind:?}");
    }
}

/// What a cascade takes along must stand in the plan, which tells rows apart that the schema does not.
#[tokio::test]
async fn rows_that_a_cascade_takes_along_are_listed() {
    let visits = "
        CREATE TABLE visits (person int, page varchar(40), FOREIGN KEY (person) REFERENCES users (id) ON DELETE CASCADE);
        INSERT INTO visits VALUES (1, 'a'), (1, 'a'), (1, NULL), (2, 'a');";
    let sql = format!("{USERS}{visits}");
    let map = MAP.replace("  { role = \"mention\", column = \"guide\", to = \"users.id\", untie = \"null\" },\n", "");
    let map = format!("{USER}{map}");
    for kind in KINDS {
        let scene = Scene::set(kind, &[("log", &sql, &map)]).await;
        let (plan, left) = scene.erase("user", ANN).await;
        assert_eq!((left, rows(&plan, "visits")), (Vec::new(), 3), "{kind:?}");
        assert_eq!(scene.rows("log", "visits").await, ["2 | a"], "{kind:?}");
    }
}

/// A law keeps such rows whole, and an erasure that comes later finds them again by what they hold.
#[tokio::test]
async fn a_law_keeps_whole_rows() {
    let law = "[[law]]\nid = \"tax\"\ntitle = \"Tax law\"\narticle = \"1\"\njurisdiction = \"NO\"\n";
    let map = MAP.replace(
        "{ role = \"owner\", column = \"person\", to = \"users.id\" }",
        "{ role = \"owner\", column = \"person\", to = \"users.id\", on_erase = { keep = \"tax\", until = 2031-12-31 } }",
    );
    let (sql, map) = (format!("{USERS}{LOG}"), format!("{USER}{map}"));
    for kind in KINDS {
        let scene = Scene::try_set(kind, &[("log", &sql, &map)], law).await.unwrap();
        let (plan, left) = scene.erase("user", ANN).await;
        assert_eq!(left, [], "{kind:?}");
        let kept: Vec<_> = plan.kept.iter().filter(|k| matches!(k.reason, Why::Law { .. })).collect();
        assert!(kept.iter().any(|k| k.table == "visits" && k.keys.len() == 2), "{kind:?}: {:?}", plan.kept);
        let own = scene.rows("log", "visits").await.iter().filter(|row| row.starts_with("1 |")).count();
        assert_eq!(own, 3, "{kind:?}");
    }
}

#[tokio::test]
async fn nothing_of_it_is_deactivated() {
    let scene = set(SystemKind::Sqlite).await;
    let refused = scene.plan(scene.ask(Right::Deactivation, "user", ANN)).await.unwrap_err();
    assert!(matches!(&refused, Refusal::NoKey { table } if table == "log.visits"), "{refused}");
}
