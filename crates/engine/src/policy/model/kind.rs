//! Subject kinds: where their records stand, what finds them, what stands in for them.

use serde::{Deserialize, Serialize};

use super::{ColumnIx, Cond, Reading, SystemId, TableId};
use crate::value::Value;

/// A population of persons.
#[derive(Clone, Debug)]
pub struct Kind {
    /// Name, such as `customer`.
    pub name: String,
    /// One for each system that has records of this kind.
    pub populations: Vec<Population>,
}

/// Where the records of a kind stand in one system.
#[derive(Clone, Debug)]
pub struct Population {
    /// The system.
    pub system: SystemId,
    /// The table whose rows are the records; for a kind without one, the table that planners make of its values.
    pub table: TableId,
    /// Which of its rows are persons.
    pub when: Cond,
    /// Scope of every identity of this kind.
    pub tenant: Option<Tenant>,
    /// Ways to find a record; one entry for each column.
    pub identities: Vec<Identity>,
    /// May one key value reach several records of this population?
    pub many: bool,
    /// Values of a reference that point at no one.
    pub nobody: Vec<Value>,
    /// The stand-in record.
    pub placeholder: Option<Placeholder>,
    /// How a record says that its person's data are restricted.
    pub restriction: Option<Restriction>,
}

/// What a record holds while its person's data are restricted (GDPR Art. 18), and afterwards.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Restriction {
    /// Written when the restriction begins.
    pub set: Vec<(ColumnIx, Fill)>,
    /// Written when it ends.
    pub lift: Vec<(ColumnIx, Fill)>,
}

/// The tenant of a population.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenant {
    /// Column of the population's table.
    pub column: ColumnIx,
    /// Where `column` is only a local reference: the table it joins by key, and the column there that holds the value
    /// under which tenants of several systems are equal.
    pub through: Option<(TableId, ColumnIx)>,
}

/// One column that identifies a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Name, such as `email`.
    pub name: String,
    /// Where it stands: the population's table, or another one of the same system. A row of another one belongs to the
    /// record that it is joined to ([`Policy::ties`]), or, where the kind has no table, to that of the key in it.
    pub table: TableId,
    /// Column of that table.
    pub column: ColumnIx,
    /// How the value stands in it.
    pub reading: Reading,
    /// Which rows of its table have it.
    pub when: Cond,
    /// How values are compared.
    pub matching: Match,
    /// What a match is worth.
    pub worth: Worth,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Match {
    /// Byte for byte.
    #[default]
    Exact,
    /// Unicode lower case and NFC, with an `@` and something on both sides.
    Email,
    /// The same phone number, whatever its punctuation.
    Phone,
    /// Unicode lower case and NFC.
    CaseInsensitive,
}

/// What an identity is worth (LANGUAGE 1.7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Worth {
    /// Proves; alone extends a person.
    #[default]
    Key,
    /// Finds candidates for a human to confirm.
    Hint,
    /// Only redacted in text.
    Text,
}

/// The record that stands in for erased persons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placeholder {
    /// What its columns hold.
    pub columns: Vec<(ColumnIx, Fill)>,
    /// How many there are.
    pub scope: Scope,
}

/// How many placeholders a request makes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// One in a request (and tenant).
    #[default]
    One,
    /// One for each person.
    Person,
    /// One for each row.
    Row,
    /// One for each combination of values of these columns of the referring row, by name.
    Columns(Vec<String>),
}

/// A value to write; strings may hold `{token:N}`, `{now}`, `{now:s}`, `{now:ms}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fill {
    /// As it stands.
    Value(Value),
    /// With fields to fill in.
    Template(String),
}
