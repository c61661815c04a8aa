//! A session on a MariaDB server, and who stands in its way.

use std::sync::Arc;
use std::time::Duration;

use engine::ask::{Change, Changed, Failure, Row, Select, Way};
use engine::run::Tally;
use engine::value::Value;
use futures_util::StreamExt;
use sqlx::mysql::{MySqlArguments, MySqlConnection, MySqlRow};
use sqlx::{Arguments, Either, Executor, Row as _};

use super::catalog::Catalog;
use super::connection::Connection;
use super::select::{Statement, statements};
use super::types::{Bound, Kind, Type};
use super::{Shared, change, explain, failure, sample};
use crate::connector::{Answer, Each, Session, Transaction};

/// A read session or a write transaction.
pub(super) struct MySqlSession {
    shared: Arc<Shared>,
    pub catalog: Arc<Catalog>,
    connection: Option<Connection>,
    write: bool,
    failed: bool,
    /// Rows that we changed on the way to what was asked for.
    pub own: u64,
    /// Rows whose foreign keys followed an update of ours.
    pub followed: u64,
}

impl MySqlSession {
    pub fn new(shared: Arc<Shared>, catalog: Arc<Catalog>, connection: Connection, write: bool) -> Self {
        MySqlSession { shared, catalog, connection: Some(connection), write, failed: false, own: 0, followed: 0 }
    }

    pub fn connection(&mut self) -> Result<&mut Connection, Failure> {
        self.connection.as_mut().ok_or_else(|| Failure::Other { detail: "the session has ended".to_owned() })
    }

    /// Runs a statement about a table and hands over its rows; the count is of the rows it found or changed.
    pub async fn run(
        &mut self,
        statement: Statement,
        types: &[Type],
        table: &str,
        each: &mut Each<'_>,
    ) -> Result<u64, Failure> {
        let (shared, write) = (self.shared.clone(), self.write);
        let Connection { raw, number, .. } = self.connection()?;
        let number = *number;
        let work = execute(raw, statement, types, each);
        tokio::pin!(work);
        let mut holder = None;
        loop {
            tokio::select! {
                biased;
                done = &mut work => return done.map_err(|e| failure::of(&e, table, holder.as_deref())),
                seen = blocker(&shared, number), if write => holder = seen.or(holder),
            }
        }
    }

    /// The one number that a statement answers with.
    pub async fn number(&mut self, statement: Statement, table: &str) -> Result<u64, Failure> {
        let mut found = 0;
        let of = Type { kind: Kind::Int { unsigned: false }, class: engine::schema::Class::Int };
        let mut keep = |row: Row| {
            if let [Value::Int(n)] = row[..] {
                found = n.unsigned_abs();
            }
            std::ops::ControlFlow::Continue(())
        };
        self.run(statement, &[of], table, &mut keep).await?;
        Ok(found)
    }

    /// Rows that this transaction has written so far.
    pub async fn counted(&mut self) -> Result<u64, Failure> {
        let connection = self.connection()?;
        let counted = connection.counts().await.map_err(|e| failure::of(&e, "(all tables)", None))?;
        Ok(counted.saturating_sub(connection.counted))
    }

    async fn ask(&mut self, select: &Select, each: &mut Each<'_>) -> Result<(), Failure> {
        let catalog = self.catalog.clone();
        let (statements, types) = statements(&catalog, select)?;
        let mut ended = false;
        for statement in statements {
            let mut watched = |row| {
                let flow = each(row);
                ended = flow.is_break();
                flow
            };
            self.run(statement, &types, &select.table, &mut watched).await?;
            if ended {
                break;
            }
        }
        Ok(())
    }

    /// Takes a failure in: the server undoes one statement after a time-out for a lock, and the whole transaction after a
    /// deadlock, of which nothing later must be taken for a part. So all of it is undone now, and nothing more is done.
    async fn broken<T>(&mut self, done: Result<T, Failure>) -> Result<T, Failure> {
        if done.is_err()
            && self.write
            && !std::mem::replace(&mut self.failed, true)
            && let Some(mut connection) = self.connection.take()
            && sqlx::raw_sql("ROLLBACK").execute(&mut connection.raw).await.is_ok()
        {
            self.shared.idle(true).put(connection);
        }
        done
    }

    fn is_broken(&self) -> Result<(), Failure> {
        let undone = || Failure::Other { detail: "nothing was committed, for a statement had failed".to_owned() };
        if self.failed { Err(undone()) } else { Ok(()) }
    }

    async fn end(mut self: Box<Self>, commit: bool) -> Result<(), Failure> {
        if commit {
            self.is_broken()?;
        }
        let Some(mut connection) = self.connection.take() else { return Ok(()) };
        let sql = if commit { "COMMIT" } else { "ROLLBACK" };
        sqlx::raw_sql(sql).execute(&mut connection.raw).await.map_err(|e| failure::of(&e, "(all tables)", None))?;
        self.shared.idle(self.write).put(connection);
        Ok(())
    }
}

