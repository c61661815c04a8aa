//! Who was told of a version of a notice, and how many of the people there are now were not. Only keyed digests of people are
//! kept; a [`Roll`] keeps them on disk and only while it is counted.

use jiff::Timestamp;
use proof::entry::{Entry, Kind};
use proof::hash::Hash;
use sha2::{Digest as _, Sha256};
use sqlx::Row as _;

use crate::db;
use crate::error::StoreError;
use crate::ledger::second;
use crate::notices::identifier;
use crate::store::Store;
use crate::suppression::Identity;
use crate::tx::Tx;

impl Store {
    /// How a person is known in what is remembered about versions of notices: a keyed digest, the same at each call.
    pub fn reader(&self, person: Identity<'_>) -> Vec<u8> {
        person.digest(self, b"agreement")
    }

    /// How the same person is known in the register of restrictions.
    pub fn restriction_mark(&self, person: Identity<'_>) -> Vec<u8> {
        person.digest(self, b"restriction")
    }
}

impl Tx<'_> {
    /// Remembers that people ([`Store::reader`]) were told of a version by a channel; of how many that is new. Once all were
    /// handed over, [`Tx::telling`] must follow.
    ///
    /// # Errors
    /// When there is no such version.
    pub async fn told(
        &mut self,
        (version, channel): (&str, &str),
        people: &[Vec<u8>],
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let known = db::sql("select 1 from notices where version = $1").bind(version.to_owned());
        if self.row(known).await?.is_none() {
            return Err(StoreError::NoSuchNotice(version.to_owned()));
        }
        let mut new = 0;
        for person in people {
            let insert = db::sql(
                "insert into told (version, channel, person, at) values ($1, $2, $3, $4) on conflict do nothing",
            );
            let insert = insert.bind(version.to_owned()).bind(channel.to_owned()).bind(person.clone());
            new += self.change(insert.bind(db::micros(now))).await?;
        }
        Ok(new)
    }

    /// The entry of the ledger for all who were told at that moment: one, however many they are. Its digest covers them in the
    /// order of their own.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn telling(&mut self, (version, channel): (&str, &str), now: Timestamp) -> Result<(), StoreError> {
        let mut all = Sha256::new();
        let mut last = Vec::new();
        loop {
            let next = db::sql(
                "select person from told where version = $1 and channel = $2 and at = $3 and person > $4 \
                 order by person limit 1000",
            );
            let next = next.bind(version.to_owned()).bind(channel.to_owned()).bind(db::micros(now)).bind(last.clone());
            let rows = next.fetch_all(self.conn()).await?;
            for row in &rows {
                last = row.try_get(0)?;
                all.update(&last);
            }
            if rows.is_empty() {
                break;
            }
        }
        let parts = [&b"told"[..], &all.finalize(), version.as_bytes(), channel.as_bytes()];
        let mut entry =
            Entry::new(Kind::Told, &second(now), "notice", Hash(self.store.keys.suppression.digest(&parts)));
        entry.refs.insert("version".to_owned(), identifier(version));
        entry.refs.insert("channel".to_owned(), identifier(channel));
        self.append(&entry).await.map(drop)
    }
}

/// Somebody of a roll.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// [`Store::reader`].
    pub person: Vec<u8>,
    /// Does mail reach them?
    pub mail: bool,
    /// Can a product show them something?
    pub account: bool,
    /// Their record says that their data may be stored and nothing else.
    pub restricted: bool,
    /// [`Store::restriction_mark`]: whoever stands in the register of restrictions is restricted too.
    pub mark: Vec<u8>,
}

/// How many people of a roll, by what they know of a version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// All who are owed word.
    pub owed: i64,
    /// Who was told by the channel.
    pub told: i64,
    /// Who was not, and can be.
    pub left: i64,
    /// Whom the channel cannot reach.
    pub unreachable: i64,
    /// Who is set aside because their data may only be stored; in none of the other counts.
    pub restricted: i64,
    /// Who confirmed to have seen it.
    pub acknowledged: i64,
    /// Whose going on was taken for acceptance.
    pub deemed: i64,
    /// Who agreed.
    pub agreed: i64,
    /// Who said no.
    pub refused: i64,
}

