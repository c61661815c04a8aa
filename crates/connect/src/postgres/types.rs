//! How values of each type travel: read natively or as text, compared under the column's index, written by a cast.

use engine::schema::Class;
use engine::value::Value;

use crate::sql::quote;
use crate::temporal::{is_date, is_time, is_timestamp};

/// What the catalogue says about a type, domains already followed.
pub(super) struct TypeFacts {
    pub schema: String,
    pub name: String,
    pub labels: Option<Vec<String>>,
}

/// How a column's values travel.
#[derive(Clone, Debug)]
pub(super) struct Type {
    pub kind: Kind,
    /// Only the very same text is equal, whatever the column's collation.
    exact: bool,
    /// The type without its length, quoted: a cast to a length would cut silently, an assignment refuses.
    own: String,
}

/// Types that need care, each for its own reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Bool,
    /// Of 16, 32 or 64 bits; compared as 64, which their indexes serve.
    Int,
    Oid,
    /// Of 32 or 64 bits; compared as 64.
    Real,
    Bytes,
    Text,
    /// `char(n)`, whose padding is no part of the value, and `citext`: text that compares by an operator of its own.
    OwnText,
    Uuid,
    Decimal,
    Date,
    Time,
    Timestamp,
    Enum(Vec<String>),
    Json,
    /// Everything else: compared as text, without an index.
    Opaque,
}

/// One value bound to a statement.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Bound {
    Text(String),
    Bytes(Vec<u8>),
}

impl Type {
    /// A type of PostgreSQL's own.
    pub fn builtin(name: &str) -> Self {
        Type::of(TypeFacts { schema: "pg_catalog".to_owned(), name: name.to_owned(), labels: None })
    }

    pub fn of(facts: TypeFacts) -> Self {
        let own = format!("{}.{}", quote(&facts.schema), quote(&facts.name));
        let kind = match (facts.labels, facts.schema == "pg_catalog", facts.name.as_str()) {
            (Some(labels), _, _) => Kind::Enum(labels),
            (None, true, "bool") => Kind::Bool,
            (None, true, "int2" | "int4" | "int8") => Kind::Int,
            (None, true, "oid") => Kind::Oid,
            (None, true, "float4" | "float8") => Kind::Real,
            (None, true, "bytea") => Kind::Bytes,
            (None, true, "text" | "varchar") => Kind::Text,
            (None, true, "bpchar") | (None, false, "citext") => Kind::OwnText,
            (None, true, "uuid") => Kind::Uuid,
            (None, true, "numeric") => Kind::Decimal,
            (None, true, "date") => Kind::Date,
            (None, true, "time") => Kind::Time,
            (None, true, "timestamp" | "timestamptz") => Kind::Timestamp,
            (None, true, "json" | "jsonb") => Kind::Json,
            _ => Kind::Opaque,
        };
        Type { kind, own, exact: false }
    }

    pub fn class(&self) -> Class {
        match self.kind {
            Kind::Bool => Class::Bool,
            Kind::Int | Kind::Oid => Class::Int,
            Kind::Real => Class::Real,
            Kind::Bytes => Class::Bytes,
            Kind::Text | Kind::OwnText => Class::Text,
            Kind::Uuid => Class::Uuid,
            Kind::Decimal => Class::Decimal,
            Kind::Date => Class::Date,
            Kind::Time => Class::Time,
            Kind::Timestamp => Class::Timestamp,
            Kind::Json => Class::Json,
            Kind::Enum(_) | Kind::Opaque => Class::Other,
        }
    }

    /// The bound of `varchar(n)` and `char(n)`.
    pub fn max_chars(&self, typmod: Option<i32>) -> Option<u32> {
        let bounded = matches!(self.kind, Kind::Text | Kind::OwnText);
        typmod.filter(|m| bounded && *m > 4).and_then(|m| u32::try_from(m - 4).ok())
    }

    /// The expression that reads a column.
    pub fn read(&self, column: &str) -> String {
        match self.read_as() {
            "bool" | "bytea" => column.to_owned(),
            travels => format!("{column}::{travels}"),
        }
    }

