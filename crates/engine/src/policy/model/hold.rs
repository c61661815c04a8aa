//! Holds: named legal reasons from outside that stop erasures.

use super::{ColumnIx, KindId, TableId};

/// A hold that keeps what it names while it is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// Its name in `holds.toml`.
    pub id: String,
    /// Why, for people.
    pub reason: String,
    /// Who ordered it.
    pub authority: String,
    /// First day, ISO 8601.
    pub since: Option<String>,
    /// Last day, as far as it is known: its end, or the day before its release.
    pub last: Option<String>,
    /// It was released, or ends by itself on a day that was agreed on.
    pub released: bool,
    /// Only rows of persons of this kind.
    pub kind: Option<KindId>,
    /// Keyed digests of the persons; none: of all.
    pub persons: Vec<String>,
    /// Only rows of these tables.
    pub tables: Option<Vec<TableId>>,
    /// Keyed digests of rows, whosever they are.
    pub rows: Vec<String>,
    /// Columns of referenced records that stay readable with what it keeps.
    pub with: Vec<(TableId, ColumnIx)>,
}

impl Hold {
    /// Does it name persons or rows by digests, so that only who has the key can tell which?
    pub fn is_keyed(&self) -> bool {
        !self.persons.is_empty() || !self.rows.is_empty()
    }

    /// Is it about persons? Then it keeps rows on which they have a claim. One on tables or single rows alone keeps these whosever
    /// they are.
    pub fn is_of_persons(&self) -> bool {
        self.kind.is_some() || !self.persons.is_empty()
    }

    /// Is it in force on a day (ISO 8601)?
    pub fn holds_on(&self, day: &str) -> bool {
        self.since.as_deref().is_none_or(|since| since <= day) && self.last.as_deref().is_none_or(|last| last >= day)
    }
}
