//! Coarser values (`generalise`).

use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::address;
use crate::policy::model::{Column, Epoch};
use crate::schema::Class;
use crate::value::Value;

/// What a value is made coarser to. Types decide, and where they are silent the category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Coarse {
    /// The first moment of the year, of a date or point in time.
    Year,
    /// The first moment of the year, of an epoch number in UTC.
    YearOf(Epoch),
    /// The hour.
    Hour,
    /// The power of ten below a number.
    Magnitude,
    /// The whole degree of a place.
    Degree,
    /// The first half of a postal code, at most three characters.
    Postcode,
    /// As `truncate_ip`.
    Network,
}

impl Coarse {
    /// What a column's values are made coarser to; `None` where nothing says how.
    pub fn of(column: &Column) -> Option<Coarse> {
        let category = column.category.as_deref().unwrap_or_default();
        let under = |key: &str| crate::policy::category::covers(key, category);
        match column.class {
            Class::Int | Class::Real | Class::Decimal if column.time.is_some() => column.time.map(Coarse::YearOf),
            Class::Date | Class::Timestamp => Some(Coarse::Year),
            Class::Time => Some(Coarse::Hour),
            Class::Real | Class::Decimal if under("user.location") => Some(Coarse::Degree),
            Class::Int | Class::Real | Class::Decimal => Some(Coarse::Magnitude),
            Class::Text if under("user.contact.address.postal_code") => Some(Coarse::Postcode),
            Class::Text if under("user.demographic.date_of_birth") => Some(Coarse::Year),
            _ if address::is_native(column) => Some(Coarse::Network),
            Class::Text | Class::Bytes if under("user.device.ip_address") => Some(Coarse::Network),
            _ => None,
        }
    }

    /// The coarser value; `None` where it is none of its kind.
    pub fn made(self, old: &Value) -> Option<Value> {
        match (self, old) {
            (Coarse::Year, Value::Text(text)) => year(text).map(Value::Text),
            (Coarse::YearOf(unit), old) => epoch_year(unit, old),
            (Coarse::Hour, Value::Text(text)) => hour(text).map(Value::Text),
            (Coarse::Magnitude, Value::Int(i)) => Some(Value::Int(power(*i))),
            (Coarse::Magnitude, Value::Real(r)) => (r.is_finite()).then(|| Value::Real(real_power(*r))),
            (Coarse::Magnitude, Value::Text(text)) => digits(text, true).map(Value::Text),
            (Coarse::Degree, Value::Real(r)) => r.is_finite().then(|| Value::Real(r.trunc())),
            (Coarse::Degree, Value::Int(i)) => Some(Value::Int(*i)),
            (Coarse::Degree, Value::Text(text)) => digits(text, false).map(Value::Text),
            (Coarse::Postcode, Value::Text(text)) => postcode(text).map(Value::Text),
            (Coarse::Network, old) => address::truncated(old),
            _ => None,
        }
    }

    /// Could this be what was made?
    pub fn is(self, value: &Value) -> bool {
        match (self, value) {
            (Coarse::Postcode, Value::Text(text)) => text.chars().count() <= 3,
            _ => self.made(value).as_ref() == Some(value),
        }
    }
}

/// `1987-01-01`, or `1987-01-01 00:00:00` with the zone it had.
fn year(text: &str) -> Option<String> {
    let (day, rest) = (text.get(..10)?, text.get(10..)?);
    let first = date(day.parse::<Date>().ok()?.year(), 1, 1);
    let mut marks = rest.chars();
    let Some(mark) = marks.next() else { return Some(first.to_string()) };
    let time = marks.as_str();
    if !matches!(mark, ' ' | 'T') || !time.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let zone = time.find(['Z', '+', '-', ' ']).map_or("", |at| &time[at..]);
    let plain = zone.chars().all(|c| c.is_ascii_digit() || "Z+-: UTC".contains(c));
    plain.then(|| format!("{first}{mark}00:00:00{zone}"))
}

fn hour(text: &str) -> Option<String> {
    let (hour, rest) = text.split_once(':')?;
    let whole =
        hour.len() == 2 && hour.bytes().all(|b| b.is_ascii_digit()) && rest.starts_with(|c: char| c.is_ascii_digit());
    let zone = rest.find(['Z', '+', '-']).map_or("", |at| &rest[at..]);
    whole.then(|| format!("{hour}:00:00{zone}"))
}

fn epoch_year(unit: Epoch, old: &Value) -> Option<Value> {
    let year = unit.of(old)?.to_zoned(TimeZone::UTC).year();
    let first = date(year, 1, 1).to_zoned(TimeZone::UTC).ok()?.timestamp();
    let made = unit.number(first);
    Some(match old {
        Value::Int(_) => Value::Int(made),
        Value::Real(_) => Value::Real(made as f64),
        _ => Value::text(made.to_string()),
    })
}

impl Epoch {
    /// The moment of an epoch number; `None` if it is none, or beyond the years that calendars know.
    pub fn of(self, value: &Value) -> Option<Timestamp> {
        let number = match value {
            Value::Int(i) => *i,
            Value::Real(r) if r.abs() < 9e15 => r.floor() as i64,
            Value::Text(text) => text.split('.').next()?.parse().ok()?,
            _ => return None,
        };
        let moment = match self {
            Epoch::Seconds => Timestamp::from_second(number),
            Epoch::Millis => Timestamp::from_millisecond(number),
            Epoch::Micros => Timestamp::from_microsecond(number),
        };
        moment.ok()
    }

