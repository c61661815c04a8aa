//! What the search does not follow by itself: hints, second records, other tenants, addresses that several people share.

use connect::testing::{KINDS, Scene};
use engine::plan::{Plan, Refusal, Seed};
use engine::policy::model::{Right, SystemKind};
use engine::value::Value;

fn listed(plan: &Plan) -> Vec<String> {
    let line = |r: &engine::plan::Review| {
        let key: Vec<_> = r.key.iter().filter_map(|v| v.join_text()).collect();
        format!("{:?} {}.{}:{} {}", r.doubt, r.system, r.table, key.join(","), r.reason)
    };
    plan.review.iter().map(line).collect()
}

fn records(plan: &Plan) -> Vec<String> {
    let line = |r: &engine::plan::Record| format!("{}.{} {}", r.system, r.table, r.chain.join(" "));
    plan.persons.iter().map(line).collect()
}

fn confirmed(system: &str, table: &str, key: i64) -> Seed {
    Seed::Confirmed { system: system.into(), table: table.into(), key: vec![Value::text(key.to_string())] }
}

const DESK: &str = "
    CREATE TABLE users (id int PRIMARY KEY, email varchar(100), phone varchar(40), nick varchar(40));
    INSERT INTO users VALUES (1, 'ann@x.example', '22123456', 'annie'), (2, 'bo@x.example', NULL, 'bo'),
        (3, 'info@x.example', '22999999', 'Annie'), (4, 'INFO@x.example', '+47 22 12 34 56', NULL);";

fn desk(records: &str) -> String {
    format!(
        r#"
[subject.user]
table = "users"
records = "{records}"
[subject.user.identity]
email = {{ column = "email", match = "email" }}
phone = {{ column = "phone", match = "phone" }}
nick = {{ column = "nick", match = "case_insensitive", use = "hint" }}
[table.users.columns]
email = "user.contact.email"
phone = "user.contact.phone_number"
nick = "user.name"
"#
    )
}

#[tokio::test]
async fn a_hint_is_listed_and_taken_in_when_confirmed() {
    for kind in KINDS {
        let scene = Scene::set(kind, &[("desk", DESK, &desk("many"))]).await;
        let mut ask = scene.ask(Right::Erasure, "user", &[("email", "ann@x.example")]);
        let plan = scene.plan(ask.clone()).await.unwrap();
        assert_eq!(records(&plan), ["desk.users email", "desk.users email phone"], "{kind:?}");
        assert_eq!(
            listed(&plan),
            [
                "Candidate desk.users:3 may be the person: has the same nick",
                "Refused desk.users:4 its email was not followed: several people share it"
            ]
        );
        ask.seeds.push(confirmed("desk", "users", 3));
        let plan = scene.plan(ask.clone()).await.unwrap();
        assert_eq!(records(&plan).len(), 3);
        scene.run(&plan).await.unwrap();
        assert_eq!(scene.left(&plan).await, []);
        assert_eq!(scene.rows("desk", "users").await, ["2 | bo@x.example | ~ | bo"]);
        let other = scene.ask(Right::Erasure, "user", &[("email", "bo@x.example")]);
        let wrong =
            engine::plan::Question { seeds: vec![other.seeds[0].clone(), confirmed("desk", "users", 1)], ..other };
        assert_eq!(scene.plan(wrong).await.unwrap_err(), Refusal::NoDoubt { table: "desk.users".into() });
    }
}

/// Whoever proved that they read the shared mailbox gets what is under it.
#[tokio::test]
async fn a_shared_address_is_followed_only_where_it_was_given() {
    let scene = Scene::set(SystemKind::Sqlite, &[("desk", DESK, &desk("many"))]).await;
    let plan = scene.plan(scene.ask(Right::Access, "user", &[("email", "info@x.example")])).await.unwrap();
    assert_eq!(records(&plan).len(), 3);
    let more = "[defaults]\nshared = [\"22 12 34 56\"]\n";
    let scene = Scene::try_set(SystemKind::Sqlite, &[("desk", DESK, &desk("many"))], more).await.unwrap();
    let plan = scene.plan(scene.ask(Right::Access, "user", &[("email", "ann@x.example")])).await.unwrap();
    assert_eq!(records(&plan), ["desk.users email"]);
}

#[tokio::test]
async fn a_second_record_is_refused_and_listed() {
    let sql = "CREATE TABLE users (id int PRIMARY KEY, email varchar(100), phone varchar(40), nick varchar(40));
        INSERT INTO users VALUES (1, 'ann@x.example', '22123456', NULL), (2, 'bo@x.example', '22123456', NULL);";
    for kind in KINDS {
        let scene = Scene::set(kind, &[("desk", sql, &desk("one"))]).await;
        let mut ask = scene.ask(Right::Erasure, "user", &[("email", "ann@x.example")]);
        let plan = scene.plan(ask.clone()).await.unwrap();
        assert_eq!(records(&plan), ["desk.users email"], "{kind:?}");
        let why = "not followed: email, then phone leads to a second record, and a person has one here";
        assert_eq!(listed(&plan), [format!("Candidate desk.users:2 {why}")]);
        ask.seeds.push(confirmed("desk", "users", 2));
        assert_eq!(records(&scene.plan(ask).await.unwrap()).len(), 2);
        let both = scene.plan(scene.ask(Right::Erasure, "user", &[("phone", "22123456")])).await.unwrap_err();
        assert_eq!(both, Refusal::Several { table: "desk.users".into(), rows: 2 });
    }
}

/// A telephone that two people of another system have: neither is taken in.
#[tokio::test]
async fn what_two_records_claim_proves_neither() {
    let shop = "CREATE TABLE buyers (id int PRIMARY KEY, phone varchar(40));
        INSERT INTO buyers VALUES (1, '22123456'), (2, '22 12 34 56');";
    let map = r#"
[subject.user]
table = "buyers"
identity.phone = { column = "phone", match = "phone" }
[table.buyers.columns]
phone = "user.contact.phone_number"
"#;
    for kind in KINDS {
        let scene = Scene::set(kind, &[("desk", DESK, &desk("many")), ("shop", shop, map)]).await;
        let plan = scene.plan(scene.ask(Right::Erasure, "user", &[("email", "ann@x.example")])).await.unwrap();
        assert!(records(&plan).iter().all(|r| r.starts_with("desk")), "{kind:?}: {:?}", records(&plan));
        assert_eq!(
            listed(&plan).iter().filter(|l| l.starts_with("Candidate shop.buyers")).count(),
            2,
            "{:?}",
            listed(&plan)
        );
    }
}

#[tokio::test]
async fn the_search_never_leaves_the_tenant() {
    let sql = "CREATE TABLE users (id int PRIMARY KEY, org int, email varchar(100), phone varchar(40));
        INSERT INTO users VALUES (1, 1, 'ann@x.example', '22123456'), (2, 2, 'cy@x.example', '22123456');";
    let map = r#"
[subject.user]
table = "users"
tenant = "org"
[subject.user.identity]
email = { column = "email", match = "email" }
phone = { column = "phone", match = "phone" }
[table.users.columns]
email = "user.contact.email"
phone = "user.contact.phone_number"
org = "system"
"#;
    for kind in KINDS {
        let scene = Scene::set(kind, &[("desk", sql, map)]).await;
        let plan = scene.plan(scene.ask(Right::Erasure, "user", &[("email", "ann@x.example")])).await.unwrap();
        assert_eq!(records(&plan), ["desk.users email"], "{kind:?}");
        assert_eq!(listed(&plan), ["Refused desk.users:2 not followed: email, then phone leads to another tenant"]);
    }
}
