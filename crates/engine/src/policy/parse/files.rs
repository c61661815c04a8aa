//! The files beside the systems.

use super::form;
use super::read::Word;
use super::reader::{Item, Keys, Read};
use crate::policy::keys;
use crate::policy::model::Right;
use crate::policy::written::{Company, KindLabel, Law, Promise, Purpose, Recipient, RightRule, Rule};
use crate::source::At;

/// `policy.toml`.
pub(super) fn company(k: &mut Keys<'_>) -> Company {
    let mut company = Company {
        file: Some(k.reader.file),
        subjects: k.entries("subjects"),
        laws: k.list("law"),
        limits: k.get("limits").unwrap_or_default(),
        ..Company::default()
    };
    match k.item("company") {
        Some(item) => drop(item.table(&keys::COMPANY, |k| head(k, &mut company))),
        None => k.missing("company", "write `[company]` with the `name` of the company"),
    }
    let defaults = |k: &mut Keys<'_>| {
        let shared = k.item("shared").and_then(Item::list::<At<String>>);
        (k.formed("region", form::country), k.formed("language", form::language), shared)
    };
    (company.region, company.language, company.shared) =
        k.section("defaults", &keys::DEFAULTS, defaults).unwrap_or_default();
    company.taxonomy = k.section("taxonomy", &keys::TAXONOMY, |k| k.entries("extend")).unwrap_or_default();
    company.approval = k.section("requests", &keys::REQUESTS, approval).unwrap_or_default();
    company
}

fn head(k: &mut Keys<'_>, company: &mut Company) {
    company.name = k.must("name").formed("name", form::words);
    company.country = k.formed("country", form::country);
    company.contact = k.get("contact");
    company.dpo = k.get("dpo");
}

fn approval(k: &mut Keys<'_>) -> Vec<(At<Right>, At<bool>)> {
    k.named("approval", |right, item| match Right::of(right) {
        Some(known) => Some((At::new(known, right.at), Read::read(item)?)),
        None => Item { at: right.at, key: "approval", ..item }.unknown_word(right, &Right::words()),
    })
}

impl Read for KindLabel {
    fn read(item: Item<'_>) -> Option<Self> {
        item.table(&keys::KIND_LABEL, |k| KindLabel { label: k.get("label"), description: k.get("description") })
    }
}

impl Read for Law {
    fn read(item: Item<'_>) -> Option<Self> {
        item.table(&keys::LAW, |k| Law {
            at: k.at,
            id: k.need("id"),
            title: k.need("title"),
            article: k.get("article"),
            jurisdiction: k.get("jurisdiction"),
            retention: k.formed("retention", form::period),
        })
    }
}

/// `retention.toml`.
pub(super) fn retention(k: &mut Keys<'_>) -> Vec<Rule> {
    k.named("rule", |id, item| {
        item.table(&keys::RULE, |k| Rule {
            id: id.clone(),
            period: k.must("period").formed("period", form::period),
            from: k.get("from"),
            action: k.get("action"),
            law: k.get("law"),
        })
    })
}

/// `purposes.toml`.
pub(super) fn purposes(k: &mut Keys<'_>) -> Vec<Purpose> {
    k.named("purpose", |id, item| {
        item.table(&keys::PURPOSE, |k| Purpose {
            id: id.clone(),
            title: k.need("title"),
            basis: k.need("basis"),
            categories: k.list("categories"),
            recipients: k.list("recipients"),
            retention: k.get("retention"),
        })
    })
}

/// `recipients.toml`.
pub(super) fn recipients(k: &mut Keys<'_>) -> Vec<Recipient> {
    k.named("recipient", |id, item| {
        item.table(&keys::RECIPIENT, |k| Recipient {
            id: id.clone(),
            name: k.need("name"),
            role: k.need("role"),
            country: k.formed("country", form::country),
            mechanism: k.get("mechanism"),
        })
    })
}

/// `rights.toml`.
pub(super) fn rights(k: &mut Keys<'_>) -> Vec<RightRule> {
    k.named("right", |name, item| {
        item.table(&keys::RIGHT, |k| RightRule {
            name: name.clone(),
            verification: k.get("verification"),
            fee: k.get("fee"),
            approvals: k.get("approvals"),
            routes: k.list("routes"),
            deadline: k.formed("deadline", form::period),
            window: k.formed("window", form::period),
            note: k.get("note"),
        })
    })
}

/// `promises.toml`.
pub(super) fn promises(k: &mut Keys<'_>) -> Vec<Promise> {
    k.list("promise")
}

impl Read for Promise {
    fn read(item: Item<'_>) -> Option<Self> {
        item.table(&keys::PROMISE, |k| Promise {
            at: k.at,
            id: k.need("id"),
            text: k.need("text"),
            mechanisms: k.must("mechanism").many("mechanism"),
        })
    }
}
