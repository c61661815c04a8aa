//! Categories as the notice names them, held against columns, fields and recorders.

use std::collections::BTreeSet;

use super::{Found, subject};
use crate::coverage::{Inventory, Kept, World};
use crate::decide::collect::{categories, fields_of};
use crate::policy::category::covers;
use crate::policy::model::Said;
use crate::policy::written::Given;

/// A category covers what is stored or gathered under its keys; a term says something of categories that there are.
pub fn check(world: &World<'_>, kept: Kept<'_>) -> Found {
    if kept.parts().0 == "term" {
        return term(world, kept);
    }
    let declared = subject(world, kept)?;
    let keys = kept.named("covers", Some(declared));
    for key in &keys {
        if !categories(world.said, key).iter().any(|d| d.id.it == kept.id()) {
            return Err(format!("{key} does not belong to it"));
        }
    }
    let gathered = keys.iter().any(|key| is_held(world, key));
    match declared.flag("collected") {
        Some(false) if gathered => Err("it is said not to be gathered, and is".to_owned()),
        Some(false) => Ok(()),
        _ if gathered => Ok(()),
        _ => Err("no column, field or recorder holds any of it".to_owned()),
    }
}

/// Is data under a key of the taxonomy stored in a column, asked for in a field, or recorded?
fn is_held(world: &World<'_>, key: &str) -> bool {
    let columns = world.policy.tables.iter().flat_map(|t| &t.columns);
    let stored = columns.filter_map(|c| c.category.as_deref()).any(|own| covers(key, own));
    stored || gathered(world.said).iter().any(|own| covers(key, own))
}

/// The categories of all fields and recorded attributes.
pub fn gathered(said: &Said) -> Vec<&str> {
    let fields = said.of("point").flat_map(fields_of);
    let recorded = said.of("telemetry").flat_map(|t| t.texts("attributes"));
    fields.chain(recorded).map(|(_, category)| category).collect()
}

fn term(world: &World<'_>, kept: Kept<'_>) -> Found {
    let declared = subject(world, kept)?;
    let word = declared.text("word").unwrap_or_default().to_lowercase();
    let notice = world.said.notice.as_ref().ok_or("there is no notice")?;
    if !notice.text.to_lowercase().contains(&word) {
        return Err(format!("the notice does not use the word {word}"));
    }
    let keys: Vec<&str> = declared.list("categories");
    // What is said to identify nobody must not be stored beside a link to a person.
    if declared.flag("personal") == Some(false) {
        let linked = |key: &&&str| {
            let mut tables = world.policy.tables.iter().filter(|t| !t.links.is_empty() || t.kind.is_some());
            tables.any(|t| t.columns.iter().filter_map(|c| c.category.as_deref()).any(|own| covers(key, own)))
        };
        if let Some(key) = keys.iter().find(linked) {
            return Err(format!("{key} is stored in rows that lead to a person"));
        }
    }
    Ok(())
}

/// Behind each number stand at least so many people, by the folder's own threshold and in the sample.
pub fn group(world: &World<'_>, kept: Kept<'_>) -> Found {
    let declared = subject(world, kept)?;
    let least = declared.whole("smallest_group").unwrap_or_default();
    let promised = match kept.value("smallest_group") {
        Some(Given::Whole(n)) => *n,
        _ => least,
    };
    let setting = match world.said.setting("anonymity.smallest_group") {
        Some(Given::Whole(n)) => *n,
        _ => 2,
    };
    if least < promised || least < setting || least < 2 {
        return Err(format!("{least} people are fewer than the {} that are needed", promised.max(setting).max(2)));
    }
    if declared.list("tables").is_empty() {
        return Ok(());
    }
    match world.trial.groups.get(kept.id()) {
        Some(smallest) if *smallest >= least => Ok(()),
        Some(smallest) => Err(format!("a row of the sample stands for {smallest}")),
        None => Err("its tables were not tried on a sample".to_owned()),
    }
}

/// What customers make of it is a category of theirs: it names keys that only they fill, and what one of them defined is held of
/// its own people alone.
pub fn set_by_customer(world: &World<'_>, kept: Kept<'_>) -> Found {
    let declared = subject(world, kept)?;
    if declared.text("set_by") != Some("customer") {
        return Err("customers do not decide what belongs to it".to_owned());
    }
    let tenants = world.policy.tables.iter().filter(|t| t.tenant.is_some() || !t.links.is_empty());
    let keys = declared.list("covers");
    let columns = tenants.flat_map(|t| &t.columns).filter_map(|c| c.category.as_deref());
    if !columns.into_iter().any(|own| keys.iter().any(|key| covers(key, own))) {
        return Err("no table of a customer holds it".to_owned());
    }
    let inventory = world.trial.inventories.get(kept.id()).ok_or("`defined` does not say where customers define it")?;
    apart(inventory)
}

/// What is held of a customer's people was defined by that customer, for two customers at least, whose definitions differ.
fn apart(inventory: &Inventory) -> Found {
    for (customer, held) in &inventory.held {
        if let Some((other, _)) = held.iter().find(|definition| !inventory.defined.contains(*definition)) {
            return Err(format!("customer {other} defined nothing of what is held of people of customer {customer}"));
        }
        if let Some((other, _)) = held.iter().find(|(owner, _)| owner != customer) {
            return Err(format!("what customer {other} defined is attributed to people of customer {customer}"));
        }
    }
    let sets: Vec<_> = inventory.held.values().filter(|held| !held.is_empty()).collect();
    if sets.len() < 2 {
        return Err("the sample does not hold it for people of two customers".to_owned());
    }
    let names = |held: &BTreeSet<(String, String)>| held.iter().map(|(_, name)| name.clone()).collect::<BTreeSet<_>>();
    if sets.windows(2).all(|pair| names(pair[0]) == names(pair[1])) {
        return Err("all customers of the sample defined the same, so they cannot be told apart".to_owned());
    }
    Ok(())
}