    /// The epoch number of a moment.
    pub fn number(self, moment: Timestamp) -> i64 {
        match self {
            Epoch::Seconds => moment.as_second(),
            Epoch::Millis => moment.as_millisecond(),
            Epoch::Micros => moment.as_microsecond(),
        }
    }
}

fn power(i: i64) -> i64 {
    match i.unsigned_abs().checked_ilog10() {
        Some(tens) => i.signum() * 10_i64.pow(tens),
        None => 0,
    }
}

fn real_power(r: f64) -> f64 {
    // The exponent as it is written is exact; a logarithm is not.
    let written = format!("{:e}", r.abs());
    let tens = written.split_once('e').and_then(|(_, tens)| format!("1e{tens}").parse::<f64>().ok());
    tens.filter(|tens| *tens > 0.0 && r != 0.0).map_or(0.0, |tens| tens.copysign(r))
}

/// A decimal with all digits zero but the first, which is one (`first`), or with all behind the point zero.
fn digits(text: &str, first: bool) -> Option<String> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let plain =
        unsigned.bytes().all(|b| b.is_ascii_digit() || b == b'.') && unsigned.bytes().any(|b| b.is_ascii_digit());
    let mut led = false;
    let mut behind = false;
    let coarse = text.chars().map(|c| match c {
        '.' => {
            behind = true;
            c
        }
        '-' => c,
        _ if !first => {
            if behind {
                '0'
            } else {
                c
            }
        }
        '0' => c,
        _ if led => '0',
        _ => {
            led = true;
            '1'
        }
    });
    let coarse: String = coarse.collect();
    (plain && unsigned.matches('.').count() <= 1).then_some(coarse)
}

fn postcode(text: &str) -> Option<String> {
    let signs: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
    let kept = (signs.len() / 2).min(3);
    (kept > 0).then(|| signs[..kept].iter().collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_kind_has_its_coarser_value() {
        let text = |to: Coarse, old: &str| match to.made(&Value::text(old)) {
            Some(Value::Text(text)) => text,
            _ => "none".into(),
        };
        let cases = [
            (Coarse::Year, "1987-03-12", "1987-01-01"),
            (Coarse::Year, "1987-03-12 08:09:10.5", "1987-01-01 00:00:00"),
            (Coarse::Year, "1987-03-12T08:09:10+02:00", "1987-01-01T00:00:00+02:00"),
            (Coarse::Year, "1987-03-12 08:09:10Z", "1987-01-01 00:00:00Z"),
            (Coarse::Year, "12.03.1987", "none"),
            (Coarse::Year, "infinity", "none"),
            (Coarse::Year, "1987-03-12 or so", "none"),
            (Coarse::Hour, "08:09:10", "08:00:00"),
            (Coarse::Magnitude, "-123.45", "-100.00"),
            (Coarse::Magnitude, "0.052", "0.010"),
            (Coarse::Magnitude, "NaN", "none"),
            (Coarse::Degree, "59.91387", "59.00000"),
            (Coarse::Postcode, "SW1A 1AA", "SW1"),
            (Coarse::Postcode, "0150", "01"),
            (Coarse::Postcode, "1", "none"),
            (Coarse::Network, "192.0.2.7", "192.0.2.0"),
            (Coarse::YearOf(Epoch::Seconds), "542534400", "536457600"),
        ];
        for (to, old, new) in cases {
            assert_eq!(text(to, old), new, "{to:?} {old}");
        }
        assert_eq!(Coarse::Magnitude.made(&Value::Int(-4321)), Some(Value::Int(-1000)));
        assert_eq!(Coarse::Magnitude.made(&Value::Real(0.5)), Some(Value::Real(0.1)));
        assert_eq!(Coarse::YearOf(Epoch::Millis).made(&Value::Int(542_534_400_000)), Some(Value::Int(536_457_600_000)));
        assert_eq!(Coarse::YearOf(Epoch::Seconds).made(&Value::Int(i64::MAX)), None);
    }

    const ALL: [Coarse; 8] = [
        Coarse::Year,
        Coarse::YearOf(Epoch::Seconds),
        Coarse::YearOf(Epoch::Micros),
        Coarse::Hour,
        Coarse::Magnitude,
        Coarse::Degree,
        Coarse::Postcode,
        Coarse::Network,
    ];

    proptest! {
        #[test]
        fn a_second_time_changes_nothing_and_nothing_grows(
            text in "[0-9.]{1,9}|[0-9]{4}-(0[1-9]|1[0-2])-[0-2][1-8]( 1[0-9]:[0-5][0-9]:[0-5][0-9](Z|\\+02)?)?|\\PC{0,12}",
            number: i64,
            real: f64,
        ) {
            for to in ALL {
                for old in [Value::text(text.as_str()), Value::Int(number), Value::Real(real)] {
                    let Some(new) = to.made(&old) else { continue };
                    prop_assert!(to.is(&new), "{to:?}");
                    if let (Value::Text(old), Value::Text(new)) = (&old, &new)
                        && !matches!(to, Coarse::Year | Coarse::Hour | Coarse::YearOf(_) | Coarse::Network)
                    {
                        prop_assert!(new.chars().count() <= old.chars().count());
                    }
                }
            }
        }
    }
}
