//! Rights, carried out for the people of the folder's sample.

use super::Found;
use crate::coverage::{Kept, World};
use crate::decide::rights::has;
use crate::policy::place::countries;

/// People of the promised kind and place have the right, and for those of the sample it did what it should.
pub fn tried(world: &World<'_>, kept: Kept<'_>) -> Found {
    let declared = world.said.find("right", kept.id());
    let places = if kept.value("places").is_some() { kept.list("places") } else { vec![home(world)] };
    let populations = kept.list("populations");
    let people: Vec<Option<&str>> =
        if populations.is_empty() { vec![None] } else { populations.iter().map(|p| Some(*p)).collect() };
    for place in places.into_iter().flat_map(countries) {
        for population in &people {
            let answer = has(world.said, kept.id(), place, *population);
            if !answer.allowed {
                return Err(answer.because);
            }
        }
    }
    if kept.promise.capabilities.iter().any(|c| c.it == "RTS-19")
        && declared.and_then(|d| d.text("third_persons")).is_none()
    {
        return Err("nobody says what is done with other people's data".to_owned());
    }
    let tried = world.trial.rights.get(kept.id()).ok_or("it was not tried: the folder has no sample")?;
    match (tried.people, tried.wrong.first()) {
        (0, _) => Err("the sample has nobody to try it for".to_owned()),
        (_, Some(wrong)) => Err(wrong.clone()),
        _ => Ok(()),
    }
}

/// The country of the company.
fn home<'a>(world: &World<'a>) -> &'a str {
    world.policy.about.country.as_deref().unwrap_or("*")
}

/// People of the promised places have the promised rights by this law, and not elsewhere by it.
pub fn regime(world: &World<'_>, kept: Kept<'_>) -> Found {
    let declared = super::subject(world, kept)?;
    let named = |key: &str| kept.named(key, Some(declared));
    for place in named("places").into_iter().flat_map(countries) {
        for right in named("rights") {
            let answer = has(world.said, right, place, None);
            if !answer.allowed {
                return Err(format!("{right} in {place}: {}", answer.because));
            }
        }
        let none = has(world.said, "a right that nobody has", place, None);
        if none.allowed && declared.text("requests") != Some("grant") {
            return Err(format!("people of {place} have every right"));
        }
    }
    match kept.text("requests") {
        Some(word) if declared.text("requests") != Some(word) => Err(format!("other requests are not met with {word}")),
        _ => Ok(()),
    }
}

/// The law, or one of those that a retention rule names, kept rows of somebody of the sample who was erased; the erasures were
/// as they should be, with exactly the rows kept that the sample counts.
pub fn kept(world: &World<'_>, kept: Kept<'_>) -> Found {
    let declared = super::subject(world, kept)?;
    let erasure = world.trial.rights.get("erasure").ok_or("no erasure was tried: the folder has no sample")?;
    if let Some(wrong) = erasure.wrong.first() {
        return Err(wrong.clone());
    }
    let mut ids = [declared.list("law"), declared.list("exceptions")].concat();
    ids.push(kept.id());
    if ids.iter().any(|id| erasure.kept_by.contains_key(*id)) {
        return Ok(());
    }
    Err("nothing of anybody in the sample was kept for it".to_owned())
}
