//! Collection points and recorders, tried with made-up input.

use super::{Found, stored, subject};
use crate::coverage::{Kept, World};
use crate::decide::collect::{accepts, attributes_of, records};
use crate::decide::replay::{Event, replay};

/// Submissions with the required fields and each other field alone, or all of them, are taken; without any one of the required
/// fields, or with any further one, they are not.
pub fn point(world: &World<'_>, kept: Kept<'_>) -> Found {
    let declared = world.said.find("point", kept.id());
    let named = |key: &str| {
        let own = declared.map(|d| d.texts(key).into_iter().map(|(name, _)| name).collect::<Vec<_>>());
        let mut all = [own.unwrap_or_default(), kept.list(key)].concat();
        all.sort_unstable();
        all.dedup();
        all
    };
    let (required, permitted) = (named("required"), named("permitted"));
    let whole = [required.clone(), permitted.clone()].concat();
    let taken = |fields: &[&str]| accepts(world.said, kept.id(), fields);
    let alone = permitted.iter().map(|field| [&required[..], &[*field]].concat());
    let backwards = whole.iter().rev().copied().collect();
    let good: Vec<Vec<&str>> = alone.chain([required.clone(), whole.clone(), backwards]).collect();
    if let Some(refused) = good.iter().map(|fields| taken(fields)).find(|answer| !answer.allowed) {
        return Err(refused.because);
    }
    for missing in &required {
        let without = |fields: &Vec<&str>| taken(&fields.iter().copied().filter(|f| f != missing).collect::<Vec<_>>());
        if good.iter().any(|fields| without(fields).allowed) {
            return Err(format!("a submission without {missing} is taken"));
        }
    }
    for more in strangers(&whole) {
        if good.iter().any(|fields| taken(&[&fields[..], &[more.as_str()]].concat()).allowed) {
            return Err(format!("the undeclared field {more:?} is taken"));
        }
    }
    Ok(())
}

/// Names that are in no contract with these: one of its own, and each of them with another case, an end, or a space.
fn strangers(names: &[&str]) -> Vec<String> {
    let like = names.iter().flat_map(|n| [n.to_uppercase(), format!("{n}[]"), format!("{n} "), format!("{n}.x")]);
    let mut all: Vec<String> = like.chain(["undeclared".to_owned(), String::new()]).collect();
    all.retain(|name| !names.contains(&name.as_str()));
    all
}

/// Events of the sample are taken as products send them, and among them are all promised attributes and events; with anything
/// added each of them is refused.
pub fn replayed(world: &World<'_>, kept: Kept<'_>) -> Found {
    let declared = world.said.named(&kept.keeps.is.it).ok_or("nothing is declared as it")?;
    let own: Vec<&Event> = world.trial.events.iter().filter(|e| e.to == kept.keeps.is.it).collect();
    if own.is_empty() {
        return Err("no event of it was replayed: `sample/events.jsonl` has none".to_owned());
    }
    let taken = |event: &Event| replay(world.said, event);
    if let Some(refused) = own.iter().map(|event| taken(event)).find(|r| !r.accepted) {
        return Err(format!("an event of the sample is refused: {}", refused.because));
    }
    let names = attributes_of(declared);
    for event in &own {
        for more in strangers(&names) {
            let mut wider = (*event).clone();
            wider.names.insert(more);
            if taken(&wider).accepted {
                return Err("an event of the sample with an undeclared attribute is taken".to_owned());
            }
        }
        if taken(&Event { event: Some("undeclared".to_owned()), ..(*event).clone() }).accepted {
            return Err("an event of the sample that nobody declared is taken".to_owned());
        }
    }
    let promised = |key: &str, all: Vec<_>| if kept.value(key).is_some() { kept.list(key) } else { all };
    let unseen = promised("attributes", names).into_iter().find(|a| !own.iter().any(|e| e.names.contains(*a)));
    let silent = promised("events", declared.list("events")).into_iter();
    match unseen.or(silent.into_iter().find(|n| !own.iter().any(|e| e.event.as_deref() == Some(n)))) {
        Some(name) => Err(format!("{name} is in no event of the sample, so it was not seen to be taken")),
        None => Ok(()),
    }
}

/// An event with the promised attributes is taken, one with another attribute or of another kind is not.
pub fn recorder(world: &World<'_>, kept: Kept<'_>) -> Found {
    let declared = world.said.named(&kept.keeps.is.it);
    let promised = kept.list("attributes");
    let attributes = if promised.is_empty() { declared.map(attributes_of).unwrap_or_default() } else { promised };
    let events = kept.named("events", declared);
    let name = &kept.keeps.is.it;
    for event in events.iter().map(|e| Some(*e)).chain([None]) {
        let answer = records(world.said, name, event, &attributes);
        if !answer.allowed {
            return Err(answer.because);
        }
    }
    let mut more = attributes.clone();
    more.push("an attribute that nobody declared");
    if records(world.said, name, None, &more).allowed {
        return Err("an undeclared attribute is taken".to_owned());
    }
    if records(world.said, name, Some("an event that nobody declared"), &attributes).allowed {
        return Err("an undeclared event is taken".to_owned());
    }
    Ok(())
}

/// What is recorded of devices is stored where the map says, in rows that lead to the person who has the device.
pub fn device(world: &World<'_>, kept: Kept<'_>) -> Found {
    recorder(world, kept)?;
    let declared = subject(world, kept)?;
    let columns = declared.list("columns");
    if columns.is_empty() {
        return Err("it does not say where it is stored".to_owned());
    }
    for column in columns {
        let table = stored(world, column)?;
        if declared.flag("linked") == Some(true) && table.links.is_empty() && table.kind.is_none() {
            return Err(format!("rows of {} lead to nobody", table.name));
        }
    }
    Ok(())
}
