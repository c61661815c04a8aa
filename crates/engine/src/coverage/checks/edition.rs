//! What an edition that customers run sends to the company.

use super::{Found, subject};
use crate::coverage::{Kept, World};
use crate::decide::collect::sends;

/// Nothing but what is listed leaves, to no other host, and only while it is switched on.
pub fn check(world: &World<'_>, kept: Kept<'_>) -> Found {
    let declared = subject(world, kept)?;
    let id = kept.id();
    let items = if kept.value("sends").is_some() { kept.list("sends") } else { declared.list("sends") };
    let host = declared.list("hosts").first().copied();
    for item in &items {
        let on = sends(world.said, id, item, host, Some(true));
        if !on.allowed {
            return Err(on.because);
        }
        if declared.text("switch").is_some_and(|who| who != "none")
            && sends(world.said, id, item, host, Some(false)).allowed
        {
            return Err(format!("{item} is sent although it was switched off"));
        }
        if sends(world.said, id, item, Some("elsewhere.invalid"), Some(true)).allowed {
            return Err(format!("{item} is sent to any host"));
        }
        default(world, id, item, declared.text("default"))?;
    }
    if sends(world.said, id, "anything else", host, Some(true)).allowed {
        return Err("more is sent than what is listed".to_owned());
    }
    Ok(())
}

fn default(world: &World<'_>, id: &str, item: &str, says: Option<&str>) -> Found {
    let before = sends(world.said, id, item, None, None).allowed;
    if before == (says == Some("on")) {
        Ok(())
    } else {
        Err(format!("{item} is sent before anybody decided: {before}"))
    }
}

/// The setting says the same as each edition that customers run.
pub fn setting(world: &World<'_>, kept: Kept<'_>) -> Found {
    let given = world.said.setting_text(kept.id()).ok_or_else(|| format!("{} is not decided", kept.id()))?;
    for edition in world.said.of("edition").filter(|e| e.text("run_by") == Some("customer")) {
        for item in edition.list("sends") {
            default(world, &edition.id, item, Some(given))?;
        }
    }
    Ok(())
}
