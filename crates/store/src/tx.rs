//! A change: what it changes, the ledger entries that record it and the jobs that follow commit together or not at all.

use std::collections::HashMap;

use tokio::sync::MutexGuard;

use crate::case_key::CaseKey;
use crate::db;
use crate::error::StoreError;
use crate::store::Store;

/// An open change, with the methods of every family of tables. Dropped without [`commit`](Tx::commit), it never happened.
pub struct Tx<'s> {
    pub(crate) store: &'s Store,
    // Before the turn: fields are dropped in this order, and the next writer must find the lock free.
    db: db::Transaction,
    /// Keys read in this change. None is kept longer, because another process may destroy it.
    pub(crate) case_keys: HashMap<String, CaseKey>,
    changes: u64,
    entries: u64,
    purge: bool,
    _turn: MutexGuard<'s, ()>,
}

impl<'s> Tx<'s> {
    pub(crate) async fn begin(store: &'s Store) -> Result<Self, StoreError> {
        let turn = store.turn.lock().await;
        let db = db::begin(&store.db).await?;
        Ok(Self { store, db, case_keys: HashMap::new(), changes: 0, entries: 0, purge: false, _turn: turn })
    }

    /// Makes the change durable: when this returns, it survives a loss of power.
    ///
    /// # Errors
    /// When the disk is full or fails, or entries were added without any change; then nothing is stored.
    pub async fn commit(self) -> Result<(), StoreError> {
        if self.entries > 0 && self.changes == 0 {
            return Err(StoreError::EntryAlone);
        }
        self.db.commit().await?;
        if self.purge {
            // The change stands whether or not this succeeds; the next checkpoint of the log makes up for it.
            drop(db::purge(&self.store.db).await);
        }
        Ok(())
    }

    pub(crate) fn conn(&mut self) -> &mut db::Conn {
        &mut self.db
    }

    /// Runs a statement that changes rows; returns how many.
    pub(crate) async fn change(&mut self, query: db::Query) -> Result<u64, StoreError> {
        let rows = query.execute(&mut *self.db).await?.rows_affected();
        self.changes += rows;
        Ok(rows)
    }

    /// Runs a statement that changes at most one row and returns it.
    pub(crate) async fn change_row(&mut self, query: db::Query) -> Result<Option<db::Row>, StoreError> {
        let row = query.fetch_optional(&mut *self.db).await?;
        self.changes += u64::from(row.is_some());
        Ok(row)
    }

    pub(crate) async fn row(&mut self, query: db::Query) -> Result<Option<db::Row>, StoreError> {
        Ok(query.fetch_optional(&mut *self.db).await?)
    }

    pub(crate) fn count_entry(&mut self) {
        self.entries += 1;
    }

    /// Once committed, also clears what the database keeps of overwritten pages.
    pub(crate) fn purge_afterwards(&mut self) {
        self.purge = true;
    }
}

impl std::fmt::Debug for Tx<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tx").field("changes", &self.changes).finish_non_exhaustive()
    }
}
