//! A row of a roll as somebody who can be told.

use super::{Roll, beside_columns, target};
use crate::ask::Row;
use crate::matching::normal;
use crate::policy::model::{ColumnIx, Cond, Fill, Identity, Link, Lookup, Match};
use crate::value::Value;

/// Somebody on a roll. The same person may stand there several times.
#[derive(Clone, PartialEq, Eq)]
pub struct Listed {
    /// The system of their record.
    pub system: String,
    /// Key of the record, its parts with commas between; for a kind without a table the value that it is.
    pub record: String,
    /// Is there a record of their own, to which a product can show something?
    pub account: bool,
    /// The tenant.
    pub tenant: Option<String>,
    /// The first address at which mail reaches them, as it stands there.
    pub address: Option<String>,
    /// Their data may be stored and nothing else.
    pub restricted: bool,
}

impl Listed {
    /// The address as it is compared.
    pub fn folded_address(&self) -> Option<String> {
        normal(Match::Email, &Value::text(self.address.as_deref()?), None)
    }
}

impl Roll<'_> {
    /// The people in a chunk of rows, with the answers to [`Roll::beside`]. Rows that are nobody, and what erasures left, are left out.
    pub fn people(&self, rows: &[Row], answers: &[Vec<Row>]) -> Vec<Listed> {
        rows.iter().filter_map(|row| self.person(row, answers)).collect()
    }

    fn person(&self, row: &Row, answers: &[Vec<Row>]) -> Option<Listed> {
        if !self.holds(self.when, row, answers) || self.is_left_over(row) {
            return None;
        }
        Some(Listed {
            system: self.policy.system(self.population.system).name.clone(),
            record: self.record(row)?,
            account: self.values.is_none(),
            tenant: self.tenant(row, answers),
            address: self.address(row, answers),
            restricted: self.restricted(row),
        })
    }

    fn record(&self, row: &Row) -> Option<String> {
        let region = self.policy.system(self.population.system).country.as_deref();
        if let Some(identity) = self.values {
            let values = identity.reading.values(self.value(row, identity.column));
            return values.iter().find_map(|value| normal(identity.matching, value, region));
        }
        let parts = self.policy.table(self.table).key.iter().map(|c| self.value(row, *c).join_text());
        Some(parts.map(|part| part.unwrap_or_default().into_owned()).collect::<Vec<_>>().join(","))
    }

    fn tenant(&self, row: &Row, answers: &[Vec<Row>]) -> Option<String> {
        let (column, through) = self.tenant?;
        let local = self.value(row, column);
        let found = match through {
            Some(_) => answers.first()?.iter().find(|answer| meets(&answer[0], local)).map(|answer| &answer[1])?,
            None => local,
        };
        found.join_text().map(|text| text.into_owned())
    }

    fn address(&self, row: &Row, answers: &[Vec<Row>]) -> Option<String> {
        let own = self.own.iter().filter(|i| self.holds(&i.when, row, answers));
        let own = own.flat_map(|i| i.reading.values(self.value(row, i.column)));
        let skipped = usize::from(matches!(self.tenant, Some((_, Some(_)))));
        let beside = self.beside.iter().zip(answers.iter().skip(skipped));
        let beside = beside.flat_map(|((identity, link), answer)| self.values_beside(row, identity, link, answer));
        let mut texts = own.chain(beside).filter_map(|value| Some(value.join_text()?.trim().to_owned()));
        texts.find(|text| normal(Match::Email, &Value::text(text.as_str()), None).is_some())
    }

    fn values_beside(&self, row: &Row, identity: &Identity, link: &Link, answer: &[Row]) -> Vec<Value> {
        let columns: Vec<ColumnIx> = beside_columns(identity).collect();
        let width = link.columns.len();
        let theirs =
            |other: &&Row| target(link).iter().zip(*other).all(|(own, value)| meets(self.value(row, *own), value));
        let counts = |other: &&Row| {
            let value =
                |column| columns.iter().position(|c| *c == column).map_or(&Value::Null, |at| &other[width + at]);
            identity.when.holds(value)
        };
        answer.iter().filter(theirs).filter(counts).flat_map(|other| identity.reading.values(&other[width])).collect()
    }

    fn holds(&self, condition: &Cond, row: &Row, answers: &[Vec<Row>]) -> bool {
        condition.holds_where(|c| self.value(row, c), &|lookup, value| self.found(lookup, value, answers))
    }

    /// Does a value stand where a condition looks it up? Those answers are the last.
    fn found(&self, lookup: &Lookup, value: &Value, answers: &[Vec<Row>]) -> bool {
        let first = answers.len().saturating_sub(self.lookups.len());
        let Some(at) = self.lookups.iter().position(|(_, own)| *own == lookup) else { return false };
        let columns: Vec<ColumnIx> = lookup.filter.columns().collect();
        let counts = |other: &&Row| {
            let value = |column| columns.iter().position(|c| *c == column).map_or(&Value::Null, |at| &other[1 + at]);
            lookup.filter.holds(value)
        };
        answers.get(first + at).is_some_and(|rows| rows.iter().filter(counts).any(|other| meets(&other[0], value)))
    }

    /// What the map writes on a record while its person's data are restricted.
    fn restricted(&self, row: &Row) -> bool {
        self.bears(row, self.flags())
    }

    /// Is nobody behind the record any more? It is a stand-in of an erasure, or was scrubbed by one.
    fn is_left_over(&self, row: &Row) -> bool {
        let made_of = self.population.placeholder.iter().flat_map(|p| &p.columns);
        let made_of = made_of.filter(|(_, fill)| *fill != Fill::Value(Value::Null));
        self.bears(row, made_of) || self.bears(row, self.policy.table(self.table).set_on_scrub.iter())
    }

    /// Does a record bear all of these marks, and are there any?
    fn bears<'f>(&self, row: &Row, marks: impl Iterator<Item = &'f (ColumnIx, Fill)>) -> bool {
        let mut marks = marks.peekable();
        self.values.is_none()
            && marks.peek().is_some()
            && marks.all(|(column, fill)| says(fill, self.value(row, *column)))
    }
}

fn meets(a: &Value, b: &Value) -> bool {
    matches!((a.join_text(), b.join_text()), (Some(a), Some(b)) if a == b)
}

/// Can a value have been written so? What stands before the first field of a template is the same each time.
fn says(fill: &Fill, value: &Value) -> bool {
    match fill {
        Fill::Value(fixed) => fixed == value || meets(fixed, value),
        Fill::Template(template) => {
            let before = template.split('{').next().unwrap_or_default();
            value.join_text().is_some_and(|text| text.starts_with(before))
        }
    }
}
