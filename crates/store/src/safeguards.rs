//! Copies of safeguards that people asked for.

use jiff::Timestamp;
use proof::entry::{Entry, Kind};
use proof::hash::Hash;
use sqlx::Row as _;

use crate::db;
use crate::error::StoreError;
use crate::ledger::second;
use crate::store::Store;
use crate::suppression::Identity;
use crate::tx::Tx;

impl Tx<'_> {
    /// Remembers that a person got a copy of the safeguards of a transfer; `digest` is the SHA-256 of the copy. The ledger gets
    /// a keyed digest, the transfer's name, and nobody's.
    ///
    /// # Errors
    /// When the database fails, or the transfer's name is not one that the ledger takes.
    pub async fn safeguards_given(
        &mut self,
        person: Identity<'_>,
        transfer: &str,
        digest: [u8; 32],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let who = person.digest(self.store, b"safeguards");
        let insert = db::sql("insert into safeguard_copies (person, transfer, digest, at) values ($1, $2, $3, $4)");
        let insert = insert.bind(who.clone()).bind(transfer.to_owned()).bind(digest.to_vec()).bind(db::micros(now));
        self.change(insert).await?;
        let evidence = self.store.keys.suppression.digest(&[b"safeguards", &who, transfer.as_bytes(), &digest]);
        let mut entry = Entry::new(Kind::Safeguards, &second(now), "notice", Hash(evidence));
        entry.refs.insert("transfer".to_owned(), transfer.to_owned());
        self.append(&entry).await.map(drop)
    }
}

impl Store {
    /// How many copies of the safeguards of each transfer a person got.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn safeguards_of(&self, person: Identity<'_>) -> Result<Vec<(String, i64)>, StoreError> {
        let query = db::sql(
            "select transfer, count(*) from safeguard_copies where person = $1 group by transfer order by transfer",
        );
        let rows = query.bind(person.digest(self, b"safeguards")).fetch_all(&self.db).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }
}
