//! Rows of one table.

use std::collections::BTreeSet;

use engine::policy::model::Access;
use engine::schema::Class;
use maud::{Markup, html};

use super::attached::Named;
use super::content::Content;
use super::value::{self, Manner};
use super::{Book, attached, safe};
use crate::package::manifest::{Hidden, Table};
use crate::package::preview::{Cell, Group};

/// Most columns of a group that is set as a table; wider ones are set as lists.
const COLUMNS: usize = 5;

/// How many records, in words.
pub fn amount(book: Book<'_>, table: &Table) -> String {
    match table.rows.total() {
        0 => book.words.data.withheld.clone(),
        n => book.words.amount(n, &book.words.count.records),
    }
}

/// The section of a table on the first page.
pub fn section(book: Book<'_>, at: usize) -> Markup {
    let (table, words) = (&book.manifest.tables[at], book.words);
    let content = Content::of(book, at);
    let talk = book.notes.talk(at);
    html! {
        section.table {
            h3 id=(format!("t{at}")) { (safe(&words.label(&table.table))) " " span.count { (amount(book, table)) } }
            (about(book, table))
            @if let Some(talk) = talk {
                @if talk.stands_at() == at {
                    p.about { (words.talk.lead) }
                } @else {
                    p.about { (super::say(&words.talk.shown_in, &[("table", book.link(talk.stands_at()))])) }
                }
            }
            @if let Some(content) = &content {
                (content.beginning())
                @if content.pages().is_empty() { (content.capped()) }
            }
            @if talk.is_none() { (unshown(book, at)) }
            (withheld(book, &table.withheld))
            (files(book, table))
        }
    }
}

/// Groups of which pages show no row.
fn unshown(book: Book<'_>, at: usize) -> Markup {
    let words = book.words;
    let groups = book.previews[at].groups.iter().filter(|g| g.rows.is_empty() && g.total > 0);
    html! {
        @for group in groups {
            (standing(book, group))
            p.note { (book.say(&words.data.file_only, &[("records", &words.amount(group.total, &words.count.records))])) }
        }
    }
}

/// Groups and rows that the pages show here, and not as conversations.
pub fn rows(book: Book<'_>, at: usize) -> Vec<(usize, usize)> {
    let talk = book.notes.talk(at);
    let groups = book.previews[at].groups.iter().enumerate();
    let here = groups.filter(|(_, g)| talk.is_none_or(|t| !super::talk::takes(t, at, g)));
    here.flat_map(|(nth, g)| (0..g.rows.len()).map(move |row| (nth, row))).collect()
}

/// What a row takes on a page; about one for a short one.
pub fn weight(row: &[Cell]) -> usize {
    1 + row.iter().map(Cell::bytes).sum::<usize>() / 2_000
}

/// Some rows in a row, numbered from `start` on.
pub fn stretch(book: Book<'_>, at: usize, rows: &[(usize, usize)], start: usize) -> Markup {
    let (manner, file) = book.manner(at);
    let manner = Manner { file: &file, ..manner };
    let groups = rows.chunk_by(|a, b| a.0 == b.0);
    let starts = groups.clone().scan(start, |n, g| Some(std::mem::replace(n, *n + g.len())));
    html! {
        @for (chunk, start) in groups.zip(starts) {
            @let group = &book.previews[at].groups[chunk[0].0];
            @let rows: Vec<&[Cell]> = chunk.iter().map(|(_, row)| group.rows[*row].as_slice()).collect();
            div.group {
                (standing(book, group))
                @if is_small(group) && !book.attached.is_some_and(|a| a.any(at)) {
                    (grid(manner, group, &rows))
                } @else {
                    (records(book, manner, at, group, &rows, start))
                }
            }
        }
    }
}

/// What kinds of data these are, and which texts may name others.
fn about(book: Book<'_>, table: &Table) -> Markup {
    let words = book.words;
    let mut kinds: Vec<&str> = Vec::new();
    let categories = table.returned().filter_map(|c| c.category.as_deref());
    for label in categories.filter_map(|c| words.category(c, &book.notes.about.categories)) {
        if !kinds.contains(&label) {
            kinds.push(label);
        }
    }
    let texts: Vec<&String> = table.returned().filter(|c| c.free_text.is_some()).map(|c| &c.name).collect();
    let sealed: Vec<&String> = table.returned().filter(|c| c.encrypted).map(|c| &c.name).collect();
    html! {
        @if !kinds.is_empty() { p.about { (book.say(&words.data.kinds, &[("kinds", &kinds.join("; "))])) } }
        @if !texts.is_empty() { p.about { (book.say(&words.data.searched, &[("columns", &words.labels(texts))])) } }
        @if !sealed.is_empty() { p.about { (book.say(&words.data.sealed, &[("columns", &words.labels(sealed))])) } }
    }
}

