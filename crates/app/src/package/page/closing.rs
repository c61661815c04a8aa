//! What is not in the package, what the person can do, and the files.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::{Book, safe, say, table};
use crate::package::authority::{self, Authority};
use crate::package::words::plain;

/// The section of what was left out or waits for people.
pub fn left(book: Book<'_>) -> Markup {
    let (words, manifest) = (book.words, book.manifest);
    let waiting = waiting(book);
    let hidden = || manifest.tables.iter().enumerate().filter(|(_, t)| !t.withheld.is_empty());
    html! {
        section {
            h2 id="left" { (words.left.title) }
            @if waiting.is_empty() && hidden().next().is_none() { p { (words.left.nothing) } } @else { p { (words.left.lead) } }
            @if !waiting.is_empty() { ul.spaced { @for item in waiting { li { (item) } } } }
            @if hidden().next().is_some() {
                dl.left {
                    @for (at, table) in hidden() {
                        div {
                            dt {
                                (say(&words.data.place_of, &[
                                    ("system", safe(&words.label(&table.system))), ("table", book.link(at)),
                                ]))
                            }
                            dd { ul.plain { @for hidden in &table.withheld { li { (table::left_out(book, hidden)) } } } }
                        }
                    }
                }
            }
        }
    }
}

/// What a machine could not finish.
fn waiting(book: Book<'_>) -> Vec<Markup> {
    let (words, manifest) = (book.words, book.manifest);
    let left = &words.left;
    let mut items: Vec<Markup> = Vec::new();
    for task in &manifest.tasks {
        items.push(book.say(&left.task, &[("system", &words.label(&task.system)), ("team", &task.team)]));
    }
    let places: usize = manifest.review.iter().map(|p| p.places).sum();
    if places > 0 {
        items.push(html! { (words.amount(places as u64, &left.review)) });
    }
    let absent: usize = book.notes.absent.iter().map(|a| a.files).sum();
    if absent > 0 {
        items.push(html! { (words.amount(absent as u64, &left.absent)) });
    }
    let called = |kind: &String| book.notes.about.kinds.get(kind).cloned().unwrap_or_else(|| plain(kind));
    let kinds: BTreeSet<String> = manifest.other_kinds.iter().map(|o| called(&o.kind)).collect();
    if !kinds.is_empty() {
        let kinds = words.list(&kinds.into_iter().collect::<Vec<_>>());
        items.push(book.say(&left.kinds, &[("kinds", &kinds), ("kind", &called(&manifest.subject))]));
    }
    for u in &manifest.unusable {
        items.push(book.say(&left.unusable, &[("table", &words.label(&u.table)), ("column", &words.label(&u.column))]));
    }
    items
}

/// The section of what the person can do.
pub fn ask(book: Book<'_>) -> Markup {
    let (words, about) = (book.words, &book.notes.about);
    let contact = about.contact.as_deref().unwrap_or(&book.manifest.company);
    let request = html! { strong { (safe(&book.manifest.request)) } };
    html! {
        section {
            h2 id="ask" { (words.ask.title) }
            p { (say(&words.ask.write, &[("contact", reach(contact)), ("request", request)])) }
            @if let Some(officer) = &about.officer { p { (say(&words.ask.officer, &[("officer", reach(officer))])) } }
            p { (words.ask.rights) }
            @match about.country.as_deref().and_then(authority::of) {
                Some(authority) => p { (complain(book, authority)) },
                None => p { (words.ask.any) },
            }
            p { (words.ask.instead) }
        }
    }
}

fn complain(book: Book<'_>, authority: &Authority) -> Markup {
    let web = authority.web.trim_start_matches("https://");
    let named =
        html! { strong lang="" { (safe(&authority.name)) } ", " a href=(authority.web) rel="noreferrer" { (web) } };
    html! {
        (say(&book.words.ask.complain, &[("authority", named)]))
        @if let Some(note) = authority.note.get(&book.words.code) { " " (note) }
    }
}

/// Where somebody is written to; a plain address can be tapped.
fn reach(contact: &str) -> Markup {
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-_@".contains(c);
    let address = contact.chars().all(plain) && contact.split('@').filter(|part| !part.is_empty()).count() == 2;
    html! {
        @if address { a href={ "mailto:" (contact) } { (contact) } } @else { strong { (safe(contact)) } }
    }
}

/// The section of the files.
pub fn files(book: Book<'_>) -> Markup {
    let (words, manifest) = (book.words, book.manifest);
    let size = |path: &str| manifest.files.iter().find(|f| f.path == path).map_or(0, |f| f.bytes);
    let file = |path: &str, name: &str| {
        html! { a href=(path) { (name) } " " span.count { (words.size(size(path))) } }
    };
    let own = |path: &'static str| html! { a href=(path) { (path) } };
    let about = match book.certified {
        true => {
            say(&words.files.manifest, &[("manifest", own("manifest.json")), ("certificate", own("certificate.json"))])
        }
        false => say(&words.files.manifest_only, &[("manifest", own("manifest.json"))]),
    };
    let tables = || manifest.tables.iter().filter(|t| !t.file.is_empty());
    html! {
        section {
            h2 id="files" { (words.files.title) }
            p { (words.files.lead) }
            ul.spaced { li { (words.files.csv) } li { (words.files.exact) } li { (about) } (super::attached::told(book)) }
            @if tables().next().is_some() {
                table.files {
                    thead {
                        tr {
                            th scope="col" { (words.files.table) }
                            th.num scope="col" { (words.files.records) }
                            th scope="col" { (words.files.csv_head) }
                            th scope="col" { (words.files.exact_head) }
                        }
                    }
                    tbody {
                        @for t in tables() {
                            tr {
                                th scope="row" {
                                    (book.say(&words.data.place_of, &[("system", &words.label(&t.system)), ("table", &words.label(&t.table))]))
                                }
                                td.num data-label=(words.files.records) { (words.number(t.rows.total())) }
                                td data-label=(words.files.csv_head) { (file(&t.csv, "CSV")) }
                                td data-label=(words.files.exact_head) { (file(&t.file, "JSON Lines")) }
                            }
                        }
                    }
                }
            }
            p {
                (say(&words.files.check, &[
                    ("command", html! { code { "sha256sum -c SHA256SUMS" } }), ("manifest", html! { code { "manifest.json" } }),
                ]))
                " " code.sum { (book.digest) }
            }
        }
    }
}
