//! What a database gives back of what was written into it: the same value, perhaps in another form.

use jiff::civil::DateTime;
use jiff::{Timestamp, tz::TimeZone};

use crate::value::Value;

/// Can `found` be what a column holds into which `wrote` was written? Truth values come back as 0 and 1 where a database
/// has none, numbers with the digits of the column, times with its zone and precision.
pub(super) fn holds(wrote: &Value, found: &Value) -> bool {
    wrote == found || super::resolve::same(wrote, found) || numbers(wrote, found) || times(wrote, found)
}

fn numbers(wrote: &Value, found: &Value) -> bool {
    let is_number = matches!(wrote, Value::Bool(_) | Value::Int(_) | Value::Real(_));
    is_number && number(wrote).is_some_and(|n| number(found) == Some(n))
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Bool(b) => Some(f64::from(u8::from(*b))),
        Value::Int(_) | Value::Real(_) | Value::Text(_) => value.join_text()?.trim().parse().ok(),
        Value::Null | Value::Bytes(_) => None,
    }
}

/// To the second: columns keep fewer digits than were written.
fn times(wrote: &Value, found: &Value) -> bool {
    second(wrote).is_some_and(|s| second(found) == Some(s))
}

fn second(value: &Value) -> Option<i64> {
    let Value::Text(text) = value else { return None };
    let with_zone = text.parse::<Timestamp>().ok();
    let without = || TimeZone::UTC.to_timestamp(text.parse::<DateTime>().ok()?).ok();
    with_zone.or_else(without).map(|t| t.as_second())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_forms_of_the_same_value() {
        let text = Value::text;
        for (wrote, found, wanted) in [
            (Value::Bool(false), Value::Int(0), true),
            (Value::Bool(true), Value::Int(1), true),
            (Value::Bool(false), Value::Int(1), false),
            (Value::Int(0), text("0.00"), true),
            (Value::Int(0), text("0.01"), false),
            (Value::Int(0), Value::Null, false),
            (text("0"), text("0.00"), false),
            (text("2026-01-15T12:00:00.123456Z"), text("2026-01-15T12:00:00"), true),
            (text("2026-01-15T12:00:00Z"), text("2026-01-15T13:00:00+01:00"), true),
            (text("2026-01-15T12:00:00Z"), text("2026-01-15T12:00:01"), false),
            (text("a"), text("b"), false),
        ] {
            assert_eq!(holds(&wrote, &found), wanted, "{:?} {:?}", wrote.join_text(), found.join_text());
        }
    }
}
