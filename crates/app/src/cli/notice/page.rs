//! The notice and its papers as pages: readable, printable, without script, loading nothing.

use engine::notice::document::Document;
use engine::notice::headings::{Heading, OPTIONS, headings};
use engine::notice::tables::Table;
use engine::policy::model::Policy;
use jiff::civil::Date;
use maud::{Markup, PreEscaped, html};
use pulldown_cmark::{CowStr, Event, HeadingLevel, Parser, Tag, TagEnd};

use crate::standalone::{OWN_STYLE, Page};

const STYLE: &str = concat!(include_str!("../paper.css"), include_str!("page.css"));

/// A paper beside the notice.
pub struct Paper<'a> {
    /// The folder.
    pub policy: &'a Policy,
    /// Its table.
    pub table: &'a Table,
    /// What is said above it.
    pub lead: &'a str,
    /// Facts above the table.
    pub facts: &'a [(&'static str, String)],
    /// The day of the table.
    pub day: Date,
}

/// The notice.
pub fn notice(notice: &Document, policy: &Policy) -> String {
    let contents: Vec<Heading> = headings(&notice.text).into_iter().filter(|h| h.level <= 2).collect();
    let head = notice.head();
    let line = head.split_once('\n').map(|(_, line)| line).unwrap_or_default();
    let body = html! {
        header {
            p.who { (policy.company) }
            h1 { (notice.title) }
            @if !line.is_empty() { p.version { (line) } }
        }
        @if contents.len() > 2 {
            // No anchor of a heading has a colon.
            nav aria-labelledby="page:contents" {
                h2 id="page:contents" { "Contents" }
                ol { @for heading in &contents { li { a href={ "#" (heading.anchor) } { (heading.words) } } } }
            }
        }
        article { (PreEscaped(rendered(&notice.text))) }
    };
    draw(&notice.title, &notice.language, "notice", &body)
}

/// A paper.
pub fn paper(paper: &Paper<'_>) -> String {
    let title = format!("{}: {}", paper.policy.company, paper.table.title);
    let body = html! {
        header {
            p.who { (paper.policy.company) }
            h1 { (paper.table.title) }
            p.version { (paper.lead) br; "Made on " (paper.day.strftime("%-d %B %Y")) "." }
        }
        @if !paper.facts.is_empty() {
            dl { @for (name, value) in paper.facts { dt { (name) } dd { (value) } } }
        }
        @if paper.table.rows.is_empty() {
            p { "There is nothing to list." }
        } @else {
            div.wide tabindex="0" role="region" aria-label=(paper.table.title) {
                table {
                    thead { tr { @for name in &paper.table.head { th scope="col" { (name) } } } }
                    tbody {
                        @for row in &paper.table.rows {
                            tr { @for (nth, cell) in row.iter().enumerate() { @if nth == 0 { th scope="row" { (cell) } } @else { td { (cell) } } } }
                        }
                    }
                }
            }
        }
    };
    draw(&title, "en", "paper", &body)
}

fn draw(title: &str, language: &str, class: &str, body: &Markup) -> String {
    let body = html! { main class=(class) { (body) } };
    Page { language, title, style: STYLE, may: OWN_STYLE, head: html! {}, body }.draw()
}

/// Markdown as HTML: headings have anchors, tables scroll by themselves on narrow screens, HTML within is shown as
/// text, and nothing is loaded.
fn rendered(text: &str) -> String {
    let parser = Parser::new_ext(text, OPTIONS);
    let mut anchors = headings(text).into_iter().map(|heading| CowStr::from(heading.anchor));
    let mut events: Vec<Event<'_>> = Vec::new();
    // Of each open link: is it drawn?
    let mut drawn: Vec<bool> = Vec::new();
    for event in parser {
        match event {
            Event::Start(Tag::Heading { level, classes, attrs, .. }) => {
                events.push(Event::Start(Tag::Heading { level: lower(level), id: anchors.next(), classes, attrs }));
            }
            Event::End(TagEnd::Heading(level)) => {
                events.push(Event::End(TagEnd::Heading(lower(level))));
            }
            Event::Start(Tag::Table(alignment)) => {
                events.push(Event::Html(
                    "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Table\">".into(),
                ));
                events.push(Event::Start(Tag::Table(alignment)));
            }
            Event::End(TagEnd::Table) => {
                events.push(Event::End(TagEnd::Table));
                events.push(Event::Html("</div>".into()));
            }
            Event::Html(raw) | Event::InlineHtml(raw) => events.push(Event::Text(raw)),
            Event::Start(Tag::Link { dest_url, .. }) if !leads(&dest_url) => drawn.push(false),
            Event::Start(Tag::Link { .. }) => {
                drawn.push(true);
                events.push(event);
            }
            Event::End(TagEnd::Link) if drawn.pop() == Some(false) => {}
            // The page loads nothing: of a picture, its description is left.
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => {}
            other => events.push(other),
        }
    }
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, events.into_iter());
    html
}

/// Does a link lead to a page, an address or a heading? A scheme of another kind could run something; its words stay.
fn leads(link: &str) -> bool {
    let before = link.split(['/', '?', '#']).next().unwrap_or_default();
    before.split_once(':').is_none_or(|(scheme, _)| ["https", "http", "mailto", "tel"].contains(&scheme))
}

/// The title of the page is its only heading of the first level.
fn lower(level: HeadingLevel) -> HeadingLevel {
    if level == HeadingLevel::H1 { HeadingLevel::H2 } else { level }
}
