//! `holds.toml`.

use super::{Name, Reference};
use crate::source::{At, Span};

/// `holds.toml`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Holds {
    /// Which key made the digests.
    pub key: Option<At<String>>,
    /// `[hold.ID]`.
    pub list: Vec<Hold>,
}

/// `[hold.ID]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// Id.
    pub id: Name,
    /// The whole entry.
    pub at: Span,
    /// Why.
    pub reason: Option<At<String>>,
    /// Who ordered it.
    pub authority: Option<At<String>>,
    /// First day, ISO 8601.
    pub since: Option<At<String>>,
    /// Last day.
    pub until: Option<At<String>>,
    /// The day from which it keeps nothing any more.
    pub ended: Option<At<String>>,
    /// Subject kind.
    pub subject: Option<Name>,
    /// Keyed digests of persons.
    pub persons: Vec<At<String>>,
    /// Tables, as `system:table`.
    pub tables: Vec<(Name, Name)>,
    /// Categories of data.
    pub categories: Vec<Name>,
    /// Keyed digests of rows.
    pub rows: Vec<At<String>>,
    /// Columns that stay readable with the rows.
    pub with: Vec<Reference>,
}
