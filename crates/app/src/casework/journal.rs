//! What a run needs beside its connectors: the stored journal as events, and a sink for confirmations.

use engine::ask::Row;
use engine::plan::{Meanwhile, Step};
use engine::run::{Event, Made, Sink};
use serde::Deserialize;

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

/// What stands beside the line of a second look. Before stand-ins were written down it was the tables alone.
#[derive(Deserialize)]
#[serde(untagged)]
enum Again {
    Of { tables: Vec<Meanwhile>, made: Vec<Made> },
    Tables(Vec<Meanwhile>),
}

/// The engine's view of a stored journal.
pub fn events(records: &[store::Record]) -> Vec<Event> {
    records.iter().filter_map(event).collect()
}

fn event(record: &store::Record) -> Option<Event> {
    Some(match record.event.clone() {
        store::Event::Intent { system, transaction } => {
            Event::Intent { system, transaction, made: beside(record).unwrap_or_default() }
        }
        store::Event::Committed { system } => Event::Committed { system },
        store::Event::RolledBack { system } => Event::RolledBack { system },
        store::Event::Found => Event::Found { plan: beside(record)? },
        store::Event::Again { system, transaction } => {
            let (tables, made) = match beside(record) {
                Some(Again::Of { tables, made }) => (tables, made),
                Some(Again::Tables(tables)) => (tables, Vec::new()),
                None => Default::default(),
            };
            Event::Again { system, transaction, tables, made }
        }
        store::Event::Swept { system } => Event::Swept { system },
        store::Event::Unswept { system } => Event::Unswept { system },
        store::Event::Verified | store::Event::Finished => return None,
    })
}

fn beside<T: serde::de::DeserializeOwned>(record: &store::Record) -> Option<T> {
    serde_json::from_slice(record.payload.as_ref()?).ok()
}
