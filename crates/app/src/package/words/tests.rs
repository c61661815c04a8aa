//! Both languages say everything, and say it as they should.

use std::collections::BTreeSet;

use engine::schema::Class;

use super::{DE, DE_LABELS, EN, EN_LABELS, codes, of};

/// Every key of a table with the placeholders in its text, but vocabularies of names.
fn keys(at: &str, value: &toml::Value, into: &mut BTreeSet<String>) {
    match value {
        toml::Value::Table(table) => {
            for (key, value) in table.iter().filter(|(key, _)| !at.is_empty() || *key != "names") {
                keys(&format!("{at}.{key}"), value, into);
            }
        }
        toml::Value::String(text) => {
            let mut names: Vec<&str> = text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
            names.sort_unstable();
            into.insert(format!("{at} {names:?}"));
        }
        _ => drop(into.insert(at.to_owned())),
    }
}

#[test]
fn every_language_has_every_key_with_the_same_values_set_in() {
    for (first, other) in [(EN, DE), (EN_LABELS, DE_LABELS)] {
        let read = |text| {
            let (mut found, table) = (BTreeSet::new(), toml::from_str(text).unwrap());
            keys("", &toml::Value::Table(table), &mut found);
            found
        };
        let (first, other) = (read(first), read(other));
        assert!(first.len() > 90);
        let differ: Vec<_> = first.symmetric_difference(&other).collect();
        assert!(differ.is_empty(), "{differ:#?}");
    }
    for code in codes() {
        assert_eq!(of(Some(code)).code, code);
    }
}

#[test]
fn every_category_of_a_person_has_a_label() {
    let categories: toml::Table = include_str!("../../../../../rules/taxonomy/fides.toml").parse().unwrap();
    let categories = categories["categories"].as_table().unwrap();
    for code in codes() {
        let without = categories.keys().filter(|k| k.starts_with("user") && !of(Some(code)).labels.contains_key(*k));
        assert_eq!(without.count(), 0, "{code}");
    }
    let own = [("user.content.ticket".to_owned(), "What people write".to_owned())].into();
    assert_eq!(of(None).category("user.content.ticket.reply", &own), Some("What people write"));
    assert_eq!(of(Some("de")).category("user.name", &own), Some("Ihr Name"));
    assert_eq!(of(None).category("system.operations", &own), None);
}

#[test]
fn numbers_dates_and_lists_are_written_as_the_language_does() {
    let (en, de) = (of(Some("en")), of(Some("de")));
    assert_eq!((en.number(1_234_567), de.number(1_234_567)), ("1,234,567".into(), "1.234.567".into()));
    assert_eq!((en.size(18_204), de.size(18_204)), ("18.2 kB".into(), "18,2 kB".into()));
    assert_eq!(
        (en.amount(1, &en.count.records), de.amount(1, &de.count.records)),
        ("1 record".into(), "1 Eintrag".into())
    );
    assert_eq!(
        (en.amount(0, &en.count.records), de.amount(2, &de.count.records)),
        ("0 records".into(), "2 Einträge".into())
    );
    let day = "2026-12-28T09:30:00Z".parse().unwrap();
    assert_eq!((en.day(day), de.day(day)), ("28 December 2026".into(), "28. Dezember 2026".into()));
    let at = |w: &super::Words| w.moment("2026-12-28 09:30:05", Class::Timestamp, "Europe/Oslo").unwrap();
    assert_eq!(at(en), "28 December 2026, 09:30:05 Europe/Oslo");
    assert_eq!(at(de), "28. Dezember 2026, 09:30:05 Uhr Europe/Oslo");
    assert_eq!(en.moment("2026-13-28", Class::Date, "UTC"), None);
    let list = ["a", "b", "c"].map(str::to_owned);
    assert_eq!((en.list(&list), de.list(&list)), ("a, b and c".into(), "a, b und c".into()));
    assert_eq!((en.period("P1Y6M"), de.period("P12M")), (Some("1 year and 6 months".into()), Some("12 Monate".into())));
}

#[test]
fn names_of_columns_become_words() {
    let (en, de) = (of(None), of(Some("de")));
    assert_eq!((en.label("from_address"), de.label("from_address")), ("From address".into(), "Absenderadresse".into()));
    assert_eq!((en.label("vat_id"), en.label("BillTo")), ("VAT ID".into(), "BillTo".into()));
    assert_eq!((de.label("vat_cents"), de.label("<b>")), ("VAT cents".into(), "<b>".into()));
}
