//! Rows that a database holds equal, or that refer to themselves, or whose key has no value: whose they are is decided by us.

use engine::plan::{Plan, Refusal};
use engine::policy::model::{Right, SystemKind};

use connect::testing::{KINDS, Scene};

use crate::{ANN, USER, USERS};

/// A collation of the database must not make two people's rows one.
#[tokio::test]
async fn rows_without_key_that_a_collation_holds_equal_are_two() {
    let sql = "
        CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
        CREATE TABLE users (id int PRIMARY KEY, name varchar(40));
        INSERT INTO users VALUES (1, 'ann'), (2, 'Ann');
        CREATE TABLE notes (author text COLLATE ci, body text COLLATE ci, seen varchar(9));
        INSERT INTO notes VALUES ('ann', 'hi', NULL), ('Ann', 'hi', NULL);
        CREATE TABLE marks (author text COLLATE ci, body text COLLATE ci);
        INSERT INTO marks VALUES ('ann', 'hi'), ('Ann', 'hi'), ('ann', 'ho');";
    let map = r#"
[subject.user]
table = "users"
[subject.user.identity]
name = { column = "name", match = "exact" }
[table.users.columns]
name = "user.name"
[table.notes]
key = "all"
links = [{ role = "owner", column = "author", to = "@user.name" }]
columns.body = "user.content"
columns.seen = "system.operations"
[table.marks]
key = "all"
links = [{ role = "mention", column = "author", to = "@user.name", untie = "pseudonym" }]
columns.body = "user.content"
"#;
    let scene = Scene::set(SystemKind::Postgres, &[("desk", sql, map)]).await;
    let (_, residues) = scene.erase("user", &[("name", "ann")]).await;
    assert_eq!(scene.rows("desk", "notes").await, ["Ann | hi | ~"]);
    let marks = scene.rows("desk", "marks").await;
    assert_eq!(marks.iter().filter(|row| row.starts_with("Ann |")).count(), 1, "{marks:?}");
    assert_eq!(marks.iter().filter(|row| row.starts_with("ann |")).count(), 0, "{marks:?}");
    assert_eq!(residues, []);
}

/// SQLite lets NULL stand in a declared key: such a row is found by it.
#[tokio::test]
async fn a_declared_key_with_null_is_found_again() {
    let sql = "
        CREATE TABLE members (org text, ref text, email text, PRIMARY KEY (org, ref));
        INSERT INTO members VALUES ('a', NULL, 'ann@x.example'), ('a', '2', 'bo@x.example');";
    let map = r#"
[subject.member]
table = "members"
[subject.member.identity]
email = { column = "email", match = "email" }
[table.members.columns]
email = "user.contact.email"
org = "system.operations"
ref = "system.operations"
"#;
    let scene = Scene::set(SystemKind::Sqlite, &[("club", sql, map)]).await;
    let access = scene.plan(scene.ask(Right::Access, "member", &[("email", "ann@x.example")])).await.unwrap();
    let returned = scene.run(&access).await.unwrap_or_else(|halt| panic!("{halt}"));
    assert_eq!(returned.0.iter().map(|(_, rows)| rows.len()).sum::<usize>(), 1);
    let (_, residues) = scene.erase("member", &[("email", "ann@x.example")]).await;
    assert_eq!(scene.rows("club", "members").await, ["a | 2 | bo@x.example"]);
    assert_eq!(residues, []);
}

/// What follows a row that goes does not stop it from going, not even itself.
#[tokio::test]
async fn a_row_that_must_refer_to_itself_and_follows_itself_goes() {
    let sql = "
        CREATE TABLE users (id int PRIMARY KEY, email varchar(40));
        INSERT INTO users VALUES (1, 'ann@x.example'), (2, 'bo@x.example');
        CREATE TABLE comments (id int PRIMARY KEY, root int NOT NULL, writer int, FOREIGN KEY (root) REFERENCES comments (id) ON DELETE CASCADE);
        INSERT INTO comments VALUES (1, 1, 1), (2, 1, 1), (3, 3, 2);";
    let map = r#"
[subject.user]
table = "users"
[subject.user.identity]
email = { column = "email", match = "email" }
[table.users.columns]
email = "user.contact.email"
[table.comments]
links = [
  { role = "owner", column = "writer", to = "users.id" },
  { role = "part", column = "root", to = "comments.id" },
]
"#;
    for kind in KINDS {
        let scene = Scene::set(kind, &[("blog", sql, map)]).await;
        let (_, residues) = scene.erase("user", &[("email", "ann@x.example")]).await;
        assert_eq!(scene.rows("blog", "comments").await, ["3 | 3 | 2"], "{kind:?}");
        assert_eq!(residues, [], "{kind:?}");
    }
}

