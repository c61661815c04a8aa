//! May data be used for a purpose?

use super::Decision;
use super::names::hint;
use crate::policy::category::covers;
use crate::policy::model::Said;
use crate::policy::place::within;
use crate::policy::written::Declaration;

/// What is to be used, and for whom it was gathered. What is left open is not asked; a name that the folder does not have is
/// answered with no.
#[derive(Clone, Copy, Debug, Default)]
pub struct Use<'a> {
    /// A category of the notice by id, or a key of the taxonomy.
    pub category: &'a str,
    /// Whose data it is.
    pub population: Option<&'a str>,
    /// Where the person is.
    pub place: Option<&'a str>,
    /// The collection point where it came in.
    pub point: Option<&'a str>,
    /// The source it came from.
    pub source: Option<&'a str>,
}

/// May data be used for a purpose? The purpose must name all of it and the persons, must not be closed to any of it, and where
/// the collection point or the source names purposes, must be one of those.
pub fn may_use(said: &Said, purpose: &str, data: Use<'_>) -> Decision {
    let Some(declared) = said.find("purpose", purpose) else {
        return Decision::no(format!("{purpose} is no declared purpose{}", hint(said, "purpose", purpose)), &[]);
    };
    let asked = keys(said, data.category);
    let closed = declared.list("closed_to").into_iter().filter_map(|id| said.find("category", id));
    let overlaps =
        |c: &&Declaration| c.list("covers").iter().any(|own| asked.iter().any(|k| covers(own, k) || covers(k, own)));
    if let Some(category) = closed.into_iter().find(|c| c.id.it == data.category || overlaps(c)) {
        return Decision::no(format!("the purpose is closed to {}", category.id.it), &[declared, category]);
    }
    let own = declared.list("categories");
    if let Some(key) = asked.iter().find(|key| !own.iter().any(|c| covers(c, key))) {
        return Decision::no(format!("the purpose does not name {key}"), &[declared]);
    }
    if let Some(why) = not_theirs(said, declared, data.population) {
        return Decision::no(why, &[declared]);
    }
    let regions = declared.list("regions");
    if let Some(place) = data.place.filter(|p| !regions.is_empty() && !regions.iter().any(|own| within(p, own))) {
        return Decision::no(format!("the purpose is not for data of people in {place}"), &[declared]);
    }
    let origins = [("point", "collection point", data.point), ("source", "source", data.source)];
    for (family, what, id) in origins.into_iter().filter_map(|(family, what, id)| Some((family, what, id?))) {
        let Some(origin) = said.find(family, id) else {
            return Decision::no(format!("{id} is no declared {what}{}", hint(said, family, id)), &[declared]);
        };
        let only = origin.list("purposes");
        if !only.is_empty() && !only.contains(&purpose) {
            return Decision::no(format!("data of {id} is closed to it"), &[declared, origin]);
        }
    }
    Decision::yes(declared.text("title").unwrap_or(purpose), &[declared])
}

/// The keys of the taxonomy that are meant: all that a category of the notice covers, or the key itself.
pub fn keys<'a>(said: &'a Said, category: &'a str) -> Vec<&'a str> {
    said.find("category", category).map_or_else(|| vec![category], |d| d.list("covers"))
}

/// Why a declaration that names populations is not about one; no population was asked: it is.
pub(super) fn not_theirs(said: &Said, declared: &Declaration, population: Option<&str>) -> Option<String> {
    let population = population?;
    if said.find("population", population).is_none() {
        return Some(format!("{population} is no declared population{}", hint(said, "population", population)));
    }
    let whose = declared.list("populations");
    let other = !whose.is_empty() && !whose.contains(&population);
    other.then(|| format!("it is not for data of {population}"))
}

/// What keeps a purpose from being lawful as declared: a basis without what it needs (GDPR Art. 6(1)).
pub fn unfounded(said: &Said, purpose: &Declaration) -> Option<String> {
    let has = |key: &str, family: &str| purpose.text(key).is_some_and(|id| said.find(family, id).is_some());
    let demand = || purpose.list("unless").contains(&"demand");
    match purpose.text("basis") {
        Some("contract" | "vital_interests" | "public_task") => None,
        Some("consent") => {
            let asked = matches!(purpose.text("consent"), Some("opt_in" | "explicit"));
            (!asked).then(|| "consent is its basis, and `consent` is neither `opt_in` nor `explicit`".to_owned())
        }
        Some("legal_obligation") => (!has("law", "law") && !demand())
            .then(|| "a legal obligation is its basis, and no `law` is named".to_owned()),
        Some("legitimate_interests") => (!has("assessment", "assessment"))
            .then(|| "legitimate interests are its basis, and no `assessment` is named".to_owned()),
        Some(other) => Some(format!("`{other}` is no legal basis")),
        None => Some("it has no legal basis".to_owned()),
    }
}
