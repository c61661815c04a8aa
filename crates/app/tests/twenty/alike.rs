//! What is the same on all engines although it is written differently, and what differs by nature.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::support::{Company, Row};

/// The structure of the tables, asked of PostgreSQL, which knows types.
pub struct Shape {
    types: BTreeMap<(String, String, String), String>,
    keys: BTreeMap<(String, String), Vec<String>>,
}

const TYPES: &str = "select table_name, column_name, data_type from information_schema.columns \
    where table_schema = 'public'";
const KEYS: &str = "select k.table_name, k.column_name from information_schema.key_column_usage k \
    join information_schema.table_constraints c using (constraint_schema, constraint_name) \
    where c.constraint_type = 'PRIMARY KEY' order by k.table_name, k.ordinal_position";

impl Shape {
    pub fn of(postgres: &Company) -> Shape {
        let mut shape = Shape { types: BTreeMap::new(), keys: BTreeMap::new() };
        for system in ["helpdesk", "billing"] {
            let cell = |row: &Row, name: &str| row[name].clone().expect("a name");
            for row in postgres.query(system, TYPES) {
                let column = (system.to_owned(), cell(&row, "table_name"), cell(&row, "column_name"));
                shape.types.insert(column, cell(&row, "data_type"));
            }
            for row in postgres.query(system, KEYS) {
                let table = (system.to_owned(), cell(&row, "table_name"));
                shape.keys.entry(table).or_default().push(cell(&row, "column_name"));
            }
        }
        shape.keys.insert(("uploads".to_owned(), "objects".to_owned()), vec!["path".to_owned()]);
        shape
    }

    /// The key of a row, as plans write it.
    pub fn key(&self, table: &(String, String), row: &Row) -> Vec<String> {
        self.keys[table].iter().map(|column| row[column].clone().unwrap_or_default()).collect()
    }

    /// A value in one notation for all engines.
    pub fn normal(&self, table: &(String, String), column: &str, value: &str) -> String {
        let kind = self.types.get(&(table.0.clone(), table.1.clone(), column.to_owned()));
        match kind.map_or("", String::as_str) {
            "boolean" => matches!(value, "t" | "true" | "1").to_string(),
            // SQLite has no NaN, MariaDB no infinity either; the sample holds what comes next in its place.
            "double precision" => match value.parse::<f64>() {
                Ok(number) if number.is_nan() || number == f64::MAX => f64::INFINITY.to_string(),
                Ok(number) => number.to_string(),
                Err(_) => value.to_owned(),
            },
            "numeric" => value.parse::<f64>().map_or_else(|_| value.to_owned(), |n| format!("{n:.2}")),
            "jsonb" => serde_json::from_str::<Value>(value).map_or_else(|_| value.to_owned(), |v| sorted(&v)),
            kind if kind.starts_with("timestamp") => moment(value),
            _ => value.to_owned(),
        }
    }
}

fn moment(value: &str) -> String {
    let value = value.replacen('T', " ", 1);
    let value = ["+00:00", "+00", "Z"].iter().find_map(|zone| value.strip_suffix(zone)).unwrap_or(&value);
    match value.split_once('.') {
        Some((whole, fraction)) if fraction.trim_end_matches('0').is_empty() => whole.to_owned(),
        Some((whole, fraction)) => format!("{whole}.{}", fraction.trim_end_matches('0')),
        None => value.to_owned(),
    }
}

fn sorted(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let map: BTreeMap<_, _> = map.iter().map(|(k, v)| (k, sorted(v))).collect();
            format!("{map:?}")
        }
        Value::Array(list) => format!("[{}]", list.iter().map(sorted).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}

/// Cells that hold something random by intention: hashes and tokens, and the time at which a stand-in was made.
#[derive(Default)]
pub struct Random {
    cells: BTreeSet<(String, String, Vec<String>, String)>,
}

