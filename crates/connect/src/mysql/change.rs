//! Changes by key: one statement for up to a thousand rows.

use std::ops::ControlFlow;

use engine::ask::{Change, Changed, Failure, Row};
use engine::schema::{ForeignKey, Table};
use engine::value::Value;

use super::catalog::Catalog;
use super::select::{KEYED, Keys, Statement, pieces, quote};
use super::session::MySqlSession;
use super::types::{Bound, Type};
use crate::sql::{chunk, table};

/// Rows of one statement that writes values of their own to each: every row is compared with every key before its own, but a
/// whole row is found by a pass over the table.
const EACH: usize = 256;

/// Carries out one change.
pub(super) async fn apply(session: &mut MySqlSession, change: &Change) -> Result<Changed, Failure> {
    let catalog = session.catalog.clone();
    let described = table(&catalog.schema, change.table())?;
    changeable(&catalog, described)?;
    let work = Work { catalog: &catalog, table: described };
    match change {
        Change::Insert { values, returning, .. } => work.insert(session, values, returning).await,
        Change::Update { key, keys, set, .. } => work.update(session, key, keys, set).await,
        Change::UpdateEach { key, columns, rows, .. } => work.update_each(session, key, columns, rows).await,
        Change::Delete { key, keys, .. } => work.delete(session, key, keys).await,
    }
}

/// Tables in which a change could not be undone, or would not be one.
fn changeable(catalog: &Catalog, table: &Table) -> Result<(), Failure> {
    let refused = |why: &str| Err(Failure::Refused { reason: format!("table {} {why}", table.name) });
    if table.no_transactions {
        return refused("cannot roll back: convert it to InnoDB");
    }
    if catalog.versioned.contains(&table.name) {
        return refused("keeps its history (system versioning), so what is deleted or changed would still be there");
    }
    Ok(())
}

struct Work<'a> {
    catalog: &'a Catalog,
    table: &'a Table,
}

