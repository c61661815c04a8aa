//! Every page of the manual: the wrong example produces the page's code and no other, drawn as the page shows it, and the
//! right one nothing at all. `UPHELD_WRITE=1` draws the errors into the pages anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use engine::diagnostic::catalogue::{PAGES, Page};
use engine::diagnostic::{Diagnostic, Severity, render};
use engine::lint;
use engine::policy::compile::compile;
use engine::schema::Schema;
use engine::source::Source;
use jiff::civil::{Date, date};

use crate::{compact, observed};

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

/// Lints look at folders whose notice has a head, on a day.
const NOTICE: &str = "+++\ntitle = \"Privacy\"\nversion = \"1\"\neffective = \"2026-03-01\"\n+++\n# Privacy\n";

/// The day on which the lints look at the examples.
const DAY: Date = date(2026, 7, 1);

/// What a whole folder lacks is found in every example, which is only a part of one; their own pages show it.
const LACKS: [&str; 2] = ["U1107", "U1111"];

#[test]
fn wrong_examples_are_found_and_right_ones_pass() {
    let failures: Vec<String> = PAGES.iter().flat_map(failures).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn pages_draw_the_error_of_their_wrong_example() {
    let stale: Vec<String> = PAGES.iter().filter_map(stale).collect();
    assert!(
        stale.is_empty(),
        "errors are drawn anew with\n  UPHELD_WRITE=1 cargo test -p engine --test planted\n\n{}",
        stale.join("\n\n")
    );
}

/// The error as it should be drawn, if the page shows another; or writes it.
fn stale(page: &Page) -> Option<String> {
    let (wrong, _) = examples(page);
    let (source, found) = run(page, &blocks(wrong));
    let drawn = drawn(&found, &source);
    let shown = blocks(wrong).into_iter().find(|(info, _)| *info == "error").map(|(_, text)| text);
    if shown == Some(drawn.as_str()) {
        return None;
    }
    if std::env::var_os("UPHELD_WRITE").is_some() {
        let fresh = match wrong.split_once("\n```error\n") {
            Some((before, _)) => format!("{before}\n```error\n{drawn}```\n\n"),
            None => format!("{}\n\n```error\n{drawn}```\n\n", wrong.trim_end()),
        };
        let path = format!("src/diagnostic/manual/{}.md", page.code);
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        fs::write(path, page.text.replacen(wrong, &fresh, 1)).expect("the page can be written");
        return None;
    }
    Some(format!("{}:\n{drawn}", page.code))
}

/// What people see of the findings, without the summary.
fn drawn(found: &[Diagnostic], source: &Source) -> String {
    let text = render::text(found, source, false);
    let mut lines: Vec<&str> = text.trim_end().lines().collect();
    lines.truncate(lines.len().saturating_sub(2));
    let trimmed: Vec<&str> = lines.iter().map(|l| l.trim_end()).collect();
    format!("{}\n", trimmed.join("\n").trim_end())
}

/// The wrong example of a page with all that belongs to it, and the right one.
pub fn examples(page: &Page) -> (&'static str, Option<&'static str>) {
    let end = page.text.find("## Why it matters").unwrap_or(page.text.len());
    let text = &page.text[..end];
    let start = text.find("## Wrong").unwrap_or_default();
    match text.find("## Right") {
        Some(right) => (&text[start..right], Some(&text[right..])),
        None => (&text[start..], None),
    }
}

fn failures(page: &Page) -> Vec<String> {
    let (wrong, right) = examples(page);
    let mut failures = Vec::new();
    let schemas = blocks(wrong).into_iter().filter(|(info, _)| info.starts_with("schema")).collect::<Vec<_>>();
    let (source, found) = run(page, &blocks(wrong));
    let codes: BTreeSet<&str> = found.iter().map(|d| d.code.0).collect();
    if codes != BTreeSet::from([page.code]) {
        failures.push(format!("{}: the wrong example gives\n{}", page.code, render::text(&found, &source, false)));
    }
    if let Some(right) = right {
        let (source, found) = run(page, &[schemas, blocks(right)].concat());
        if !found.is_empty() {
            failures.push(format!("{}: the right example gives\n{}", page.code, render::text(&found, &source, false)));
        }
    }
    failures
}

/// Fenced blocks: what stands after the fence, and the content.
pub fn blocks(text: &str) -> Vec<(&str, &str)> {
    let fenced = text.split("```").skip(1).step_by(2);
    fenced.filter_map(|block| block.split_once('\n')).collect()
}

/// Pages about parts of the language that are not planned yet, which is a finding of its own.
const NOT_YET: [&str; 2] = ["U0211", "U0215"];

fn run(page: &Page, blocks: &[(&str, &str)]) -> (Source, Vec<Diagnostic>) {
    let (mut source, live) = folder(blocks);
    let of_lint = page.code.starts_with("U11");
    if of_lint && source.find("notice.md").is_none() {
        source.add("notice.md", NOTICE);
    }
    let compiled = compile(&source, Some(&live));
    let mut found = compiled.diagnostics;
    if let Some(policy) = compiled.policy.filter(|_| of_lint) {
        found.extend(lint::findings(&policy, DAY));
        found.retain(|d| d.code.0 == page.code || !LACKS.contains(&d.code.0));
    }
    found.extend(observed::found(blocks, &source, &live, SCHEMA));
    found.retain(|d| d.code.0 != "U0300" || !NOT_YET.contains(&page.code));
    found.retain(|d| d.severity != Severity::Note || d.code.0 == page.code);
    (source, found)
}

/// The folder that the blocks of an example describe, and the schemas of its systems.
pub fn folder(blocks: &[(&str, &str)]) -> (Source, BTreeMap<String, Schema>) {
    let mut schemas = BTreeMap::from([("desk".to_owned(), SCHEMA.to_owned())]);
    let mut files = BTreeMap::from([("policy.toml", POLICY.to_owned())]);
    let mut fragment = None;
    for (info, content) in blocks {
        match info.split_once(' ') {
            Some(("schema", system)) => drop(schemas.insert(system.to_owned(), (*content).to_owned())),
            None if *info == "schema" => drop(schemas.insert("desk".to_owned(), format!("{SCHEMA}\n{content}"))),
            Some((_, path)) => drop(files.insert(path, (*content).to_owned())),
            None if matches!(*info, "error" | "live" | "locked") => {}
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
    (source, live.collect())
}
