//! A session on an SQLite file: time-outs, and the end of a transaction.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use engine::ask::{Change, Changed, Failure, Row, Select, Way};
use engine::plan::Rebuild;
use engine::run::Tally;
use engine::schema::Schema;
use futures_util::StreamExt;
use sqlx::Executor;
use sqlx::sqlite::{SqliteArguments, SqliteConnection};

use super::select::{Statement, statements};
use super::{Shared, change, explain, failure, rebuild, sample, together, value};
use crate::connector::{Answer, Each, EachOf, Session, Transaction};
use crate::sql::table;

/// An open file whose running statement can be stopped.
pub(super) struct Connection {
    pub raw: SqliteConnection,
    /// The file it was opened on, however the path may lead elsewhere by now.
    pub file: FileId,
    expired: Arc<AtomicBool>,
}

/// Device and number of a file.
pub(super) type FileId = (u64, u64);

/// After how many steps of SQLite's machine the time-out is looked at.
const STEPS: i32 = 20_000;

impl Connection {
    pub async fn guarded(mut raw: SqliteConnection, file: FileId) -> Result<Self, Failure> {
        let expired = Arc::new(AtomicBool::new(false));
        let seen = expired.clone();
        let mut handle = raw.lock_handle().await.map_err(|e| failure::of(&e, "(all tables)"))?;
        handle.set_progress_handler(STEPS, move || !seen.load(Ordering::Relaxed));
        drop(handle);
        Ok(Connection { raw, file, expired })
    }
}

/// A read session or a write transaction.
pub(super) struct SqliteSession {
    shared: Arc<Shared>,
    pub schema: Arc<Schema>,
    connection: Option<Connection>,
    write: bool,
    failed: bool,
    /// Rows that the connection had changed before this session began.
    before: i64,
    /// Rows that were deleted, for references to them that SQLite only looks at when the transaction ends.
    deleted: Vec<change::Deleted>,
}

impl SqliteSession {
    /// A session on a connection in a transaction that was just begun.
    pub async fn begun(
        shared: Arc<Shared>,
        schema: Arc<Schema>,
        mut connection: Connection,
        write: bool,
    ) -> Result<Self, Failure> {
        let before = if write { changed(&mut connection).await? } else { 0 };
        Ok(SqliteSession {
            shared,
            schema,
            connection: Some(connection),
            write,
            failed: false,
            before,
            deleted: Vec::new(),
        })
    }

    pub fn connection(&mut self) -> Result<&mut Connection, Failure> {
        self.connection.as_mut().ok_or_else(|| Failure::Other { detail: "the session has ended".to_owned() })
    }

    /// Runs a statement and hands over its rows; the count is of the rows it changed.
    pub async fn run(&mut self, statement: Statement, about: &str, each: &mut Each<'_>) -> Result<u64, Failure> {
        let wait = Duration::from_millis(self.shared.options.statement_timeout_ms);
        let Connection { raw, expired, .. } = self.connection()?;
        let failed = |e: sqlx::Error| {
            expired.store(false, Ordering::Relaxed);
            failure::of(&e, about)
        };
        let mut arguments = SqliteArguments::default();
        for v in &statement.values {
            value::bind(&mut arguments, v).map_err(failed)?;
        }
        let query = sqlx::query_with::<sqlx::Sqlite, _>(sqlx::AssertSqlSafe(statement.sql), arguments);
        let mut results = raw.fetch_many(query);
        let timer = tokio::time::sleep(wait);
        tokio::pin!(timer);
        let mut changed = 0;
        loop {
            tokio::select! {
                biased;
                next = results.next() => match next.transpose().map_err(failed)? {
                    None => return Ok(changed),
                    Some(sqlx::Either::Left(done)) => changed += done.rows_affected(),
                    Some(sqlx::Either::Right(row)) => {
                        if each(value::row(&row).map_err(failed)?).is_break() {
                            return Ok(changed);
                        }
                    }
                },
                () = &mut timer, if !expired.load(Ordering::Relaxed) => expired.store(true, Ordering::Relaxed),
            }
        }
    }

    /// Hands over the rows of one question.
    pub async fn ask(&mut self, select: &Select, each: &mut Each<'_>) -> Result<(), Failure> {
        let schema = self.schema.clone();
        let described = table(&schema, &select.table)?;
        let mut ended = false;
        for statement in statements(described, select)? {
            let mut watched = |mut row: Row| {
                row.truncate(select.columns.len());
                let flow = each(row);
                ended = flow.is_break();
                flow
            };
            self.run(statement, &select.table, &mut watched).await?;
            if ended {
                break;
            }
        }
        Ok(())
    }

