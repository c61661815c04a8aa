//! The notice for programs: JSON-LD in the Data Privacy Vocabulary of the W3C community group (version 2).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::document::Document;
use super::grounds;
use crate::policy::model::{Policy, Said};
use crate::policy::written::Declaration;

/// The notice and every purpose of it as linked data.
pub fn linked(policy: &Policy, said: &Said, notice: &Document) -> Value {
    stated(whole(policy, said, notice))
}

/// Without what is not known: linked data has no word for nothing.
fn stated(value: Value) -> Value {
    match value {
        Value::Object(entries) => {
            entries.into_iter().filter(|(_, v)| !v.is_null()).map(|(key, value)| (key, stated(value))).collect()
        }
        Value::Array(all) => Value::Array(all.into_iter().map(stated).collect()),
        other => other,
    }
}

fn whole(policy: &Policy, said: &Said, notice: &Document) -> Value {
    let law = &grounds::all().vocabulary;
    json!({
        "@context": {
            "dpv": "https://w3id.org/dpv#",
            law.prefix.as_str(): law.address,
            "dct": "http://purl.org/dc/terms/",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@id": "#notice",
        "@type": "dpv:PrivacyNotice",
        "dct:title": notice.title,
        "dct:language": notice.language,
        "dct:hasVersion": notice.version,
        "dct:valid": said.find("notice", "head").and_then(|h| h.text("effective")),
        "dpv:hasDataController": {
            "@id": "#controller",
            "@type": "dpv:DataController",
            "dpv:hasName": policy.company,
            "dpv:hasAddress": company(said, "address"),
            "dpv:hasContact": company(said, "contact"),
        },
        "dpv:hasProcess": said.of("purpose").map(|p| process(said, p)).collect::<Vec<_>>(),
        "dpv:hasRight": rights(said),
        "dpv:hasTechnicalOrganisationalMeasure": said.of("safeguard").map(measure).collect::<Vec<_>>(),
    })
}

fn company<'a>(said: &'a Said, key: &str) -> Option<&'a str> {
    said.company.iter().find(|(own, _)| *own == key).map(|(_, value)| value.as_str())
}

fn process(said: &Said, purpose: &Declaration) -> Value {
    let rule = purpose.text("retention").and_then(|id| said.find("retention", id));
    json!({
        "@id": format!("#purpose-{}", purpose.id.it),
        "@type": "dpv:Process",
        "dpv:hasPurpose": { "@type": "dpv:Purpose", "dct:title": purpose.text("title") },
        "dpv:hasLegalBasis": { "@id": basis(purpose.text("basis").unwrap_or_default()) },
        "dpv:hasPersonalData": purpose.list("categories").iter().map(|c| data(said, c)).collect::<Vec<_>>(),
        "dpv:hasDataSubject": purpose.list("populations").iter().map(|p| subject(said, p)).collect::<Vec<_>>(),
        "dpv:hasRecipient": purpose.list("recipients").iter().filter_map(|r| said.find("recipient", r)).map(recipient).collect::<Vec<_>>(),
        "dpv:hasStorageCondition": rule.map(|r| json!({
            "@type": "dpv:StorageCondition",
            "dpv:hasDuration": { "@type": "xsd:duration", "@value": r.text("period") },
        })),
    })
}

fn basis(word: &str) -> &'static str {
    grounds::all().ground.get(word).map_or("dpv:LegalBasis", |ground| ground.term.as_str())
}

/// The articles that give the declared rights, each once.
fn rights(said: &Said) -> Vec<Value> {
    let terms: BTreeSet<&str> = said.of("right").filter_map(|r| right(&r.id)).collect();
    terms.into_iter().map(|term| json!({ "@id": term })).collect()
}

fn right(word: &str) -> Option<&'static str> {
    grounds::all().right.get(word).map(String::as_str)
}

fn data(said: &Said, category: &str) -> Value {
    let own = said.find("category", category);
    let sensitive = own.and_then(|d| d.flag("sensitive")) == Some(true);
    json!({
        "@type": if sensitive { "dpv:SpecialCategoryPersonalData" } else { "dpv:PersonalData" },
        "dct:identifier": category,
        "dct:title": own.and_then(|d| d.text("title")),
    })
}

fn subject(said: &Said, population: &str) -> Value {
    let label = said.find("population", population).and_then(|p| p.text("label"));
    json!({ "@type": "dpv:DataSubject", "dct:identifier": population, "dct:title": label })
}

fn recipient(recipient: &Declaration) -> Value {
    let kind = match recipient.text("role") {
        Some("processor") => "dpv:DataProcessor",
        Some("sub_processor") => "dpv:DataSubProcessor",
        Some("controller") => "dpv:DataController",
        _ => "dpv:Recipient",
    };
    json!({
        "@id": format!("#recipient-{}", recipient.id.it),
        "@type": kind,
        "dpv:hasName": recipient.text("name"),
        "dpv:hasCountry": recipient.text("country"),
    })
}

fn measure(safeguard: &Declaration) -> Value {
    let kind = match safeguard.text("class") {
        Some("technical") => "dpv:TechnicalMeasure",
        Some("organisational") => "dpv:OrganisationalMeasure",
        Some("physical") => "dpv:PhysicalMeasure",
        Some("contractual") => "dpv:LegalMeasure",
        _ => "dpv:TechnicalOrganisationalMeasure",
    };
    json!({ "@type": kind, "dct:title": safeguard.text("title") })
}
