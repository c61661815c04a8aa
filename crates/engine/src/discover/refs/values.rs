//! References by values alone: long keys that cannot meet by chance, and numbers that lie in one key only.

use std::collections::{BTreeMap, BTreeSet};

use super::{Candidate, Reference, Sign, is_known};
use crate::discover::persons::Person;
use crate::discover::words::stem;
use crate::discover::world::{World, key, may_refer};
use crate::schema::{Class, Table};
use crate::value::Value;

/// Fewest different values that say anything.
const FEW: usize = 10;

/// Values of a text that are looked for among long keys before it is compared in whole.
const FIRST: usize = 30;

/// Columns of keys without a name that means a table.
pub(super) fn candidates(
    world: &World,
    known: &[Reference],
    named: &[Candidate],
    persons: &[Person],
) -> Vec<Candidate> {
    let targets: Vec<(&Table, BTreeSet<String>)> = world
        .tables()
        .filter_map(|t| Some((t, world.values(&t.name, &key(t)?.name))))
        .filter(|(_, keys)| !keys.is_empty())
        .collect();
    let mut long: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (nth, (_, keys)) in targets.iter().enumerate() {
        keys.iter().filter(|k| is_long(k)).for_each(|k| long.entry(k).or_default().push(nth));
    }
    let taken: BTreeSet<(&str, &str)> = named
        .iter()
        .filter(|c| c.sign == Sign::TypeColumn || c.name >= 0.55)
        .map(|c| (c.table.as_str(), c.column.as_str()))
        .collect();
    let mut found = Vec::new();
    for table in world.tables() {
        for column in table.columns.iter().filter(|c| may_refer(c) && !table.key.contains(&c.name)) {
            if is_known(known, &table.name, &column.name) || taken.contains(&(&table.name, &column.name)) {
                continue;
            }
            let target = match column.class {
                Class::Int if stem(&column.name).1 => {
                    only_home(&world.values(&table.name, &column.name), &targets, world, persons)
                }
                Class::Uuid | Class::Text | Class::Other => {
                    let first = world.cells(&table.name, &column.name).filter_map(Value::join_text).take(FIRST);
                    let homes = first.filter_map(|v| long.get(v.as_ref())).flatten();
                    homes.map(|nth| targets[*nth].0).find(|t| t.name != table.name)
                }
                _ => None,
            };
            if let Some((target, to)) = target.and_then(|t| Some((t, key(t)?))) {
                let mut candidate = Candidate::new(&table.name, &column.name, &target.name, &to.name, Sign::Values);
                candidate.why = "its values alone".to_owned();
                found.push(candidate);
            }
        }
    }
    found
}

/// Long enough, and no plain number, so that two columns do not hold it by chance.
fn is_long(value: &str) -> bool {
    value.len() >= 12 && !value.bytes().all(|b| b.is_ascii_digit())
}

/// The only table that has all these numbers as keys, where every other has few of them. Keys from 1 on are in every table,
/// so the numbers must be many and far apart.
fn only_home<'a>(
    values: &BTreeSet<String>,
    targets: &[(&'a Table, BTreeSet<String>)],
    world: &World,
    persons: &[Person],
) -> Option<&'a Table> {
    if values.len() < FEW {
        return None;
    }
    let whole = |t: &Table| world.seen(&t.name).is_some_and(|s| s.whole);
    let share = |keys: &BTreeSet<String>| values.intersection(keys).count() as f32 / values.len() as f32;
    let mut homes = targets.iter().filter(|(t, keys)| whole(t) && share(keys) >= 0.98);
    let (home, _) = homes.next().filter(|_| homes.next().is_none())?;
    let others = targets.iter().filter(|(t, _)| t.name != home.name);
    let rivals = others.filter(|(t, keys)| !whole(t) || share(keys) > 0.6).count();
    let person = persons.iter().any(|p| p.table == home.name);
    (rivals == 0 && person).then_some(*home)
}

/// How sure the values make it.
pub(super) fn confidence(coverage: f32, values: usize) -> Option<f32> {
    (coverage >= 0.98 && values >= 3).then_some(if values >= FEW { 0.7 } else { 0.55 })
}
