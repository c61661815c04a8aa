//! From verified identities to the records of one person (LANGUAGE 1.7).

use std::collections::{BTreeMap, BTreeSet};

use engine::policy::model::{Identity, KindId, Match, Policy, Population, TableId, Worth};
use engine::value::Value;

use crate::matching::{country, normal, tenant_of_record};
use crate::persons::{complete, identity_values, is_person};
use crate::world::{Row, RowId, World, id};

/// Whose data: the same for every right.
#[derive(Clone, Debug)]
pub struct Question {
    /// The population.
    pub kind: KindId,
    /// The tenant's value, where the kind has tenants.
    pub tenant: Option<Value>,
    /// Verified identities: name and value.
    pub identities: Vec<(String, Value)>,
    /// Are all rows of columns with `text = "all"` searched?
    pub sweep: bool,
    /// What else the person is called, as they said.
    pub words: Vec<String>,
    /// The day it is asked, ISO 8601.
    pub today: String,
    /// Records that an earlier erasure of the person left.
    pub left: BTreeSet<RowId>,
    /// By hold: the person whom it names. The folder has digests, which the reference does not know.
    pub held: BTreeMap<String, Question>,
}

/// Why no person could be put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// None of the given values can be an identity.
    Unusable,
    /// No record has one of the values.
    NotFound,
    /// Records in several tenants, and none was named: the tenants.
    Tenants(BTreeSet<String>),
    /// A second record where `records = "one"`.
    SecondRecord(TableId),
    /// Records that share no identity: two people.
    Apart,
}

#[derive(Clone)]
struct Known {
    name: String,
    value: Value,
    country: Option<String>,
    /// Of a record that an earlier erasure left.
    of_left: bool,
}

/// "From the *verified* identities: find records by key, add the keys of those records, repeat."
pub fn resolve(policy: &Policy, world: &World, question: &Question) -> Result<BTreeSet<RowId>, Refusal> {
    let world = &complete(policy, world);
    let populations = &policy.kinds[question.kind.0].populations;
    let given: Vec<Known> = question
        .identities
        .iter()
        .map(|(name, value)| Known { name: name.clone(), value: value.clone(), country: None, of_left: false })
        .collect();
    if !given.iter().any(|k| populations.iter().any(|p| usable(policy, p, k))) {
        return Err(Refusal::Unusable);
    }
    let asked = question.tenant.as_ref().and_then(|t| t.join_text().map(|t| t.into_owned()));
    let tenant = match asked {
        Some(tenant) => Some(tenant),
        None => only_tenant(policy, world, populations, &given)?,
    };
    let records = closure(policy, world, question, given, tenant.as_deref())?;
    if records.is_empty() {
        return Err(Refusal::NotFound);
    }
    if apart(policy, world, populations, &records) {
        return Err(Refusal::Apart);
    }
    Ok(records)
}

/// Do the records fall into groups without a common identity? (Decision 0002: then the identities given are two people's.)
fn apart(policy: &Policy, world: &World, populations: &[Population], records: &BTreeSet<RowId>) -> bool {
    let mut left = Vec::new();
    for population in populations {
        let of_table = world.rows(population.table).iter();
        left.extend(
            of_table.map(|row| (population, row)).filter(|(p, row)| records.contains(&id(policy, p.table, row))),
        );
    }
    let leads = |(p, row): (&Population, &Row), (q, other): (&Population, &Row)| {
        is_hit(policy, world, q, other, &keys_of(policy, world, p, row))
    };
    let mut group = vec![left.swap_remove(0)];
    while !left.is_empty() {
        let joined = left.iter().position(|l| group.iter().any(|g| leads(*g, *l) || leads(*l, *g)));
        let Some(next) = joined else { return true };
        group.push(left.swap_remove(next));
    }
    false
}

fn usable(policy: &Policy, population: &Population, known: &Known) -> bool {
    let here = country(policy, population.table);
    let mut keys = population.identities.iter().filter(|i| i.worth == Worth::Key && i.name == known.name);
    keys.any(|i| normal(&known.value, i.matching, known.country.as_deref().or(here)).is_some())
}

/// "matches in two tenants without it are an error that lists the tenants" (DESIGN 5).
fn only_tenant(
    policy: &Policy,
    world: &World,
    populations: &[Population],
    given: &[Known],
) -> Result<Option<String>, Refusal> {
    let mut tenants = BTreeSet::new();
    for population in populations {
        for row in world.rows(population.table).iter().filter(|r| is_hit(policy, world, population, r, given)) {
            tenants.extend(tenant_of_record(policy, world, population, row));
        }
    }
    if tenants.len() > 1 {
        return Err(Refusal::Tenants(tenants));
    }
    Ok(tenants.pop_first())
}

