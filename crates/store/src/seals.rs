//! Before-images of deactivations: sealed under a key of their own, until they are restored or the key is destroyed.

use jiff::Timestamp;
use proof::entry::Kind;
use proof::hash::Hash;
use sqlx::Row;
use zeroize::Zeroizing;

use crate::db;
use crate::error::StoreError;
use crate::lease::Claim;
use crate::secret::Secret;
use crate::store::Store;
use crate::suppression::Identity;
use crate::tx::Tx;

/// A deactivation that can still be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// Its case.
    pub case: String,
    /// Its run.
    pub run: String,
    /// When it was sealed.
    pub sealed: Timestamp,
    /// When it becomes final.
    pub ends: Timestamp,
}

/// How a seal ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealEnd {
    /// Everything is where it was.
    Restored,
    /// The erasure is final.
    Final,
    /// Nothing was changed in the first place.
    Undone,
}

impl SealEnd {
    fn name(self) -> &'static str {
        match self {
            Self::Restored => "restored",
            Self::Final => "final",
            Self::Undone => "undone",
        }
    }
}

impl Tx<'_> {
    /// Makes the seal of a deactivation, unless an earlier attempt of the run made it, and remembers whom it is about.
    ///
    /// # Errors
    /// When the claim is lost or the key of the case was destroyed.
    pub async fn open_seal(
        &mut self,
        claim: &Claim,
        ends: Timestamp,
        persons: &[Identity<'_>],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.check(claim).await?;
        let case = claim.case().to_owned();
        let there = db::sql("select 1 from seals where case_id = $1 and ended_at is null").bind(case.clone());
        if self.row(there).await?.is_some() {
            return Ok(());
        }
        // An attempt that changed nothing has ended; the next one begins anew.
        for forget in ["delete from sealed_persons where case_id = $1", "delete from seals where case_id = $1"] {
            self.change(db::sql(forget).bind(case.clone())).await?;
        }
        let key = Secret::random()?;
        let sealed = self.store.master.wrap.seal(&["seal-key", &case], key.bytes())?;
        let insert = "insert into seals (case_id, run_id, sealed_key, sealed_at, ends_at) values ($1, $2, $3, $4, $5)";
        let insert = db::sql(insert).bind(case.clone()).bind(claim.run().to_owned()).bind(sealed);
        self.change(insert.bind(db::micros(now)).bind(db::micros(ends))).await?;
        for person in persons {
            let insert = "insert into sealed_persons (digest, case_id) values ($1, $2) on conflict do nothing";
            let digest = person.digest(self.store, b"");
            self.change(db::sql(insert).bind(digest).bind(case.clone())).await?;
        }
        Ok(())
    }

    /// Seals the before-images of one system, in place of earlier ones.
    ///
    /// # Errors
    /// When the case has no seal, or its key was destroyed.
    pub async fn seal(&mut self, case: &str, system: &str, images: &[u8]) -> Result<(), StoreError> {
        let query = db::sql("select sealed_key from seals where case_id = $1").bind(case.to_owned());
        let row = self.row(query).await?.ok_or(StoreError::NotFound("seal"))?;
        let key = open_key(self.store, case, row.try_get(0)?)?;
        let sealed = key.seal(&["before-images", case, system], images)?;
        let insert = "insert into before_images (case_id, system, sealed) values ($1, $2, $3) \
                      on conflict (case_id, system) do update set sealed = excluded.sealed";
        self.change(db::sql(insert).bind(case.to_owned()).bind(system.to_owned()).bind(sealed)).await?;
        Ok(())
    }

    /// Destroys the key of a seal and what it sealed, with an entry in the ledger; a final one leaves the hashes by which the
    /// person is recognised if they come back. Returns whether there was still a seal.
    ///
    /// # Errors
    /// When the key of the case was destroyed before.
    pub async fn end_seal(&mut self, case: &str, how: SealEnd, now: Timestamp) -> Result<bool, StoreError> {
        let end = "update seals set sealed_key = null, ended_at = $2, how = $3 where case_id = $1 and ended_at is null";
        let end = db::sql(end).bind(case.to_owned()).bind(db::micros(now)).bind(how.name());
        if self.change(end).await? == 0 {
            return Ok(false);
        }
        if how == SealEnd::Final {
            let suppress = "insert into suppressions (digest) select digest from sealed_persons where case_id = $1 \
                            on conflict do nothing";
            self.change(db::sql(suppress).bind(case.to_owned())).await?;
        }
        if how != SealEnd::Final {
            self.forget_kept(case).await?;
        }
        for forget in ["delete from before_images where case_id = $1", "delete from sealed_persons where case_id = $1"]
        {
            self.change(db::sql(forget).bind(case.to_owned())).await?;
        }
        self.purge_afterwards();
        let digest: Hash = self.digest(case, &[b"seal", how.name().as_bytes()]).await?;
        self.entry(Kind::Request, case, digest, &[("seal", how.name())], now).await?;
        Ok(true)
    }
}

impl Store {
    /// Deactivations that can still be taken back, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn seals(&self) -> Result<Vec<Seal>, StoreError> {
        let query = "select * from seals where ended_at is null order by sealed_at, case_id";
        db::sql(query).fetch_all(&self.db).await?.iter().map(parse).collect()
    }

    /// Of these, the ones about a person.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn seals_of(&self, person: Identity<'_>) -> Result<Vec<Seal>, StoreError> {
        let query = "select s.* from seals s join sealed_persons p on p.case_id = s.case_id \
                     where p.digest = $1 and s.ended_at is null order by s.sealed_at, s.case_id";
        db::sql(query).bind(person.digest(self, b"")).fetch_all(&self.db).await?.iter().map(parse).collect()
    }

    /// What a seal holds: system and before-images.
    ///
    /// # Errors
    /// [`StoreError::KeyDestroyed`] when it has ended.
    pub async fn before_images(&self, case: &str) -> Result<Vec<(String, Zeroizing<Vec<u8>>)>, StoreError> {
        let query = db::sql("select sealed_key from seals where case_id = $1").bind(case.to_owned());
        let row = query.fetch_optional(&self.db).await?.ok_or(StoreError::NotFound("seal"))?;
        let key = open_key(self, case, row.try_get(0)?)?;
        let query = db::sql("select system, sealed from before_images where case_id = $1 order by system");
        let mut images = Vec::new();
        for row in query.bind(case.to_owned()).fetch_all(&self.db).await? {
            let system: String = row.try_get(0)?;
            let plain = key.open(&["before-images", case, &system], &row.try_get::<Vec<u8>, _>(1)?);
            images.push((system, plain.ok_or_else(|| StoreError::damaged("sealed before-images were altered"))?));
        }
        Ok(images)
    }
}

fn open_key(store: &Store, case: &str, sealed: Option<Vec<u8>>) -> Result<Secret, StoreError> {
    let sealed = sealed.ok_or(StoreError::KeyDestroyed)?;
    let key = store.master.wrap.open(&["seal-key", case], &sealed).and_then(|key| Secret::from_slice(&key));
    key.ok_or_else(|| StoreError::damaged("the key of a seal cannot be unsealed"))
}

fn parse(row: &db::Row) -> Result<Seal, StoreError> {
    Ok(Seal {
        case: row.try_get("case_id")?,
        run: row.try_get("run_id")?,
        sealed: db::time(row.try_get("sealed_at")?)?,
        ends: db::time(row.try_get("ends_at")?)?,
    })
}
