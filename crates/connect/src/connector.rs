//! The seam between the run of a plan and other people's databases.

use std::ops::ControlFlow;

use engine::ask::{Change, Changed, Failure, Row, Select, Way};
use engine::grants::{Held, Side};
use engine::plan::Rebuild;
use engine::policy::written::Entries;
use engine::policy::written::http::{Http, Resource};
use engine::run::Tally;
use engine::schema::Schema;
use futures_util::future::BoxFuture;

use crate::pace::Pace;

/// What a connector's asynchronous verbs return.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, Failure>>;

/// Takes the rows of [`Session::stream`] one by one; `Break` ends the stream early.
pub type Each<'a> = dyn FnMut(Row) -> ControlFlow<()> + Send + 'a;

/// Takes the rows of [`Session::stream_each`], each with the place of its question; `Break` ends the stream early.
pub type EachOf<'a> = dyn FnMut(usize, Row) -> ControlFlow<()> + Send + 'a;

/// Takes the bytes of [`Session::content`] piece by piece; `Break` ends the stream early.
pub type EachPiece<'a> = dyn FnMut(&[u8]) -> ControlFlow<()> + Send + 'a;

/// How sessions are pinned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The database schema whose tables the system's map names (PostgreSQL).
    pub schema: String,
    /// Longest statement, in milliseconds.
    pub statement_timeout_ms: u64,
    /// Longest wait for a lock, in milliseconds.
    pub lock_timeout_ms: u64,
    /// The tables of a `files` system.
    pub files: Vec<FileTable>,
    /// How an `http` system is called.
    pub service: Option<Service>,
}

/// How a web service is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// The address that all paths are below.
    pub url: String,
    /// How it is spoken to.
    pub http: Http,
    /// Its tables, as calls.
    pub resources: Entries<Resource>,
    /// Certificates of the authority that vouches for it, in PEM; none: those of this machine.
    pub authority: Option<String>,
}

/// A table of a `files` system: the objects whose path fits a template, such as `avatars/{username}-{pixels}.png`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileTable {
    /// Name of the table.
    pub name: String,
    /// Template of the path below the root. Each `{field}` is a text column; it stands for anything but `/`.
    pub path: String,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            schema: "public".to_owned(),
            statement_timeout_ms: 60_000,
            lock_timeout_ms: 5_000,
            files: Vec::new(),
            service: None,
        }
    }
}

/// What became of a transaction whose end we did not see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Its changes are there.
    Committed,
    /// Its changes are not there.
    RolledBack,
    /// It still runs; ask again.
    Running,
    /// The database does not tell; probe the keys.
    Unknown,
}

/// One system that holds personal data. It answers questions and makes changes; it knows nothing of policies.
pub trait Connector: Send + Sync {
    /// The live structure as it is now.
    fn describe(&self) -> Answer<'_, Schema>;

    /// A read-only session on one snapshot. Close it before a long pause and, on SQLite, before [`Connector::begin`]: an
    /// open snapshot keeps a database without write-ahead log from being written.
    fn read(&self) -> Answer<'_, Box<dyn Session>>;

    /// A write transaction; [`Failure::Refused`] where the system has no write connection.
    fn begin(&self) -> Answer<'_, Box<dyn Transaction>>;

    /// What became of the transaction of that [`Transaction::id`].
    fn resolve<'a>(&'a self, transaction: &'a str) -> Answer<'a, Outcome>;

    /// How many rows each table has: exact up to a hundred thousand, perhaps an estimate beyond.
    fn rows<'a>(&'a self, tables: &'a [String]) -> Answer<'a, Vec<u64>>;

    /// How fast it may be changed; `None` for as fast as it goes.
    fn pace(&self) -> Option<&Pace> {
        None
    }

    /// What the role behind one of the two connections may do, by any way it came to it; `None` where there is no such
    /// connection, or this kind of system knows no roles.
    fn rights(&self, side: Side) -> Answer<'_, Option<Held>> {
        let _ = side;
        Box::pin(async { Ok(None) })
    }
}

/// A pinned session that answers set-based questions. Dropping it ends it, without changes.
pub trait Session: Send {
    /// Hands over the rows one by one, so that an answer of any size needs little memory.
    ///
    /// A row may come twice where values that the database holds equal (letter case of a collation, say) stand in two
    /// chunks of the question.
    fn stream<'a>(&'a mut self, select: &'a Select, each: &'a mut Each<'_>) -> Answer<'a, ()>;

    /// All rows at once.
    fn answer<'a>(&'a mut self, select: &'a Select) -> Answer<'a, Vec<Row>> {
        Box::pin(async move {
            let mut rows = Vec::new();
            self.stream(select, &mut |row| {
                rows.push(row);
                ControlFlow::Continue(())
            })
            .await?;
            Ok(rows)
        })
    }

