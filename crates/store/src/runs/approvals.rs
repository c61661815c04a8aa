//! Who approved which plan, and which bounds they named.

use jiff::Timestamp;
use proof::entry::Kind;
use proof::hash::Hash;
use sqlx::Row;

use super::State;
use crate::db;
use crate::error::StoreError;
use crate::store::Store;
use crate::tx::Tx;

/// An approval of one plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// The run whose plan it is.
    pub run: String,
    /// Who approved.
    pub by: String,
    /// Hash of the plan that they saw.
    pub plan_hash: Hash,
    /// The bounds that they named, so that the plan may go beyond these.
    pub bounds: Vec<String>,
    /// When.
    pub at: Timestamp,
}

impl Tx<'_> {
    /// Keeps an approval and records it in the ledger (without the name).
    ///
    /// # Errors
    /// [`StoreError::OtherPlan`] when the run holds another plan; an error when the run has begun or ended, or the same
    /// person approved before.
    pub async fn approve(&mut self, approval: &Approval) -> Result<(), StoreError> {
        let run = self.run(&approval.run).await?;
        if run.plan_hash != approval.plan_hash {
            return Err(StoreError::OtherPlan);
        }
        self.set_state(&run.id, run.state, State::Approved, approval.at).await?;
        let bounds = serde_json::to_string(&approval.bounds).map_err(StoreError::damaged)?;
        let key = self.case_key(&run.case).await?;
        let evidence = [b"approval", run.id.as_bytes(), approval.by.as_bytes(), &run.plan_hash.0, bounds.as_bytes()];
        let (digest, reference) = (key.digest(&evidence), key.reference("run", &run.id));
        let insert = "insert into approvals (run_id, approver, plan_hash, bounds, at) values ($1, $2, $3, $4, $5)";
        let insert = db::sql(insert).bind(run.id).bind(approval.by.clone()).bind(run.plan_hash.0.to_vec());
        self.change(insert.bind(bounds).bind(db::micros(approval.at))).await?;
        self.entry(Kind::Approval, &run.case, digest, &[("run", &reference)], approval.at).await?;
        Ok(())
    }
}

impl Store {
    /// The approvals of a run, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn approvals(&self, run: &str) -> Result<Vec<Approval>, StoreError> {
        let query = db::sql("select * from approvals where run_id = $1 order by at, approver").bind(run.to_owned());
        query.fetch_all(&self.db).await?.iter().map(parse).collect()
    }
}

fn parse(row: &db::Row) -> Result<Approval, StoreError> {
    Ok(Approval {
        run: row.try_get("run_id")?,
        by: row.try_get("approver")?,
        plan_hash: super::hash(row.try_get("plan_hash")?)?,
        bounds: serde_json::from_str(row.try_get("bounds")?).map_err(StoreError::damaged)?,
        at: db::time(row.try_get("at")?)?,
    })
}
