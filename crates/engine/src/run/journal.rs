//! What a run writes down before and after each commit, and where rows of an answer go.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::future::Future;
use std::pin::Pin;

use serde::{Deserialize, Serialize};

use crate::ask::Row;
use crate::plan::{Meanwhile, Plan, Step};
use crate::seal::Sealed;
use crate::value::Value;

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
        /// Stand-in records that it made.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        made: Vec<Made>,
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
    /// Rows were found that had been written meanwhile: what is done to them, and what is left of them and why.
    Found {
        /// The plan that tells.
        plan: Box<Plan>,
    },
    /// Rows that were written meanwhile are changed too; the commit comes next.
    Again {
        /// System.
        system: String,
        /// The database's id of the transaction, where it has one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        transaction: Option<String>,
        /// What is done to them.
        tables: Vec<Meanwhile>,
        /// Stand-in records that it made.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        made: Vec<Made>,
    },
    /// That commit succeeded, or was found to have succeeded.
    Swept {
        /// System.
        system: String,
    },
    /// That transaction was undone: nothing of it is claimed, whatever becomes of the rows.
    Unswept {
        /// System.
        system: String,
    },
}

/// A stand-in record that a transaction made: nobody else has its key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Made {
    /// Its table.
    pub table: String,
    /// Which of several it is.
    pub which: String,
    /// Its key, with the names of the columns.
    pub key: Vec<(String, Value)>,
}

impl Event {
    /// The system that it is about; none where it is about several.
    pub fn system(&self) -> &str {
        match self {
            Event::Intent { system, .. }
            | Event::Committed { system }
            | Event::RolledBack { system }
            | Event::Again { system, .. }
            | Event::Swept { system }
            | Event::Unswept { system } => system,
            Event::Found { .. } => "",
        }
    }

    /// Is it about rows that were written meanwhile?
    pub fn is_after(&self) -> bool {
        matches!(self, Event::Found { .. } | Event::Again { .. } | Event::Swept { .. } | Event::Unswept { .. })
    }
}

/// Rows that were written meanwhile and dealt with, by system, in the order of the journal.
pub fn swept(journal: &[Event]) -> Vec<(String, Meanwhile)> {
    let (mut open, mut done) = (BTreeMap::new(), Vec::new());
    for event in journal {
        match event {
            Event::Again { system, tables, .. } => drop(open.insert(system, tables)),
            Event::Unswept { system } => drop(open.remove(system)),
            Event::Swept { system } => {
                let tables = open.remove(system).into_iter().flatten();
                done.extend(tables.map(|of| (system.clone(), of.clone())));
            }
            _ => {}
        }
    }
    done
}

/// The plans of rows that were written meanwhile, each with the systems in which it was carried out.
pub fn found(journal: &[Event]) -> Vec<Plan> {
    let mut found: Vec<(&Plan, BTreeSet<&str>)> = Vec::new();
    for event in journal {
        match (event, found.last_mut()) {
            (Event::Found { plan }, _) => found.push((plan, BTreeSet::new())),
            (Event::Swept { system }, Some((_, done))) => drop(done.insert(system)),
            _ => {}
        }
    }
    let done = |(plan, done): (&Plan, BTreeSet<&str>)| {
        let mut plan = plan.clone();
        plan.systems.retain(|s| done.contains(s.system.as_str()));
        plan
    };
    found.into_iter().map(done).collect()
}

/// Of the last of them, what nobody saw committed or rolled back.
pub fn unseen(journal: &[Event]) -> Option<Plan> {
    let last = journal.iter().rposition(|event| matches!(event, Event::Found { .. }))?;
    let Event::Found { plan } = &journal[last] else { return None };
    let mut open = BTreeSet::new();
    for event in &journal[last..] {
        match event {
            Event::Again { system, .. } => drop(open.insert(system)),
            Event::Swept { system } | Event::Unswept { system } => drop(open.remove(system)),
            _ => {}
        }
    }
    let mut plan = plan.clone();
    plan.systems.retain(|s| open.contains(&s.system));
    (!plan.systems.is_empty()).then_some(*plan)
}

/// The id of the transaction that was last to change rows of a system that were written meanwhile.
pub fn again_in<'j>(journal: &'j [Event], system: &str) -> Option<&'j str> {
    let last = journal.iter().rev().find(|event| matches!(event, Event::Again { .. }) && event.system() == system);
    if let Some(Event::Again { transaction, .. }) = last { transaction.as_deref() } else { None }
}

/// Stand-in records that committed transactions have made: their keys, by system, table and which they are.
pub fn stand_ins(journal: &[Event]) -> StandIns {
    let (mut open, mut done): (BTreeMap<&str, &Vec<Made>>, _) = (BTreeMap::new(), StandIns::new());
    for event in journal {
        match event {
            Event::Intent { system, made, .. } | Event::Again { system, made, .. } => drop(open.insert(system, made)),
            Event::RolledBack { system } | Event::Unswept { system } => drop(open.remove(system.as_str())),
            Event::Committed { system } | Event::Swept { system } => {
                let made = open.remove(system.as_str()).into_iter().flatten();
                let key = |m: &Made| ((system.clone(), m.table.clone(), m.which.clone()), m.key.clone());
                done.extend(made.map(key));
            }
            Event::Found { .. } => {}
        }
    }
    done
}

/// Columns of stand-in records, by system, table and which of several it is.
pub type StandIns = HashMap<(String, String, String), Vec<(String, Value)>>;

/// A durable list of events of one run. When `append` is done, the event survives a crash.
pub trait Journal: Send {
    /// Appends one event.
    fn append<'a>(&'a mut self, event: &'a Event) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>>;

    /// The run goes on, though it may have nothing to write down for a while: what tells others so is renewed.
    fn goes_on(&mut self) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + '_>> {
        Box::pin(std::future::ready(Ok(())))
    }

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
