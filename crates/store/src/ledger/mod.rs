//! The ledger: entries written with the changes they record, then given an index, built into tiles and signed.
//!
//! The database is the truth, and what was signed never changes there. The files in `ledger/` follow from it: after a
//! crash, or when they were lost or damaged, the next [`Store::sequence`] brings them up to it.

mod folder;
mod proofs;
mod publish;
mod sequence;

use jiff::{RoundMode, Timestamp, TimestampRound, Unit};
use proof::entry::{Entry, Kind};
use proof::hash::Hash;
use sqlx::Row;

pub(crate) use folder::Folder;
pub use proofs::Consistency;
pub use sequence::Sequenced;

use crate::db;
use crate::error::StoreError;
use crate::tx::Tx;

/// An entry, from the moment it is written; its index in the ledger comes later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(pub(crate) i64);

impl Tx<'_> {
    /// Adds an entry about a case to the ledger, beside the change that it records. Entries name the case only by its
    /// reference; `digest` must be keyed or salted, and `refs` hold identifiers that name nobody.
    ///
    /// # Errors
    /// When a part could hold a personal value, or the key of the case was destroyed.
    pub async fn entry(
        &mut self,
        kind: Kind,
        case: &str,
        digest: Hash,
        refs: &[(&str, &str)],
        now: Timestamp,
    ) -> Result<EntryId, StoreError> {
        let reference = self.case_key(case).await?.case_reference();
        let mut entry = Entry::new(kind, &second(now), &reference, digest);
        entry.refs = refs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        self.append(&entry).await
    }

    /// A digest of evidence about a case that cannot be guessed without the key of the case.
    ///
    /// # Errors
    /// When there is no such case, or its key was destroyed.
    pub async fn digest(&mut self, case: &str, evidence: &[&[u8]]) -> Result<Hash, StoreError> {
        Ok(self.case_key(case).await?.digest(evidence))
    }

    pub(crate) async fn append(&mut self, entry: &Entry) -> Result<EntryId, StoreError> {
        let body = entry.to_bytes()?;
        if body.len() > usize::from(u16::MAX) {
            return Err(StoreError::EntryTooLong);
        }
        self.count_entry();
        let insert = db::sql("insert into entries (body) values ($1) returning id").bind(body);
        let row = self.row(insert).await?.ok_or_else(|| StoreError::damaged("an entry has no id"))?;
        Ok(EntryId(row.try_get(0)?))
    }
}

/// The time of an entry, in whole seconds: finer ones would lead from an entry to the rows written with it.
pub(crate) fn second(now: Timestamp) -> String {
    let whole = TimestampRound::new().smallest(Unit::Second).mode(RoundMode::Floor);
    now.round(whole).unwrap_or(now).to_string()
}
