//! A large folder, and texts that nobody would write: `check` stays quick and calm.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use engine::diagnostic::render;
use engine::policy::compile::compile;
use engine::source::Source;

use crate::compact;

/// A map of many tables with twelve columns each; every hundredth has a mistake.
fn large(tables: usize) -> (Source, String) {
    let mut map = String::from(
        "[system]\nkind = \"sqlite\"\nconnect = { env = \"DSN\" }\ncountry = \"NO\"\n\n[subject.customer]\ntable = \"customers\"\n\
         identity = { email = { column = \"email\", match = \"email\" } }\n\n[table.customers.columns]\nname = \"user.name\"\n\
         email = \"user.contact.email\"\n",
    );
    let mut schema = String::from("customers(id int key, name text null, email text null)\n");
    for nth in 0..tables {
        let parent = if nth % 3 == 0 { "customers".to_owned() } else { format!("t{}", nth - 1) };
        let role = if nth % 3 == 0 { "owner" } else { "part" };
        let texts = (0..8).map(|c| format!("c{c} text null")).collect::<Vec<_>>().join(", ");
        let _ = writeln!(schema, "t{nth}(id int key, up int -> {parent}.id, at timestamp, n int null, {texts})");
        let role = if nth % 100 == 99 { "onwer" } else { role };
        let _ =
            write!(map, "\n[table.t{nth}]\nlinks = [{{ role = \"{role}\", column = \"up\", to = \"{parent}.id\" }}]\n");
        let _ = writeln!(map, "[table.t{nth}.columns]");
        (0..8).for_each(|c| {
            let _ = writeln!(map, "c{c} = {{ category = \"user.content\", text = true }}");
        });
    }
    let mut source = Source::default();
    source.add("policy.toml", "[company]\nname = \"Acme\"\n");
    source.add("systems/desk.toml", map);
    (source, schema)
}

#[test]
fn every_mistake_of_a_large_folder_is_found() {
    let (source, schema) = large(500);
    let schemas = BTreeMap::from([("desk".to_owned(), compact::schema(&schema))]);
    let found = compile(&source, Some(&schemas)).diagnostics;
    let text = render::text(&found, &source, false);
    assert_eq!(text.matches("did you mean `owner`?").count(), 5, "{text}");
}

/// Findings of a system file, as line, column and code, and the text that people see.
fn seen(map: &str) -> (Vec<(u64, u64, String)>, String) {
    let mut source = Source::default();
    source.add("policy.toml", "[company]\nname = \"Acme\"\n");
    source.add("systems/desk.toml", map);
    let schema = compact::schema("customers(id int key, name text null, email text null)");
    let found = compile(&source, Some(&BTreeMap::from([("desk".to_owned(), schema)]))).diagnostics;
    let report: serde_json::Value = serde_json::from_str(&render::json(&found, &source)).expect("JSON");
    let findings = report["findings"].as_array().expect("findings");
    let number = |v: &serde_json::Value| v.as_u64().unwrap_or_default();
    let places = findings.iter().filter(|f| f["file"] == "systems/desk.toml");
    let places =
        places.map(|f| (number(&f["line"]), number(&f["column"]), f["code"].as_str().unwrap_or("").to_owned()));
    let text = render::text(&found, &source, false);
    let log = render::sarif(&found, &source, "", "0.0.0");
    assert!(serde_json::from_str::<serde_json::Value>(&log).is_ok());
    (places.collect(), text)
}

const HEAD: &str = "[system]\nkind = \"sqlite\"\n\n[ignore]\n\"test data\" = [\"customers\"]\n";

#[test]
fn places_are_right_whatever_stands_before_them() {
    let at = |line, column| vec![(line, column, "U0003".to_owned())];
    let tail = |before: &str| seen(&format!("{HEAD}[system.limits]\n{before}")).0;
    assert_eq!(tail("x = 1\n"), at(7, 1));
    assert_eq!(tail("\tx = 1\n"), at(7, 2), "a tab is one column");
    assert_eq!(tail("share_from = 1 # \u{1d4b3}é\u{301}\n\"\u{1d4b3}x\" = 1\n"), at(8, 1));
    let windows = format!("{HEAD}[system.limits]\nshare_from = 1\nx = 1\n").replace('\n', "\r\n");
    assert_eq!(seen(&windows).0, at(8, 1));
    assert_eq!(seen(&format!("\u{feff}{HEAD}[system.limits]\nx = 1\n")).0, at(7, 1), "a byte order mark is no mistake");
}

#[test]
fn texts_that_nobody_would_write_are_survived() {
    let long = "x".repeat(1 << 20);
    for map in [
        format!("{HEAD}[system.limits]\n{long} = 1\n"),
        format!("{HEAD}[system.limits]\nlock_timeout = \"{long}\"\n"),
        format!("{HEAD}[table.customers]\nlinks = {}{}\n", "[".repeat(5_000), "]".repeat(5_000)),
        format!("{HEAD}a{} = 1\n", ".a".repeat(5_000)),
        format!("{HEAD}x = {}1{}\n", "{ a = ".repeat(2_000), " }".repeat(2_000)),
        format!("{HEAD}{}", "[table.customers]\n".repeat(500)),
        "\u{0}".repeat(100),
        "[".repeat(10_000),
    ] {
        let (places, text) = seen(&map);
        assert!(!places.is_empty(), "{}", &text[..text.len().min(500)]);
    }
}

#[test]
fn a_secret_in_any_place_is_never_printed() {
    let secret = "postgres://app:swordfish@db.example/desk";
    for line in [
        format!("[subject.customer]\ntable = \"{secret}\""),
        format!("[subject.customer]\ntable = \"customers\"\nidentity = {{ email = \"{secret}\" }}"),
        format!("[table.\"{secret}\"]"),
        format!("[table.customers]\nlinks = [{{ role = \"{secret}\", column = \"{secret}\", to = \"{secret}\" }}]"),
        format!("[table.customers.columns]\n\"{secret}\" = \"{secret}\""),
        format!("[table.customers]\nset_on_scrub = {{ name = \"{secret}\" }}"),
        format!("[view.\"{secret}\"]\ncopy_of = \"{secret}\""),
        format!("[task.\"{secret}\"]\ntext = 1"),
        format!("\"{secret}\" = 1"),
        format!("x = {secret}"),
        format!("[table.customers]\nkey = \"nmae\" # {secret}"),
        format!("[table.customers]\nlinks = [\n{{ role = \"onwer\" }}, # {secret}\n]"),
    ] {
        let (_, text) = seen(&format!("{HEAD}{line}\n"));
        assert!(text.contains("U0007") && !text.contains("swordfish"), "{line}\n{text}");
    }
}
