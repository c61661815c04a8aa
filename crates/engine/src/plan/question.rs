//! What is asked, and why a question may be refused.

use jiff::Timestamp;

use crate::policy::model::{KindId, Right};
use crate::text::Words;
use crate::value::Value;

/// One person's exercise of one right. Randomness and time are parameters.
#[derive(Clone, Debug)]
pub struct Question {
    /// The case.
    pub request: String,
    /// The right.
    pub right: Right,
    /// Who asks on the person's behalf; never the one who approves the plan.
    pub requested_by: String,
    /// Subject kind.
    pub kind: KindId,
    /// Tenant; needed where identities lead to several.
    pub tenant: Option<Value>,
    /// What finds the person. Verified by the caller.
    pub seeds: Vec<Seed>,
    /// What is to be corrected; only for a rectification.
    pub corrections: Vec<Correction>,
    /// Search every row of `text = "all"` columns, at the cost of a pass over their tables.
    pub sweep: bool,
    /// What else the person is called, as they said: masked in texts like a name, and finds nobody.
    pub words: Vec<Words>,
    /// Key of tokens and hashes: a function of the request alone.
    pub token_key: [u8; 32],
    /// Random.
    pub nonce: [u8; 16],
    /// Now.
    pub made_at: Timestamp,
    /// When the plan expires.
    pub expires_at: Timestamp,
}

/// One way to find the person.
#[derive(Clone, Debug)]
pub enum Seed {
    /// An identity of the kind and its value.
    Identity {
        /// Such as `email`.
        name: String,
        /// As the person gave it.
        value: Value,
    },
    /// A record of a system, by key.
    Record {
        /// System.
        system: String,
        /// Key.
        key: Vec<Value>,
    },
    /// A record that a plan listed for review, and that somebody confirmed to be the person's.
    Confirmed {
        /// System.
        system: String,
        /// Its table.
        table: String,
        /// Key.
        key: Vec<Value>,
    },
}

/// One thing that is wrong, and what is right (GDPR Art. 16).
#[derive(Clone, Debug)]
pub struct Correction {
    /// What is corrected.
    pub what: Wrong,
    /// Only where this stands now; none: whatever stands there, if it is one and the same everywhere.
    pub from: Option<String>,
    /// What is right, as text; it is read as the columns' types want it.
    pub to: String,
}

/// What a [`Correction`] is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// All that the person holds of a category, such as `user.contact.email`.
    Category(String),
    /// A column.
    Column {
        /// System.
        system: String,
        /// Table.
        table: String,
        /// Column.
        column: String,
    },
}

impl Seed {
    /// How the chain of a record names it.
    pub fn name(&self) -> &str {
        match self {
            Seed::Identity { name, .. } => name,
            Seed::Record { .. } => "id",
            Seed::Confirmed { .. } => "confirmed",
        }
    }
}

