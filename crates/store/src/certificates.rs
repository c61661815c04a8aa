//! Certificates, kept sealed under the key of their case.

use jiff::Timestamp;
use proof::certificate::Certificate;
use sqlx::Row;
use zeroize::Zeroizing;

use crate::db;
use crate::error::StoreError;
use crate::lease::Claim;
use crate::ledger::{EntryId, second};
use crate::store::Store;
use crate::tx::Tx;

/// A certificate as it was kept: its file, before the ledger held it.
pub struct StoredCertificate {
    /// The run it is about.
    pub run: String,
    /// The file. Add the [inclusion](Store::inclusion) of the entry when you give it out.
    pub bytes: Zeroizing<Vec<u8>>,
    /// Its entry in the ledger.
    pub entry: Option<EntryId>,
    /// When it was made.
    pub made: Timestamp,
}

impl Tx<'_> {
    /// Keeps the certificate of a run and adds it to the ledger. A run has one.
    ///
    /// # Errors
    /// [`StoreError::OtherCase`] unless it names the case by its [reference](Tx::reference); an error when the run has a
    /// certificate already or the claim is lost.
    pub async fn certify(
        &mut self,
        claim: &Claim,
        certificate: &Certificate,
        now: Timestamp,
    ) -> Result<EntryId, StoreError> {
        self.check(claim).await?;
        let key = self.case_key(claim.case()).await?;
        if certificate.body().case != key.case_reference() {
            return Err(StoreError::OtherCase);
        }
        let bytes = Zeroizing::new(certificate.to_bytes().map_err(StoreError::damaged)?);
        let entry = self.append(&certificate.entry(&second(now))).await?;
        let insert =
            "insert into certificates (run_id, case_id, sealed, entry_id, made_at) values ($1, $2, $3, $4, $5)";
        let insert = db::sql(insert).bind(claim.run().to_owned()).bind(claim.case().to_owned());
        let insert = insert.bind(key.seal("certificate", claim.run(), &bytes)?).bind(entry.0);
        self.change(insert.bind(db::micros(now))).await?;
        Ok(entry)
    }
}

impl Store {
    /// The certificate of a run, if it has one.
    ///
    /// # Errors
    /// When the key of its case was destroyed.
    pub async fn certificate(&self, run: &str) -> Result<Option<StoredCertificate>, StoreError> {
        let query = db::sql("select * from certificates where run_id = $1").bind(run.to_owned());
        let Some(row) = query.fetch_optional(&self.db).await? else {
            return Ok(None);
        };
        let key = self.case_key(&row.try_get::<String, _>("case_id")?).await?;
        let bytes = key.open("certificate", run, &row.try_get::<Vec<u8>, _>("sealed")?)?;
        let entry = row.try_get::<Option<i64>, _>("entry_id")?.map(EntryId);
        Ok(Some(StoredCertificate { run: run.to_owned(), bytes, entry, made: db::time(row.try_get("made_at")?)? }))
    }
}
