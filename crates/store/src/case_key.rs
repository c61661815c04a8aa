//! The key of one case: seals what belongs to the case, and hides it behind references in the ledger.

use proof::hash::Hash;
use sqlx::Row;
use zeroize::Zeroizing;

use crate::db;
use crate::error::StoreError;
use crate::master::Master;
use crate::secret::Secret;
use crate::store::Store;
use crate::tx::Tx;

/// Derived from the case's 32 random bytes; one key for each use.
#[derive(Clone)]
pub(crate) struct CaseKey {
    case: String,
    seal: Secret,
    refer: Secret,
}

impl CaseKey {
    /// A new key, and the form of it that is stored.
    pub(crate) fn make(master: &Master, case: &str) -> Result<(Self, Vec<u8>), StoreError> {
        let key = Secret::random()?;
        let sealed = master.wrap.seal(&["case-key", case], key.bytes())?;
        Ok((Self::derived(case, &key), sealed))
    }

    fn derived(case: &str, key: &Secret) -> Self {
        Self { case: case.to_owned(), seal: key.derive("seal"), refer: key.derive("refer") }
    }

    async fn load(conn: &mut db::Conn, master: &Master, case: &str) -> Result<Self, StoreError> {
        let row = db::sql("select sealed_key from cases where id = $1").bind(case.to_owned());
        let row = row.fetch_optional(conn).await?.ok_or(StoreError::NotFound("case"))?;
        let sealed: Vec<u8> = row.try_get::<Option<_>, _>(0)?.ok_or(StoreError::KeyDestroyed)?;
        let key = master.wrap.open(&["case-key", case], &sealed).and_then(|key| Secret::from_slice(&key));
        let key = key.ok_or_else(|| StoreError::damaged("the key of a case cannot be unsealed"))?;
        Ok(Self::derived(case, &key))
    }

    /// `purpose` and `id` say where the sealed bytes lie; elsewhere they do not open.
    pub(crate) fn seal(&self, purpose: &str, id: &str, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        self.seal.seal(&[purpose, &self.case, id], plain)
    }

    pub(crate) fn open(&self, purpose: &str, id: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let plain = self.seal.open(&[purpose, &self.case, id], sealed);
        plain.ok_or_else(|| StoreError::Damaged(format!("a sealed {purpose} was altered")))
    }

    /// A name for the ledger that nobody can lead back to `id` without this key.
    pub(crate) fn reference(&self, kind: &str, id: &str) -> String {
        hex::encode(&self.refer.digest(&[b"reference", kind.as_bytes(), id.as_bytes()])[..16])
    }

    /// The name of the case itself.
    pub(crate) fn case_reference(&self) -> String {
        self.reference("case", &self.case)
    }

    /// A digest for the ledger of evidence that could be guessed.
    pub(crate) fn digest(&self, parts: &[&[u8]]) -> Hash {
        let mut all = vec![&b"digest"[..]];
        all.extend(parts);
        Hash(self.refer.digest(&all))
    }
}

impl Tx<'_> {
    pub(crate) async fn case_key(&mut self, case: &str) -> Result<CaseKey, StoreError> {
        if let Some(key) = self.case_keys.get(case) {
            return Ok(key.clone());
        }
        let master = &self.store.master;
        let key = CaseKey::load(self.conn(), master, case).await?;
        self.case_keys.insert(case.to_owned(), key.clone());
        Ok(key)
    }
}

impl Store {
    pub(crate) async fn case_key(&self, case: &str) -> Result<CaseKey, StoreError> {
        CaseKey::load(&mut *self.db.acquire().await?, &self.master, case).await
    }
}
