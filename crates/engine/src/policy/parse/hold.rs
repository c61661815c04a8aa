//! `holds.toml`.

use toml::de::DeValue;

use super::form;
use super::reader::{Item, Keys};
use crate::policy::keys;
use crate::policy::written::{Hold, Holds, Name};
use crate::source::At;

/// `holds.toml`.
pub(super) fn holds(k: &mut Keys<'_>) -> Holds {
    Holds { key: k.get("key"), list: k.named("hold", |id, item| item.table(&keys::HOLD, |k| hold(id, k))) }
}

fn hold(id: &Name, k: &mut Keys<'_>) -> Hold {
    if !keys::HOLD.one_of.iter().any(|key| k.has(key)) {
        k.missing("subject", "say what it keeps: rows of a `subject`, of `tables`, of `categories`, or single `rows`");
    } else if k.has("persons") && !k.has("subject") {
        k.missing("subject", "digests of `persons` are of one subject kind");
    }
    Hold {
        id: id.clone(),
        at: k.at,
        reason: k.must("reason").formed("reason", form::words),
        authority: k.must("authority").formed("authority", form::words),
        since: k.item("since").and_then(day),
        until: k.item("until").and_then(day),
        ended: k.item("ended").and_then(day),
        subject: k.get("subject"),
        persons: digests(k, "persons"),
        tables: k.list::<At<String>>("tables").into_iter().filter_map(|name| table(k, &name)).collect(),
        categories: k.list("categories"),
        rows: digests(k, "rows"),
        with: k.list("with"),
    }
}

/// A day, as TOML has it or as text.
fn day(item: Item<'_>) -> Option<At<String>> {
    let text = match item.value {
        DeValue::Datetime(date) => date.to_string(),
        DeValue::String(text) => text.to_string(),
        _ => return item.wrong_type("a date"),
    };
    match form::date(&text) {
        Ok(date) => Some(At::new(date, item.at)),
        Err(expected) => item.bad_value(expected),
    }
}

fn digests(k: &mut Keys<'_>, key: &'static str) -> Vec<At<String>> {
    let entries = k.item(key).and_then(Item::list::<At<String>>).unwrap_or_default();
    let digest = |text: &str| text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let (good, bad): (Vec<_>, Vec<_>) = entries.into_iter().partition(|entry| digest(&entry.it));
    for entry in bad {
        // It may be somebody's name: it is not repeated.
        let finding = crate::diagnostic::Diagnostic::error(
            crate::diagnostic::codes::BAD_VALUE,
            format!("an entry of `{key}` is no keyed digest"),
            entry.at,
            "expected 64 hexadecimal digits",
        );
        k.reader.report(finding.help("`upheld hold add` makes them, so that nobody is named in the folder"));
    }
    good
}

fn table(k: &Keys<'_>, name: &At<String>) -> Option<(Name, Name)> {
    let found = name.it.split_once(':').filter(|(system, table)| !system.is_empty() && !table.is_empty());
    let Some((system, table)) = found else {
        let finding = crate::diagnostic::Diagnostic::error(
            crate::diagnostic::codes::BAD_REFERENCE,
            format!("`{}` names no table of a system", name.it),
            name.at,
            "not of the form `system:table`",
        );
        k.reader.report(finding.help("write the system, a colon and the table, such as `helpdesk:invoices`"));
        return None;
    };
    Some((At::new(system.to_owned(), name.at), At::new(table.to_owned(), name.at)))
}
