//! PostgreSQL, 14 or later, in UTF-8.
//!
//! Reading sessions are `REPEATABLE READ, READ ONLY`: one snapshot for a whole plan. Write transactions are `READ
//! COMMITTED`: the rows they are about are locked (`FOR UPDATE`) and compared again before anything is changed, and a lock
//! that had to be waited for then shows the row as it has become, where `REPEATABLE READ` would only fail.

mod catalog;
mod change;
mod connection;
mod explain;
mod failure;
mod rights;
mod sample;
mod select;
mod session;
mod together;
mod types;

use std::str::FromStr;
use std::sync::{Arc, Mutex};

use engine::ask::Failure;
use engine::grants::{Held, Side};
use engine::schema::Schema;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Row as _};

use crate::connector::{Answer, Connector, Options, Outcome, Session, Transaction};
use crate::idle::Idle;
use crate::sql::{quote, table};
use catalog::Catalog;
use connection::Connection;
use session::PgSession;

/// Tables of at most this many rows are counted, larger ones estimated.
const COUNTED: i64 = 100_000;

/// One database.
struct Postgres {
    shared: Arc<Shared>,
}

/// What sessions outlive the connector with.
struct Shared {
    read: PgConnectOptions,
    write: Option<PgConnectOptions>,
    options: Options,
    readers: Idle<Connection>,
    writers: Idle<Connection>,
    catalog: Mutex<Option<Arc<Catalog>>>,
}

/// Opens the system; `read` and `write` are `postgres://` URLs.
pub(crate) fn open(read: &str, write: Option<&str>, options: Options) -> Result<Box<dyn Connector>, Failure> {
    let shared = Shared {
        read: address(read)?,
        write: write.map(address).transpose()?,
        options,
        readers: Idle::new(),
        writers: Idle::new(),
        catalog: Mutex::new(None),
    };
    Ok(Box::new(Postgres { shared: Arc::new(shared) }))
}

fn address(url: &str) -> Result<PgConnectOptions, Failure> {
    // The parser's own words could repeat the password.
    let unusable = || Failure::Unreachable { detail: "the address is not a postgres:// URL".to_owned() };
    if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
        return Err(unusable());
    }
    let options = PgConnectOptions::from_str(url).map_err(|_| unusable())?;
    Ok(options.application_name("upheld").statement_cache_capacity(500).disable_statement_logging())
}

impl Shared {
    fn idle(&self, write: bool) -> &Idle<Connection> {
        if write { &self.writers } else { &self.readers }
    }

    async fn connect(&self, write: bool) -> Result<Connection, Failure> {
        let no_writer = || Failure::Refused { reason: "this system has no write connection".to_owned() };
        let options = if write { self.write.as_ref().ok_or_else(no_writer)? } else { &self.read };
        Connection::open(options, &self.options).await
    }

    /// A connection in a new transaction; kept ones that have died are left behind.
    async fn begin(&self, write: bool) -> Result<Connection, Failure> {
        while let Some(mut kept) = self.idle(write).take() {
            if kept.begin(write).await.is_ok() {
                return Ok(kept);
            }
        }
        let mut fresh = self.connect(write).await?;
        fresh.begin(write).await.map_err(|e| failure::of_begin(&e))?;
        Ok(fresh)
    }

    /// The structure as it is now; what is known is kept while its mark is the same.
    async fn describe(&self, connection: &mut Connection) -> Result<Arc<Catalog>, Failure> {
        let mark = catalog::mark(&mut connection.raw, &self.options.schema).await?;
        if let Some(known) = self.known().filter(|known| known.mark == mark) {
            return Ok(known);
        }
        let catalog = Arc::new(catalog::read(&mut connection.raw, &self.options.schema, mark).await?);
        *self.catalog.lock().unwrap_or_else(|e| e.into_inner()) = Some(catalog.clone());
        Ok(catalog)
    }

    /// What is known, if a connection that waits sees that it is so still: in one round trip.
    async fn unchanged(&self) -> Option<Arc<Catalog>> {
        let (known, mut waiting) = (self.known()?, self.readers.take()?);
        let mark = catalog::mark(&mut waiting.raw, &self.options.schema).await.ok()?;
        self.readers.put(waiting);
        (mark == known.mark).then_some(known)
    }

