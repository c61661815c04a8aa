//! May data be used for a purpose?

use super::Decision;
use super::collect::categories;
use super::names::hint;
use crate::policy::category::covers;
use crate::policy::model::Said;
use crate::policy::written::Declaration;

/// What is to be used, and for whom it was gathered.
#[derive(Clone, Copy, Debug, Default)]
pub struct Use<'a> {
    /// A category of the notice by id, or a key of the taxonomy.
    pub category: &'a str,
    /// Whose data it is.
    pub population: Option<&'a str>,
    /// The collection point where it came in.
    pub point: Option<&'a str>,
    /// The source it came from.
    pub source: Option<&'a str>,
}

/// May data be used for a purpose? The purpose must name its category and the persons, must not be closed to it, and where
/// the collection point or the source names purposes, must be one of those.
pub fn may_use(said: &Said, purpose: &str, data: Use<'_>) -> Decision {
    let Some(declared) = said.find("purpose", purpose) else {
        return Decision::no(format!("{purpose} is no declared purpose{}", hint(said, "purpose", purpose)), &[]);
    };
    let meant = categories(said, data.category);
    let closed = declared.list("closed_to");
    if let Some(category) = meant.iter().find(|c| closed.contains(&c.id.it.as_str())) {
        return Decision::no(format!("the purpose is closed to {}", category.id.it), &[declared, category]);
    }
    if !keys(&meant, data.category).iter().any(|key| names(said, declared, key)) {
        return Decision::no(format!("the purpose does not name {}", data.category), &[declared]);
    }
    let whose = declared.list("populations");
    if let Some(population) = data.population.filter(|p| !whose.is_empty() && !whose.contains(p)) {
        return Decision::no(format!("the purpose is not for data of {population}"), &[declared]);
    }
    let origins = [data.point.and_then(|p| said.find("point", p)), data.source.and_then(|s| said.find("source", s))];
    for origin in origins.into_iter().flatten() {
        let only = origin.list("purposes");
        if !only.is_empty() && !only.contains(&purpose) {
            return Decision::no(format!("data of {} is closed to it", origin.id.it), &[declared, origin]);
        }
    }
    Decision::yes(declared.text("title").unwrap_or(purpose), &[declared])
}

/// The keys of the taxonomy that are meant.
fn keys<'a>(meant: &[&'a Declaration], category: &'a str) -> Vec<&'a str> {
    let by_id: Vec<&str> = meant.iter().filter(|d| d.id.it == category).flat_map(|d| d.list("covers")).collect();
    if by_id.is_empty() { vec![category] } else { by_id }
}

/// Does a purpose name a key, by itself or by a category of the notice that covers it?
fn names(said: &Said, purpose: &Declaration, key: &str) -> bool {
    let own = purpose.list("categories");
    let by_id = |c: &&str| said.find("category", c).is_some_and(|d| d.list("covers").iter().any(|k| covers(k, key)));
    own.iter().any(|c| covers(c, key)) || own.iter().any(by_id)
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
