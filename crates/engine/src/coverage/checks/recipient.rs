//! Recipients: what they may have, what binds them, and whether they are listed.

use std::collections::BTreeSet;

use super::{Found, stored, subject};
use crate::coverage::{Kept, World};
use crate::decide::Decision;
use crate::decide::disclose::{Disclosure, may_disclose, out_of_term, receives};
use crate::decide::purpose::keys;
use crate::policy::category::covers;
use crate::policy::model::Said;
use crate::policy::written::Declaration;

/// What the promise names may go to it with what it needs, and nothing else may, for no other purpose and to nobody undeclared.
/// Of each promised category something goes, for each promised purpose, and of each promised population.
pub fn gate(world: &World<'_>, kept: Kept<'_>) -> Found {
    let declared = world.said.find("recipient", kept.id());
    let named = |key: &str| kept.named(key, declared);
    let (categories, purposes) = (named("categories"), named("purposes"));
    if categories.is_empty() || purposes.is_empty() {
        return Err("it has no category or no purpose, so nothing may go to it".to_owned());
    }
    let need = kept.said("needs", declared).filter(|n| *n != "contract");
    let given: Vec<&str> = need.into_iter().collect();
    let populations = named("populations");
    let people: Vec<Option<&str>> =
        if populations.is_empty() { vec![None] } else { populations.iter().map(|p| Some(*p)).collect() };
    let ask = |category: &str, purpose: &str, population: Option<&str>, given: &[&str]| {
        let day = world.today;
        may_disclose(world.said, kept.id(), Disclosure { category, purpose, population, place: None, given, day })
    };
    let goes = |category: &str, purpose: &str, population: Option<&str>| {
        let parts = parts(world.said, category, purpose);
        some(parts.into_iter().map(|key| ask(key, purpose, population, &given)))
    };
    let pairs = || categories.iter().flat_map(|category| purposes.iter().map(move |purpose| (*category, *purpose)));
    let each = || pairs().flat_map(|(category, purpose)| people.iter().map(move |who| (category, purpose, *who)));
    any(each().map(|(c, p, who)| goes(c, p, who)))?;
    for wanted in kept.list("categories") {
        any(each().filter(|(category, ..)| *category == wanted).map(|(c, p, who)| goes(c, p, who)))?;
    }
    for wanted in kept.list("purposes") {
        any(each().filter(|(_, purpose, _)| *purpose == wanted).map(|(c, p, who)| goes(c, p, who)))?;
    }
    for wanted in kept.list("populations") {
        any(each().filter(|(.., who)| *who == Some(wanted)).map(|(c, p, who)| goes(c, p, who)))?;
    }
    let free = |(category, purpose, who): &(&str, &str, Option<&str>)| {
        parts(world.said, category, purpose).iter().any(|key| ask(key, purpose, *who, &[]).allowed)
    };
    if let Some(((category, ..), need)) = need.and_then(|need| Some((each().find(free)?, need))) {
        return Err(format!("{category} goes to it without {need}"));
    }
    if ask("user.nobody.declared.this", purposes[0], people[0], &given).allowed {
        return Err("data that it does not receive may go to it".to_owned());
    }
    if ask(categories[0], "a purpose that nobody declared", people[0], &given).allowed {
        return Err("data may go to it for any purpose".to_owned());
    }
    Ok(())
}

/// The keys of a category, and those below them that the purpose names: what goes is what both have.
fn parts<'a>(said: &'a Said, category: &'a str, purpose: &str) -> Vec<&'a str> {
    let own = keys(said, category);
    let used = said.find("purpose", purpose).map(|p| p.list("categories")).unwrap_or_default();
    let below = used.into_iter().filter(|used| own.iter().any(|key| covers(key, used)));
    own.iter().copied().chain(below).collect()
}

/// One of the answers is yes, or why the first is not.
fn some(answers: impl Iterator<Item = Decision>) -> Found {
    any(answers.map(|answer| if answer.allowed { Ok(()) } else { Err(answer.because) }))
}

/// One of several is as it should be, or what is wrong with the first.
fn any(mut found: impl Iterator<Item = Found>) -> Found {
    let Some(first) = found.next() else { return Ok(()) };
    if first.is_ok() || found.any(|other| other.is_ok()) { Ok(()) } else { first }
}

