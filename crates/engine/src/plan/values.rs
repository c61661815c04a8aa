//! The two sides of a link as the values that they are compared by, and the questions for them. A column gives no value, one,
//! or, where it is read as a pattern or a document, several; a link joins on any of them.

use super::needles::needles;
use super::resolve::{by_match, same};
use super::rows::{RowIx, Rows};
use crate::ask::By;
use crate::matching;
use crate::policy::model::{Identity, Link, Match, Policy, Reading, TableId, Target};
use crate::value::Value;

/// A join as normalised values, one for each column.
pub type Joined = Vec<String>;

/// What the columns of a row of the link's table hold; nothing where the link does not join the row.
pub fn here(policy: &Policy, link: &Link, rows: &Rows, row: RowIx) -> Vec<Joined> {
    if !rows.holds(row, &link.when) {
        return Vec::new();
    }
    let held: Vec<&Value> = link.columns.iter().map(|c| rows.value(row, *c)).collect();
    let region = region(policy, rows.row(row).table);
    sides(link, &held, !link.by, region).into_iter().map(|(joined, _)| joined).collect()
}

/// What the columns of a target row hold: normalised, and as it stands.
pub fn there(policy: &Policy, link: &Link, rows: &Rows, row: RowIx) -> Vec<(Joined, Vec<Value>)> {
    let Target::Row { table, columns } = &link.target else { return Vec::new() };
    if !rows.holds(row, &link.to_when) {
        return Vec::new();
    }
    let held: Vec<&Value> = columns.iter().map(|c| rows.value(row, *c)).collect();
    sides(link, &held, link.by, region(policy, *table))
}

/// The values of an identity that a record holds.
pub fn identity(identity: &Identity, rows: &Rows, row: RowIx) -> Vec<Value> {
    if !rows.holds(row, &identity.when) {
        return Vec::new();
    }
    identity.reading.values(rows.value(row, identity.column))
}

/// The values of one side; `reference` says whether this is the side that refers, in whose column the reading applies.
fn sides(link: &Link, held: &[&Value], reference: bool, region: Option<&str>) -> Vec<(Joined, Vec<Value>)> {
    let tuples = match held {
        [one] if reference && !link.reading.is_plain() => {
            link.reading.values(one).into_iter().map(|v| vec![v]).collect()
        }
        plain => vec![plain.iter().map(|v| (*v).clone()).collect::<Vec<Value>>()],
    };
    let mut found: Vec<(Joined, Vec<Value>)> = Vec::new();
    for values in tuples {
        if reference && values.iter().any(|v| is_nobody(link, v)) {
            continue;
        }
        let joined = values.iter().map(|v| matching::normal(link.matching, v, region)).collect::<Option<Joined>>();
        if let Some(joined) = joined.filter(|j| !found.iter().any(|(known, _)| known == j)) {
            found.push((joined, values));
        }
    }
    found
}

fn region(policy: &Policy, table: TableId) -> Option<&str> {
    policy.system(policy.table(table).system).country.as_deref()
}

fn is_nobody(link: &Link, reference: &Value) -> bool {
    link.nobody.iter().any(|n| same(n, reference))
}

/// The question for rows whose column holds one of these normalised values, as a link or identity reads it.
pub fn by_reading(reading: &Reading, matching: Match, column: String, values: Vec<String>) -> By {
    if reading.is_plain() {
        return by_match(matching, column, values);
    }
    let composed = || {
        let texts = values.iter().flat_map(|v| reading.forms.iter().map(|f| f.text(v)));
        texts.collect::<Option<Vec<String>>>()
    };
    if reading.document.is_none()
        && matching == Match::Exact
        && let Some(mut texts) = composed()
    {
        texts.sort();
        texts.dedup();
        return by_match(Match::Exact, column, texts);
    }
    By::Containing { column, needles: needles(reading, matching, &values) }
}
