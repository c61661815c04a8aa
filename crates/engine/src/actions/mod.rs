//! What column actions make of a value: pure functions of the old value, so that planner, run and probe agree.
//!
//! None of them leaves a value that it cannot read: where an address is no address, or a date no date, something that says
//! nothing stands there instead ([`nothing`]).

pub mod address;
mod coarse;
mod pseudonym;
mod within;

pub use coarse::Coarse;
pub use pseudonym::Token;
pub use within::Within;

use crate::policy::model::Column;
use crate::schema::Class;
use crate::value::Value;

/// What a column holds when it says nothing: NULL, or where it takes none, the empty or first value of its type.
pub fn nothing(column: &Column) -> Value {
    if column.nullable {
        return Value::Null;
    }
    match column.class {
        Class::Int => Value::Int(0),
        Class::Bool => Value::Bool(false),
        Class::Real => Value::Real(0.0),
        Class::Bytes => Value::Bytes(Vec::new()),
        Class::Text => Value::text(""),
        Class::Decimal => Value::text("0"),
        Class::Uuid => Value::text("00000000-0000-0000-0000-000000000000"),
        Class::Json => Value::text("null"),
        Class::Date => Value::text("1970-01-01"),
        Class::Time => Value::text("00:00:00"),
        Class::Timestamp => Value::text("1970-01-01 00:00:00"),
        Class::Other if address::is_native(column) => Value::text("0.0.0.0"),
        Class::Other => Value::text(""),
    }
}
