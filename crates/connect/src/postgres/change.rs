//! Changes by key: one statement for up to a thousand rows.

use std::ops::ControlFlow;

use engine::ask::{Change, Changed, Failure, Row};
use engine::value::Value;

use super::catalog::Catalog;
use super::failure;
use super::select::{Keys, Parameter, Statement, array, bound, column, key_types, single};
use super::session::PgSession;
use super::types::{Bound, Type};
use crate::sql::{CHUNK, quote, table};

/// Carries out one change.
pub(super) async fn apply(session: &mut PgSession, change: &Change) -> Result<Changed, Failure> {
    let catalog = session.catalog.clone();
    let name = change.table();
    table(&catalog.schema, name)?;
    match change {
        Change::Insert { values, returning, .. } => insert(session, &catalog, name, values, returning).await,
        Change::Update { key, keys, set, .. } => {
            let mut parameters = Vec::new();
            let mut assigned = Vec::new();
            for (to, value) in set {
                let of = catalog.column(name, to)?;
                parameters.push(single(of, written(name, of, to, value)?));
                assigned.push(format!("{} = {}", quote(to), of.cast(&one(of, parameters.len()))));
            }
            let head = format!("update {} t set {} where ", full(session, name), assigned.join(", "));
            by_keys(session, &Keys::of(&catalog, name, key, keys)?, name, &head, &parameters).await
        }
        Change::Delete { key, keys, .. } => {
            let head = format!("delete from {} t where ", full(session, name));
            by_keys(session, &Keys::of(&catalog, name, key, keys)?, name, &head, &[]).await
        }
        Change::UpdateEach { key, columns, rows, .. } => each(session, &catalog, name, key, columns, rows).await,
    }
}

fn full(session: &PgSession, table: &str) -> String {
    format!("{}.{}", quote(&session.shared.options.schema), quote(table))
}

fn one(of: &Type, n: usize) -> String {
    format!("${n}::{}", of.carrier())
}

/// The value as it is bound; a NUL character, which PostgreSQL holds in no text, is refused here.
fn written(table: &str, of: &Type, column: &str, value: &Value) -> Result<Option<Bound>, Failure> {
    match of.written(value) {
        Some(Bound::Text(text)) if text.contains('\0') => {
            let constraint = format!("type of {column} (no text may hold a NUL character)");
            Err(Failure::Constraint { table: table.to_owned(), constraint })
        }
        bound => Ok(bound),
    }
}

async fn execute(session: &mut PgSession, table: &str, statement: Statement) -> Result<u64, Failure> {
    session.run(statement, &[], table, &mut |_| ControlFlow::Continue(())).await
}

async fn by_keys(
    session: &mut PgSession,
    keys: &Keys<'_>,
    table: &str,
    head: &str,
    written: &[Parameter],
) -> Result<Changed, Failure> {
    let mut rows = 0;
    for chunk in keys.tuples.chunks(CHUNK) {
        let chosen = keys.among(chunk, written.len());
        let parameters = written.iter().cloned().chain(chosen.parameters).collect();
        rows += execute(session, table, Statement { sql: format!("{head}{}", chosen.sql), parameters }).await?;
    }
    Ok(Changed { rows, returned: Row::new() })
}

