//! A session on an SQLite file: questions as statements, time-outs, and the end of a transaction.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use engine::ask::{By, Change, Changed, Failure, Select};
use engine::schema::{Schema, Table};
use engine::value::Value;
use futures_util::StreamExt;
use sqlx::Executor;
use sqlx::sqlite::{SqliteArguments, SqliteConnection};

use super::{Shared, change, failure, value};
use crate::connector::{Answer, Each, Session, Transaction};
use crate::sql::{CHUNK, fold, no_column, phone_patterns, quote, table};

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

/// A statement and what is bound to it, in order.
pub(super) struct Statement {
    pub sql: String,
    pub values: Vec<Value>,
}

/// A read session or a write transaction.
pub(super) struct SqliteSession {
    shared: Arc<Shared>,
    pub schema: Arc<Schema>,
    connection: Option<Connection>,
    write: bool,
    failed: bool,
}

impl SqliteSession {
    pub fn new(shared: Arc<Shared>, schema: Arc<Schema>, connection: Connection, write: bool) -> Self {
        SqliteSession { shared, schema, connection: Some(connection), write, failed: false }
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

    async fn ask(&mut self, select: &Select, each: &mut Each<'_>) -> Result<(), Failure> {
        let schema = self.schema.clone();
        let described = table(&schema, &select.table)?;
        let mut ended = false;
        for statement in statements(described, select)? {
            let mut watched = |row| {
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
            changed
        })
    }

    fn commit(self: Box<Self>) -> Answer<'static, ()> {
        Box::pin(self.end(true))
    }

    fn rollback(self: Box<Self>) -> Answer<'static, ()> {
        Box::pin(self.end(false))
    }
}

fn statements(table: &Table, select: &Select) -> Result<Vec<Statement>, Failure> {
    let missing = |c: &String| no_column(&table.name, c);
    let columns = select.columns.iter().map(|c| table.column(c).map(|_| quote(c)).ok_or_else(|| missing(c)));
    let columns = columns.collect::<Result<Vec<_>, _>>()?;
    let columns = if columns.is_empty() { "NULL".to_owned() } else { columns.join(", ") };
    let head = format!("SELECT {columns} FROM {} WHERE ", quote(&table.name));
    let (filter, bound) = filters(table, select)?;
    let chunks = chosen(table, &select.by)?;
    Ok(chunks
        .into_iter()
        .map(|mut chunk| {
            chunk.values.extend(bound.iter().cloned());
            Statement { sql: format!("{head}{}{filter}", chunk.sql), values: chunk.values }
        })
        .collect())
}

fn chosen(table: &Table, by: &By) -> Result<Vec<Statement>, Failure> {
    let known = |c: &String| table.column(c).map(|_| quote(c)).ok_or_else(|| no_column(&table.name, c));
    match by {
        By::Values { columns, values } => {
            let described = columns.iter().map(|c| table.column(c).ok_or_else(|| no_column(&table.name, c)));
            let described = described.collect::<Result<Vec<_>, _>>()?;
            let mut tuples: Vec<Vec<Value>> = Vec::new();
            for tuple in values {
                let forms: Vec<_> = described.iter().zip(tuple).map(|(c, v)| value::forms(c, v)).collect();
                tuples.extend(products(&forms));
            }
            Ok(tuples.chunks(CHUNK).map(|chunk| among(columns, chunk)).collect())
        }
        By::Folded { column, values } => {
            let column = known(column)?;
            let (plain, patterns) = fold(values);
            let plain: Vec<_> = plain.into_iter().map(|v| vec![Value::Text(v)]).collect();
            let lower = format!("lower({column})");
            let mut chunks: Vec<_> = plain.chunks(CHUNK).map(|chunk| in_list(&lower, chunk)).collect();
            chunks.extend(patterns.chunks(CHUNK).map(|chunk| like(&lower, chunk)));
            Ok(chunks)
        }
        By::Phone { column, values } => {
            let mut digits = known(column)?;
            for mark in [
                " ", "-", "(", ")", ".", "/", "+", "\t", "\u{a0}", "\u{202f}", "\u{2009}", "\u{2010}", "\u{2011}",
                "\u{2013}",
            ] {
                digits = format!("replace({digits}, '{mark}', '')");
            }
            Ok(phone_patterns(values).chunks(CHUNK).map(|chunk| like(&digits, chunk)).collect())
        }
    }
}

fn filters(table: &Table, select: &Select) -> Result<(String, Vec<Value>), Failure> {
    let (mut sql, mut bound) = (String::new(), Vec::new());
    for (name, values) in &select.filter {
        let column = table.column(name).ok_or_else(|| no_column(&table.name, name))?;
        let forms: Vec<_> = values.iter().flat_map(|v| value::forms(column, v)).map(|v| vec![v]).collect();
        let list = in_list(&quote(name), &forms);
        let or_null =
            if values.contains(&Value::Null) { format!(" OR {} IS NULL", quote(name)) } else { String::new() };
        sql.push_str(&format!(" AND ({}{or_null})", list.sql));
        bound.extend(list.values);
    }
    Ok((sql, bound))
}

/// Every combination of one form of each column.
fn products(forms: &[Vec<Value>]) -> Vec<Vec<Value>> {
    forms.iter().fold(vec![Vec::new()], |tuples, forms| {
        let longer = |tuple: &Vec<Value>| {
            let tuple = tuple.clone();
            forms.iter().map(move |form| tuple.iter().chain([form]).cloned().collect()).collect::<Vec<_>>()
        };
        tuples.iter().flat_map(longer).collect()
    })
}

/// "The columns hold one of the tuples", exactly as given. The list is filled up with NULL, which equals nothing, to a power
/// of two, so that few statement texts serve all lengths.
pub(super) fn among(columns: &[String], tuples: &[Vec<Value>]) -> Statement {
    if let [column] = columns {
        return in_list(&quote(column), tuples);
    }
    let quoted: Vec<_> = columns.iter().map(|c| quote(c)).collect();
    let places = format!("({})", vec!["?"; columns.len()].join(", "));
    let (list, values) = filled(&places, columns.len(), tuples);
    Statement { sql: format!("({}) IN (VALUES {list})", quoted.join(", ")), values }
}

fn in_list(expression: &str, tuples: &[Vec<Value>]) -> Statement {
    let (list, values) = filled("?", 1, tuples);
    Statement { sql: format!("{expression} IN ({list})"), values }
}

fn filled(place: &str, width: usize, tuples: &[Vec<Value>]) -> (String, Vec<Value>) {
    let length = tuples.len().next_power_of_two();
    let mut values: Vec<Value> = tuples.iter().flatten().cloned().collect();
    values.resize(length * width, Value::Null);
    (vec![place; length].join(", "), values)
}

fn like(expression: &str, patterns: &[String]) -> Statement {
    let patterns: Vec<_> = patterns.iter().map(|p| vec![Value::text(p)]).collect();
    let (list, values) = filled("(?)", 1, &patterns);
    let sql = format!("EXISTS (SELECT 1 FROM (VALUES {list}) p WHERE {expression} LIKE p.column1 ESCAPE '\\')");
    Statement { sql, values }
}
