//! Cases: one person's exercise of one right. A case is known by an opaque identifier.

use jiff::Timestamp;
use proof::entry::Kind;

use crate::case_key::CaseKey;
use crate::db;
use crate::error::StoreError;
use crate::store::Store;
use crate::tx::Tx;

impl Tx<'_> {
    /// Opens a case with a key of its own, and records the request in the ledger.
    ///
    /// # Errors
    /// When the case exists, or an identifier could name somebody.
    pub async fn open_case(&mut self, case: &str, right: &str, now: Timestamp) -> Result<(), StoreError> {
        check_identifier("case", case)?;
        check_identifier("right", right)?;
        let (key, sealed) = CaseKey::make(&self.store.master, case)?;
        let insert = "insert into cases (id, right_name, opened_at, sealed_key) values ($1, $2, $3, $4)";
        let insert = db::sql(insert).bind(case.to_owned()).bind(right.to_owned());
        self.change(insert.bind(db::micros(now)).bind(sealed)).await?;
        let digest = key.digest(&[b"request", right.as_bytes()]);
        self.case_keys.insert(case.to_owned(), key);
        self.entry(Kind::Request, case, digest, &[], now).await?;
        Ok(())
    }

    /// Destroys the key of a case: what was sealed for it cannot be read again, by anybody, and nothing leads from the case
    /// to its ledger entries any more. Returns whether there was still a key.
    ///
    /// # Errors
    /// When a run of the case is under way, or there is no such case.
    pub async fn destroy_key(&mut self, case: &str, now: Timestamp) -> Result<bool, StoreError> {
        let found = db::sql("select 1 from cases where id = $1").bind(case.to_owned());
        self.row(found).await?.ok_or(StoreError::NotFound("case"))?;
        self.refuse_while_under_way(case).await?;
        let destroy =
            "update cases set sealed_key = null, key_destroyed_at = $2 where id = $1 and sealed_key is not null";
        let destroyed = self.change(db::sql(destroy).bind(case.to_owned()).bind(db::micros(now))).await?;
        for unlink in [
            "update certificates set entry_id = null where case_id = $1",
            "update receipts set entry_id = null where run_id in (select id from runs where case_id = $1)",
        ] {
            self.change(db::sql(unlink).bind(case.to_owned())).await?;
        }
        self.case_keys.remove(case);
        self.purge_afterwards();
        Ok(destroyed > 0)
    }

    /// The name under which the ledger and certificates know the case; put it into the certificate.
    ///
    /// # Errors
    /// When there is no such case, or its key was destroyed.
    pub async fn reference(&mut self, case: &str) -> Result<String, StoreError> {
        Ok(self.case_key(case).await?.case_reference())
    }
}

impl Store {
    /// See [`Tx::reference`].
    ///
    /// # Errors
    /// When there is no such case, or its key was destroyed.
    pub async fn reference(&self, case: &str) -> Result<String, StoreError> {
        Ok(self.case_key(case).await?.case_reference())
    }
}

/// Identifiers come into the ledger or stand beside it, so they have no room for a name or an address.
pub(crate) fn check_identifier(what: &'static str, text: &str) -> Result<(), StoreError> {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"._:/-".contains(&b);
    let fits = (1..=128).contains(&text.len()) && text.bytes().all(allowed);
    if fits { Ok(()) } else { Err(StoreError::Identifier(what)) }
}
