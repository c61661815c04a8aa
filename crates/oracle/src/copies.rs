//! Columns that are derived from others (LANGUAGE 1.5, `copy_of`).

use engine::policy::model::{Column, ColumnIx, Cond, Erase, LinkIx, Policy, TableId};
use engine::schema::Class;

/// "the first source": the end of the chain; none for a column that is no copy.
fn root(policy: &Policy, table: TableId, column: ColumnIx) -> Option<(TableId, ColumnIx)> {
    let mut at = policy.table(table).columns[column].copy_of?;
    while let Some(next) = policy.table(at.0).columns[at.1].copy_of {
        at = next;
    }
    Some(at)
}

/// "it has the category, `of`, text and action of the first source". "An action that its type or another table's condition
/// forbids gives way to the default of the category."
pub(crate) fn said(policy: &Policy, table: TableId, column: ColumnIx) -> Vec<(Cond, Erase)> {
    let copy = &policy.table(table).columns[column];
    let Some((there, ix)) = root(policy, table, column) else { return copy.erase.clone() };
    let source = &policy.table(there).columns[ix];
    let conditions = source.erase.iter().any(|(when, what)| !when.0.is_empty() || matches!(what, Erase::Keep(_)));
    if (there != table && conditions) || !source.erase.iter().all(|(_, what)| carries(source, copy, what)) {
        return default(copy).map(|what| (Cond::default(), what)).into_iter().collect();
    }
    source.erase.clone()
}

/// "`redact` if `text`, else `null` if nullable, else `blank` for strings".
pub(crate) fn default(column: &Column) -> Option<Erase> {
    match column.class {
        _ if column.text => Some(Erase::Redact),
        _ if column.nullable => Some(Erase::Null),
        Class::Text => Some(Erase::Blank),
        _ => None,
    }
}

fn carries(source: &Column, column: &Column, what: &Erase) -> bool {
    let text = column.class == Class::Text;
    match what {
        Erase::Null => column.nullable,
        Erase::Blank | Erase::Hash | Erase::Pseudonym => text,
        Erase::Redact => text || column.class == Class::Json,
        Erase::Replace(value) => text == matches!(value, engine::value::Value::Text(_)),
        Erase::TruncateIp => text,
        Erase::Generalise => column.class == source.class,
        Erase::Shred | Erase::Keep(_) => true,
    }
}

/// The links to whose persons a column belongs; a copy's are those of its table that are called as the source's.
pub(crate) fn of(policy: &Policy, table: TableId, column: ColumnIx) -> Vec<LinkIx> {
    let Some((there, ix)) = root(policy, table, column) else { return policy.table(table).columns[column].of.clone() };
    let names: Vec<&String> =
        policy.table(there).columns[ix].of.iter().map(|&l| &policy.table(there).links[l].name).collect();
    let links = policy.table(table).links.iter().enumerate();
    links.filter(|(_, l)| names.contains(&&l.name)).map(|(l, _)| l).collect()
}

/// A column as it is read and searched: a copy of a text is a text, and a copy of a document holds what is personal in it.
pub(crate) fn read(policy: &Policy, table: TableId, column: ColumnIx) -> Column {
    let mut copy = policy.table(table).columns[column].clone();
    let Some((there, ix)) = root(policy, table, column) else { return copy };
    let source = &policy.table(there).columns[ix];
    copy.text |= source.text && matches!(copy.class, Class::Text | Class::Json);
    if copy.inside.is_empty() && !source.inside.is_empty() && copy.codec.is_none_or(|own| Some(own) == source.codec) {
        copy.codec = source.codec;
        copy.inside = source.inside.clone();
    }
    copy
}
