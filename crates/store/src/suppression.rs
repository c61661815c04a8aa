//! Erased stays erased: keyed hashes by which an erased person is recognised when their data comes back.

use crate::db;
use crate::error::StoreError;
use crate::store::Store;
use crate::tx::Tx;

/// What identifies a person; the value is normalised by the caller, always in the same way. Only a keyed hash is kept.
#[derive(Clone, Copy)]
pub struct Identity<'a> {
    /// Kind of person, such as `customer`.
    pub kind: &'a str,
    /// The tenant, where persons belong to tenants.
    pub tenant: Option<&'a str>,
    /// Which identity it is, such as `email`.
    pub name: &'a str,
    /// Its normalised value.
    pub value: &'a str,
}

impl Identity<'_> {
    /// A keyed hash of the person for one purpose; digests of two purposes cannot be compared.
    pub(crate) fn digest(&self, store: &Store, purpose: &[u8]) -> Vec<u8> {
        let tenant = self.tenant.map_or([&b""[..], b""], |tenant| [b"tenant", tenant.as_bytes()]);
        let [has_tenant, tenant] = tenant;
        let parts = [self.kind.as_bytes(), has_tenant, tenant, self.name.as_bytes(), self.value.as_bytes()];
        let parts: Vec<&[u8]> = parts.into_iter().chain((!purpose.is_empty()).then_some(purpose)).collect();
        store.keys.suppression.digest(&parts).to_vec()
    }
}

impl Tx<'_> {
    /// Remembers that this person was erased.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn suppress(&mut self, identity: Identity<'_>) -> Result<(), StoreError> {
        let insert = db::sql("insert into suppressions (digest) values ($1) on conflict do nothing");
        let digest = identity.digest(self.store, b"");
        self.change(insert.bind(digest)).await?;
        Ok(())
    }
}

impl Store {
    /// Whether a person with this identity was erased.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_suppressed(&self, identity: Identity<'_>) -> Result<bool, StoreError> {
        let query = db::sql("select 1 from suppressions where digest = $1").bind(identity.digest(self, b""));
        Ok(query.fetch_optional(&self.db).await?.is_some())
    }
}
