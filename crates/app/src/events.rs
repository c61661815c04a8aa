//! Events as products send them to a collector: JSON, one on each line, read for their names. Values are looked at and forgotten.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;
use engine::decide::replay::Event;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::capture::fields;
use crate::terminal::Misuse;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    to: String,
    #[serde(default)]
    event: Option<String>,
    #[serde(alias = "fields", default)]
    attributes: Map<String, Value>,
}

/// The events of a file with the lines on which they stand. `file` is named in errors; no error says what an event holds.
pub fn read(file: &Path) -> Result<Vec<(usize, Event)>> {
    let name = file.display();
    let text = std::fs::read_to_string(file).map_err(|e| Misuse(format!("cannot read {name}: {e}")))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(at, line)| {
            let form = r#"{"to": "telemetry:ID", "event": "..", "attributes": {..}}"#;
            let line: Line = serde_json::from_str(line)
                .map_err(|_| Misuse(format!("{name}, line {}: an event is written {form}", at + 1)))?;
            let mut names = BTreeSet::new();
            fields(&Value::Object(line.attributes), "", &mut names);
            Ok((at + 1, Event { to: line.to, event: line.event, names }))
        })
        .collect()
}