    /// Hands over the rows of several questions, each with the place of its question. The rows of one question come
    /// together; questions come in any order, and many in one round trip where the system can do that.
    fn stream_each<'a>(&'a mut self, selects: &'a [&'a Select], each: &'a mut EachOf<'_>) -> Answer<'a, ()> {
        Box::pin(async move {
            let mut flow = ControlFlow::Continue(());
            for (at, select) in selects.iter().enumerate() {
                if flow.is_break() {
                    break;
                }
                self.stream(select, &mut |row| {
                    flow = each(at, row);
                    flow
                })
                .await?;
            }
            Ok(())
        })
    }

    /// All rows of several questions, in the order of the questions.
    fn answers<'a>(&'a mut self, selects: &'a [&'a Select]) -> Answer<'a, Vec<Vec<Row>>> {
        Box::pin(async move {
            let mut answers = vec![Vec::new(); selects.len()];
            self.stream_each(selects, &mut |at, row| {
                answers[at].push(row);
                ControlFlow::Continue(())
            })
            .await?;
            Ok(answers)
        })
    }

    /// At most `rows` rows of a table for somebody who has never seen it, spread over the table rather than its oldest
    /// ones where that costs no pass over a large table; the same rows each time while the table stays as it is.
    /// Long values are cut after their first thousand characters. Fewer rows than asked for need not be all there are.
    fn sample<'a>(&'a mut self, table: &'a str, columns: &'a [String], rows: u32) -> Answer<'a, Vec<Row>> {
        let _ = (columns, rows);
        Box::pin(async move { Err(Failure::Refused { reason: format!("table {table} cannot be sampled") }) })
    }

    /// How the system would find what a question asks for. Nothing is read.
    fn explain<'a>(&'a mut self, select: &'a Select) -> Answer<'a, Way> {
        let _ = select;
        Box::pin(async { Ok(Way::Unknown) })
    }

    /// Hands over the bytes of an object of a `files` system, by its path; [`Failure::Missing`] where there is none.
    fn content<'a>(&'a mut self, path: &'a str, each: &'a mut EachPiece<'_>) -> Answer<'a, ()> {
        let _ = (path, each);
        Box::pin(async { Err(Failure::Refused { reason: "this kind of system holds no files".to_owned() }) })
    }

    /// Ends the session now; dropping it ends it soon.
    fn close(self: Box<Self>) -> Answer<'static, ()>;
}

/// A write transaction. Dropping it rolls back.
pub trait Transaction: Session {
    /// The database's own name of this transaction, for the journal; `None` where the database has none.
    fn id(&mut self) -> Answer<'_, Option<String>>;

    /// Makes one change. After a failure nothing of this transaction can be committed.
    fn apply<'a>(&'a mut self, change: &'a Change) -> Answer<'a, Changed>;

    /// How many rows this transaction has inserted, updated and deleted so far, whoever did it: our statements, foreign
    /// keys that act by themselves, triggers. [`Tally::Unknown`] where the database does not count.
    fn tally(&mut self) -> Answer<'_, Tally> {
        Box::pin(async { Ok(Tally::Unknown) })
    }

    /// Has the database look now at constraints that it puts off to the end, so that they refuse while no other system
    /// has committed yet. Where a database cannot, [`Transaction::commit`] fails on them.
    fn settle(&mut self) -> Answer<'_, ()> {
        Box::pin(async { Ok(()) })
    }

    /// Builds a view or search index anew from its tables. One that keeps no rows of its own needs nothing.
    fn rebuild<'a>(&'a mut self, what: &'a Rebuild) -> Answer<'a, ()> {
        Box::pin(async move { Err(Failure::Refused { reason: format!("{} cannot be built anew here", what.view) }) })
    }

    /// Where changes cannot be rolled back and are made only when they are to last: makes at most `most` more of them last,
    /// and says how many rows these were. 0 says that only [`Transaction::commit`] is left.
    fn make_last(&mut self, most: u64) -> Answer<'_, u64> {
        let _ = most;
        Box::pin(async { Ok(0) })
    }

    /// Has the database see that the transaction goes on, though nothing is asked of it for a while.
    fn goes_on(&mut self) -> Answer<'_, ()> {
        Box::pin(async { Ok(()) })
    }

    /// Makes the changes last. On [`Failure::Unreachable`] the outcome is open: see [`Connector::resolve`].
    fn commit(self: Box<Self>) -> Answer<'static, ()>;

    /// Undoes the changes.
    fn rollback(self: Box<Self>) -> Answer<'static, ()>;
}
