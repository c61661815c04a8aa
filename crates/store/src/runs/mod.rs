//! Runs: a run carries out one plan of one case.

mod approvals;
mod receipts;
mod state;
mod tasks;

use jiff::Timestamp;
use proof::entry::Kind;
use proof::hash::Hash;
use sqlx::Row;
use zeroize::Zeroizing;

pub use approvals::Approval;
pub use receipts::Receipt;
pub use state::State;
pub use tasks::Task;

use crate::cases::check_identifier;
use crate::db;
use crate::error::StoreError;
use crate::lease::Claim;
use crate::store::Store;
use crate::tx::Tx;

/// A plan to be kept.
#[derive(Clone, Copy)]
pub struct NewRun<'a> {
    /// Identifier of the run.
    pub id: &'a str,
    /// The case, which must be open.
    pub case: &'a str,
    /// The right that is exercised.
    pub right: &'a str,
    /// Hash of the plan; approvals name it.
    pub plan_hash: Hash,
    /// The plan, which is sealed under the key of the case.
    pub plan: &'a [u8],
    /// When the plan expires.
    pub expires: Timestamp,
}

/// A run as it stands. The plan itself is read with [`Store::plan`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Identifier of the run.
    pub id: String,
    /// Its case.
    pub case: String,
    /// The right that is exercised.
    pub right: String,
    /// How far it is.
    pub state: State,
    /// Hash of the plan.
    pub plan_hash: Hash,
    /// When it was planned.
    pub created: Timestamp,
    /// When the plan expires.
    pub expires: Timestamp,
    /// When the state last changed.
    pub changed: Timestamp,
}

impl Tx<'_> {
    /// Keeps a plan as a run in state [`State::Planned`].
    ///
    /// # Errors
    /// When the run exists, or its case does not.
    pub async fn add_run(&mut self, run: NewRun<'_>, now: Timestamp) -> Result<(), StoreError> {
        check_identifier("run", run.id)?;
        check_identifier("right", run.right)?;
        let sealed = self.case_key(run.case).await?.seal("plan", run.id, run.plan)?;
        let insert = "insert into runs (id, case_id, right_name, state, plan_hash, sealed_plan, created_at, expires_at, \
                      changed_at) values ($1, $2, $3, 'planned', $4, $5, $6, $7, $6)";
        let insert = db::sql(insert).bind(run.id.to_owned()).bind(run.case.to_owned()).bind(run.right.to_owned());
        let insert = insert.bind(run.plan_hash.0.to_vec()).bind(sealed);
        self.change(insert.bind(db::micros(now)).bind(db::micros(run.expires))).await?;
        Ok(())
    }

    /// Ends a run that never began: [`State::Refused`] or [`State::Expired`].
    ///
    /// # Errors
    /// When it did begin, or there is no such run.
    pub async fn dismiss(&mut self, run: &str, to: State, now: Timestamp) -> Result<(), StoreError> {
        let found = read(self.row(by_id(run)).await?)?;
        if !matches!(to, State::Refused | State::Expired) {
            return Err(StoreError::State { found: found.state, asked: to });
        }
        self.set_state(run, found.state, to, now).await
    }

    /// Moves a claimed run on. Its beginning ([`State::Applying`]) and each of its ends go into the ledger.
    ///
    /// # Errors
    /// When the claim is lost, or the run does not go from its state to this one.
    pub async fn advance(&mut self, claim: &Claim, to: State, now: Timestamp) -> Result<(), StoreError> {
        self.check(claim).await?;
        let run = read(self.row(by_id(claim.run())).await?)?;
        self.set_state(&run.id, run.state, to, now).await?;
        let kind = match to {
            State::Applying => Kind::RunStarted,
            to if to.is_under_way() => return Ok(()),
            _ => Kind::RunFinished,
        };
        let key = self.case_key(&run.case).await?;
        let digest = key.digest(&[b"run", run.id.as_bytes(), &run.plan_hash.0, to.name().as_bytes()]);
        let reference = key.reference("run", &run.id);
        self.entry(kind, &run.case, digest, &[("run", &reference), ("state", to.name())], now).await?;
        Ok(())
    }

    async fn set_state(&mut self, run: &str, found: State, to: State, now: Timestamp) -> Result<(), StoreError> {
        if !found.may_become(to) {
            return Err(StoreError::State { found, asked: to });
        }
        let update = db::sql("update runs set state = $2, changed_at = $3 where id = $1").bind(run.to_owned());
        self.change(update.bind(to.name()).bind(db::micros(now))).await?;
        Ok(())
    }

    /// The run, as this change sees it.
    ///
    /// # Errors
    /// When there is no such run.
    pub async fn run(&mut self, run: &str) -> Result<Run, StoreError> {
        read(self.row(by_id(run)).await?)
    }

    pub(crate) async fn refuse_while_under_way(&mut self, case: &str) -> Result<(), StoreError> {
        let open = "select * from runs where case_id = $1 and state in ('applying', 'applied', 'verified')";
        match self.row(db::sql(open).bind(case.to_owned())).await? {
            Some(row) => Err(StoreError::Exists(format!("run {}", parse(&row)?.id))),
            None => Ok(()),
        }
    }
}

