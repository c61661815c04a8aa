//! Tables that are hard to say or to change: reserved and folded names, circles, generated columns, soft deletion.

use connect::testing::{KINDS, Scene};

#[tokio::test]
async fn names_that_must_be_quoted() {
    let sql = r#"
        CREATE TABLE "Order" ("group" int PRIMARY KEY, "E-mail" varchar(100), "the name" varchar(60), "Ærlig" varchar(60));
        CREATE TABLE "order" ("select" int PRIMARY KEY, "from" int, "a.b" varchar(60));
        INSERT INTO "Order" VALUES (1, 'ann@x.example', 'Ann', 'x'), (2, 'bo@x.example', 'Bo', 'y');
        INSERT INTO "order" VALUES (1, 1, 'x'), (2, 2, 'y');"#;
    let sqlite = sql.replace("\"order\"", "\"user table\"");
    for kind in KINDS {
        let (sql, other) = match kind {
            engine::policy::model::SystemKind::Sqlite => (sqlite.as_str(), "user table"),
            _ => (sql, "order"),
        };
        let map = format!(
            r#"
[subject.customer]
table = "Order"
identity.email = {{ column = ["E-mail"], match = "email" }}
[table.Order.columns]
E-mail = "user.contact.email"
"the name" = "user.name"
"Ærlig" = "user.content"
[table."{other}"]
links = [{{ role = "author", column = "from", to = ["Order", "group"] }}]
columns = {{ "a.b" = {{ category = "user.content", of = "from" }} }}
"#
        );
        let scene = Scene::set(kind, &[("shop", sql, &map)]).await;
        let (_, left) = scene.erase("customer", &[("email", "ann@x.example")]).await;
        assert_eq!(left, [], "{kind:?}");
        assert_eq!(scene.rows("shop", "Order").await, ["2 | bo@x.example | Bo | y"], "{kind:?}");
        assert_eq!(scene.rows("shop", other).await, ["1 | ~ | ~", "2 | 2 | y"], "{kind:?}");
    }
}

#[tokio::test]
async fn circles_and_rows_that_refer_to_themselves() {
    let sql = "
        CREATE TABLE users (id int PRIMARY KEY, email varchar(100), invited_by int, home int);
        CREATE TABLE places (id int PRIMARY KEY, owner int NOT NULL, inside int, label varchar(60));
        INSERT INTO users VALUES (1, 'ann@x.example', 1, NULL), (2, 'bo@x.example', 1, NULL);
        INSERT INTO places VALUES (1, 1, 3, 'a'), (2, 1, 1, 'b'), (3, 1, 2, 'c'), (4, 2, 4, 'd');
        UPDATE users SET home = 1 WHERE id = 1;
        UPDATE users SET home = 4 WHERE id = 2;";
    let keys = "
        ALTER TABLE users ADD FOREIGN KEY (invited_by) REFERENCES users (id);
        ALTER TABLE users ADD FOREIGN KEY (home) REFERENCES places (id);
        ALTER TABLE places ADD FOREIGN KEY (owner) REFERENCES users (id);
        ALTER TABLE places ADD FOREIGN KEY (inside) REFERENCES places (id);";
    let sqlite = "
        CREATE TABLE users (id int PRIMARY KEY, email varchar(100), invited_by int REFERENCES users (id), home int REFERENCES places (id));
        CREATE TABLE places (id int PRIMARY KEY, owner int NOT NULL REFERENCES users (id), inside int REFERENCES places (id), label varchar(60));
        PRAGMA foreign_keys = OFF;";
    let rows = &sql[sql.find("INSERT").unwrap()..];
    let map = r#"
[subject.user]
table = "users"
identity.email = { column = "email", match = "email" }
[table.users]
links = [{ role = "mention", column = "invited_by", to = "users.id" }]
columns.email = "user.contact.email"
ignore = { "where they live: the place is theirs by its owner" = ["home"] }
[table.places]
links = [{ role = "owner", column = "owner", to = "users.id" }]
columns.label = "user.content"
ignore = { "a place within a place of the same owner" = ["inside"] }
"#;
    for kind in KINDS {
        let sql = match kind {
            engine::policy::model::SystemKind::Sqlite => format!("{sqlite}{rows}"),
            _ => format!("{sql}{keys}"),
        };
        let scene = Scene::set(kind, &[("town", &sql, map)]).await;
        let (_, left) = scene.erase("user", &[("email", "ann@x.example")]).await;
        assert_eq!(left, [], "{kind:?}");
        assert_eq!(scene.rows("town", "users").await, ["2 | bo@x.example | ~ | 4"], "{kind:?}");
        assert_eq!(scene.rows("town", "places").await, ["4 | 2 | 4 | d"], "{kind:?}");
    }
}

/// A generated column is neither written nor a reason to refuse; a row that is hidden in the application is still there.
#[tokio::test]
async fn generated_columns_and_soft_deletion() {
    let sql = "
        CREATE TABLE users (id int PRIMARY KEY, email varchar(100), lower_email varchar(100) GENERATED ALWAYS AS (lower(email)) STORED, deleted_at varchar(30));
        CREATE TABLE posts (id int PRIMARY KEY, author int, title varchar(60), shouted varchar(60) GENERATED ALWAYS AS (upper(title)) STORED, deleted_at varchar(30));
        INSERT INTO users (id, email, deleted_at) VALUES (1, 'Ann@x.example', '2025-01-01'), (2, 'bo@x.example', NULL);
        INSERT INTO posts (id, author, title, deleted_at) VALUES (1, 1, 'of ann', '2025-01-01'), (2, 1, 'more', NULL), (3, 2, 'of bo', NULL);";
    let map = r#"
[subject.user]
table = "users"
identity.email = { column = "email", match = "email" }
[table.users.columns]
email = "user.contact.email"
lower_email = { category = "user.contact.email", generated = true }
deleted_at = "system"
[table.posts]
links = [{ role = "author", column = "author", to = "users.id" }]
set_on_scrub = { deleted_at = "{now}" }
[table.posts.columns]
title = { category = "user.content", of = "author" }
shouted = { category = "user.content", of = "author", generated = true }
deleted_at = "system"
"#;
    for kind in KINDS {
        let scene = Scene::set(kind, &[("forum", sql, map)]).await;
        let (_, left) = scene.erase("user", &[("email", "ann@x.example")]).await;
        assert_eq!(left, [], "{kind:?}");
        assert_eq!(scene.rows("forum", "users").await, ["2 | bo@x.example | bo@x.example | ~"], "{kind:?}");
        let posts = scene.rows("forum", "posts").await;
        let gone = |id: u8| format!("{id} | ~ | ~ | ~ | 2026-01-15 12:00:00");
        assert_eq!(posts, [gone(1), gone(2), "3 | 2 | of bo | OF BO | ~".to_owned()], "{kind:?}");
    }
}
