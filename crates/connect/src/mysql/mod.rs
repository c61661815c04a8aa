//! MariaDB, and MySQL where it speaks alike. A database is a schema here: the address names it.
//!
//! Reading sessions are `REPEATABLE READ` with a consistent snapshot, read only: one state for a whole plan. Write
//! transactions are `READ COMMITTED`: the rows they are about are locked (`FOR UPDATE`) and compared again before anything
//! is changed, and what is read after that must not be older than the locks.
//!
//! What foreign keys of InnoDB do by themselves, the server counts nowhere. It is looked for before: the run asks who refers
//! to the rows that go, under locks that keep others from coming to refer to them; an update counts whose keys follow it.

mod catalog;
mod change;
mod connection;
mod explain;
mod failure;
mod granted;
mod rights;
mod sample;
mod select;
mod session;
mod types;

use std::str::FromStr;
use std::sync::{Arc, Mutex};

use engine::ask::Failure;
use engine::grants::{Held, Side};
use engine::schema::Schema;
use sqlx::ConnectOptions;
use sqlx::mysql::MySqlConnectOptions;

use crate::connector::{Answer, Connector, Options, Outcome, Session, Transaction};
use crate::idle::Idle;
use crate::sql::table;
use catalog::Catalog;
use connection::Connection;
use select::{Statement, quote};
use session::MySqlSession;
use types::Bound;

/// Tables of at most this many rows are counted, larger ones estimated.
const COUNTED: u64 = 100_000;

/// One database.
struct MySql {
    shared: Arc<Shared>,
}

/// What sessions outlive the connector with.
struct Shared {
    read: MySqlConnectOptions,
    write: Option<MySqlConnectOptions>,
    options: Options,
    readers: Idle<Connection>,
    writers: Idle<Connection>,
    catalog: Mutex<Option<Arc<Catalog>>>,
}

/// Opens the system; `read` and `write` are `mysql://` URLs.
pub(crate) fn open(read: &str, write: Option<&str>, options: Options) -> Result<Box<dyn Connector>, Failure> {
    let shared = Shared {
        read: address(read)?,
        write: write.map(address).transpose()?,
        options,
        readers: Idle::new(),
        writers: Idle::new(),
        catalog: Mutex::new(None),
    };
    Ok(Box::new(MySql { shared: Arc::new(shared) }))
}

fn address(url: &str) -> Result<MySqlConnectOptions, Failure> {
    // The parser's own words could repeat the password.
    let unusable = |what: &str| Failure::Unreachable { detail: format!("the address {what}") };
    if !url.starts_with("mysql://") && !url.starts_with("mariadb://") {
        return Err(unusable("is not a mysql:// URL"));
    }
    let options = MySqlConnectOptions::from_str(url).map_err(|_| unusable("is not a mysql:// URL"))?;
    if options.get_database().is_none() {
        return Err(unusable("names no database: mysql://user:password@host:port/database"));
    }
    // What the driver would set by itself is set by us.
    let bare = options.pipes_as_concat(false).no_engine_substitution(false).timezone(None).set_names(false);
    Ok(bare.statement_cache_capacity(200).disable_statement_logging())
}

impl Shared {
    fn idle(&self, write: bool) -> &Idle<Connection> {
        if write { &self.writers } else { &self.readers }
    }

    async fn connect(&self, write: bool) -> Result<Connection, Failure> {
        let no_writer = || Failure::Refused { reason: "this system has no write connection".to_owned() };
        let address = if write { self.write.as_ref().ok_or_else(no_writer)? } else { &self.read };
        Connection::open(address, &self.options, write).await
    }

    /// A connection in a new transaction; kept ones that have died are left behind.
    async fn begin(&self, write: bool) -> Result<Connection, Failure> {
        while let Some(mut kept) = self.idle(write).take() {
            if kept.begin(write).await.is_ok() {
                return Ok(kept);
            }
        }
        let mut fresh = self.connect(write).await?;
        fresh.begin(write).await.map_err(|e| failure::of(&e, "(all tables)", None))?;
        Ok(fresh)
    }

    async fn describe(&self, connection: &mut Connection) -> Result<Arc<Catalog>, Failure> {
        let catalog = Arc::new(catalog::read(&mut connection.raw).await?);
        *self.catalog.lock().unwrap_or_else(|e| e.into_inner()) = Some(catalog.clone());
        Ok(catalog)
    }

    async fn catalog(&self, connection: &mut Connection) -> Result<Arc<Catalog>, Failure> {
        let known = self.catalog.lock().unwrap_or_else(|e| e.into_inner()).clone();
        match known {
            Some(catalog) => Ok(catalog),
            None => self.describe(connection).await,
        }
    }
}

impl MySql {
    async fn session(&self, write: bool) -> Result<MySqlSession, Failure> {
        let mut connection = self.shared.begin(write).await?;
        let catalog = self.shared.catalog(&mut connection).await?;
        Ok(MySqlSession::new(self.shared.clone(), catalog, connection, write))
    }

    async fn count(&self, session: &mut MySqlSession, name: &str) -> Result<u64, Failure> {
        let catalog = session.catalog.clone();
        table(&catalog.schema, name)?;
        let counted = format!("SELECT COUNT(*) FROM (SELECT 1 FROM {} LIMIT {}) counted", quote(name), COUNTED + 1);
        let counted = session.number(Statement::text(counted), name).await?;
        if counted <= COUNTED {
            return Ok(counted);
        }
        const ESTIMATED: &str = "SELECT CAST(TABLE_ROWS AS SIGNED) FROM information_schema.TABLES \
            WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?";
        let estimated = Statement { sql: ESTIMATED.to_owned(), values: vec![Bound::Text(name.to_owned())] };
        Ok(session.number(estimated, name).await?.max(counted))
    }
}

impl Connector for MySql {
    fn describe(&self) -> Answer<'_, Schema> {
        Box::pin(async move {
            let mut connection = self.shared.begin(false).await?;
            let catalog = self.shared.describe(&mut connection).await?;
            let session = MySqlSession::new(self.shared.clone(), catalog.clone(), connection, false);
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

    fn resolve<'a>(&'a self, _transaction: &'a str) -> Answer<'a, Outcome> {
        Box::pin(async { Ok(Outcome::Unknown) })
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

    fn rights(&self, side: Side) -> Answer<'_, Option<Held>> {
        Box::pin(async move {
            let write = side == Side::Write;
            if write && self.shared.write.is_none() {
                return Ok(None);
            }
            let mut connection = self.shared.connect(write).await?;
            rights::read(&mut connection.raw).await.map(Some)
        })
    }
}
