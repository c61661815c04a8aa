//! What a run needs beside its connectors: the stored journal as events, and a sink for confirmations.

use engine::ask::Row;
use engine::plan::Step;
use engine::run::{Event, Sink};

/// The sink of a confirmation: rows are counted by the run, and seen by nobody.
pub struct Unseen;

impl Sink for Unseen {
    fn begin(&mut self, _: &str, _: &Step) -> Result<(), String> {
        Ok(())
    }

    fn row(&mut self, _: Row) -> Result<(), String> {
        Ok(())
    }
}

/// The engine's view of a stored journal.
pub fn events(records: &[store::Record]) -> Vec<Event> {
    let known = records.iter().filter_map(|r| match r.event.clone() {
        store::Event::Intent { system, transaction } => Some(Event::Intent { system, transaction }),
        store::Event::Committed { system } => Some(Event::Committed { system }),
        store::Event::RolledBack { system } => Some(Event::RolledBack { system }),
        store::Event::Again { system } => {
            let tables = r.payload.as_ref().and_then(|p| serde_json::from_slice(p).ok()).unwrap_or_default();
            Some(Event::Again { system, tables })
        }
        store::Event::Swept { system } => Some(Event::Swept { system }),
        store::Event::Verified | store::Event::Finished => None,
    });
    known.collect()
}
