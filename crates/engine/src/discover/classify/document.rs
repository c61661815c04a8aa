//! Personal values inside JSON documents: their paths, classified like columns.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::{Setting, Verdict, classify};
use crate::discover::lexicon::Lexicon;
use crate::discover::sample::Sample;
use crate::schema::{Class, Column, Table};
use crate::value::Value;

/// Deepest level that is looked at.
const DEEP: usize = 6;

/// The most paths that are looked at.
const PATHS: usize = 200;

/// Personal paths of a column of documents, as `$.from` or `$.cc[*]`, each with what it holds.
///
/// The keys of an object can be data as well (people by their nicknames), so a path is told only where its keys are words
/// that columns are called by, and stand in a good part of the documents.
pub fn paths(setting: &Setting<'_>, column: &str, sample: &Sample) -> Vec<(String, Verdict)> {
    let parsed = sample.values.iter().filter_map(|v| serde_json::from_str::<Json>(&v.join_text()?).ok());
    let documents: Vec<Json> = parsed.filter(|d| d.is_object() || d.is_array()).collect();
    let mut found: BTreeMap<String, (usize, Vec<Value>)> = BTreeMap::new();
    for (nth, document) in documents.iter().enumerate() {
        walk(document, "$", DEEP, &mut |path, value| {
            let seen = found.len();
            let entry = match found.get_mut(path) {
                Some(entry) => entry,
                None if seen < PATHS * 4 => found.entry(path.to_owned()).or_default(),
                None => return,
            };
            entry.0 |= 1 << nth.min(63);
            entry.1.push(value);
        });
    }
    let often = documents.len().min(64).div_ceil(4).max(2.min(documents.len())) as u32;
    found.retain(|_, (documents, _)| documents.count_ones() >= often);
    let names: Vec<String> = found.keys().take(PATHS).cloned().collect();
    let dotted = |path: &str| path.replacen('$', column, 1).replace("[*]", "");
    let columns = names.iter().map(|path| Column {
        name: dotted(path),
        type_name: "json".to_owned(),
        class: class(&found[path].1),
        nullable: true,
        default: false,
        generated: false,
        max_chars: None,
    });
    let table = Table { name: setting.table.name.clone(), columns: columns.collect(), ..Table::default() };
    let samples = names.iter().map(|path| (dotted(path), Sample::of(found[path].1.iter().cloned()))).collect();
    let inner = Setting {
        table: &table,
        bond: setting.bond,
        links: &Default::default(),
        samples: &samples,
        today: setting.today,
    };
    names.into_iter().zip(classify(&inner)).filter(|(_, verdict)| verdict.personal).collect()
}

fn walk(json: &Json, path: &str, deep: usize, each: &mut impl FnMut(&str, Value)) {
    if deep == 0 {
        return;
    }
    match json {
        Json::Object(object) => {
            for (key, value) in object.iter().filter(|(key, _)| given(key)) {
                walk(value, &format!("{path}.{key}"), deep - 1, each);
            }
        }
        Json::Array(items) => items.iter().for_each(|item| walk(item, &format!("{path}[*]"), deep - 1, each)),
        Json::String(text) => each(path, Value::text(text.as_str())),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => each(path, Value::Int(whole)),
            None => each(path, Value::Real(number.as_f64().unwrap_or_default())),
        },
        Json::Bool(truth) => each(path, Value::Bool(*truth)),
        Json::Null => {}
    }
}

/// Is a key one that a programmer gave?
fn given(key: &str) -> bool {
    let name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    key.len() <= 40
        && key.chars().all(name)
        && !key.starts_with(|c: char| c.is_ascii_digit())
        && Lexicon::get().knows(key)
}

fn class(values: &[Value]) -> Class {
    match values.first() {
        Some(Value::Int(_)) => Class::Int,
        Some(Value::Real(_)) => Class::Real,
        Some(Value::Bool(_)) => Class::Bool,
        _ => Class::Text,
    }
}
