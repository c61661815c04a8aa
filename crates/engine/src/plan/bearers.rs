//! Who can be found by an identity of the person, as it was when rows that came meanwhile were looked for. Such rows are the
//! person's only while nobody else has taken the identity.

use serde::{Deserialize, Serialize};

use super::digest::digest;
use crate::ask::{By, Row, Select};

/// Rows that answered to an identity: the plan holds only while the same do.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bearers {
    /// System.
    pub system: String,
    /// Table.
    pub table: String,
    /// What is read of them.
    pub columns: Vec<String>,
    /// The identity.
    pub by: By,
    /// How many they were.
    pub rows: u64,
    /// Keyed digest over them.
    pub digest: String,
}

impl std::fmt::Debug for Bearers {
    /// Without the identity.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Bearers({}.{}, {})", self.system, self.table, self.rows)
    }
}

impl Bearers {
    pub(super) fn of(system: &str, select: Select, nonce: &str, rows: &[Row]) -> Self {
        let Select { table, columns, by, .. } = select;
        let digest = digest(nonce, &table, &columns, rows);
        Bearers { system: system.to_owned(), table, columns, by, rows: rows.len() as u64, digest }
    }

    /// The question for them.
    pub fn select(&self) -> Select {
        let (table, columns, by) = (self.table.clone(), self.columns.clone(), self.by.clone());
        Select { table, columns, by, filter: Vec::new(), lock: false }
    }

    /// Are these the same rows?
    pub fn is_same(&self, nonce: &str, rows: &[Row]) -> bool {
        digest(nonce, &self.table, &self.columns, rows) == self.digest
    }
}