/// How rows stand to the person.
fn standing(book: Book<'_>, group: &Group) -> Markup {
    let words = book.words;
    let data = &words.data;
    let standing = match (group.level, group.links.is_empty()) {
        (Access::Row, true) => &data.about,
        (Access::Row, false) => &data.yours,
        (Access::Shared, _) => &data.shared,
        (Access::Fact | Access::Withhold, _) => &data.fact,
    };
    let links: BTreeSet<String> = group.links.iter().map(|l| words.label(l)).collect();
    let links: Vec<String> = links.into_iter().collect();
    html! {
        p.why {
            strong { (standing) }
            @if !links.is_empty() { " " (book.say(&data.links, &[("links", &words.list(&links))])) }
        }
    }
}

fn is_small(group: &Group) -> bool {
    let short = || group.rows.iter().flatten().all(Cell::is_short);
    (1..=COLUMNS).contains(&group.columns.len()) && group.rows.len() > 1 && short()
}

fn grid(manner: Manner<'_>, group: &Group, rows: &[&[Cell]]) -> Markup {
    let names: Vec<String> = group.columns.iter().map(|c| manner.words.label(c)).collect();
    let right = |ix: usize| matches!(group.classes[ix], Class::Int | Class::Real | Class::Decimal);
    html! {
        table {
            thead { tr { @for (ix, name) in names.iter().enumerate() { th.num[right(ix)] scope="col" { (safe(name)) } } } }
            tbody {
                @for row in rows {
                    tr {
                        @for (ix, c) in row.iter().enumerate() {
                            td.num[right(ix)] data-label=(names[ix]) { (value::cell(manner, c, group.classes[ix])) }
                        }
                    }
                }
            }
        }
    }
}

/// Each row as a list of its values.
fn records(book: Book<'_>, manner: Manner<'_>, at: usize, group: &Group, rows: &[&[Cell]], start: usize) -> Markup {
    html! {
        ol.records start=(start + 1) {
            @for (nth, row) in rows.iter().enumerate() {
                li value=(start + nth + 1) {
                    @if book.manifest.tables[at].rows.total() > 1 {
                        span.nth aria-hidden="true" { (manner.words.number((start + nth + 1) as u64)) }
                    }
                    (fields(manner, group, row, &[]))
                    @let files: Vec<Named<'_>> = book.files(at, group, row).iter().map(|file| Named { file, title: None }).collect();
                    (attached::list(book, &files))
                }
            }
        }
    }
}

/// The values of a row but those of some columns; what is empty is named in one line.
pub fn fields(manner: Manner<'_>, group: &Group, row: &[Cell], but: &[&str]) -> Markup {
    let words = manner.words;
    let all = || group.columns.iter().zip(row).zip(&group.classes).filter(|((c, _), _)| !but.contains(&c.as_str()));
    let empty: Vec<String> = all().filter(|((_, c), _)| c.is_empty()).map(|((name, _), _)| words.label(name)).collect();
    html! {
        @if all().any(|((_, c), _)| !c.is_empty()) {
            dl {
                @for ((column, c), class) in all().filter(|((_, c), _)| !c.is_empty()) {
                    div { dt { (safe(&words.label(column))) } dd { (value::cell(manner, c, *class)) } }
                }
            }
        }
        @if !empty.is_empty() {
            p.none { (super::say(&words.data.empty, &[("columns", safe(&empty.join(", ")))])) }
        }
    }
}

/// What was left out of a table, and why.
fn withheld(book: Book<'_>, hidden: &[Hidden]) -> Markup {
    html! {
        @if !hidden.is_empty() {
            div.withheld {
                h4 { (book.words.data.left_out) }
                ul { @for hidden in hidden { li { (left_out(book, hidden)) } } }
            }
        }
    }
}

/// One thing that was left out.
pub fn left_out(book: Book<'_>, Hidden { columns, rows, reason }: &Hidden) -> Markup {
    let words = book.words;
    let records = words.amount(*rows as u64, &words.count.records);
    html! {
        @if columns.is_empty() {
            strong { (records) } ". "
        } @else {
            @let what = html! { strong { (safe(&words.labels(columns))) } };
            (super::say(&words.data.left_line, &[("what", what), ("records", html! { (records) })])) " "
        }
        (safe(words.reason(reason)))
    }
}

fn files(book: Book<'_>, table: &Table) -> Markup {
    let data = &book.words.data;
    html! {
        @if !table.file.is_empty() {
            p.also {
                (data.files) " " a href=(table.csv) { "CSV" } ", " (data.csv) "; " a href=(table.file) { "JSON Lines" } ", " (data.exact) "."
            }
        }
    }
}
