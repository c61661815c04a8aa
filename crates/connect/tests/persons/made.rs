//! Kinds without a table: the values of an identity are the records.

use connect::testing::{KINDS, Scene};
use engine::policy::model::Right;

const FORMS: &str = "
    CREATE TABLE leads (id int PRIMARY KEY, email varchar(100), phone varchar(40), remark text);
    CREATE TABLE invitations (id int PRIMARY KEY, address varchar(100), sent_by varchar(20) NOT NULL);
    INSERT INTO leads VALUES (1, 'Ann@x.example', '22 12 34 56', 'call Ann@x.example'), (2, 'ann@x.example', NULL, NULL),
        (3, 'bo@x.example', NULL, 'knows ann@x.example'), (4, NULL, NULL, NULL), (5, 'ann@y.example', '+47 22123456', 'x');
    INSERT INTO invitations VALUES (1, 'ANN@X.EXAMPLE', 'sales'), (2, 'bo@x.example', 'sales'), (3, '', 'sales');";

const MAP: &str = r#"
[subject.visitor]
key = "email"
records = "many"
[subject.visitor.identity]
email = { column = ["leads.email", "invitations.address"], match = "email" }
phone = { column = "leads.phone", match = "phone" }
[table.leads]
links = [{ role = "owner", column = "email", to = "@visitor.email" }]
[table.leads.columns]
email = "user.contact.email"
phone = "user.contact.phone_number"
remark = { category = "user.content", text = true }
[table.invitations]
links = [{ role = "mention", column = "address", to = "@visitor.email", untie = "null" }]
columns.address = "user.contact.email"
columns.sent_by = "system"
"#;

#[tokio::test]
async fn every_value_of_a_visitor_goes() {
    for kind in KINDS {
        let scene = Scene::set(kind, &[("forms", FORMS, MAP)]).await;
        let (plan, left) = scene.erase("visitor", &[("email", "ann@X.example")]).await;
        assert_eq!(left, [], "{kind:?}");
        let found: Vec<_> = plan.persons.iter().map(|r| (r.table.as_str(), r.chain.join(" "))).collect();
        assert_eq!(found, [("@visitor", "email".to_owned()), ("@visitor", "email phone".to_owned())], "{kind:?}");
        assert_eq!(scene.rows("forms", "leads").await, ["3 | bo@x.example | ~ | knows ann@x.example", "4 | ~ | ~ | ~"]);
        assert_eq!(
            scene.rows("forms", "invitations").await,
            ["1 | ~ | sales", "2 | bo@x.example | sales", "3 |  | sales"]
        );
    }
}

#[tokio::test]
async fn a_visitor_is_answered_and_nobody_else() {
    for kind in KINDS {
        let scene = Scene::set(kind, &[("forms", FORMS, MAP)]).await;
        let plan = scene.plan(scene.ask(Right::Access, "visitor", &[("email", "bo@x.example")])).await.unwrap();
        let tables: Vec<_> = scene.run(&plan).await.unwrap().0.iter().map(|(t, r)| (t.clone(), r.len())).collect();
        assert_eq!(tables, [("forms.leads".to_owned(), 1), ("forms.invitations".to_owned(), 1)], "{kind:?}");
        let nobody = scene.plan(scene.ask(Right::Access, "visitor", &[("email", "cy@x.example")])).await.unwrap_err();
        let said = "no visitor was found with these identities (searched: forms.leads, forms.invitations)";
        assert_eq!(nobody.to_string(), said);
    }
}

/// One system has accounts, another only the addresses that somebody typed into it.
#[tokio::test]
async fn one_kind_with_a_table_here_and_none_there() {
    let shop = "CREATE TABLE accounts (id int PRIMARY KEY, mail varchar(100), phone varchar(40));
        INSERT INTO accounts VALUES (1, 'ann@x.example', NULL), (2, 'bo@x.example', NULL);";
    let shop_map = r#"
[subject.visitor]
table = "accounts"
identity = { email = { column = "mail", match = "email" }, phone = { column = "phone", match = "phone" } }
[table.accounts.columns]
mail = "user.contact.email"
phone = "user.contact.phone_number"
"#;
    for kind in KINDS {
        let scene = Scene::set(kind, &[("forms", FORMS, MAP), ("shop", shop, shop_map)]).await;
        let (plan, left) = scene.erase("visitor", &[("phone", "+4722123456")]).await;
        assert_eq!(left, []);
        let found: Vec<_> =
            plan.persons.iter().map(|r| format!("{}.{} {}", r.system, r.table, r.chain.join(" "))).collect();
        assert_eq!(found, ["forms.@visitor phone", "forms.@visitor phone", "shop.accounts phone email"], "{kind:?}");
        assert_eq!(scene.rows("shop", "accounts").await, ["2 | bo@x.example | ~"]);
        assert_eq!(scene.rows("forms", "leads").await.len(), 2);
    }
}

/// The same address under two customers of ours is two people's.
#[tokio::test]
async fn a_tenant_is_part_of_the_value() {
    let sql = "CREATE TABLE leads (id int PRIMARY KEY, org varchar(20), email varchar(100));
        INSERT INTO leads VALUES (1, 'a', 'ann@x.example'), (2, 'b', 'ann@x.example'), (3, 'b', 'bo@x.example');";
    let map = r#"
[subject.visitor]
key = "email"
tenant = "org"
identity.email = { column = "leads.email", match = "email" }
[table.leads]
tenant = "org"
links = [{ role = "owner", column = "email", to = "@visitor.email" }]
columns.email = "user.contact.email"
columns.org = "system"
"#;
    for kind in KINDS {
        let scene = Scene::set(kind, &[("forms", sql, map)]).await;
        let mut ask = scene.ask(Right::Erasure, "visitor", &[("email", "ann@x.example")]);
        let both = scene.plan(ask.clone()).await.unwrap_err();
        assert_eq!(both.to_string(), "this identity belongs to a visitor of 2 tenants: a, b");
        ask.tenant = Some("b".into());
        let plan = scene.plan(ask).await.unwrap();
        scene.run(&plan).await.unwrap();
        assert_eq!(scene.left(&plan).await, []);
        assert_eq!(scene.rows("forms", "leads").await, ["1 | a | ann@x.example", "3 | b | bo@x.example"], "{kind:?}");
    }
}
