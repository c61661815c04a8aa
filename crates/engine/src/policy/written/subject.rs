//! Subject kinds.

use super::{ColumnReference, Condition, Entries, Literal, Name, Reference};
use crate::policy::model::{Codec, Match, Worth};
use crate::source::At;

/// `[subject.KIND]` of a system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Table whose rows are the records.
    pub table: Option<Name>,
    /// Key columns; without a table, the identity whose values are the records.
    pub key: Vec<Name>,
    /// Which rows are persons.
    pub when: Option<At<Condition>>,
    /// Scope of every identity.
    pub tenant: Option<Tenant>,
    /// Identities by name.
    pub identities: Entries<Identity>,
    /// `records`.
    pub records: Option<At<Records>>,
    /// Values of a reference that point at no one.
    pub nobody: Vec<Literal>,
    /// The stand-in record.
    pub placeholder: Option<Placeholder>,
    /// How records say that their person's data are restricted.
    pub restriction: Option<Restriction>,
}

/// `[subject.KIND.restriction]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restriction {
    /// Columns and what they hold while it lasts.
    pub set: Entries<Literal>,
    /// And afterwards.
    pub lift: Entries<Literal>,
}

/// How many records one key value may reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Records {
    /// One.
    One,
    /// Several.
    Many,
}

/// `tenant` of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenant {
    /// Column of the kind's table.
    pub column: Name,
    /// `through`: column of the table that `column` points at, holding the value.
    pub through: Option<Reference>,
    /// `as`: the column of another system that holds the same values.
    pub same_as: Option<Reference>,
}

/// One identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Columns that hold it.
    pub columns: Vec<ColumnReference>,
    /// How values are compared.
    pub matching: Option<At<Match>>,
    /// `use`.
    pub worth: Option<At<Worth>>,
    /// Which rows of the kind's table have it.
    pub when: Option<At<Condition>>,
    /// How the document is encoded.
    pub codec: Option<At<Codec>>,
    /// Where the value stands in the document.
    pub path: Option<At<String>>,
}

/// `[subject.KIND.placeholder]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placeholder {
    /// What its columns hold; strings may hold `{token:N}`, `{now}`, `{now:s}`, `{now:ms}`.
    pub columns: Entries<Literal>,
    /// How many there are.
    pub scope: Option<At<Scope>>,
}

/// How many placeholders a request makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One.
    One,
    /// One for each person.
    Person,
    /// One for each row.
    Row,
    /// One for each combination of values of these columns of the referring row.
    Columns(Vec<Name>),
}
