//! How values of each type travel: read natively or as text, compared under the column's index and byte by byte, written.

use engine::schema::Class;
use engine::value::Value;

use crate::temporal::{is_date, is_time, is_timestamp, without_zone};

/// What the catalogue says about a column's type.
pub(super) struct TypeFacts<'a> {
    /// `varchar`, `bigint`.
    pub name: &'a str,
    /// `varchar(40)`, `bigint(20) unsigned`, `enum('a','b')`.
    pub full: &'a str,
    pub digits: u32,
    pub scale: u32,
    /// Character set and collation.
    pub charset: Option<(String, String)>,
    /// A check holds that the text is JSON.
    pub json: bool,
}

/// How a column's values travel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Type {
    pub kind: Kind,
    pub class: Class,
}

/// Types that need care, each for its own reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Up to 64 bits, with a sign or without.
    Int {
        unsigned: bool,
    },
    /// `bit` and `year`, which travel as something else unless they are asked for as numbers.
    Number,
    Real,
    /// With so many digits before and behind the point.
    Decimal {
        whole: usize,
        part: u32,
    },
    Bytes,
    /// Compared under the collation, which may hold different texts equal.
    Text {
        charset: String,
        collation: String,
    },
    Enum {
        charset: String,
        collation: String,
        labels: Vec<String>,
    },
    Uuid,
    Date,
    Time,
    Timestamp,
    /// Everything else: compared as text, without an index.
    Opaque,
}

/// One value bound to a statement.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
pub(super) enum Bound {
    Null,
    Int(i64),
    Unsigned(u64),
    Real(f64),
    Text(String),
    Bytes(Vec<u8>),
}

impl Bound {
    /// How many bytes it takes on its way, about.
    pub fn weight(&self) -> usize {
        match self {
            Bound::Text(s) => s.len() + 9,
            Bound::Bytes(b) => b.len() + 9,
            _ => 8,
        }
    }
}

impl Type {
    pub fn of(facts: &TypeFacts<'_>) -> Self {
        let (charset, collation) = facts.charset.clone().unwrap_or_default();
        let unsigned = facts.full.contains("unsigned");
        let (kind, class) = match facts.name {
            "tinyint" if facts.full.starts_with("tinyint(1)") => (Kind::Int { unsigned }, Class::Bool),
            "tinyint" | "smallint" | "mediumint" | "int" | "bigint" => (Kind::Int { unsigned }, Class::Int),
            "bit" => (Kind::Number, if facts.digits == 1 { Class::Bool } else { Class::Int }),
            "year" => (Kind::Number, Class::Int),
            "float" | "double" => (Kind::Real, Class::Real),
            "decimal" => {
                let whole = facts.digits.saturating_sub(facts.scale) as usize;
                (Kind::Decimal { whole, part: facts.scale }, Class::Decimal)
            }
            "binary" | "varbinary" | "tinyblob" | "blob" | "mediumblob" | "longblob" => (Kind::Bytes, Class::Bytes),
            "date" => (Kind::Date, Class::Date),
            "time" => (Kind::Time, Class::Time),
            "datetime" | "timestamp" => (Kind::Timestamp, Class::Timestamp),
            "uuid" => (Kind::Uuid, Class::Uuid),
            "json" => (Kind::Opaque, Class::Json),
            "enum" => (Kind::Enum { charset, collation, labels: labels(facts.full) }, Class::Other),
            "set" => (Kind::Text { charset, collation }, Class::Other),
            _ if facts.charset.is_some() => {
                (Kind::Text { charset, collation }, if facts.json { Class::Json } else { Class::Text })
            }
            _ => (Kind::Opaque, Class::Other),
        };
        Type { kind, class }
    }

    /// The expression that reads a column. Dates are asked for as text, for the driver takes zero dates for NULL.
    pub fn read(&self, column: &str) -> String {
        match self.kind {
            Kind::Number => format!("CAST({column} AS UNSIGNED)"),
            Kind::Uuid | Kind::Date | Kind::Time | Kind::Timestamp | Kind::Opaque => format!("CAST({column} AS CHAR)"),
            _ => column.to_owned(),
        }
    }

    /// The column as one side of a comparison that its index serves.
    pub fn compared(&self, column: &str) -> String {
        if self.kind == Kind::Opaque { self.exact(column) } else { column.to_owned() }
    }

