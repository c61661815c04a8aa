//! Proofs from the published files.

use proof::certificate::Anchor;
use proof::entry::Entry;
use proof::hash::Hash;
use proof::tile;
use proof::tree::{Head, verify_consistency, verify_inclusion};
use sqlx::Row;

use super::publish::blocking;
use super::{EntryId, Folder};
use crate::db;
use crate::error::StoreError;
use crate::runs::hash;
use crate::store::Store;

/// Proof that the ledger only grew since an older checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consistency {
    /// The older checkpoint, as it was signed.
    pub old: String,
    /// The published checkpoint.
    pub new: String,
    /// The proof that leads from one to the other.
    pub proof: Vec<Hash>,
}

/// A sequencer may replace files while they are read: then the newer ones are there.
const TRIES: usize = 3;

impl Store {
    /// Where the published ledger holds an entry, with the proof; `None` while it is pending. Checked before it is returned.
    ///
    /// # Errors
    /// When there is no such entry, or the files are damaged; the error says how to have them made again.
    pub async fn inclusion(&self, entry: EntryId) -> Result<Option<Anchor>, StoreError> {
        let query = db::sql("select leaf_index, body from entries where id = $1").bind(entry.0);
        let row = query.fetch_optional(&self.db).await?.ok_or(StoreError::NotFound("entry"))?;
        let Some(index) = row.try_get::<Option<i64>, _>(0)?.map(i64::unsigned_abs) else {
            return Ok(None);
        };
        let (body, ledger): (Vec<u8>, _) = (row.try_get(1)?, self.ledger.clone());
        blocking(move || {
            let prove = |head: &Head| {
                let proof = tile::prove_inclusion(&ledger, head.size, index).ok()?;
                verify_inclusion(head, index, &body, &proof).ok().map(|()| proof)
            };
            let Some((checkpoint, proof)) = with_published(&ledger, index + 1, prove)? else {
                return Ok(None);
            };
            Ok(Some(Anchor { checkpoint, index, entry: Entry::parse(&body)?, proof }))
        })
        .await
    }

    /// Proof that the published ledger begins with the one that was signed when it had `old` entries.
    ///
    /// # Errors
    /// When no checkpoint of that size was signed and published, or the files are damaged.
    pub async fn consistency(&self, old: u64) -> Result<Consistency, StoreError> {
        let query = db::sql("select root, note from checkpoints where size = $1").bind(old.cast_signed());
        let row = query.fetch_optional(&self.db).await?.ok_or(StoreError::NotFound("checkpoint"))?;
        let (head, note): (Head, String) = (Head { size: old, root: hash(row.try_get(0)?)? }, row.try_get(1)?);
        let ledger = self.ledger.clone();
        blocking(move || {
            let prove = |new: &Head| {
                let proof = tile::prove_consistency(&ledger, head.size, new.size).ok()?;
                verify_consistency(&head, new, &proof).ok().map(|()| proof)
            };
            let proven = with_published(&ledger, head.size, prove)?;
            let (new, proof) = proven.ok_or(StoreError::NotFound("checkpoint among the published ones"))?;
            Ok(Consistency { old: note, new, proof })
        })
        .await
    }
}

/// Proves against the published checkpoint; `None` when it has fewer than `needed` entries.
fn with_published(
    ledger: &Folder,
    needed: u64,
    prove: impl Fn(&Head) -> Option<Vec<Hash>>,
) -> Result<Option<(String, Vec<Hash>)>, StoreError> {
    for _ in 0..TRIES {
        let published = ledger.checkpoint().filter(|(head, note)| head.size >= needed && ledger.is_ours(note));
        let Some((head, note)) = published else {
            return Ok(None);
        };
        if let Some(proof) = prove(&head) {
            return Ok(Some((note, proof)));
        }
    }
    Err(StoreError::Damaged(format!(
        "the tiles in {0} do not lead to the checkpoint there; remove {0}/checkpoint, and all is made again from the database",
        ledger.path().display()
    )))
}
