//! Records as rows: from a service's JSON to values, and back.

use engine::ask::{Failure, Row};
use engine::policy::written::http::{Field, Resource};
use engine::schema::Class;
use engine::value::Value;
use jiff::Timestamp;
use serde_json::Value as Json;

use super::document;
use super::template::Values;
use crate::sql::no_column;
use crate::temporal::{is_timestamp, without_zone};

/// A record, with the value of each column of its resource.
#[derive(Clone)]
pub(super) struct Record {
    pub row: Row,
}

impl Record {
    /// Reads a record; columns that it lacks by its description are those it was asked for by.
    pub fn read(name: &str, resource: &Resource, record: &Json, asked: &Values<'_>) -> Result<Record, Failure> {
        let odd = |column: &str| Failure::Other {
            detail: format!("a record of {name} has in `{column}` what its description does not say"),
        };
        let row = resource.columns.iter().map(|(column, field)| {
            let given = asked.get(column.it.as_str()).filter(|_| field.given);
            given.map_or_else(|| value(field, record).ok_or_else(|| odd(&column.it)), |given| Ok(given.clone()))
        });
        let row: Row = row.collect::<Result<_, _>>()?;
        let record = Record { row };
        let keyless = record.key(resource).iter().any(|v| v.join_text().is_none());
        if keyless { Err(Failure::Other { detail: format!("a record of {name} has no key") }) } else { Ok(record) }
    }

    /// The values of its key.
    pub fn key(&self, resource: &Resource) -> Vec<Value> {
        resource.key.iter().filter_map(|k| self.value(resource, &k.it)).collect()
    }

    /// The value of a column.
    pub fn value(&self, resource: &Resource, column: &str) -> Option<Value> {
        position(resource, column).map(|at| self.row[at].clone())
    }
}

fn position(resource: &Resource, column: &str) -> Option<usize> {
    resource.columns.iter().position(|(name, _)| name.it == column)
}

/// Where columns stand in a record.
pub(super) fn positions(name: &str, resource: &Resource, columns: &[String]) -> Result<Vec<usize>, Failure> {
    columns.iter().map(|c| position(resource, c).ok_or_else(|| no_column(name, c))).collect()
}

/// The value of a field; `None` where it is of another kind. What a record does not have at all is NULL.
fn value(field: &Field, record: &Json) -> Option<Value> {
    let found = document::all(record, &field.path).unwrap_or_default();
    let one = match found.as_slice() {
        [] => return Some(Value::Null),
        [one] if field.class != Class::Json => *one,
        _ => return Some(Value::Text(listed(&found))),
    };
    let text = || match one {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    };
    Some(match field.class {
        Class::Int => Value::Int(one.as_i64().or_else(|| one.as_str()?.parse().ok())?),
        Class::Bool => Value::Bool(one.as_bool()?),
        Class::Real => Value::Real(one.as_f64()?),
        Class::Timestamp => Value::Text(timestamp(one).unwrap_or_else(text)),
        _ => Value::Text(text()),
    })
}

fn listed(found: &[&Json]) -> String {
    match found {
        [one] => one.to_string(),
        several => Json::from(several.iter().map(|v| (*v).clone()).collect::<Vec<_>>()).to_string(),
    }
}

/// A point in time in the pinned form, from ISO 8601 or from seconds since 1970.
fn timestamp(json: &Json) -> Option<String> {
    let at = match json {
        Json::Number(seconds) => Timestamp::from_second(seconds.as_i64()?).ok()?,
        Json::String(text) => match text.parse() {
            Ok(at) => at,
            Err(_) if is_timestamp(text) => format!("{}Z", without_zone(text)).replace(' ', "T").parse().ok()?,
            Err(_) => return None,
        },
        _ => return None,
    };
    Some(at.strftime("%Y-%m-%d %H:%M:%S%.f+00").to_string())
}

/// A value as a service takes it.
pub(super) fn json(value: &Value, class: Class) -> Json {
    match (value, class) {
        (Value::Null, _) => Json::Null,
        (Value::Bool(b), _) => Json::from(*b),
        (Value::Int(n), _) => Json::from(*n),
        (Value::Real(r), _) => Json::from(*r),
        (Value::Text(text), Class::Json) => serde_json::from_str(text).unwrap_or_else(|_| Json::from(text.as_str())),
        (Value::Text(text), _) => Json::from(text.as_str()),
        (Value::Bytes(bytes), _) => Json::from(hex::encode(bytes)),
    }
}
