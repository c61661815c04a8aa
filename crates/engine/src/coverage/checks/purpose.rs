//! Purposes: what may be used for them, and on which ground.

use super::{Found, subject};
use crate::coverage::{Kept, World};
use crate::decide::purpose::{Use, may_use, unfounded};
use crate::policy::written::Declaration;

/// Each promised category may be used for each promised population; what is closed, other persons' data and undeclared
/// categories may not.
pub fn limited(world: &World<'_>, kept: Kept<'_>) -> Found {
    let declared = world.said.find("purpose", kept.id());
    let named = |key: &str| kept.named(key, declared);
    let populations = named("populations");
    let people: Vec<Option<&str>> =
        if populations.is_empty() { vec![None] } else { populations.iter().map(|p| Some(*p)).collect() };
    let categories = named("categories");
    if categories.is_empty() {
        return Err("it names no category".to_owned());
    }
    for category in categories {
        for population in &people {
            let answer = may_use(world.said, kept.id(), Use { category, population: *population, ..Use::default() });
            if !answer.allowed {
                return Err(answer.because);
            }
        }
    }
    let denied = |data: Use<'_>| !may_use(world.said, kept.id(), data).allowed;
    if let Some(open) = named("closed_to").into_iter().find(|c| !denied(Use { category: c, ..Use::default() })) {
        return Err(format!("it is open to {open}"));
    }
    if !denied(Use { category: "user.nobody.declared.this", ..Use::default() }) {
        return Err("it is open to categories that it does not name".to_owned());
    }
    Ok(())
}

/// The purpose has the promised ground, and what that ground needs.
pub fn founded(world: &World<'_>, kept: Kept<'_>) -> Found {
    let declared = subject(world, kept)?;
    if let Some(basis) = kept.text("basis").filter(|b| declared.text("basis") != Some(b)) {
        return Err(format!("its ground is not {basis}"));
    }
    unfounded(world.said, declared).map_or(Ok(()), Err)
}

/// The assessment says whose interest it is, why nothing less would do and why it does not outweigh, and is not from the future.
pub fn assessed(world: &World<'_>, kept: Kept<'_>) -> Found {
    let declared = subject(world, kept)?;
    if kept.parts().0 == "assessment" {
        let used = world.said.of("purpose").any(|p| p.text("assessment") == Some(kept.id()));
        return if used { complete(world, declared) } else { Err("no purpose rests on it".to_owned()) };
    }
    if declared.text("basis") != Some("legitimate_interests") {
        return Err("its ground is no legitimate interest".to_owned());
    }
    let id = declared.text("assessment").ok_or("it names no assessment")?;
    complete(world, world.said.find("assessment", id).ok_or_else(|| format!("there is no assessment {id}"))?)
}

fn complete(world: &World<'_>, assessment: &Declaration) -> Found {
    if let Some(empty) =
        ["interest", "necessity", "balance"].iter().find(|k| assessment.text(k).is_none_or(|t| t.len() < 20))
    {
        return Err(format!("{} says too little about `{empty}`", assessment.id.it));
    }
    if assessment.text("whose") == Some("person") {
        return Err(format!("{} weighs an interest of the person, not of the company", assessment.id.it));
    }
    match assessment.date("date") {
        Some(date) if date <= world.today => Ok(()),
        _ => Err(format!("{} has no date in the past", assessment.id.it)),
    }
}
