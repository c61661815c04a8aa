//! What column actions write that follows from the value alone (LANGUAGE 1.5, the table of `erase`).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use engine::policy::model::{Column, Epoch};
use engine::schema::Class;
use engine::value::Value;
use jiff::civil::{Date, DateTime, Time};
use jiff::{Timestamp, tz::TimeZone};

/// "the address without its last byte (IPv4) or its last ten (IPv6)"; "a network then" where the type says so.
pub(crate) fn truncated(column: &Column, value: &Value) -> Value {
    address(column, value).unwrap_or_else(|| nothing(column))
}

fn address(column: &Column, value: &Value) -> Option<Value> {
    if let Value::Bytes(bytes) = value {
        let mut bytes = bytes.clone();
        let kept = match bytes.len() {
            4 => 3,
            16 => 6,
            _ => return None,
        };
        bytes[kept..].fill(0);
        return Some(Value::Bytes(bytes));
    }
    let text = value.join_text()?;
    let (address, prefix) = text.split_once('/').map_or((&*text, None), |(a, p)| (a, Some(p)));
    if prefix.is_some() && column.class == Class::Text {
        return None;
    }
    let (short, length) = match address.parse().ok()? {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            (IpAddr::V4(Ipv4Addr::new(a, b, c, 0)), 24)
        }
        IpAddr::V6(v6) => {
            let [a, b, c, ..] = v6.segments();
            (IpAddr::V6(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0)), 48)
        }
    };
    Some(Value::Text(if column.class == Class::Text { short.to_string() } else { format!("{short}/{length}") }))
}

/// "a value that the action cannot read is never left: NULL stands there instead, or where the column takes none, the empty
/// or first value of its type".
pub(crate) fn nothing(column: &Column) -> Value {
    match column.class {
        _ if column.nullable => Value::Null,
        Class::Int => Value::Int(0),
        Class::Real => Value::Real(0.0),
        _ => Value::text(""),
    }
}

/// "of a date or time .. the first moment of its year; of a time of day the hour; of a number the power of ten below it; of
/// a `user.location` the whole degree; of a postal code the first half, at most three characters; of an address as
/// `truncate_ip`".
pub(crate) fn coarse(column: &Column, value: &Value) -> Value {
    let category = column.category.as_deref().unwrap_or_default();
    let below = |of: &str| category == of || category.starts_with(&format!("{of}."));
    let found = if let Some(unit) = column.time {
        number(value).and_then(|n| year_of_epoch(n, unit))
    } else {
        match column.class {
            Class::Date | Class::Timestamp => first_moment(value),
            Class::Time => value.join_text().and_then(|t| hour(&t)),
            _ if below("user.contact.address.postal_code") => value.join_text().and_then(|t| first_half(&t)),
            Class::Int if below("user.location") => number(value).map(Value::Int),
            Class::Real if below("user.location") => real(value).map(|r| Value::Real(r.trunc())),
            Class::Int => number(value).map(|n| Value::Int(power_of_ten(n))),
            Class::Real => real(value).and_then(power_of_ten_real),
            _ => return truncated(column, value),
        }
    };
    found.unwrap_or_else(|| nothing(column))
}

fn number(value: &Value) -> Option<i64> {
    if let Value::Int(n) = value { Some(*n) } else { value.join_text()?.parse().ok() }
}

fn real(value: &Value) -> Option<f64> {
    match value {
        Value::Real(r) => Some(*r),
        other => other.join_text()?.parse().ok(),
    }
}

fn year_of_epoch(n: i64, unit: Epoch) -> Option<Value> {
    let at = moment(n, unit)?;
    let first = at.to_zoned(TimeZone::UTC).first_of_year().ok()?.start_of_day().ok()?.timestamp();
    Some(Value::Int(match unit {
        Epoch::Seconds => first.as_second(),
        Epoch::Millis => first.as_millisecond(),
        Epoch::Micros => first.as_microsecond(),
    }))
}

/// "`time = "s"`, `"ms"` or `"us"` for numbers that count from 1970".
pub(crate) fn moment(n: i64, unit: Epoch) -> Option<Timestamp> {
    match unit {
        Epoch::Seconds => Timestamp::from_second(n),
        Epoch::Millis => Timestamp::from_millisecond(n),
        Epoch::Micros => Timestamp::from_microsecond(n),
    }
    .ok()
}

/// In the form that the value had: a date stays a date, and what named a zone names it still.
fn first_moment(value: &Value) -> Option<Value> {
    let text = value.join_text()?;
    if let Ok(date) = text.parse::<Date>().map_err(|_| ()).and_then(|d| if text.len() <= 10 { Ok(d) } else { Err(()) })
    {
        return Some(Value::text(date.first_of_year().to_string()));
    }
    let at: DateTime = text.trim_end_matches('Z').parse().ok()?;
    let first = at.date().first_of_year().to_datetime(Time::midnight());
    let zone = if text.ends_with('Z') { "Z" } else { "" };
    Some(Value::text(format!("{first}{zone}")))
}

fn hour(text: &str) -> Option<Value> {
    let time: Time = text.parse().ok()?;
    Some(Value::text(Time::new(time.hour(), 0, 0, 0).ok()?.to_string()))
}

/// One character has no half.
fn first_half(text: &str) -> Option<Value> {
    let many = (text.chars().count() / 2).min(3);
    (many > 0).then(|| Value::text(text.chars().take(many).collect::<String>()))
}

/// Towards zero, with the sign: 4711 gives 1000, and nothing is below 0.
fn power_of_ten(n: i64) -> i64 {
    let mut power = 1i64;
    while n.unsigned_abs() / 10 >= power.unsigned_abs() {
        power *= 10;
    }
    if n == 0 { 0 } else { power * n.signum() }
}

fn power_of_ten_real(r: f64) -> Option<Value> {
    (r == 0.0).then_some(Value::Real(0.0)).or_else(|| {
        r.is_finite().then(|| {
            let digits = format!("{:e}", r.abs());
            let exponent = digits.split_once('e').map_or("0", |(_, e)| e);
            Value::Real(format!("1e{exponent}").parse::<f64>().unwrap_or(0.0).copysign(r))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_ten() {
        for (n, power) in
            [(0, 0), (1, 1), (9, 1), (10, 10), (99, 10), (4711, 1000), (-4711, -1000), (i64::MAX, 10i64.pow(18))]
        {
            assert_eq!(power_of_ten(n), power, "{n}");
        }
        assert_eq!(power_of_ten_real(0.05), Some(Value::Real(0.01)));
        assert_eq!(power_of_ten_real(1000.0), Some(Value::Real(1000.0)));
    }
}
