//! A session on a PostgreSQL server, and who stands in its way.

use std::sync::Arc;
use std::time::Duration;

use engine::ask::{Change, Changed, Failure, Row, Select, Way};
use engine::plan::Rebuild;
use engine::run::Tally;
use engine::value::Value;
use futures_util::StreamExt;
use sqlx::postgres::{PgArguments, PgConnection, PgRow};
use sqlx::{Arguments, Either, Executor, Row as _};

use super::catalog::Catalog;
use super::connection::Connection;
use super::select::{Parameter, Statement, statements};
use super::types::{Kind, Type};
use super::{Shared, change, explain, failure, sample, together};
use crate::connector::{Answer, Each, EachOf, Session, Transaction};

/// A read session or a write transaction.
pub(super) struct PgSession {
    pub shared: Arc<Shared>,
    pub catalog: Arc<Catalog>,
    connection: Option<Connection>,
    write: bool,
    failed: bool,
}

impl PgSession {
    pub fn new(shared: Arc<Shared>, catalog: Arc<Catalog>, connection: Connection, write: bool) -> Self {
        PgSession { shared, catalog, connection: Some(connection), write, failed: false }
    }

    pub fn connection(&mut self) -> Result<&mut Connection, Failure> {
        self.connection.as_mut().ok_or_else(|| Failure::Other { detail: "the session has ended".to_owned() })
    }

    /// Runs a statement about a table and hands over its rows; the count is of the rows it changed.
    pub async fn run(
        &mut self,
        statement: Statement,
        types: &[Type],
        table: &str,
        each: &mut Each<'_>,
    ) -> Result<u64, Failure> {
        let (shared, write) = (self.shared.clone(), self.write);
        let Connection { raw, process, .. } = self.connection()?;
        let process = *process;
        let work = execute(raw, statement, types, each);
        tokio::pin!(work);
        let mut holder = None;
        loop {
            tokio::select! {
                biased;
                done = &mut work => return done.map_err(|e| failure::of(&e, table, holder.as_deref())),
                seen = blocker(&shared, process), if write => holder = seen.or(holder),
            }
        }
    }

    /// The same within a question: after a failure nothing can be committed.
    pub async fn whole(
        &mut self,
        statement: Statement,
        types: &[Type],
        table: &str,
        each: &mut Each<'_>,
    ) -> Result<(), Failure> {
        let asked = self.run(statement, types, table, each).await;
        self.failed |= asked.is_err();
        asked.map(drop)
    }

    /// Hands over the rows of one question.
    pub async fn ask(&mut self, select: &Select, each: &mut Each<'_>) -> Result<(), Failure> {
        let catalog = self.catalog.clone();
        let (statements, types) = statements(&catalog, &self.shared.options.schema, select)?;
        let mut ended = false;
        for statement in statements {
            let mut watched = |row| {
                let flow = each(row);
                ended = flow.is_break();
                flow
            };
            self.whole(statement, &types, &select.table, &mut watched).await?;
            if ended {
                break;
            }
        }
        Ok(())
    }

    async fn end(mut self: Box<Self>, commit: bool) -> Result<(), Failure> {
        let Some(mut connection) = self.connection.take() else { return Ok(()) };
        // To a commit after a failure the server answers, without an error, that it rolled back.
        let refused = commit && self.failed;
        let sql = if commit && !refused { "commit" } else { "rollback" };
        sqlx::raw_sql(sql).execute(&mut connection.raw).await.map_err(|e| failure::of(&e, "(all tables)", None))?;
        self.shared.idle(self.write).put(connection);
        if refused {
            return Err(Failure::Other { detail: "nothing was committed, for a statement had failed".to_owned() });
        }
        Ok(())
    }
}

impl Drop for PgSession {
    /// Ends what was not ended. Without a runtime the connection closes, which ends it as well.
    fn drop(&mut self) {
        let (Some(mut connection), Ok(runtime)) = (self.connection.take(), tokio::runtime::Handle::try_current())
        else {
            return;
        };
        let (shared, write) = (self.shared.clone(), self.write);
        runtime.spawn(async move {
            if sqlx::raw_sql("rollback").execute(&mut connection.raw).await.is_ok() {
                shared.idle(write).put(connection);
            }
        });
    }
}

async fn execute(
    raw: &mut PgConnection,
    statement: Statement,
    types: &[Type],
    each: &mut Each<'_>,
) -> Result<u64, sqlx::Error> {
    let arguments = arguments(statement.parameters)?;
    let mut results = raw.fetch_many(sqlx::query_with(sqlx::AssertSqlSafe(statement.sql), arguments));
    let mut changed = 0;
    while let Some(next) = results.next().await {
        match next? {
            Either::Left(done) => changed += done.rows_affected(),
            Either::Right(row) => {
                if each(decode(&row, types)?).is_break() {
                    break;
                }
            }
        }
    }
    Ok(changed)
}