/// Why there is no plan. No text holds a value of the person; tenants are listed, persons are not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No record.
    NotFound {
        /// Subject kind.
        kind: String,
        /// Tables searched, as `system.table`.
        searched: Vec<String>,
    },
    /// Records in several tenants and no tenant given.
    Tenants {
        /// Subject kind.
        kind: String,
        /// The tenants.
        tenants: Vec<Value>,
    },
    /// One identity reaches several records where the map says `records = "one"`.
    Several {
        /// Where, as `system.table`.
        table: String,
        /// How many.
        rows: usize,
    },
    /// The identities given lead to records that share none: they may be two people's.
    Apart {
        /// Two of the tables, as `system.table`.
        tables: Vec<String>,
    },
    /// The value given joins nothing: no address, fewer than seven digits, empty.
    Unusable {
        /// Name of the identity.
        name: String,
    },
    /// The kind has no such key identity.
    NoIdentity {
        /// Subject kind.
        kind: String,
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// Nothing of the person's can be corrected so.
    NothingToCorrect {
        /// The category, or `system.table.column`.
        what: String,
    },
    /// Different values stand there: which one is wrong?
    Ambiguous {
        /// The category, or `system.table.column`.
        what: String,
        /// Where the values stand, as `system.table.column`.
        places: Vec<String>,
    },
    /// The column cannot hold what is said to be right, or may not be written.
    Unfit {
        /// As `system.table.column`.
        column: String,
        /// Why.
        why: String,
    },
    /// What is said to be right identifies somebody else.
    Taken {
        /// Where, as `system.table`.
        table: String,
    },
    /// Two corrections of one value.
    Twice {
        /// As `system.table.column`.
        column: String,
    },
    /// The system has no records of the kind.
    NoRecords {
        /// Subject kind.
        kind: String,
        /// System.
        system: String,
    },
    /// A confirmed record is not one that the search doubts.
    NoDoubt {
        /// Where, as `system.table`.
        table: String,
    },
    /// A sealed table is not mapped any more.
    Unmapped {
        /// Table, as `system.table`.
        table: String,
    },
    /// Columns of a sealed table are gone.
    Reshaped {
        /// Table, as `system.table`.
        table: String,
        /// The columns.
        columns: Vec<String>,
    },
    /// Something would be done that nothing can take back.
    Irreversible {
        /// System.
        system: String,
    },
    /// Rows of a table without a key would change, and nothing would tell them apart afterwards to take that back.
    NoKey {
        /// Table, as `system.table`.
        table: String,
    },
    /// A hold names persons or rows by digests of another key.
    OtherKey {
        /// The hold.
        hold: String,
    },
    /// Rows of an earlier plan that a law or a hold kept were changed since.
    Changed {
        /// Tables, as `system.table`, and how many rows of each.
        tables: Vec<(String, usize)>,
    },
    /// Rows refer to each other in a circle that no nullable column breaks.
    Circle {
        /// Tables, as `system.table`.
        tables: Vec<String>,
    },
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Refusal::NotFound { kind, searched } => {
                write!(f, "no {kind} was found with these identities (searched: {})", searched.join(", "))
            }
            Refusal::Tenants { kind, tenants } => {
                let list: Vec<_> = tenants.iter().filter_map(Value::join_text).collect();
                write!(f, "this identity belongs to a {kind} of {} tenants: {}", tenants.len(), list.join(", "))
            }
            Refusal::Several { table, rows } => write!(
                f,
                "{table}: {rows} rows match, but the bound `records = \"one\"` allows 1 record for one value of an identity"
            ),
            Refusal::Apart { tables } => write!(
                f,
                "the identities given lead to records that share none ({}): they may be two people's; ask for one of them",
                tables.join(" and ")
            ),
            Refusal::Unusable { name } => {
                write!(f, "the value given as {name} cannot identify anybody (empty, no address, or too few digits)")
            }
            Refusal::NoIdentity { kind, name, known } => {
                write!(f, "a {kind} cannot be found by {name}; key identities are: {}", known.join(", "))
            }
            Refusal::NothingToCorrect { what } => {
                write!(f, "nothing of this person stands in {what} that could be corrected")
            }
            Refusal::Ambiguous { what, places } => {
                write!(f, "different values stand in {what} ({}): say which one is wrong", places.join(", "))
            }
            Refusal::Unfit { column, why } => write!(f, "{column} cannot be corrected so: {why}"),
            Refusal::Taken { table } => {
                write!(f, "what is said to be right already identifies another record in {table}; nothing is changed")
            }
            Refusal::Twice { column } => write!(f, "two corrections want different values in {column}"),
            Refusal::NoRecords { kind, system } => write!(f, "system {system} has no records of kind {kind}"),
            Refusal::NoDoubt { table } => {
                write!(
                    f,
                    "a record of {table} is confirmed that the search does not come upon; confirm what a plan lists for review"
                )
            }
            Refusal::Unmapped { table } => write!(
                f,
                "{table}: rows of it are sealed, but the policy folder does not map it any more; they stay sealed until it is mapped again under this name"
            ),
            Refusal::Reshaped { table, columns } => write!(
                f,
                "{table}: rows of it are sealed with columns that it does not have any more ({}); they stay sealed until it has columns of these names again",
                columns.join(", ")
            ),
            Refusal::Irreversible { system } => write!(
                f,
                "system {system}: what an erasure does there cannot be taken back, so it cannot be part of a deactivation; let the profile leave it alone"
            ),
            Refusal::NoKey { table } => write!(
                f,
                "{table} has no key (`key = \"all\"`), so what happens to its rows cannot be taken back and cannot be part of a deactivation; give the table a key, or let the profile leave it alone"
            ),
            Refusal::OtherKey { hold } => write!(
                f,
                "hold `{hold}` names persons or rows by digests that this home cannot read (`key` of holds.toml): use the home in which it was added, or add it again here"
            ),
            Refusal::Changed { tables } => {
                let list: Vec<String> = tables.iter().map(|(table, rows)| format!("{rows} of {table}")).collect();
                write!(f, "rows that were kept have been changed by somebody since: {}", list.join(", "))
            }
            Refusal::Circle { tables } => {
                write!(
                    f,
                    "rows of {} refer to each other in a circle that no nullable column breaks",
                    tables.join(", ")
                )
            }
        }
    }
}

impl std::error::Error for Refusal {}
