//! Who has which right, and who hears a complaint, by place and population.

use super::Decision;
use super::names::ending;
use crate::policy::model::Said;
use crate::policy::place::within;
use crate::policy::written::Declaration;

/// Has a person a right: by the folder's own grant, or by the law of the place? Without either, the folder says what is done.
pub fn has(said: &Said, right: &str, place: &str, population: Option<&str>) -> Decision {
    let covers = |d: &Declaration| {
        let (places, people) = (d.list("places"), d.list("populations"));
        let here = places.is_empty() || places.iter().any(|p| within(place, p));
        here && population.is_none_or(|who| people.is_empty() || people.contains(&who))
    };
    if let Some(own) = said.find("right", right).filter(|d| covers(d)) {
        return Decision::yes("the company grants it", &[own]);
    }
    let regimes = nearest(said.of("regime").filter(|d| covers(d)).collect());
    if let Some(law) = regimes.iter().find(|d| d.list("rights").contains(&right)) {
        return Decision::yes(law.text("title").unwrap_or(&law.id), &[law]);
    }
    // Kindness towards people without a law of their own is about rights that others have.
    let known = said.find("right", right).is_some() || said.of("regime").any(|d| d.list("rights").contains(&right));
    let all = said.of("right").map(|d| d.id.it.as_str()).chain(said.of("regime").flat_map(|d| d.list("rights")));
    let hint = if known { String::new() } else { ending(right, all) };
    let mut done: Vec<&str> = regimes.iter().filter_map(|d| d.text("requests")).collect();
    if done.is_empty() {
        done.extend(said.setting_text("rights.no_law_place"));
    }
    // Of two laws that say different things, the kinder one.
    if known && done.contains(&"grant") {
        return Decision::yes("granted where no law gives it", &regimes);
    }
    match done.contains(&"discretion") {
        true => Decision::no(format!("a named person decides{hint}"), &regimes),
        false => Decision::no(format!("no law there gives it, and the company does not grant it{hint}"), &regimes),
    }
}

/// `*` is for all others: it counts only where no regime names the place.
fn nearest(fitting: Vec<&Declaration>) -> Vec<&Declaration> {
    let (others, own): (Vec<&Declaration>, Vec<&Declaration>) =
        fitting.into_iter().partition(|d| d.list("places").iter().all(|place| *place == "*"));
    if own.is_empty() { others } else { own }
}

/// Who hears a matter, such as `complaints`, from people of a place; those named for the place itself come first.
pub fn authorities<'a>(said: &'a Said, place: &str, matter: &str) -> Vec<&'a Declaration> {
    let hears =
        |d: &&Declaration| d.list("matters").contains(&matter) && d.list("places").iter().any(|own| within(place, own));
    let mut found: Vec<&Declaration> = said.of("authority").filter(hears).collect();
    found.sort_by_key(|d| !d.list("places").contains(&place));
    found
}
