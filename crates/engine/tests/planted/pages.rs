//! Every page of the manual: the wrong example produces the page's code and no other, the right one nothing at all.

use std::collections::{BTreeMap, BTreeSet};

use engine::diagnostic::catalogue::{PAGES, Page};
use engine::diagnostic::{Diagnostic, render};
use engine::policy::compile::compile;
use engine::source::Source;

use crate::compact;

const POLICY: &str = "[company]\nname = \"Acme\"\n\n[[law]]\nid = \"tax-law\"\ntitle = \"Tax law\"\n";

const SCHEMA: &str = "customers(id int key, name text null, email text null)";

const DESK: &str = r#"
[system]
kind = "sqlite"
connect = { env = "DESK_DSN" }

[subject.customer]
table = "customers"
identity = { email = { column = "email", match = "email" } }

[table.customers.columns]
name = "user.name"
email = "user.contact.email"

"#;

#[test]
fn wrong_examples_are_found_and_right_ones_pass() {
    let failures: Vec<String> = PAGES.iter().flat_map(failures).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

fn failures(page: &Page) -> Vec<String> {
    let text = page.text.split("## Why it matters").next().unwrap_or_default();
    let (wrong, right) = match text.split_once("## Right") {
        Some((wrong, right)) => (wrong, Some(right)),
        None => (text, None),
    };
    let mut failures = Vec::new();
    let schemas = blocks(wrong).into_iter().filter(|(info, _)| info.starts_with("schema")).collect::<Vec<_>>();
    let (source, found) = run(&blocks(wrong));
    let mut codes: BTreeSet<&str> = found.iter().map(|d| d.code.0).collect();
    if page.code == "U0211" {
        codes.remove("U0300"); // It takes a `co_owner`, which is not planned yet.
    }
    if codes != BTreeSet::from([page.code]) {
        failures.push(format!("{}: the wrong example gives\n{}", page.code, render::text(&found, &source, false)));
    }
    if let Some(right) = right {
        let (source, found) = run(&[schemas, blocks(right)].concat());
        if !found.is_empty() {
            failures.push(format!("{}: the right example gives\n{}", page.code, render::text(&found, &source, false)));
        }
    }
    failures
}

/// Fenced blocks: what stands after the fence, and the content.
fn blocks(text: &str) -> Vec<(&str, &str)> {
    let fenced = text.split("```").skip(1).step_by(2);
    fenced.filter_map(|block| block.split_once('\n')).collect()
}

fn run(blocks: &[(&str, &str)]) -> (Source, Vec<Diagnostic>) {
    let mut schemas = BTreeMap::from([("desk".to_owned(), SCHEMA.to_owned())]);
    let mut files = BTreeMap::from([("policy.toml", POLICY.to_owned())]);
    let mut fragment = None;
    for (info, content) in blocks {
        match info.split_once(' ') {
            Some(("schema", system)) => drop(schemas.insert(system.to_owned(), (*content).to_owned())),
            None if *info == "schema" => drop(schemas.insert("desk".to_owned(), format!("{SCHEMA}\n{content}"))),
            Some((_, path)) => drop(files.insert(path, (*content).to_owned())),
            None => fragment = Some(*content),
        }
    }
    let desk = || format!("{}{}", DESK.trim_start(), fragment.unwrap_or_default());
    files.entry("systems/desk.toml").or_insert_with(desk);
    let locked = files.contains_key("systems/desk.schema.json");
    let live = schemas.into_iter().map(|(system, lines)| (system, compact::schema(&lines))).filter(|_| !locked);
    let mut source = Source::default();
    for (path, text) in files {
        source.add(path, text);
    }
    let found = compile(&source, Some(&live.collect())).diagnostics;
    (source, found)
}
