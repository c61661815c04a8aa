//! Databases that do more than they are told: other schemas with tables of the same names, foreign keys that follow an
//! update, triggers that nobody read.

use connect::testing::{KINDS, Scene, Written};
use engine::policy::model::{Right, SystemKind};
use engine::run::{Difference, Halt, Run};

use crate::{ANN, USER, USERS};

#[tokio::test]
async fn tables_of_another_schema_are_those_of_the_map() {
    let sql = "
        CREATE TABLE users (id int PRIMARY KEY, email varchar(100));
        CREATE TABLE orders (id int PRIMARY KEY, buyer int REFERENCES users (id));
        INSERT INTO users VALUES (1, 'ann@x.example'); INSERT INTO orders VALUES (1, 1);
        CREATE SCHEMA shop;
        CREATE TABLE shop.users (id int PRIMARY KEY, email varchar(100));
        CREATE TABLE shop.orders (id int PRIMARY KEY, buyer int REFERENCES shop.users (id));
        INSERT INTO shop.users VALUES (1, 'ann@x.example'), (2, 'bo@x.example');
        INSERT INTO shop.orders VALUES (1, 1), (2, 2);
        CREATE VIEW shop.elsewhere AS SELECT email FROM public.users u JOIN public.orders o ON o.buyer = u.id;
        DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = shop', current_database()); END $$;";
    let map = r#"schema = "shop"
[subject.user]
table = "users"
identity.email = { column = "email", match = "email" }
[table.users.columns]
email = "user.contact.email"
[table.orders]
links = [{ role = "owner", column = "buyer", to = "users.id" }]
"#;
    let scene = Scene::set(SystemKind::Postgres, &[("shop", sql, map)]).await;
    let (_, left) = scene.erase("user", ANN).await;
    assert_eq!(left, []);
    assert_eq!(scene.rows("shop", "users").await, ["2 | bo@x.example"]);
    assert_eq!(scene.rows("shop", "orders").await, ["2 | 2"]);
    assert_eq!(scene.rows("shop", "elsewhere").await, ["ann@x.example"], "nobody asked for the other schema");
}

/// The database would write a new name into rows that the plan does not list.
#[tokio::test]
async fn rows_that_follow_an_update_must_be_listed() {
    let accounts = "
        CREATE TABLE accounts (id int PRIMARY KEY, person int, handle varchar(60) UNIQUE);
        CREATE TABLE marks (id int PRIMARY KEY, handle varchar(60),
            FOREIGN KEY (handle) REFERENCES accounts (handle) ON UPDATE CASCADE);
        INSERT INTO accounts VALUES (1, 1, 'ann'), (2, 2, 'bo');
        INSERT INTO marks VALUES (1, 'bo');";
    let map = r#"
[table.accounts]
links = [{ role = "owner", column = "person", to = "users.id", on_erase = "scrub", untie = "null" }]
columns.handle = { category = "user.unique_id", erase = "pseudonym" }
[table.marks]
ignore = { "a mark is nobody's" = ["handle"] }
columns.handle = "system.operations"
"#;
    let (sql, map) = (format!("{USERS}{accounts}"), format!("{USER}{map}"));
    for kind in KINDS {
        let scene = Scene::set(kind, &[("shop", &sql, &map)]).await;
        let (_, left) = scene.erase("user", ANN).await;
        assert_eq!(left, [], "{kind:?}: nothing follows this account");

        let (accounts, marks) = (scene.rows("shop", "accounts").await, scene.rows("shop", "marks").await);
        let plan = scene.plan(scene.ask(Right::Erasure, "user", &[("email", "bo@x.example")])).await.unwrap();
        let halt = scene.run_with(&plan, &mut Written::default()).await.expect_err("a mark would follow");
        let Halt::Refused(differences) = &halt else { panic!("{kind:?}: {halt}") };
        assert!(differences.iter().any(|d| matches!(d, Difference::Unlisted { rows: 1, .. })), "{kind:?}: {halt}");
        assert_eq!(scene.rows("shop", "accounts").await, accounts, "{kind:?}");
        assert_eq!(scene.rows("shop", "marks").await, marks, "{kind:?}");
    }
}

/// A trigger that somebody put off is a bound of its own: an approval must name it.
#[tokio::test]
async fn a_trigger_that_nobody_read_needs_an_approval() {
    let trigger = |kind| match kind {
        SystemKind::Postgres => {
            "CREATE FUNCTION notes() RETURNS trigger LANGUAGE plpgsql AS
                 $$ BEGIN INSERT INTO gone VALUES (OLD.id); RETURN OLD; END $$;
             CREATE TRIGGER notes AFTER DELETE ON users FOR EACH ROW EXECUTE FUNCTION notes();"
        }
        SystemKind::Mysql => {
            "CREATE TRIGGER notes AFTER DELETE ON users FOR EACH ROW INSERT INTO gone VALUES (OLD.id);"
        }
        _ => "CREATE TRIGGER notes AFTER DELETE ON users BEGIN INSERT INTO gone VALUES (OLD.id); END;",
    };
    let map = |said: &str| {
        format!(
            r#"{USER}
[table.users]
{said}
[ignore]
"numbers of what went" = ["gone"]
"#
        )
    };
    for kind in KINDS {
        let sql = format!("{USERS} CREATE TABLE gone (id int PRIMARY KEY); {}", trigger(kind));
        let silent = Scene::try_set(kind, &[("shop", &sql, &map(""))], "").await;
        let findings = silent.err().expect("a trigger needs a decision");
        assert!(findings.iter().any(|f| f.starts_with("U0501")), "{kind:?}: {findings:?}");

        let scene =
            Scene::set(kind, &[("shop", &sql, &map("trigger = { notes = \"undecided: who wrote it?\" }"))]).await;
        let plan = scene.plan(scene.ask(Right::Erasure, "user", ANN)).await.unwrap();
        let bounds: Vec<&str> = plan.breaches.iter().map(|b| b.bound.as_str()).collect();
        assert_eq!(bounds, ["unreviewed_trigger:shop.users"], "{kind:?}");
        let mut journal = Written::default();
        let run = Run::new(&plan, &plan.policy, plan.made_at, &[], &[]);
        let halt =
            connect::run(&plan, run, &scene.systems, &mut journal, &mut connect::testing::Returned::default()).await;
        let Err(Halt::Refused(why)) = halt else { panic!("{kind:?}: nobody approved it") };
        assert!(matches!(&why[..], [Difference::Bound(_)]), "{kind:?}: {why:?}");
        assert_eq!(scene.rows("shop", "users").await.len(), 2, "{kind:?}");
        scene.run_with(&plan, &mut journal).await.unwrap_or_else(|halt| panic!("{kind:?}: {halt}"));
        assert_eq!(scene.rows("shop", "gone").await, ["1"], "{kind:?}");

        let scene =
            Scene::set(kind, &[("shop", &sql, &map("trigger = { notes = \"reviewed: numbers alone\" }"))]).await;
        let plan = scene.plan(scene.ask(Right::Erasure, "user", ANN)).await.unwrap();
        assert!(plan.breaches.is_empty(), "{kind:?}");
    }
}
