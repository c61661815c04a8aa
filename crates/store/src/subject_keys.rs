//! Keys of persons: applications encrypt columns under them, and an erasure destroys them (`erase = "shred"`).

use jiff::Timestamp;
use proof::entry::Kind;
use sqlx::Row;
use zeroize::Zeroizing;

use crate::db;
use crate::error::StoreError;
use crate::secret::Secret;
use crate::store::Store;
use crate::tx::Tx;

/// A record whose values are encrypted. Only a keyed digest of it is kept.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// Kind of person, such as `customer`.
    pub kind: &'a str,
    /// System of the record.
    pub system: &'a str,
    /// Parts of its key, as text.
    pub key: &'a [String],
}

impl Subject<'_> {
    /// What the store knows the record by, in hexadecimal where it is a context.
    fn digest(&self, store: &Store) -> Vec<u8> {
        let own = store.keys.suppression.derive("subject keys");
        let parts = [self.kind, self.system].into_iter().chain(self.key.iter().map(String::as_str));
        own.digest(&parts.map(str::as_bytes).collect::<Vec<_>>()).to_vec()
    }
}

impl Tx<'_> {
    /// The 256-bit key of a record, made when it is first asked for.
    ///
    /// # Errors
    /// [`StoreError::SubjectKeyDestroyed`] once the person was erased: it is never made again.
    pub async fn subject_key(
        &mut self,
        subject: Subject<'_>,
        now: Timestamp,
    ) -> Result<Zeroizing<[u8; 32]>, StoreError> {
        let digest = subject.digest(self.store);
        let context = hex::encode(&digest);
        let found = db::sql("select sealed from subject_keys where subject = $1").bind(digest.clone());
        if let Some(row) = self.row(found).await? {
            let sealed: Vec<u8> = row.try_get::<Option<_>, _>(0)?.ok_or(StoreError::SubjectKeyDestroyed)?;
            let key = self.store.master.wrap.open(&["subject-key", &context], &sealed);
            let key = key.and_then(|key| Secret::from_slice(&key));
            let key = key.ok_or_else(|| StoreError::damaged("the key of a person cannot be unsealed"))?;
            return Ok(Zeroizing::new(*key.bytes()));
        }
        let key = Secret::random()?;
        let sealed = self.store.master.wrap.seal(&["subject-key", &context], key.bytes())?;
        let insert = db::sql("insert into subject_keys (subject, sealed, created_at) values ($1, $2, $3)");
        self.change(insert.bind(digest).bind(sealed).bind(db::micros(now))).await?;
        Ok(Zeroizing::new(*key.bytes()))
    }

    /// Destroys the key of a record, with an entry in the ledger that names the case only. A key that nobody ever asked
    /// for cannot be made afterwards either. Returns whether this call did it.
    ///
    /// # Errors
    /// When there is no such case, or its key was destroyed.
    pub async fn destroy_subject_key(
        &mut self,
        case: &str,
        subject: Subject<'_>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let digest = subject.digest(self.store);
        let destroy = "insert into subject_keys (subject, sealed, created_at, destroyed_at) values ($1, null, $2, $2) \
                       on conflict (subject) do update set sealed = null, destroyed_at = $2 where sealed is not null";
        let destroyed = self.change(db::sql(destroy).bind(digest.clone()).bind(db::micros(now))).await? > 0;
        if destroyed {
            let evidence = self.digest(case, &[b"subject key destroyed", &digest]).await?;
            self.entry(Kind::StepReceipt, case, evidence, &[("key", "destroyed")], now).await?;
            self.purge_afterwards();
        }
        Ok(destroyed)
    }
}
