//! Collection points and recorders, tried with made-up input.

use super::{Found, subject};
use crate::coverage::{Kept, World};
use crate::decide::collect::{accepts, attributes_of, records};

/// A submission with the promised fields is taken; without a required one, or with another field, it is not.
pub fn point(world: &World<'_>, kept: Kept<'_>) -> Found {
    let declared = world.said.find("point", kept.id());
    let own = |key: &str| declared.map(|d| d.texts(key).into_iter().map(|(name, _)| name).collect::<Vec<_>>());
    let required =
        if kept.value("required").is_some() { kept.list("required") } else { own("required").unwrap_or_default() };
    let mut fields = own("required").unwrap_or_default();
    fields.extend(required.iter().chain(&kept.list("permitted")));
    fields.sort_unstable();
    fields.dedup();
    let whole = accepts(world.said, kept.id(), &fields);
    if !whole.allowed {
        return Err(whole.because);
    }
    for missing in &required {
        let rest: Vec<&str> = fields.iter().copied().filter(|f| f != missing).collect();
        if accepts(world.said, kept.id(), &rest).allowed {
            return Err(format!("a submission without {missing} is taken"));
        }
    }
    let mut more = fields.clone();
    more.push("a field that nobody declared");
    if accepts(world.said, kept.id(), &more).allowed { Err("an undeclared field is taken".to_owned()) } else { Ok(()) }
}

/// An event with the promised attributes is taken, one with another attribute or of another kind is not.
pub fn recorder(world: &World<'_>, kept: Kept<'_>) -> Found {
    let declared = world.said.named(&kept.keeps.is.it);
    let promised = kept.list("attributes");
    let attributes = if promised.is_empty() { declared.map(attributes_of).unwrap_or_default() } else { promised };
    let events = if kept.value("events").is_some() {
        kept.list("events")
    } else {
        declared.map(|d| d.list("events")).unwrap_or_default()
    };
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
        let (system, rest) = column.split_once(':').unwrap_or(("", column));
        let (table, name) = rest.split_once('.').unwrap_or((rest, ""));
        let found = world.policy.system_named(system).and_then(|s| world.policy.table_named(s, table));
        let found =
            found.map(|id| world.policy.table(id)).ok_or_else(|| format!("the map has no table for {column}"))?;
        found.column(name).ok_or_else(|| format!("the map has no column {column}"))?;
        if declared.flag("linked") == Some(true) && found.links.is_empty() && found.kind.is_none() {
            return Err(format!("rows of {table} lead to nobody"));
        }
    }
    Ok(())
}