/// A plan that waits in a store since before plans told of roles and of rows whose key is destroyed is read still.
#[tokio::test]
async fn a_stored_plan_of_before_is_read() {
    let stored = r#"{
        "version": 1, "request": "r", "right": "erasure", "requested_by": "dpo", "kind": "user", "tenant": null,
        "local_tenants": {}, "policy": "p", "persons": [], "identifiers": [],
        "systems": [{ "system": "shop", "fingerprint": {}, "steps": [
            { "table": "users", "key": ["id"], "keys": [[{"Int": 1}]], "action": { "do": "delete" }, "reason": "is the person",
              "decided_by": ["id"], "digest": "d" }] }],
        "kept": [], "withheld": [], "review": [], "unusable": [], "other_kinds": [],
        "shreds": [{ "system": "shop", "table": "users", "columns": ["name"], "rows": 1 }],
        "breaches": [], "token_key": "00", "nonce": "00",
        "made_at": "2026-01-15T12:00:00Z", "expires_at": "2026-01-18T12:00:00Z" }"#;
    let value = serde_json::to_string(&engine::value::Value::Int(1)).unwrap();
    let plan: Plan = serde_json::from_str(&stored.replace(r#"{"Int": 1}"#, &value)).unwrap();
    assert!(plan.systems[0].steps[0].was.is_empty() && plan.shreds[0].staying.is_empty());
    // It bears the hash under which it was approved, but for what shreds have told since.
    let again: Plan = serde_json::from_slice(&serde_json::to_vec(&plan).unwrap()).unwrap();
    assert_eq!(again.hash(), plan.hash());
}

/// MariaDB looks at each row by itself. What NULL opens goes then, in the order of the references that are left, and what
/// must refer to itself is refused in the plan.
#[tokio::test]
async fn rows_that_refer_to_each_other_in_two_ways_go_or_are_refused() {
    let table = "
        CREATE TABLE comments (id int PRIMARY KEY, root int NOT NULL, last int, writer int,
            FOREIGN KEY (root) REFERENCES comments (id), FOREIGN KEY (last) REFERENCES comments (id));";
    let map = format!(
        "{USER}[table.comments]\nlinks = [{{ role = \"owner\", column = \"writer\", to = \"users.id\" }}]\n\
         ignore.\"the owner decides\" = [\"root\", \"last\"]\n"
    );
    // The second needs the first, which names the second; the third, of Bo, needs itself.
    let circle = "INSERT INTO comments VALUES (3, 3, NULL, 2); INSERT INTO comments VALUES (2, 3, NULL, 1);
        INSERT INTO comments VALUES (1, 2, NULL, 1); UPDATE comments SET last = 1 WHERE id = 2;";
    for kind in KINDS {
        let sql = format!("{USERS}{table}{circle}");
        let scene = Scene::set(kind, &[("blog", &sql, &map)]).await;
        let (_, residues) = scene.erase("user", ANN).await;
        assert_eq!(scene.rows("blog", "comments").await, ["3 | 3 | ~ | 2"], "{kind:?}");
        assert_eq!(residues, [], "{kind:?}");

        let sql = format!("{USERS}{table}INSERT INTO comments VALUES (1, 1, 1, 1), (3, 3, NULL, 2);");
        let scene = Scene::set(kind, &[("blog", &sql, &map)]).await;
        let planned = scene.plan(scene.ask(Right::Erasure, "user", ANN)).await;
        match kind {
            SystemKind::Mysql => assert!(matches!(planned, Err(Refusal::Circle { .. })), "{planned:?}"),
            _ => scene.run(&planned.unwrap()).await.map(drop).unwrap_or_else(|halt| panic!("{kind:?}: {halt}")),
        }
        let left: &[&str] =
            if kind == SystemKind::Mysql { &["1 | 1 | 1 | 1", "3 | 3 | ~ | 2"] } else { &["3 | 3 | ~ | 2"] };
        assert_eq!(scene.rows("blog", "comments").await, left, "{kind:?}");
    }
}

/// A collation that holds more equal than a plan does joins rows of one table that go together.
#[tokio::test]
async fn rows_that_refer_to_each_other_by_a_collation_go() {
    let sql = format!(
        "{USERS}
         CREATE TABLE tags (name varchar(20) COLLATE utf8mb4_general_ci PRIMARY KEY, up varchar(20) COLLATE utf8mb4_general_ci,
             maker int, FOREIGN KEY (up) REFERENCES tags (name));
         INSERT INTO tags VALUES ('Aqua', NULL, 1), ('blue', 'aqua', 1), ('red', NULL, 2);"
    );
    let map = format!(
        "{USER}[table.tags]\nlinks = [{{ role = \"owner\", column = \"maker\", to = \"users.id\" }}]\n\
         columns.name = \"system.operations\"\nignore.\"the owner decides\" = [\"up\"]\n"
    );
    let scene = Scene::set(SystemKind::Mysql, &[("blog", &sql, &map)]).await;
    let (_, residues) = scene.erase("user", ANN).await;
    assert_eq!(scene.rows("blog", "tags").await, ["red | ~ | 2"]);
    assert_eq!(residues, []);
}