    /// The place of a parameter on the other side.
    pub fn place(&self) -> String {
        match &self.kind {
            Kind::Text { charset, collation } | Kind::Enum { charset, collation, .. } => {
                let sent = if charset == "utf8mb4" { "?".to_owned() } else { format!("CONVERT(? USING {charset})") };
                format!("{sent} COLLATE {collation}")
            }
            Kind::Decimal { part, .. } => format!("CAST(? AS DECIMAL(65,{part}))"),
            Kind::Date => "CAST(? AS DATE)".to_owned(),
            Kind::Time => "CAST(? AS TIME(6))".to_owned(),
            Kind::Timestamp => "CAST(? AS DATETIME(6))".to_owned(),
            _ => "?".to_owned(),
        }
    }

    /// May the comparison hold values equal that are not?
    pub fn is_loose(&self) -> bool {
        matches!(self.kind, Kind::Text { .. } | Kind::Enum { .. })
    }

    /// The column as one side of a comparison byte by byte; the other side is `?`.
    pub fn exact(&self, column: &str) -> String {
        match self.kind {
            Kind::Text { .. } | Kind::Enum { .. } => format!("CAST(CONVERT({column} USING utf8mb4) AS BINARY)"),
            Kind::Opaque => format!("CAST(CAST({column} AS CHAR) AS BINARY)"),
            _ => column.to_owned(),
        }
    }

    /// The value as it could stand in the column; `None` where it cannot, so that it equals nothing.
    pub fn wanted(&self, value: &Value) -> Option<Bound> {
        let text = text(value)?;
        match &self.kind {
            Kind::Int { .. } | Kind::Number if self.class == Class::Bool => truth(&text).or_else(|| whole(&text)),
            Kind::Int { .. } => whole(&text),
            // A year of two digits would be taken for another one.
            Kind::Number => whole(&text).filter(|n| *n >= Bound::Int(100) || *n == Bound::Int(0)),
            Kind::Real => text.parse().ok().filter(|r: &f64| r.is_finite()).map(Bound::Real),
            Kind::Decimal { whole, part } => fits(&text, *whole, *part as usize).then_some(Bound::Text(text)),
            Kind::Bytes => bytes(value),
            Kind::Uuid => is_uuid(&text).then_some(Bound::Text(text)),
            Kind::Date => is_stored_date(&text).then_some(Bound::Text(text)),
            Kind::Time => is_stored_time(&text).then_some(Bound::Text(text)),
            Kind::Timestamp => Some(zoneless(&text)).filter(|t| is_stored_timestamp(t)).map(Bound::Text),
            Kind::Opaque => Some(Bound::Bytes(text.into_bytes())),
            _ => Some(Bound::Text(text)),
        }
    }

    /// The value as it is written; `None` where the column cannot hold it and the server would store something else.
    pub fn written(&self, value: &Value) -> Option<Bound> {
        Some(match (&self.kind, value) {
            (_, Value::Null) => Bound::Null,
            (Kind::Bytes, Value::Text(s)) => bytes(value).unwrap_or_else(|| Bound::Bytes(s.clone().into_bytes())),
            (Kind::Bytes, _) => bytes(value)?,
            (Kind::Int { .. } | Kind::Number, _) => {
                let text = text(value)?;
                truth(&text).filter(|_| self.class == Class::Bool).or_else(|| whole(&text))?
            }
            (Kind::Real, Value::Real(r)) => Some(Bound::Real(*r)).filter(|_| r.is_finite())?,
            // A text of digits that is no label would be taken for a label's number.
            (Kind::Enum { labels, .. }, _) => Some(text(value)?).filter(|t| labels.contains(t)).map(Bound::Text)?,
            (Kind::Timestamp, _) => Bound::Text(zoneless(&text(value)?)),
            _ => Bound::Text(text(value)?),
        })
    }
}

fn text(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(b) => b.to_string(),
        Value::Int(i) => i.to_string(),
        Value::Real(r) => r.to_string(),
        Value::Text(s) => s.clone(),
        Value::Bytes(b) => format!("\\x{}", hex::encode(b)),
    })
}

fn bytes(value: &Value) -> Option<Bound> {
    match value {
        Value::Bytes(b) => Some(Bound::Bytes(b.clone())),
        Value::Text(s) => hex::decode(s.strip_prefix("\\x")?).ok().map(Bound::Bytes),
        _ => None,
    }
}

fn truth(text: &str) -> Option<Bound> {
    match text {
        "true" => Some(Bound::Int(1)),
        "false" => Some(Bound::Int(0)),
        _ => None,
    }
}

