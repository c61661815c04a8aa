//! `policy.toml`.

use std::collections::BTreeMap;

use super::super::names::plain;
use super::super::read::Notes;
use super::super::relate::{World, is_personal};
use super::super::{Circumstances, Said};
use super::Used;
use crate::discover::write::toml::{comment, key, string};

const FILE: &str = "policy.toml";

pub(super) fn policy(said: &Said, world: &World<'_>, given: &Circumstances, used: &Used, notes: &mut Notes) -> String {
    let mut out = comment("", "Imported from Fides. IMPORT.md says what is missing and what is to be decided.");
    out.push_str("\n[company]\n");
    let own = &said.organization;
    let name = given.company.as_ref().or(own.name.as_ref());
    if name.is_none() {
        notes.decide(FILE, "[company] name", "what the company is called");
    }
    out.push_str(&format!("name    = {}\n", string(name.map_or("Our company", String::as_str))));
    for (word, value) in [("address", &own.address), ("contact", &own.contact), ("dpo    ", &own.dpo)] {
        out.extend(value.as_ref().map(|v| format!("{word} = {}\n", string(v))));
    }
    match &given.country {
        Some(country) => {
            out.push_str(&format!("country = {0}\n\n[defaults]\nregion = {0}\n", string(country)));
        }
        None => notes.decide(FILE, "[company] country", "where it sits: laws and telephone numbers depend on it"),
    }
    subjects(&mut out, said, world, used, notes);
    taxonomy(&mut out, said, used, notes);
    out
}

/// The kinds of the maps, and the data subjects of purposes and of the taxonomy.
fn subjects(out: &mut String, said: &Said, world: &World<'_>, used: &Used, notes: &mut Notes) {
    let mut all: BTreeMap<String, (Option<String>, Option<String>)> = BTreeMap::new();
    all.extend(world.kinds.iter().map(|k| (k.name.clone(), (None, None))));
    all.extend(used.subjects.iter().map(|s| (s.clone(), (None, None))));
    for (subject, label, words) in &said.subjects {
        all.insert(plain(subject, '_'), (label.clone(), words.clone()));
    }
    for (name, (label, words)) in all.iter().filter(|(name, _)| !name.is_empty()) {
        let label = label.clone().unwrap_or_else(|| capital(&name.replace('_', " ")));
        out.push_str(&format!("\n[subjects.{}]\nlabel = {}\n", key(name), string(&label)));
        out.extend(words.as_ref().map(|w| format!("description = {}\n", string(w))));
        if world.kinds.iter().all(|k| k.name != *name) {
            out.push_str("held = false\n");
            let question = "where these people are held: no dataset has an identity of theirs under this name; if they are one of the kinds, use its name";
            notes.decide(FILE, format!("[subjects.{}]", key(name)), question);
        }
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn taxonomy(out: &mut String, said: &Said, used: &Used, notes: &mut Notes) {
    let words =
        |category: &str| said.categories.iter().find(|(key, _)| key == category).map(|(_, words)| words.as_str());
    let own: Vec<&String> = used.own_categories().collect();
    let idle = said.categories.iter().filter(|(key, _)| !used.categories.contains(key));
    let idle: Vec<&str> = idle.map(|(key, _)| key.as_str()).collect();
    if !idle.is_empty() {
        let question = format!("whether these own categories, which nothing uses, are needed: {}", idle.join(", "));
        notes.decide(FILE, "[taxonomy] extend", question);
    }
    if own.is_empty() {
        return;
    }
    out.push_str("\n[taxonomy.extend]\n");
    for category in own {
        let plain = category.rsplit('.').next().unwrap_or(category).replace('_', " ");
        out.push_str(&format!("{} = {}\n", string(category), string(words(category).unwrap_or(&plain))));
        if words(category).is_none() {
            let mut question = String::from(
                "our taxonomy does not have it: put what people are to read, or take a category that is there",
            );
            if !is_personal(category) && !category.starts_with("system") {
                question.push_str("; only what begins with `user` is personal");
            }
            notes.decide(FILE, format!("[taxonomy.extend] {category}"), question);
        }
    }
}
