//! A few rows of a table, from places spread over its key, which needs no pass over the table.

use std::ops::ControlFlow;

use engine::ask::{Failure, Row};
use engine::schema::{Class, Table};
use engine::value::Value;

use super::select::{KEYED, Statement, quote};
use super::session::MySqlSession;
use super::types::{Bound, Kind, Type};
use crate::sql::{SAMPLED_CHARS, table};

/// So many places are looked at in a table whose key is a number.
const PLACES: u32 = 64;

pub(super) async fn sample(
    session: &mut MySqlSession,
    name: &str,
    columns: &[String],
    rows: u32,
) -> Result<Vec<Row>, Failure> {
    let catalog = session.catalog.clone();
    let described = table(&catalog.schema, name)?;
    let types = columns.iter().map(|c| catalog.column(name, c).cloned()).collect::<Result<Vec<_>, _>>()?;
    let read: Vec<_> = columns.iter().zip(&types).map(|(c, of)| cut(of, c)).collect();
    let read = if read.is_empty() { "NULL".to_owned() } else { read.join(", ") };
    let mut work =
        Work { session, table: described, types: &types, from: format!("SELECT {read} FROM {}", quote(name)) };
    let counted = format!("SELECT COUNT(*) FROM (SELECT 1 FROM {} LIMIT {}) some", quote(name), u64::from(rows) + 1);
    let more = work.session.number(Statement::text(counted), name).await? > u64::from(rows);
    let number = described.key.first().filter(|k| described.column(k).is_some_and(|c| c.class == Class::Int));
    if let Some(key) = number.filter(|_| more && rows > 0) {
        let spread = work.along(key, rows).await?;
        if spread.len() * 2 > rows as usize {
            return Ok(spread);
        }
    }
    work.ends(rows, more).await
}

struct Work<'a> {
    session: &'a mut MySqlSession,
    table: &'a Table,
    types: &'a [Type],
    from: String,
}

impl Work<'_> {
    async fn all(&mut self, statement: Statement) -> Result<Vec<Row>, Failure> {
        let mut rows = Vec::new();
        let mut each = |row| {
            rows.push(row);
            ControlFlow::Continue(())
        };
        self.session.run(statement, self.types, &self.table.name, &mut each).await?;
        Ok(rows)
    }

    /// Some rows from each of many parts of the key's range.
    async fn along(&mut self, key: &str, rows: u32) -> Result<Vec<Row>, Failure> {
        let Some((least, most)) = self.range(key).await? else { return Ok(Vec::new()) };
        let (parts, width) = (PLACES.min(rows), most - least + 1);
        let edge = |part: u32| {
            Bound::Int(i64::try_from(least + width * i128::from(part) / i128::from(parts)).unwrap_or(i64::MAX))
        };
        let column = quote(key);
        let from =
            format!("{}{KEYED} WHERE {column} BETWEEN ? AND ? - 1 ORDER BY {column} LIMIT {}", self.from, rows / parts);
        let mut found = Vec::new();
        for part in 0..parts {
            let values = vec![edge(part), edge(part + 1)];
            found.extend(self.all(Statement { sql: from.clone(), values }).await?);
        }
        Ok(found)
    }

    async fn range(&mut self, key: &str) -> Result<Option<(i128, i128)>, Failure> {
        let of = Type { kind: Kind::Int { unsigned: false }, class: Class::Int };
        let column = quote(key);
        let name = &self.table.name;
        let ends = format!("SELECT MIN({column}), MAX({column}) FROM {}", quote(name));
        let mut found = None;
        let mut keep = |row: Row| {
            if let [Value::Int(least), Value::Int(most)] = row[..] {
                found = Some((i128::from(least), i128::from(most)));
            }
            ControlFlow::Continue(())
        };
        self.session.run(Statement::text(ends), &[of.clone(), of], name, &mut keep).await?;
        Ok(found)
    }

    /// The first and the last rows by the key; of a table without one, whichever come.
    async fn ends(&mut self, rows: u32, more: bool) -> Result<Vec<Row>, Failure> {
        if self.table.key.is_empty() {
            return self.all(Statement::text(format!("{} LIMIT {rows}", self.from))).await;
        }
        let order =
            |way: &str| self.table.key.iter().map(|k| format!("{} {way}", quote(k))).collect::<Vec<_>>().join(", ");
        let (first, last) = (order("ASC"), order("DESC"));
        let of_first = if more { rows / 2 } else { rows };
        let mut found = self.all(Statement::text(format!("{} ORDER BY {first} LIMIT {of_first}", self.from))).await?;
        if more {
            let rest = rows - of_first;
            found.extend(self.all(Statement::text(format!("{} ORDER BY {last} LIMIT {rest}", self.from))).await?);
        }
        Ok(found)
    }
}

/// Long values are cut: their beginning tells what they are.
fn cut(of: &Type, name: &str) -> String {
    let read = of.read(&quote(name));
    match of.kind {
        Kind::Text { .. } | Kind::Opaque | Kind::Bytes => format!("LEFT({read}, {SAMPLED_CHARS})"),
        _ => read,
    }
}
