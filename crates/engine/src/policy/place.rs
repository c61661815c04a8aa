//! Places: countries, parts of them such as `US-CA`, groups such as `EEA`, and `*`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

static GROUPS: LazyLock<BTreeMap<String, Vec<String>>> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../../rules/places.toml")).expect("our own places can be read")
});

static COUNTRIES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../../rules/countries.toml")).expect("our own names of countries can be read")
});

/// The name of a country in English, by its code; the code itself where we have no name for it.
pub fn name(code: &str) -> String {
    COUNTRIES.get(code).cloned().unwrap_or_else(|| code.to_owned())
}

/// A place in words, whether country, part of one or group.
pub fn in_words(place: &str) -> String {
    match place {
        "*" => "everywhere".to_owned(),
        "EEA" => "the European Economic Area".to_owned(),
        "EU" => "the European Union".to_owned(),
        "EUROPE" => "Europe".to_owned(),
        "UK" => name("GB"),
        "US-CA" => "California".to_owned(),
        other => name(other),
    }
}

/// Is a place within another one? `US-CA` is within `US`, `NO` within `EEA`, everything within `*`.
pub fn within(place: &str, other: &str) -> bool {
    let country = place.split_once('-').map_or(place, |(country, _)| country);
    let same = |o: &str| place == o || country == o;
    same(other) || other == "*" || GROUPS.get(other).is_some_and(|group| group.iter().any(|c| same(c)))
}

/// The countries of a place: of a group its members, of anything else itself.
pub fn countries(place: &str) -> Vec<&str> {
    match GROUPS.get(place) {
        Some(group) => group.iter().map(String::as_str).collect(),
        None => vec![place],
    }
}

/// Is it a place at all: a country, a part of one, a group that we know, or `*`?
pub fn is_place(place: &str) -> bool {
    let (country, part) = place.split_once('-').map_or((place, None), |(c, p)| (c, Some(p)));
    let shaped = part.is_none_or(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()));
    place == "*" || GROUPS.contains_key(place) || (shaped && crate::policy::parse::form::country(country).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_groups_and_everywhere() {
        assert!(within("US-CA", "US") && within("NO", "EEA") && within("GB", "UK") && within("JP", "*"));
        assert!(!within("US", "US-CA") && !within("CH", "EEA") && within("EEA", "EEA"));
        assert!(is_place("US-CA") && is_place("EEA") && !is_place("Europe-ish") && !is_place("XX"));
    }
}
