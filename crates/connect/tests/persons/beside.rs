//! Identities in another table than the records: a side table of addresses.

use connect::testing::{KINDS, Scene};
use engine::policy::model::Right;

const SQL: &str = "
    CREATE TABLE users (id int PRIMARY KEY, email varchar(100), name varchar(100));
    CREATE TABLE addresses (id int PRIMARY KEY, user_id int NOT NULL REFERENCES users (id), email varchar(100));
    CREATE TABLE posts (id int PRIMARY KEY, user_id int, body text);
    CREATE TABLE letters (id int PRIMARY KEY, sender varchar(100));
    INSERT INTO users VALUES (1, 'ann@x.example', 'Ann Lee'), (2, 'bo@x.example', 'Bo Fu');
    INSERT INTO addresses VALUES (1, 1, 'Ann@home.example'), (2, 2, 'bo@home.example'), (3, 1, 'ann@work.example');
    INSERT INTO posts VALUES (1, 1, 'write to ann@work.example or bo@home.example'), (2, 2, 'see ann@home.example');
    INSERT INTO letters VALUES (1, 'ann@work.example'), (2, 'bo@home.example');";

const MAP: &str = r#"
[subject.user]
table = "users"
identity.email = { column = ["email", "addresses.email"], match = "email" }
identity.name = { column = "name", use = "text" }
[table.users.columns]
email = "user.contact.email"
name = "user.name"
[table.addresses]
links = [{ role = "owner", column = "user_id", to = "users.id" }]
columns.email = "user.contact.email"
[table.posts]
links = [{ role = "author", column = "user_id", to = "users.id", untie = "null" }]
columns.body = { category = "user.content", text = true }
[table.letters]
links = [{ role = "owner", column = "sender", to = "@user.email" }]
columns.sender = "user.contact.email"
"#;

#[tokio::test]
async fn an_address_of_the_side_table_finds_the_user() {
    for kind in KINDS {
        let scene = Scene::set(kind, &[("desk", SQL, MAP)]).await;
        let (plan, left) = scene.erase("user", &[("email", "ann@work.example")]).await;
        assert_eq!(left, []);
        let found: Vec<_> = plan.persons.iter().map(|r| (r.table.as_str(), r.chain.join(" "))).collect();
        assert_eq!(found, [("users", "email".to_owned())]);
        assert_eq!(scene.rows("desk", "users").await, ["2 | bo@x.example | Bo Fu"], "{kind:?}");
        assert_eq!(scene.rows("desk", "addresses").await, ["2 | 2 | bo@home.example"]);
        let posts = scene.rows("desk", "posts").await;
        assert!(posts[0].starts_with("1 | ~ | write to ") && !posts[0].contains("ann@work"), "{kind:?}: {posts:?}");
        assert!(posts[0].ends_with("or bo@home.example"), "{posts:?}");
        assert_eq!(scene.rows("desk", "letters").await, ["2 | bo@home.example"]);
    }
}

/// An address beside one system's record finds the record of another system.
#[tokio::test]
async fn the_search_goes_through_side_tables() {
    let shop = "CREATE TABLE buyers (id int PRIMARY KEY, mail varchar(100));
        INSERT INTO buyers VALUES (7, 'ann@home.example'), (8, 'bo@x.example');";
    let map = r#"
[subject.user]
table = "buyers"
identity.email = { column = "mail", match = "email" }
[table.buyers.columns]
mail = "user.contact.email"
"#;
    for kind in KINDS {
        let scene = Scene::set(kind, &[("desk", SQL, MAP), ("shop", shop, map)]).await;
        for (by, chains) in [
            ("ann@x.example", ["desk.users email", "shop.buyers email email"]),
            ("ann@home.example", ["desk.users email", "shop.buyers email"]),
        ] {
            let plan = scene.plan(scene.ask(Right::Access, "user", &[("email", by)])).await.unwrap();
            let found = plan.persons.iter().map(|r| format!("{}.{} {}", r.system, r.table, r.chain.join(" ")));
            assert_eq!(found.collect::<Vec<_>>(), chains, "{kind:?}");
        }
    }
}