    /// The type in which a read value travels.
    pub fn read_as(&self) -> &'static str {
        match self.kind {
            Kind::Bool => "bool",
            Kind::Bytes => "bytea",
            Kind::Int | Kind::Oid => "int8",
            Kind::Real => "float8",
            _ => "text",
        }
    }

    /// The column as text to search in; of bytes, those that are plain ASCII stand for themselves.
    pub fn text(&self, column: &str) -> String {
        match self.kind {
            Kind::Bytes => format!("encode({column}, 'escape')"),
            _ => format!("{column}::text"),
        }
    }

    /// The column as one side of a comparison.
    pub fn compared(&self, column: &str) -> String {
        if matches!(self.kind, Kind::Opaque | Kind::Json) { format!("{column}::text") } else { column.to_owned() }
    }

    /// The same, where only the very same value is equal, which these types compare by rules of their own.
    pub fn exactly(self) -> Type {
        let loose = matches!(self.kind, Kind::OwnText | Kind::Decimal);
        if loose { Type { kind: Kind::Opaque, ..self } } else { Type { exact: true, ..self } }
    }

    /// The column where it has to be compared once more: a collation may hold texts equal that differ. The first comparison
    /// is the one that an index serves.
    pub fn again(&self, column: &str) -> Option<String> {
        (self.exact && self.kind == Kind::Text).then(|| format!("{column} collate \"C\""))
    }

    /// Parameter `n` as the array on the other side.
    pub fn array(&self, n: usize) -> String {
        let element = match self.kind {
            Kind::Bytes => return format!("${n}::bytea[]"),
            Kind::Text | Kind::Opaque | Kind::Json => return format!("${n}::text[]"),
            Kind::Int => "int8",
            Kind::Real => "float8",
            _ => &self.own,
        };
        format!("(${n}::text[])::{element}[]")
    }

    /// The expression that writes a text, or the element `text` of an array, into a column.
    pub fn cast(&self, text: &str) -> String {
        if self.kind == Kind::Bytes { text.to_owned() } else { format!("({text})::{}", self.own) }
    }

    /// The type in which a written value is bound.
    pub fn carrier(&self) -> &'static str {
        if self.kind == Kind::Bytes { "bytea" } else { "text" }
    }

    /// How this column is compared with these values: points in time in a form that we cannot check are compared as text,
    /// which no value can fail.
    pub fn against<'a>(&self, mut values: impl Iterator<Item = &'a Value>) -> Type {
        let is: fn(&str) -> bool = match self.kind {
            Kind::Date => is_date,
            Kind::Time => is_time,
            Kind::Timestamp => is_timestamp,
            _ => return self.clone(),
        };
        let checked = |v: &Value| v.is_null() || matches!(v, Value::Text(s) if is(s));
        let kind = if values.all(checked) { self.kind.clone() } else { Kind::Opaque };
        Type { kind, own: self.own.clone(), exact: self.exact }
    }

    /// The value as it could stand in the column; `None` where it cannot, so that it equals nothing.
    pub fn wanted(&self, value: &Value) -> Option<Bound> {
        let text = text(value)?;
        let accepted = match &self.kind {
            Kind::Bytes => return bytes(value),
            Kind::Bool => match text.as_str() {
                "true" | "1" => return Some(Bound::Text("true".to_owned())),
                "false" | "0" => return Some(Bound::Text("false".to_owned())),
                _ => false,
            },
            Kind::Int => text.parse::<i64>().is_ok(),
            Kind::Oid => text.parse::<u32>().is_ok(),
            Kind::Real => return text.parse::<f64>().ok().map(|r| Bound::Text(r.to_string())),
            Kind::Decimal => is_decimal(&text),
            Kind::Uuid => is_uuid(&text),
            Kind::Enum(labels) => labels.contains(&text),
            _ => !text.contains('\0'),
        };
        accepted.then_some(Bound::Text(text))
    }

    /// The value as it is written; NULL as `None`.
    pub fn written(&self, value: &Value) -> Option<Bound> {
        match (&self.kind, value) {
            (_, Value::Null) => None,
            (Kind::Bytes, Value::Text(s)) => bytes(value).or_else(|| Some(Bound::Bytes(s.clone().into_bytes()))),
            (Kind::Bytes, _) => bytes(value),
            (Kind::Int, Value::Bool(b)) => Some(Bound::Text(i64::from(*b).to_string())),
            _ => text(value).map(Bound::Text),
        }
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

fn is_uuid(text: &str) -> bool {
    let hyphen = |i| matches!(i, 8 | 13 | 18 | 23);
    text.len() == 36 && text.bytes().enumerate().all(|(i, b)| if hyphen(i) { b == b'-' } else { b.is_ascii_hexdigit() })
}

/// Plain digits with at most one point; lengths that PostgreSQL surely holds.
fn is_decimal(text: &str) -> bool {
    if matches!(text, "NaN" | "Infinity" | "-Infinity") {
        return true;
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let numeric = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    !whole.is_empty() && whole.len() < 10_000 && part.len() < 10_000 && numeric(whole) && numeric(part)
}
