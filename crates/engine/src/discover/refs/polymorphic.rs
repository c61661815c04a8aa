//! References whose table stands in a column beside them: `item_type = "Comment"`, or a number that a lookup table names.

use std::collections::BTreeMap;

use super::{Candidate, Reference, Sign, When, is_known};
use crate::discover::words::{singular, thing, words};
use crate::discover::world::{World, key, may_refer};
use crate::schema::{Class, Column, Table};
use crate::value::Value;

/// Most different types that one column may hold.
const TYPES: usize = 60;

/// All pairs of a type column and a column of keys.
pub(super) fn candidates(world: &World, known: &[Reference]) -> Vec<Candidate> {
    let targets: Vec<(&Table, Vec<String>)> = world.tables().map(|t| (t, thing(&t.name))).collect();
    let mut found = Vec::new();
    for table in world.tables() {
        for typed in &table.columns {
            let Some(holder) = holder(known, table, typed) else { continue };
            let Some(types) = types(world, known, table, typed, &targets) else { continue };
            for (value, target, named_by) in types {
                let Some(to) = key(target).filter(|k| k.class.meets(holder.class)) else { continue };
                let mut candidate = Candidate::new(&table.name, &holder.name, &target.name, &to.name, Sign::TypeColumn);
                candidate.why = format!("{} names the table", typed.name);
                candidate.when = Some(When { column: typed.name.clone(), value, named_by });
                found.push(candidate);
            }
        }
    }
    found
}

type Typed<'a> = Vec<(Value, &'a Table, Option<String>)>;

/// The tables that the values of a column name, if it is a type column.
fn types<'a>(
    world: &World,
    known: &[Reference],
    table: &Table,
    column: &Column,
    targets: &[(&'a Table, Vec<String>)],
) -> Option<Typed<'a>> {
    match column.class {
        Class::Text | Class::Other => {
            let values = world.values(&table.name, &column.name);
            if values.is_empty() || values.len() > TYPES {
                return None;
            }
            let typed = values.iter().filter_map(|v| Some((Value::text(v), meant(v, targets)?, None)));
            let typed: Typed<'a> = typed.collect();
            // Most of what it holds must be names of tables, or it is a column of words.
            (!typed.is_empty() && typed.len() * 2 >= values.len()).then_some(typed)
        }
        Class::Int => by_lookup(world, known, table, column, targets),
        _ => None,
    }
}

/// The types behind the numbers of a column that points at a lookup table.
fn by_lookup<'a>(
    world: &World,
    known: &[Reference],
    table: &Table,
    column: &Column,
    targets: &[(&'a Table, Vec<String>)],
) -> Option<Typed<'a>> {
    let declared = known.iter().find(|r| r.table == table.name && r.columns == [column.name.clone()]);
    let (stem, _) = crate::discover::words::stem(&column.name);
    let named = |t: &&(&'a Table, Vec<String>)| stem.ends_with(&t.1) || t.1.iter().all(|w| stem.contains(w));
    let lookups: Vec<&Table> = match declared {
        Some(r) => world.table(&r.to).into_iter().collect(),
        None => targets.iter().filter(named).map(|(t, _)| *t).collect(),
    };
    lookups.into_iter().find_map(|lookup| {
        let id = key(lookup)?;
        if lookup.name == table.name || !world.seen(&lookup.name)?.whole || world.count(&lookup.name) > TYPES as u64 {
            return None;
        }
        let name = lookup.columns.iter().find(|c| c.class == Class::Text && names_tables(world, lookup, c, targets))?;
        let names: BTreeMap<String, (&Value, &'a Table)> = world
            .cells(&lookup.name, &id.name)
            .zip(world.cells(&lookup.name, &name.name))
            .filter_map(|(id, name)| Some((id.join_text()?.into_owned(), (id, meant(&name.join_text()?, targets)?))))
            .collect();
        let used = world.values(&table.name, &column.name);
        let by = format!("{}.{}", lookup.name, name.name);
        let typed = used.iter().filter_map(|v| names.get(v));
        let typed: Typed<'a> = typed.map(|(id, target)| ((*id).clone(), *target, Some(by.clone()))).collect();
        (!typed.is_empty()).then_some(typed)
    })
}

/// Does a column of a small table hold names of tables, most of them?
fn names_tables(world: &World, lookup: &Table, column: &Column, targets: &[(&Table, Vec<String>)]) -> bool {
    let values = world.values(&lookup.name, &column.name);
    let named = values.iter().filter(|v| meant(v, targets).is_some()).count();
    named > 0 && named * 2 >= values.len()
}

/// The table that a class is kept in: `Ticket::Article` means `ticket_articles`, `App\Models\User` means `users`.
fn meant<'a>(class: &str, targets: &[(&'a Table, Vec<String>)]) -> Option<&'a Table> {
    let mut class = words(class);
    if let Some(last) = class.last_mut() {
        *last = singular(last);
    }
    let fitting = targets.iter().filter(|(_, thing)| !thing.is_empty() && class.ends_with(thing));
    fitting.max_by_key(|(_, thing)| thing.len()).map(|(table, _)| *table)
}

/// The column that holds the keys for a type column: the one of the same stem, else the only one without a target.
fn holder<'a>(known: &[Reference], table: &'a Table, typed: &Column) -> Option<&'a Column> {
    let type_words = words(&typed.name);
    let free = |c: &&Column| {
        c.name != typed.name && may_refer(c) && !table.key.contains(&c.name) && !is_known(known, &table.name, &c.name)
    };
    let stem_of = |words: &[String]| words.split_last().map(|(_, stem)| stem.to_vec()).unwrap_or_default();
    let type_stem = stem_of(&type_words);
    let key_words = ["id", "key", "value", "uuid", "pk", "ref"];
    let keyed = |c: &&Column| words(&c.name).last().is_some_and(|w| key_words.contains(&w.as_str()));
    let same_stem = |c: &&Column| !type_stem.is_empty() && stem_of(&words(&c.name)) == type_stem;
    let columns: Vec<&Column> = table.columns.iter().filter(free).filter(keyed).collect();
    if let Some(column) = columns.iter().find(|c| same_stem(c)) {
        return Some(column);
    }
    // `o_id`, `object_id`, `record_id`: an abbreviation or a word for anything.
    let any = ["o", "obj", "object", "record", "item", "target", "entity", "subject", "resource", "owner", "related"];
    let generic = |c: &&&Column| {
        let stem = stem_of(&words(&c.name));
        matches!(stem.as_slice(), [one] if any.contains(&one.as_str()))
    };
    let mut generic = columns.iter().filter(generic);
    match (generic.next(), generic.next()) {
        (Some(one), None) => Some(one),
        _ => None,
    }
}

/// How sure the values make it.
pub(super) fn confidence(coverage: f32, values: usize) -> Option<f32> {
    match values {
        0 => None,
        n if coverage >= 0.95 => Some((0.8 + 0.02 * n.min(9) as f32).min(0.98)),
        _ if coverage >= 0.5 => Some(0.6),
        _ => None,
    }
}
