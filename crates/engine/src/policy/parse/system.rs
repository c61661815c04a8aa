//! Systems and profiles.

use super::action::choices;
use super::form;
use super::read::Word;
use super::reader::{Item, Keys, Read};
use super::secret;
use crate::policy::keys;
use crate::policy::model::{Right, SecretRef};
use crate::policy::written::{Limits, Placeholder, Profile, ProfileLink, ProfileTable, System};
use crate::source::At;

/// `systems/NAME.toml`.
pub(super) fn system(k: &mut Keys<'_>, name: &str, broken: bool) -> System {
    let mut system = System {
        name: name.to_owned(),
        file: k.reader.file,
        at: k.at,
        broken,
        kind: None,
        connect: None,
        read: None,
        write: None,
        schema: None,
        country: None,
        time_zone: None,
        team: None,
        tasks: tasks(k),
        limits: Limits::default(),
        service: None,
        url: None,
        http_at: k.item("http").map(|i| i.at),
        http: k.section("http", &keys::HTTP, super::http::http).unwrap_or_default(),
        resources: k.entries("resource"),
        subjects: k.entries("subject"),
        each: k.list("each"),
        tables: k.entries("table"),
        views: k.entries("view"),
        ignore: k.entries("ignore"),
    };
    match k.item("system") {
        Some(item) => drop(item.table(&keys::SYSTEM_HEAD, |k| head(k, &mut system))),
        None => k.missing("system", "a system file begins with `[system]` and its `kind`"),
    }
    system
}

fn head(k: &mut Keys<'_>, system: &mut System) {
    system.at = k.at;
    system.kind = k.need("kind");
    system.connect = k.get("connect");
    system.read = k.get("read");
    system.write = k.get("write");
    system.schema = k.get("schema");
    system.country = k.formed("country", form::country);
    system.time_zone = k.formed("time_zone", form::time_zone);
    system.team = k.formed("team", form::words);
    system.limits = k.get("limits").unwrap_or_default();
    system.service = k.get("service");
    system.url = k.get("url");
}

impl Read for SecretRef {
    fn read(item: Item<'_>) -> Option<Self> {
        if item.value.is_str() {
            item.reader.report(secret::finding(item.at));
            return None;
        }
        let found = item.table(&keys::SECRET, |k| {
            let env = k.formed("env", form::variable).map(|v| SecretRef::Env(v.it));
            let file = k.formed("file", form::words).map(|v| SecretRef::File(v.it));
            let command = k.formed("command", form::words).map(|v| SecretRef::Command(v.it));
            let given = ["env", "file", "command"].iter().filter(|key| k.has(key)).count();
            (given, env.or(file).or(command))
        })?;
        match found {
            (1, place) => place,
            _ => item.bad_value("one of { env = \"NAME\" }, { file = \"path\" }, { command = \"words\" }"),
        }
    }
}

/// `[task.RIGHT]`.
fn tasks(k: &mut Keys<'_>) -> Vec<(At<Right>, At<String>)> {
    k.named("task", |right, item| {
        let known = Right::of(right);
        if known.is_none() {
            return Item { at: right.at, key: "task", ..item }.unknown_word(right, &Right::words());
        }
        let text = item.table(&keys::TASK, |k| k.need("text")).flatten();
        Some((At::new(known?, right.at), text?))
    })
}

impl Read for Limits {
    fn read(item: Item<'_>) -> Option<Self> {
        item.table(&keys::LIMITS, |k| Limits {
            rows_per_table: k.get("rows_per_table"),
            share_of_table: share(k),
            share_from: k.get("share_from"),
            records_per_kind_and_person: k.get("records_per_kind_and_person"),
            one_transaction: k.get("one_transaction"),
            rows_per_second: pace(k),
            statement_timeout_ms: k.formed("statement_timeout", form::millis),
            lock_timeout_ms: k.formed("lock_timeout", form::millis),
        })
    }
}

fn share(k: &mut Keys<'_>) -> Option<At<f64>> {
    let item = k.item("share_of_table")?;
    let share: At<f64> = Read::read(item)?;
    if (0.0..=1.0).contains(&share.it) { Some(share) } else { item.bad_value("a share from 0 to 1") }
}

/// At no rows a second nothing would ever be done.
fn pace(k: &mut Keys<'_>) -> Option<At<u64>> {
    let item = k.item("rows_per_second")?;
    let rows: At<u64> = Read::read(item)?;
    if rows.it > 0 { Some(rows) } else { item.bad_value("a whole number from 1 up; leave the key out for no limit") }
}

/// `systems/NAME.PROFILE.toml`.
pub(super) fn profile(k: &mut Keys<'_>, system: &str, name: &str) -> Profile {
    Profile {
        system: system.to_owned(),
        name: name.to_owned(),
        file: k.reader.file,
        placeholders: k.named("subject", |kind, item| {
            let placeholder: Option<Placeholder> = item.table(&keys::PROFILE_SUBJECT, |k| k.need("placeholder"))?;
            Some((kind.clone(), placeholder?))
        }),
        tables: k.entries("table"),
    }
}

impl Read for ProfileTable {
    fn read(item: Item<'_>) -> Option<Self> {
        item.table(&keys::PROFILE_TABLE, |k| ProfileTable {
            links: k.list("links"),
            columns: k.named("columns", |column, item| {
                let erase = |k: &mut Keys<'_>| {
                    k.must("erase").item("erase").map(|i| choices(i, &keys::ERASE_CHOICE)).unwrap_or_default()
                };
                Some((column.clone(), item.table(&keys::PROFILE_COLUMN, erase)?))
            }),
        })
    }
}

impl Read for ProfileLink {
    fn read(item: Item<'_>) -> Option<Self> {
        item.table(&keys::PROFILE_LINK, |k| ProfileLink {
            at: k.at,
            name: k.need("as"),
            on_erase: k.item("on_erase").map(|i| choices(i, &keys::CHOICE)).unwrap_or_default(),
            while_shared: k.item("while_shared").map(|i| choices(i, &keys::CHOICE)).unwrap_or_default(),
            untie: k.get("untie"),
        })
    }
}
