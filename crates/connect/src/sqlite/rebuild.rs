//! Full text indexes, built anew from their tables.

use engine::ask::Failure;
use engine::plan::Rebuild;
use sqlx::AssertSqlSafe;
use sqlx::sqlite::SqliteConnection;

use super::failure;
use crate::sql::quote;

/// Builds a full text index anew; a plain view keeps nothing.
pub(super) async fn rebuild(raw: &mut SqliteConnection, what: &Rebuild) -> Result<(), Failure> {
    let view = what.view.as_str();
    let kind = "SELECT t.type, coalesce(m.sql, '') FROM pragma_table_list t LEFT JOIN sqlite_master m ON m.name = t.name \
                WHERE t.schema = 'main' AND t.name = ?";
    let found: Option<(String, String)> =
        sqlx::query_as(kind).bind(view).fetch_optional(&mut *raw).await.map_err(|e| failure::of(&e, view))?;
    match found {
        None => Err(Failure::Missing { object: format!("view {view}") }),
        Some((kind, _)) if kind == "view" => Ok(()),
        Some((kind, sql)) if kind == "virtual" && is_contentless(&sql) => refill(raw, what).await,
        Some((kind, _)) if kind == "virtual" => command(raw, view, "rebuild").await,
        Some(_) => Err(Failure::Refused { reason: format!("{view} is a table of its own, which is not built anew") }),
    }
}

/// Does the index keep no text, so that it cannot be built anew by itself?
fn is_contentless(sql: &str) -> bool {
    let plain: String = sql.to_lowercase().split_whitespace().collect();
    plain.contains("content=''") || plain.contains("content=\"\"")
}

async fn command(raw: &mut SqliteConnection, view: &str, word: &str) -> Result<(), Failure> {
    let name = quote(view);
    let sql = AssertSqlSafe(format!("INSERT INTO {name} ({name}) VALUES ('{word}')"));
    sqlx::query(sql).execute(raw).await.map(drop).map_err(|e| failure::of(&e, view))
}

/// Empties the index and fills it with the columns that the map names, in the order of its own.
async fn refill(raw: &mut SqliteConnection, what: &Rebuild) -> Result<(), Failure> {
    let view = what.view.as_str();
    let about = |e: sqlx::Error| failure::of(&e, view);
    let names = "SELECT name FROM pragma_table_info(?) ORDER BY cid";
    let own: Vec<String> = sqlx::query_scalar(names).bind(view).fetch_all(&mut *raw).await.map_err(about)?;
    let [(table, columns)] = &what.sources[..] else { return Err(unclear(view)) };
    if columns.len() != own.len() {
        return Err(unclear(view));
    }
    command(raw, view, "delete-all").await?;
    let list = |names: &[String]| names.iter().map(|n| quote(n)).collect::<Vec<_>>().join(", ");
    let (view_name, table_name) = (quote(view), quote(table));
    let sql =
        format!("INSERT INTO {view_name} (rowid, {}) SELECT rowid, {} FROM {table_name}", list(&own), list(columns));
    sqlx::query(AssertSqlSafe(sql)).execute(raw).await.map(drop).map_err(about)
}

fn unclear(view: &str) -> Failure {
    let reason = format!(
        "{view} keeps no text: `copy_of` must name the columns of one table that it is filled from, in its order"
    );
    Failure::Refused { reason }
}
