//! Why data is held, for how long, and who holds and receives it.

use engine::policy::model::{Purpose, Recipient, Retention, SystemKind};
use maud::{Markup, html};

use super::{Book, safe};
use crate::package::notes::Place;

/// The purposes of a kind of data, as links to where they are told.
pub fn links(book: Book<'_>, category: &str) -> Markup {
    let purposes = &book.notes.about.purposes;
    let covering: Vec<(usize, &Purpose)> = purposes.iter().enumerate().filter(|(_, p)| p.covers(category)).collect();
    html! {
        @if covering.is_empty() { span.none { (book.words.kinds.none) } } @else {
            ul.plain { @for (nth, purpose) in covering { li { a href={ "#p" (nth + 1) } { (safe(&purpose.title)) } } } }
        }
    }
}

/// The section of the purposes.
pub fn why(book: Book<'_>) -> Markup {
    let (words, purposes) = (book.words, &book.notes.about.purposes);
    html! {
        @if !purposes.is_empty() {
            section {
                h2 id="why" { (words.why.title) }
                p { (words.why.lead) }
                @for (nth, purpose) in purposes.iter().enumerate() {
                    h3 id={ "p" (nth + 1) } { (safe(&purpose.title)) }
                    (one(book, purpose))
                }
            }
        }
    }
}

fn one(book: Book<'_>, purpose: &Purpose) -> Markup {
    let (words, about) = (book.words, &book.notes.about);
    let labels = purpose.categories.iter().map(|c| words.category(c, &about.categories).unwrap_or(c));
    html! {
        dl.purpose {
            div {
                dt { (words.why.basis) }
                dd { @match &purpose.basis { Some(b) => (safe(&words.term(&words.basis, b))), None => (words.why.unknown) } }
            }
            div {
                dt { (words.why.kinds) }
                dd { ul.plain { @for label in labels { li { (safe(label)) } } } }
            }
            div {
                dt { (words.why.recipients) }
                dd {
                    @if purpose.recipients.is_empty() { (words.why.nobody) }
                    ul.plain { @for r in &purpose.recipients { li { (recipient(book, r)) } } }
                }
            }
            div {
                dt { (words.why.retention) }
                dd { @match &purpose.retention { Some(rule) => (retention(book, rule)), None => (words.why.unknown) } }
            }
        }
    }
}

fn recipient(book: Book<'_>, recipient: &Recipient) -> Markup {
    let words = book.words;
    let told = [
        recipient.role.as_deref().map(|r| words.term(&words.role, r)),
        recipient.mechanism.as_deref().map(|m| words.term(&words.mechanism, m)),
    ];
    html! {
        strong { (safe(&recipient.name)) }
        @if let Some(country) = &recipient.country { " (" (words.country(country)) ")" }
        @for (nth, part) in told.iter().flatten().enumerate() { @if nth == 0 { ": " } @else { "; " } (safe(part)) }
    }
}

fn retention(book: Book<'_>, rule: &Retention) -> Markup {
    let words = book.words;
    let period = rule.period.as_deref().map(|p| words.period(p).unwrap_or_else(|| p.to_owned()));
    let from = rule.from.as_deref().map(|from| match from.split_once('.') {
        Some((table, column)) => format!("{}, {}", words.label(table), words.label(column)),
        None => words.label(from),
    });
    html! {
        @match (&period, &from) {
            (Some(period), Some(from)) => (book.say(&words.why.counted, &[("period", period), ("from", from)])),
            (Some(period), None) => (book.say(&words.why.period, &[("period", period)])),
            (None, _) => (words.why.unknown),
        }
        @if let Some(action) = &rule.action { " " (safe(&words.term(&words.action, action))) }
        @if let Some(law) = &rule.law { " " (book.say(&words.why.law, &[("law", law)])) }
    }
}

/// The section of holder, places and recipients.
pub fn who(book: Book<'_>) -> Markup {
    let (words, about) = (book.words, &book.notes.about);
    let company = &book.manifest.company;
    let mut recipients: Vec<&Recipient> = about.purposes.iter().flat_map(|p| &p.recipients).collect();
    recipients.sort_by(|a, b| a.name.cmp(&b.name));
    recipients.dedup();
    html! {
        section {
            h2 id="who" { (words.who.title) }
            p {
                @match &about.country {
                    Some(c) => (book.say(&words.who.holder_in, &[("company", company), ("country", words.country(c))])),
                    None => (book.say(&words.who.holder, &[("company", company)])),
                }
            }
            h3 { (words.who.systems) }
            ul { @for place in &book.notes.places { li { (self::place(book, place)) } } }
            h3 { (words.why.recipients) }
            @if recipients.is_empty() { p { (words.who.nobody) } } @else {
                p { (words.who.receive) }
                ul { @for r in recipients { li { (recipient(book, r)) } } }
            }
        }
    }
}

fn place(book: Book<'_>, place: &Place) -> Markup {
    let words = book.words;
    let kind = match place.kind {
        SystemKind::Postgres | SystemKind::Mysql | SystemKind::Sqlite => html! { (words.who.database) },
        SystemKind::Files => html! { (words.who.files) },
        SystemKind::Http => html! { (words.who.service) },
        SystemKind::Manual => book.say(&words.who.people, &[("team", place.team.as_deref().unwrap_or(&place.system))]),
    };
    html! {
        strong { (safe(&words.label(&place.system))) } ": " (kind)
        @if let Some(country) = &place.country { ", " (words.country(country)) }
    }
}
