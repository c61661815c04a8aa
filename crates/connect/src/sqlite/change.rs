//! Changes by key.

use std::ops::ControlFlow;

use engine::ask::{By, Change, Changed, Failure, Row, Select};
use engine::schema::{ForeignKey, OnDelete, Table};
use engine::value::Value;
use sqlx::Row as _;
use sqlx::sqlite::SqliteConnection;

use super::failure;
use super::select::{Statement, among, exactly};
use super::session::SqliteSession;
use crate::connector::{Each, Session};
use crate::sql::{chunk, no_column, quote, table};

/// Carries out one change.
pub(super) async fn apply(session: &mut SqliteSession, change: &Change) -> Result<Changed, Failure> {
    let schema = session.schema.clone();
    let described = table(&schema, change.table())?;
    match change {
        Change::Insert { values, returning, .. } => insert(session, described, values, returning).await,
        Change::Update { key, keys, set, .. } => {
            let columns: Vec<_> = set.iter().map(|(c, _)| c.clone()).collect();
            let written: Vec<Value> = set.iter().map(|(_, v)| v.clone()).collect();
            known(described, &columns)?;
            let head = update_head(described, &columns);
            by_keys(session, described, key, keys, &head, &written).await
        }
        Change::UpdateEach { key, columns, rows, .. } => {
            known(described, columns)?;
            known(described, key)?;
            let head = update_head(described, columns);
            let mut changed = 0;
            for (key_values, written) in rows {
                let row = std::slice::from_ref(key_values);
                changed += by_keys(session, described, key, row, &head, written).await?.rows;
            }
            Ok(rows_only(changed))
        }
        Change::Delete { key, keys, .. } => {
            let head = format!("DELETE FROM {} WHERE ", quote(&described.name));
            by_keys(session, described, key, keys, &head, &[]).await
        }
    }
}

fn rows_only(rows: u64) -> Changed {
    Changed { rows, returned: Row::new() }
}

fn known(table: &Table, columns: &[String]) -> Result<(), Failure> {
    let missing = columns.iter().find(|c| table.column(c).is_none());
    missing.map_or(Ok(()), |c| Err(no_column(&table.name, c)))
}

fn update_head(table: &Table, columns: &[String]) -> String {
    let set: Vec<_> = columns.iter().map(|c| format!("{} = ?", quote(c))).collect();
    format!("UPDATE OR ABORT {} SET {} WHERE ", quote(&table.name), set.join(", "))
}

async fn by_keys(
    session: &mut SqliteSession,
    table: &Table,
    key: &[String],
    keys: &[Vec<Value>],
    head: &str,
    written: &[Value],
) -> Result<Changed, Failure> {
    known(table, key)?;
    let mut changed = 0;
    for chunk in keys.chunks(chunk(key.len())) {
        let chosen = among(key, chunk, exactly(table, key));
        let values = written.iter().cloned().chain(chosen.values).collect();
        changed += execute(session, table, Statement { sql: format!("{head}{}", chosen.sql), values }).await?;
    }
    Ok(rows_only(changed))
}

async fn insert(
    session: &mut SqliteSession,
    table: &Table,
    values: &[(String, Value)],
    returning: &[String],
) -> Result<Changed, Failure> {
    let columns: Vec<_> = values.iter().map(|(c, _)| c.clone()).collect();
    known(table, &columns)?;
    known(table, returning)?;
    let list = |names: &[String]| names.iter().map(|c| quote(c)).collect::<Vec<_>>().join(", ");
    let back = if returning.is_empty() { "NULL".to_owned() } else { list(returning) };
    let bound: Vec<Value> = values.iter().map(|(_, v)| v.clone()).collect();
    let name = quote(&table.name);
    let places = vec!["?"; columns.len()].join(", ");
    let what = if columns.is_empty() {
        "DEFAULT VALUES".to_owned()
    } else {
        format!("({}) VALUES ({places})", list(&columns))
    };
    let sql = format!("INSERT OR ABORT INTO {name} {what} RETURNING {back}");
    let returned = first(session, table, Statement { sql, values: bound }).await?;
    Ok(Changed { rows: u64::from(returned.is_some()), returned: returned.unwrap_or_default() })
}

async fn first(session: &mut SqliteSession, table: &Table, statement: Statement) -> Result<Option<Row>, Failure> {
    let mut found = None;
    let mut keep = |row| {
        found = Some(row);
        ControlFlow::Continue(())
    };
    run(session, table, statement, &mut keep).await?;
    Ok(found)
}

async fn execute(session: &mut SqliteSession, table: &Table, statement: Statement) -> Result<u64, Failure> {
    run(session, table, statement, &mut |_| ControlFlow::Continue(())).await
}

