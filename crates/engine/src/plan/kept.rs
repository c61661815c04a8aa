//! What survives an erasure, and why.

use serde::{Deserialize, Serialize};

use super::types::Key;

/// Rows that survive, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// System.
    pub system: String,
    /// Table.
    pub table: String,
    /// Keys, sorted.
    pub keys: Vec<Key>,
    /// Why.
    pub reason: Why,
    /// Columns that keep their values; empty: all.
    pub columns: Vec<String>,
}

/// Why something survives.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Why {
    /// A law or retention rule, and the last day of it where known.
    Law {
        /// Id of the law.
        law: String,
        /// ISO date.
        until: Option<String>,
    },
    /// A hold, and the last day of it where it is agreed on.
    Hold {
        /// Its name in `holds.toml`.
        hold: String,
        /// ISO date.
        until: Option<String>,
    },
    /// Something that stays needs it.
    Needed {
        /// Table that needs it.
        by: String,
    },
    /// Other people co-own it.
    CoOwned,
    /// Other rows hold it too: they name the same file or share its bytes, or it is a part of them as well.
    Shared {
        /// Their table.
        by: String,
    },
    /// Somebody else changed it since it was sealed.
    Changed,
    /// It comes back with what it belongs to, which another deactivation took away.
    Waits {
        /// Table of what it belongs to.
        by: String,
    },
    /// What it refers to is gone.
    Gone {
        /// Table of what it refers to.
        by: String,
    },
    /// Nobody came back with it: it refers, by a link alone, to a stand-in record that goes.
    LeadsNowhere {
        /// Table of the stand-in record.
        by: String,
    },
    /// The map leaves rows of this link alone.
    Left {
        /// The link.
        link: String,
    },
}