impl Drop for MySqlSession {
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

async fn execute(
    raw: &mut MySqlConnection,
    statement: Statement,
    types: &[Type],
    each: &mut Each<'_>,
) -> Result<u64, sqlx::Error> {
    let mut arguments = MySqlArguments::default();
    for value in statement.values {
        let added = match value {
            Bound::Null => arguments.add(None::<i64>),
            Bound::Int(n) => arguments.add(n),
            Bound::Unsigned(n) => arguments.add(n),
            Bound::Real(r) => arguments.add(r),
            Bound::Text(text) => arguments.add(text),
            Bound::Bytes(bytes) => arguments.add(bytes),
        };
        added.map_err(sqlx::Error::Encode)?;
    }
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

fn decode(row: &MySqlRow, types: &[Type]) -> Result<Row, sqlx::Error> {
    let value = |(i, of): (usize, &Type)| {
        Ok(match of.kind {
            Kind::Int { unsigned: false } => row.try_get_unchecked::<Option<i64>, _>(i)?.map(Value::Int),
            Kind::Int { unsigned: true } | Kind::Number => row.try_get_unchecked::<Option<u64>, _>(i)?.map(unsigned),
            Kind::Real => row.try_get_unchecked::<Option<f64>, _>(i)?.map(Value::Real),
            Kind::Bytes => row.try_get_unchecked::<Option<Vec<u8>>, _>(i)?.map(Value::Bytes),
            Kind::Time | Kind::Timestamp => row.try_get_unchecked::<Option<String>, _>(i)?.map(moment),
            _ => row.try_get_unchecked::<Option<String>, _>(i)?.map(Value::Text),
        }
        .unwrap_or(Value::Null))
    };
    types.iter().enumerate().map(value).collect()
}

/// The server fills fractions of a second up with zeros.
fn moment(text: String) -> Value {
    Value::text(if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text })
}

/// Numbers beyond 63 bits travel as text.
fn unsigned(number: u64) -> Value {
    i64::try_from(number).map_or_else(|_| Value::Text(number.to_string()), Value::Int)
}

/// Waits for half the lock time-out, then asks on another connection who blocks us, if anybody does and if our role may
/// know. Afterwards it would be too late: who has given up waits for nobody.
async fn blocker(shared: &Shared, number: u64) -> Option<String> {
    const WHO: &str = "SELECT CONCAT('connection ', b.trx_mysql_thread_id, ', user ', COALESCE(p.USER, 'unknown'), ', ', \
        COALESCE(p.COMMAND, 'state not shown to our role')) \
        FROM information_schema.INNODB_LOCK_WAITS w \
        JOIN information_schema.INNODB_TRX r ON r.trx_id = w.requesting_trx_id \
        JOIN information_schema.INNODB_TRX b ON b.trx_id = w.blocking_trx_id \
        LEFT JOIN information_schema.PROCESSLIST p ON p.ID = b.trx_mysql_thread_id \
        WHERE r.trx_mysql_thread_id = ? ORDER BY b.trx_mysql_thread_id LIMIT 1";
    const STATE: &str = "SELECT 'somebody who holds the whole table' FROM information_schema.PROCESSLIST \
        WHERE ID = ? AND STATE LIKE 'Waiting for table%'";
    tokio::time::sleep(Duration::from_millis(shared.options.lock_timeout_ms / 2)).await;
    let mut other = shared.connect(true).await.ok()?;
    for sql in [WHO, STATE] {
        let asked = sqlx::query(sql).bind(number).fetch_optional(&mut other.raw).await;
        if let Ok(Some(row)) = asked {
            return row.try_get_unchecked(0).ok();
        }
    }
    None
}

impl Session for MySqlSession {
    fn stream<'a>(&'a mut self, select: &'a Select, each: &'a mut Each<'_>) -> Answer<'a, ()> {
        Box::pin(async move {
            self.is_broken()?;
            let asked = self.ask(select, each).await;
            self.broken(asked).await
        })
    }

    fn sample<'a>(&'a mut self, table: &'a str, columns: &'a [String], rows: u32) -> Answer<'a, Vec<Row>> {
        Box::pin(async move {
            self.is_broken()?;
            let sampled = sample::sample(self, table, columns, rows).await;
            self.broken(sampled).await
        })
    }

    fn explain<'a>(&'a mut self, select: &'a Select) -> Answer<'a, Way> {
        Box::pin(async move {
            self.is_broken()?;
            let explained = explain::explain(self, select).await;
            self.broken(explained).await
        })
    }

    fn close(self: Box<Self>) -> Answer<'static, ()> {
        Box::pin(self.end(false))
    }
}

impl Transaction for MySqlSession {
    /// The server keeps no record of what became of a transaction.
    fn id(&mut self) -> Answer<'_, Option<String>> {
        Box::pin(async { Ok(None) })
    }

    fn apply<'a>(&'a mut self, change: &'a Change) -> Answer<'a, Changed> {
        Box::pin(async move {
            self.is_broken()?;
            let changed = change::apply(self, change).await;
            self.broken(changed).await
        })
    }

    fn tally(&mut self) -> Answer<'_, Tally> {
        Box::pin(async move {
            let counted = self.counted().await?.saturating_sub(self.own);
            Ok(Tally::Total(counted + self.followed))
        })
    }

    fn goes_on(&mut self) -> Answer<'_, ()> {
        Box::pin(async move {
            let said = sqlx::raw_sql("DO 1").execute(&mut self.connection()?.raw).await;
            said.map(drop).map_err(|e| failure::of(&e, "(all tables)", None))
        })
    }

    fn commit(self: Box<Self>) -> Answer<'static, ()> {
        Box::pin(self.end(true))
    }

    fn rollback(self: Box<Self>) -> Answer<'static, ()> {
        Box::pin(self.end(false))
    }
}
