//! What changes of the notice lead to: made-up changes of each class, and what the folder owes for them.

use serde_json::{Value, json};

use super::Found;
use crate::coverage::{Kept, World};
use crate::notice::versions::{Agreement, Class, Needed, Version, diff, owed, satisfies};

/// For a change of the mechanism's class, people are told by the promised channels, and what counts as agreement is as promised.
pub fn check(world: &World<'_>, kept: Kept<'_>) -> Found {
    let (family, id) = kept.parts();
    let now = Version::of(world.policy, world.said, world.today)?;
    match (family, id) {
        ("change", class) => class_of(&now, kept, class),
        (_, "change.less_restrictive_needs_consent") => less_restrictive(&now, kept),
        (_, "acceptance.deemed") => deemed(&now, world, kept),
        _ => setting(world, kept),
    }
}

/// A version that differs from another one by a change of a class.
fn changed(now: &Version, class: Class) -> Version {
    let mut next = now.clone();
    let mut add = |name: &str, values: Value| {
        let values = values.as_object().cloned().unwrap_or_default();
        next.facts.insert(name.to_owned(), values.into_iter().collect());
    };
    match class {
        Class::Editorial => next.words.push_str("\nOne more word."),
        Class::Notice => add("entity:made-up", json!({ "name": "Made Up Ltd", "relation": "affiliate" })),
        Class::FreshConsent => add("purpose:made-up", json!({ "title": "made up", "basis": "consent" })),
    }
    next
}

fn class_of(now: &Version, kept: Kept<'_>, class: &str) -> Found {
    let all = [Class::Editorial, Class::Notice, Class::FreshConsent];
    let class = all.into_iter().find(|c| c.word() == class).ok_or_else(|| format!("{class} is no class of changes"))?;
    let next = changed(now, class);
    let found = diff(now, &next);
    if found.class != class {
        return Err(format!("a made-up change is {}, not {}", found.class.word(), class.word()));
    }
    let duty = owed(&next, &found);
    if duty.channels.is_empty() {
        return Err("nobody is told of it".to_owned());
    }
    if let Some(channel) = kept.list("channels").into_iter().find(|c| !duty.channels.iter().any(|own| own == c)) {
        return Err(format!("people are not told by {}", channel.replace('_', " ")));
    }
    let promised = match kept.text("agreement") {
        Some("explicit") => Needed::Explicit,
        Some("deemed") => Needed::Deemed,
        Some(_) => Needed::None,
        None => return Ok(()),
    };
    if duty.agreement != promised {
        return Err("something else counts as agreement".to_owned());
    }
    let passes = satisfies(duty.agreement, Some(Agreement::Deemed));
    if promised == Needed::Explicit && passes { Err("going on counts as an answer".to_owned()) } else { Ok(()) }
}

/// A longer period waits for consent.
fn less_restrictive(now: &Version, kept: Kept<'_>) -> Found {
    let rule =
        |period: &str| json!({ "period": period }).as_object().cloned().unwrap_or_default().into_iter().collect();
    let (mut old, mut new) = (now.clone(), now.clone());
    old.facts.insert("retention:made-up".to_owned(), rule("P1M"));
    new.facts.insert("retention:made-up".to_owned(), rule("P2M"));
    let waits = diff(&old, &new).class == Class::FreshConsent;
    let promised = kept.value("value").is_none_or(|v| v.to_string() == "true");
    if waits == promised { Ok(()) } else { Err(format!("a longer period waits for consent: {waits}")) }
}

/// Going on counts as far as the setting says, and never for fresh consent.
fn deemed(now: &Version, world: &World<'_>, kept: Kept<'_>) -> Found {
    setting(world, kept)?;
    let next = changed(now, Class::FreshConsent);
    let duty = owed(&next, &diff(now, &next));
    if satisfies(duty.agreement, Some(Agreement::Deemed)) {
        return Err("going on counts as fresh consent".to_owned());
    }
    let next = changed(now, Class::Notice);
    let told = owed(&next, &diff(now, &next));
    match world.said.setting_text(kept.id()) {
        Some("never") if told.agreement == Needed::Deemed => {
            Err("going on counts, and the setting says never".to_owned())
        }
        _ => Ok(()),
    }
}

/// The setting has the promised value.
pub fn setting(world: &World<'_>, kept: Kept<'_>) -> Found {
    let given = world.said.setting(kept.id()).ok_or_else(|| format!("{} is not decided", kept.id()))?;
    match kept.value("value") {
        Some(promised) if !given.holds(promised) => Err(format!("{} is {given}", kept.id())),
        _ => Ok(()),
    }
}
