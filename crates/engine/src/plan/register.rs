//! The register of kept rows: what keeps them, whoever asks next. Rows and persons stand in it as keyed digests.

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;

use super::digest::token;
use super::types::Key;
use crate::value::Value;

/// What the planner must know of the register: its key, and where it has rows.
#[derive(Clone, Default)]
pub struct Register {
    key: String,
    places: BTreeSet<(String, String)>,
}

/// One entry about a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Digest of the row.
    pub row: String,
    /// What keeps it: `law:ID` or `hold:ID`. With `needed:` before it, what keeps rows that need it: itself it is changed.
    pub keeper: String,
    /// Last day, where it is known.
    pub until: Option<String>,
    /// The columns that are kept; empty: all of the row.
    pub columns: Vec<String>,
    /// The profile of the plan that kept it: what only one profile keeps, others need not.
    pub profile: Option<String>,
    /// It is a record of the person whose erasure left it.
    pub own: bool,
}

/// Who keeps the register: our own store, in which rows are found by their digests.
pub trait Registrar: Sync {
    /// What is known of these rows.
    fn kept<'a>(&'a self, rows: &'a [String]) -> Pin<Box<dyn Future<Output = Result<Vec<Entry>, String>> + Send + 'a>>;
}

impl Register {
    /// A register with this key that has rows of these tables (system and table).
    pub fn new(key: &[u8; 32], places: impl IntoIterator<Item = (String, String)>) -> Self {
        Register { key: hex::encode(key), places: places.into_iter().collect() }
    }

    /// What tells its key apart from others; `holds.toml` names it.
    pub fn key_id(&self) -> String {
        token(&self.key, &[b"key id"])[..16].to_owned()
    }

    /// Has it rows of this table?
    pub fn knows(&self, system: &str, table: &str) -> bool {
        self.places.iter().any(|(s, t)| s == system && t == table)
    }

    /// The digest of a row.
    pub fn row(&self, system: &str, table: &str, key: &Key) -> String {
        let mut encoded = Vec::new();
        // As text: the same key may be read as a number here and be written as text there.
        key.iter().for_each(|value| encode(value, &mut encoded));
        token(&self.key, &[b"row", system.as_bytes(), table.as_bytes(), &encoded])
    }

    /// The digest of an identity of a person; the value is normalised.
    pub fn person(&self, kind: &str, tenant: Option<&Value>, name: &str, value: &str) -> String {
        let tenant = tenant.and_then(Value::join_text);
        let has = if tenant.is_some() { &b"tenant"[..] } else { b"" };
        let tenant = tenant.unwrap_or_default();
        token(&self.key, &[b"person", kind.as_bytes(), has, tenant.as_bytes(), name.as_bytes(), value.as_bytes()])
    }

    /// The digest of what stands in a row: the values of these columns.
    pub fn content(&self, table: &str, columns: &[String], values: &[Value]) -> String {
        let mut encoded = Vec::new();
        values.iter().for_each(|value| value.encode(&mut encoded));
        let columns = columns.join("\n");
        token(&self.key, &[b"content", table.as_bytes(), columns.as_bytes(), &encoded])
    }
}

impl std::fmt::Debug for Register {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Register").field("places", &self.places).finish_non_exhaustive()
    }
}

fn encode(value: &Value, out: &mut Vec<u8>) {
    match value.join_text() {
        Some(text) => {
            out.extend((text.len() as u64).to_be_bytes());
            out.extend(text.as_bytes());
        }
        None => value.encode(out),
    }
}
