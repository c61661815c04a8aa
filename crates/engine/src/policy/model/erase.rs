//! What happens to columns, and why they stay.

use super::{ColumnIx, TableId};
use crate::value::Value;

/// What happens to a column's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Erase {
    /// NULL.
    Null,
    /// The empty string.
    Blank,
    /// This value.
    Replace(Value),
    /// A keyed hash of the value, as text.
    Hash,
    /// A keyed token of the value: short, equal for equal values of one request.
    Pseudonym,
    /// The address without its last part: the last byte of IPv4, the last ten bytes of IPv6.
    TruncateIp,
    /// A coarser value: the year of a date, the first part of a postcode, and so on.
    Generalise,
    /// The value is encrypted under a key of the person, which is destroyed.
    Shred,
    /// The person's identifiers in it are masked.
    Redact,
    /// Stays, by law.
    Keep(Keep),
}

/// Why, until when and with what something stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keep {
    /// [`Law::id`].
    pub law: String,
    /// Its end.
    pub until: Option<Until>,
    /// Columns of referenced records that must stay readable with it.
    pub with: Vec<(TableId, ColumnIx)>,
}

/// When a veto ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Until {
    /// On a civil date, ISO 8601.
    Date(String),
    /// A period (ISO 8601) after the date in a column of the row.
    After(ColumnIx, String),
}
