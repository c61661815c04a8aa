//! The register of rows that a law or a hold kept: what keeps them, until when, and as what the last run left them. Rows stand
//! in it as keyed digests that the caller makes with [`Store::register_key`].

use std::future::Future;
use std::pin::Pin;

use engine::plan::{Entry, Registrar};
use sqlx::Row;
use zeroize::Zeroizing;

use crate::db;
use crate::error::StoreError;
use crate::store::Store;
use crate::tx::Tx;

/// A row, and one thing that keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptRow {
    /// Digest of the row.
    pub digest: String,
    /// `law:ID`, `hold:ID`, these with `needed:` before them, or [`NEEDED`].
    pub keeper: String,
    /// Its system.
    pub system: String,
    /// Its table.
    pub table: String,
    /// The columns that are kept; empty: all of the row.
    pub columns: Vec<String>,
    /// The profile of the plan, where it was made under one.
    pub profile: Option<String>,
    /// The last day, ISO 8601, where it is known.
    pub ends: Option<String>,
    /// Columns that decide what becomes of it.
    pub decides: Vec<String>,
    /// Digest of what the last run left in these.
    pub content: String,
    /// It is a record of the person whose erasure left it.
    pub own: bool,
}

/// What keeps a row that has no reason of its own: something that stays needs it. `needed:` and a law or hold say what keeps that.
pub const NEEDED: &str = "needed";

/// A case of which something that was kept may go now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The case.
    pub case: String,
    /// The run whose plan says what is left.
    pub run: String,
}

impl Tx<'_> {
    /// Writes down what is left of a case, in place of what was left before.
    ///
    /// # Errors
    /// When there is no such case or run.
    pub async fn keep(&mut self, case: &str, run: &str, rows: &[KeptRow]) -> Result<(), StoreError> {
        self.forget_kept(case).await?;
        let insert = "insert into kept_rows (case_id, run_id, digest, keeper, system, place, columns, ends_on, decides, \
                      content, profile, own) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
        for row in rows {
            let columns = list(&row.columns)?;
            let query = db::sql(insert).bind(case.to_owned()).bind(run.to_owned()).bind(row.digest.clone());
            let query = query.bind(row.keeper.clone()).bind(row.system.clone()).bind(row.table.clone()).bind(columns);
            let query = query.bind(row.ends.clone()).bind(list(&row.decides)?).bind(row.content.clone());
            let query = query.bind(row.profile.clone()).bind(row.own);
            self.change(query).await?;
        }
        Ok(())
    }

    /// Nothing of a case is kept any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_kept(&mut self, case: &str) -> Result<(), StoreError> {
        self.change(db::sql("delete from kept_rows where case_id = $1").bind(case.to_owned())).await?;
        Ok(())
    }

    /// A run of ours left this in a row that cases keep.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn left_as(&mut self, digest: &str, decides: &[String], content: &str) -> Result<(), StoreError> {
        let update = "update kept_rows set decides = $2, content = $3 where digest = $1";
        let update = db::sql(update).bind(digest.to_owned()).bind(list(decides)?);
        self.change(update.bind(content.to_owned())).await?;
        Ok(())
    }

    /// The last day of a hold is this now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn hold_ends(&mut self, hold: &str, last: Option<&str>) -> Result<(), StoreError> {
        let update = "update kept_rows set ends_on = $2 where keeper in ($1, 'needed:' || $1) and ends_on is not $2";
        let update = db::sql(update).bind(format!("hold:{hold}")).bind(last.map(str::to_owned));
        self.change(update).await?;
        Ok(())
    }
}

impl Store {
    /// The key under which rows and persons stand in the register and in the holds of a folder.
    pub fn register_key(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(*self.keys.suppression.derive("register").bytes())
    }

    /// Tables that have rows in the register: system and table.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn kept_places(&self) -> Result<Vec<(String, String)>, StoreError> {
        let rows = db::sql("select distinct system, place from kept_rows").fetch_all(&self.db).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }

    /// Holds that keep rows of the register, or rows that need some, and how many each keeps.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn kept_by_holds(&self) -> Result<Vec<(String, u64)>, StoreError> {
        let query = "select substr(replace(keeper, 'needed:', ''), 6) as hold, \
                     count(distinct case when keeper like 'hold:%' then digest end) from kept_rows \
                     where keeper like 'hold:%' or keeper like 'needed:hold:%' group by hold order by hold";
        let rows = db::sql(query).fetch_all(&self.db).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get::<i64, _>(1)?.unsigned_abs()))).collect()
    }

    /// Cases with a row of which everything that kept it ended before `today` (ISO 8601). Those that can still be taken back
    /// are not among them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rests_due(&self, today: &str) -> Result<Vec<Due>, StoreError> {
        let query = "select distinct k.case_id, k.run_id from kept_rows k where k.ends_on < $1 and not exists \
                     (select 1 from kept_rows o where o.case_id = k.case_id and o.digest = k.digest \
                     and (o.ends_on is null or o.ends_on >= $1)) and not exists \
                     (select 1 from seals s where s.case_id = k.case_id and s.ended_at is null) order by k.case_id";
        let rows = db::sql(query).bind(today.to_owned()).fetch_all(&self.db).await?;
        rows.iter().map(|row| Ok(Due { case: row.try_get(0)?, run: row.try_get(1)? })).collect()
    }

    /// What is left of a case.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn kept_of(&self, case: &str) -> Result<Vec<KeptRow>, StoreError> {
        let query = "select * from kept_rows where case_id = $1 order by system, place, digest, keeper";
        db::sql(query).bind(case.to_owned()).fetch_all(&self.db).await?.iter().map(parse).collect()
    }

    async fn kept(&self, digests: &[String]) -> Result<Vec<Entry>, StoreError> {
        let rows = db::kept_in(list(digests)?).fetch_all(&self.db).await?;
        let entries = rows.iter().map(|row| {
            let KeptRow { digest, keeper, columns, ends, profile, own, .. } = parse(row)?;
            Ok(Entry { row: digest, keeper, until: ends, columns, profile, own })
        });
        entries.collect()
    }
}

impl Registrar for Store {
    fn kept<'a>(&'a self, rows: &'a [String]) -> Pin<Box<dyn Future<Output = Result<Vec<Entry>, String>> + Send + 'a>> {
        Box::pin(async move { self.kept(rows).await.map_err(|error| error.to_string()) })
    }
}

fn list(names: &[String]) -> Result<String, StoreError> {
    serde_json::to_string(names).map_err(StoreError::damaged)
}

fn parse(row: &db::Row) -> Result<KeptRow, StoreError> {
    Ok(KeptRow {
        digest: row.try_get("digest")?,
        keeper: row.try_get("keeper")?,
        system: row.try_get("system")?,
        table: row.try_get("place")?,
        columns: serde_json::from_str(row.try_get("columns")?).map_err(StoreError::damaged)?,
        profile: row.try_get("profile")?,
        ends: row.try_get("ends_on")?,
        decides: serde_json::from_str(row.try_get("decides")?).map_err(StoreError::damaged)?,
        content: row.try_get("content")?,
        own: row.try_get("own")?,
    })
}
