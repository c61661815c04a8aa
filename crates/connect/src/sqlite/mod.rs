//! SQLite. Values are read by the storage class of each, whatever the column declares.
//!
//! Reading sessions open the file read-only; nothing ever creates it. The write transaction takes the write lock at once
//! (`BEGIN IMMEDIATE`), so that what it has read stays true until it commits.

mod change;
mod class;
mod describe;
mod explain;
mod failure;
mod rebuild;
mod sample;
mod select;
mod session;
mod together;
mod value;

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use engine::ask::Failure;
use engine::schema::Schema;
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;

use crate::connector::{Answer, Connector, Options, Outcome, Session, Transaction};
use crate::idle::Idle;
use crate::sql::quote;
use session::{Connection, FileId, SqliteSession};

/// One file.
struct Sqlite {
    shared: Arc<Shared>,
}

/// What sessions outlive the connector with.
struct Shared {
    read: PathBuf,
    write: Option<PathBuf>,
    options: Options,
    readers: Idle<Connection>,
    writers: Idle<Connection>,
    /// The last description, and what the database's own list of its objects was then.
    schema: Mutex<Option<Known>>,
}

/// A description, and the list of objects that it was made of.
type Known = (Arc<[u8]>, Arc<Schema>);

/// Opens the system; `read` and `write` are paths, with or without `sqlite:` or `sqlite://` before them.
pub(crate) fn open(read: &str, write: Option<&str>, options: Options) -> Result<Box<dyn Connector>, Failure> {
    let shared = Shared {
        read: path(read),
        write: write.map(path),
        options,
        readers: Idle::new(),
        writers: Idle::new(),
        schema: Mutex::new(None),
    };
    Ok(Box::new(Sqlite { shared: Arc::new(shared) }))
}

fn path(address: &str) -> PathBuf {
    let plain = address.strip_prefix("sqlite://").or_else(|| address.strip_prefix("sqlite:")).unwrap_or(address);
    // A relative path must not begin with `file:`, which SQLite would take for an address with options.
    if plain.starts_with('/') { PathBuf::from(plain) } else { PathBuf::from("./").join(plain) }
}

/// Which file a path leads to now. Nothing is opened, and so nothing made, where there is none.
fn identity(path: &Path) -> Result<FileId, Failure> {
    let file = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file);
    let none = || Failure::Unreachable { detail: format!("there is no file {}", path.display()) };
    file.map(|f| (f.dev(), f.ino())).ok_or_else(none)
}

impl Shared {
    fn pinned(&self, path: &Path, write: bool) -> SqliteConnectOptions {
        SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(false)
            .read_only(!write)
            .foreign_keys(true)
            .busy_timeout(std::time::Duration::from_millis(self.options.lock_timeout_ms.min(i32::MAX as u64)))
            .pragma("trusted_schema", "OFF")
            .pragma("query_only", if write { "OFF" } else { "ON" })
            .statement_cache_capacity(500)
            .disable_statement_logging()
    }

    fn idle(&self, write: bool) -> &Idle<Connection> {
        if write { &self.writers } else { &self.readers }
    }

    async fn connect(&self, write: bool) -> Result<Connection, Failure> {
        let no_writer = || Failure::Refused { reason: "this system has no write connection".to_owned() };
        let path = if write { self.write.as_ref().ok_or_else(no_writer)? } else { &self.read };
        let file = identity(path)?;
        // A file put in the place of the one we had open, as a restored backup is, must not be missed.
        while let Some(kept) = self.idle(write).take() {
            if kept.file == file {
                return Ok(kept);
            }
        }
        let opened = self.pinned(path, write).connect().await;
        let raw = opened.map_err(|e| failure::of(&e, &format!("file {}", path.display())))?;
        Connection::guarded(raw, file).await
    }

    /// Rolls back what a process left half changed when it died. SQLite does it by itself on the first look through a
    /// connection that may write; reading sessions may not.
    async fn roll_back_interrupted(&self) -> Result<(), Failure> {
        if self.write.is_none() {
            let reason = "a process died while it changed this file; what it left must be rolled back first, by any \
                          connection that may write";
            return Err(Failure::Refused { reason: reason.to_owned() });
        }
        let mut writer = self.connect(true).await?;
        let look = sqlx::raw_sql("BEGIN IMMEDIATE; ROLLBACK").execute(&mut writer.raw).await;
        look.map_err(|e| failure::of(&e, "(all tables)"))?;
        self.idle(true).put(writer);
        Ok(())
    }

    /// The session's structure: that of the last description, or a new one.
    async fn schema(&self, connection: &mut Connection) -> Result<Arc<Schema>, Failure> {
        match self.known() {
            Some((_, schema)) => Ok(schema),
            None => self.describe(connection).await,
        }
    }

    /// The structure as it is now; what is known is kept while the list of objects is the same.
    async fn describe(&self, connection: &mut Connection) -> Result<Arc<Schema>, Failure> {
        let failed = |e: sqlx::Error| failure::of(&e, "the schema");
        let objects = describe::objects(&mut connection.raw).await.map_err(failed)?;
        if let Some((_, schema)) = self.known().filter(|(known, _)| **known == *objects) {
            return Ok(schema);
        }
        let schema = Arc::new(describe::schema(&mut connection.raw).await.map_err(failed)?);
        *self.schema.lock().unwrap_or_else(|e| e.into_inner()) = Some((objects.into(), schema.clone()));
        Ok(schema)
    }

    fn known(&self) -> Option<Known> {
        self.schema.lock().unwrap_or_else(|e| e.into_inner()).clone()
    }
}

impl Sqlite {
    async fn session(&self, write: bool) -> Result<SqliteSession, Failure> {
        let mut connection = self.shared.connect(write).await?;
        // The look at the schema pins the snapshot, which a plain BEGIN leaves open.
        let begin = if write { "BEGIN IMMEDIATE" } else { "BEGIN; SELECT 1 FROM sqlite_schema LIMIT 1" };
        let begun = sqlx::raw_sql(begin).execute(&mut connection.raw).await;
        if begun.as_ref().is_err_and(failure::is_hot_journal) {
            self.shared.roll_back_interrupted().await?;
            connection = self.shared.connect(write).await?;
            sqlx::raw_sql(begin).execute(&mut connection.raw).await.map_err(|e| failure::of(&e, "(all tables)"))?;
        } else {
            begun.map_err(|e| failure::of(&e, "(all tables)"))?;
        }
        let schema = self.shared.schema(&mut connection).await?;
        SqliteSession::begun(self.shared.clone(), schema, connection, write).await
    }

    async fn count(&self, session: &mut SqliteSession, table: &str) -> Result<u64, Failure> {
        let failed = |e: sqlx::Error| failure::of(&e, table);
        crate::sql::table(&session.schema, table)?;
        let raw = &mut session.connection()?.raw;
        let count = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {}", quote(table)));
        let counted: i64 = sqlx::query_scalar(count).fetch_one(raw).await.map_err(failed)?;
        Ok(counted.unsigned_abs())
    }
}

impl Connector for Sqlite {
    fn describe(&self) -> Answer<'_, Schema> {
        Box::pin(async move {
            let mut session = self.session(false).await?;
            let schema = self.shared.describe(session.connection()?).await?;
            Ok(schema.as_ref().clone())
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
}
