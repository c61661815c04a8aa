//! Lints as mechanisms: the lint finds nothing in this folder, and finds the mistake it is for when that is planted.

use super::Found;
use crate::coverage::{Kept, World};
use crate::lint;

/// The lint is there, finds nothing, and would find what it is for.
pub fn check(world: &World<'_>, kept: Kept<'_>) -> Found {
    let lint = lint::named(kept.id()).ok_or_else(|| format!("there is no lint {}", kept.id()))?;
    let policy = world.policy;
    match (lint.run)(policy, world.said, world.today).first() {
        Some(found) => Err(found.message.clone()),
        None => Ok(()),
    }
}
