//! How a column changes, and what that makes of its value.

use serde::{Deserialize, Serialize};

use super::digest::token;
use crate::actions::{Coarse, Token, Within, address};
use crate::text::{Finder, masked};
use crate::value::Value;

/// How one column changes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// To this value.
    Set(Value),
    /// To a keyed hash of what it holds.
    Hash,
    /// To a keyed token of what it holds.
    Pseudonym(Token),
    /// To the address without its last part.
    TruncateIp {
        /// What stands there where it is no address.
        otherwise: Value,
    },
    /// To a coarser value.
    Generalise {
        /// How coarse.
        to: Coarse,
        /// What stands there where it is no value of that kind.
        otherwise: Value,
    },
    /// The person's identifiers in it are masked.
    Redact,
    /// To what was sealed.
    Sealed,
    /// The same within documents or patterns, and personal places of documents are emptied.
    RedactWithin(Box<Within>),
    /// To this column of the stand-in record of a table.
    Placeholder {
        /// Its system.
        system: String,
        /// Table of the stand-in record.
        table: String,
        /// Column of it.
        column: String,
        /// Which of several it is.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        which: String,
    },
    /// Only places of its text that hold certain values.
    Within(super::Within),
    /// One after the other.
    Each(Vec<How>),
}

impl How {
    /// What a column holds that gets back what was sealed, all of it or without some names; `None` where it does not.
    pub fn back(&self, token_key: &str, finder: &Finder, sealed: &Value) -> Option<Value> {
        match self {
            How::Sealed => Some(sealed.clone()),
            How::Each(list) if list.first() == Some(&How::Sealed) => {
                list[1..].iter().try_fold(sealed.clone(), |value, how| match how {
                    How::Set(value) => Some(value.clone()),
                    how => how.made(token_key, finder, &value),
                })
            }
            _ => None,
        }
    }

    /// Does it give back what was sealed?
    pub fn restores(&self) -> bool {
        *self == How::Sealed || matches!(self, How::Each(list) if list.first() == Some(&How::Sealed))
    }

    /// What the column holds afterwards, made of what it holds now; `None` where that makes no difference.
    pub fn made(&self, token_key: &str, finder: &Finder, old: &Value) -> Option<Value> {
        let unless_empty = |new: Value| if old.join_text().is_none() { old.clone() } else { new };
        match self {
            How::Pseudonym(form) => Some(form.made(token_key, old)),
            How::TruncateIp { otherwise } => {
                Some(unless_empty(address::truncated(old).unwrap_or_else(|| otherwise.clone())))
            }
            How::Generalise { to, otherwise } => Some(unless_empty(to.made(old).unwrap_or_else(|| otherwise.clone()))),
            How::Redact => Some(match old.readable() {
                Some(text) => old.rewritten(masked(text, &finder.hits(text))),
                None => old.clone(),
            }),
            How::RedactWithin(within) => Some(within.made(finder, old)),
            How::Set(_) | How::Hash | How::Placeholder { .. } | How::Sealed | How::Within(_) | How::Each(_) => None,
        }
    }

    /// This and all that it is made of.
    pub fn parts(&self) -> Vec<&How> {
        let inner: Vec<&How> = match self {
            How::Within(within) => within.instead.iter().flat_map(|how| how.parts()).collect(),
            How::Each(list) => list.iter().flat_map(How::parts).collect(),
            _ => Vec::new(),
        };
        std::iter::once(self).chain(inner).collect()
    }
}

/// What a hash makes of a column: the same value of the same column becomes the same token throughout the request, and NULL
/// stays NULL.
pub fn hashed(token_key: &str, table: &str, column: &str, old: &Value) -> Value {
    if old.is_null() {
        return Value::Null;
    }
    let mut bytes = Vec::new();
    old.encode(&mut bytes);
    Value::Text(token(token_key, &[b"column", table.as_bytes(), column.as_bytes(), &bytes]))
}
