//! What an edition that customers run sends to the company.

use super::{Found, subject};
use crate::coverage::Capture;
use crate::coverage::{Kept, World};
use crate::decide::collect::sends;
use crate::decide::egress::{Passage, passes};

/// Nothing but what is listed leaves, to no other host, and only while it is switched on.
pub fn check(world: &World<'_>, kept: Kept<'_>) -> Found {
    let declared = subject(world, kept)?;
    let id = kept.id();
    let items = kept.named("sends", Some(declared));
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

/// In the traffic that was captured of the edition, nothing left but what is listed, and each promised item did while it was on,
/// and did not while it was off.
pub fn captured(world: &World<'_>, kept: Kept<'_>) -> Found {
    let declared = subject(world, kept)?;
    let own: Vec<&Capture> = world.trial.egress.iter().filter(|c| c.edition == kept.id()).collect();
    if own.is_empty() {
        return Err("no traffic of it was captured: the sample has no `egress.toml` with an archive of it".to_owned());
    }
    let found: Vec<(&Capture, Vec<Passage>)> = own.iter().map(|c| (*c, passages(world, c))).collect();
    if let Some(denied) = found.iter().flat_map(|(_, all)| all).find(|p| !p.allowed) {
        return Err(format!("something was sent to {}: {}", denied.host, denied.because));
    }
    let on_at_first = declared.text("default") == Some("on");
    let switchable = declared.text("switch").is_some_and(|who| who != "none");
    for item in kept.named("sends", Some(declared)) {
        let sent = |all: &[Passage]| all.iter().any(|p| p.exception.as_deref() == Some(item));
        if !found.iter().any(|(_, all)| sent(all)) {
            return Err(format!("{item} was never seen to be sent, so nobody knows what it carries"));
        }
        let off = |c: &Capture| !c.switches.get(item).copied().unwrap_or(on_at_first) && c.inside > 0;
        if switchable && !found.iter().any(|(capture, _)| off(capture)) {
            return Err(format!("no traffic was captured while {item} was off"));
        }
    }
    Ok(())
}

fn passages(world: &World<'_>, capture: &Capture) -> Vec<Passage> {
    capture.requests.iter().map(|request| passes(world.said, &capture.edition, request, &capture.switches)).collect()
}

/// The setting says the same as each edition that customers run, and as what was captured where nobody had decided.
pub fn setting(world: &World<'_>, kept: Kept<'_>) -> Found {
    let given = world.said.setting_text(kept.id()).ok_or_else(|| format!("{} is not decided", kept.id()))?;
    for edition in world.said.of("edition").filter(|e| e.text("run_by") == Some("customer")) {
        for item in edition.list("sends") {
            default(world, &edition.id, item, Some(given))?;
        }
    }
    let undecided = world.trial.egress.iter().filter(|c| c.switches.is_empty());
    match undecided.map(|c| c.requests.len()).max() {
        None => Err("no traffic was captured before anybody decided".to_owned()),
        Some(0) => Ok(()),
        Some(_) if given == "on" => Ok(()),
        Some(sent) => Err(format!("{sent} requests left before anybody decided")),
    }
}
