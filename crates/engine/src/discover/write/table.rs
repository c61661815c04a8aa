//! `[table.NAME]`.

use super::map::{apart, match_word};
use super::toml::{aside, comment, key, list, one_or_list, reference, references, string, value};
use super::{Item, Text};
use crate::diagnostic::grouped;
use crate::discover::classify::Bond;
use crate::discover::proposal::{Column, End, Erase, Link, Mapped, Proposal};

pub(super) fn table(out: &mut Text, proposal: &Proposal, name: &str, mapped: &Mapped) {
    let rows = grouped(proposal.counts.get(name).copied().unwrap_or_default());
    out.line(&format!("\n[table.{}]    # {rows} rows; {}", key(name), bond(mapped.bond)));
    if let Some(columns) = &mapped.key {
        out.line(&format!("key = {}    # no primary key; no combination of these was seen twice", list(columns)));
    }
    if let Some(tenant) = &mapped.tenant {
        out.line(&format!("tenant = {}", string(tenant)));
    }
    if !mapped.links.is_empty() {
        out.line("links = [");
        for (nth, link) in mapped.links.iter().enumerate() {
            out.part(Item::Link(name.to_owned(), nth), |out| self::link(out, link));
        }
        out.line("]");
    }
    out.text.extend(apart(&mapped.ignore).map(|line| line + "\n"));
    if !mapped.triggers.is_empty() {
        let entries: Vec<String> = mapped
            .triggers
            .iter()
            .map(|t| format!("{} = \"undecided: read what it does to rows, then write `reviewed: ..`\"", key(t)))
            .collect();
        out.line(&format!("trigger = {{ {} }}", entries.join(", ")));
    }
    if !mapped.columns.is_empty() {
        out.line(&format!("\n[table.{}.columns]", key(name)));
    }
    for column in &mapped.columns {
        out.part(Item::Column(name.to_owned(), column.name.clone()), |out| self::column(out, column));
    }
}

fn bond(bond: Bond) -> &'static str {
    match bond {
        Bond::Record => "each is a person",
        Bond::Owned => "each belongs to a person",
        Bond::Authored => "written by a person for others",
        Bond::Part => "part of something that is a person's",
        Bond::Mentions => "they name a person who handled them",
        Bond::Apart | Bond::Unknown => "nothing to do with persons",
    }
}

fn link(out: &mut Text, link: &Link) {
    let mut said = format!("{}; {}", link.evidence, link.note);
    if link.confidence < 0.995 {
        said.push_str(&format!(" ({:.2})", link.confidence));
    }
    if let Some(by) = link.when.as_ref().and_then(|w| w.named_by.as_ref()) {
        said.push_str(&format!("; the number is the row of {by} that names the table"));
    }
    if link.stays {
        said.push_str("; undecided: no way is known to undo this tie");
    }
    out.text.push_str(&comment("  ", &said));
    let mut parts = vec![format!("role = {}", string(link.role.word()))];
    match &link.to {
        End::Row { table, columns } => {
            parts.push(format!("column = {}", one_or_list(&link.columns)));
            parts.push(format!("to = {}", references(table, columns)));
        }
        End::By { table, columns } => {
            let all: Vec<String> = columns.iter().map(|c| reference(table, c)).collect();
            let by = if all.len() == 1 { all[0].clone() } else { format!("[{}]", all.join(", ")) };
            parts.push(format!("column = {}", one_or_list(&link.columns)));
            parts.push(format!("by = {by}"));
        }
        End::Identity { kind, identity, matching } => {
            parts.push(format!("column = {}", one_or_list(&link.columns)));
            parts.push(format!("to = {}", string(&format!("@{kind}.{identity}"))));
            parts.extend(match_word(*matching).map(|w| format!("match = \"{w}\"")));
        }
    }
    if let Some(when) = &link.when {
        parts.push(format!("when = {{ {} = {} }}", key(&when.column), value(&when.value)));
    }
    parts.extend(link.name.as_ref().map(|n| format!("as = {}", string(n))));
    parts.extend(link.zero.then(|| "nobody = [0]".to_owned()));
    parts.extend(link.shared.then(|| "on_access = \"shared\"".to_owned()));
    parts.extend(link.stays.then(|| "on_erase = \"none\"".to_owned()));
    out.line(&format!("  {{ {} }},", parts.join(", ")));
}

fn column(out: &mut Text, column: &Column) {
    let verdict = &column.verdict;
    let category = string(verdict.category.as_deref().unwrap_or("system.operations"));
    let mut parts = vec![format!("category = {category}")];
    parts.extend(verdict.text.then(|| "text = true".to_owned()));
    parts.extend(verdict.secret.then(|| "access = \"withhold\"".to_owned()));
    parts.extend(column.erase.as_ref().map(|e| match e {
        Erase::Hash => "erase = \"hash\"".to_owned(),
        Erase::Replace(v) => format!("erase = {{ replace = {} }}", value(v)),
    }));
    let said = match parts.as_slice() {
        [_] => category,
        many => format!("{{ {} }}", many.join(", ")),
    };
    let mut why = verdict.evidence.join(", ");
    let plain = parts.len() == 1 && verdict.category.as_deref().is_none_or(|c| c.starts_with("system"));
    if plain {
        // That nothing was found needs no reason.
        why.clear();
    }
    if !why.is_empty() {
        why = format!("    # {} ({:.2})", aside(&why), verdict.confidence);
    }
    out.line(&format!("{} = {said}{why}", key(&column.name)));
}
