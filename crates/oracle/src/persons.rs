//! Identities that stand beside the records, and records of kinds without a table (LANGUAGE 1.7, 2.2).

use std::collections::{BTreeMap, BTreeSet};

use engine::policy::model::{Fill, Identity, Policy, Population, Role, TableId, Worth};
use engine::value::Value;

use crate::matching::{country, joins, normal};
use crate::reading::{holds, values};
use crate::world::{Row, RowId, World};

/// The values that a record has of an identity.
pub(crate) fn identity_values(
    policy: &Policy,
    world: &World,
    population: &Population,
    identity: &Identity,
    record: &Row,
) -> Vec<Value> {
    let rows: Vec<&Row> = if identity.table == population.table {
        vec![record]
    } else {
        let rows = world.rows(identity.table).iter();
        rows.filter(|row| belongs(policy, world, population, (identity.table, row), record)).collect()
    };
    let having = rows.into_iter().filter(|row| holds(policy, world, &identity.when, row));
    having.flat_map(|row| values(&identity.reading, &row[identity.column])).collect()
}

/// "placeholder records are never persons": the row is one that the kind's `when` lets through, and no stand-in.
pub(crate) fn is_person(policy: &Policy, world: &World, population: &Population, row: &Row) -> bool {
    holds(policy, world, &population.when, row) && !stands_in(population, row)
}

/// A stand-in is told by an identity of its own that is filled as the map says.
fn stands_in(population: &Population, row: &Row) -> bool {
    let keys = population.identities.iter().filter(|i| i.worth == Worth::Key && i.table == population.table);
    let keys: BTreeSet<usize> = keys.map(|i| i.column).collect();
    let filled = population.placeholder.iter().flat_map(|p| &p.columns).filter(|(column, _)| keys.contains(column));
    filled.into_iter().any(|(column, fill)| match (fill, &row[*column]) {
        (Fill::Value(fixed), value) => !fixed.is_null() && fixed == value,
        (Fill::Template(template), Value::Text(text)) => has_token(template, text),
        (Fill::Template(_), _) => false,
    })
}

/// "`{token:N}`": N digits of a keyed digest.
fn has_token(template: &str, text: &str) -> bool {
    let Some((before, (digits, after))) =
        template.split_once("{token:").map(|(b, r)| (b, r.split_once('}').unwrap_or((r, ""))))
    else {
        return template == text;
    };
    let token = text.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)).unwrap_or_default();
    digits.parse() == Ok(token.len()) && token.chars().all(|c| c.is_ascii_hexdigit())
}

/// "another table, whose rows belong to the record that their `owner` or `part` link leads to"; without a table, to the
/// record of the key beside it.
fn belongs(policy: &Policy, world: &World, population: &Population, at: (TableId, &Row), record: &Row) -> bool {
    if policy.table(population.table).made {
        return made_of(policy, world, population, at).contains(record);
    }
    policy.table(at.0).links.iter().any(|link| {
        let leads = !link.by && matches!(link.role, Role::Owner | Role::CoOwner | Role::Part);
        leads && joins(policy, world, link, at, (population.table, record))
    })
}

/// The records that one row makes of a kind without a table: "the identity whose distinct values are the records".
fn made_of(policy: &Policy, world: &World, population: &Population, at: (TableId, &Row)) -> BTreeSet<Row> {
    let (table, row) = at;
    let made = policy.table(population.table);
    let keys = population.identities.iter().filter(|i| i.name == made.columns[0].name && i.table == table);
    let tenant = made.columns.get(1).map(|c| policy.table(table).column(&c.name).map(|at| row[at].clone()));
    let mut records = BTreeSet::new();
    for key in keys.filter(|key| holds(policy, world, &key.when, row)) {
        for value in values(&key.reading, &row[key.column]) {
            let Some(value) = normal(&value, key.matching, country(policy, table)) else { continue };
            match &tenant {
                None => records.insert(vec![Value::Text(value)]),
                Some(Some(tenant)) => records.insert(vec![Value::Text(value), tenant.clone()]),
                Some(None) => false,
            };
        }
    }
    records
}

/// The same rows, and those of the kinds without a table.
pub(crate) fn complete(policy: &Policy, world: &World) -> World {
    let mut complete = World::new(policy);
    let held = world.all(policy).filter(|(id, _)| !policy.table(id.0).made);
    held.for_each(|(id, row)| complete.insert(id.0, row.clone()));
    for population in policy.kinds.iter().flat_map(|k| &k.populations).filter(|p| policy.table(p.table).made) {
        let all = world.all(policy).flat_map(|(id, row)| made_of(policy, world, population, (id.0, row)));
        all.collect::<BTreeSet<Row>>().into_iter().for_each(|row| complete.insert(population.table, row));
    }
    complete
}

/// What is said of rows that no system holds is said to nobody.
pub(crate) fn told<T>(policy: &Policy, rows: &mut BTreeMap<RowId, T>) {
    rows.retain(|id, _| !policy.table(id.0).made);
}
