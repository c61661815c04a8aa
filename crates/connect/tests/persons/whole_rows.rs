//! Many rows of a table without a key that each get values of their own: in few statements, and none by the new values of another.

use connect::testing::{KINDS, Scene};
use engine::policy::model::{Right, SystemKind};

use crate::{ANN, USER, USERS};

const MANY: usize = 700;

/// Visits that Ann has guided: two columns of each are changed, one of them to a value of its own; and as many of Bo's.
fn visits() -> String {
    let row = |i: usize, guide: u32| match i % 3 {
        0 => format!("({guide}, '10.0.{}.{}', NULL, 'P{i}')", i / 200, i % 200 + 1),
        1 => format!("({guide}, '10.0.{}.{}', 'n{i}', 'P{i}')", i / 200, i % 200 + 1),
        _ => format!("({guide}, NULL, 'N{i}', 'p{i}')"),
    };
    let rows: Vec<String> = (0..MANY).flat_map(|i| [row(i, 1), row(i, 2)]).collect();
    let table = "CREATE TABLE visits (guide int, ip varchar(40), note varchar(99), page varchar(99));";
    format!("{USERS}{table} INSERT INTO visits VALUES {}, {};", rows.join(", "), rows[0])
}

const VISITS: &str = r#"
[system.limits]
rows_per_table = 10000
share_of_table = 1.0
[table.visits]
key = "all"
links = [{ role = "author", column = "guide", to = "users.id", untie = "null" }]
columns.page = { category = "user.content", of = "guide", erase = "hash" }
columns.note = { category = "user.content", of = "guide", erase = "hash" }
columns.ip = { category = "user.device.ip_address", of = "guide", erase = "truncate_ip" }
"#;

/// Statements that changed rows, as the server counts them.
async fn updates(scene: &Scene) -> u64 {
    let rows = scene.place("log").rows("SHOW GLOBAL STATUS LIKE 'Com_update%'").await;
    rows.iter().map(|row| row[1].as_deref().unwrap_or_default().parse::<u64>().expect("a number")).sum()
}

#[tokio::test]
async fn rows_known_by_all_their_columns_are_changed_in_few_statements() {
    let mut known: Option<Vec<String>> = None;
    for kind in KINDS {
        let scene = Scene::set(kind, &[("log", &visits(), &format!("{USER}{VISITS}"))]).await;
        let before = scene.rows("log", "visits").await;
        let plan = scene.plan(scene.ask(Right::Erasure, "user", ANN)).await.unwrap();
        let counted = if kind == SystemKind::Mysql { updates(&scene).await } else { 0 };
        scene.run(&plan).await.unwrap_or_else(|halt| panic!("{kind:?}: {halt}"));
        if kind == SystemKind::Mysql {
            let statements = updates(&scene).await - counted;
            assert!((1..=4).contains(&statements), "{statements} statements for {MANY} rows");
        }
        let now = scene.rows("log", "visits").await;
        let of = |rows: &[String], guide: &str| -> Vec<String> {
            rows.iter().filter(|row| row.starts_with(guide)).cloned().collect()
        };
        assert_eq!(of(&now, "2 |"), of(&before, "2 |"), "{kind:?}: Bo's rows are as they were");
        let changed = of(&now, "~ |");
        assert_eq!((changed.len(), of(&now, "1 |").len()), (MANY + 1, 0), "{kind:?}");
        assert!(changed.iter().all(|row| row.starts_with("~ | 10.0.") || row.starts_with("~ | ~ |")), "{kind:?}");
        let pages: std::collections::BTreeSet<&str> =
            changed.iter().filter_map(|row| row.rsplit(" | ").next()).collect();
        assert_eq!(pages.len(), MANY, "{kind:?}: each row has its own");
        assert_eq!(scene.left(&plan).await, [], "{kind:?}");
        assert_eq!(*known.get_or_insert_with(|| now.clone()), now, "{kind:?}: as on the others");
    }
}

/// One row becomes what another was, which stays as it is: neither is taken for the other, and both are counted once.
#[tokio::test]
async fn a_row_that_becomes_what_another_was_is_changed_once() {
    let law = "[[law]]\nid = \"tax\"\ntitle = \"Tax law\"\narticle = \"1\"\njurisdiction = \"NO\"\n";
    let sql = format!(
        "{USERS}
         CREATE TABLE invoices (id int PRIMARY KEY, person int, at varchar(20));
         INSERT INTO invoices VALUES (3, 1, '2026-01-10');
         CREATE TABLE views (invoice int, ip varchar(40), via varchar(40));
         INSERT INTO views VALUES (3, '10.1.2.3', '10.9.0.0'), (3, '10.1.2.0', '10.9.0.0'), (3, '10.1.2.0', '10.9.0.7'),
             (4, '10.1.2.3', '10.9.0.7');"
    );
    let map = format!(
        r#"{USER}
[table.invoices]
links = [{{ role = "owner", column = "person", to = "users.id", on_erase = {{ keep = "tax" }} }}]
columns.at = "system.operations"
[table.views]
key = "all"
links = [{{ role = "owner", column = "invoice", to = "invoices.id", on_erase = {{ truncate_ip = ["ip", "via"] }} }}]
columns.ip = {{ category = "user.device.ip_address", erase = "truncate_ip" }}
columns.via = {{ category = "user.device.ip_address", erase = "truncate_ip" }}
"#
    );
    for kind in KINDS {
        let scene = Scene::try_set(kind, &[("log", &sql, &map)], law).await.unwrap();
        let (_, left) = scene.erase("user", ANN).await;
        let same = "3 | 10.1.2.0 | 10.9.0.0";
        assert_eq!(scene.rows("log", "views").await, [same, same, same, "4 | 10.1.2.3 | 10.9.0.7"], "{kind:?}");
        assert_eq!(left, [], "{kind:?}");
    }
}
