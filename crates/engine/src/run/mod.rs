//! Applying a plan, as a state machine without I/O: `step(answer) -> next thing to do`.
//!
//! Nothing is written before every row of every system was locked and compared with the plan; nothing is committed before
//! every change of every system succeeded; before each commit the journal holds the intent. After a crash the journal is
//! given back and an intent is *resolved*, not repeated blindly.

mod apply;
mod calls;
mod changes;
mod compare;
mod free;
mod guard;
mod images;
mod journal;
mod recall;
mod resume;
mod schedule;
mod sharing;
mod taken;
mod todo;
mod took;
mod work;

pub use apply::Run;
pub use journal::{Event, Journal, Made, Nowhere, Sink, StandIns, again_in, found, stand_ins, swept, unseen};

use crate::ask::{Change, Changed, Failure, Row, Select};
use crate::plan::Rebuild;
use crate::schema::Schema;
use crate::seal::Sealed;

/// What the driver shall do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Do {
    /// Describe a system's live schema.
    Describe {
        /// System.
        system: String,
    },
    /// Begin the write transaction of a system; answer with its id, where the database has one.
    Begin {
        /// System.
        system: String,
    },
    /// Read within the transaction.
    Read {
        /// System.
        system: String,
        /// What.
        select: Select,
    },
    /// Read outside of any transaction, to see what an interrupted run did.
    Look {
        /// System.
        system: String,
        /// What.
        select: Select,
    },
    /// Read rows that are to be returned once more, in the snapshot from which they are returned; answer with the rows of
    /// each question.
    Reread {
        /// System.
        system: String,
        /// What.
        selects: Vec<Select>,
    },
    /// Change within the transaction.
    Change {
        /// System.
        system: String,
        /// What.
        change: Change,
        /// It cannot be made in several parts.
        together: bool,
    },
    /// Count what the transaction has changed so far, by whatever means.
    Tally {
        /// System.
        system: String,
    },
    /// Build a view anew, within the transaction.
    Rebuild {
        /// System.
        system: String,
        /// The view, or search index.
        what: Rebuild,
    },
    /// Write to the journal, durably.
    Journal(Event),
    /// Seal these before-images, durably: nothing of what they show is committed yet.
    Seal(Sealed),
    /// Commit.
    Commit {
        /// System.
        system: String,
    },
    /// Roll back.
    Rollback {
        /// System.
        system: String,
    },
    /// Ask the database what became of a transaction.
    Resolve {
        /// System.
        system: String,
        /// The transaction's id.
        transaction: String,
    },
    /// Stream rows to the answer, step by step; answer with the number of each.
    Export {
        /// System.
        system: String,
        /// Indices of steps in the system's plan, and what each returns.
        steps: Vec<(usize, Select)>,
    },
}

/// What came of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Done {
    /// Nothing to report.
    Ok,
    /// A schema.
    Schema(Schema),
    /// The transaction's id.
    Transaction(Option<String>),
    /// Rows.
    Rows(Vec<Row>),
    /// The rows of each question.
    Reread(Vec<Vec<Row>>),
    /// The number of rows of each step.
    Exported(Vec<u64>),
    /// A change.
    Changed(Changed),
    /// What the transaction has changed.
    Tally(Tally),
    /// The fate of a transaction: `Some(true)` committed, `Some(false)` rolled back, `None` unknown.
    Outcome(Option<bool>),
    /// It failed.
    Failed(Failure),
}

/// Rows that a transaction has inserted, updated or deleted, by whatever means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tally {
    /// By table; tables of other schemas as `schema.table`.
    Tables(Vec<(String, u64)>),
    /// In all.
    Total(u64),
    /// The database does not count.
    Unknown,
}

/// Why a run did not apply the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Halt {
    /// Refused before anything was changed.
    Refused(Vec<Difference>),
    /// A system failed. Nothing of the systems in `undone` was changed; those in `done` are committed.
    Failed {
        /// System.
        system: String,
        /// Why.
        failure: Box<Failure>,
        /// Systems committed before.
        done: Vec<String>,
        /// Systems left as they were.
        undone: Vec<String>,
    },
    /// Everything else is done; these web services are down, or do not do what they were asked. The run stays open and is
    /// taken up again.
    Open {
        /// Systems, and why.
        open: Vec<(String, Failure)>,
        /// Systems that are done.
        done: Vec<String>,
    },
    /// A crash left a system in a state that is neither before nor after: somebody else changed rows since.
    Unclear {
        /// System.
        system: String,
    },
}

