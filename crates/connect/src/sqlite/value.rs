//! Values between SQLite's storage classes and ours.

use engine::schema::Column;
use engine::value::Value;
use sqlx::sqlite::{SqliteArguments, SqliteRow, SqliteValueRef};
use sqlx::{Arguments, Row as _, TypeInfo, ValueRef};

use super::class::keeps_both;

/// One row, each value by its own storage class.
pub(super) fn row(row: &SqliteRow) -> Result<Vec<Value>, sqlx::Error> {
    (0..row.len()).map(|i| decode(row.try_get_raw(i)?)).collect()
}

fn decode(raw: SqliteValueRef<'_>) -> Result<Value, sqlx::Error> {
    use sqlx::Decode as D;
    if raw.is_null() {
        return Ok(Value::Null);
    }
    let decoded = match raw.type_info().name() {
        "INTEGER" => D::<sqlx::Sqlite>::decode(raw).map(Value::Int),
        "REAL" => D::<sqlx::Sqlite>::decode(raw).map(Value::Real),
        // Text that is not UTF-8 stays what it is: bytes.
        "TEXT" => D::<sqlx::Sqlite>::decode(raw).map(|bytes: Vec<u8>| match String::from_utf8(bytes) {
            Ok(text) => Value::Text(text),
            Err(e) => Value::Bytes(e.into_bytes()),
        }),
        _ => D::<sqlx::Sqlite>::decode(raw).map(Value::Bytes),
    };
    decoded.map_err(sqlx::Error::Decode)
}

/// Binds a value as it is.
pub(super) fn bind(arguments: &mut SqliteArguments, value: &Value) -> Result<(), sqlx::Error> {
    let bound = match value {
        Value::Null => arguments.add(None::<i64>),
        Value::Bool(b) => arguments.add(i64::from(*b)),
        Value::Int(i) => arguments.add(*i),
        Value::Real(r) => arguments.add(*r),
        Value::Text(s) => arguments.add(s.clone()),
        Value::Bytes(b) => arguments.add(b.clone()),
    };
    bound.map_err(sqlx::Error::Encode)
}

/// The forms in which a column may hold a value that another database has in its own form. SQLite's affinity turns text
/// into numbers and back where the column declares one; a column that keeps both is asked for both.
pub(super) fn forms(column: &Column, value: &Value) -> Vec<Value> {
    let mut forms = vec![value.clone()];
    match value {
        Value::Null => return Vec::new(),
        Value::Real(r) if r.is_nan() => return Vec::new(),
        Value::Int(i) if keeps_both(&column.type_name) => forms.push(Value::Text(i.to_string())),
        // SQLite writes reals as text in its own way.
        Value::Real(r) => forms.push(Value::Text(r.to_string())),
        Value::Bool(b) => forms.push(Value::text(if *b { "true" } else { "false" })),
        Value::Bytes(b) => forms.push(Value::Text(format!("\\x{}", hex::encode(b)))),
        Value::Text(s) => {
            if let Some(bytes) = s.strip_prefix("\\x").and_then(|h| hex::decode(h).ok()) {
                forms.push(Value::Bytes(bytes));
            }
            if s == "true" || s == "false" {
                forms.push(Value::Int(i64::from(s == "true")));
            }
            if keeps_both(&column.type_name) {
                forms.extend(s.parse().ok().map(Value::Int));
                forms.extend(s.parse().ok().filter(|r: &f64| !r.is_nan()).map(Value::Real));
            }
        }
        Value::Int(_) => {}
    }
    forms
}
