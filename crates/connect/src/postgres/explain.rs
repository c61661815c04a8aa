//! How the server would answer a question, and the index that would serve it.

use engine::ask::{By, Failure, Select, Way};
use serde_json::Value;

use super::catalog::Catalog;
use super::failure;
use super::select::{Statement, phone_digits, statements, unusual_phone};
use super::session::{PgSession, arguments};
use super::types::Type;
use crate::sql::{TAIL, quote};

/// What one node of the server's plan reads.
struct Scan {
    /// The condition by which an index finds rows.
    condition: Option<String>,
    /// The index that is read.
    index: Option<String>,
}

/// Asks for the server's plan as it would be now. Where that passes over the table, an index may still be there that does
/// not pay for these values; so the server is asked again with the pass made dear.
pub(super) async fn explain(session: &mut PgSession, select: &Select) -> Result<Way, Failure> {
    let catalog = session.catalog.clone();
    let (asked, _) = statements(&catalog, &session.shared.options.schema, select)?;
    if asked.is_empty() {
        return Ok(Way::Unknown);
    }
    let mut found = Way::Index;
    for statement in &asked {
        if !is_served(session, select, statement).await? {
            let indexes = indexes(session, &catalog, select).await?;
            found = Way::Scan { indexes };
        }
    }
    Ok(found)
}

async fn is_served(session: &mut PgSession, select: &Select, statement: &Statement) -> Result<bool, Failure> {
    let partial = partial_indexes(session).await?;
    let by_index = |scan: &Scan| scan.condition.is_some() || scan.index.as_ref().is_some_and(|i| partial.contains(i));
    let scans = scans(&plan(session, select, statement).await?);
    if !scans.is_empty() && scans.iter().all(by_index) {
        return Ok(true);
    }
    set(session, "set local enable_seqscan = off").await?;
    let forced = plan(session, select, statement).await;
    set(session, "set local enable_seqscan = on").await?;
    let scans = self::scans(&forced?);
    let names = columns(&select.by);
    let by_column = |scan: &Scan| match &scan.condition {
        Some(condition) => names.iter().any(|name| speaks_of(condition, name)),
        None => by_index(scan),
    };
    Ok(!scans.is_empty() && scans.iter().all(by_column))
}

fn columns(by: &By) -> Vec<&String> {
    match by {
        By::Values { columns, .. } | By::Keys { columns, .. } => columns.iter().collect(),
        By::Folded { column, .. } | By::Phone { column, .. } | By::Containing { column, .. } => vec![column],
    }
}

/// Does the name stand in the condition as a whole word?
fn speaks_of(condition: &str, name: &str) -> bool {
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$');
    condition.match_indices(name).any(|(at, _)| {
        let (before, after) = (&condition[..at], &condition[at + name.len()..]);
        !is_part(before.chars().next_back()) && !is_part(after.chars().next())
    })
}

async fn set(session: &mut PgSession, sql: &'static str) -> Result<(), Failure> {
    let set = sqlx::raw_sql(sql).execute(&mut session.connection()?.raw).await;
    set.map(drop).map_err(|e| failure::of(&e, "(all tables)", None))
}

async fn plan(session: &mut PgSession, select: &Select, statement: &Statement) -> Result<Value, Failure> {
    let failed = |e: sqlx::Error| failure::of(&e, &select.table, None);
    let arguments = arguments(statement.parameters.clone()).map_err(failed)?;
    let sql = sqlx::AssertSqlSafe(format!("explain (format json) {}", statement.sql));
    let raw = &mut session.connection()?.raw;
    let row = sqlx::query_with(sql, arguments).persistent(false).fetch_one(raw).await.map_err(failed)?;
    let text: String = sqlx::Row::try_get_unchecked(&row, 0).map_err(failed)?;
    let unreadable = |_| Failure::Other { detail: format!("{}: the server's plan cannot be read", select.table) };
    serde_json::from_str(&text).map_err(unreadable)
}

/// The nodes that read tables, not those that read our own lists of values.
fn scans(plan: &Value) -> Vec<Scan> {
    let mut found = Vec::new();
    match plan {
        Value::Array(list) => found.extend(list.iter().flat_map(scans)),
        Value::Object(node) => {
            let text = |key: &str| node.get(key).and_then(Value::as_str).map(str::to_owned);
            let kind = text("Node Type").unwrap_or_default();
            if kind.contains("Seq Scan") || kind.contains("Index") {
                found.push(Scan { condition: text("Index Cond"), index: text("Index Name") });
            }
            found.extend(["Plan", "Plans"].iter().filter_map(|key| node.get(*key)).flat_map(scans));
        }
        _ => {}
    }
    found
}

/// Indexes over a part of a table: the server reads one without a condition where the question asks for that part.
async fn partial_indexes(session: &mut PgSession) -> Result<Vec<String>, Failure> {
    const PARTIAL: &str = "select x.relname::text from pg_index i join pg_class x on x.oid = i.indexrelid \
        join pg_class c on c.oid = i.indrelid where i.indpred is not null and i.indisvalid \
        and c.relnamespace = (select oid from pg_namespace where nspname = $1)";
    let schema = session.shared.options.schema.clone();
    let raw = &mut session.connection()?.raw;
    let names = sqlx::query_scalar(PARTIAL).bind(schema).fetch_all(raw).await;
    names.map_err(|e| failure::of(&e, "the catalogue", None))
}

/// Statements that make what serves the question. A partitioned table takes an index only while it is locked.
async fn indexes(session: &mut PgSession, catalog: &Catalog, select: &Select) -> Result<Vec<String>, Failure> {
    const PARTITIONED: &str = "select exists (select from pg_class where relname = $2 and relkind = 'p' \
        and relnamespace = (select oid from pg_namespace where nspname = $1))";
    let schema = session.shared.options.schema.clone();
    let raw = &mut session.connection()?.raw;
    let partitioned = sqlx::query_scalar(PARTITIONED).bind(&schema).bind(&select.table).fetch_one(raw).await;
    let partitioned: bool = partitioned.map_err(|e| failure::of(&e, "the catalogue", None))?;
    let how = if partitioned { "" } else { "CONCURRENTLY " };
    let on = format!("CREATE INDEX {how}ON {}.{}", quote(&schema), quote(&select.table));
    Ok(expressions(catalog, select)?.into_iter().map(|of| format!("{on} {of};")).collect())
}

/// What is indexed: the very expressions that questions compare.
fn expressions(catalog: &Catalog, select: &Select) -> Result<Vec<String>, Failure> {
    Ok(match &select.by {
        By::Values { columns, values } | By::Keys { columns, values } => {
            let compared = columns.iter().enumerate().map(|(i, name)| {
                let of: Type = catalog.column(&select.table, name)?.against(values.iter().filter_map(|v| v.get(i)));
                let plain = quote(name);
                let compared = of.compared(&plain);
                Ok(if compared == plain { plain } else { format!("({compared})") })
            });
            vec![format!("({})", compared.collect::<Result<Vec<_>, Failure>>()?.join(", "))]
        }
        By::Folded { column, .. } => vec![format!("(lower({}::text))", quote(column))],
        By::Phone { column, .. } => {
            let column = quote(column);
            let unusual = unusual_phone(&column);
            vec![format!("(right({}, {TAIL}))", phone_digits(&column)), format!("(({column}::text)) WHERE {unusual}")]
        }
        // What stands anywhere in a text, no ordinary index finds.
        By::Containing { .. } => Vec::new(),
    })
}
