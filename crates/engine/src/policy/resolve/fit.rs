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

impl Draft<'_> {
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
        let reason = match &template {
            _ if c.generated => Some("the database computes it".to_owned()),
            Some(_) => None,
            None => unwritable(&literal.it, c),
        };
        if let Some(reason) = reason {
            let message = format!("column `{}` cannot hold this value", c.name);
            self.findings.push(Diagnostic::error(codes::VALUE_DOES_NOT_FIT, message, literal.at, reason));
        }
        template.map_or_else(|| Fill::Value(literal.it.clone()), Fill::Template)
    }
}
