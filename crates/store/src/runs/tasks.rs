//! Tasks: steps that people carry out in systems that no program reaches.

use jiff::Timestamp;
use proof::entry::Kind;
use sqlx::Row;
use zeroize::Zeroizing;

use crate::cases::check_identifier;
use crate::db;
use crate::error::StoreError;
use crate::store::Store;
use crate::tx::Tx;

/// A task, open until somebody confirms it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// The run it belongs to.
    pub run: String,
    /// The step of the plan.
    pub step: String,
    /// The team that is to do it.
    pub team: String,
    /// When it was given.
    pub created: Timestamp,
    /// Who confirmed it, and when; `None` while it is open.
    pub confirmed: Option<(String, Timestamp)>,
}

impl Tx<'_> {
    /// Gives a task to a team. The text may name the person: it is sealed under the key of the case.
    ///
    /// # Errors
    /// When the step has a task already, or there is no such run.
    pub async fn add_task(
        &mut self,
        run: &str,
        step: &str,
        team: &str,
        text: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        check_identifier("step", step)?;
        let case = self.run(run).await?.case;
        let sealed = self.case_key(&case).await?.seal("task", &place(run, step), text.as_bytes())?;
        let insert = "insert into tasks (run_id, step, team, sealed_text, created_at) values ($1, $2, $3, $4, $5)";
        let insert = db::sql(insert).bind(run.to_owned()).bind(step.to_owned()).bind(team.to_owned());
        self.change(insert.bind(sealed).bind(db::micros(now))).await?;
        Ok(())
    }

    /// Confirms a task, and records the receipt of the step in the ledger (without the name).
    ///
    /// # Errors
    /// [`StoreError::Confirmed`] when somebody was first; an error when there is no such task.
    pub async fn confirm_task(&mut self, run: &str, step: &str, by: &str, now: Timestamp) -> Result<(), StoreError> {
        let case = self.run(run).await?.case;
        let find = db::sql("select confirmed_at from tasks where run_id = $1 and step = $2");
        let task = self.row(find.bind(run.to_owned()).bind(step.to_owned())).await?;
        if task.ok_or(StoreError::NotFound("task"))?.try_get::<Option<i64>, _>(0)?.is_some() {
            return Err(StoreError::Confirmed);
        }
        let update = "update tasks set confirmed_by = $3, confirmed_at = $4 where run_id = $1 and step = $2";
        let update = db::sql(update).bind(run.to_owned()).bind(step.to_owned()).bind(by.to_owned());
        self.change(update.bind(db::micros(now))).await?;
        let key = self.case_key(&case).await?;
        let digest = key.digest(&[b"task", run.as_bytes(), step.as_bytes(), by.as_bytes()]);
        let reference = key.reference("run", run);
        self.entry(Kind::StepReceipt, &case, digest, &[("run", &reference), ("step", step)], now).await?;
        Ok(())
    }
}

impl Store {
    /// The tasks of a run, by step.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tasks(&self, run: &str) -> Result<Vec<Task>, StoreError> {
        let query = db::sql("select * from tasks where run_id = $1 order by step").bind(run.to_owned());
        query.fetch_all(&self.db).await?.iter().map(parse).collect()
    }

    /// All tasks that nobody has confirmed, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open_tasks(&self) -> Result<Vec<Task>, StoreError> {
        let query = db::sql("select * from tasks where confirmed_at is null order by created_at, run_id, step");
        query.fetch_all(&self.db).await?.iter().map(parse).collect()
    }

    /// What the team is to do.
    ///
    /// # Errors
    /// When there is no such task, or the key of its case was destroyed.
    pub async fn task_text(&self, run: &str, step: &str) -> Result<Zeroizing<String>, StoreError> {
        let case = self.run(run).await?.case;
        let query = db::sql("select sealed_text from tasks where run_id = $1 and step = $2");
        let row = query.bind(run.to_owned()).bind(step.to_owned()).fetch_optional(&self.db).await?;
        let sealed: Vec<u8> = row.ok_or(StoreError::NotFound("task"))?.try_get(0)?;
        let text = self.case_key(&case).await?.open("task", &place(run, step), &sealed)?;
        let text = std::str::from_utf8(&text).map_err(|_| StoreError::damaged("a task is not text"))?;
        Ok(Zeroizing::new(text.to_owned()))
    }
}

/// Identifiers hold no space, so this is one place for one pair.
pub(super) fn place(run: &str, step: &str) -> String {
    format!("{run} {step}")
}

fn parse(row: &db::Row) -> Result<Task, StoreError> {
    let at: Option<i64> = row.try_get("confirmed_at")?;
    let by: Option<String> = row.try_get("confirmed_by")?;
    Ok(Task {
        run: row.try_get("run_id")?,
        step: row.try_get("step")?,
        team: row.try_get("team")?,
        created: db::time(row.try_get("created_at")?)?,
        confirmed: by.zip(at).map(|(by, at)| Ok::<_, StoreError>((by, db::time(at)?))).transpose()?,
    })
}
