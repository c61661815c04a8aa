//! Columns of which every row is searched: `text = "all"`, when the question asks for the pass.

use connect::testing::{KINDS, Scene};
use engine::plan::{Plan, Question};
use engine::policy::model::Right;

const FORUM: &str = "
    CREATE TABLE users (id int PRIMARY KEY, club int, email varchar(100), nick varchar(40), name varchar(40));
    INSERT INTO users VALUES (1, 10, 'ann@x.example', 'annie77', 'Ann Berg'), (2, 10, 'bo@x.example', NULL, 'Ann'),
        (3, 20, 'ann@x.example', NULL, 'Ann Berg');
    CREATE TABLE posts (id int PRIMARY KEY, club int, author int, body varchar(200), draft varchar(200));
    INSERT INTO posts VALUES
        (1, 10, 2, 'ask ANN@x.example, not joann@x.example', 'ann@x.example'),
        (2, 10, 2, 'Ann said so', NULL),
        (3, 10, 2, 'Ann Berg said so', NULL),
        (4, 20, 3, 'write to ann@x.example', NULL),
        (5, 10, 1, 'Ann Berg, my own words', NULL),
        (6, 10, 2, '{\"to\": \"ann\\u0040x.example\"}', NULL);
    CREATE TABLE remarks (id int PRIMARY KEY, body varchar(200));
    INSERT INTO remarks VALUES (1, 'annie77 again'), (2, 'annie7');";

const MAP: &str = r#"
[subject.user]
table = "users"
tenant = "club"
[subject.user.identity]
email = { column = "email", match = "email" }
nick = { column = "nick", match = "case_insensitive", use = "hint" }
name = { column = "name", match = "case_insensitive", use = "text" }
[table.users.columns]
email = "user.contact.email"
nick = "user.name"
name = "user.name"
[table.posts]
tenant = "club"
links = [{ role = "author", column = "author", to = "users.id", untie = "null" }]
[table.posts.columns]
body = { category = "user.content", text = "all" }
draft = "user.content"
[table.remarks.columns]
body = { category = "user.content", text = "all" }
"#;

fn ask(scene: &Scene, right: Right, sweep: bool) -> Question {
    let tenant = Some(engine::value::Value::Int(10));
    Question { sweep, tenant, ..scene.ask(right, "user", &[("email", "ann@x.example")]) }
}

fn doubts(plan: &Plan) -> Vec<String> {
    let key = |r: &engine::plan::Review| r.key.iter().filter_map(|v| v.join_text()).collect::<Vec<_>>().concat();
    plan.review.iter().map(|r| format!("{}:{}", r.table, key(r))).collect()
}

#[tokio::test]
async fn every_row_is_searched_when_the_question_says_so() {
    for kind in KINDS {
        let scene = Scene::set(kind, &[("forum", FORUM, MAP)]).await;
        let before = scene.rows("forum", "posts").await;
        let plan = scene.plan(ask(&scene, Right::Erasure, true)).await.unwrap();
        let swept: Vec<_> = plan.swept.iter().map(|s| (s.table.as_str(), s.columns.concat(), s.rows)).collect();
        assert_eq!(swept, [("forum.posts", "body".into(), 6), ("forum.remarks", "body".into(), 2)], "{kind:?}");
        assert_eq!(doubts(&plan), ["posts:3", "remarks:1"], "{kind:?}: a name, and a table of no customer");
        scene.run(&plan).await.unwrap();
        let after = scene.rows("forum", "posts").await;
        assert_eq!(after[0], "1 | 10 | 2 | ask •••, not joann@x.example | ann@x.example", "{kind:?}");
        assert_eq!(after[4], "5 | 10 | ~ | •••, my own words | ~", "{kind:?}");
        for same in [1, 2, 3] {
            assert_eq!(after[same], before[same], "{kind:?}");
        }
        assert_eq!(scene.left(&plan).await, [], "{kind:?}");
    }
}

#[tokio::test]
async fn without_it_only_rows_of_the_person_and_their_threads_are_searched() {
    for kind in KINDS {
        let scene = Scene::set(kind, &[("forum", FORUM, MAP)]).await;
        let plan = scene.plan(ask(&scene, Right::Erasure, false)).await.unwrap();
        assert!(plan.swept.is_empty() && plan.review.is_empty(), "{kind:?}: {:?}", doubts(&plan));
        let posts = plan.systems.iter().flat_map(|s| &s.steps).filter(|s| s.table == "posts");
        let keys: Vec<_> = posts.flat_map(|s| &s.keys).filter_map(|key| key[0].join_text()).collect();
        assert_eq!(keys, ["5"], "{kind:?}");
    }
}

#[tokio::test]
async fn an_answer_tells_that_the_person_is_mentioned() {
    for kind in KINDS {
        let scene = Scene::set(kind, &[("forum", FORUM, MAP)]).await;
        let plan = scene.plan(ask(&scene, Right::Access, true)).await.unwrap();
        let posts = plan.systems.iter().flat_map(|s| &s.steps).filter(|s| s.table == "posts");
        let mut keys: Vec<_> = posts.flat_map(|s| &s.keys).filter_map(|key| key[0].join_text()).collect();
        keys.sort();
        assert_eq!(keys, ["1", "5"], "{kind:?}");
    }
}