/// Runs a statement; a foreign key that refuses is named, which SQLite itself does not do.
async fn run(
    session: &mut SqliteSession,
    table: &Table,
    statement: Statement,
    each: &mut Each<'_>,
) -> Result<u64, Failure> {
    let again = Statement { sql: statement.sql.clone(), values: statement.values.clone() };
    let refused = match session.run(statement, &table.name, each).await {
        Err(Failure::Constraint { constraint, .. }) if constraint == "FOREIGN KEY" => constraint,
        done => return done,
    };
    let about = failing(session, table, again).await.ok().flatten();
    Err(about.unwrap_or(Failure::Constraint { table: table.name.clone(), constraint: refused }))
}

/// Runs the statement again with the checks put off, and looks which key is left dangling.
async fn failing(session: &mut SqliteSession, table: &Table, again: Statement) -> Result<Option<Failure>, Failure> {
    let about = |e: sqlx::Error| failure::of(&e, "(all tables)");
    let put_off = "SAVEPOINT upheld_probe; PRAGMA defer_foreign_keys = ON";
    sqlx::raw_sql(put_off).execute(&mut session.connection()?.raw).await.map_err(about)?;
    let done = session.run(again, &table.name, &mut |_| ControlFlow::Continue(())).await;
    let raw = &mut session.connection()?.raw;
    let found = if done.is_ok() { dangling(raw).await } else { Ok(None) };
    let undo = "ROLLBACK TO upheld_probe; RELEASE upheld_probe; PRAGMA defer_foreign_keys = OFF";
    sqlx::raw_sql(undo).execute(raw).await.map_err(about)?;
    found.map_err(about)
}

async fn dangling(raw: &mut SqliteConnection) -> Result<Option<Failure>, sqlx::Error> {
    const CHECK: &str = "SELECT c.\"table\", c.parent, group_concat(f.\"from\", ', ') \
        FROM (SELECT * FROM pragma_foreign_key_check LIMIT 1) c, pragma_foreign_key_list(c.\"table\") f WHERE f.id = c.fkid";
    let row = sqlx::query(CHECK).fetch_one(raw).await?;
    let (Some(table), Some(parent), Some(columns)): (Option<String>, Option<String>, Option<String>) =
        (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)
    else {
        return Ok(None);
    };
    Ok(Some(Failure::Constraint { table, constraint: format!("FOREIGN KEY ({columns}) to {parent}") }))
}

/// Rows that a transaction deleted.
pub(super) struct Deleted {
    table: String,
    key: Vec<String>,
    keys: Vec<Vec<Value>>,
}

impl Deleted {
    /// What a change deletes, if it deletes.
    pub fn by(change: &Change) -> Option<Deleted> {
        let Change::Delete { table, key, keys } = change else { return None };
        Some(Deleted { table: table.clone(), key: key.clone(), keys: keys.clone() })
    }

    /// The values by which a foreign key would point at the rows; `None` where it points at other columns than the key.
    fn pointed_at(&self, by: &ForeignKey) -> Option<Vec<Vec<Value>>> {
        let place = |target: &String| self.key.iter().position(|k| k == target);
        let places = by.target_columns.iter().map(place).collect::<Option<Vec<usize>>>()?;
        Some(self.keys.iter().map(|key| places.iter().map(|&at| key[at].clone()).collect()).collect())
    }
}

/// Looks for rows that still point at deleted ones by foreign keys that are put off to the end. SQLite has no verb for it,
/// so it is asked; what points at other columns than the key is left to the commit.
pub(super) async fn settle(session: &mut SqliteSession, deleted: &Deleted) -> Result<(), Failure> {
    let schema = session.schema.clone();
    for table in &schema.tables {
        for key in &table.foreign_keys {
            let put_off = key.deferrable && key.on_delete == OnDelete::Refuse && key.table == deleted.table;
            let Some(values) = deleted.pointed_at(key).filter(|_| put_off) else { continue };
            let columns = key.columns.clone();
            let by = By::Values { columns: columns.clone(), values };
            let select = Select { table: table.name.clone(), columns, by, filter: Vec::new(), lock: false };
            if !session.answer(&select).await?.is_empty() {
                let constraint = format!("FOREIGN KEY ({}) to {}", key.columns.join(", "), key.table);
                return Err(Failure::Constraint { table: table.name.clone(), constraint });
            }
        }
    }
    Ok(())
}

/// Commits; a deferred foreign key that refuses is named.
pub(super) async fn commit(raw: &mut SqliteConnection) -> Result<(), Failure> {
    let Err(error) = sqlx::raw_sql("COMMIT").execute(&mut *raw).await else { return Ok(()) };
    let failure = failure::of(&error, "(all tables)");
    match &failure {
        Failure::Constraint { constraint, .. } if constraint == "FOREIGN KEY" => {
            Err(dangling(raw).await.ok().flatten().unwrap_or(failure))
        }
        _ => Err(failure),
    }
}
