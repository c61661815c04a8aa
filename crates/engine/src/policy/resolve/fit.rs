//! Whether a literal of the map can be a value of a column.

use jiff::civil::{Date, DateTime, Time};

use super::Draft;
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{Column, ColumnIx, Fill, TableId};
use crate::policy::written::Literal;
use crate::schema::Class;
use crate::value::Value;

/// Can a column of this class hold the value? NULL is another matter.
fn fits(value: &Value, class: Class) -> bool {
    match (value, class) {
        (Value::Null, _) | (_, Class::Other) => true,
        (Value::Text(s), Class::Int) => s.parse::<i64>().is_ok(),
        (Value::Text(s), Class::Real | Class::Decimal) => s.parse::<f64>().is_ok(),
        (Value::Text(s), Class::Uuid) => s.bytes().filter(u8::is_ascii_hexdigit).count() == 32,
        (Value::Text(s), Class::Json) => serde_json::from_str::<serde_json::Value>(s).is_ok(),
        (Value::Text(s), Class::Date) => s.parse::<Date>().is_ok(),
        (Value::Text(s), Class::Time) => s.parse::<Time>().is_ok(),
        (Value::Text(s), Class::Timestamp) => s.parse::<DateTime>().is_ok() || s.parse::<jiff::Timestamp>().is_ok(),
        (Value::Text(_), class) => !matches!(class, Class::Bool | Class::Bytes),
        (Value::Bool(_), class) => matches!(class, Class::Bool | Class::Int),
        (Value::Int(i), Class::Bool) => matches!(i, 0 | 1),
        (Value::Int(_), class) => matches!(class, Class::Int | Class::Real | Class::Decimal | Class::Text),
        (Value::Real(_), class) => matches!(class, Class::Real | Class::Decimal | Class::Int),
        (Value::Bytes(_), class) => class == Class::Bytes,
    }
}

/// Is a string one that holds `{token:N}`, `{now}`, `{now:s}` or `{now:ms}`?
pub(super) fn is_template(s: &str) -> bool {
    s.contains("{token:") || s.contains("{now}") || s.contains("{now:s}") || s.contains("{now:ms}")
}

/// Why a value can not be written into a column, if so.
pub(crate) fn unwritable(value: &Value, column: &Column) -> Option<String> {
    match value {
        Value::Null if !column.nullable => Some("the column takes no NULL".to_owned()),
        Value::Text(s) if column.max_chars.is_some_and(|max| s.chars().count() > max as usize) => {
            Some(format!("the column takes at most {} characters", column.max_chars.unwrap_or_default()))
        }
        v if !fits(v, column.class) => Some(format!("the column is `{}`", column.type_name)),
        _ => None,
    }
}

/// Why what a template becomes cannot be written into a column, if so.
fn misfit(template: &str, column: &Column) -> Option<String> {
    use Class::{Date, Decimal, Int, Other, Real, Text, Time, Timestamp};
    let is = || format!("the column is `{}`", column.type_name);
    let length = filled_length(template);
    let possible = match template {
        "{now}" => matches!(column.class, Text | Other | Date | Time | Timestamp),
        "{now:s}" | "{now:ms}" => matches!(column.class, Int | Real | Decimal | Text | Other),
        _ => matches!(column.class, Text | Other),
    };
    match column.max_chars.filter(|max| possible && length > *max as usize) {
        Some(max) => Some(format!("it becomes {length} characters long, and the column takes at most {max}")),
        None => (!possible).then(is),
    }
}

/// How long a template becomes.
fn filled_length(template: &str) -> usize {
    match template {
        "{now}" => 19,
        "{now:s}" => 10,
        "{now:ms}" => 13,
        _ => {
            let mut length = 0;
            for (nth, piece) in template.split("{token:").enumerate() {
                let token = piece.split_once('}').filter(|_| nth > 0);
                let (digits, rest) = token.map_or((0, piece), |(n, rest)| (n.parse().unwrap_or(0), rest));
                length += digits + rest.chars().count();
            }
            length
        }
    }
}

/// A field in braces that is none, and what is wrong with it.
fn strange_field(text: &str) -> Option<(&str, &'static str)> {
    for piece in text.split('{').skip(1) {
        let Some((field, _)) = piece.split_once('}') else { continue };
        let like_a_field =
            !field.is_empty() && field.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b':' | b'_'));
        let number = field.strip_prefix("token:").and_then(|n| n.parse::<u32>().ok());
        match field {
            _ if !like_a_field => {}
            "now" | "now:s" | "now:ms" if text.len() == field.len() + 2 => {}
            "now" | "now:s" | "now:ms" => return Some((field, "a time is the whole value, without text around it")),
            _ if number.is_some_and(|n| (1..=64).contains(&n)) => {}
            _ => return Some((field, "nothing is filled in here")),
        }
    }
    None
}

impl Draft<'_> {
    /// Reports a field that nothing fills in.
    fn fields(&mut self, literal: &Literal) {
        let Value::Text(text) = &literal.it else { return };
        if let Some((field, why)) = strange_field(text) {
            let message = format!("`{{{field}}}` would be written as it stands");
            let help = "the fields are `{token:N}` with N from 1 to 64, `{now}`, `{now:s}` and `{now:ms}`";
            self.findings.push(Diagnostic::error(codes::UNKNOWN_FIELD, message, literal.at, why).help(help));
        }
    }

    /// Reports a literal that can never equal a value of the column.
    pub(super) fn compare_fits(&mut self, table: TableId, column: ColumnIx, literal: &Literal) {
        let c = &self.policy.table(table).columns[column];
        if !fits(&literal.it, c.class) {
            let label = format!("the column is `{}`", c.type_name);
            let message = format!("no value of column `{}` can equal this one", c.name);
            self.findings.push(Diagnostic::error(codes::VALUE_DOES_NOT_FIT, message, literal.at, label));
        }
    }

    /// What to write into a column; a value that the column cannot hold is reported.
    pub(super) fn fill(&mut self, table: TableId, column: ColumnIx, literal: &Literal) -> Fill {
        let c = &self.policy.table(table).columns[column];
        let template = match &literal.it {
            Value::Text(s) if is_template(s) => Some(s.clone()),
            _ => None,
        };
        // A map writes no bytes: what it says of a column of bytes is the text that these are.
        let value = match &literal.it {
            Value::Text(text) if c.class == Class::Bytes => Value::Bytes(text.clone().into_bytes()),
            value => value.clone(),
        };
        let reason = match &template {
            _ if c.generated => Some(self.policy.never_written(table).to_owned()),
            Some(template) => misfit(template, c),
            None => unwritable(&value, c),
        };
        if let Some(reason) = reason {
            let message = format!("column `{}` cannot hold this value", c.name);
            self.findings.push(Diagnostic::error(codes::VALUE_DOES_NOT_FIT, message, literal.at, reason));
        }
        self.fields(literal);
        template.map_or(Fill::Value(value), Fill::Template)
    }
}
