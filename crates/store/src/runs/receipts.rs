//! Receipts: what each applied step came to. The ledger holds a keyed digest of each.

use jiff::Timestamp;
use proof::entry::Kind;
use sqlx::Row;
use zeroize::Zeroizing;

use super::tasks::place;
use crate::cases::check_identifier;
use crate::db;
use crate::error::StoreError;
use crate::lease::Claim;
use crate::ledger::EntryId;
use crate::store::Store;
use crate::tx::Tx;

/// What a step came to.
pub struct Receipt {
    /// The step of the plan.
    pub step: String,
    /// The receipt, as the caller wrote it.
    pub bytes: Zeroizing<Vec<u8>>,
    /// Its ledger entry; `None` once the key of the case is destroyed.
    pub entry: Option<EntryId>,
    /// When it was written.
    pub at: Timestamp,
}

impl Tx<'_> {
    /// Keeps the receipt of a step, sealed, and records it in the ledger.
    ///
    /// # Errors
    /// When the claim is lost or the step has a receipt already.
    pub async fn receipt(
        &mut self,
        claim: &Claim,
        step: &str,
        bytes: &[u8],
        now: Timestamp,
    ) -> Result<EntryId, StoreError> {
        self.check(claim).await?;
        check_identifier("step", step)?;
        let (run, case) = (claim.run(), claim.case());
        let key = self.case_key(case).await?;
        let digest = key.digest(&[b"receipt", run.as_bytes(), step.as_bytes(), bytes]);
        let reference = key.reference("run", run);
        let entry = self.entry(Kind::StepReceipt, case, digest, &[("run", &reference), ("step", step)], now).await?;
        let insert = "insert into receipts (run_id, step, sealed, entry_id, at) values ($1, $2, $3, $4, $5)";
        let insert = db::sql(insert).bind(run.to_owned()).bind(step.to_owned());
        let insert = insert.bind(key.seal("receipt", &place(run, step), bytes)?).bind(entry.0);
        self.change(insert.bind(db::micros(now))).await?;
        Ok(entry)
    }
}

impl Store {
    /// The receipts of a run, in the order of their entries.
    ///
    /// # Errors
    /// When the key of its case was destroyed.
    pub async fn receipts(&self, run: &str) -> Result<Vec<Receipt>, StoreError> {
        let key = self.case_key(&self.run(run).await?.case).await?;
        let query = db::sql("select * from receipts where run_id = $1 order by entry_id, step").bind(run.to_owned());
        let parse = |row: &db::Row| {
            let step: String = row.try_get("step")?;
            let bytes = key.open("receipt", &place(run, &step), &row.try_get::<Vec<u8>, _>("sealed")?)?;
            let entry = row.try_get::<Option<i64>, _>("entry_id")?.map(EntryId);
            Ok(Receipt { step, bytes, entry, at: db::time(row.try_get("at")?)? })
        };
        query.fetch_all(&self.db).await?.iter().map(parse).collect()
    }
}
