//! Files: a local folder, or a bucket of an S3-compatible store.
//!
//! To the engine it is a database whose tables are path templates. The table `avatars` with the template
//! `avatars/{username}-{pixels}.png` holds the objects whose path fits, with the columns `path` (the key: the path below the
//! root, parts joined by `/`), `username`, `pixels`, and then `size`, `modified` and `version` of the object. The table
//! `objects` holds all objects below the root. A path that fits in more than one way has no fields: a question that they
//! would decide is refused.
//!
//! What holds:
//!
//! - Rows are answered as they are found; there is no snapshot, and nothing is locked.
//! - A transaction records what it deletes. The commit looks whether each object is still what it was when it was recorded;
//!   if one is not, nothing is deleted. Between that look and the deletion of the same object lies a moment in which it
//!   could be replaced unseen.
//! - A commit that fails half way fails as [`Failure::Unreachable`], and [`Connector::resolve`] does not know: the keys tell
//!   what is left, and deleting may simply be done again.
//! - The time-out for statements is that of each request to a store; a local folder has none.
//! - Deleting a file takes away its name, and the bytes with its last name: a hard link elsewhere keeps them. Folders stay.

mod address;
mod folder;
mod overview;
mod path;
mod place;
mod s3;
mod select;
mod session;
mod table;
mod template;

use std::sync::Arc;

use engine::ask::Failure;
use engine::schema::Schema;
use jiff::Timestamp;

use crate::connector::{Answer, Connector, Options, Outcome, Session, Transaction};
use address::Address;
use place::Place;
use session::FilesSession;
use table::Files;

/// Tables are counted up to this.
const COUNTED: u64 = 100_000;

struct System {
    read: Address,
    write: Option<Address>,
    tables: Arc<[Files]>,
}

/// Opens the system; `read` and `write` are a folder's path, `file:///path` or `s3://bucket/prefix`.
pub(crate) fn open(read: &str, write: Option<&str>, options: Options) -> Result<Box<dyn Connector>, Failure> {
    let tables = table::tables(&options.files)?.into();
    let write = write.map(|address| Address::parse(address, &options)).transpose()?;
    Ok(Box::new(System { read: Address::parse(read, &options)?, write, tables }))
}

impl System {
    async fn session(&self, address: &Address) -> Result<FilesSession, Failure> {
        Ok(FilesSession::new(address.open().await?, self.tables.clone()))
    }
}

impl Connector for System {
    fn describe(&self) -> Answer<'_, Schema> {
        Box::pin(async move {
            self.read.open().await?;
            Ok(table::schema(&self.tables))
        })
    }

    fn read(&self) -> Answer<'_, Box<dyn Session>> {
        Box::pin(async move { Ok(Box::new(self.session(&self.read).await?) as Box<dyn Session>) })
    }

    fn begin(&self) -> Answer<'_, Box<dyn Transaction>> {
        Box::pin(async move {
            let no_writer = || Failure::Refused { reason: "this system has no write connection".to_owned() };
            let write = self.write.as_ref().ok_or_else(no_writer)?;
            Ok(Box::new(self.session(write).await?) as Box<dyn Transaction>)
        })
    }

    fn resolve<'a>(&'a self, _transaction: &'a str) -> Answer<'a, Outcome> {
        Box::pin(async { Ok(Outcome::Unknown) })
    }

    fn rows<'a>(&'a self, tables: &'a [String]) -> Answer<'a, Vec<u64>> {
        Box::pin(async move {
            let place: Arc<dyn Place> = self.read.open().await?;
            let mut counts = Vec::with_capacity(tables.len());
            for name in tables {
                counts.push(overview::count(&*place, table::table(&self.tables, name)?, COUNTED).await?);
            }
            Ok(counts)
        })
    }
}

/// A point in time as the columns hold it.
fn utc(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S%.f+00").to_string()
}

fn no_object() -> Failure {
    Failure::Missing { object: "the object".to_owned() }
}

fn replaced() -> Failure {
    let reason = "an object was replaced since it was looked at; plan again";
    Failure::Refused { reason: reason.to_owned() }
}

/// Some objects are deleted and others not: what became of it has to be looked at.
fn half_done(deleted: usize, of: usize, why: Failure) -> Failure {
    if deleted == 0 {
        return why;
    }
    Failure::Unreachable { detail: format!("{deleted} of {of} objects were deleted, one perhaps in part, then: {why}") }
}
