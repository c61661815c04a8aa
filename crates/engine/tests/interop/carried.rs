//! What Fides says and the folder says too.

use engine::diagnostic::{Diagnostic, codes};
use engine::policy::compile::compile;

use super::{Imported, file, imported, live, schema, table};

const SHOP: &str = include_str!("shop.yml");
const LETTERS: &str = include_str!("letters.yml");
const SYSTEMS: &str = include_str!("systems.yml");

fn all() -> Imported {
    imported(&[("shop.yml", SHOP), ("letters.yml", LETTERS), ("systems.yml", SYSTEMS)])
}

#[test]
fn the_folder_compiles_against_the_schema() {
    let shop = schema(vec![
        table(
            "buyers",
            &["buyer_no#", "mail?", "full_name?", "secret?", "home_id#?", "profile{?"],
            &[("home_id", "homes", "home_no")],
        ),
        table("homes", &["home_no#", "street?"], &[]),
        table("orders", &["order_no#", "buyer_no#", "note"], &[("buyer_no", "buyers", "buyer_no")]),
        table(
            "order_lines",
            &["line_no#", "order_no#", "article_no#"],
            &[("order_no", "orders", "order_no"), ("article_no", "articles", "article_no")],
        ),
        table("articles", &["article_no#", "title"], &[]),
        table("newsletter", &["row_no#", "address"], &[]),
    ]);
    let letters = schema(vec![table("letters", &["letter_no#", "buyer_no#", "body?", "mood?"], &[])]);
    let all = all();
    let compiled = compile(&all.folder, Some(&live(vec![("shop-postgres", shop), ("letters-mysql", letters)])));
    let errors: Vec<&Diagnostic> = compiled.diagnostics.iter().filter(|d| d.is_error()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let policy = compiled.policy.expect("it compiles");
    assert_eq!(policy.kinds.iter().map(|k| k.name.as_str()).collect::<Vec<_>>(), ["buyer"]);
    let counts = all.counts;
    assert_eq!((counts.systems, counts.kinds, counts.tables, counts.links), (2, 1, 6, 5));
    assert_eq!((counts.purposes, counts.recipients), (2, 1));
}

#[test]
fn without_a_schema_only_the_schema_is_missing() {
    let compiled = compile(&all().folder, None);
    let errors: Vec<_> = compiled.diagnostics.iter().filter(|d| d.is_error()).map(|d| d.code).collect();
    assert_eq!(errors, [codes::NO_SCHEMA, codes::NO_SCHEMA], "{:#?}", compiled.diagnostics);
}

#[test]
fn a_reference_becomes_a_link_on_the_side_that_depends() {
    let all = all();
    let map = file(&all, "systems/shop-postgres.toml");
    for line in [
        r#"{ role = "owner", column = "buyer_no", to = "buyers.buyer_no" }"#,
        r#"{ role = "part", column = "order_no", to = "orders.order_no" }"#,
        r#"{ role = "part", column = "home_no", by = "buyers.home_id", last = true }"#,
        r#"{ role = "owner", column = "address", to = "@buyer.email", match = "email" }"#,
    ] {
        assert!(map.contains(line), "{line}\n{map}");
    }
    let letters = file(&all, "systems/letters-mysql.toml");
    assert!(letters.contains(r#"to = "shop-postgres:buyers.buyer_no""#), "{letters}");
    assert!(
        letters.contains("body = \"user.content\""),
        "a category of the collection holds for its fields: {letters}"
    );
}

#[test]
fn columns_keep_category_document_and_action() {
    let all = all();
    let map = file(&all, "systems/shop-postgres.toml");
    for line in [
        r#"mail = "user.contact.email""#,
        r#"secret = { category = "user.authorization.password", access = "withhold" }"#,
        r#"note = { category = "user.content", erase = { replace = "gone" } }"#,
        r#"profile = { category = "user", codec = "json", json = { "$.nickname" = "user.name", "$.hobbies[*]" = "user.content" } }"#,
        r#""nothing personal in it, as Fides has it" = ["articles"]"#,
    ] {
        assert!(map.contains(line), "{line}\n{map}");
    }
}

#[test]
fn declarations_become_purposes() {
    let all = all();
    let purposes = file(&all, "purposes.toml").parse::<toml::Table>().expect("TOML");
    let send = &purposes["purpose"]["web-shop-send-what-was-bought"];
    assert_eq!(send["basis"].as_str(), Some("contract"));
    assert_eq!(send["recipients"][0].as_str(), Some("parcel-co"));
    assert_eq!(send["populations"][0].as_str(), Some("buyer"));
    assert_eq!(send["retention"].as_str(), Some("web-shop-send-what-was-bought"));
    let write = &purposes["purpose"]["web-shop-write-about-offers"];
    assert_eq!((write["consent"].as_str(), write["marketing"].as_bool()), (Some("opt_in"), Some(true)));
    let recipients = file(&all, "recipients.toml").parse::<toml::Table>().expect("TOML");
    assert_eq!(recipients["recipient"]["parcel-co"]["role"].as_str(), Some("processor"));
    let rules = file(&all, "retention.toml").parse::<toml::Table>().expect("TOML");
    assert_eq!(rules["rule"]["web-shop-send-what-was-bought"]["period"].as_str(), Some("P3Y"));
    let policy = file(&all, "policy.toml").parse::<toml::Table>().expect("TOML");
    assert_eq!(policy["company"]["name"].as_str(), Some("Wharf Goods Ltd"));
    assert_eq!(policy["taxonomy"]["extend"]["user.mood"].as_str(), Some("How somebody feels about a letter"));
    assert_eq!(policy["subjects"]["buyer"]["label"].as_str(), Some("Buyer"));
}

#[test]
fn people_without_a_table_are_whoever_left_an_address() {
    let text = "dataset:\n  fides_key: leads_sqlite\n  collections:\n  - name: leads\n    fields:\n    - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}\n  - name: visits\n    fields:\n    - {name: mail, data_categories: [user.contact.email], fides_meta: {identity: email}}\n";
    let all = imported(&[("leads.yml", text)]);
    let map = file(&all, "systems/leads-sqlite.toml");
    assert!(map.contains(r#"email = { column = ["leads.email", "visits.mail"], match = "email" }"#), "{map}");
    let known = schema(vec![table("leads", &["id#", "email"], &[]), table("visits", &["id#", "mail"], &[])]);
    let compiled = compile(&all.folder, Some(&live(vec![("leads-sqlite", known)])));
    assert!(compiled.policy.is_some(), "{:#?}", compiled.diagnostics);
}

#[test]
fn rows_that_several_links_give_to_persons_are_shared() {
    let text = SHOP.replace("          - name: note\n", "          - name: giver\n            fides_meta:\n              references:\n                - {dataset: shop_postgres, field: buyers.buyer_no, direction: from}\n          - name: note\n");
    let all = imported(&[("shop.yml", &text)]);
    let map = file(&all, "systems/shop-postgres.toml");
    assert!(map.contains(r#"{ role = "co_owner", column = "giver", to = "buyers.buyer_no" }"#), "{map}");
    assert!(map.contains(r#"{ role = "co_owner", column = "buyer_no", to = "buyers.buyer_no" }"#), "{map}");
    assert!(all.decisions.iter().any(|d| d.about == "[table.orders] links"), "{:#?}", all.decisions);
}
