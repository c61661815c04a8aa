//! What was proposed, in a table that fits 80 columns. Names and counts, never a value.

use std::collections::BTreeMap;
use std::path::Path;

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use engine::discover::classify::Bond;
use engine::discover::proposal::{End, Proposal};
use engine::discover::refs::Sign;
use engine::discover::write::Frame;
use serde_json::{Value, json};

use super::address;
use crate::terminal::{good, heading, say};

/// Decisions that are printed; the rest stands in the map.
const SHOWN: usize = 12;

pub fn show(proposal: &Proposal, frame: &Frame, folder: &Path, dsn: &str) {
    let kinds: Vec<String> = proposal.kinds.iter().map(|k| format!("{} (table {})", k.name, k.table)).collect();
    say(format!("{} a policy folder for system {} was written to {}", good("ok"), frame.system, folder.display()));
    say(format!("persons: {}", if kinds.is_empty() { "none found".to_owned() } else { kinds.join(", ") }));
    heading("Tables");
    say(table(&["tables", "", "rows"], &bonds(proposal)));
    heading("Links");
    say(table(&["links", "found by"], &signs(proposal)));
    let (personal, secret, text) = columns(proposal);
    say(format!("\n{personal} personal columns, {text} of them free text; {secret} secrets that never leave"));
    decisions(proposal, frame);
    next(frame, folder, dsn, proposal);
}

fn decisions(proposal: &Proposal, frame: &Frame) {
    match proposal.decisions.len() {
        0 => return say("no decision is left to you, but read the map: it is a proposal"),
        1 => heading("1 decision is left to you"),
        n => heading(&format!("{n} decisions are left to you")),
    }
    for d in proposal.decisions.iter().take(SHOWN) {
        let place = d.column.as_ref().map_or(d.table.clone(), |c| format!("{}.{c}", d.table));
        say(format!("- {place}: {}", d.question));
    }
    if proposal.decisions.len() > SHOWN {
        let more = proposal.decisions.len() - SHOWN;
        say(format!("- and {more} more, at the head of systems/{}.toml", frame.system));
    }
}

/// What to type next.
fn next(frame: &Frame, folder: &Path, dsn: &str, proposal: &Proposal) {
    let (shown, hidden) = address::shown(dsn);
    heading("Next");
    let hint = if hidden { "    # with the password in place of PASSWORD" } else { "" };
    say(format!("  export {}='{}'{hint}", frame.variable, shown.replace('\'', "'\\''")));
    say(format!("  upheld check {} --live", folder.display()));
    if let Some(kind) = proposal.kinds.first() {
        let how = match kind.identities.first() {
            Some(i) if i.name == "email" => "--email ADDRESS".to_owned(),
            Some(i) if i.name == "phone" => "--phone NUMBER".to_owned(),
            Some(i) => format!("--identity {}=VALUE", i.name),
            None => format!("--id {}:KEY", frame.system),
        };
        say(format!("  upheld plan access {} --subject {} {how}", folder.display(), kind.name));
    }
}

/// The same for programs.
pub fn json(proposal: &Proposal, frame: &Frame, folder: &Path) -> Value {
    let (personal, secret, text) = columns(proposal);
    json!({
        "folder": folder,
        "system": frame.system,
        "variable": frame.variable,
        "kinds": proposal.kinds.iter().map(|k| json!({ "kind": k.name, "table": k.table })).collect::<Vec<_>>(),
        "tables": bonds(proposal).into_iter().map(|r| json!({ "bond": r[1], "tables": r[0], "rows": r[2] })).collect::<Vec<_>>(),
        "links": signs(proposal).into_iter().map(|r| json!({ "found_by": r[1], "links": r[0] })).collect::<Vec<_>>(),
        "columns": { "personal": personal, "text": text, "secret": secret },
        "decisions": proposal.decisions.iter()
            .map(|d| json!({ "table": d.table, "column": d.column, "question": d.question })).collect::<Vec<_>>(),
    })
}

/// Count, words and rows of each class of tables.
fn bonds(proposal: &Proposal) -> Vec<Vec<String>> {
    let mut counts: BTreeMap<usize, (usize, u64)> = BTreeMap::new();
    let mut count = |class: usize, table: &str| {
        let entry = counts.entry(class).or_default();
        entry.0 += 1;
        entry.1 += proposal.counts.get(table).copied().unwrap_or_default();
    };
    for (name, mapped) in &proposal.tables {
        count(class(mapped.bond), name);
    }
    for (name, ignored) in &proposal.ignored {
        count(if ignored.undecided { 6 } else { 5 }, name);
    }
    let row = |(class, (tables, rows)): (usize, (usize, u64))| {
        vec![tables.to_string(), CLASSES[class].to_owned(), rows.to_string()]
    };
    counts.into_iter().map(row).collect()
}

const CLASSES: [&str; 7] = [
    "of persons",
    "of rows that belong to a person",
    "of what persons wrote for others",
    "of parts of these",
    "that only name who handled a row",
    "left out, with a reason",
    "undecided",
];

fn class(bond: Bond) -> usize {
    match bond {
        Bond::Record => 0,
        Bond::Owned => 1,
        Bond::Authored => 2,
        Bond::Part => 3,
        Bond::Mentions | Bond::Apart | Bond::Unknown => 4,
    }
}

fn signs(proposal: &Proposal) -> Vec<Vec<String>> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for link in proposal.tables.values().flat_map(|t| &t.links) {
        let word = match (&link.to, link.sign) {
            (End::Identity { .. }, _) => "an address or number of a person",
            (_, Sign::Declared) => "a declared foreign key",
            (_, Sign::Name) => "the name of a column, and its values",
            (_, Sign::TypeColumn) => "a type column beside it",
            (_, Sign::SharedKey) => "a key that two tables share",
            (_, Sign::SharedValue) => "a unique value that two tables share",
            (_, Sign::Values) => "values alone",
        };
        *counts.entry(word).or_default() += 1;
    }
    let mut rows: Vec<(usize, &str)> = counts.into_iter().map(|(word, n)| (n, word)).collect();
    rows.sort_by(|a, b| b.cmp(a));
    rows.into_iter().map(|(n, word)| vec![n.to_string(), word.to_owned()]).collect()
}

/// Personal, secret and text columns.
fn columns(proposal: &Proposal) -> (usize, usize, usize) {
    let all: Vec<_> = proposal.tables.values().flat_map(|t| &t.columns).map(|c| &c.verdict).collect();
    let personal = |v: &&&_| is_personal(v);
    (
        all.iter().filter(personal).count(),
        all.iter().filter(|v| v.secret).count(),
        all.iter().filter(|v| v.text).count(),
    )
}

fn is_personal(verdict: &engine::discover::classify::Verdict) -> bool {
    verdict.text || verdict.category.as_deref().is_some_and(|c| c == "user" || c.starts_with("user."))
}

fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(80);
    table.set_header(head.to_vec());
    for row in rows {
        table.add_row(row.clone());
    }
    for at in [0, 2] {
        if let Some(column) = table.column_mut(at) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.trim_fmt()
}
