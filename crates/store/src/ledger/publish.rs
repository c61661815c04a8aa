//! Bringing the ledger's files up to what was signed. Tiles first, the checkpoint last; repeating it writes the same bytes.

use proof::tile;
use proof::tree::Head;
use sqlx::Row;

use crate::db;
use crate::error::StoreError;
use crate::runs::hash;
use crate::store::Store;

/// Entries read from the database at a time.
const CHUNK: u64 = 8192;

impl Store {
    /// The head whose files lie in the folder: the last one signed, or one before it. Anything but a checkpoint that the
    /// database holds counts as nothing, and is written over.
    pub(super) async fn published(&self, conn: &mut db::Conn) -> Result<Head, StoreError> {
        let Some((head, text)) = self.ledger.checkpoint() else {
            return Ok(Head::empty());
        };
        let query = db::sql("select root, note from checkpoints where size = $1").bind(head.size.cast_signed());
        let known =
            query.fetch_optional(conn).await?.map(|row| Ok::<_, StoreError>((hash(row.try_get(0)?)?, row.try_get(1)?)));
        match known.transpose()? {
            Some((root, note)) if (root, &note) == (head.root, &text) => Ok(head),
            Some((root, _)) if root == head.root => Ok(Head::empty()),
            // Signing on would sign a second root for a size that somebody may have seen.
            _ if self.ledger.is_ours(&text) => Err(StoreError::Damaged(format!(
                "{} holds a signed checkpoint of {} entries that the database does not know: the database seems to be \
                 an older copy; put back the newest one, or begin a new ledger",
                self.ledger.path().display(),
                head.size
            ))),
            _ => Ok(Head::empty()),
        }
    }

    /// Writes what lies between the published head and `target`, or everything anew when the files are not sound.
    pub(super) async fn publish(&self, target: &Head) -> Result<(), StoreError> {
        let published = self.published(&mut *self.db.acquire().await?).await?;
        if published.size >= target.size {
            return Ok(()); // another sequencer was faster
        }
        match self.grow(&published, target).await {
            Err(StoreError::Damaged(_)) => self.rebuild(target).await,
            done => done,
        }
    }

    /// Writes all files anew from the database.
    pub(super) async fn rebuild(&self, target: &Head) -> Result<(), StoreError> {
        self.grow(&Head::empty(), target).await
    }

    async fn grow(&self, from: &Head, target: &Head) -> Result<(), StoreError> {
        let mut head = *from;
        let mut written = Vec::new();
        while head.size < target.size {
            let entries = self.bodies(head.size, target.size.min(head.size + CHUNK)).await?;
            let ledger = self.ledger.clone();
            let growth = blocking(move || {
                let growth = tile::append(&ledger, &head, &entries).map_err(StoreError::damaged)?;
                ledger.write_tiles(&growth.files)?;
                Ok(growth)
            });
            let growth = growth.await?;
            written.extend(growth.files.into_iter().map(|(path, _)| path));
            head = growth.head;
        }
        if head != *target {
            return Err(StoreError::damaged("the entries do not lead to the root that was signed"));
        }
        let query = db::sql("select note from checkpoints where size = $1").bind(head.size.cast_signed());
        let Some(row) = query.fetch_optional(&self.db).await? else {
            return Ok(()); // nothing was ever signed
        };
        let (note, ledger, from): (String, _, _) = (row.try_get(0)?, self.ledger.clone(), *from);
        blocking(move || {
            ledger.write_checkpoint(&note)?;
            ledger.prune(&from, &written);
            Ok(())
        })
        .await
    }

    async fn bodies(&self, from: u64, to: u64) -> Result<Vec<Vec<u8>>, StoreError> {
        let query = "select body from entries where leaf_index >= $1 and leaf_index < $2 order by leaf_index";
        let query = db::sql(query).bind(from.cast_signed()).bind(to.cast_signed());
        let bodies = query.fetch_all(&self.db).await?;
        if bodies.len() as u64 != to - from {
            return Err(StoreError::damaged("entries of the ledger are missing from the database"));
        }
        bodies.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }
}

/// Runs file work where it holds up no other task.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work).await.map_err(StoreError::damaged)?
}