impl Work<'_> {
    fn column(&self, name: &str) -> Result<&Type, Failure> {
        self.catalog.column(&self.table.name, name)
    }

    /// The value as it is bound; what the server would bend to fit is refused here.
    fn written(&self, column: &str, value: &Value) -> Result<Bound, Failure> {
        let refused =
            || Failure::Constraint { table: self.table.name.clone(), constraint: format!("type of {column}") };
        self.column(column)?.written(value).ok_or_else(refused)
    }

    fn name(&self) -> String {
        quote(&self.table.name)
    }

    async fn execute(&self, session: &mut MySqlSession, statement: Statement) -> Result<u64, Failure> {
        session.run(statement, &[], &self.table.name, &mut |_| ControlFlow::Continue(())).await
    }

    fn hint(&self, key: &[String]) -> &'static str {
        if *key == self.table.key { KEYED } else { "" }
    }

    /// Columns into which the server would write the time are set to themselves.
    fn untouched(&self, written: &[&String]) -> Vec<String> {
        let touched = self.catalog.touched(&self.table.name).iter().filter(|c| !written.contains(c));
        touched.map(|c| format!("{0} = {0}", quote(c))).collect()
    }

    async fn update(
        &self,
        session: &mut MySqlSession,
        key: &[String],
        keys: &[Vec<Value>],
        set: &[(String, Value)],
    ) -> Result<Changed, Failure> {
        let columns: Vec<_> = set.iter().map(|(c, _)| c).collect();
        let values = set.iter().map(|(c, v)| self.written(c, v)).collect::<Result<Vec<_>, _>>()?;
        let mut assigned: Vec<_> = columns.iter().map(|c| format!("{} = ?", quote(c))).collect();
        assigned.extend(self.untouched(&columns));
        let sql = format!("UPDATE {}{} SET {} WHERE ", self.name(), self.hint(key), assigned.join(", "));
        let head = Statement { sql, values };
        let keys = Keys::of(self.catalog, &self.table.name, key, keys)?;
        let mut rows = 0;
        for chunk in keys.chunks(self.catalog.packet) {
            let chosen = keys.among(chunk);
            self.followed(session, &columns, &chosen).await?;
            rows += self.execute(session, head.clone().then(chosen)).await?;
        }
        Ok(Changed { rows, returned: Row::new() })
    }

    /// Joins the table with the numbers of the rows of one statement, so that what is written into a key does not decide what
    /// is written next: assignments are made one after the other, and each reads what those before it wrote.
    async fn update_each(
        &self,
        session: &mut MySqlSession,
        key: &[String],
        columns: &[String],
        rows: &[(Vec<Value>, Vec<Value>)],
    ) -> Result<Changed, Failure> {
        let written: Vec<_> = columns.iter().collect();
        let weight = |(k, v): &(Vec<Value>, Vec<Value>)| k.iter().chain(v).map(weight).sum::<usize>();
        // Each key is bound once more for its own number.
        let most = EACH.min(chunk(2 * key.len() + columns.len()));
        let mut changed = 0;
        for piece in pieces(rows, self.catalog.packet, weight).flat_map(|piece| piece.chunks(most)) {
            let Some((numbered, chosen)) = self.numbered(key, columns, piece)? else { continue };
            self.followed(session, &written, &chosen).await?;
            let tail = Statement::text(" WHERE ").then(chosen);
            changed += self.execute(session, numbered.then(tail)).await?;
        }
        Ok(Changed { rows: changed, returned: Row::new() })
    }

    /// `UPDATE t JOIN (numbers) own ON own.nth = CASE WHEN key = ? THEN 1 .. END SET c = CASE own.nth WHEN 1 THEN ? ..`, and
    /// which rows that concerns; `None` where none can be there.
    fn numbered(
        &self,
        key: &[String],
        columns: &[String],
        rows: &[(Vec<Value>, Vec<Value>)],
    ) -> Result<Option<(Statement, Statement)>, Failure> {
        let (mut found, mut numbers) = (Statement::default(), Vec::new());
        for (nth, (tuple, _)) in rows.iter().enumerate() {
            let own = Keys::of(self.catalog, &self.table.name, key, std::slice::from_ref(tuple))?;
            if !own.tuples.is_empty() {
                let when = Statement::text(" WHEN ").then(own.among(&own.tuples));
                found = found.then(when).then(Statement::text(format!(" THEN {nth}")));
                numbers.push(nth);
            }
        }
        let [first, more @ ..] = &numbers[..] else { return Ok(None) };
        let column = self.unused("nth");
        let more: String = more.iter().map(|nth| format!(" UNION ALL SELECT {nth}")).collect();
        let (name, hint) = (self.name(), self.hint(key));
        let head =
            format!("UPDATE {name}{hint} STRAIGHT_JOIN (SELECT {first} AS {column}{more}) AS own ON {column} = CASE");
        let mut all = Statement::text(head).then(found).then(Statement::text(" END SET "));
        for (at, to) in columns.iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            all.sql.push_str(&format!("{comma}{} = CASE {column}", quote(to)));
            for nth in &numbers {
                all.sql.push_str(&format!(" WHEN {nth} THEN ?"));
                all.values.push(self.written(to, &rows[*nth].1[at])?);
            }
            all.sql.push_str(" END");
        }
        all.sql.extend(self.untouched(&columns.iter().collect::<Vec<_>>()).iter().map(|c| format!(", {c}")));
        let tuples: Vec<_> = numbers.iter().map(|nth| rows[*nth].0.clone()).collect();
        let keys = Keys::of(self.catalog, &self.table.name, key, &tuples)?;
        Ok(Some((all, keys.among(&keys.tuples))))
    }

    /// A name that no column of the table has.
    fn unused(&self, name: &str) -> String {
        let mut name = name.to_owned();
        while self.table.columns.iter().any(|c| c.name.eq_ignore_ascii_case(&name)) {
            name.push('_');
        }
        name
    }

    async fn delete(
        &self,
        session: &mut MySqlSession,
        key: &[String],
        keys: &[Vec<Value>],
    ) -> Result<Changed, Failure> {
        let keys = Keys::of(self.catalog, &self.table.name, key, keys)?;
        let refers_to_itself = self.table.foreign_keys.iter().any(|k| k.table == self.table.name);
        let mut rows = 0;
        for chunk in keys.chunks(self.catalog.packet) {
            // A statement that fails is counted too.
            let before = if refers_to_itself { session.counted().await? } else { 0 };
            let chosen = keys.among(chunk);
            let delete = Statement::text(format!("DELETE FROM {} WHERE ", self.name())).then(chosen.clone());
            rows += match self.execute(session, delete.clone()).await {
                Err(Failure::Constraint { table, constraint })
                    if refers_to_itself && table == self.table.name && constraint.starts_with("FOREIGN KEY") =>
                {
                    self.part(session, &chosen).await?;
                    session.own += session.counted().await?.saturating_sub(before);
                    self.execute(session, delete).await?
                }
                deleted => deleted?,
            };
        }
        Ok(Changed { rows, returned: Row::new() })
    }

    /// Rows that go together refer to nobody by then, or to rows that go later, for all that a plan can tell. A collation may
    /// hold more equal than it can: InnoDB looks at each row alone and puts nothing off, so such references are nulled first.
    async fn part(&self, session: &mut MySqlSession, chosen: &Statement) -> Result<(), Failure> {
        let nullable = |c: &&String| self.table.column(c).is_some_and(|c| c.nullable) && !self.table.key.contains(*c);
        for own in self.table.foreign_keys.iter().filter(|k| k.table == self.table.name) {
            let Some(column) = own.columns.iter().find(nullable) else { continue };
            let mut assigned = vec![format!("{} = NULL", quote(column))];
            assigned.extend(self.untouched(&[column]));
            let filled: String = own.columns.iter().map(|c| format!(" AND {} IS NOT NULL", quote(c))).collect();
            let head = Statement::text(format!("UPDATE {} SET {} WHERE ", self.name(), assigned.join(", ")));
            self.execute(session, head.then(chosen.clone()).then(Statement::text(filled))).await?;
        }
        Ok(())
    }

    /// Counts the rows of other tables whose foreign keys would follow this update; the server does not.
    async fn followed(
        &self,
        session: &mut MySqlSession,
        written: &[&String],
        chosen: &Statement,
    ) -> Result<(), Failure> {
        for (owner, at) in &self.catalog.following {
            let Some(by) = self.catalog.schema.table(owner).and_then(|t| t.foreign_keys.get(*at)) else { continue };
            if by.table == self.table.name && by.target_columns.iter().any(|c| written.contains(&c)) {
                let count = self.referring(owner, by).then(chosen.clone()).then(Statement::text("))"));
                session.followed += session.number(count, owner).await?;
            }
        }
        Ok(())
    }

    fn referring(&self, owner: &str, by: &ForeignKey) -> Statement {
        let list = |columns: &[String]| columns.iter().map(|c| quote(c)).collect::<Vec<_>>().join(", ");
        let (columns, targets) = (list(&by.columns), list(&by.target_columns));
        let (owner, target) = (quote(owner), self.name());
        Statement::text(format!(
            "SELECT COUNT(*) FROM {owner} WHERE ({columns}) IN (SELECT {targets} FROM {target} WHERE ("
        ))
    }

    async fn insert(
        &self,
        session: &mut MySqlSession,
        values: &[(String, Value)],
        returning: &[String],
    ) -> Result<Changed, Failure> {
        let back: Vec<Type> = returning.iter().map(|c| self.column(c).cloned()).collect::<Result<_, _>>()?;
        let read: Vec<_> = returning.iter().zip(&back).map(|(c, of)| of.read(&quote(c))).collect();
        let read = if read.is_empty() { "1".to_owned() } else { read.join(", ") };
        let columns: Vec<_> = values.iter().map(|(c, _)| quote(c)).collect();
        let places = vec!["?"; columns.len()].join(", ");
        let into = format!("{} ({}) VALUES ({places})", self.name(), columns.join(", "));
        let values = values.iter().map(|(c, v)| self.written(c, v)).collect::<Result<Vec<_>, _>>()?;
        let sql = format!("INSERT INTO {into} RETURNING {read}");
        let mut found = None;
        let mut keep = |row| {
            found = Some(row);
            ControlFlow::Continue(())
        };
        session.run(Statement { sql, values }, &back, &self.table.name, &mut keep).await?;
        Ok(Changed { rows: u64::from(found.is_some()), returned: found.unwrap_or_default() })
    }
}

fn weight(value: &Value) -> usize {
    match value {
        Value::Text(s) => s.len() + 9,
        Value::Bytes(b) => b.len() + 9,
        _ => 8,
    }
}
