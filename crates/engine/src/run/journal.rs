//! What a run writes down before and after each commit, and where rows of an answer go.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use serde::{Deserialize, Serialize};

use crate::ask::Row;
use crate::plan::{Meanwhile, Step};
use crate::seal::Sealed;

/// One line of the journal of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// All changes of the system are made; the commit comes next.
    Intent {
        /// System.
        system: String,
        /// The database's id of the transaction, where it has one.
        transaction: Option<String>,
    },
    /// The commit succeeded, or was found to have succeeded.
    Committed {
        /// System.
        system: String,
    },
    /// The transaction was found to be undone.
    RolledBack {
        /// System.
        system: String,
    },
    /// Rows that were written meanwhile are changed too; the commit comes next.
    Again {
        /// System.
        system: String,
        /// What is done to them.
        tables: Vec<Meanwhile>,
    },
    /// That commit succeeded, or was found to have succeeded.
    Swept {
        /// System.
        system: String,
    },
}

impl Event {
    /// The system that it is about.
    pub fn system(&self) -> &str {
        match self {
            Event::Intent { system, .. }
            | Event::Committed { system }
            | Event::RolledBack { system }
            | Event::Again { system, .. }
            | Event::Swept { system } => system,
        }
    }

    /// Is it about rows that were written meanwhile?
    pub fn is_after(&self) -> bool {
        matches!(self, Event::Again { .. } | Event::Swept { .. })
    }
}

/// Rows that were written meanwhile and dealt with, by system, in the order of the journal.
pub fn swept(journal: &[Event]) -> Vec<(String, Meanwhile)> {
    let (mut open, mut done) = (BTreeMap::new(), Vec::new());
    for event in journal {
        match event {
            Event::Again { system, tables } => drop(open.insert(system, tables)),
            Event::Swept { system } => {
                let tables = open.remove(system).into_iter().flatten();
                done.extend(tables.map(|of| (system.clone(), of.clone())));
            }
            _ => {}
        }
    }
    done
}

/// A durable list of events of one run. When `append` is done, the event survives a crash.
pub trait Journal: Send {
    /// Appends one event.
    fn append<'a>(&'a mut self, event: &'a Event) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>>;

    /// Seals the before-images of one system, in place of those that an earlier attempt of the run left. When it is done,
    /// they survive a crash.
    fn seal<'a>(&'a mut self, sealed: &'a Sealed) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>> {
        let _ = sealed;
        Box::pin(std::future::ready(Err("this journal seals nothing".to_owned())))
    }
}

/// Where exported rows go.
pub trait Sink: Send {
    /// Rows of this step follow.
    fn begin(&mut self, system: &str, step: &Step) -> Result<(), String>;
    /// One row, with the step's columns.
    fn row(&mut self, row: Row) -> Result<(), String>;
    /// A piece of the bytes of the file that the last row is, where the step returns them. An empty file has none.
    fn content(&mut self, piece: &[u8]) -> Result<(), String> {
        let _ = piece;
        Err("this answer takes no files".into())
    }
}

/// The sink of a plan that returns nothing.
#[derive(Clone, Copy, Debug)]
pub struct Nowhere;

impl Sink for Nowhere {
    fn begin(&mut self, _: &str, _: &Step) -> Result<(), String> {
        Err("this plan returns no rows".into())
    }

    fn row(&mut self, _: Row) -> Result<(), String> {
        Err("this plan returns no rows".into())
    }
}
