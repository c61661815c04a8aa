//! Changes by key: one statement for up to a thousand rows.

use std::ops::ControlFlow;

use engine::ask::{Change, Changed, Failure, Row};
use engine::schema::{ForeignKey, Table};
use engine::value::Value;

use super::catalog::Catalog;
use super::select::{KEYED, Keys, Statement, pieces, quote};
use super::session::MySqlSession;
use super::types::{Bound, Type};
use crate::sql::table;

/// Rows of one statement that writes values of their own to each: every row is compared with every key before its own.
const EACH: usize = 64;

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

    /// `SET c = CASE WHEN key = ? THEN ? ..`, for some rows at a time.
    async fn update_each(
        &self,
        session: &mut MySqlSession,
        key: &[String],
        columns: &[String],
        rows: &[(Vec<Value>, Vec<Value>)],
    ) -> Result<Changed, Failure> {
        let written: Vec<_> = columns.iter().collect();
        // Assignments are made one after the other, and each reads what those before it wrote: a key comes last.
        let (mut order, keyed): (Vec<usize>, Vec<usize>) =
            (0..columns.len()).partition(|at| !key.contains(&columns[*at]));
        if keyed.len() > 1 {
            return self.update_one_by_one(session, key, columns, rows).await;
        }
        order.extend(keyed);
        let weight = |(k, v): &(Vec<Value>, Vec<Value>)| k.iter().chain(v).map(weight).sum::<usize>();
        let mut changed = 0;
        for piece in pieces(rows, self.catalog.packet, weight).flat_map(|piece| piece.chunks(EACH)) {
            let tuples: Vec<_> = piece.iter().map(|(k, _)| k.clone()).collect();
            let mut keys = Keys::of(self.catalog, &self.table.name, key, &tuples)?;
            let all = std::mem::take(&mut keys.tuples);
            if all.is_empty() {
                continue;
            }
            let mut head = Statement::text(format!("UPDATE {}{} SET ", self.name(), self.hint(key)));
            for (nth, at) in order.iter().enumerate() {
                let (column, comma) = (&columns[*at], if nth == 0 { "" } else { ", " });
                head = head.then(Statement::text(format!("{comma}{} = CASE", quote(column))));
                for (tuple, values) in piece {
                    let own = Keys::of(self.catalog, &self.table.name, key, std::slice::from_ref(tuple))?;
                    let [own] = &own.tuples[..] else { continue };
                    let then =
                        Statement { sql: " THEN ?".to_owned(), values: vec![self.written(column, &values[*at])?] };
                    let when = keys.among(std::slice::from_ref(own));
                    head = head.then(Statement::text(" WHEN ")).then(when).then(then);
                }
                head.sql.push_str(&format!(" ELSE {} END", quote(column)));
            }
            let own = self.untouched(&written).iter().map(|c| format!(", {c}")).collect::<String>();
            let chosen = keys.among(&all);
            self.followed(session, &written, &chosen).await?;
            let tail = Statement::text(format!("{own} WHERE ")).then(chosen);
            changed += self.execute(session, head.then(tail)).await?;
        }
        Ok(Changed { rows: changed, returned: Row::new() })
    }

    /// Where several columns of a key change, no order of assignments is right for all rows at once.
    async fn update_one_by_one(
        &self,
        session: &mut MySqlSession,
        key: &[String],
        columns: &[String],
        rows: &[(Vec<Value>, Vec<Value>)],
    ) -> Result<Changed, Failure> {
        let mut changed = 0;
        for (tuple, values) in rows {
            let set: Vec<_> = columns.iter().cloned().zip(values.iter().cloned()).collect();
            changed += self.update(session, key, std::slice::from_ref(tuple), &set).await?.rows;
        }
        Ok(Changed { rows: changed, returned: Row::new() })
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

    /// Rows that go together may refer to each other, or to themselves. InnoDB looks at each row alone and puts nothing off,
    /// so each is made to refer to nobody first, or, where it must refer to somebody, to a row that stays.
    async fn part(&self, session: &mut MySqlSession, chosen: &Statement) -> Result<(), Failure> {
        for own in self.table.foreign_keys.iter().filter(|k| k.table == self.table.name) {
            let Some((columns, values)) = self.elsewhere(session, own, chosen).await? else { continue };
            let mut assigned: Vec<_> = columns.iter().map(|c| format!("{} = ?", quote(c))).collect();
            assigned.extend(self.untouched(&columns));
            let filled: Vec<_> = own.columns.iter().map(|c| format!(" AND {} IS NOT NULL", quote(c))).collect();
            let sql = format!("UPDATE {} SET {} WHERE ", self.name(), assigned.join(", "));
            let parted = Statement { sql, values }.then(chosen.clone()).then(Statement::text(filled.concat()));
            self.execute(session, parted).await?;
        }
        Ok(())
    }

    /// What to write into the columns of a foreign key so that it leads to none of the chosen rows.
    async fn elsewhere<'k>(
        &self,
        session: &mut MySqlSession,
        own: &'k ForeignKey,
        chosen: &Statement,
    ) -> Result<Option<(Vec<&'k String>, Vec<Bound>)>, Failure> {
        let nullable = |c: &&String| self.table.column(c).is_some_and(|c| c.nullable) && !self.table.key.contains(*c);
        if let Some(column) = own.columns.iter().find(nullable) {
            return Ok(Some((vec![column], vec![Bound::Null])));
        }
        let types = own.target_columns.iter().map(|c| self.column(c).cloned()).collect::<Result<Vec<_>, _>>()?;
        let read: Vec<_> = own.target_columns.iter().zip(&types).map(|(c, of)| of.read(&quote(c))).collect();
        let head = Statement::text(format!("SELECT {} FROM {} WHERE NOT (", read.join(", "), self.name()));
        let mut found: Option<Row> = None;
        let mut keep = |row| {
            found = Some(row);
            ControlFlow::Break(())
        };
        let select = head.then(chosen.clone()).then(Statement::text(") LIMIT 1"));
        session.run(select, &types, &self.table.name, &mut keep).await?;
        let Some(row) = found else { return Ok(None) };
        let values = own.columns.iter().zip(&row).map(|(c, v)| self.written(c, v)).collect::<Result<Vec<_>, _>>()?;
        Ok(Some((own.columns.iter().collect(), values)))
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
