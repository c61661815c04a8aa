//! JSON Schemas beside the parser: what is right passes, what has a wrong key, type or word does not, and a schema never
//! refuses what the parser takes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use boon::{Compiler, SchemaIndex, Schemas};
use engine::diagnostic::catalogue::PAGES;
use engine::policy::keys::{SCHEMAS, json_schema};
use engine::policy::parse::parse;
use engine::source::Source;
use serde_json::Value;

use crate::pages::{blocks, examples, folder};

/// Compiled schemas by name.
struct Checker {
    schemas: Schemas,
    index: BTreeMap<&'static str, SchemaIndex>,
}

impl Checker {
    fn new() -> Checker {
        let mut schemas = Schemas::new();
        let mut compiler = Compiler::new();
        let mut index = BTreeMap::new();
        for file in SCHEMAS {
            let url = format!("https://schemas.example/{}.json", file.name);
            compiler.add_resource(&url, json_schema(file)).expect("a schema is JSON");
            index.insert(file.name, compiler.compile(&url, &mut schemas).expect("a schema compiles"));
        }
        Checker { schemas, index }
    }

    /// What the schema of a file says against it; nothing of a file without schema.
    fn refuses(&self, path: &str, content: &Value) -> Option<String> {
        let index = self.index[schema_of(path)?];
        self.schemas.validate(content, index).err().map(|error| format!("{error:#}"))
    }
}

/// The schema that a file of the folder follows.
fn schema_of(path: &str) -> Option<&'static str> {
    let parts: Vec<&str> = path.rsplit('/').next()?.split('.').collect();
    let name = match (path.starts_with("systems/"), parts.as_slice()) {
        (true, [_, "toml"]) => "system",
        (true, [_, "schema", "json"]) => "locked",
        (true, [_, _, "toml"]) => "profile",
        (false, [name, "toml"]) => name,
        _ => return None,
    };
    SCHEMAS.iter().map(|file| file.name).find(|known| *known == name)
}

/// TOML as an editor hands it to a schema: dates are strings.
fn as_json(value: toml::Value) -> Value {
    match value {
        toml::Value::Datetime(date) => Value::String(date.to_string()),
        toml::Value::Array(list) => list.into_iter().map(as_json).collect(),
        toml::Value::Table(table) => table.into_iter().map(|(k, v)| (k, as_json(v))).collect(),
        other => serde_json::to_value(other).expect("a single value"),
    }
}

fn content(path: &str, text: &str) -> Option<Value> {
    match path.ends_with(".json") {
        true => serde_json::from_str(text).ok(),
        false => text.parse().ok().map(|table| as_json(toml::Value::Table(table))),
    }
}

/// Path and text of each file under a folder.
fn files(root: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(root);
    let mut folders: Vec<PathBuf> = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder").flatten().map(|e| e.path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if let Ok(text) = fs::read_to_string(&entry) {
                found.push((entry.strip_prefix(&root).expect("below").display().to_string(), text));
            }
        }
    }
    found.retain(|(path, _)| schema_of(path).is_some());
    found.sort();
    found
}

#[test]
fn what_is_right_passes() {
    let checker = Checker::new();
    let mut given = files("../../examples/harbour-desk");
    given.extend(files("src/policy/parse/tests/folder"));
    for company in ["helpdesk", "device-manager", "collaboration", "it-services", "helpdesk-portal"] {
        given.extend(files(&format!("../../examples/{company}")));
    }
    assert!(given.len() >= 18, "{given:?}");
    let right = PAGES.iter().filter_map(|page| examples(page).1);
    for (source, _) in right.map(|text| folder(&blocks(text))) {
        // A notice is words with a head; no schema describes it.
        let described = source.files().filter(|(_, file)| file.path != "notice.md");
        given.extend(described.map(|(_, file)| (file.path.clone(), file.text.clone())));
    }
    for (path, text) in given {
        let content = content(&path, &text).unwrap_or_else(|| panic!("{path} cannot be read"));
        assert_eq!(checker.refuses(&path, &content), None, "{path}\n{text}");
    }
}

