//! `index.html`: the package for people. One file, no script, no request to anywhere.

mod section;
mod value;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use engine::policy::model::Right;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::Extra;
use super::manifest::{Manifest, Table};
use super::preview::Preview;
use super::words::{self, count, label};
use value::safe;

const STYLE: &str = include_str!("style.css");

/// The page as text. `digest` is the manifest's SHA-256.
pub fn render(manifest: &Manifest, previews: &[Preview], extra: &Extra<'_>, digest: &str) -> String {
    let title = format!("Your data at {}", manifest.company);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="referrer" content="no-referrer";
                meta name="robots" content="noindex";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#data" { "Skip to your data" }
                header { (opening(manifest, &title)) }
                nav aria-labelledby="contents" { (contents(manifest)) }
                main id="data" {
                    @for (name, tables) in systems(manifest) {
                        section {
                            h2 id=(format!("s{}", tables[0].0)) { (safe(&label(name))) }
                            @for (at, table) in tables { (section::table(at, table, &previews[at])) }
                        }
                    }
                    (more(manifest))
                }
                footer { (closing(manifest, extra, digest)) }
            }
        }
    };
    page.into_string()
}

/// Only our own style may apply; nothing else may load, run or be sent.
fn policy() -> String {
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'")
}

/// Systems in order, each with its tables and their places in the manifest.
fn systems(manifest: &Manifest) -> Vec<(&str, Vec<(usize, &Table)>)> {
    let mut systems: Vec<(&str, Vec<(usize, &Table)>)> = Vec::new();
    for entry @ (_, table) in manifest.tables.iter().enumerate() {
        match systems.last_mut().filter(|(name, _)| *name == table.system) {
            Some((_, tables)) => tables.push(entry),
            None => systems.push((&table.system, vec![entry])),
        }
    }
    systems
}

fn opening(manifest: &Manifest, title: &str) -> Markup {
    let records: u64 = manifest.tables.iter().map(|t| t.rows.total()).sum();
    let places = systems(manifest).len() as u64;
    html! {
        h1 { (safe(title)) }
        p.lead {
            @match manifest.right {
                Right::Access => "You asked for a copy of your data. ",
                Right::Erasure => "This is what we returned to you when we erased your data. ",
            }
            "We found " strong { (count(records, "record", "records")) } " about you in "
            strong { (count(places, "system", "systems")) } "."
        }
        dl.facts {
            div { dt { "Looked up on" } dd { (words::day(manifest.made_at)) } }
            div { dt { "Request" } dd { (safe(&manifest.request)) } }
            div { dt { "You are known as" } dd { (safe(&words::phrase(&manifest.subject))) } }
        }
    }
}

fn contents(manifest: &Manifest) -> Markup {
    html! {
        h2 id="contents" { "Contents" }
        ul {
            @for (name, tables) in systems(manifest) {
                li {
                    a href=(format!("#s{}", tables[0].0)) { (safe(&label(name))) }
                    ul {
                        @for (at, table) in tables {
                            li {
                                a href=(format!("#t{at}")) { (safe(&label(&table.table))) }
                                " " span.count { (section::amount(table)) }
                            }
                        }
                    }
                }
            }
            @if has_more(manifest) { li { a href="#more" { "What is not in here" } } }
            li { a href="#ask" { "Ask, correct, complain" } }
            li { a href="#files" { "The files of this package" } }
        }
    }
}

fn has_more(manifest: &Manifest) -> bool {
    let Manifest { tasks, review, other_kinds, unusable, .. } = manifest;
    !(tasks.is_empty() && review.is_empty() && other_kinds.is_empty() && unusable.is_empty())
}

/// What a machine could not finish.
fn more(manifest: &Manifest) -> Markup {
    let places: usize = manifest.review.iter().map(|p| p.places).sum();
    let kinds: Vec<String> = manifest.other_kinds.iter().map(|o| words::phrase(&o.kind)).collect();
    let kinds: Vec<String> = std::collections::BTreeSet::from_iter(kinds).into_iter().collect();
    html! {
        @if has_more(manifest) {
            section {
                h2 id="more" { "What is not in here" }
                ul.plain {
                    @for task in &manifest.tasks {
                        li {
                            strong { (safe(&label(&task.system))) } ": this is not in a computer system that we can search. "
                            "Our team " (safe(&task.team)) " looks there and sends you what it finds."
                        }
                    }
                    @if places > 0 {
                        li {
                            (count(places as u64, "text", "texts"))
                            " may name you or somebody else. A person of our team checks this and tells you the result."
                        }
                    }
                    @if !kinds.is_empty() {
                        li {
                            "We may also know you as " strong { (safe(&words::list(&kinds))) } ". This answer is about you as "
                            (safe(&words::phrase(&manifest.subject))) " only. Ask us if you want the other one too."
                        }
                    }
                    @for u in &manifest.unusable {
                        li {
                            (safe(&label(&u.table))) ", " (safe(&label(&u.column))) ": what stands there for you is empty or a "
                            "filler such as “n/a”, so we could not use it to find more about you."
                        }
                    }
                }
            }
        }
    }
}

fn closing(manifest: &Manifest, extra: &Extra<'_>, digest: &str) -> Markup {
    html! {
        section {
            h2 id="ask" { "Ask, correct, complain" }
            p {
                "Something is missing, wrong or hard to understand? "
                @match extra.contact {
                    Some(contact) => { "Write to " strong { (safe(contact)) } },
                    None => { "Write to " (safe(&manifest.company)) },
                }
                " and name the request " strong { (safe(&manifest.request)) } ". You can have wrong data corrected, and you can ask "
                "us to erase data or to stop using it. Asking costs nothing."
            }
            @if let Some(officer) = extra.officer {
                p { "You can also write to our data protection officer: " strong { (safe(officer)) } "." }
            }
            p {
                "If you think that we treat your data or your request wrongly, you can complain to "
                @match extra.authority {
                    Some(authority) => strong { (safe(authority)) },
                    None => "the data protection authority of the country where you live or work",
                }
                ". That costs nothing either, and you can go to a court."
            }
        }
        section {
            h2 id="files" { "The files of this package" }
            p {
                "This page shows your data for reading. The same data, complete and exact, is in the files below, one row on each "
                "line, for programs. " code { "manifest.json" } " says what each file holds and what was left out."
            }
            ul.files {
                @for file in &manifest.files {
                    li { a href=(file.path) { (file.path) } " " span.count { (words::size(file.bytes)) } }
                }
            }
            p {
                "Has a file been changed? Run " code { "sha256sum -c SHA256SUMS" } " in this folder. Checksum of "
                code { "manifest.json" } ": " code.sum { (digest) }
            }
        }
    }
}
