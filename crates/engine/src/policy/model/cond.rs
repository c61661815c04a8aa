//! Conditions on rows.

use super::{ColumnIx, TableId};
use crate::value::Value;

/// A condition on a row: all tests hold. The empty condition always holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cond(pub Vec<(ColumnIx, Test)>);

/// One test of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// Equal to one of these; [`Value::Null`] among them accepts NULL.
    In(Vec<Value>),
    /// The test does not hold; NULL is not equal to any value, so `not = 3` accepts NULL.
    Not(Box<Test>),
    /// Less than; never NULL.
    Lt(Value),
    /// Greater than; never NULL.
    Gt(Value),
    /// Text that begins so.
    Prefix(String),
    /// The bit of that number (from 0) is set.
    Bit(u32),
    /// The value stands in a column of another table, in a row for which a condition holds.
    Lookup(Box<Lookup>),
}

/// Where the values of a test are looked up. NULL is found nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookup {
    /// The table; it need not be mapped otherwise.
    pub table: TableId,
    /// Its column.
    pub column: ColumnIx,
    /// Which of its rows count.
    pub filter: Cond,
}

impl Cond {
    /// The columns it looks at.
    pub fn columns(&self) -> impl Iterator<Item = ColumnIx> + '_ {
        self.0.iter().map(|(c, _)| *c)
    }

    /// Does it hold for a row, given by a function from column to value? Nothing is found in other tables.
    pub fn holds<'a>(&self, value: impl Fn(ColumnIx) -> &'a Value) -> bool {
        self.holds_where(value, &|_, _| false)
    }

    /// Does it hold for a row, where `found` tells whether a value is found in another table?
    pub fn holds_where<'a>(
        &self,
        value: impl Fn(ColumnIx) -> &'a Value,
        found: &dyn Fn(&Lookup, &Value) -> bool,
    ) -> bool {
        self.0.iter().all(|(c, test)| test.holds_where(value(*c), found))
    }

    /// Does it look a value up in another table, so that the row alone does not tell?
    pub fn looks_up(&self) -> bool {
        self.lookups().next().is_some()
    }

    /// The columns whose values are looked up in other tables, and where.
    pub fn lookups(&self) -> impl Iterator<Item = (ColumnIx, &Lookup)> {
        self.0.iter().filter_map(|(c, test)| Some((*c, test.lookup()?)))
    }
}

impl Test {
    /// Does it hold for a value? Nothing is found in other tables.
    pub fn holds(&self, value: &Value) -> bool {
        self.holds_where(value, &|_, _| false)
    }

    /// Where the value is looked up.
    fn lookup(&self) -> Option<&Lookup> {
        match self {
            Test::Lookup(lookup) => Some(lookup),
            Test::Not(test) => test.lookup(),
            _ => None,
        }
    }

    fn holds_where(&self, value: &Value, found: &dyn Fn(&Lookup, &Value) -> bool) -> bool {
        match self {
            Test::In(list) => list.iter().any(|v| alike(v, value)),
            Test::Not(test) => !test.holds_where(value, found),
            Test::Lt(bound) => compare(value, bound).is_some_and(|o| o.is_lt()),
            Test::Gt(bound) => compare(value, bound).is_some_and(|o| o.is_gt()),
            Test::Prefix(p) => matches!(value, Value::Text(s) if s.starts_with(p)),
            Test::Bit(n) => matches!(value, Value::Int(i) if *n < 64 && i >> n & 1 == 1),
            Test::Lookup(lookup) => found(lookup, value),
        }
    }
}

/// Equality of a literal of the map and a value of a database, where truth values may be stored as 0 and 1.
fn alike(literal: &Value, value: &Value) -> bool {
    match (literal, value) {
        (Value::Null, v) => v.is_null(),
        (Value::Text(a), Value::Text(b)) => a == b,
        (Value::Bool(b), Value::Int(i)) | (Value::Int(i), Value::Bool(b)) => i64::from(*b) == *i,
        (a, b) => matches!((a.join_text(), b.join_text()), (Some(a), Some(b)) if a == b),
    }
}

fn compare(value: &Value, bound: &Value) -> Option<std::cmp::Ordering> {
    let number = |v: &Value| match v {
        Value::Int(i) => Some(*i as f64),
        Value::Real(r) => Some(*r),
        _ => None,
    };
    match (value, bound) {
        (Value::Null, _) | (_, Value::Null) => None,
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        (a, b) => number(a)?.partial_cmp(&number(b)?),
    }
}
