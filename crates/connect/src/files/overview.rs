//! What a table is like, for somebody who has no question yet.

use std::ops::ControlFlow;

use engine::ask::{Failure, Row};

use super::place::{Object, Place};
use super::table::{Entry, Files, Of};

/// How much of a large table a sample looks through.
const LOOKED_THROUGH: usize = 20_000;

/// How many objects a table has, up to a bound.
pub(super) async fn count(place: &dyn Place, table: &Files, most: u64) -> Result<u64, Failure> {
    let mut rows = 0;
    let mut each = |object: Object| {
        rows += u64::from(Entry::of(table, &object).is_some());
        if rows < most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    place.list(&table.start(), &mut each).await?;
    Ok(rows)
}

/// Objects of a table, spread over the first [`LOOKED_THROUGH`] of its listing.
pub(super) async fn sample(
    place: &dyn Place,
    table: &Files,
    columns: &[String],
    rows: usize,
) -> Result<Vec<Row>, Failure> {
    let shown = columns.iter().map(|c| table.column(c)).collect::<Result<Vec<Of>, _>>()?;
    let (mut kept, mut seen, mut step) = (Vec::new(), 0, 1);
    let mut each = |object: Object| {
        let Some(entry) = Entry::of(table, &object) else { return ControlFlow::Continue(()) };
        if seen % step == 0 {
            kept.push(shown.iter().map(|column| entry.value(*column)).collect());
        }
        seen += 1;
        if kept.len() > rows {
            // Every second one goes, and from here on half as many come.
            let mut at = 0;
            kept.retain(|_: &Row| {
                at += 1;
                at % 2 == 1
            });
            step *= 2;
        }
        if rows > 0 && seen < LOOKED_THROUGH { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    place.list(&table.start(), &mut each).await?;
    kept.truncate(rows);
    Ok(kept)
}
