//! The coverage of a text as one page: the text itself, marked in the margin, with what keeps each promise on hover and focus.
//! No script, and nothing is loaded.

use engine::coverage::marked::{Block, Mark, Piece, counted};
use engine::coverage::{Covered, State};
use engine::policy::model::Policy;
use jiff::civil::Date;
use maud::{Markup, html};

use crate::standalone::{OWN_STYLE, Page};

const STYLE: &str = concat!(include_str!("../paper.css"), include_str!("page.css"));

/// All marks, in the order of the legend, with the sign that says the same without colour.
const MARKS: [(Mark, &str, &str); 8] = [
    (Mark::Promise(State::Verified), "verified", "✓"),
    (Mark::Promise(State::Bound), "bound", "○"),
    (Mark::Promise(State::Pending), "pending", "…"),
    (Mark::Promise(State::NotExecutable), "words", "¶"),
    (Mark::Promise(State::Broken), "broken", "✗"),
    (Mark::Unbound, "unbound", "?"),
    (Mark::Stale, "stale", "!"),
    (Mark::Statement, "statement", ""),
];

/// The page.
pub fn page(policy: &Policy, blocks: &[Block], covered: &[Covered], today: Date) -> String {
    let title = format!("Coverage of the notice of {}", policy.company);
    let counts = counted(blocks);
    let body = html! {
        main {
            h1 { (title) }
            p.lead { (totals(covered)) " Seen on " (today.strftime("%-d %B %Y")) "." }
            (legend(&counts))
            article { @for (nth, block) in blocks.iter().enumerate() { (drawn(nth, block, covered)) } }
            (table(covered))
        }
    };
    Page { language: "en", title: &title, style: STYLE, may: OWN_STYLE, head: html! {}, body }.draw()
}

fn totals(covered: &[Covered]) -> String {
    let verified = covered.iter().filter(|c| c.state == State::Verified).count();
    format!("{verified} of {} promises were seen to hold.", covered.len())
}

fn legend(counts: &std::collections::BTreeMap<Mark, usize>) -> Markup {
    html! {
        ul.legend aria-label="Marks" {
            @for (mark, class, sign) in MARKS {
                @if let Some(count) = counts.get(&mark) {
                    li class=(class) { span.sign aria-hidden="true" { (sign) } (mark.word()) " " b { (count) } }
                }
            }
        }
    }
}

fn drawn(nth: usize, block: &Block, covered: &[Covered]) -> Markup {
    // No anchor of a heading has a colon, so these are others, and each is there once.
    let id = |piece: usize| format!("tip:{nth}-{piece}");
    let words =
        || html! { @for (nth, piece) in block.pieces.iter().enumerate() { (marked(piece, covered, &id(nth))) " " } };
    let anchor = block.anchor.as_deref();
    html! {
        @match block.heading {
            Some(1 | 2) => h2 id=[anchor] { (words()) },
            Some(3) => h3 id=[anchor] { (words()) },
            Some(_) => h4 id=[anchor] { (words()) },
            None => p { (words()) },
        }
    }
}

fn marked(piece: &Piece, covered: &[Covered], id: &str) -> Markup {
    let (_, class, sign) = MARKS.iter().find(|(mark, ..)| *mark == piece.mark).copied().unwrap_or(MARKS[7]);
    if piece.mark == Mark::Statement {
        return html! { (piece.text) };
    }
    let own: Vec<&Covered> = covered.iter().filter(|c| piece.promises.contains(&c.id)).collect();
    html! {
        span class={ "mark " (class) } tabindex="0" aria-describedby=(id) {
            span.sign aria-hidden="true" { (sign) }
            (piece.text)
            span.tip role="tooltip" id=(id) {
                b { (piece.mark.word()) }
                @if piece.mark == Mark::Stale { span { "The text was changed after somebody read it and bound promises to it. Read it again, then accept it." } }
                @if piece.mark == Mark::Unbound { span { "It reads like a promise, and nothing keeps it." } }
                @for c in own {
                    span { b { (c.id) } " " (c.state.word()) ": " (c.mechanisms.join(", ")) }
                    @for why in &c.why { span.why { (why) } }
                }
            }
        }
    }
}

/// The same as a table, for those who look for one promise.
fn table(covered: &[Covered]) -> Markup {
    html! {
        h2 { "Promises" }
        div.wide tabindex="0" role="region" aria-label="Promises" {
            table {
                thead { tr { th scope="col" { "Promise" } th scope="col" { "State" } th scope="col" { "Kept by" } th scope="col" { "Checks" } } }
                tbody {
                    @for c in covered {
                        tr {
                            th scope="row" { (c.id) }
                            td { (c.state.word()) }
                            td { @for m in &c.mechanisms { div { (m) } } }
                            td {
                                @for ran in &c.ran { div { (ran.capability) " " (ran.check) @if ran.failed.is_some() { " failed" } } }
                                @for why in &c.why { div.why { (why) } }
                            }
                        }
                    }
                }
            }
        }
    }
}
