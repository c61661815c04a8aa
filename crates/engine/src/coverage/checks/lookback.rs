//! Tables of the months before a day.

use jiff::Span;

use super::{Found, subject};
use crate::coverage::{Kept, World};
use crate::decide::claim::holds;
use crate::notice::lookback::{Row, lookback, year};

/// The category or recipient stands in the table of the window, and leaves it when the window has moved past its time.
pub fn check(world: &World<'_>, kept: Kept<'_>) -> Found {
    let declared = subject(world, kept)?;
    let window = declared.period("window").unwrap_or(year());
    let table = lookback(world.said, world.today, window);
    match kept.parts().0 {
        "category" => {
            let row = table.rows.iter().find(|r| r.category == kept.id()).ok_or("it does not stand in the table")?;
            if row.sources.is_empty() {
                return Err("the table names no source for it".to_owned());
            }
            match kept.text("law_name") {
                Some(name) if row.law_name.as_deref() != Some(name) => Err(format!("it is not called {name}")),
                _ => Ok(()),
            }
        }
        "recipient" => recipient(world, kept, window),
        _ => holds(world.said, declared, world.today, world.trial.cards.as_ref().map(|s| s.found.len())),
    }
}

fn recipient(world: &World<'_>, kept: Kept<'_>, window: Span) -> Found {
    let declared = subject(world, kept)?;
    let kind = declared.text("kind").ok_or("its kind is not said, so the table cannot group it")?;
    let names =
        |row: &Row| [&row.disclosed, &row.sold, &row.shared].iter().any(|kinds| kinds.iter().any(|k| k == kind));
    let promised = kept.list("categories");
    let table = lookback(world.said, world.today, window);
    for category in &promised {
        if !table.rows.iter().any(|row| row.category == *category && names(row)) {
            return Err(format!("the table does not say that {category} went to it"));
        }
    }
    if table.rows.iter().any(names) { Ok(()) } else { Err("the table does not name it".to_owned()) }
}
