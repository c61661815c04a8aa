//! Harbour Desk, a help desk for other companies: the main database and a second one for billing.
//!
//! [`Generator`] makes the rows in chunks of whole organisations, so that memory stays small for any number of persons;
//! `awkward` lists the persons at fixed numbers that tests and the demonstration use.

mod awkward;
mod billing;
mod draft;
mod people;
mod person;
mod policy;
mod schema;
mod script;
mod thread;
mod time;
mod uploads;
mod words;

use anyhow::{Result, bail};
pub use policy::policy;
pub use schema::{BILLING, HELPDESK};

use super::File;
use super::load::Rows;
use draft::{Draft, Ids};

/// The seed of the company that everybody knows from the documentation.
pub const SEED: u64 = 20_240_101;
/// The fixed persons and some ordinary ones beside them.
pub const LEAST_PERSONS: u64 = 30;
/// Persons of one chunk; whole organisations.
const CHUNK: u64 = 100 * people::ORG_SIZE;

/// Some persons with all that belongs to them, for both databases.
pub struct Chunk {
    /// How many persons.
    pub persons: u64,
    /// Rows of the main database.
    pub helpdesk: Rows,
    /// Rows of the billing database.
    pub billing: Rows,
    /// Files.
    pub files: Vec<File>,
}

/// Makes the company chunk after chunk; equal arguments make equal rows.
pub struct Generator {
    persons: u64,
    next: u64,
    seed: u64,
    ids: Ids,
}

impl Generator {
    /// A company with that many customers, of which the first are always the same.
    pub fn new(persons: u64, seed: u64) -> Result<Self> {
        let most = people::MOST_PERSONS;
        if !(LEAST_PERSONS..=most).contains(&persons) {
            bail!("the sample company needs between {LEAST_PERSONS} and {most} persons, not {persons}");
        }
        Ok(Generator { persons, next: 1, seed, ids: Ids::default() })
    }
}

impl Iterator for Generator {
    type Item = Chunk;

    fn next(&mut self) -> Option<Chunk> {
        let (first, last) = (self.next, self.persons.min(self.next + CHUNK - 1));
        if first > last {
            return None;
        }
        self.next = last + 1;
        let mut draft = Draft::new(self.persons, self.seed, &mut self.ids);
        if first == 1 {
            draft.house();
        }
        for id in first..=last {
            draft.everything_of(id);
        }
        Some(Chunk { persons: last + 1 - first, helpdesk: draft.helpdesk, billing: draft.billing, files: draft.files })
    }
}
