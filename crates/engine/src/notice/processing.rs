//! The record of processing activities (GDPR Art. 30(1)).

use super::spoken::{begun, spoken};
use super::tables::{Sheet, Table, or};
use super::words;
use crate::decide::transfer::needed;
use crate::policy::model::{Policy, Said};
use crate::policy::place;
use crate::policy::written::Declaration;

/// One row for each purpose: what for, whose and which data, who receives it, where it goes, how long, how it is protected.
pub fn record(policy: &Policy, said: &Said) -> Table {
    let sheet = Sheet { policy, said };
    let rows = said.of("purpose").map(|p| {
        let abroad: Vec<String> = needed(policy, said, p)
            .into_iter()
            .map(|t| {
                let from: Vec<String> = t.list("from").into_iter().map(place::in_words).collect();
                let to = t.text("to").map(place::name).unwrap_or_default();
                let way = spoken("mechanism", t.text("mechanism").unwrap_or_default());
                format!("{} to {to}: {way}", words::joined(&from))
            })
            .collect();
        let mut ways: Vec<String> = Vec::new();
        for way in abroad {
            if !ways.contains(&way) {
                ways.push(way);
            }
        }
        vec![
            p.text("title").unwrap_or(&p.id).to_owned(),
            or(sheet.titles("population", &p.list("populations")), "Everybody"),
            sheet.data(&p.list("categories")),
            begun(&sheet.ground(p)),
            or(begun(&sheet.recipients_of(p)), "Nobody"),
            or(begun(&ways.join("; ")), "None"),
            or(sheet.period(p.text("retention")), "No period of its own"),
        ]
    });
    Table {
        title: "Record of processing activities".to_owned(),
        head: vec!["Purpose", "Persons", "Data", "Ground", "Recipients", "Other countries", "Until erasure"],
        rows: rows.collect(),
    }
}

/// Who answers for it, and what protects the data: what Art. 30(1)(a) and (g) ask beside the table.
pub fn beside(policy: &Policy, said: &Said) -> Vec<(&'static str, String)> {
    let sheet = Sheet { policy, said };
    let company = |key: &str| said.company.iter().find(|(k, _)| *k == key).map(|(_, v)| v.clone());
    let representative = said.of("officer").filter(|o| o.text("office").is_some_and(|w| w.ends_with("representative")));
    let reached = |o: &Declaration| sheet.names_of_contacts(&o.list("contacts"));
    let named = |o: &Declaration| o.text("name").map_or_else(|| reached(o), str::to_owned);
    let representative: Vec<String> = representative.map(named).collect();
    let safeguards: Vec<String> = said.of("safeguard").map(|s| s.text("title").unwrap_or(&s.id).to_owned()).collect();
    let contact = [company("address"), company("contact")].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let all = [
        ("Controller", policy.company.clone()),
        ("Contact", contact),
        ("Representative", representative.join(", ")),
        ("Data protection officer", company("dpo").unwrap_or_default()),
        ("Safeguards", safeguards.join("; ")),
    ];
    all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}
