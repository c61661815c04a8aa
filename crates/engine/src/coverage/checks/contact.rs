//! Ways to reach the company.

use super::{Found, subject};
use crate::coverage::{Kept, World};
use crate::decide::disclose::{active, receives};
use crate::policy::place::within;
use crate::policy::written::Declaration;

/// For each promised matter this way is among those that people are told, and its address has the form of its kind.
pub fn check(world: &World<'_>, kept: Kept<'_>) -> Found {
    if kept.parts().0 == "officer" {
        return officer(world, kept);
    }
    let declared = subject(world, kept)?;
    for matter in kept.named("serves", Some(declared)) {
        let told = world.said.of("contact").filter(|c| c.list("serves").contains(&matter));
        if !told.into_iter().any(|c| c.id.it == kept.id()) {
            return Err(format!("people are not told of it for {}", matter.replace('_', " ")));
        }
    }
    if let Some(kind) = kept.text("kind").filter(|k| declared.text("kind") != Some(k)) {
        return Err(format!("it is no {kind}"));
    }
    reachable(declared)
}

/// Has the address the form of its kind?
fn reachable(contact: &Declaration) -> Found {
    let address = contact.text("address").unwrap_or_default();
    let digits = address.chars().filter(char::is_ascii_digit).count();
    let fits = match contact.text("kind") {
        Some("email") => address.split_once('@').is_some_and(|(who, host)| !who.is_empty() && host.contains('.')),
        Some("phone") => digits >= 6 && address.chars().all(|c| c.is_ascii_digit() || "+-() ./".contains(c)),
        Some("form") => address.starts_with("https://") || address.starts_with('/'),
        Some("post") => address.len() >= 15 && address.contains(','),
        _ => !address.is_empty(),
    };
    if fits { Ok(()) } else { Err("its address does not have the form of its kind".to_owned()) }
}

fn officer(world: &World<'_>, kept: Kept<'_>) -> Found {
    let declared = subject(world, kept)?;
    if kept.said("office", Some(declared)) != declared.text("office") {
        return Err("the office is another one".to_owned());
    }
    let mut ways = declared.list("contacts").into_iter().filter_map(|id| world.said.find("contact", id)).peekable();
    if ways.peek().is_none() {
        return Err("nobody is told how to reach them".to_owned());
    }
    ways.try_for_each(reachable)
}

/// For each place that the contact serves, or anywhere, a list can be made of who got what for their own marketing.
pub fn direct_marketing(world: &World<'_>, kept: Kept<'_>) -> Found {
    let declared = subject(world, kept)?;
    if kept.parts().0 == "contact" {
        let serves = declared.list("serves").contains(&"direct_marketing_list");
        let place = kept.list("places");
        let own = declared.list("places");
        let reaches = |p: &&str| own.is_empty() || own.iter().any(|o| within(p, o));
        return match (serves, place.iter().find(|p| !reaches(p))) {
            (false, _) => Err("the list is not asked for there".to_owned()),
            (_, Some(place)) => Err(format!("people of {place} are not told of it")),
            _ => reachable(declared),
        };
    }
    let to = world.today;
    let from = to.checked_sub(jiff::Span::new().years(1)).unwrap_or(to);
    if declared.flag("direct_marketing").is_none() {
        return Err("nobody says whether it uses data for its own marketing".to_owned());
    }
    let categories = world.said.of("category").filter(|c| receives(world.said, declared, &c.id)).count();
    if active(declared, from, to) && declared.flag("direct_marketing") == Some(true) && categories == 0 {
        return Err("it receives data of no category, so the list would be empty".to_owned());
    }
    Ok(())
}