    async fn end(mut self: Box<Self>, commit: bool) -> Result<(), Failure> {
        let Some(mut connection) = self.connection.take() else { return Ok(()) };
        let committed = match (commit, self.failed) {
            (true, false) => change::commit(&mut connection.raw).await,
            (true, true) => {
                Err(Failure::Other { detail: "nothing was committed, for a statement had failed".to_owned() })
            }
            (false, _) => Ok(()),
        };
        if commit && committed.is_ok() {
            self.shared.idle(self.write).put(connection);
            return Ok(());
        }
        let undone = sqlx::raw_sql("ROLLBACK").execute(&mut connection.raw).await;
        if undone.is_ok() {
            self.shared.idle(self.write).put(connection);
        }
        committed.and(undone.map(drop).map_err(|e| failure::of(&e, "(all tables)")))
    }
}

/// Rows the connection has changed so far; actions of foreign keys and triggers are counted too.
async fn changed(connection: &mut Connection) -> Result<i64, Failure> {
    let count = sqlx::query_scalar("SELECT total_changes()").fetch_one(&mut connection.raw).await;
    count.map_err(|e| failure::of(&e, "(all tables)"))
}

impl Drop for SqliteSession {
    /// Ends what was not ended. Without a runtime the connection closes, which ends it as well.
    fn drop(&mut self) {
        let (Some(mut connection), Ok(runtime)) = (self.connection.take(), tokio::runtime::Handle::try_current())
        else {
            return;
        };
        let (shared, write) = (self.shared.clone(), self.write);
        runtime.spawn(async move {
            if sqlx::raw_sql("ROLLBACK").execute(&mut connection.raw).await.is_ok() {
                shared.idle(write).put(connection);
            }
        });
    }
}

impl Session for SqliteSession {
    fn stream<'a>(&'a mut self, select: &'a Select, each: &'a mut Each<'_>) -> Answer<'a, ()> {
        Box::pin(self.ask(select, each))
    }

    fn stream_each<'a>(&'a mut self, selects: &'a [&'a Select], each: &'a mut EachOf<'_>) -> Answer<'a, ()> {
        Box::pin(together::stream(self, selects, each))
    }

    fn sample<'a>(&'a mut self, table: &'a str, columns: &'a [String], rows: u32) -> Answer<'a, Vec<Row>> {
        Box::pin(sample::sample(self, table, columns, rows))
    }

    fn explain<'a>(&'a mut self, select: &'a Select) -> Answer<'a, Way> {
        Box::pin(explain::explain(self, select))
    }

    fn close(self: Box<Self>) -> Answer<'static, ()> {
        Box::pin(self.end(false))
    }
}

impl Transaction for SqliteSession {
    fn id(&mut self) -> Answer<'_, Option<String>> {
        Box::pin(async { Ok(None) })
    }

    fn apply<'a>(&'a mut self, change: &'a Change) -> Answer<'a, Changed> {
        Box::pin(async move {
            let changed = change::apply(self, change).await;
            self.failed |= changed.is_err();
            self.deleted.extend(change::Deleted::by(change));
            changed
        })
    }

    fn tally(&mut self) -> Answer<'_, Tally> {
        Box::pin(async move {
            let before = self.before;
            Ok(Tally::Total(changed(self.connection()?).await?.abs_diff(before)))
        })
    }

    fn settle(&mut self) -> Answer<'_, ()> {
        Box::pin(async move {
            for deleted in std::mem::take(&mut self.deleted) {
                change::settle(self, &deleted).await?;
            }
            Ok(())
        })
    }

    fn rebuild<'a>(&'a mut self, what: &'a Rebuild) -> Answer<'a, ()> {
        Box::pin(async move {
            let rebuilt = rebuild::rebuild(&mut self.connection()?.raw, what).await;
            self.failed |= rebuilt.is_err();
            rebuilt
        })
    }

    fn commit(self: Box<Self>) -> Answer<'static, ()> {
        Box::pin(self.end(true))
    }

    fn rollback(self: Box<Self>) -> Answer<'static, ()> {
        Box::pin(self.end(false))
    }
}
