//! The register of restrictions (GDPR Art. 18): keyed hashes of persons whose data may be stored and nothing else.

use jiff::Timestamp;
use sqlx::Row as _;

use crate::db;
use crate::error::StoreError;
use crate::store::Store;
use crate::suppression::Identity;
use crate::tx::Tx;

impl Tx<'_> {
    /// Writes down that this person's data are restricted from now on. A restriction that stands keeps its beginning.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn restrict(&mut self, identity: Identity<'_>, now: Timestamp) -> Result<(), StoreError> {
        let insert = db::sql("insert into restrictions (digest, since) values ($1, $2) on conflict do nothing");
        let digest = identity.digest(self.store, b"restriction");
        self.change(insert.bind(digest).bind(db::micros(now))).await?;
        Ok(())
    }

    /// Ends the restriction of this person, if there is one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn lift(&mut self, identity: Identity<'_>) -> Result<(), StoreError> {
        let digest = identity.digest(self.store, b"restriction");
        self.change(db::sql("delete from restrictions where digest = $1").bind(digest)).await?;
        Ok(())
    }
}

impl Store {
    /// Since when this person's data are restricted; none where they are not.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn restricted_since(&self, identity: Identity<'_>) -> Result<Option<Timestamp>, StoreError> {
        let digest = identity.digest(self, b"restriction");
        let query = db::sql("select since from restrictions where digest = $1").bind(digest);
        match query.fetch_optional(&self.db).await? {
            Some(row) => Ok(Some(db::time(row.try_get(0)?)?)),
            None => Ok(None),
        }
    }
}
