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

/// Entries of the ledger that may be about versions. The condition is that of an index.
const ENTRIES: &str = r#"select body from entries where instr(body, '"kind":"notice"') > 0 order by id"#;

impl Tx<'_> {
    /// Publishes a version, with an entry in the ledger that bears its digest.
    ///
    /// # Errors
    /// When a version of that name or with that body was published before.
    pub async fn publish_notice(&mut self, notice: &Published) -> Result<(), StoreError> {
        let entry = entry(notice)?;
        let same = db::sql("select 1 from notices where version = $1 or digest = $2");
        let same = same.bind(notice.version.clone()).bind(entry.digest.0.to_vec());
        let recorded = entries(&db::sql(ENTRIES).fetch_all(self.conn()).await?)?;
        if self.row(same).await?.is_some() || said_of(&recorded, &entry).next().is_some() {
            return Err(StoreError::NoticePublished(notice.version.clone()));
        }
        let insert = "insert into notices (version, digest, body, effective, published_at) values ($1, $2, $3, $4, $5)";
        let insert = db::sql(insert).bind(notice.version.clone()).bind(entry.digest.0.to_vec());
        let insert =
            insert.bind(notice.body.clone()).bind(notice.effective.clone()).bind(db::micros(notice.published_at));
        self.change(insert).await?;
        self.append(&entry).await.map(drop)
    }

    /// Remembers what a person did about a version: `acknowledged`, `deemed`, `explicit` or `refused`. The ledger gets a keyed
    /// digest and nobody's name. False where it stands already: an answer as long as none came after it, the others once.
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
        let last = db::sql(
            "select kind from agreements where person = $1 and version = $2 \
             and (kind = $3 or (kind in ('explicit', 'refused') and $3 in ('explicit', 'refused'))) order by id desc limit 1",
        );
        let last = last.bind(digest.clone()).bind(version.to_owned()).bind(kind.to_owned());
        if let Some(row) = self.row(last).await?
            && row.try_get::<String, _>(0)? == kind
        {
            return Ok(false);
        }
        let at = db::micros(now);
        let insert = db::sql("insert into agreements (person, version, kind, at) values ($1, $2, $3, $4)");
        let insert = insert.bind(digest.clone()).bind(version.to_owned()).bind(kind.to_owned()).bind(at);
        self.change(insert).await?;
        let evidence = [b"agreement", &digest[..], version.as_bytes(), kind.as_bytes(), &at.to_be_bytes()];
        let evidence = self.store.keys.suppression.digest(&evidence);
        let mut entry = Entry::new(Kind::Agreement, &second(now), "notice", Hash(evidence));
        entry.refs.insert("version".to_owned(), identifier(version));
        entry.refs.insert("kind".to_owned(), kind.to_owned());
        self.append(&entry).await?;
        Ok(true)
    }
}

fn published(row: &db::Row) -> Result<Published, StoreError> {
    Ok(Published {
        version: row.try_get("version")?,
        digest: hex::encode(row.try_get::<Vec<u8>, _>("digest")?),
        body: row.try_get("body")?,
        effective: row.try_get("effective")?,
        published_at: db::time(row.try_get("published_at")?)?,
    })
}

/// What the ledger says of a version.
fn entry(notice: &Published) -> Result<Entry, StoreError> {
    let digest: Hash = notice.digest.parse().map_err(|_| StoreError::damaged("a version has no digest"))?;
    let mut entry = Entry::new(Kind::Notice, &second(notice.published_at), "notice", digest);
    entry.refs.insert("version".to_owned(), identifier(&notice.version));
    Ok(entry)
}

/// The entries about versions among rows of the ledger.
fn entries(rows: &[db::Row]) -> Result<Vec<Entry>, StoreError> {
    let read = |row: &db::Row| Ok(Entry::parse(&row.try_get::<Vec<u8>, _>(0)?)?);
    let all: Result<Vec<Entry>, StoreError> = rows.iter().map(read).collect();
    Ok(all?.into_iter().filter(|entry| entry.kind == Kind::Notice && entry.case == "notice").collect())
}

/// What the ledger says of the version that an entry names.
fn said_of<'a>(recorded: &'a [Entry], version: &Entry) -> impl Iterator<Item = &'a Entry> {
    recorded.iter().filter(|each| each.refs.get("version") == version.refs.get("version"))
}

/// A version's name as the ledger takes it: letters, digits, points, hyphens and underscores.
pub(crate) fn identifier(version: &str) -> String {
    version.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '-' }).collect()
}

impl Store {
    /// All published versions, by the day from which each holds. Each is compared with its digest and with the ledger.
    ///
    /// # Errors
    /// When the database fails, a version is not what was published, or one is gone of which the ledger tells.
    pub async fn notices(&self) -> Result<Vec<Published>, StoreError> {
        let mut tx = self.db.begin().await?;
        let rows = db::sql("select * from notices order by effective, published_at").fetch_all(&mut *tx).await?;
        let recorded = entries(&db::sql(ENTRIES).fetch_all(&mut *tx).await?)?;
        tx.rollback().await?;
        let all: Vec<Published> = rows.iter().map(published).collect::<Result<_, _>>()?;
        for each in &all {
            let expected = entry(each)?;
            let said: Vec<&Entry> = said_of(&recorded, &expected).collect();
            if Hash::of(&each.body) != expected.digest || said != [&expected] {
                return Err(StoreError::NoticeAltered(each.version.clone()));
            }
        }
        let is_gone =
            |entry: &&Entry| !all.iter().any(|each| Some(&identifier(&each.version)) == entry.refs.get("version"));
        match recorded.iter().find(is_gone) {
            Some(gone) => Err(StoreError::NoticeAltered(gone.refs.get("version").cloned().unwrap_or_default())),
            None => Ok(all),
        }
    }

    /// What a person did about versions: version and kind, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn agreements(&self, person: Identity<'_>) -> Result<Vec<(String, String)>, StoreError> {
        let query = db::sql("select version, kind from agreements where person = $1 order by id");
        let rows = query.bind(person.digest(self, b"agreement")).fetch_all(&self.db).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }

    /// How many people did what about each version: version, kind, count. Of several answers of a person the last one counts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn agreement_counts(&self) -> Result<Vec<(String, String, i64)>, StoreError> {
        let query =
            db::sql("select version, kind, count(*) from standing group by version, kind order by version, kind");
        let rows = query.fetch_all(&self.db).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))).collect()
    }
}
