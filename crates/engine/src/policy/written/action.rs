//! Conditions, and what erasure does.

use super::{Literal, Name, Reference};
use crate::policy::model::Fate;
use crate::source::{At, Span};

/// A condition on a row: all parts hold. Without parts it always holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    /// Columns and their tests.
    pub parts: Vec<(Name, At<Test>)>,
}

/// One test of a column. The text `"null"` in the file is [`crate::value::Value::Null`] here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// A literal or a list: equal to one of these.
    Is(Vec<Literal>),
    /// `{ not = v }`: equal to none of these.
    Not(Vec<Literal>),
    /// `{ lt = v }`.
    Lt(Literal),
    /// `{ gt = v }`.
    Gt(Literal),
    /// `{ prefix = s }`.
    Prefix(At<String>),
    /// `{ bit = n }`, from 0 to 63.
    Bit(At<u32>),
    /// `{ in = "table.column", where = condition }`, or `not_in`.
    Lookup {
        /// `not_in`.
        negated: bool,
        /// Where the values are looked up.
        values: Reference,
        /// Which rows there.
        filter: Condition,
    },
}

/// One entry of a list of `{ when, do }`; a single action is one entry without condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice<T> {
    /// When it applies.
    pub when: Condition,
    /// What is done.
    pub action: At<T>,
}

/// `on_erase` and `while_shared` of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OnErase {
    /// A fate of the row.
    Fate(Fate),
    /// A veto.
    Keep(Keep),
    /// `{ action = [columns] }`: scrubs exactly these.
    Columns(Vec<(At<Erase>, Vec<Name>)>),
}

/// `erase` of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Erase {
    /// NULL.
    Null,
    /// The empty string.
    Blank,
    /// A keyed hash.
    Hash,
    /// A keyed token.
    Pseudonym,
    /// The address without its last part.
    TruncateIp,
    /// A coarser value.
    Generalise,
    /// The person's identifiers are masked.
    Redact,
    /// The key is destroyed.
    Shred,
    /// `{ replace = v }`.
    Replace(Literal),
    /// `{ keep = "law", .. }`.
    Keep(Keep),
}

/// `{ keep = "law", until = .., with = [..] }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keep {
    /// A law or a retention rule.
    pub law: Name,
    /// When it ends.
    pub until: Option<Until>,
    /// Columns of referenced records that must stay readable.
    pub with: Vec<Reference>,
    /// The whole table.
    pub at: Span,
}

/// When a veto ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Until {
    /// `2030-12-31`, as a TOML date or as text; ISO 8601.
    Date(At<String>),
    /// `{ column = "issued_at", period = "P7Y" }`; the period is ISO 8601.
    After {
        /// Column of the row.
        column: Name,
        /// The time after it.
        period: At<String>,
    },
}