/// What is bound to a statement, in order.
pub(super) fn arguments(parameters: Vec<Parameter>) -> Result<PgArguments, sqlx::Error> {
    let mut arguments = PgArguments::default();
    for parameter in parameters {
        let added = match parameter {
            Parameter::Text(text) => arguments.add(text),
            Parameter::Blob(blob) => arguments.add(blob),
            Parameter::Texts(texts) => arguments.add(texts),
            Parameter::Blobs(blobs) => arguments.add(blobs),
        };
        added.map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

fn decode(row: &PgRow, types: &[Type]) -> Result<Row, sqlx::Error> {
    let value = |(i, of): (usize, &Type)| {
        Ok(match of.kind {
            Kind::Bool => row.try_get::<Option<bool>, _>(i)?.map(Value::Bool),
            Kind::Int | Kind::Oid => row.try_get::<Option<i64>, _>(i)?.map(Value::Int),
            Kind::Real => row.try_get::<Option<f64>, _>(i)?.map(Value::Real),
            Kind::Bytes => row.try_get::<Option<Vec<u8>>, _>(i)?.map(Value::Bytes),
            _ => row.try_get::<Option<String>, _>(i)?.map(Value::Text),
        }
        .unwrap_or(Value::Null))
    };
    types.iter().enumerate().map(value).collect()
}

/// Waits for half the lock time-out, then asks on another connection who blocks our process, if anybody does. Afterwards it
/// would be too late: a process that has given up waits for nobody.
async fn blocker(shared: &Shared, process: i32) -> Option<String> {
    const WHO: &str = "select format('process %s, application %L, %s', pid, application_name, \
        coalesce(state, 'state not shown to our role')) from pg_stat_activity where pid = any (pg_blocking_pids($1)) \
        order by pid limit 1";
    tokio::time::sleep(Duration::from_millis(shared.options.lock_timeout_ms / 2)).await;
    let mut other = shared.connect(true).await.ok()?;
    sqlx::query_scalar(WHO).bind(process).fetch_optional(&mut other.raw).await.ok()?
}

impl Session for PgSession {
    fn stream<'a>(&'a mut self, select: &'a Select, each: &'a mut Each<'_>) -> Answer<'a, ()> {
        Box::pin(self.ask(select, each))
    }

    fn stream_each<'a>(&'a mut self, selects: &'a [&'a Select], each: &'a mut EachOf<'_>) -> Answer<'a, ()> {
        Box::pin(together::stream(self, selects, each))
    }

    fn sample<'a>(&'a mut self, table: &'a str, columns: &'a [String], rows: u32) -> Answer<'a, Vec<Row>> {
        Box::pin(async move {
            let sampled = sample::sample(self, table, columns, rows).await;
            self.failed |= sampled.is_err();
            sampled
        })
    }

    fn explain<'a>(&'a mut self, select: &'a Select) -> Answer<'a, Way> {
        Box::pin(explain::explain(self, select))
    }

    fn close(self: Box<Self>) -> Answer<'static, ()> {
        Box::pin(self.end(false))
    }
}

impl Transaction for PgSession {
    fn id(&mut self) -> Answer<'_, Option<String>> {
        Box::pin(async move {
            let asked = sqlx::query_scalar("select txid_current()::text").fetch_one(&mut self.connection()?.raw).await;
            asked.map(Some).map_err(|e| failure::of(&e, "(all tables)", None))
        })
    }

    fn apply<'a>(&'a mut self, change: &'a Change) -> Answer<'a, Changed> {
        Box::pin(async move {
            let changed = change::apply(self, change).await;
            self.failed |= changed.is_err();
            changed
        })
    }

    fn tally(&mut self) -> Answer<'_, Tally> {
        Box::pin(async move {
            let schema = self.shared.options.schema.clone();
            let connection = self.connection()?;
            let failed = |e: sqlx::Error| failure::of(&e, "(all tables)", None);
            let counts: bool = sqlx::query_scalar("select current_setting('track_counts')::bool")
                .fetch_one(&mut connection.raw)
                .await
                .map_err(failed)?;
            if !counts {
                return Ok(Tally::Unknown);
            }
            let now = connection.counts().await.map_err(failed)?;
            let ours = now.into_iter().map(|(name, rows)| {
                let before = connection.counted.get(&name).copied().unwrap_or_default();
                let (of, table) = name;
                (if of == schema { table } else { format!("{of}.{table}") }, (rows - before).unsigned_abs())
            });
            Ok(Tally::Tables(ours.filter(|(_, rows)| *rows > 0).collect()))
        })
    }

    fn settle(&mut self) -> Answer<'_, ()> {
        Box::pin(async move {
            let raw = &mut self.connection()?.raw;
            let settled = sqlx::raw_sql("set constraints all immediate").execute(raw).await;
            settled.map(drop).map_err(|e| failure::of(&e, "(all tables)", None))
        })
    }

    fn goes_on(&mut self) -> Answer<'_, ()> {
        Box::pin(async move {
            let said = sqlx::raw_sql("select 1").execute(&mut self.connection()?.raw).await;
            said.map(drop).map_err(|e| failure::of(&e, "(all tables)", None))
        })
    }

    fn rebuild<'a>(&'a mut self, what: &'a Rebuild) -> Answer<'a, ()> {
        Box::pin(async move {
            let rebuilt = change::rebuild(self, &what.view).await;
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
