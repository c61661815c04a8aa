//! Data that goes to other countries.

use jiff::civil::Date;

use super::{Found, subject};
use crate::coverage::{Kept, World};
use crate::decide::transfer::{covering, lawful, uncovered};
use crate::policy::place::countries;

/// Every store and every recipient abroad is covered by some transfer, and the promised corridors by this one.
pub fn map(world: &World<'_>, kept: Kept<'_>) -> Found {
    let declared = subject(world, kept)?;
    let to = kept.said("to", Some(declared)).unwrap_or_default();
    let recipients = declared.list("recipients");
    let recipient = recipients.first().copied();
    for place in kept.named("from", Some(declared)).into_iter().flat_map(countries) {
        if !covering(world.said, place, to, recipient).iter().any(|t| t.id.it == kept.id()) {
            return Err(format!("it does not reach from {place} to {to}"));
        }
    }
    match uncovered(world.policy, world.said, world.today).into_iter().next() {
        Some(flow) => Err(format!("nothing covers data from {} in {} ({})", flow.from, flow.to, flow.at)),
        None => Ok(()),
    }
}

fn lawful_on(world: &World<'_>, kept: Kept<'_>, day: Date) -> Found {
    let declared = subject(world, kept)?;
    let answer = lawful(world.said, declared, day);
    if answer.allowed { Ok(()) } else { Err(answer.because) }
}

/// What allows it is in force today, by the promised mechanism, and was not before there was any.
pub fn valid(world: &World<'_>, kept: Kept<'_>) -> Found {
    let declared = subject(world, kept)?;
    if let Some(promised) = kept.text("mechanism").filter(|m| declared.text("mechanism") != Some(m)) {
        return Err(format!("{} allows it, not {promised}", declared.text("mechanism").unwrap_or_default()));
    }
    lawful_on(world, kept, world.today)?;
    // Before the oldest of all mechanisms nothing was in force, so a check that always passes would be seen here.
    let before = jiff::civil::date(1990, 1, 1);
    if declared.text("mechanism") != Some("none_needed") && lawful_on(world, kept, before).is_ok() {
        return Err("it is allowed on any day, so nobody looks at dates".to_owned());
    }
    Ok(())
}

/// People get a copy, and in the one that was made of the folder's document everything is blackened that the promise names.
pub fn copy(world: &World<'_>, kept: Kept<'_>) -> Found {
    let declared = subject(world, kept)?;
    if declared.flag("copy_on_request") != Some(true) {
        return Err("nobody gets a copy".to_owned());
    }
    let made = world.trial.copies.get(kept.id()).ok_or("no copy was made: the folder has no sample")?;
    if let Some(wrong) = &made.wrong {
        return Err(wrong.clone());
    }
    match kept.list("redact").into_iter().find(|part| !made.blackened.iter().any(|b| b == part)) {
        Some(part) => Err(format!("{part} is not blackened in a copy")),
        None => Ok(()),
    }
}