/// In rounds: what is reached in one is known in the next. "Reaches a second record of a kind with `records = "one"` (a
/// shared address)": of what was given, the question is refused; of what was found, the step.
fn closure(
    policy: &Policy,
    world: &World,
    question: &Question,
    mut known: Vec<Known>,
    tenant: Option<&str>,
) -> Result<BTreeSet<RowId>, Refusal> {
    let (populations, left) = (&policy.kinds[question.kind.0].populations, &question.left);
    let mut records = BTreeSet::new();
    let mut given = true;
    loop {
        let mut found = Vec::new();
        for population in populations {
            // "A step is refused .. if it leaves the tenant": a record of another tenant, or of none, is not this person.
            let inside = |row: &Row| {
                population.tenant.is_none()
                    || (tenant.is_some() && tenant_of_record(policy, world, population, row).as_deref() == tenant)
            };
            let rows = world.rows(population.table).iter().filter(|r| inside(r));
            let hit: Vec<&Row> = rows
                .filter(|r| !records.contains(&id(policy, population.table, r)))
                .filter(|r| {
                    // What an erasure left proves what that one left (decision 0002).
                    let was_left = left.contains(&id(policy, population.table, r));
                    let proves: Vec<Known> = known.iter().filter(|k| was_left || !k.of_left).cloned().collect();
                    is_hit(policy, world, population, r, &proves)
                })
                .collect();
            let here = records.iter().filter(|r: &&RowId| r.0 == population.table).count() + hit.len();
            if population.many || here < 2 {
                found.extend(hit.into_iter().map(|row| (population, row)));
            } else if given {
                return Err(Refusal::SecondRecord(population.table));
            }
        }
        given = false;
        if found.is_empty() {
            return Ok(records);
        }
        for (population, row) in found {
            let of_left = left.contains(&id(policy, population.table, row));
            records.insert(id(policy, population.table, row));
            // "takes a value on the stop list": it leads nowhere unless it was given.
            let keys = keys_of(policy, world, population, row).into_iter();
            let keys = keys.filter(|key| !is_stopped(policy, population, key));
            known.extend(keys.map(|key| Known { of_left, ..key }));
        }
    }
}

/// How many addresses of the person's records lead nowhere, because several people share them.
pub fn stopped(policy: &Policy, world: &World, question: &Question) -> usize {
    let world = &complete(policy, world);
    let Ok(records) = resolve(policy, world, question) else { return 0 };
    let of = |population: &Population| {
        let rows = world.rows(population.table).iter().filter(|r| records.contains(&id(policy, population.table, r)));
        let keys = rows.flat_map(|row| keys_of(policy, world, population, row));
        keys.filter(|key| is_stopped(policy, population, key)).count()
    };
    policy.kinds[question.kind.0].populations.iter().map(of).sum()
}

/// "Addresses that several people share": mailboxes of any domain, such as `info@`, and whole values.
fn is_stopped(policy: &Policy, population: &Population, key: &Known) -> bool {
    let here = key.country.as_deref();
    population.identities.iter().filter(|i| i.name == key.name).any(|i| {
        let value = normal(&key.value, i.matching, here);
        policy.shared.0.iter().any(|entry| match (entry.strip_suffix('@'), &value) {
            (_, None) => false,
            (Some(mailbox), Some(v)) => {
                i.matching == Match::Email && v.starts_with(&format!("{}@", mailbox.to_lowercase()))
            }
            (None, v) => normal(&Value::text(entry.as_str()), i.matching, here) == *v,
        })
    })
}

/// "which rows are persons (bots are not)"; "`key` (proves; alone extends a person)".
fn is_hit(policy: &Policy, world: &World, population: &Population, row: &Row, known: &[Known]) -> bool {
    let here = country(policy, population.table);
    let given = |i: &Identity| -> Vec<String> {
        let of_name = known.iter().filter(|k| k.name == i.name);
        of_name.filter_map(|k| normal(&k.value, i.matching, k.country.as_deref().or(here))).collect()
    };
    is_person(policy, world, population, row)
        && population.identities.iter().filter(|i| i.worth == Worth::Key).any(|i| {
            let mine = identity_values(policy, world, population, i, row);
            let given = given(i);
            mine.iter().filter_map(|v| normal(v, i.matching, here)).any(|v| given.contains(&v))
        })
}

/// Records that have a key identity of these, in the tenant of one of them: nothing that a hold has tells them apart.
pub(crate) fn alike(policy: &Policy, world: &World, kind: KindId, records: &BTreeSet<RowId>) -> BTreeSet<RowId> {
    let world = &complete(policy, world);
    let populations = &policy.kinds[kind.0].populations;
    let all = || populations.iter().flat_map(|p| world.rows(p.table).iter().map(move |row| (p, row)));
    let tenant = |p: &Population, row: &Row| tenant_of_record(policy, world, p, row);
    let theirs = all().filter(|(p, row)| records.contains(&id(policy, p.table, row)));
    let theirs: Vec<_> = theirs.map(|(p, row)| (tenant(p, row), keys_of(policy, world, p, row))).collect();
    let shares = |p: &Population, row: &Row| {
        theirs.iter().any(|(of, keys)| *of == tenant(p, row) && is_hit(policy, world, p, row, keys))
    };
    all().filter(|(p, row)| shares(p, row)).map(|(p, row)| id(policy, p.table, row)).collect()
}

fn keys_of(policy: &Policy, world: &World, population: &Population, row: &Row) -> Vec<Known> {
    let country = country(policy, population.table).map(str::to_owned);
    let keys = population.identities.iter().filter(|i| i.worth == Worth::Key);
    let values = keys.flat_map(|i| identity_values(policy, world, population, i, row).into_iter().map(move |v| (i, v)));
    values.map(|(i, value)| Known { name: i.name.clone(), value, country: country.clone(), of_left: false }).collect()
}
