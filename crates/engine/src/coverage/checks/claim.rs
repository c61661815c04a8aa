//! Statements of the notice, computed anew from what the folder says.

use super::{Found, subject};
use crate::coverage::{Kept, World};
use crate::decide::claim::holds;
use crate::decide::disclose::{Class, classes};

/// The statement follows from the folder.
pub fn check(world: &World<'_>, kept: Kept<'_>) -> Found {
    holds(world.said, subject(world, kept)?, world.today, world.trial.cards.as_ref().map(|scan| scan.found.len()))
}

/// This recipient's flow is of the class that the promise names.
pub fn recipient(world: &World<'_>, kept: Kept<'_>) -> Found {
    let declared = subject(world, kept)?;
    if let Some(promised) = kept.text("consideration").filter(|p| declared.text("consideration") != Some(p)) {
        return Err(format!("the company gets something else for it than {promised}"));
    }
    let sold = classes(world.said, declared).contains(&Class::Sale);
    match kept.text("consideration") {
        promised if sold && promised != Some("money") => Err("it is a sale".to_owned()),
        _ if declared.text("consideration").is_none() => Err("nobody says what the company gets for it".to_owned()),
        _ => Ok(()),
    }
}
