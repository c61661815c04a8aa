//! Which parts of the language compile: what no plan carries out yet is not drawn.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use engine::source::Source;

use super::POLICY;
use crate::sketch;
use crate::vector::is_later;

const SCHEMA: &str =
    "users: id int key, email text?\ndocs: id int key, a int?, t text?, ip text?\nother: id int key, a int?";

/// A part of the language, and what of `[table.docs]` has it.
const FEATURES: &[(&str, &str)] = &[
    ("co_owner", r#"links = [{ role = "co_owner", column = "a", to = "users.id" }]"#),
    ("viewer", r#"links = [{ role = "viewer", column = "a", to = "users.id" }]"#),
    ("while_shared", r#"links = [{ role = "co_owner", column = "a", to = "users.id", while_shared = "none" }]"#),
    ("last", r#"links = [{ role = "part", column = "a", to = "users.id", last = true }]"#),
    ("to_when", r#"links = [{ role = "owner", column = "a", to = "users.id", to_when = { email = "x" } }]"#),
];

const MAP: &str = "[system]\nkind = \"sqlite\"\nconnect = { env = \"DESK\" }\n[subject.user]\ntable = \"users\"\n\
    identity = { email = \"email\" }\n[table.users.columns]\nemail = \"user.contact.email\"\n[table.docs]\n";

/// Is this part of the language drawn?
pub fn has(feature: &str) -> bool {
    static PLANNED: OnceLock<BTreeSet<&str>> = OnceLock::new();
    let all = || FEATURES.iter().filter(|(_, said)| is_planned(said)).map(|(name, _)| *name).collect();
    PLANNED.get_or_init(all).contains(feature)
}

fn is_planned(said: &str) -> bool {
    let mut source = Source::default();
    source.add("policy.toml", POLICY);
    source.add("systems/desk.toml", format!("{MAP}{said}"));
    let schema = sketch::schema(SCHEMA).expect("a schema");
    !is_later(&source, &BTreeMap::from([("desk".to_owned(), schema)]))
}
