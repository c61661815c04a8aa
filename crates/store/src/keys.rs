//! The store-wide keys, and the table of all keys for those who look after them.

use jiff::Timestamp;
use proof::key::Signer;
use sqlx::Row;

use crate::error::StoreError;
use crate::master::Master;
use crate::secret::Secret;
use crate::store::Store;
use crate::{db, entropy};

const SIGNING: &str = "ledger-signing";
const SUPPRESSION: &str = "suppression";

/// One line of the table of keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyInfo {
    /// What it is for.
    pub purpose: &'static str,
    /// Its algorithm.
    pub algorithm: &'static str,
    /// What tells it apart from others of its kind, as it appears in outputs; of the case keys, how many there are.
    pub id: String,
    /// When it was made; of the case keys, the oldest.
    pub created: Option<Timestamp>,
    /// Where it lies.
    pub place: String,
    /// What is lost when it is lost.
    pub lost_with_it: &'static str,
}

/// The unsealed keys that every use of the store needs.
pub(crate) struct StoreKeys {
    pub(crate) signer: Signer,
    pub(crate) suppression: Secret,
}

impl StoreKeys {
    /// Unseals the keys of the store; makes them in the first call for a new database.
    pub(crate) async fn load(
        pool: &db::Pool,
        master: &Master,
        origin: Option<&str>,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        if setting(&mut *pool.acquire().await?, "master-key").await?.is_none() {
            make(pool, master, origin, now).await?;
        }
        let conn = &mut *pool.acquire().await?;
        let expected = setting(conn, "master-key").await?.unwrap_or_default();
        if expected != master.id {
            return Err(StoreError::WrongMasterKey { expected, found: master.id.clone() });
        }
        let stored = setting(conn, "origin").await?.unwrap_or_default();
        if let Some(given) = origin.filter(|given| *given != stored) {
            return Err(StoreError::Origin { stored, given: given.to_owned() });
        }
        let seed = unseal(conn, master, SIGNING).await?;
        let signer = Signer::from_seed(&stored, seed.bytes())?;
        Ok(Self { signer, suppression: unseal(conn, master, SUPPRESSION).await? })
    }
}

async fn make(pool: &db::Pool, master: &Master, origin: Option<&str>, now: Timestamp) -> Result<(), StoreError> {
    let mut tx = db::begin(pool).await?;
    if setting(&mut tx, "master-key").await?.is_some() {
        return Ok(()); // another process was first
    }
    let origin = match origin {
        Some(origin) => origin.to_owned(),
        None => format!("upheld.invalid/{}", entropy::id("ledger")?),
    };
    let (seed, suppression) = (Secret::random()?, Secret::random()?);
    let verifier = Signer::from_seed(&origin, seed.bytes())?.verifier().to_string();
    // The middle part of a verifier key is its id.
    let signing_id = verifier.split('+').nth(1).unwrap_or_default().to_owned();
    let suppression_id = hex::encode(&suppression.digest(&[b"key id"])[..8]);
    for (name, value) in [("master-key", &master.id), ("origin", &origin)] {
        let insert = db::sql("insert into settings (name, value) values ($1, $2)").bind(name).bind(value.clone());
        insert.execute(&mut *tx).await?;
    }
    for (purpose, id, algorithm, key) in
        [(SIGNING, signing_id, "Ed25519", seed), (SUPPRESSION, suppression_id, "HMAC-SHA-256", suppression)]
    {
        db::sql("insert into keys (purpose, id, algorithm, sealed, created_at) values ($1, $2, $3, $4, $5)")
            .bind(purpose)
            .bind(id)
            .bind(algorithm)
            .bind(master.wrap.seal(&["key", purpose], key.bytes())?)
            .bind(db::micros(now))
            .execute(&mut *tx)
            .await?;
    }
    Ok(tx.commit().await?)
}

async fn setting(conn: &mut db::Conn, name: &'static str) -> Result<Option<String>, StoreError> {
    let row = db::sql("select value from settings where name = $1").bind(name).fetch_optional(conn).await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?)
}

async fn unseal(conn: &mut db::Conn, master: &Master, purpose: &'static str) -> Result<Secret, StoreError> {
    let row = db::sql("select sealed from keys where purpose = $1").bind(purpose).fetch_optional(conn).await?;
    let sealed: Option<Vec<u8>> = row.map(|row| row.try_get(0)).transpose()?;
    let key = sealed.and_then(|sealed| master.wrap.open(&["key", purpose], &sealed));
    let key = key.and_then(|key| Secret::from_slice(&key));
    key.ok_or_else(|| StoreError::Damaged(format!("the {purpose} key cannot be unsealed")))
}

impl Store {
    /// Every key: what it is for, where it lies, what is lost with it. Tells nothing of the keys themselves.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keys(&self) -> Result<Vec<KeyInfo>, StoreError> {
        let mut keys = vec![self.master_info()];
        for (purpose, algorithm, lost_with_it) in [
            (SIGNING, "Ed25519", "signing: checkpoints and certificates need a new key, which readers must be told of"),
            (SUPPRESSION, "HMAC-SHA-256", "recognising erased persons when their data comes back"),
        ] {
            let row = db::sql("select id, created_at from keys where purpose = $1").bind(purpose);
            let row = row.fetch_one(&self.db).await?;
            let (id, created, place) = (row.try_get(0)?, Some(db::time(row.try_get(1)?)?), self.sealed_place());
            keys.push(KeyInfo { purpose, algorithm, id, created, place, lost_with_it });
        }
        keys.push(self.case_keys_info().await?);
        Ok(keys)
    }

    fn master_info(&self) -> KeyInfo {
        KeyInfo {
            purpose: "master",
            algorithm: "XChaCha20-Poly1305",
            id: self.master.id.clone(),
            created: None,
            place: self.master.path.display().to_string(),
            lost_with_it: "every other key, and so everything sealed",
        }
    }

    async fn case_keys_info(&self) -> Result<KeyInfo, StoreError> {
        let count = "select count(sealed_key), count(key_destroyed_at), \
                     min(case when sealed_key is not null then opened_at end) from cases";
        let row = db::sql(count).fetch_one(&self.db).await?;
        let (kept, destroyed): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
        Ok(KeyInfo {
            purpose: "case",
            algorithm: "XChaCha20-Poly1305, HMAC-SHA-256",
            id: format!("{kept} in use, {destroyed} destroyed"),
            created: row.try_get::<Option<i64>, _>(2)?.map(db::time).transpose()?,
            place: self.sealed_place(),
            lost_with_it: "what is sealed for that case, and the link between the case and its ledger entries",
        })
    }

    fn sealed_place(&self) -> String {
        format!("{}, sealed under the master key", self.folder.join("upheld.db").display())
    }
}
