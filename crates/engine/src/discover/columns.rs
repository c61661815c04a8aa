//! What columns of mapped tables hold, and what erasure does to them where there is no default.

use super::classify::Verdict;
use super::proposal::{Column, Erase};
use super::words::any;
use crate::policy::category::is_personal;
use crate::schema::{self, Class, Table};
use crate::value::Value;

/// Characters of a keyed hash.
const HASH_CHARS: u32 = 64;

/// What is to be said of a table's columns. `tied` are columns of links, keys and tenants, which need no word.
pub(super) fn columns(table: &Table, verdicts: Vec<Verdict>, tied: &[String]) -> Vec<Column> {
    let mut said = Vec::new();
    for (column, mut verdict) in table.columns.iter().zip(verdicts) {
        let words = matches!(column.class, Class::Text | Class::Json);
        let key = table.key.contains(&column.name);
        if tied.contains(&column.name) || (key && !words) {
            continue;
        }
        verdict.text &= words;
        let category = verdict.category.clone();
        let of_person = category.as_deref().is_some_and(is_personal);
        if !words && !of_person && !verdict.secret {
            continue;
        }
        verdict.category.get_or_insert_with(|| "system.operations".to_owned());
        let personal = verdict.text || category.as_deref().is_some_and(is_personal);
        // A key is never erased, whatever it says.
        let erase = if personal && !key { erase(table, column, &verdict) } else { Some(None) };
        verdict.text &= !key;
        match erase {
            Some(erase) => said.push(Column { name: column.name.clone(), verdict, erase }),
            // Nothing can be written to it, so a category of a person would promise too much.
            None => {
                verdict
                    .evidence
                    .push(format!("looks like {}, but no value can be written to it", category.unwrap_or_default()));
                verdict.category = Some("system.operations".to_owned());
                (verdict.text, verdict.confidence) = (false, 0.3);
                said.push(Column { name: column.name.clone(), verdict, erase: None });
            }
        }
    }
    said
}

/// What must be said because the language has no default for it; `None` where nothing can be done to the column.
fn erase(table: &Table, column: &schema::Column, verdict: &Verdict) -> Option<Option<Erase>> {
    let unique = [&table.key].into_iter().chain(&table.unique).any(|k| k.contains(&column.name));
    if column.generated || column.nullable || (verdict.text && !unique) {
        return Some(None);
    }
    if unique {
        let hash = column.class == Class::Text && column.max_chars.is_none_or(|m| m >= HASH_CHARS);
        return hash.then_some(Some(Erase::Hash));
    }
    let replace = |v: Value| Some(Some(Erase::Replace(v)));
    match column.class {
        Class::Text => Some(None),
        Class::Bool => replace(Value::Bool(false)),
        Class::Int | Class::Decimal | Class::Real => replace(Value::Int(0)),
        Class::Json => replace(Value::text("{}")),
        Class::Date => replace(Value::text("1970-01-01")),
        Class::Timestamp => replace(Value::text("1970-01-01T00:00:00Z")),
        Class::Time => replace(Value::text("00:00:00")),
        Class::Uuid => replace(Value::text("00000000-0000-0000-0000-000000000000")),
        Class::Bytes | Class::Other => None,
    }
}

/// Columns that tell the rows of a table without primary key apart: a unique key, else those that refer elsewhere, else
/// all, if no combination was seen twice.
pub(super) fn key(world: &super::world::World, table: &Table, tied: &[String]) -> Option<Vec<String>> {
    let filled = |k: &&Vec<String>| k.iter().all(|c| table.column(c).is_some_and(|c| !c.nullable));
    if let Some(unique) = table.unique.iter().find(filled).or(table.unique.first()) {
        return Some(unique.clone());
    }
    let comparable = |c: &&schema::Column| !matches!(c.class, Class::Bytes | Class::Json | Class::Other | Class::Real);
    let of_keys = |c: &&schema::Column| {
        tied.contains(&c.name) || any(&super::words::words(&c.name), &["id", "uuid", "key", "code"])
    };
    let keys: Vec<String> = table.columns.iter().filter(comparable).filter(of_keys).map(|c| c.name.clone()).collect();
    let all: Vec<String> = table.columns.iter().filter(comparable).map(|c| c.name.clone()).collect();
    [keys, all].into_iter().find(|columns| !columns.is_empty() && apart(world, table, columns))
}

fn apart(world: &super::world::World, table: &Table, columns: &[String]) -> bool {
    let cells: Vec<Vec<&Value>> = columns.iter().map(|c| world.cells(&table.name, c).collect()).collect();
    let rows = cells.first().map_or(0, Vec::len);
    let tuples: std::collections::BTreeSet<Vec<&Value>> =
        (0..rows).map(|n| cells.iter().filter_map(|c| c.get(n).copied()).collect()).collect();
    tuples.len() == rows
}
