//! What the engine asks of a system, and what it tells it to change. A connector answers; it knows nothing of policies.
//!
//! Key sets live in the engine; a join is a question "which rows have one of these values in these columns". A connector may
//! answer with more rows than were asked for (a superset that an index can serve): the engine compares again, for it alone
//! defines how values match.

use serde::{Deserialize, Serialize};

use crate::value::Value;

/// One row of an answer: values in the order of [`Select::columns`].
pub type Row = Vec<Value>;

/// A set-based read of one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Select {
    /// Table name.
    pub table: String,
    /// Columns to return, in order.
    pub columns: Vec<String>,
    /// Which rows.
    pub by: By,
    /// Narrowing that a connector should push down: each column holds one of the values (NULL among them accepts NULL).
    pub filter: Vec<(String, Vec<Value>)>,
    /// Lock the rows until the transaction ends. Only within a write transaction.
    pub lock: bool,
}

/// How rows are chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum By {
    /// The tuple of columns equals one of the tuples; NULL never equals. No values, no rows. Values arrive as the other
    /// side of the join had them: one that cannot be a value of the column's type simply matches nothing.
    Values {
        /// Columns compared.
        columns: Vec<String>,
        /// Tuples, without duplicates.
        values: Vec<Vec<Value>>,
    },
    /// The rows of these keys, as the system itself gave them: NULL is NULL here, and text is the same character by
    /// character. Of rows that are equal in all of these columns each is returned.
    Keys {
        /// Key columns.
        columns: Vec<String>,
        /// Keys, without duplicates.
        values: Vec<Vec<Value>>,
    },
    /// The column, as Unicode lower case and NFC, equals one of the values, which come in that form. A superset is fine.
    Folded {
        /// Column compared.
        column: String,
        /// Normalised values.
        values: Vec<String>,
    },
    /// The column holds one of the phone numbers, whatever the punctuation. A superset is fine; values are E.164 (`+47...`).
    Phone {
        /// Column compared.
        column: String,
        /// E.164 numbers.
        values: Vec<String>,
    },
    /// The column's text contains one of the needles, which are plain ASCII; letter case aside. An empty needle is contained
    /// in every text; NULL is none. A superset is fine. Documents are searched in the form in which they are read.
    Containing {
        /// Column searched.
        column: String,
        /// What it contains one of.
        needles: Vec<String>,
    },
}

/// How a system finds what a [`Select`] asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// By an index: the cost follows the rows that are found.
    Index,
    /// By a pass over the table.
    Scan {
        /// Statements that make the indexes which would serve it, in the system's own language.
        indexes: Vec<String>,
    },
    /// The system does not tell.
    Unknown,
}

/// A change of one table by key, made within a write transaction. Keys are as in [`By::Keys`]; where several rows are equal
/// in the key columns, all of them change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Inserts one row and returns the named columns (its key). A row that looks the same is never taken for it: it may
    /// be a real person's.
    Insert {
        /// Table name.
        table: String,
        /// Columns and values.
        values: Vec<(String, Value)>,
        /// Columns to return.
        returning: Vec<String>,
    },
    /// Writes the same values to all rows of these keys.
    Update {
        /// Table name.
        table: String,
        /// Key columns.
        key: Vec<String>,
        /// Keys.
        keys: Vec<Vec<Value>>,
        /// Columns and values.
        set: Vec<(String, Value)>,
    },
    /// Writes values of its own to each row.
    UpdateEach {
        /// Table name.
        table: String,
        /// Key columns.
        key: Vec<String>,
        /// Columns written, the same for each row.
        columns: Vec<String>,
        /// Key and values, one pair for each row.
        rows: Vec<(Vec<Value>, Vec<Value>)>,
    },
    /// Deletes the rows of these keys.
    Delete {
        /// Table name.
        table: String,
        /// Key columns.
        key: Vec<String>,
        /// Keys.
        keys: Vec<Vec<Value>>,
    },
}

impl Change {
    /// The table it changes.
    pub fn table(&self) -> &str {
        match self {
            Change::Insert { table, .. }
            | Change::Update { table, .. }
            | Change::UpdateEach { table, .. }
            | Change::Delete { table, .. } => table,
        }
    }
}

/// What a change did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Rows inserted, updated or deleted by the statement itself.
    pub rows: u64,
    /// Returned values of an insert.
    pub returned: Row,
}

/// Why a system could not do what it was asked. The texts name tables, columns and constraints, never values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "failure", rename_all = "snake_case")]
pub enum Failure {
    /// No connection: host, file or socket not there, or refused.
    Unreachable {
        /// What was tried and what the system said, without secrets.
        detail: String,
    },
    /// The system does not accept our name or password.
    Denied {
        /// What it said.
        detail: String,
    },
    /// Our role may not do this.
    Forbidden {
        /// Table or object.
        object: String,
        /// What it said.
        detail: String,
    },
    /// A table or column is not there.
    Missing {
        /// Which.
        object: String,
    },
    /// A lock was not to be had in time.
    Locked {
        /// Table.
        table: String,
        /// Who holds it, as far as the database tells: process id, application, state.
        holder: String,
    },
    /// A statement took too long.
    TimedOut {
        /// Table.
        table: String,
    },
    /// A constraint refused the change.
    Constraint {
        /// Table.
        table: String,
        /// Name of the constraint, or its kind.
        constraint: String,
    },
    /// Refused before anything runs (DESIGN section 14): row security, no transactions, read-only, and so on.
    Refused {
        /// Why.
        reason: String,
    },
    /// A call was sent, or may have been, and nobody saw what became of it.
    Unknown {
        /// What was seen, without values.
        detail: String,
    },
    /// Anything else; the connection may be unusable.
    Other {
        /// What the system said, without values.
        detail: String,
    },
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Failure::Unreachable { detail } => write!(f, "cannot be reached: {detail}"),
            Failure::Denied { detail } => write!(f, "refuses our name or password: {detail}"),
            Failure::Forbidden { object, detail } => write!(f, "our role may not use {object}: {detail}"),
            Failure::Missing { object } => write!(f, "{object} does not exist"),
            Failure::Locked { table, holder } => write!(f, "table {table} is locked by another client ({holder})"),
            Failure::TimedOut { table } => write!(f, "a statement on table {table} took longer than allowed"),
            Failure::Constraint { table, constraint } => {
                write!(f, "table {table}: the constraint {constraint} refuses the change")
            }
            Failure::Refused { reason } => write!(f, "refused: {reason}"),
            Failure::Unknown { detail } => write!(f, "it is not known whether a call was carried out: {detail}"),
            Failure::Other { detail } => write!(f, "{detail}"),
        }
    }
}

impl std::error::Error for Failure {}
