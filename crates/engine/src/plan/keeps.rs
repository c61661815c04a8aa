//! What the map says for a row at erasure, less the vetoes whose time is over: they are as if they were not written. A day
//! of `None` lies after the end of every veto, also of those without one.

use jiff::Span;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::rows::{RowIx, Rows};
use crate::policy::model::{ColumnIx, Cond, Erase, Keep, OnErase, Policy, Until};
use crate::schema::Class;
use crate::value::Value;

/// What a list of a link says for a row: the first entry whose condition holds.
pub fn said<'p>(
    policy: &Policy,
    rows: &Rows,
    today: Option<Date>,
    ix: RowIx,
    entries: &'p [(Cond, OnErase)],
) -> Option<&'p OnErase> {
    let over = |said: &OnErase| matches!(said, OnErase::Keep(keep) if is_over(policy, rows, today, ix, keep));
    let mut holding = entries.iter().filter(|(when, said)| rows.holds(ix, when) && !over(said));
    holding.next().map(|(_, said)| said)
}

/// What is decided about one column of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decided {
    /// Nothing.
    Nothing,
    /// It stays, by this law, until this day.
    Stays(String, Option<Date>),
    /// A scrub does this to it.
    Does(Erase),
}

/// What a column's `erase` says: the first entry whose condition holds. An empty value is kept by no law.
pub fn column(policy: &Policy, rows: &Rows, today: Option<Date>, ix: RowIx, column: ColumnIx) -> Decided {
    let c = &policy.table(rows.row(ix).table).columns[column];
    let mut ended = false;
    for (_, erase) in c.erase.iter().filter(|(when, _)| rows.holds(ix, when)) {
        match erase {
            Erase::Keep(keep) if is_over(policy, rows, today, ix, keep) => ended = true,
            Erase::Keep(_) if rows.value(ix, column).join_text().is_none() => return Decided::Nothing,
            Erase::Keep(keep) => return Decided::Stays(keep.law.clone(), until(policy, rows, ix, keep)),
            other => return Decided::Does(other.clone()),
        }
    }
    match c.class {
        _ if !ended => Decided::Nothing,
        Class::Text | Class::Json if c.is_redacted() => Decided::Does(Erase::Redact),
        _ if c.nullable => Decided::Does(Erase::Null),
        Class::Text => Decided::Does(Erase::Blank),
        _ => Decided::Nothing,
    }
}

fn is_over(policy: &Policy, rows: &Rows, today: Option<Date>, ix: RowIx, keep: &Keep) -> bool {
    let Some(today) = today else { return true };
    until(policy, rows, ix, keep).is_some_and(|end| end < today)
}

/// The last day of a veto, where it has one and the row tells it.
pub fn until(policy: &Policy, rows: &Rows, ix: RowIx, keep: &Keep) -> Option<Date> {
    match keep.until.as_ref()? {
        Until::Date(date) => date.parse().ok(),
        Until::After(column, period) => {
            let unit = policy.table(rows.row(ix).table).columns[*column].time;
            let date: Date = match (rows.value(ix, *column), unit) {
                (value, Some(unit)) => unit.of(value)?.to_zoned(TimeZone::UTC).date(),
                (Value::Text(text), None) => text.get(..10)?.parse().ok()?,
                _ => return None,
            };
            date.checked_add(period.parse::<Span>().ok()?).ok()
        }
    }
}
