//! Rows as lines of JSON that lose nothing.
//!
//! Plain JSON where every reader agrees on it; an object with one entry for what JSON cannot hold or readers round. Text is
//! always a string, so the two never meet.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use engine::plan::{Action, Step};
use engine::policy::model::Access;
use engine::value::Value;
use serde_json::json;

/// How to read the lines; stands in the manifest.
pub const HOW_TO_READ: &[&str] = &[
    "Each line of a .jsonl file is one row: a JSON object from column to value.",
    "_level says how much of the row is returned: row (whole), shared (without what belongs to others), fact (its key alone).",
    "_links names the links by which you hold the row. A column of such a name has one more underscore before it.",
    "{\"int\": \"...\"} is a whole number beyond 9007199254740991, which many programs would round.",
    "{\"real\": \"NaN\"}, {\"real\": \"inf\"} and {\"real\": \"-inf\"} are numbers that JSON cannot hold.",
    "{\"bytes\": \"...\"} is binary data in Base64.",
];

/// Largest whole number that every reader of JSON keeps.
const SAFE: u64 = (1 << 53) - 1;

/// A value as JSON.
pub fn value(value: &Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(b) => json!(b),
        Value::Int(i) if i.unsigned_abs() > SAFE => json!({ "int": i.to_string() }),
        Value::Int(i) => json!(i),
        Value::Real(r) if r.is_finite() => json!(r),
        Value::Real(r) => json!({ "real": r.to_string() }),
        Value::Text(s) => json!(s),
        Value::Bytes(b) => json!({ "bytes": STANDARD.encode(b) }),
    }
}

/// The word for a level.
pub fn level(level: Access) -> &'static str {
    match level {
        Access::Row => "row",
        Access::Shared => "shared",
        Access::Fact => "fact",
        Access::Withhold => "withheld",
    }
}

/// The lines of one step.
pub struct Lines {
    /// Level and links.
    head: String,
    /// What stands before each value.
    fields: Vec<String>,
}

impl Lines {
    /// `None` where the step exports nothing.
    pub fn of(step: &Step) -> Option<Lines> {
        let Action::Export { level: l, links, .. } = &step.action else { return None };
        let head = format!("{{\"_level\":{},\"_links\":{}", json!(level(*l)), json!(links));
        let fields = step.shown().iter().map(|c| format!(",{}:", json!(field(c)))).collect();
        Some(Lines { head, fields })
    }

    /// One row as a line, with its end.
    pub fn line(&self, row: &[Value]) -> anyhow::Result<String> {
        let (values, columns) = (row.len(), self.fields.len());
        anyhow::ensure!(values == columns, "a row has {values} values for {columns} columns");
        let mut line = self.head.clone();
        for (field, v) in self.fields.iter().zip(row) {
            line.push_str(field);
            line.push_str(&value(v).to_string());
        }
        line.push_str("}\n");
        Ok(line)
    }
}

/// The name of a column in a line. Our own two names stay ours; the rule loses nothing, for each name has one reading.
fn field(column: &str) -> String {
    let bare = column.trim_start_matches('_');
    let ours = bare.len() < column.len() && (bare == "level" || bare == "links");
    if ours { format!("_{column}") } else { column.to_owned() }
}
