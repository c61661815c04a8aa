//! One cell of somebody's database, as it travels between connectors, planner and answers.
//!
//! A value keeps what the database held: integers beyond 2^53, infinities and bytes survive. Everything that is neither a
//! truth value, a number of 64 bits nor bytes travels as text in the connector's pinned form (UTC, ISO 8601, full digits).

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize};

/// A database value. Equality and order are total and by type; `Debug` shows the shape only, never the content, so that a
/// value that slips into a log line or an error is harmless.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// SQL NULL.
    Null,
    /// A truth value of a database that has them; SQLite's 0 and 1 arrive as integers.
    Bool(bool),
    /// A whole number of at most 64 bits.
    Int(i64),
    /// A binary floating point number, kept as its bits so that NaN and the infinities survive JSON.
    Real(#[serde(with = "real_as_text")] f64),
    /// Text, or any other type in its pinned text form (uuid, decimal, timestamp, JSON).
    Text(String),
    /// Bytes, written as lower-case hexadecimal.
    Bytes(#[serde(with = "hex::serde")] Vec<u8>),
}

impl Value {
    /// Text from anything that is a string.
    pub fn text(s: impl Into<String>) -> Self {
        Value::Text(s.into())
    }

    /// Is this SQL NULL?
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// The canonical text under which values of two columns, perhaps of two systems, are compared in a join: `42` and
    /// `"42"` meet. `None` where the value is NULL or empty, for empty joins nothing (LANGUAGE 1).
    pub fn join_text(&self) -> Option<Cow<'_, str>> {
        match self {
            Value::Null => None,
            Value::Bool(b) => Some(Cow::Borrowed(if *b { "true" } else { "false" })),
            Value::Int(i) => Some(Cow::Owned(i.to_string())),
            Value::Real(r) => Some(Cow::Owned(r.to_string())),
            Value::Text(s) if s.is_empty() => None,
            Value::Text(s) => Some(Cow::Borrowed(s)),
            Value::Bytes(b) if b.is_empty() => None,
            Value::Bytes(b) => Some(Cow::Owned(format!("\\x{}", hex::encode(b)))),
        }
    }

    /// What can be read in it as text: a text, or bytes that are UTF-8.
    pub fn readable(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            Value::Bytes(bytes) => std::str::from_utf8(bytes).ok(),
            _ => None,
        }
    }

    /// A text in the form in which this value has one: bytes where it is bytes.
    pub fn rewritten(&self, text: String) -> Value {
        match self {
            Value::Bytes(_) => Value::Bytes(text.into_bytes()),
            _ => Value::Text(text),
        }
    }

    /// Appends an unambiguous encoding (type tag, length, content) for digests.
    pub fn encode(&self, out: &mut Vec<u8>) {
        let (tag, body): (u8, Cow<'_, [u8]>) = match self {
            Value::Null => (0, Cow::Borrowed(&[])),
            Value::Bool(b) => (1, Cow::Owned(vec![u8::from(*b)])),
            Value::Int(i) => (2, Cow::Owned(i.to_be_bytes().to_vec())),
            Value::Real(r) => (3, Cow::Owned(r.to_bits().to_be_bytes().to_vec())),
            Value::Text(s) => (4, Cow::Borrowed(s.as_bytes())),
            Value::Bytes(b) => (5, Cow::Borrowed(b)),
        };
        out.push(tag);
        out.extend((body.len() as u64).to_be_bytes());
        out.extend_from_slice(&body);
    }

    fn rank(&self) -> u8 {
        match self {
            Value::Null => 0,
            Value::Bool(_) => 1,
            Value::Int(_) => 2,
            Value::Real(_) => 3,
            Value::Text(_) => 4,
            Value::Bytes(_) => 5,
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => f.write_str("null"),
            Value::Bool(_) => f.write_str("bool"),
            Value::Int(_) => f.write_str("int"),
            Value::Real(_) => f.write_str("real"),
            Value::Text(s) => write!(f, "text[{}]", s.len()),
            Value::Bytes(b) => write!(f, "bytes[{}]", b.len()),
        }
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Value {}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Value {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
            (Value::Int(a), Value::Int(b)) => a.cmp(b),
            (Value::Real(a), Value::Real(b)) => a.total_cmp(b),
            (Value::Text(a), Value::Text(b)) => a.cmp(b),
            (Value::Bytes(a), Value::Bytes(b)) => a.cmp(b),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

impl Hash for Value {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.rank().hash(state);
        match self {
            Value::Null => {}
            Value::Bool(b) => b.hash(state),
            Value::Int(i) => i.hash(state),
            Value::Real(r) => r.to_bits().hash(state),
            Value::Text(s) => s.hash(state),
            Value::Bytes(b) => b.hash(state),
        }
    }
}

impl From<&str> for Value {
    fn from(s: &str) -> Self {
        Value::Text(s.to_owned())
    }
}

impl From<i64> for Value {
    fn from(i: i64) -> Self {
        Value::Int(i)
    }
}

/// JSON has no infinities and no NaN, so reals travel as their shortest exact text.
mod real_as_text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(value: &f64, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&value.to_string())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<f64, D::Error> {
        String::deserialize(d)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_never_shows_content() {
        assert_eq!(format!("{:?}", Value::text("ann@x.example")), "text[13]");
    }

    #[test]
    fn json_keeps_infinity_and_large_integers() {
        for v in [Value::Real(f64::NEG_INFINITY), Value::Int(9_007_199_254_740_993), Value::Bytes(vec![0, 255])] {
            let json = serde_json::to_string(&v).unwrap();
            assert_eq!(serde_json::from_str::<Value>(&json).unwrap(), v);
        }
    }

    #[test]
    fn empty_joins_nothing() {
        assert_eq!(Value::Null.join_text(), None);
        assert_eq!(Value::text("").join_text(), None);
        assert_eq!(Value::Int(42).join_text(), Value::text("42").join_text());
    }
}
