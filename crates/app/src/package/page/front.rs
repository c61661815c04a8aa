//! The first page: what it is, what is in it, the data, and what belongs to it.

use std::collections::BTreeSet;

use engine::policy::model::Right;
use maud::{Markup, html};

use super::{Book, closing, purposes, safe, say, table};
use crate::package::manifest::Table;
use crate::package::words::plain;

/// Everything within the body.
pub fn page(book: Book<'_>) -> Markup {
    html! {
        header { (opening(book)) }
        nav.contents aria-labelledby="contents" { (contents(book)) }
        main id="data" {
            (kinds(book))
            @for (name, tables) in systems(book) { (system(book, name, &tables)) }
            (purposes::why(book))
            (purposes::who(book))
            (closing::left(book))
            (closing::ask(book))
        }
        footer { (closing::files(book)) }
    }
}

type Placed<'a> = (usize, &'a Table);

/// Systems in order, each with its tables and their places in the manifest.
fn systems<'a>(book: Book<'a>) -> Vec<(&'a str, Vec<Placed<'a>>)> {
    let mut systems: Vec<(&str, Vec<Placed<'_>>)> = Vec::new();
    for entry @ (_, table) in book.manifest.tables.iter().enumerate() {
        match systems.last_mut().filter(|(name, _)| *name == table.system) {
            Some((_, tables)) => tables.push(entry),
            None => systems.push((&table.system, vec![entry])),
        }
    }
    systems
}

fn opening(book: Book<'_>) -> Markup {
    let (manifest, words) = (book.manifest, book.words);
    let total: u64 = manifest.tables.iter().map(|t| t.rows.total()).sum();
    let places = systems(book).len() as u64;
    let records = html! { strong { (words.amount(total, &words.count.records)) } };
    let places = html! { strong { (words.amount(places, &words.count.systems)) } };
    let lead = match manifest.right {
        _ if total == 0 => &words.front.nothing,
        Right::Access => &words.front.access,
        Right::Portability => &words.front.portability,
        // A change returns something only where people have to be told of it.
        _ => &words.front.erasure,
    };
    let known = book.notes.known_as.clone().unwrap_or_else(|| plain(&manifest.subject));
    html! {
        p.eyebrow { (safe(&manifest.company)) }
        h1 { (book.say(&words.front.title, &[("company", &manifest.company)])) }
        p.lead { (say(lead, &[("records", records), ("systems", places)])) }
        dl.facts {
            div { dt { (words.front.made) } dd { (words.day(manifest.made_at)) } }
            div { dt { (words.front.request) } dd { (safe(&manifest.request)) } }
            div { dt { (words.front.known) } dd { (safe(&known)) } }
        }
        p.private { (words.front.private) }
    }
}

fn contents(book: Book<'_>) -> Markup {
    let words = book.words;
    html! {
        h2 id="contents" { (words.front.contents) }
        ol {
            @if !categories(book).is_empty() { li { a href="#kinds" { (words.kinds.title) } } }
            @for (name, tables) in systems(book) {
                li {
                    a href=(format!("#s{}", tables[0].0)) { (safe(&words.label(name))) }
                    ul {
                        @for (at, table) in tables {
                            li { (book.link(at)) " " span.count { (table::amount(book, table)) } }
                        }
                    }
                }
            }
            @if !book.notes.about.purposes.is_empty() { li { a href="#why" { (words.why.title) } } }
            li { a href="#who" { (words.who.title) } }
            li { a href="#left" { (words.left.title) } }
            li { a href="#ask" { (words.ask.title) } }
            li { a href="#files" { (words.files.title) } }
        }
    }
}

/// Categories of what is returned, in the order of their keys, each with the tables that hold it.
fn categories<'a>(book: Book<'a>) -> Vec<(&'a str, Vec<usize>)> {
    let mut found: Vec<(&str, Vec<usize>)> = Vec::new();
    for (at, table) in book.manifest.tables.iter().enumerate() {
        let keys =
            table.returned().filter_map(|c| c.category.as_deref()).filter(|k| k.split('.').next() == Some("user"));
        for key in keys.collect::<BTreeSet<_>>() {
            match found.iter_mut().find(|(k, _)| *k == key) {
                Some((_, tables)) => tables.push(at),
                None => found.push((key, vec![at])),
            }
        }
    }
    found.sort_unstable();
    found
}

/// What is held, by kind: where it is and what it is for.
fn kinds(book: Book<'_>) -> Markup {
    let (words, about) = (book.words, &book.notes.about);
    let found = categories(book);
    html! {
        @if !found.is_empty() {
            section {
                h2 id="kinds" { (words.kinds.title) }
                p { (words.kinds.lead) }
                table.kinds {
                    thead {
                        tr {
                            th scope="col" { (words.kinds.kind) }
                            th scope="col" { (words.kinds.places) }
                            @if !about.purposes.is_empty() { th scope="col" { (words.kinds.purposes) } }
                        }
                    }
                    tbody {
                        @for (key, tables) in &found {
                            tr {
                                th scope="row" { (safe(words.category(key, &about.categories).unwrap_or(key))) }
                                td data-label=(words.kinds.places) { (places(book, tables)) }
                                @if !about.purposes.is_empty() {
                                    td data-label=(words.kinds.purposes) { (purposes::links(book, key)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn places(book: Book<'_>, tables: &[usize]) -> Markup {
    html! {
        ul.plain { @for at in tables { li { (book.link(*at)) } } }
    }
}

fn system(book: Book<'_>, name: &str, tables: &[Placed<'_>]) -> Markup {
    let words = book.words;
    let country = book.notes.places.iter().find(|p| p.system == name).and_then(|p| p.country.as_deref());
    html! {
        section.system {
            h2 id=(format!("s{}", tables[0].0)) { (safe(&words.label(name))) }
            @if let Some(country) = country { p.about { (book.say(&words.data.place, &[("country", words.country(country))])) } }
            @for (at, _) in tables { (table::section(book, *at)) }
        }
    }
}
