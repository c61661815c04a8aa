//! One table of the answer on the page.

use std::collections::BTreeSet;

use engine::policy::model::Access;
use maud::{Markup, html};

use super::value::{cell, safe};
use crate::package::manifest::{Hidden, Table};
use crate::package::preview::{Cell, Group, Preview};
use crate::package::words::{self, count, label, number};

/// Most columns of a group that is set as a table; wider ones are set as lists.
const COLUMNS: usize = 5;

/// How many records, in words.
pub fn amount(table: &Table) -> String {
    match table.rows.total() {
        0 => "withheld".to_owned(),
        n => count(n, "record", "records"),
    }
}

/// The section of a table; `at` is its place in the manifest.
pub fn table(at: usize, table: &Table, preview: &Preview) -> Markup {
    html! {
        section.table {
            h3 id=(format!("t{at}")) { (safe(&label(&table.table))) " " span.count { (amount(table)) } }
            (about(table))
            @for group in &preview.groups { (self::group(group, table)) }
            @if (preview.shown as u64) < preview.rows {
                p.note {
                    "The first " (number(preview.shown as u64)) " of " (number(preview.rows)) " records are shown here. All of "
                    "them are in " a href=(table.file) { (table.file) } "."
                }
            }
            (withheld(&table.withheld))
        }
    }
}

/// What kinds of data these are, and which texts may name others.
fn about(table: &Table) -> Markup {
    let returned = || table.columns.iter().filter(|c| c.returned > 0);
    let mut kinds: Vec<String> = Vec::new();
    for meaning in returned().filter_map(|c| c.meaning.clone()) {
        if !kinds.contains(&meaning) {
            kinds.push(meaning);
        }
    }
    let texts: Vec<String> = returned().filter(|c| c.free_text.is_some()).map(|c| label(&c.name)).collect();
    html! {
        @if !kinds.is_empty() { p.about { "What this is: " (safe(&kinds.join("; "))) "." } }
        @if !texts.is_empty() {
            p.about {
                "Free text: " (safe(&words::list(&texts))) ". We searched it for you, and did not look for what it may say about "
                "other people."
            }
        }
    }
}

/// Rows that are the person's for the same reason.
fn group(group: &Group, table: &Table) -> Markup {
    html! {
        div.group {
            p.why { strong { (standing(group)) } (role(group)) }
            @if group.rows.is_empty() {
                @if group.total > 0 { p.note { (count(group.total, "record", "records")) " of this sort, in the file only." } }
            } @else if is_small(group) { (grid(group, table)) } @else { (records(group, table)) }
        }
    }
}

fn standing(group: &Group) -> &'static str {
    match (group.level, group.links.is_empty()) {
        (Access::Row, true) => "About you.",
        (Access::Row, false) => "Yours.",
        (Access::Shared, _) => "Shared with other people; what belongs to them is left out.",
        (Access::Fact | Access::Withhold, _) => "Names you, but is not yours; we tell you that it exists.",
    }
}

fn role(group: &Group) -> Markup {
    let links: BTreeSet<String> = group.links.iter().map(|l| words::phrase(l)).collect();
    let links: Vec<String> = links.into_iter().collect();
    html! { @if !links.is_empty() { " Connected to you by: " (safe(&words::list(&links))) "." } }
}

fn is_small(group: &Group) -> bool {
    let short = || group.rows.iter().flatten().all(Cell::is_short);
    (1..=COLUMNS).contains(&group.columns.len()) && group.rows.len() > 1 && short()
}

fn grid(group: &Group, table: &Table) -> Markup {
    let names: Vec<String> = group.columns.iter().map(|c| label(c)).collect();
    html! {
        table {
            thead { tr { @for name in &names { th scope="col" { (safe(name)) } } } }
            tbody {
                @for row in &group.rows {
                    tr { @for (name, c) in names.iter().zip(row) { td data-label=(name) { (cell(c, &table.file)) } } }
                }
            }
        }
    }
}

/// Each row as a list of its values; what is empty is named in one line.
fn records(group: &Group, table: &Table) -> Markup {
    html! {
        ol.records {
            @for row in &group.rows {
                @let empty = empty(group, row);
                li {
                    dl {
                        @for (column, c) in group.columns.iter().zip(row).filter(|(_, c)| !matches!(c, Cell::Empty)) {
                            div { dt { (safe(&label(column))) } dd { (cell(c, &table.file)) } }
                        }
                    }
                    @if !empty.is_empty() { p.none { "Empty: " (safe(&empty)) } }
                }
            }
        }
    }
}

fn empty(group: &Group, row: &[Cell]) -> String {
    let empty = group.columns.iter().zip(row).filter(|(_, c)| matches!(c, Cell::Empty));
    let names: Vec<String> = empty.map(|(column, _)| label(column)).collect();
    names.join(", ")
}

fn withheld(hidden: &[Hidden]) -> Markup {
    html! {
        @if !hidden.is_empty() {
            div.withheld {
                h4 { "Left out" }
                ul {
                    @for Hidden { columns, rows, reason } in hidden {
                        @let names: Vec<String> = columns.iter().map(|c| label(c)).collect();
                        @let rows = count(*rows as u64, "record", "records");
                        li {
                            @if names.is_empty() { strong { (rows) } } @else { strong { (safe(&words::list(&names))) } " in " (rows) }
                            ". " (safe(words::reason(reason)))
                        }
                    }
                }
            }
        }
    }
}
