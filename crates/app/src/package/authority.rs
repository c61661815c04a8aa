//! Who hears complaints, by country. The list is data, in `rules/authorities`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// An authority that hears complaints.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    /// Its name, in its own language.
    pub name: String,
    /// Address of its web site.
    pub web: String,
    /// What else to know, by language.
    #[serde(default)]
    pub note: BTreeMap<String, String>,
}

/// The authority of a country (ISO 3166-1, two letters), where the list has one.
pub fn of(country: &str) -> Option<&'static Authority> {
    static ALL: LazyLock<BTreeMap<String, Authority>> = LazyLock::new(|| {
        let europe = include_str!("../../../../rules/authorities/europe.toml");
        toml::from_str(europe).expect("the built-in list of authorities is TOML")
    });
    ALL.get(country)
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn every_country_of_the_single_market_has_one_with_a_secure_address() {
        let countries =
            "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK CH GB";
        for country in countries.split(' ') {
            let authority = of(country).unwrap_or_else(|| panic!("{country} has none"));
            let plain = |c: char| c.is_ascii_alphanumeric() || "-.".contains(c);
            assert!(authority.web.strip_prefix("https://").is_some_and(|w| w.chars().all(plain)), "{country}");
            assert!(!authority.name.is_empty());
        }
        assert!(of("US").is_none());
    }
}