/// A difference between the plan and what is there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// The plan expired.
    Expired {
        /// When.
        at: String,
    },
    /// A bound is exceeded and nobody approved that.
    Bound(crate::plan::Breach),
    /// The policy folder changed since the plan was made.
    Policy,
    /// A table's structure changed.
    Structure {
        /// System.
        system: String,
        /// Table.
        table: String,
    },
    /// Rows were changed, swapped or lost.
    Rows {
        /// System.
        system: String,
        /// Table.
        table: String,
        /// Rows of the plan.
        planned: u64,
        /// Of these, rows found.
        found: u64,
    },
    /// The database would change rows by itself that the plan does not list.
    Unlisted {
        /// System.
        system: String,
        /// Table, or `(some table)` where the database counts rows in all.
        table: String,
        /// Rows.
        rows: u64,
    },
    /// Rows came to name a file that the plan deletes.
    Shared {
        /// System of the rows.
        system: String,
        /// Their table.
        table: String,
        /// How many.
        rows: u64,
    },
    /// A value that could not be put back as it is.
    Inexact {
        /// System.
        system: String,
        /// Table.
        table: String,
        /// Column.
        column: String,
    },
    /// Rows did not come back as the seal has them.
    Restored {
        /// System.
        system: String,
        /// Table.
        table: String,
        /// Planned.
        planned: u64,
        /// Of these, rows that are as they were.
        found: u64,
    },
    /// A change hit another number of rows than planned.
    Count {
        /// System.
        system: String,
        /// Table.
        table: String,
        /// Planned.
        planned: u64,
        /// Changed.
        changed: u64,
    },
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Difference::Expired { at } => write!(f, "the plan expired at {at}: make a new one"),
            Difference::Bound(breach) => write!(f, "{breach}: an approval must name this bound"),
            Difference::Policy => write!(f, "the policy folder changed since the plan was made: make a new one"),
            Difference::Structure { system, table } => {
                write!(
                    f,
                    "{system}.{table}: the table's structure changed since the plan was made (columns, keys or triggers)"
                )
            }
            Difference::Rows { system, table, planned, found } if planned == found => {
                write!(
                    f,
                    "{system}.{table}: rows changed since the plan was made ({planned} planned, all found, not all as they were)"
                )
            }
            Difference::Rows { system, table, planned, found } => {
                write!(f, "{system}.{table}: rows changed since the plan was made ({planned} planned, {found} found)")
            }
            Difference::Unlisted { system, table, rows } => {
                write!(
                    f,
                    "{system}.{table}: {rows} rows that the plan does not list would be changed by the database itself"
                )
            }
            Difference::Shared { system, table, rows } => {
                write!(f, "{system}.{table}: {rows} rows name files that the plan deletes, and came since it was made")
            }
            Difference::Inexact { system, table, column } => write!(
                f,
                "{system}.{table}: the column {column} holds a value that could not be put back exactly, so this cannot be a deactivation"
            ),
            Difference::Restored { system, table, planned, found } => write!(
                f,
                "{system}.{table}: the database does not give rows back as they were sealed ({planned} planned, {found} exact); is a trigger at work?"
            ),
            Difference::Count { system, table, planned, changed } => {
                write!(f, "{system}.{table}: {changed} rows were changed where the plan lists {planned}")
            }
        }
    }
}

impl std::fmt::Display for Halt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Halt::Refused(differences) => {
                let list: Vec<String> = differences.iter().map(ToString::to_string).collect();
                write!(f, "{}", list.join("; "))
            }
            Halt::Failed { system, failure, done, undone } => {
                write!(f, "system {system}: {failure}")?;
                if done.is_empty() {
                    write!(f, "; nothing was changed anywhere")
                } else {
                    write!(f, "; already done: {}; left as it was: {}", done.join(", "), undone.join(", "))
                }
            }
            Halt::Open { open, done } => {
                let list: Vec<String> = open.iter().map(|(system, why)| format!("system {system}: {why}")).collect();
                let done = if done.is_empty() { "nothing".to_owned() } else { done.join(", ") };
                write!(f, "{}; already done: {done}; the request stays open", list.join("; "))
            }
            Halt::Unclear { system } => write!(
                f,
                "system {system}: after an interruption its rows are neither as before nor as planned; look at them and make a new plan"
            ),
        }
    }
}

impl std::error::Error for Halt {}
