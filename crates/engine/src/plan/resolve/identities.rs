//! Identities of populations and records, and how they are asked for.

use crate::ask::By;
use crate::matching;
use crate::plan::Ask;
use crate::plan::rows::{RowIx, Rows};
use crate::plan::values::{self, by_reading};
use crate::policy::model::{Fill, Identity, KindId, Match, Policy, Population, TableId, Worth};
use crate::value::Value;

/// `system.table`.
pub fn place(policy: &Policy, table: TableId) -> String {
    let t = policy.table(table);
    format!("{}.{}", policy.system(t.system).name, t.name)
}

/// The country in which the values of a row are read.
pub fn region<'p>(policy: &'p Policy, rows: &Rows, row: RowIx) -> Option<&'p str> {
    policy.system(policy.table(rows.row(row).table).system).country.as_deref()
}

/// Are two values of perhaps different types the same?
pub fn same(a: &Value, b: &Value) -> bool {
    matches!((a.join_text(), b.join_text()), (Some(a), Some(b)) if a == b)
}

pub(super) fn keys_named<'p>(population: &'p Population, name: &str) -> impl Iterator<Item = (usize, &'p Identity)> {
    population.identities.iter().enumerate().filter(move |(_, i)| i.name == name && i.worth == Worth::Key)
}

/// Is this row a stand-in of an earlier erasure? Its fixed columns say so. Placeholder records are never persons.
pub fn stands_in(population: &Population, rows: &Rows, row: RowIx) -> bool {
    let Some(placeholder) = &population.placeholder else { return false };
    let own = population.identities.iter().filter(|i| i.worth == Worth::Key && i.table == population.table);
    let identities: Vec<_> = own.map(|i| i.column).collect();
    placeholder.columns.iter().any(|(column, fill)| {
        identities.contains(column)
            && match (fill, rows.value(row, *column)) {
                (Fill::Value(v), value) => !v.is_null() && v == value,
                (Fill::Template(t), Value::Text(s)) => matches_template(t, s),
                _ => false,
            }
    })
}

fn matches_template(template: &str, text: &str) -> bool {
    let Some((before, rest)) = template.split_once("{token:") else { return template == text };
    let Some((digits, after)) = rest.split_once('}') else { return false };
    let length: usize = digits.parse().unwrap_or(0);
    text.strip_prefix(before)
        .and_then(|s| s.strip_suffix(after))
        .is_some_and(|token| token.len() == length && token.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Identities of a record, with their values: those in its own row, and those in rows beside it.
pub fn of_record<'r>(
    policy: &'r Policy,
    kind: KindId,
    rows: &'r Rows,
    row: RowIx,
) -> impl Iterator<Item = (&'r Identity, Value)> {
    let table = rows.row(row).table;
    policy.kinds[kind.0].populations.iter().filter(move |p| p.table == table).flat_map(move |p| {
        let own = p.identities.iter().filter(move |i| i.table == table);
        let own = own.flat_map(move |i| values::identity(i, rows, row).into_iter().map(move |v| (i, v)));
        let beside = move |name: &str| p.identities.iter().find(|i| i.name == name && i.table != table);
        own.chain(rows.held(row).filter_map(move |(name, value)| Some((beside(name)?, value.clone()))))
    })
}

/// Identities of a record by name, of the worth asked for, with their values.
pub fn identities_of<'r>(
    policy: &'r Policy,
    kind: KindId,
    rows: &'r Rows,
    row: RowIx,
    worth: impl Fn(Worth) -> bool + 'r,
) -> impl Iterator<Item = (String, Value)> + 'r {
    of_record(policy, kind, rows, row).filter(move |(i, _)| worth(i.worth)).map(|(i, v)| (i.name.clone(), v))
}

/// Do two records have a key identity of one name and the same value?
pub(super) fn share_an_identity(policy: &Policy, kind: KindId, rows: &Rows, a: RowIx, b: RowIx) -> bool {
    let keys = |row| of_record(policy, kind, rows, row).filter(|(i, _)| i.worth == Worth::Key);
    let leads = |from: RowIx, to: RowIx| {
        keys(to).any(|(i, mine)| {
            let mine = matching::normal(i.matching, &mine, region(policy, rows, to));
            let theirs = |value: &Value| matching::normal(i.matching, value, region(policy, rows, from));
            mine.is_some() && keys(from).any(|(other, value)| other.name == i.name && theirs(&value) == mine)
        })
    };
    leads(a, b) || leads(b, a)
}

/// The question for rows that hold one of these values of an identity.
pub fn ask_for(policy: &Policy, rows: &Rows, identity: &Identity, values: Vec<String>) -> Ask {
    let column = policy.table(identity.table).columns[identity.column].name.clone();
    let by = by_reading(&identity.reading, identity.matching, column, values);
    Ask::select(policy, identity.table, rows.select(policy, identity.table, by, Vec::new()))
}

/// The question for rows whose column matches normalised values.
pub fn by_match(matching: Match, column: String, values: Vec<String>) -> By {
    match matching {
        Match::Exact => {
            By::Values { columns: vec![column], values: values.into_iter().map(|v| vec![Value::Text(v)]).collect() }
        }
        Match::Email | Match::CaseInsensitive => By::Folded { column, values },
        Match::Phone => By::Phone { column, values },
    }
}