    async fn catalog(&self, connection: &mut Connection) -> Result<Arc<Catalog>, Failure> {
        match self.known() {
            Some(catalog) => Ok(catalog),
            None => self.describe(connection).await,
        }
    }

    fn known(&self) -> Option<Arc<Catalog>> {
        self.catalog.lock().unwrap_or_else(|e| e.into_inner()).clone()
    }
}

impl Postgres {
    async fn session(&self, write: bool) -> Result<PgSession, Failure> {
        let mut connection = self.shared.begin(write).await?;
        let catalog = self.shared.catalog(&mut connection).await?;
        Ok(PgSession::new(self.shared.clone(), catalog, connection, write))
    }

    async fn count(&self, session: &mut PgSession, name: &str) -> Result<u64, Failure> {
        let catalog = session.catalog.clone();
        table(&catalog.schema, name)?;
        let full = format!("{}.{}", quote(&self.shared.options.schema), quote(name));
        let sql = format!(
            "select count(*), (select greatest(reltuples, 0)::int8 from pg_class where oid = $1::regclass) \
             from (select 1 from {full} limit {}) counted",
            COUNTED + 1
        );
        let raw = &mut session.connection()?.raw;
        let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(full).fetch_one(raw).await;
        let counts = row.and_then(|row| Ok((row.try_get::<i64, _>(0)?, row.try_get::<i64, _>(1)?)));
        let (counted, estimated) = counts.map_err(|e| failure::of(&e, name, None))?;
        Ok(if counted <= COUNTED { counted } else { estimated.max(counted) }.unsigned_abs())
    }

    async fn outcome(&self, transaction: &str) -> Result<Outcome, Failure> {
        let Ok(id) = transaction.parse::<i64>() else { return Ok(Outcome::Unknown) };
        let mut connection = self.shared.connect(self.shared.write.is_some()).await?;
        let status = sqlx::query_scalar::<_, Option<String>>("select txid_status($1)").bind(id);
        let status = status.fetch_one(&mut connection.raw).await;
        Ok(match status.as_ref().map(Option::as_deref) {
            Ok(Some("committed")) => Outcome::Committed,
            Ok(Some("aborted")) => Outcome::RolledBack,
            Ok(Some("in progress")) => Outcome::Running,
            Ok(_) => Outcome::Unknown,
            // An id of the future: another cluster, or one restored from a backup.
            Err(sqlx::Error::Database(_)) => Outcome::Unknown,
            Err(e) => return Err(failure::of(e, "(all tables)", None)),
        })
    }
}

impl Connector for Postgres {
    fn describe(&self) -> Answer<'_, Schema> {
        Box::pin(async move {
            if let Some(catalog) = self.shared.unchanged().await {
                return Ok(catalog.schema.clone());
            }
            let mut connection = self.shared.begin(false).await?;
            let catalog = self.shared.describe(&mut connection).await?;
            let session = PgSession::new(self.shared.clone(), catalog.clone(), connection, false);
            Box::new(session).close().await?;
            Ok(catalog.schema.clone())
        })
    }

    fn read(&self) -> Answer<'_, Box<dyn Session>> {
        Box::pin(async move { Ok(Box::new(self.session(false).await?) as Box<dyn Session>) })
    }

    fn begin(&self) -> Answer<'_, Box<dyn Transaction>> {
        Box::pin(async move { Ok(Box::new(self.session(true).await?) as Box<dyn Transaction>) })
    }

    fn resolve<'a>(&'a self, transaction: &'a str) -> Answer<'a, Outcome> {
        Box::pin(self.outcome(transaction))
    }

    fn rights(&self, side: Side) -> Answer<'_, Option<Held>> {
        Box::pin(async move {
            if side == Side::Write && self.shared.write.is_none() {
                return Ok(None);
            }
            let mut connection = self.shared.connect(side == Side::Write).await?;
            rights::read(&mut connection.raw, &self.shared.options.schema).await.map(Some)
        })
    }

    fn rows<'a>(&'a self, tables: &'a [String]) -> Answer<'a, Vec<u64>> {
        Box::pin(async move {
            let mut session = self.session(false).await?;
            let mut counts = Vec::with_capacity(tables.len());
            for table in tables {
                counts.push(self.count(&mut session, table).await?);
            }
            Ok(counts)
        })
    }
}