/// The contract is dated, in force and reviewed in time, binds it to what is promised, and the columns it gets are named.
pub fn terms(world: &World<'_>, kept: Kept<'_>) -> Found {
    let declared = subject(world, kept)?;
    declared.text("agreement").ok_or("it has no dated contract")?;
    if let Some(why) = out_of_term(declared, world.today) {
        return Err(why);
    }
    let own = declared.list("terms");
    if own.is_empty() {
        return Err("its contract binds it to nothing".to_owned());
    }
    if let Some(term) = kept.list("terms").into_iter().find(|t| !own.contains(t)) {
        return Err(format!("its contract says nothing of {}", term.replace('_', " ")));
    }
    if own.contains(&"least_data") && declared.list("columns").is_empty() {
        return Err("it is to receive the least data, and no column is named".to_owned());
    }
    // The columns it gets are columns of the map.
    declared.list("columns").into_iter().try_for_each(|column| stored(world, column).map(drop))?;
    reviewed(world, declared)
}

/// What it would be sent was read: exactly its columns, of categories that it receives, and nothing of any other column.
pub fn projection(world: &World<'_>, kept: Kept<'_>) -> Found {
    let declared = subject(world, kept)?;
    let columns: BTreeSet<String> = declared.list("columns").into_iter().map(str::to_owned).collect();
    if columns.is_empty() {
        // Who runs the machines holds whole systems; what it may do with them stands in its terms.
        return Ok(());
    }
    let strange = columns.iter().find(|column| {
        let category = category_of(world, column).filter(|c| !c.starts_with("system."));
        category.is_some_and(|category| !receives(world.said, declared, category))
    });
    if let Some(column) = strange {
        return Err(format!("{column} is of a category that it does not receive"));
    }
    let export = world.trial.exports.get(kept.id()).ok_or("nothing was read for it: the folder has no sample")?;
    if let Some(why) = &export.failed {
        return Err(why.clone());
    }
    if export.columns != columns {
        return Err("other columns were read for it than are declared".to_owned());
    }
    match (export.leaked.first(), export.rows, export.marked) {
        (Some(column), ..) => Err(format!("what stands in {column} came out, and it is not to have that")),
        (_, 0, _) => Err("the sample has no row that it would be sent".to_owned()),
        (.., 0) => Err("no other column could be marked, so nothing was shown".to_owned()),
        _ => Ok(()),
    }
}

/// The category of a column of the map.
fn category_of<'a>(world: &World<'a>, column: &str) -> Option<&'a str> {
    let table = stored(world, column).ok()?;
    let (_, name) = column.split_once(':')?.1.split_once('.')?;
    table.columns[table.column(name)?].category.as_deref()
}

fn reviewed(world: &World<'_>, declared: &Declaration) -> Found {
    let Some(every) = declared.period("review_every") else { return Ok(()) };
    let last = declared.date("reviewed").ok_or("nobody has reviewed it yet")?;
    match last.checked_add(every) {
        Ok(due) if due >= world.today => Ok(()),
        _ => Err(format!("its safeguards were last reviewed on {last}")),
    }
}

/// Every recipient that works for the company stands in the public list, and the list holds nobody to whom nothing flows.
pub fn listed(world: &World<'_>, kept: Kept<'_>) -> Found {
    if kept.parts().0 == "recipient" {
        let own = subject(world, kept)?;
        if own.flag("published") != Some(true) {
            return Err("it does not stand in the list".to_owned());
        }
    } else {
        subject(world, kept)?;
    }
    let processors =
        || world.said.of("recipient").filter(|r| matches!(r.text("role"), Some("processor" | "sub_processor")));
    if let Some(hidden) =
        processors().find(|r| r.flag("published") != Some(true) && out_of_term(r, world.today).is_none())
    {
        return Err(format!("{} works for the company and is not listed", hidden.id.it));
    }
    let idle = |r: &&Declaration| r.flag("published") == Some(true) && r.list("purposes").is_empty();
    match world.said.of("recipient").find(idle) {
        Some(idle) => Err(format!("{} is listed and receives nothing", idle.id.it)),
        None => Ok(()),
    }
}
