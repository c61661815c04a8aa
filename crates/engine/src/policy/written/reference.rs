//! Names that point somewhere else in the folder, and literals.

use crate::source::{At, Span};
use crate::value::Value;

/// A name in the folder.
pub type Name = At<String>;

/// Named entries in the order of the file.
pub type Entries<T> = Vec<(Name, T)>;

/// A value written into the folder. A TOML date or time is text in ISO 8601; numbers are `Int` or `Real`.
pub type Literal = At<Value>;

/// `"table.column"` or `"system:table.column"`, or the list `["schema", "table", "column"]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The system; none means this one.
    pub system: Option<Name>,
    /// The database schema, where a list names it.
    pub schema: Option<Name>,
    /// The table.
    pub table: Name,
    /// The column.
    pub column: Name,
    /// The whole reference.
    pub at: Span,
}

/// `"column"` of the table at hand, or `"table.column"` of another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnReference {
    /// The table; none means the one at hand.
    pub table: Option<Name>,
    /// The column.
    pub column: Name,
    /// The whole reference.
    pub at: Span,
}

/// What `to` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum To {
    /// Columns of a table, one for each column of the link.
    Columns(Vec<Reference>),
    /// `"@kind.identity"`.
    Identity {
        /// The subject kind.
        kind: Name,
        /// The identity.
        identity: Name,
        /// The whole reference.
        at: Span,
    },
}
