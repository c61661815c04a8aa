//! A few rows of a table, from blocks spread over it, which needs no pass over the table.

use std::ops::ControlFlow;

use engine::ask::{Failure, Row};

use super::failure;
use super::select::{Statement, column};
use super::session::PgSession;
use super::types::{Kind, Type};
use crate::sql::{SAMPLED_CHARS, quote, table};

/// The server's own estimate of rows and blocks, for tables that can be read by blocks.
const SIZE: &str = "select c.reltuples::float8, c.relpages::float8 from pg_class c \
    join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'm')";

/// So many blocks, at least, are looked at in a table that has them: neighbours in a block were written together.
const BLOCKS: f64 = 64.0;

pub(super) async fn sample(
    session: &mut PgSession,
    name: &str,
    columns: &[String],
    rows: u32,
) -> Result<Vec<Row>, Failure> {
    let catalog = session.catalog.clone();
    table(&catalog.schema, name)?;
    let types = columns.iter().map(|c| catalog.column(name, c).cloned()).collect::<Result<Vec<_>, _>>()?;
    let read: Vec<_> = columns.iter().zip(&types).map(|(c, of)| cut(of, c)).collect();
    let read = if read.is_empty() { "null".to_owned() } else { read.join(", ") };
    let schema = session.shared.options.schema.clone();
    let from = format!("select {read} from {}.{} t", quote(&schema), quote(name));
    let size: Option<(f64, f64)> = sqlx::query_as(SIZE)
        .bind(&schema)
        .bind(name)
        .fetch_optional(&mut session.connection()?.raw)
        .await
        .map_err(|e| failure::of(&e, name, None))?;
    if let Some(narrowed) = size.and_then(|(all, blocks)| spread(f64::from(rows), all, blocks)) {
        let spread = all(session, name, &types, format!("{from} {narrowed} limit {rows}")).await?;
        if spread.len() * 2 > rows as usize {
            return Ok(spread);
        }
    }
    all(session, name, &types, format!("{from} limit {rows}")).await
}

/// Blocks from all over a large table, the same each time, and of each no more rows than it takes: about half as many
/// again as are wanted, for blocks are not equally full.
fn spread(wanted: f64, rows: f64, blocks: f64) -> Option<String> {
    if rows <= 10.0 * wanted || blocks < 2.0 || wanted < 1.0 {
        return None;
    }
    let looked_at = (3.0 * wanted * blocks / rows).max(BLOCKS).min(blocks);
    let of_each = (1.5 * wanted / looked_at).ceil();
    let share = 100.0 * looked_at / blocks;
    let place = "split_part(trim(both '()' from t.ctid::text), ',', 2)::int";
    Some(format!(
        "tablesample system ({share}) repeatable (0) where {place} <= {of_each} order by sha256(t.ctid::text::bytea)"
    ))
}

/// Long values are cut: their beginning tells what they are.
fn cut(of: &Type, name: &str) -> String {
    let read = of.read(&column(name));
    match of.kind {
        Kind::Text | Kind::OwnText | Kind::Json | Kind::Opaque => format!("left({read}, {SAMPLED_CHARS})"),
        Kind::Bytes => format!("substring({read} from 1 for {SAMPLED_CHARS})"),
        _ => read,
    }
}

async fn all(session: &mut PgSession, table: &str, types: &[Type], sql: String) -> Result<Vec<Row>, Failure> {
    let mut rows = Vec::new();
    let mut each = |row| {
        rows.push(row);
        ControlFlow::Continue(())
    };
    session.run(Statement { sql, parameters: Vec::new() }, types, table, &mut each).await?;
    Ok(rows)
}
