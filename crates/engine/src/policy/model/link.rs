//! Links: joins from a row to a target, and what they mean.

use serde::{Deserialize, Serialize};

use super::{ColumnIx, Cond, Erase, Keep, KindId, Match, Reading, TableId};
use crate::value::Value;

/// A join from a row to a target, and what it means.
#[derive(Clone, Debug)]
pub struct Link {
    /// `as`, or the column's name.
    pub name: String,
    /// Role of the target's persons on this row.
    pub role: Role,
    /// Columns of this table, compared one by one with the target's.
    pub columns: Vec<ColumnIx>,
    /// The other end.
    pub target: Target,
    /// The target's row holds the reference (`by`), so there is no tie here.
    pub by: bool,
    /// How values are compared.
    pub matching: Match,
    /// How the reference stands in its column: in this table's, or with `by` in the target's. Plain where there are
    /// several columns.
    pub reading: Reading,
    /// Which rows of this table it joins.
    pub when: Cond,
    /// Which rows of the target it joins; empty for identities.
    pub to_when: Cond,
    /// Values that are no reference.
    pub nobody: Vec<Value>,
    /// Replaces the grant of the role.
    pub on_access: Option<Access>,
    /// Columns not returned to whoever comes by this link.
    pub hide: Vec<ColumnIx>,
    /// Goes with the last of its parents; only of a `part`.
    pub last: bool,
    /// Replaces the fate, first match.
    pub on_erase: Vec<(Cond, OnErase)>,
    /// The fate while others co-own the row, first match; empty: the language's default.
    pub while_shared: Vec<(Cond, OnErase)>,
    /// How its tie is undone; the default is filled in, `None` for `by` links and where no tie can be undone.
    pub untie: Option<Untie>,
}

impl Link {
    /// A link of which only the ends are said.
    pub fn new(name: String, role: Role, columns: Vec<ColumnIx>, target: Target) -> Link {
        Link {
            name,
            role,
            columns,
            target,
            by: false,
            matching: Match::Exact,
            reading: Reading::default(),
            when: Cond::default(),
            to_when: Cond::default(),
            nobody: Vec::new(),
            on_access: None,
            hide: Vec::new(),
            last: false,
            on_erase: Vec::new(),
            while_shared: Vec::new(),
            untie: None,
        }
    }
}

/// The other end of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Rows of a table with these values.
    Row {
        /// The table.
        table: TableId,
        /// Its columns.
        columns: Vec<ColumnIx>,
    },
    /// An identity of a person, within the tenant.
    Identity {
        /// The kind.
        kind: KindId,
        /// Name of the identity.
        identity: String,
    },
}

/// Role of a claim or link (LANGUAGE 1.1), weakest first so that the order compares strength.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Names the person, or was handled by them.
    Mention,
    /// May be seen by the person.
    Viewer,
    /// Written by the person for others.
    Author,
    /// Several people's.
    CoOwner,
    /// This person's alone.
    Owner,
    /// The person. Never a link's role.
    Own,
    /// Of a link only: takes its parent's role.
    Part,
}

impl Role {
    /// The word of the language for it.
    pub fn word(self) -> &'static str {
        match self {
            Role::Own => "self",
            Role::Owner => "owner",
            Role::CoOwner => "co_owner",
            Role::Part => "part",
            Role::Author => "author",
            Role::Viewer => "viewer",
            Role::Mention => "mention",
        }
    }
}

/// How much of a row is returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Nothing: the row is left out, and said to be.
    Withhold,
    /// Table, key and link.
    Fact,
    /// Without what belongs to others.
    Shared,
    /// Whole.
    Row,
}

/// What becomes of a row, weakest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Nothing.
    #[default]
    None,
    /// Its ties to the person are undone.
    Untie,
    /// Its ties are undone and the person's columns erased.
    Scrub,
    /// It goes.
    Delete,
}

/// What a link asks for at erasure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OnErase {
    /// A fate.
    Fate(Fate),
    /// A veto.
    Keep(Keep),
    /// Scrub exactly these columns.
    Columns(Vec<(Erase, Vec<ColumnIx>)>),
}

/// How a tie is undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Untie {
    /// The element of the array goes.
    Drop,
    /// NULL.
    Null,
    /// The first `nobody` value.
    Nobody,
    /// The key of the placeholder record.
    Placeholder,
    /// The row, a pure association, goes.
    Delete,
    /// A keyed token.
    Pseudonym,
    /// The empty string.
    Blank,
}