fn whole(text: &str) -> Option<Bound> {
    text.parse().map(Bound::Int).or_else(|_| text.parse().map(Bound::Unsigned)).ok()
}

/// The server takes a blank between date and time, and no word for a zone.
fn zoneless(text: &str) -> String {
    if is_timestamp(text) { without_zone(text).replacen('T', " ", 1) } else { text.to_owned() }
}

/// A date, or one with zeros for what is not known.
fn is_stored_date(text: &str) -> bool {
    let blank = |part: &str| part == "00";
    let parts: Vec<_> = text.split('-').collect();
    match parts[..] {
        [year, month, day] if blank(month) || blank(day) => {
            let digits = |part: &str, most: u32| part.len() == 2 && part.parse().is_ok_and(|n: u32| n <= most);
            year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()) && digits(month, 12) && digits(day, 31)
        }
        _ => is_date(text),
    }
}

/// A time of day, or a span of up to 838 hours in either direction.
fn is_stored_time(text: &str) -> bool {
    let Some((hours, rest)) = text.strip_prefix('-').unwrap_or(text).split_once(':') else { return false };
    let few = matches!(hours.len(), 2 | 3) && hours.parse().is_ok_and(|h: u32| h <= 838) && !hours.starts_with('+');
    few && is_time(&format!("00:{rest}"))
}

fn is_stored_timestamp(text: &str) -> bool {
    text.split_once(' ').is_some_and(|(date, time)| is_stored_date(date) && is_time(time))
}

fn is_uuid(text: &str) -> bool {
    let hyphen = |i| matches!(i, 8 | 13 | 18 | 23);
    text.len() == 36 && text.bytes().enumerate().all(|(i, b)| if hyphen(i) { b == b'-' } else { b.is_ascii_hexdigit() })
}

/// Plain digits with at most one point, of which the column loses none.
fn fits(text: &str, whole: usize, part: usize) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (before, behind) = digits.split_once('.').unwrap_or((digits, ""));
    let numeric = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let within = before.trim_start_matches('0').len() <= whole && behind.trim_end_matches('0').len() <= part;
    !before.is_empty() && text.len() < 200 && numeric(before) && numeric(behind) && within
}

/// The labels in `enum('a','it''s')`.
fn labels(full: &str) -> Vec<String> {
    let inner = full.strip_prefix("enum(").and_then(|s| s.strip_suffix(')')).unwrap_or_default();
    let inner = inner.strip_prefix('\'').and_then(|s| s.strip_suffix('\'')).unwrap_or_default();
    let mut labels = vec![String::new()];
    let mut rest = inner;
    while let Some(at) = rest.find('\'') {
        let label = labels.last_mut().map(|l| l.push_str(&rest[..at]));
        debug_assert!(label.is_some());
        rest = match rest[at..].strip_prefix("''") {
            Some(more) => {
                labels.last_mut().into_iter().for_each(|l| l.push('\''));
                more
            }
            None => {
                labels.push(String::new());
                rest[at..].strip_prefix("','").unwrap_or_default()
            }
        };
    }
    labels.last_mut().into_iter().for_each(|l| l.push_str(rest));
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_told_apart() {
        assert_eq!(labels("enum('a','it''s','','c,d')"), ["a", "it's", "", "c,d"]);
    }

    #[test]
    fn dates_that_are_stored() {
        for date in ["2024-02-29", "0000-00-00", "2024-00-00", "2024-02-00"] {
            assert!(is_stored_date(date) && is_stored_timestamp(&format!("{date} 23:59:59.5")), "{date}");
        }
        assert!(!is_stored_date("2023-02-29") && !is_stored_date("2024-13-00") && !is_stored_date("+024-00-00"));
        assert!(is_stored_time("838:59:59") && is_stored_time("-01:00:00.5") && !is_stored_time("839:00:00"));
        assert_eq!(zoneless("2024-02-29T10:00:00Z"), "2024-02-29 10:00:00");
    }

    #[test]
    fn decimals_fit_or_match_nothing() {
        assert!(fits("-12.50", 2, 1) && fits("007", 1, 0) && fits("0.5", 0, 1));
        assert!(
            !fits("123", 2, 2) && !fits("1.25", 5, 1) && !fits("1e3", 9, 9) && !fits("", 9, 9) && !fits(".5", 9, 9)
        );
    }
}
