//! Published versions of notices, and what people did about them.

use jiff::Timestamp;
use proof::entry::{Entry, Kind};
use proof::hash::Hash;
use sqlx::Row as _;

use crate::db;
use crate::error::StoreError;
use crate::ledger::second;
use crate::store::Store;
use crate::suppression::Identity;
use crate::tx::Tx;

/// A published version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// Its name.
    pub version: String,
    /// SHA-256 of its body, in hexadecimal; it stands in the ledger.
    pub digest: String,
    /// The whole version as JSON.
    pub body: Vec<u8>,
    /// ISO 8601 day from which it holds.
    pub effective: String,
    /// When it was published.
    pub published_at: Timestamp,
}

impl Tx<'_> {
    /// Publishes a version, with an entry in the ledger that bears its digest.
    ///
    /// # Errors
    /// When a version of that name or with that body was published before.
    pub async fn publish_notice(&mut self, notice: &Published) -> Result<(), StoreError> {
        let digest: Hash = notice.digest.parse().map_err(|_| StoreError::damaged("a version has no digest"))?;
        let insert = db::sql(
            "insert into notices (version, digest, body, effective, published_at) values ($1, $2, $3, $4, $5) on conflict do nothing",
        );
        let insert = insert.bind(notice.version.clone()).bind(hex::decode(&notice.digest).unwrap_or_default());
        let insert =
            insert.bind(notice.body.clone()).bind(notice.effective.clone()).bind(db::micros(notice.published_at));
        if self.change(insert).await? == 0 {
            return Err(StoreError::NoticePublished(notice.version.clone()));
        }
        let mut entry = Entry::new(Kind::Notice, &second(notice.published_at), "notice", digest);
        entry.refs.insert("version".to_owned(), identifier(&notice.version));
        self.append(&entry).await.map(drop)
    }

    /// Remembers what a person did about a version: `acknowledged`, `deemed`, `explicit` or `refused`. The ledger gets a keyed
    /// digest and nobody's name. Done twice, the first time stands.
    ///
    /// # Errors
    /// When there is no such version.
    pub async fn agreement(
        &mut self,
        person: Identity<'_>,
        version: &str,
        kind: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let known = db::sql("select 1 from notices where version = $1").bind(version.to_owned());
        if self.row(known).await?.is_none() {
            return Err(StoreError::NoSuchNotice(version.to_owned()));
        }
        let digest = person.digest(self.store, b"agreement");
        let insert = db::sql(
            "insert into agreements (person, version, kind, at) values ($1, $2, $3, $4) on conflict do nothing",
        );
        let insert = insert.bind(digest.clone()).bind(version.to_owned()).bind(kind.to_owned()).bind(db::micros(now));
        if self.change(insert).await? == 0 {
            return Ok(false);
        }
        let evidence =
            self.store.keys.suppression.digest(&[b"agreement", &digest, version.as_bytes(), kind.as_bytes()]);
        let mut entry = Entry::new(Kind::Agreement, &second(now), "notice", Hash(evidence));
        entry.refs.insert("version".to_owned(), identifier(version));
        entry.refs.insert("kind".to_owned(), kind.to_owned());
        self.append(&entry).await?;
        Ok(true)
    }
}

/// A version's name as the ledger takes it: letters, digits, points, hyphens and underscores.
pub(crate) fn identifier(version: &str) -> String {
    version.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '-' }).collect()
}

impl Store {
    /// All published versions, by the day from which each holds.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn notices(&self) -> Result<Vec<Published>, StoreError> {
        let query = db::sql("select * from notices order by effective, published_at");
        let rows = query.fetch_all(&self.db).await?;
        rows.iter()
            .map(|row| {
                Ok(Published {
                    version: row.try_get("version")?,
                    digest: hex::encode(row.try_get::<Vec<u8>, _>("digest")?),
                    body: row.try_get("body")?,
                    effective: row.try_get("effective")?,
                    published_at: db::time(row.try_get("published_at")?)?,
                })
            })
            .collect()
    }

    /// What a person did about versions: version and kind, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn agreements(&self, person: Identity<'_>) -> Result<Vec<(String, String)>, StoreError> {
        let query = db::sql("select version, kind from agreements where person = $1 order by at");
        let rows = query.bind(person.digest(self, b"agreement")).fetch_all(&self.db).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }

    /// How many people did what about each version: version, kind, count.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn agreement_counts(&self) -> Result<Vec<(String, String, i64)>, StoreError> {
        let query =
            db::sql("select version, kind, count(*) from agreements group by version, kind order by version, kind");
        let rows = query.fetch_all(&self.db).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))).collect()
    }
}