impl Random {
    /// Remembers which cells a plan fills so.
    pub fn collect(&mut self, plan: &Value) {
        for (system, step) in steps(plan) {
            let table = step["table"].as_str().unwrap_or_default();
            for change in step["action"]["columns"].as_array().into_iter().flatten() {
                if change[1] == "hash" || change[1] == "pseudonym" {
                    for key in step["keys"].as_array().expect("keys") {
                        let column = change[0].as_str().expect("a column").to_owned();
                        self.cells.insert((system.to_owned(), table.to_owned(), texts(key), column));
                    }
                }
            }
        }
    }
}

/// The rows of a table in one notation, sorted, with random cells masked.
pub fn rows(table: &(String, String), rows: &[Row], shape: &Shape, random: &Random) -> Vec<Row> {
    let mut all: Vec<Row> = rows
        .iter()
        .map(|row| {
            let key = shape.key(table, row);
            let stand_in = row.get("status").is_some_and(|s| s.as_deref() == Some("placeholder"));
            let cell = |column: &String, value: &String| {
                let place = (table.0.clone(), table.1.clone(), key.clone(), column.clone());
                let masked = random.cells.contains(&place) && !value.is_empty() || stand_in && column == "created_at";
                if masked { "<random>".to_owned() } else { token_free(&shape.normal(table, column, value)) }
            };
            row.iter().map(|(column, value)| (column.clone(), value.as_ref().map(|v| cell(column, v)))).collect()
        })
        .collect();
    all.sort();
    all
}

/// `former-` and twelve hexadecimal digits are a stand-in's token.
fn token_free(text: &str) -> String {
    match text.strip_prefix("former-") {
        Some(token) if token.len() == 12 && token.chars().all(|c| c.is_ascii_hexdigit()) => "former-<token>".to_owned(),
        _ => text.to_owned(),
    }
}

/// A plan without hashes, nonces, tokens and times; everything else stays.
pub fn plan(plan: &Value) -> Value {
    let mut plan = plan.clone();
    let map = plan.as_object_mut().expect("a plan");
    for name in ["request", "policy", "token_key", "nonce", "made_at", "expires_at"] {
        map.remove(name).unwrap_or_else(|| panic!("a plan has `{name}`"));
    }
    for system in map["systems"].as_array_mut().expect("systems") {
        // Which tables are touched must agree; how an engine describes them cannot.
        let tables: Vec<String> = system["fingerprint"].as_object().expect("a map").keys().cloned().collect();
        system["fingerprint"] = json!(tables);
        for step in system["steps"].as_array_mut().expect("steps") {
            for name in ["digest", "each"] {
                step.as_object_mut().expect("a step").remove(name);
            }
            for value in step["action"]["values"].as_array_mut().into_iter().flatten() {
                let text = value[1]["text"].as_str().map(token_free);
                if value[0] == "created_at" {
                    value[1] = json!("<now>");
                } else if let Some(text) = text {
                    value[1] = json!(text);
                }
            }
        }
    }
    plan
}

/// Where two plans differ, as paths.
pub fn differences(one: &Value, other: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare("", one, other, &mut found);
    found
}

fn compare(path: &str, one: &Value, other: &Value, found: &mut Vec<String>) {
    match (one, other) {
        (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
            a.iter().for_each(|(k, v)| compare(&format!("{path}.{k}"), v, &b[k], found));
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().for_each(|(ix, (x, y))| compare(&format!("{path}[{ix}]"), x, y, found));
        }
        _ if one == other => {}
        _ => found.push(format!("{path}: {one} and {other}")),
    }
}

/// All steps of a plan with their systems.
pub fn steps(plan: &Value) -> impl Iterator<Item = (&str, &Value)> {
    plan["systems"].as_array().expect("systems").iter().flat_map(|system| {
        let name = system["system"].as_str().expect("a name");
        system["steps"].as_array().expect("steps").iter().map(move |step| (name, step))
    })
}

/// A key of a plan as texts.
pub fn texts(key: &Value) -> Vec<String> {
    key.as_array().expect("a key").iter().map(|v| text(v).unwrap_or_default()).collect()
}

/// A value of a plan as text; `None` is NULL.
pub fn text(value: &Value) -> Option<String> {
    match value {
        Value::Object(map) => map.values().next().map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned)),
        _ => None,
    }
}