impl Store {
    /// One run.
    ///
    /// # Errors
    /// When there is no such run.
    pub async fn run(&self, run: &str) -> Result<Run, StoreError> {
        read(by_id(run).fetch_optional(&self.db).await?)
    }

    /// The runs of a case, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn runs(&self, case: &str) -> Result<Vec<Run>, StoreError> {
        let query = db::sql("select * from runs where case_id = $1 order by created_at, id").bind(case.to_owned());
        query.fetch_all(&self.db).await?.iter().map(parse).collect()
    }

    /// The runs under way: after a start, those that a crash may have cut short. So is one whose certificate was made and
    /// whose journal does not say [`Finished`](crate::Event::Finished) yet.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unfinished_runs(&self) -> Result<Vec<Run>, StoreError> {
        let open = "select * from runs where state in ('applying', 'applied', 'verified') or (\
                    state = 'partial' and not exists (select 1 from certificates where run_id = runs.id) and \
                    not exists (select 1 from journal where run_id = runs.id and kind = 'finished')) or (\
                    exists (select 1 from certificates where run_id = runs.id) and \
                    not exists (select 1 from journal where run_id = runs.id and kind = 'finished')) \
                    order by changed_at, id";
        db::sql(open).fetch_all(&self.db).await?.iter().map(parse).collect()
    }

    /// The plan of a run.
    ///
    /// # Errors
    /// [`StoreError::KeyDestroyed`] when the key of its case was destroyed.
    pub async fn plan(&self, run: &str) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let query = db::sql("select case_id, sealed_plan from runs where id = $1").bind(run.to_owned());
        let row = query.fetch_optional(&self.db).await?.ok_or(StoreError::NotFound("run"))?;
        let key = self.case_key(&row.try_get::<String, _>(0)?).await?;
        key.open("plan", run, &row.try_get::<Vec<u8>, _>(1)?)
    }
}

fn by_id(run: &str) -> db::Query {
    db::sql("select * from runs where id = $1").bind(run.to_owned())
}

fn read(row: Option<db::Row>) -> Result<Run, StoreError> {
    parse(&row.ok_or(StoreError::NotFound("run"))?)
}

fn parse(row: &db::Row) -> Result<Run, StoreError> {
    Ok(Run {
        id: row.try_get("id")?,
        case: row.try_get("case_id")?,
        right: row.try_get("right_name")?,
        state: State::parse(row.try_get("state")?)?,
        plan_hash: hash(row.try_get("plan_hash")?)?,
        created: db::time(row.try_get("created_at")?)?,
        expires: db::time(row.try_get("expires_at")?)?,
        changed: db::time(row.try_get("changed_at")?)?,
    })
}

pub(crate) fn hash(bytes: Vec<u8>) -> Result<Hash, StoreError> {
    bytes.try_into().map(Hash).map_err(|_| StoreError::damaged("a stored hash is not 32 bytes long"))
}
