//! What the notice refers to: facts, tables and headings that must be there, and sentences that promises rest on (U1101).

use jiff::civil::Date;

use crate::diagnostic::{Diagnostic, codes};
use crate::notice::fill::{fill, filled, flat, lost};
use crate::notice::headings::headings;
use crate::policy::model::{Policy, Said};
use crate::source::Span;

/// Placeholders that nothing fills, links to headings that are not there, promises whose sentence does not stand in the notice.
pub fn run(_: &Policy, said: &Said, _: Date) -> Vec<Diagnostic> {
    let Some(notice) = &said.notice else { return Vec::new() };
    let place = |at: usize, len: usize| {
        let begin = u32::try_from(notice.begins + at).unwrap_or_default();
        Span { file: notice.file, start: begin, end: begin + u32::try_from(len).unwrap_or_default() }
    };
    let empty = lost(said, &notice.text).into_iter().map(|lost| {
        let message = format!("nothing in the folder is `{}`", lost.name);
        Diagnostic::error(codes::NOTICE_REFERENCE, message, place(lost.at, lost.name.len() + 4), "nothing fills this")
            .help("write `{{ FAMILY:NAME.KEY }}`, `{{ company.KEY }}` or `{{ table NAME }}`")
    });
    let anchors: Vec<String> = headings(&filled(said)).into_iter().map(|heading| heading.anchor).collect();
    let broken =
        links(&notice.text).filter(|(target, _)| !anchors.contains(&(*target).to_owned())).map(|(target, at)| {
            let message = format!("no heading of the notice is `#{target}`");
            Diagnostic::error(codes::NOTICE_REFERENCE, message, place(at, target.len() + 1), "leads nowhere")
                .suggest(target, anchors.iter().map(String::as_str))
        });
    let text = flat(&filled(said));
    let promised = said.promises.list.iter().filter_map(|p| p.text.as_ref());
    let sentences = promised.chain(&said.promises.statements).filter(|t| !text.contains(&flat(&fill(said, t))));
    let unsaid = sentences.map(|t| {
        Diagnostic::error(codes::NOTICE_REFERENCE, "the notice does not have this sentence", t.at, "promised nowhere")
            .help("write the sentence as the notice has it, with the same placeholders")
    });
    empty.chain(broken).chain(unsaid).collect()
}

/// Targets of links within the page, with their places.
fn links(text: &str) -> impl Iterator<Item = (&str, usize)> {
    text.match_indices("](#").filter_map(|(at, mark)| {
        let begin = at + mark.len();
        let end = begin + text[begin..].find(')')?;
        Some((&text[begin..end], begin - 1))
    })
}
