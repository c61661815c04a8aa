//! Which hosts, people and companies a notice is about.

use super::{Found, subject};
use crate::coverage::{Kept, World};
use crate::decide::scope::governs;

/// A property governs its hosts and no others; a population is held or gathered somewhere; an entity has a name and a relation.
pub fn check(world: &World<'_>, kept: Kept<'_>) -> Found {
    match kept.parts().0 {
        "property" => property(world, kept),
        "population" => population(world, kept),
        _ => subject(world, kept).map(drop),
    }
}

fn property(world: &World<'_>, kept: Kept<'_>) -> Found {
    let declared = subject(world, kept)?;
    for host in kept.named("hosts", Some(declared)) {
        let probes = match host.strip_prefix("*.") {
            Some(base) => vec![base.to_owned(), format!("any.{base}")],
            None => vec![host.to_owned()],
        };
        for probe in probes {
            let answer = governs(world.said, &probe);
            if answer.by != [kept.keeps.is.it.clone()] {
                return Err(answer.because);
            }
        }
    }
    let foreign = governs(world.said, "somewhere-else.invalid");
    if foreign.allowed { Err("a foreign host is covered too".to_owned()) } else { Ok(()) }
}

fn population(world: &World<'_>, kept: Kept<'_>) -> Found {
    let declared = subject(world, kept)?;
    let id = kept.id();
    let told = |d: &crate::policy::written::Declaration| d.list("populations").contains(&id);
    let named = world.said.all.iter().any(told);
    let held = world.policy.kind(id).is_some();
    match declared.flag("held") {
        Some(false) if named => Ok(()),
        Some(false) => Err(format!("nothing is gathered from {id}, and no system holds them")),
        _ if held => Ok(()),
        _ => Err(format!("no system holds {id}")),
    }
}
