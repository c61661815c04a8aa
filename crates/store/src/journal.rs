//! The journal of a run: what it was about to do and what it has done, in order, never changed.

use jiff::Timestamp;
use sqlx::Row;
use zeroize::Zeroizing;

use crate::db;
use crate::error::StoreError;
use crate::lease::Claim;
use crate::store::Store;
use crate::tx::Tx;

/// What happened in a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The run is about to commit in a system; written before it does.
    Intent {
        /// The system.
        system: String,
        /// How that system names the transaction, where it can be asked later what became of it.
        transaction: Option<String>,
    },
    /// The system has committed.
    Committed {
        /// The system.
        system: String,
    },
    /// The system has rolled back, and is as it was.
    RolledBack {
        /// The system.
        system: String,
    },
    /// Rows were found that had been written meanwhile; the payload says what becomes of them.
    Found,
    /// The run is about to commit what it did to rows that were written meanwhile; the payload says what.
    Again {
        /// The system.
        system: String,
        /// How that system names the transaction.
        transaction: Option<String>,
    },
    /// The system has committed that.
    Swept {
        /// The system.
        system: String,
    },
    /// The system has rolled that back.
    Unswept {
        /// The system.
        system: String,
    },
    /// What can be looked up was looked up.
    Verified,
    /// The run is over, and its certificate was handed over.
    Finished,
}

/// One line of the journal.
pub struct Record {
    /// Position in the journal of its run, from 1.
    pub seq: u64,
    /// What happened.
    pub event: Event,
    /// What the caller wrote beside it.
    pub payload: Option<Zeroizing<Vec<u8>>>,
    /// When.
    pub at: Timestamp,
}

impl Event {
    fn columns(&self) -> (&'static str, Option<String>, Option<String>) {
        match self {
            Self::Intent { system, transaction } => ("intent", Some(system.clone()), transaction.clone()),
            Self::Committed { system } => ("committed", Some(system.clone()), None),
            Self::RolledBack { system } => ("rolled_back", Some(system.clone()), None),
            Self::Found => ("found", None, None),
            Self::Again { system, transaction } => ("again", Some(system.clone()), transaction.clone()),
            Self::Swept { system } => ("swept", Some(system.clone()), None),
            Self::Unswept { system } => ("unswept", Some(system.clone()), None),
            Self::Verified => ("verified", None, None),
            Self::Finished => ("finished", None, None),
        }
    }

    fn parse(kind: &str, system: Option<String>, transaction: Option<String>) -> Option<Self> {
        Some(match kind {
            "intent" => Self::Intent { system: system?, transaction },
            "committed" => Self::Committed { system: system? },
            "rolled_back" => Self::RolledBack { system: system? },
            "found" => Self::Found,
            "again" => Self::Again { system: system?, transaction },
            "swept" => Self::Swept { system: system? },
            "unswept" => Self::Unswept { system: system? },
            "verified" => Self::Verified,
            "finished" => Self::Finished,
            _ => return None,
        })
    }
}

impl Tx<'_> {
    /// Adds a line to the journal; durable once the change is committed. The payload is sealed under the key of the case.
    /// Returns the line's position.
    ///
    /// # Errors
    /// [`StoreError::ClaimLost`] when another process has taken the run over.
    pub async fn journal(
        &mut self,
        claim: &Claim,
        event: &Event,
        payload: Option<&[u8]>,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let (kind, system, transaction) = event.columns();
        let sealed = match payload {
            Some(payload) => Some(self.case_key(claim.case()).await?.seal(kind, claim.run(), payload)?),
            None => None,
        };
        let insert = "insert into journal (run_id, seq, kind, system, transaction_id, sealed, at) \
                      select $1, (select coalesce(max(seq), 0) + 1 from journal where run_id = $1), $2, $3, $4, $5, $6 \
                      where exists (select 1 from leases where name = $7 and epoch = $8) returning seq";
        let insert = db::sql(insert).bind(claim.run().to_owned()).bind(kind).bind(system).bind(transaction);
        let insert = insert.bind(sealed).bind(db::micros(now)).bind(claim.lease()).bind(claim.epoch());
        let row = self.change_row(insert).await?.ok_or(StoreError::ClaimLost)?;
        Ok(row.try_get::<i64, _>(0)?.unsigned_abs())
    }
}

impl Store {
    /// Adds one line to the journal in a change of its own: durable when this returns.
    ///
    /// # Errors
    /// See [`Tx::journal`].
    pub async fn append(
        &self,
        claim: &Claim,
        event: &Event,
        payload: Option<&[u8]>,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let seq = tx.journal(claim, event, payload, now).await?;
        tx.commit().await?;
        Ok(seq)
    }

    /// The journal of a run, in order.
    ///
    /// # Errors
    /// When there is no such run, or its lines hold payloads and the key of the case was destroyed.
    pub async fn journal(&self, run: &str) -> Result<Vec<Record>, StoreError> {
        let case = self.run(run).await?.case;
        let query = db::sql("select * from journal where run_id = $1 order by seq").bind(run.to_owned());
        let mut records = Vec::new();
        let mut key = None;
        for row in query.fetch_all(&self.db).await? {
            let kind: String = row.try_get("kind")?;
            let sealed: Option<Vec<u8>> = row.try_get("sealed")?;
            if key.is_none() && sealed.is_some() {
                key = Some(self.case_key(&case).await?);
            }
            let payload = sealed.zip(key.as_ref()).map(|(sealed, key)| key.open(&kind, run, &sealed)).transpose()?;
            let event = Event::parse(&kind, row.try_get("system")?, row.try_get("transaction_id")?);
            let event = event.ok_or_else(|| StoreError::damaged("a line of the journal is of no known kind"))?;
            let seq = row.try_get::<i64, _>("seq")?.unsigned_abs();
            records.push(Record { seq, event, payload, at: db::time(row.try_get("at")?)? });
        }
        Ok(records)
    }
}