/// `update ... from unnest(...)`: keys and values side by side.
async fn each(
    session: &mut PgSession,
    catalog: &Catalog,
    name: &str,
    key: &[String],
    columns: &[String],
    rows: &[(Vec<Value>, Vec<Value>)],
) -> Result<Changed, Failure> {
    let types: Vec<_> = columns.iter().map(|c| catalog.column(name, c)).collect::<Result<_, _>>()?;
    let keys = key_types(catalog, name, key, rows.iter().map(|(k, _)| k.as_slice()))?;
    let mut found = Vec::new();
    for (tuple, values) in rows {
        let tuple: Option<Vec<_>> = keys.iter().zip(tuple).map(|(of, v)| bound(of, v)).collect();
        found.extend(tuple.map(|tuple| (tuple, values)));
    }
    let places =
        |of: &Type, n: usize| if of.carrier() == "bytea" { format!("${n}::bytea[]") } else { format!("${n}::text[]") };
    let mut arrays: Vec<_> = keys.iter().enumerate().map(|(i, of)| of.array(i + 1)).collect();
    arrays.extend(types.iter().enumerate().map(|(i, of)| places(of, keys.len() + i + 1)));
    let names: Vec<_> = (0..arrays.len()).map(|i| format!("c{i}")).collect();
    let assigned = columns.iter().zip(&types).enumerate();
    let assigned =
        assigned.map(|(i, (c, of))| format!("{} = {}", quote(c), of.cast(&format!("v.c{}", keys.len() + i))));
    // No index serves the comparison that holds NULL to be NULL.
    let null = |i: usize| found.iter().any(|(tuple, _)| tuple[i].is_none());
    let equals = |i: usize| if null(i) { "is not distinct from" } else { "=" };
    let same = key.iter().zip(&keys).enumerate();
    let same = same.flat_map(|(i, (c, of))| {
        let compared = std::iter::once(of.compared(&column(c))).chain(of.again(&column(c)));
        compared.map(move |column| format!("{column} {} v.c{i}", equals(i))).collect::<Vec<_>>()
    });
    let sql = format!(
        "update {} t set {} from unnest({}) as v({}) where {}",
        full(session, name),
        assigned.collect::<Vec<_>>().join(", "),
        arrays.join(", "),
        names.join(", "),
        same.collect::<Vec<_>>().join(" and ")
    );
    let mut changed = 0;
    for chunk in found.chunks(CHUNK) {
        let mut parameters = Vec::new();
        for (i, of) in keys.iter().enumerate() {
            parameters.push(array(of, chunk.iter().map(|(k, _)| k[i].clone())));
        }
        for (i, of) in types.iter().enumerate() {
            let bound =
                chunk.iter().map(|(_, v)| written(name, of, &columns[i], &v[i])).collect::<Result<Vec<_>, _>>()?;
            parameters.push(array(of, bound.into_iter()));
        }
        changed += execute(session, name, Statement { sql: sql.clone(), parameters }).await?;
    }
    Ok(Changed { rows: changed, returned: Row::new() })
}

async fn insert(
    session: &mut PgSession,
    catalog: &Catalog,
    name: &str,
    values: &[(String, Value)],
    returning: &[String],
) -> Result<Changed, Failure> {
    let into = full(session, name);
    let back: Vec<Type> = returning.iter().map(|c| catalog.column(name, c).cloned()).collect::<Result<_, _>>()?;
    let read: Vec<_> = returning.iter().zip(&back).map(|(c, of)| of.read(&column(c))).collect();
    let read = if read.is_empty() { "1".to_owned() } else { read.join(", ") };
    let (mut parameters, mut places) = (Vec::new(), Vec::new());
    for (to, value) in values {
        let of = catalog.column(name, to)?;
        parameters.push(single(of, written(name, of, to, value)?));
        places.push(of.cast(&one(of, parameters.len())));
    }
    let columns: Vec<_> = values.iter().map(|(c, _)| quote(c)).collect();
    let what = if columns.is_empty() {
        "default values".to_owned()
    } else {
        // A row that comes back has its own number, whoever usually gives it.
        format!("({}) overriding system value values ({})", columns.join(", "), places.join(", "))
    };
    let sql = format!("insert into {into} as t {what} returning {read}");
    let returned = first(session, name, &back, Statement { sql, parameters }).await?;
    Ok(Changed { rows: u64::from(returned.is_some()), returned: returned.unwrap_or_default() })
}

async fn first(
    session: &mut PgSession,
    table: &str,
    types: &[Type],
    statement: Statement,
) -> Result<Option<Row>, Failure> {
    let mut found = None;
    let mut keep = |row| {
        found = Some(row);
        ControlFlow::Continue(())
    };
    session.run(statement, types, table, &mut keep).await?;
    Ok(found)
}

/// Refreshes a materialized view, which its owner may do (PostgreSQL 17: whoever may `MAINTAIN` it); a plain view keeps
/// nothing.
pub(super) async fn rebuild(session: &mut PgSession, view: &str) -> Result<(), Failure> {
    let catalog = session.catalog.clone();
    let described = table(&catalog.schema, view)?;
    if !described.view {
        return Err(Failure::Refused { reason: format!("{view} is a table of its own, which is not built anew") });
    }
    if !described.materialized {
        return Ok(());
    }
    let sql = sqlx::AssertSqlSafe(format!("REFRESH MATERIALIZED VIEW {}", full(session, view)));
    let refreshed = sqlx::raw_sql(sql).execute(&mut session.connection()?.raw).await;
    refreshed.map(drop).map_err(|e| failure::of(&e, view, None))
}