#[test]
fn wrong_keys_types_and_words_do_not() {
    let checker = Checker::new();
    for page in PAGES.iter().filter(|p| ["U0003", "U0004", "U0005", "U0006", "U0009", "U0010"].contains(&p.code)) {
        let (source, _) = folder(&blocks(examples(page).0));
        let mut contents = source.files().filter_map(|(_, f)| Some((&f.path, content(&f.path, &f.text)?)));
        assert!(contents.any(|(path, content)| checker.refuses(path, &content).is_some()), "{}", page.code);
    }
}

/// Values exchanged, keys renamed, added and taken out, all over a folder that uses every key.
#[test]
fn a_schema_never_refuses_what_the_parser_takes_and_knows_every_key() {
    let checker = Checker::new();
    let every = if std::env::var_os("UPHELD_DEEP").is_some() { 1 } else { 4 };
    let (mut refused, mut unknown) = (0, 0);
    for (path, text) in files("src/policy/parse/tests/folder").into_iter().filter(|(p, _)| p.ends_with(".toml")) {
        let table: toml::Table = text.parse().expect("the sample is TOML");
        for mutant in mutants(&toml::Value::Table(table)).into_iter().step_by(every) {
            let text = toml::to_string(&mutant).expect("a mutant is TOML");
            let (_, findings) = parse(&beside(&path, &text));
            let refuses = checker.refuses(&path, &as_json(mutant));
            let codes: Vec<&str> = findings.iter().map(|d| d.code.0).collect();
            assert!(refuses.is_none() || !findings.is_empty(), "{path}: {refuses:?}\n{text}");
            if codes.iter().any(|c| ["U0003", "U0004", "U0005", "U0006"].contains(c)) {
                assert!(refuses.is_some(), "{path} passes: {findings:#?}\n{text}");
                unknown += 1;
            }
            refused += usize::from(refuses.is_some());
        }
    }
    assert!(refused > 200 && unknown > 200, "{refused} refused, {unknown} wrong");
}

/// A folder with this file, and those that it needs.
fn beside(path: &str, text: &str) -> Source {
    let mut source = Source::default();
    let needed =
        [("policy.toml", "[company]\nname = \"Acme\"\n"), ("systems/desk.toml", "[system]\nkind = \"sqlite\"\n")];
    for (path, text) in needed.into_iter().filter(|(needed, _)| *needed != path) {
        source.add(path, text);
    }
    source.add(path, text);
    source
}

/// Every way to change one thing.
fn mutants(value: &toml::Value) -> Vec<toml::Value> {
    use toml::Value as V;
    let mut found = Vec::new();
    match value {
        V::Table(table) => {
            for (key, inner) in table {
                let with = |new: Option<V>| {
                    let mut copy = table.clone();
                    match new {
                        Some(new) => copy.insert(key.clone(), new),
                        None => copy.remove(key),
                    };
                    V::Table(copy)
                };
                found.push(with(None));
                for wrong in [V::Integer(-7), V::Boolean(true), V::String(".".into()), V::Table(toml::Table::new())] {
                    found.push(with(Some(wrong)));
                }
                found.push(with(Some(V::Array(vec![inner.clone(), V::Integer(1)]))));
                found.extend(mutants(inner).into_iter().map(|new| with(Some(new))));
            }
            let mut more = table.clone();
            more.insert("unheard_of".into(), V::Float(1.5));
            found.push(V::Table(more));
        }
        V::Array(list) => {
            for (nth, inner) in list.iter().enumerate() {
                for new in mutants(inner).into_iter().chain([V::Boolean(false), V::Array(Vec::new())]) {
                    let mut copy = list.clone();
                    copy[nth] = new;
                    found.push(V::Array(copy));
                }
            }
            found.push(V::Array(Vec::new()));
        }
        _ => {}
    }
    found
}
