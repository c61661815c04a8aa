//! What is known of annotated schemas, table by table: its role, the edges that reach it, and what its rules do.

use std::collections::{BTreeMap, BTreeSet};

use super::edges::edges;
use super::sql::{Rule, Table};

/// The outcome of a table, as a line of a table of outcomes says it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    role: String,
    edges: BTreeSet<String>,
    /// `get via column: NULL a, b`, `forget via column: row deleted`.
    rules: BTreeSet<String>,
}

impl Outcome {
    /// Does no right lead here?
    pub fn is_outside(&self) -> bool {
        self.role == "outside"
    }

    /// Who owns rows, as explanations call it.
    pub fn state(&self) -> &'static str {
        match self.role.as_str() {
            "data subject" => "DATASUBJECT",
            "owned" | "owned+accessed" => "SHARDED",
            _ => "UNSHARDED",
        }
    }
}

/// The outcomes that notes list, by table.
pub fn listed(notes: &str) -> BTreeMap<String, Outcome> {
    let lines = notes.lines().filter(|line| line.starts_with('|')).skip(2);
    let cells = |line: &str| line.trim_matches('|').split('|').map(|c| c.trim().to_owned()).collect::<Vec<_>>();
    let mut outcomes = BTreeMap::new();
    for line in lines {
        if let [table, role, links, access, erasure] = &cells(line)[..] {
            let edges = links.split("<br>").filter(|link| *link != "-").map(str::to_owned).collect();
            let rules = ruled("get", access).chain(ruled("forget", erasure)).collect();
            outcomes.insert(table.clone(), Outcome { role: role.clone(), edges, rules });
        }
    }
    outcomes
}

/// What a cell says that rules do.
fn ruled<'a>(ask: &'a str, cell: &'a str) -> impl Iterator<Item = String> + 'a {
    let said = cell
        .split("; ")
        .filter_map(|part| part.strip_prefix("subject reached via ").or_else(|| part.strip_prefix("reached via ")));
    said.map(move |part| format!("{ask} via {part}"))
}

/// The outcomes that follow from annotations.
pub fn derived(tables: &[Table]) -> BTreeMap<String, Outcome> {
    let rights = rights(tables);
    let of = |table: &Table| Outcome {
        role: role(table, rights[table.name.as_str()]).to_owned(),
        edges: said(tables, table),
        rules: table.rules.iter().map(rule).collect(),
    };
    tables.iter().map(|table| (table.name.clone(), of(table))).collect()
}

/// Whether persons own rows of a table, and whether they see some.
fn rights(tables: &[Table]) -> BTreeMap<&str, (bool, bool)> {
    let mut rights: BTreeMap<&str, (bool, bool)> =
        tables.iter().map(|t| (t.name.as_str(), (t.data_subject, false))).collect();
    let edges = edges(tables);
    loop {
        let before = rights.clone();
        for edge in &edges {
            let (from, to) = match edge.forward {
                true => (&edge.reference.table, &edge.table.name),
                false => (&edge.table.name, &edge.reference.table),
            };
            let (owns, sees) = rights[from.as_str()];
            if let Some(has) = rights.get_mut(to.as_str()) {
                *has = (has.0 || edge.owning && owns, has.1 || sees || !edge.owning && owns);
            }
        }
        if rights == before {
            return rights;
        }
    }
}

fn role(table: &Table, rights: (bool, bool)) -> &'static str {
    match rights {
        _ if table.data_subject => "data subject",
        (true, true) => "owned+accessed",
        (true, false) => "owned",
        (false, true) => "accessed only",
        (false, false) => "outside",
    }
}

/// The edges that leave a table or lead to it from another.
fn said(tables: &[Table], table: &Table) -> BTreeSet<String> {
    let mut said = BTreeSet::new();
    for edge in edges(tables) {
        let (column, target) = (&edge.reference.column, &edge.reference.table);
        let word = match (edge.owning, edge.forward) {
            (true, true) => "OWNED_BY",
            (false, true) => "ACCESSED_BY",
            (true, false) => "OWNS",
            (false, false) => "ACCESSES",
        };
        let implied = if edge.implied { " (implied by plain FK)" } else { "" };
        if edge.table.name == table.name {
            said.insert(format!("{column} {word} {target}{implied}"));
        } else if !edge.forward && *target == table.name {
            said.insert(format!("{} {word}", edge.name()));
        }
    }
    said
}

fn rule(rule: &Rule) -> String {
    let ask = if rule.forget { "forget" } else { "get" };
    let does = match (rule.columns.is_empty(), rule.forget) {
        (false, _) => format!("NULL {}", rule.columns.join(", ")),
        (true, true) => "row deleted".to_owned(),
        (true, false) => "row left out".to_owned(),
    };
    format!("{ask} via {}: {does}", rule.along)
}
