//! What sealed rows refer to, and who took it away.

use jiff::Timestamp;

use super::super::resolve::same;
use super::edges::Seals;
use super::{Deactivation, system_of};
use crate::ask::Row;
use crate::policy::model::{Link, Policy, Role, SystemId, TableId, Target, Untie};
use crate::seal::{Image, Sealed, SealedTable};
use crate::value::Value;

/// A reference of a table: its columns, the table referred to and the columns there; the link, where it is one.
pub(super) struct Reference<'p> {
    pub columns: Vec<String>,
    pub to: TableId,
    pub there: Vec<String>,
    pub link: Option<&'p Link>,
}

/// The foreign keys of a table and its links to rows.
pub(super) fn references(policy: &Policy, id: TableId) -> Vec<Reference<'_>> {
    let t = policy.table(id);
    let keys = t.foreign_keys.iter().map(|fk| Reference {
        columns: t.names(&fk.columns),
        to: fk.table,
        there: policy.table(fk.table).names(&fk.target_columns),
        link: None,
    });
    let links =
        t.links.iter().filter(|l| !l.by && l.reading.document.is_none()).filter_map(|link| match &link.target {
            Target::Row { table, columns } => Some(Reference {
                columns: t.names(&link.columns),
                to: *table,
                there: policy.table(*table).names(columns),
                link: Some(link),
            }),
            Target::Identity { .. } => None,
        });
    keys.chain(links).collect()
}

impl Reference<'_> {
    /// The values by which a sealed row refers; nothing where it does not.
    pub fn values(&self, policy: &Policy, id: TableId, table: &SealedTable, row: &Row) -> Option<Vec<Value>> {
        let values = table.values(row, &self.columns)?;
        if values.iter().any(Value::is_null) {
            return None;
        }
        let Some(link) = self.link else { return Some(values) };
        let t = policy.table(id);
        let value = |column: usize| table.at(&t.columns[column].name).map_or(&Value::Null, |at| &row[at]);
        // What is looked up elsewhere is taken to hold: then a row waits that need not.
        let joins = link.when.looks_up() || link.when.holds(value);
        (joins && !values.iter().any(|v| link.nobody.iter().any(|n| same(n, v)))).then_some(values)
    }
}

/// What a row holds while what it refers to is away with another deactivation: as the map undoes such a tie. `None` where
/// it cannot be told, or the row is a part of what is away.
pub(super) fn untied(
    policy: &Policy,
    other: &Deactivation,
    table: &SealedTable,
    id: TableId,
    reference: &Reference<'_>,
    values: &[Value],
) -> Option<Vec<(String, Value)>> {
    let own = policy.table(id);
    let links = own.links.iter().filter(|l| !l.by && own.names(&l.columns) == reference.columns);
    let link = links.into_iter().find(|l| matches!(&l.target, Target::Row { table, .. } if *table == reference.to))?;
    if link.role == Role::Part || reference.columns.iter().any(|c| table.key.contains(c)) {
        return None;
    }
    let each = |value: &Value| Some(reference.columns.iter().map(|c| (c.clone(), value.clone())).collect());
    match link.untie? {
        Untie::Null => each(&Value::Null),
        Untie::Blank => each(&Value::text("")),
        Untie::Nobody => each(link.nobody.first()?),
        Untie::Placeholder => {
            let made = tables(policy, &other.sealed).filter(|(to, _)| *to == reference.to).find_map(|(_, t)| {
                let row = made(t).next()?;
                t.values(row, &reference.there)
            })?;
            (made != values).then(|| reference.columns.iter().cloned().zip(made).collect())
        }
        Untie::Drop | Untie::Delete | Untie::Pseudonym => None,
    }
}

/// The sealed tables that the map has.
pub(super) fn tables<'s>(policy: &'s Policy, sealed: &'s [Sealed]) -> impl Iterator<Item = (TableId, &'s SealedTable)> {
    let systems = sealed.iter().filter_map(|s| Some((system_of(policy, s)?, s)));
    systems.flat_map(move |(id, s): (SystemId, &Sealed)| {
        s.tables.iter().filter_map(move |t| Some((policy.table_named(id, &t.table)?, t)))
    })
}

/// Stand-in records that a deactivation made.
pub(super) fn made(table: &SealedTable) -> impl Iterator<Item = &Row> {
    table.rows.iter().filter(|i| i.before.is_none()).filter_map(|i| i.after.as_ref())
}

/// Did another deactivation take away what this refers to? A link that was sealed when that was away already led nowhere then,
/// and may again.
pub(super) fn holds(
    policy: &Policy,
    other: &Deactivation,
    reference: &Reference<'_>,
    values: &[Value],
    since: Option<Timestamp>,
) -> bool {
    let later = |image: &Image| image.since.max(Some(other.plan.made_at)) >= since;
    let led = |image: &Image| reference.link.is_none() || later(image);
    tables(policy, &other.sealed).filter(|(id, _)| *id == reference.to).any(|(_, table)| {
        let has = |row: &Option<Row>| {
            let there = row.as_ref().and_then(|row| table.values(row, &reference.there));
            there.is_some_and(|there| equal(&there, values))
        };
        table.rows.iter().any(|image| has(&image.before) && !has(&image.after) && led(image))
    })
}

/// The case that made a row refer to this stand-in record.
pub(super) fn led_to<'s>(
    policy: &Policy,
    seals: &'s Seals,
    (to, made_in, record): (TableId, &SealedTable, &Row),
) -> Option<&'s str> {
    let leads = |sealed: &[Sealed]| {
        tables(policy, sealed).any(|(id, table)| {
            references(policy, id).into_iter().filter(|r| r.to == to).any(|reference| {
                let Some(there) = made_in.values(record, &reference.there) else { return false };
                let refers = |row: &Option<Row>| {
                    let values = row.as_ref().and_then(|row| table.values(row, &reference.columns));
                    values.is_some_and(|values| equal(&values, &there))
                };
                table.rows.iter().any(|image| refers(&image.after) && !refers(&image.before))
            })
        })
    };
    seals.cases.iter().rev().find(|(_, sealed)| leads(sealed)).map(|(case, _)| case.as_str())
}

/// Values of two tables, or two systems, that mean the same.
pub(super) fn equal(a: &[Value], b: &[Value]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a == b || same(a, b))
}
