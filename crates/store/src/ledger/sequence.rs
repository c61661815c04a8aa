//! The sequencer: gives pending entries their indices and signs the new head, one process at a time.
//!
//! Indices and checkpoint are committed together, before anything is shown. Publishing comes after, and can be repeated.

use jiff::Timestamp;
use proof::checkpoint::Checkpoint;
use proof::tile;
use proof::tree::Head;
use sqlx::Row;

use crate::db;
use crate::error::StoreError;
use crate::runs::hash;
use crate::store::Store;
use crate::tx::Tx;

const LEASE: &str = "sequencer";
/// Entries in one round, so that memory stays small whatever is pending.
const ROUND: i64 = 8192;

/// What the sequencer did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sequenced {
    /// The signed and published head.
    pub head: Head,
    /// How many entries got their index.
    pub added: u64,
}

/// What one round came to, under the lease of this epoch.
struct Round {
    epoch: i64,
    head: Head,
    outcome: Outcome,
}

enum Outcome {
    /// This many entries got their index.
    Added(u64),
    /// The files lack what was signed before.
    Behind,
    /// The files do not hold what was signed.
    Broken,
}

impl Store {
    /// Brings all pending entries into the ledger, and the ledger's files up to the database. Does little when there is
    /// nothing to do. Call it again after any error: it takes up where it was.
    ///
    /// # Errors
    /// [`StoreError::Claimed`] while another process sequences: then just wait for the inclusion of your entry.
    /// [`StoreError::Damaged`] when the folder holds a checkpoint that this database has not signed.
    pub async fn sequence(&self, now: Timestamp) -> Result<Sequenced, StoreError> {
        if let Some(head) = self.is_up_to_date().await? {
            return Ok(Sequenced { head, added: 0 });
        }
        let (mut added, mut repaired) = (0, false);
        loop {
            let round = self.round(now).await?;
            match round.outcome {
                Outcome::Added(0) => {
                    self.end_lease(round.epoch).await?;
                    return Ok(Sequenced { head: round.head, added });
                }
                Outcome::Added(more) => {
                    added += more;
                    self.publish(&round.head).await?;
                    if more < ROUND.unsigned_abs() {
                        self.end_lease(round.epoch).await?;
                        return Ok(Sequenced { head: round.head, added });
                    }
                }
                Outcome::Behind => self.publish(&round.head).await?,
                Outcome::Broken if repaired => return Err(StoreError::damaged("the ledger cannot be built again")),
                Outcome::Broken => {
                    self.rebuild(&round.head).await?;
                    repaired = true;
                }
            }
        }
    }

    /// One round: in one transaction, claim the lease, give indices, sign.
    async fn round(&self, now: Timestamp) -> Result<Round, StoreError> {
        let mut tx = self.begin().await?;
        let epoch = tx.take(LEASE, &self.sequencer, self.sequencer_lease, now).await?;
        let head = signed_head(tx.conn()).await?;
        let round = match self.published(tx.conn()).await? {
            published if published == head => tx.assign(head, now).await?,
            _ => (head, Outcome::Behind),
        };
        tx.commit().await?;
        let (head, outcome) = round;
        Ok(Round { epoch, head, outcome })
    }

    async fn is_up_to_date(&self) -> Result<Option<Head>, StoreError> {
        let conn = &mut *self.db.acquire().await?;
        let pending =
            db::sql("select 1 from entries where leaf_index is null limit 1").fetch_optional(&mut *conn).await?;
        let head = signed_head(&mut *conn).await?;
        let published = self.published(conn).await?;
        let done = pending.is_none() && published == head && self.ledger.holds_edge_of(&head);
        Ok(done.then_some(head))
    }

    async fn end_lease(&self, epoch: i64) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        match tx.give_back(LEASE, epoch).await {
            // Another sequencer went on while this one was slow; both wrote the same bytes.
            Ok(()) | Err(StoreError::ClaimLost) => tx.commit().await,
            Err(error) => Err(error),
        }
    }
}

impl Tx<'_> {
    async fn assign(&mut self, old: Head, now: Timestamp) -> Result<(Head, Outcome), StoreError> {
        let entries = pending(self.conn()).await?;
        // This compares the stored right edge with the signed root, so nothing is ever signed over damaged tiles.
        let Ok(growth) = tile::append(&self.store.ledger, &old, &entries) else {
            return Ok((old, Outcome::Broken));
        };
        if entries.is_empty() {
            return Ok((old, Outcome::Added(0)));
        }
        let assign = "update entries set leaf_index = $1 + pending.n from (select id, row_number() over (order by id) - 1 \
                      as n from entries where leaf_index is null order by id limit $2) as pending \
                      where pending.id = entries.id";
        let assigned = self.change(db::sql(assign).bind(old.size.cast_signed()).bind(ROUND)).await?;
        if assigned != entries.len() as u64 {
            return Err(StoreError::damaged("the pending entries changed while they got their indices"));
        }
        self.sign(&growth.head, now).await?;
        Ok((growth.head, Outcome::Added(assigned)))
    }

    async fn sign(&mut self, head: &Head, now: Timestamp) -> Result<(), StoreError> {
        let note = Checkpoint::sign(*head, &self.store.keys.signer).map_err(StoreError::damaged)?;
        let insert = db::sql("insert into checkpoints (size, root, note, signed_at) values ($1, $2, $3, $4)");
        let insert = insert.bind(head.size.cast_signed()).bind(head.root.0.to_vec()).bind(note);
        self.change(insert.bind(db::micros(now))).await?;
        Ok(())
    }
}

/// The pending entries of one round, in the order in which they were written.
async fn pending(conn: &mut db::Conn) -> Result<Vec<Vec<u8>>, StoreError> {
    let query = db::sql("select body from entries where leaf_index is null order by id limit $1").bind(ROUND);
    query.fetch_all(conn).await?.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// The newest head that was signed.
pub(super) async fn signed_head(conn: &mut db::Conn) -> Result<Head, StoreError> {
    let newest = db::sql("select size, root from checkpoints order by size desc limit 1");
    let Some(row) = newest.fetch_optional(conn).await? else {
        return Ok(Head::empty());
    };
    Ok(Head { size: row.try_get::<i64, _>(0)?.unsigned_abs(), root: hash(row.try_get(1)?)? })
}
