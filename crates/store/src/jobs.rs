//! Work to be done later, written with the change that asks for it. Every job may run twice.

use jiff::Timestamp;
use sqlx::Row;

use crate::cases::check_identifier;
use crate::db;
use crate::error::StoreError;
use crate::store::Store;
use crate::tx::Tx;

/// A job: what is to be done, and for which case or run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// What is to be done.
    pub kind: String,
    /// Identifier of what it is to be done for.
    pub reference: String,
    /// Not before this time.
    pub due: Timestamp,
}

impl Tx<'_> {
    /// Asks for a job. The same job asked for twice is one job, due at the earlier time.
    ///
    /// # Errors
    /// When a part could hold a personal value.
    pub async fn job(&mut self, job: &Job) -> Result<(), StoreError> {
        check_identifier("kind of job", &job.kind)?;
        check_identifier("reference of job", &job.reference)?;
        let insert = "insert into jobs (kind, reference, due_at) values ($1, $2, $3) on conflict (kind, reference) do \
                      update set due_at = min(jobs.due_at, excluded.due_at)";
        let insert = db::sql(insert).bind(job.kind.clone()).bind(job.reference.clone());
        self.change(insert.bind(db::micros(job.due))).await?;
        Ok(())
    }

    /// Takes a job off the list, in the change that did its work. Returns whether it was still there.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn job_done(&mut self, job: &Job) -> Result<bool, StoreError> {
        let delete = db::sql("delete from jobs where kind = $1 and reference = $2");
        let done = self.change(delete.bind(job.kind.clone()).bind(job.reference.clone())).await?;
        Ok(done > 0)
    }
}

impl Store {
    /// Up to `most` jobs that are due, the longest waiting first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn due_jobs(&self, most: u32, now: Timestamp) -> Result<Vec<Job>, StoreError> {
        let query = db::sql("select kind, reference, due_at from jobs where due_at <= $1 order by due_at, id limit $2");
        let rows = query.bind(db::micros(now)).bind(i64::from(most)).fetch_all(&self.db).await?;
        let parse = |row: &db::Row| {
            Ok(Job { kind: row.try_get(0)?, reference: row.try_get(1)?, due: db::time(row.try_get(2)?)? })
        };
        rows.iter().map(parse).collect()
    }
}
