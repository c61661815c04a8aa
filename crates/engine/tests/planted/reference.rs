//! The examples of the language's reference.

use std::collections::BTreeMap;

use engine::diagnostic::render;
use engine::policy::compile::compile;
use engine::source::Source;

use crate::compact;

const PAGE: &str = include_str!("../../../../docs/reference/language.md");

const SHOP: &str = "
    accounts(id int key, full_name text null, email text unique)
    orders(id int key, account_id int)
    order_lines(id int key, order_id int, product_id int)
    reviews(id int key, account_id int null, text text)
    products(id int key, title text)
";

#[test]
fn the_first_map_compiles_and_leaves_no_table_out() {
    let map = PAGE.split("```toml\n").nth(1).and_then(|block| block.split("```").next()).expect("the first map");
    let found = |schema: &str| {
        let mut source = Source::default();
        source.add("policy.toml".to_owned(), "[company]\nname = \"Acme\"\n".to_owned());
        source.add("systems/shop.toml".to_owned(), map.to_owned());
        let live = BTreeMap::from([("shop".to_owned(), compact::schema(schema))]);
        let found = compile(&source, Some(&live)).diagnostics;
        render::text(&found, &source, false)
    };
    assert_eq!(found(SHOP), "");
    assert!(found(&format!("{SHOP}\nvouchers(id int key, note text)")).contains("U0401"), "a new table is not missed");
}
