//! From a question to a plan: resolve, claims, fates, steps.
//!
//! The planner is a state machine without I/O: it asks for rows, somebody answers, and at the end there is a plan. Only keys
//! and columns that decide are ever held, so cost and memory follow the person's rows.

mod access;
mod after;
mod asked;
mod bearers;
mod bounds;
mod bystanders;
mod bytes;
mod claims;
mod digest;
mod draft;
mod elsewhere;
mod equals;
mod erasure;
mod fates;
mod ghosts;
mod hold;
mod holders;
mod how;
mod keeps;
mod kept;
mod left;
mod lookups;
mod named;
mod needed;
mod needles;
mod order;
mod pace;
mod planner;
mod portable;
mod probe;
mod question;
mod rectify;
mod references;
mod register;
mod remainder;
mod resolve;
pub mod restore;
mod restrict;
mod rows;
mod sharing;
mod shreds;
mod standing;
mod stored;
mod sweep;
mod types;
mod upward;
mod values;
mod within;

pub use after::{Meanwhile, asks_again, meanwhile};
pub use bearers::Bearers;
pub(crate) use claims::{compose, has_author};
pub use digest::{digest, fingerprint, token};
pub use elsewhere::Consulted;
pub(crate) use elsewhere::conditions;
pub use hold::person_digests;
pub use how::How;
pub(crate) use how::hashed;
pub use lookups::{Lookup, lookups};
pub use pace::Wait;
pub use planner::{Next, Planner};
pub use probe::{Probe, Residue};
pub use question::{Correction, Question, Refusal, Seed, Wrong};
pub(crate) use references::covers;
pub use register::{Entry, Register, Registrar};
pub use remainder::{Held, Keeping, Remainder, Stopped, StoppedRow, Way};
pub(crate) use rows::deciding;
pub(crate) use sharing::climbed;
pub use types::*;
pub use within::Within;

use resolve::Person;

use crate::ask::{Row, Select};
use crate::policy::model::{Policy, SystemId, TableId};

/// What the planner wants to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Whom it asks.
    pub system: SystemId,
    /// About which table.
    pub table: TableId,
    /// What.
    pub what: What,
}

/// Kinds of questions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Rows.
    Select(Select),
    /// The number of rows of the table, an estimate is enough.
    Count,
    /// What the register has of rows with these digests.
    Kept(Vec<String>),
}

impl Ask {
    fn select(policy: &Policy, table: TableId, select: Select) -> Ask {
        Ask { system: policy.table(table).system, table, what: What::Select(select) }
    }
}

/// The answer to an [`Ask`], in the same order as the asks.
#[derive(Clone, Debug)]
pub struct Answer {
    table: TableId,
    columns: Vec<String>,
    rows: Vec<Row>,
    count: u64,
    kept: Vec<Entry>,
}

impl Answer {
    /// Rows, with the columns in the order asked for.
    pub fn of_rows(ask: &Ask, rows: Vec<Row>) -> Self {
        let columns = match &ask.what {
            What::Select(select) => select.columns.clone(),
            What::Count | What::Kept(_) => Vec::new(),
        };
        Answer { table: ask.table, columns, count: rows.len() as u64, rows, kept: Vec::new() }
    }

    /// A count.
    pub fn of_count(ask: &Ask, count: u64) -> Self {
        Answer { table: ask.table, columns: Vec::new(), rows: Vec::new(), count, kept: Vec::new() }
    }

    /// What the register has.
    pub fn of_register(ask: &Ask, kept: Vec<Entry>) -> Self {
        Answer { table: ask.table, columns: Vec::new(), rows: Vec::new(), count: 0, kept }
    }

    fn table(&self) -> TableId {
        self.table
    }

    fn rows(self) -> Vec<Row> {
        self.rows
    }
}
