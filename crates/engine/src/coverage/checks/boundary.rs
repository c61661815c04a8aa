//! Sentences that limit what is promised.

use super::{Found, subject};
use crate::coverage::{Kept, World};
use crate::notice::fill::flat;

/// The sentence stands in the notice as people read it, and what it links to is a page or a heading.
pub fn check(world: &World<'_>, kept: Kept<'_>) -> Found {
    let declared = subject(world, kept)?;
    let notice = crate::notice::fill::filled(world.said);
    let says = declared.text("says").unwrap_or_default();
    if !flat(&notice).contains(&flat(&crate::notice::fill::fill(world.said, says))) {
        return Err("its sentence does not stand in the notice".to_owned());
    }
    match declared.text("link") {
        Some(link) if link.starts_with("https://") => Ok(()),
        Some(heading) if notice.lines().any(|l| l.starts_with('#') && l.trim_start_matches(['#', ' ']) == heading) => {
            Ok(())
        }
        Some(link) => Err(format!("{link} is neither a page nor a heading")),
        None => Ok(()),
    }
}
