//! Views and search indexes that keep what they derive: built anew with the change of their tables.

use connect::testing::Scene;
use engine::policy::model::SystemKind;

use crate::{ANN, USER, USERS};

const SHOP: &str = "
    CREATE TABLE orders (id int PRIMARY KEY, buyer int, note varchar(100));
    INSERT INTO orders VALUES (1, 1, 'for Ann'), (2, 2, 'for Bo');";

const MAP: &str = r#"
[table.orders]
links = [{ role = "owner", column = "buyer", to = "users.id" }]
[table.orders.columns]
note = "user.content"
"#;

#[tokio::test]
async fn a_materialized_view_forgets_with_its_tables() {
    let sql = format!(
        "{USERS}{SHOP} CREATE MATERIALIZED VIEW notes AS SELECT o.id, u.name, o.note FROM orders o, users u
        WHERE u.id = o.buyer; CREATE VIEW names AS SELECT name FROM users;"
    );
    let silent = Scene::try_set(SystemKind::Postgres, &[("shop", &sql, &format!("{USER}{MAP}"))], "").await;
    let findings = silent.err().expect("a view that keeps rows needs a decision");
    assert_eq!(findings, ["U0401 nothing is said of table `notes` of system `shop`"]);

    let view = "[view.notes]\ncopy_of = [\"orders.note\", \"users\"]\nrebuild = true\n";
    let scene = Scene::set(SystemKind::Postgres, &[("shop", &sql, &format!("{USER}{MAP}{view}"))]).await;
    let (plan, left) = scene.erase("user", ANN).await;
    assert_eq!(plan.systems[0].rebuild[0].view, "notes");
    assert!(left.is_empty(), "{left:?}");
    assert_eq!(scene.rows("shop", "notes").await, ["2 | Bo | for Bo"]);
}

#[tokio::test]
async fn a_full_text_index_forgets_with_its_table() {
    let sql = format!(
        "{USERS}{SHOP} CREATE VIRTUAL TABLE found USING fts5(note, content='orders', content_rowid='id');
        INSERT INTO found (found) VALUES ('rebuild');
        CREATE VIRTUAL TABLE words USING fts5vocab('found', 'row');"
    );
    let view =
        "[view.found]\ncopy_of = [\"orders.note\"]\nrebuild = true\n[ignore]\n\"a view of the index\" = [\"words\"]\n";
    let scene = Scene::set(SystemKind::Sqlite, &[("shop", &sql, &format!("{USER}{MAP}{view}"))]).await;
    let before = scene.rows("shop", "words").await;
    assert!(before.iter().any(|word| word.starts_with("ann |")), "{before:?}");
    scene.erase("user", ANN).await;
    let after = scene.rows("shop", "words").await;
    assert!(after.iter().any(|word| word.starts_with("bo |")), "{after:?}");
    assert!(!after.iter().any(|word| word.starts_with("ann |")), "{after:?}");
}

#[tokio::test]
async fn an_index_that_keeps_no_text_is_filled_from_its_columns() {
    let sql = format!(
        "{USERS}{SHOP} CREATE VIRTUAL TABLE found USING fts5(a, b, content = '');
        INSERT INTO found (rowid, a, b) SELECT id, name, email FROM users;
        CREATE VIRTUAL TABLE words USING fts5vocab('found', 'row');"
    );
    let map = |of: &str| {
        let ignored = "[ignore]\n\"a view of the index\" = [\"words\"]\n";
        format!("{USER}{MAP}[view.found]\ncopy_of = [{of}]\nrebuild = true\n{ignored}")
    };
    let scene = Scene::set(SystemKind::Sqlite, &[("shop", &sql, &map("\"users.name\", \"users.email\""))]).await;
    scene.erase("user", ANN).await;
    assert_eq!(scene.rows("shop", "words").await, ["bo | 1 | 2", "example | 1 | 1", "x | 1 | 1"]);

    let unclear = Scene::set(SystemKind::Sqlite, &[("shop", &sql, &map("\"users.name\""))]).await;
    let plan =
        unclear.plan(unclear.ask(engine::policy::model::Right::Erasure, "user", &[("email", "bo@x.example")])).await;
    let halt = unclear.run(&plan.expect("a plan")).await.err().expect("nothing says what the index is filled from");
    assert!(format!("{halt:?}").contains("keeps no text"), "{halt:?}");
    assert_eq!(unclear.rows("shop", "users").await.len(), 2, "nothing was done");
}

#[tokio::test]
async fn a_view_that_nothing_changes_is_left_alone_and_a_wrong_one_is_told() {
    let sql =
        format!("{USERS}{SHOP} CREATE TABLE tags (id int PRIMARY KEY); CREATE VIRTUAL TABLE found USING fts5(x);");
    let tags = "[table.tags.columns]\nid = \"system.operations\"\n";
    let view = |of: &str| format!("{USER}{MAP}{tags}[view.found]\ncopy_of = [\"{of}\"]\nrebuild = true\n");
    let scene = Scene::set(SystemKind::Sqlite, &[("shop", &sql, &view("tags"))]).await;
    let (plan, _) = scene.erase("user", ANN).await;
    assert!(plan.systems.iter().all(|s| s.rebuild.is_empty()));
    for (of, told) in
        [("notes.x", "U0102 the map has no table `notes`"), ("tags.x", "U0103 table `tags` has no column `x`")]
    {
        let wrong = Scene::try_set(SystemKind::Sqlite, &[("shop", &sql, &view(of))], "").await;
        assert_eq!(wrong.err().expect("a finding"), [told]);
    }
}
