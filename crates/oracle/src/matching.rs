//! How values match, and which rows a link joins.

use engine::policy::model::{KindId, Link, Match, Policy, Population, TableId, Target};
use engine::value::Value;
use unicode_normalization::UnicodeNormalization;

use crate::persons::identity_values;
use crate::reading::{holds, values};
use crate::world::{Row, RowId, World};

/// The form under which a value is compared; `None` joins nothing ("A value that is NULL, empty, or empty after
/// normalisation joins nothing and is no identity").
pub fn normal(value: &Value, matching: Match, country: Option<&str>) -> Option<String> {
    let text = value.join_text()?.into_owned();
    match matching {
        Match::Exact => Some(text),
        Match::CaseInsensitive => Some(folded(&text)).filter(|t| !t.is_empty()),
        Match::Email => Some(folded(&text)).filter(|t| is_address(t)),
        Match::Phone => phone(&text, country),
    }
}

/// "Unicode lower case and NFC".
fn folded(text: &str) -> String {
    text.to_lowercase().nfc().collect()
}

/// "`email` needs an `@` with something on both sides".
pub(crate) fn is_address(text: &str) -> bool {
    text.char_indices().any(|(i, c)| c == '@' && i > 0 && i + 1 < text.len())
}

/// "`phone` at least seven digits"; "phones by region".
fn phone(text: &str, country: Option<&str>) -> Option<String> {
    let digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
    if digits.len() < 7 || digits.windows(2).all(|w| w[0] == w[1]) {
        return None;
    }
    let region = country.and_then(|c| c.parse().ok());
    let number = phonenumber::parse(region, text).ok()?;
    let line = number.format().mode(phonenumber::Mode::E164).to_string();
    match number.extension() {
        Some(extension) => Some(format!("{line};ext={}", &**extension)),
        None => Some(line).filter(|_| !text.chars().any(char::is_alphabetic)),
    }
}

/// The country of a table's system.
pub(crate) fn country(policy: &Policy, table: TableId) -> Option<&str> {
    policy.system(policy.table(table).system).country.as_deref()
}

/// "A link joins row `r` of its table to a *target* by value": does it join `row` to `other`, a row of another table?
pub(crate) fn joins(policy: &Policy, world: &World, link: &Link, at: (TableId, &Row), to: (TableId, &Row)) -> bool {
    let Target::Row { table, columns } = &link.target else { return false };
    let ((here, row), (there, other)) = (at, to);
    let (row_country, other_country) = (country(policy, here), country(policy, there));
    *table == there
        && holds(policy, world, &link.when, row)
        && holds(policy, world, &link.to_when, other)
        && link.columns.iter().zip(columns).all(|(&mine, &theirs)| {
            let ((held, from), (known, of)) = match link.by {
                false => ((&row[mine], row_country), (&other[theirs], other_country)),
                true => ((&other[theirs], other_country), (&row[mine], row_country)),
            };
            let known = normal(known, link.matching, of);
            known.is_some() && references(link, held).iter().any(|v| normal(v, link.matching, from) == known)
        })
}

/// The values by which a link's column refers to somebody: "`nobody` is tested on the value after extraction".
pub(crate) fn references(link: &Link, held: &Value) -> Vec<Value> {
    values(&link.reading, held).into_iter().filter(|v| !is_nobody(link, v)).collect()
}

fn is_nobody(link: &Link, reference: &Value) -> bool {
    link.nobody.iter().any(|n| n == reference || (n.join_text().is_some() && n.join_text() == reference.join_text()))
}

/// "A target is another row or an identity value"; "Identity joins (`@`) require equal tenants": does the link join `row`
/// to an identity of one of these records?
pub(crate) fn joins_identity(
    policy: &Policy,
    world: &World,
    link: &Link,
    at: (TableId, &Row),
    records: &std::collections::BTreeSet<RowId>,
) -> bool {
    let Target::Identity { kind, identity } = &link.target else { return false };
    let (here, row) = at;
    let held = references(link, &row[link.columns[0]]);
    let mine: Vec<String> = held.iter().filter_map(|v| normal(v, link.matching, country(policy, here))).collect();
    if mine.is_empty() || !holds(policy, world, &link.when, row) {
        return false;
    }
    policy.kinds[kind.0].populations.iter().any(|population| {
        records_of(policy, world, population, records).any(|record| {
            same_tenant(policy, world, *kind, population, record, at)
                && population.identities.iter().filter(|i| i.name == *identity).any(|i| {
                    let theirs = country(policy, i.table);
                    let known = identity_values(policy, world, population, i, record);
                    known.iter().filter_map(|v| normal(v, link.matching, theirs)).any(|v| mine.contains(&v))
                })
        })
    })
}

/// Rows of those records that stand in one population.
pub(crate) fn records_of<'a>(
    policy: &'a Policy,
    world: &'a World,
    population: &'a Population,
    records: &'a std::collections::BTreeSet<RowId>,
) -> impl Iterator<Item = &'a Row> + 'a {
    records.iter().filter(|r| r.0 == population.table).filter_map(|r| world.get(policy, r))
}

fn same_tenant(
    policy: &Policy,
    world: &World,
    kind: KindId,
    population: &Population,
    record: &Row,
    at: (TableId, &Row),
) -> bool {
    if population.tenant.is_none() {
        return true;
    }
    let theirs = tenant_of_record(policy, world, population, record);
    theirs.is_some() && theirs == tenant_of_row(policy, world, kind, at)
}

/// "scope of every identity of this kind; tenants of two systems are equal when they lead to the same value".
pub(crate) fn tenant_of_record(
    policy: &Policy,
    world: &World,
    population: &Population,
    record: &Row,
) -> Option<String> {
    let tenant = population.tenant.as_ref()?;
    lead(policy, world, tenant.through, &record[tenant.column])
}

/// A row's tenant leads on as that of the kind's records in the same system does.
pub(crate) fn tenant_of_row(policy: &Policy, world: &World, kind: KindId, at: (TableId, &Row)) -> Option<String> {
    let table = policy.table(at.0);
    let population = policy.kinds[kind.0].populations.iter().find(|p| p.system == table.system);
    let through = population.and_then(|p| p.tenant.as_ref()).and_then(|t| t.through);
    lead(policy, world, through, &at.1[table.tenant?])
}

fn lead(policy: &Policy, world: &World, through: Option<(TableId, usize)>, value: &Value) -> Option<String> {
    let Some((table, column)) = through else { return Some(value.join_text()?.into_owned()) };
    let local = value.join_text()?;
    let key = *policy.table(table).key.first()?;
    let row = world.rows(table).iter().find(|r| r[key].join_text().as_ref() == Some(&local))?;
    Some(row[column].join_text()?.into_owned())
}
