//! Where data comes from.

use super::{Found, subject};
use crate::coverage::{Kept, World};
use crate::decide::collect::sources;
use crate::decide::purpose::{Use, may_use};

/// Each promised category has this source; rows that record their source have one, and in the sample some have this one; what
/// the source closes is closed.
pub fn check(world: &World<'_>, kept: Kept<'_>) -> Found {
    let declared = subject(world, kept)?;
    let promised = kept.list("categories");
    let categories = if promised.is_empty() { declared.list("categories") } else { promised };
    for category in &categories {
        if !sources(world.said, category).iter().any(|s| s.id.it == kept.id()) {
            return Err(format!("{category} does not come from it"));
        }
    }
    rows(world, declared)?;
    let only = declared.list("purposes");
    for purpose in world.said.of("purpose").filter(|p| !only.is_empty() && !only.contains(&p.id.it.as_str())) {
        for category in &categories {
            let data = Use { category, source: Some(kept.id()), ..Use::default() };
            if may_use(world.said, &purpose.id, data).allowed {
                return Err(format!("{category} of this source is used for {}", purpose.id.it));
            }
        }
    }
    Ok(())
}

fn rows(world: &World<'_>, declared: &crate::policy::written::Declaration) -> Found {
    for column in declared.list("columns") {
        match world.trial.sourceless.get(column) {
            None => return Err(format!("{column} was not tried on a sample")),
            Some(0) => {}
            Some(rows) => return Err(format!("{rows} rows have no source in {column}")),
        }
        let marks = world.trial.sources.get(column);
        if let Some(mark) = declared.text("marked").filter(|m| !marks.is_some_and(|all| all.iter().any(|v| v == m))) {
            return Err(format!("no row of the sample is marked {mark} in {column}"));
        }
    }
    Ok(())
}