/// All people of a population, each once, while they are counted.
pub struct Roll {
    conn: db::Kept,
}

impl Store {
    /// An empty roll.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn roll(&self) -> Result<Roll, StoreError> {
        let mut conn = self.db.acquire().await?;
        db::sql("drop table if exists temp.roll").execute(&mut *conn).await?;
        let table = "create temp table roll (person blob primary key, mail integer not null, account integer not null, \
                     restricted integer not null, listed integer not null default 0) strict, without rowid";
        db::sql(table).execute(&mut *conn).await?;
        Ok(Roll { conn })
    }
}

impl Roll {
    /// Enters people. Of somebody who stands there already, what either says holds.
    ///
    /// # Errors
    /// When the disk is full.
    pub async fn enter(&mut self, people: &[Member]) -> Result<(), StoreError> {
        db::sql("begin").execute(&mut *self.conn).await?;
        for member in people {
            let insert = db::sql(
                "insert into temp.roll (person, mail, account, restricted) values ($1, $2, $3, \
                 $4 or exists (select 1 from restrictions where digest = $5)) on conflict do update set mail = max(mail, excluded.mail), account = max(account, excluded.account), \
                 restricted = max(restricted, excluded.restricted)",
            );
            let insert = insert.bind(member.person.clone()).bind(member.mail).bind(member.account);
            insert.bind(member.restricted).bind(member.mark.clone()).execute(&mut *self.conn).await?;
        }
        db::sql("commit").execute(&mut *self.conn).await?;
        Ok(())
    }

    /// Counts them for a version and a channel.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count(&mut self, version: &str, channel: &str) -> Result<Count, StoreError> {
        let query = db::sql(
            "select count(*) filter (where not restricted), count(t.person) filter (where not restricted), \
             count(*) filter (where not restricted and t.person is null and iif($2 = 'email', mail, account)), \
             count(*) filter (where not restricted and t.person is null and not iif($2 = 'email', mail, account)), \
             count(*) filter (where restricted) \
             from temp.roll r left join told t on t.version = $1 and t.channel = $2 and t.person = r.person",
        );
        let row = query.bind(version.to_owned()).bind(channel.to_owned()).fetch_one(&mut *self.conn).await?;
        let mut count = Count {
            owed: row.try_get(0)?,
            told: row.try_get(1)?,
            left: row.try_get(2)?,
            unreachable: row.try_get(3)?,
            restricted: row.try_get(4)?,
            ..Count::default()
        };
        let query = db::sql(
            "select a.kind, count(*) from temp.roll r join standing a on a.person = r.person and a.version = $1 \
             where not r.restricted group by a.kind",
        );
        for row in query.bind(version.to_owned()).fetch_all(&mut *self.conn).await? {
            let people = row.try_get(1)?;
            match row.try_get::<&str, _>(0)? {
                "acknowledged" => count.acknowledged = people,
                "deemed" => count.deemed = people,
                "explicit" => count.agreed = people,
                _ => count.refused = people,
            }
        }
        Ok(count)
    }

    /// Is this somebody who was not told yet, must be, and was not asked for before? So that each is listed once.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list(&mut self, person: &[u8], version: &str, channel: &str) -> Result<bool, StoreError> {
        let update = db::sql(
            "update temp.roll set listed = 1 where person = $1 and not listed and not restricted and not exists \
             (select 1 from told where version = $2 and channel = $3 and person = $1)",
        );
        let update = update.bind(person.to_owned()).bind(version.to_owned()).bind(channel.to_owned());
        Ok(update.execute(&mut *self.conn).await?.rows_affected() == 1)
    }

    /// Forgets them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget(mut self) -> Result<(), StoreError> {
        db::sql("drop table temp.roll").execute(&mut *self.conn).await?;
        Ok(())
    }
}
