//! Safeguards and certifications.

use super::{Found, subject};
use crate::coverage::{Kept, World};
use crate::decide::transfer::held;

/// Somebody has looked at the safeguard in time.
pub fn current(world: &World<'_>, kept: Kept<'_>) -> Found {
    let declared = subject(world, kept)?;
    if let Some(class) = kept.text("class").filter(|c| declared.text("class") != Some(c)) {
        return Err(format!("it is no {class} safeguard"));
    }
    let reviewed = declared.date("reviewed").ok_or("nobody has looked at it")?;
    let every = declared.period("every").ok_or("nobody will look at it again")?;
    if reviewed > world.today {
        return Err(format!("it was reviewed on {reviewed}, which is to come"));
    }
    match reviewed.checked_add(every) {
        Ok(due) if due >= world.today => Ok(()),
        _ => Err(format!("its evidence is from {reviewed} and was due again")),
    }
}

/// The register says what the promise says, and `held` only while it is.
pub fn certification(world: &World<'_>, kept: Kept<'_>) -> Found {
    let declared = subject(world, kept)?;
    let status = declared.text("status").unwrap_or_default();
    if let Some(promised) = kept.text("status").filter(|p| *p != status) {
        return Err(format!("the register says {}, not {}", status.replace('_', " "), promised.replace('_', " ")));
    }
    if status == "held" && !held(declared, world.today) {
        return Err("the register says held, and its time is over".to_owned());
    }
    Ok(())
}
