//! Who works on what: one process at a time on a run, one sequencer for the ledger.

use jiff::{SignedDuration, Timestamp};
use sqlx::Row;

use crate::db;
use crate::error::StoreError;
use crate::tx::Tx;

/// Proof that this process may work on a run. It ends when somebody else claims the case after it ran out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    run: String,
    case: String,
    epoch: i64,
}

impl Claim {
    /// The run.
    pub fn run(&self) -> &str {
        &self.run
    }

    /// Its case.
    pub fn case(&self) -> &str {
        &self.case
    }

    pub(crate) fn lease(&self) -> String {
        lease_of(&self.case)
    }

    pub(crate) fn epoch(&self) -> i64 {
        self.epoch
    }
}

impl Tx<'_> {
    /// Claims the case of a run for `holder` (such as host and process id), until `lease` has passed. The holder may claim
    /// again to renew it; claims made before are void then. Use a lease a few times as long as the longest wait between
    /// two entries of the journal.
    ///
    /// # Errors
    /// [`StoreError::Claimed`] while another holder's claim lasts.
    pub async fn claim(
        &mut self,
        run: &str,
        holder: &str,
        lease: SignedDuration,
        now: Timestamp,
    ) -> Result<Claim, StoreError> {
        let run = self.run(run).await?;
        let epoch = self.take(&lease_of(&run.case), holder, lease, now).await?;
        Ok(Claim { run: run.id, case: run.case, epoch })
    }

    /// Keeps a claim for another `lease`, while its holder is still at work.
    ///
    /// # Errors
    /// [`StoreError::ClaimLost`] when another process has taken the run over.
    pub async fn renew(&mut self, claim: &Claim, lease: SignedDuration, now: Timestamp) -> Result<(), StoreError> {
        let until = db::micros(now.checked_add(lease).unwrap_or(Timestamp::MAX));
        let renew = db::sql("update leases set expires_at = $1 where name = $2 and epoch = $3");
        match self.change(renew.bind(until).bind(claim.lease()).bind(claim.epoch)).await? {
            0 => Err(StoreError::ClaimLost),
            _ => Ok(()),
        }
    }

    /// Ends a claim, so that nobody has to wait for its end.
    ///
    /// # Errors
    /// When the claim was lost before.
    pub async fn release(&mut self, claim: &Claim) -> Result<(), StoreError> {
        self.give_back(&claim.lease(), claim.epoch).await
    }

    pub(crate) async fn check(&mut self, claim: &Claim) -> Result<(), StoreError> {
        let query =
            db::sql("select 1 from leases where name = $1 and epoch = $2").bind(claim.lease()).bind(claim.epoch);
        self.row(query).await?.map(drop).ok_or(StoreError::ClaimLost)
    }

    pub(crate) async fn take(
        &mut self,
        name: &str,
        holder: &str,
        lease: SignedDuration,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        let until = now.checked_add(lease).unwrap_or(Timestamp::MAX);
        let take = "insert into leases (name, holder, epoch, expires_at) values ($1, $2, 1, $3) on conflict (name) do \
                    update set holder = excluded.holder, epoch = leases.epoch + 1, expires_at = excluded.expires_at \
                    where leases.expires_at <= $4 or leases.holder = excluded.holder returning epoch";
        let take = db::sql(take).bind(name.to_owned()).bind(holder.to_owned());
        if let Some(row) = self.change_row(take.bind(db::micros(until)).bind(db::micros(now))).await? {
            return Ok(row.try_get(0)?);
        }
        let held = self.row(db::sql("select holder, expires_at from leases where name = $1").bind(name.to_owned()));
        let held = held.await?.ok_or(StoreError::ClaimLost)?;
        Err(StoreError::Claimed { holder: held.try_get(0)?, until: db::time(held.try_get(1)?)? })
    }

    pub(crate) async fn give_back(&mut self, name: &str, epoch: i64) -> Result<(), StoreError> {
        let free = db::sql("update leases set expires_at = 0 where name = $1 and epoch = $2");
        match self.change(free.bind(name.to_owned()).bind(epoch)).await? {
            0 => Err(StoreError::ClaimLost),
            _ => Ok(()),
        }
    }
}

fn lease_of(case: &str) -> String {
    format!("case/{case}")
}
