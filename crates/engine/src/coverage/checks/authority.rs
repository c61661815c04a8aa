//! Who hears complaints.

use super::{Found, subject};
use crate::coverage::{Kept, World};
use crate::decide::rights::authorities;
use crate::policy::place::countries;

/// People of each promised place are told of this authority for each promised matter, with a way to reach it.
pub fn check(world: &World<'_>, kept: Kept<'_>) -> Found {
    let declared = subject(world, kept)?;
    let named = |key: &str| kept.named(key, Some(declared));
    for matter in named("matters") {
        for place in named("places").into_iter().flat_map(countries) {
            if !authorities(world.said, place, matter).iter().any(|a| a.id.it == kept.id()) {
                return Err(format!("people of {place} are not told of it"));
            }
        }
    }
    let ways = ["url", "address", "phone", "email"];
    if ways.iter().all(|way| declared.text(way).is_none()) {
        Err("nobody is told how to reach it".to_owned())
    } else {
        Ok(())
    }
}
