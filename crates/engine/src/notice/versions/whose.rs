//! Whose data a declaration is about: the populations it names itself, or those of what it belongs to.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Version;
use super::ways::{Shift, entries};
use crate::policy::category::covers;

/// Populations; none: everybody's data.
pub type Whose = Option<BTreeSet<String>>;

/// Whose data a declaration of a version is about.
pub fn whose(version: &Version, name: &str) -> Whose {
    let own: BTreeSet<String> = version.list(name, "populations").into_iter().map(str::to_owned).collect();
    if !own.is_empty() {
        return Some(own);
    }
    let (family, id) = name.split_once(':')?;
    let by = |key: &str, family: &str| all(version, family, version.list(name, key));
    match family {
        "population" => Some(BTreeSet::from([id.to_owned()])),
        "recipient" => by("purposes", "purpose"),
        "transfer" | "safeguard" => by("recipients", "recipient"),
        "certification" => by("holder", "recipient"),
        "message" => by("purpose", "purpose"),
        "tracker" => by("on", "property").or_else(|| by("purposes", "purpose")),
        "telemetry" => by("property", "property").or_else(|| by("purposes", "purpose")),
        "aggregate" => by("from", "category"),
        "category" => of_category(version, id),
        "retention" => all(version, "purpose", naming(version, "purpose", "retention", id)),
        "assessment" => all(version, "purpose", naming(version, "purpose", "assessment", id)),
        "setting" => of_setting(version, id),
        _ => None,
    }
}

/// Whose data a change of a key is about: of who is spoken of, only those who came or went.
pub fn of_shift(old: &Version, new: &Version, name: &str, shift: &Shift<'_>) -> Whose {
    if name == "setting:ai.categories" {
        let (came, went) = (shift.came(), shift.went());
        return all(new, "category", came.iter().chain(&went).map(String::as_str));
    }
    if shift.key != "populations" {
        let sides = [old, new].into_iter().filter(|version| version.facts.contains_key(name));
        return together(sides.map(|version| whose(version, name)));
    }
    if entries(shift.before).is_empty() || entries(shift.after).is_empty() {
        return None;
    }
    Some(shift.came().into_iter().chain(shift.went()).collect())
}

/// All of several; everybody where one is about everybody.
fn together(each: impl IntoIterator<Item = Whose>) -> Whose {
    let found: Option<Vec<BTreeSet<String>>> = each.into_iter().collect();
    Some(found?.into_iter().flatten().collect())
}

/// Those of all declarations of a family with these names; everybody where there are none.
fn all<'a>(version: &Version, family: &str, ids: impl IntoIterator<Item = &'a str>) -> Whose {
    let names = ids.into_iter().map(|id| format!("{family}:{id}"));
    let found = together(names.map(|name| version.facts.contains_key(&name).then(|| whose(version, &name)).flatten()))?;
    (!found.is_empty()).then_some(found)
}

/// The declarations of a family whose key names something.
fn naming<'a>(version: &'a Version, family: &str, key: &str, id: &str) -> Vec<&'a str> {
    let names = version.facts.keys().filter(|name| version.list(name, key).contains(&id));
    names.filter_map(|name| name.split_once(':')).filter(|(own, _)| *own == family).map(|(_, id)| id).collect()
}

/// Those from whom it comes, or without a source, those for whom a purpose uses it.
fn of_category(version: &Version, id: &str) -> Whose {
    let sources = naming(version, "source", "categories", id);
    if !sources.is_empty() {
        return all(version, "source", sources);
    }
    let covered = version.list(&format!("category:{id}"), "covers");
    let uses = |name: &&String| {
        let own = version.list(name, "categories");
        own.iter().any(|c| *c == id || covered.iter().any(|key| covers(c, key)))
    };
    let purposes = version.facts.keys().filter(|name| name.starts_with("purpose:")).filter(uses);
    all(version, "purpose", purposes.filter_map(|name| name.strip_prefix("purpose:")))
}

/// Settings about one right, category or message are about its people.
fn of_setting(version: &Version, id: &str) -> Whose {
    let about = [
        ("retention.as_long_as_necessary.", "category"),
        ("fees.", "right"),
        ("clock.", "right"),
        ("messages.service_optout.", "message"),
    ];
    let (rest, family) = about.iter().find_map(|(start, family)| Some((id.strip_prefix(start)?, *family)))?;
    all(version, family, [rest])
}

/// Is data of the declaration sensitive, by a category of the version?
pub fn is_sensitive(version: &Version, keys: &[String]) -> bool {
    let sensitive = version
        .facts
        .iter()
        .filter(|(name, values)| name.starts_with("category:") && values.get("sensitive") == Some(&Value::Bool(true)));
    let covered: Vec<&str> = sensitive
        .flat_map(|(name, _)| version.list(name, "covers").into_iter().chain(name.strip_prefix("category:")))
        .collect();
    keys.iter().any(|key| covered.iter().any(|own| covers(own, key) || covers(key, own)))
}
