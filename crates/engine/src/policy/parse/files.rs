//! The files beside the systems.

use super::read::Word;
use super::reader::{Item, Keys, Read};
use super::{form, said};
use crate::policy::keys;
use crate::policy::model::Right;
use crate::policy::written::{Company, Keeps, Promise, Promises};
use crate::source::At;

/// `policy.toml`.
pub(super) fn company(k: &mut Keys<'_>) -> Company {
    let mut company =
        Company { file: Some(k.reader.file), limits: k.get("limits").unwrap_or_default(), ..Company::default() };
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
    company.form = k.get("form");
    company.address = k.get("address");
    company.contact = k.get("contact");
    company.dpo = k.get("dpo");
}

fn approval(k: &mut Keys<'_>) -> Vec<(At<Right>, At<bool>)> {
    k.named("approval", |right, item| match Right::of(right) {
        Some(known) => Some((At::new(known, right.at), Read::read(item)?)),
        None => Item { at: right.at, key: "approval", ..item }.unknown_word(right, &Right::words()),
    })
}

/// `promises.toml`.
pub(super) fn promises(k: &mut Keys<'_>) -> Promises {
    Promises { list: k.list("promise"), statements: k.list("statement"), reasons: k.entries("reason") }
}

impl Read for Promise {
    fn read(item: Item<'_>) -> Option<Self> {
        item.table(&keys::PROMISE, |k| {
            let promise = Promise {
                at: k.at,
                id: k.need("id"),
                text: k.need("text"),
                mechanisms: k.many("mechanism"),
                capabilities: k.many("capability"),
                broken: k.get("broken"),
                not_executable: k.get("not_executable"),
                lint: k.get("lint"),
            };
            if promise.mechanisms.is_empty() && !k.has("not_executable") {
                k.missing("mechanism", "name what keeps it, or say in `not_executable` why no program can");
            }
            if k.has("not_executable") && !k.has("lint") {
                k.missing("lint", "name the lint that watches its words");
            }
            promise
        })
    }
}

impl Read for Keeps {
    fn read(item: Item<'_>) -> Option<Self> {
        if item.value.is_str() {
            return Some(Keeps { is: Read::read(item)?, values: Vec::new() });
        }
        item.table(&keys::KEEPS, |k| {
            let mut values = said::values(k, &keys::KEEPS);
            let at = values.iter().position(|(name, _)| name.it == "is")?;
            let (_, is) = values.remove(at);
            Some(Keeps { is: At::new(is.text()?.to_owned(), is.at), values })
        })?
    }
}
