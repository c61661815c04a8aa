//! The headings of a text with the anchors by which links reach them: one answer for pages and lints.

use std::collections::BTreeSet;
use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// Its depth, from 1.
    pub level: usize,
    /// Its words, without marks.
    pub words: String,
    /// What a link to it ends with, after `#`. No two of a text are the same.
    pub anchor: String,
    /// Where it stands, in bytes.
    pub place: Range<usize>,
}

/// The extensions of Markdown that a notice may use.
pub const OPTIONS: Options = Options::ENABLE_TABLES;

/// The headings of a text in Markdown, in their order.
pub fn headings(text: &str) -> Vec<Heading> {
    let mut found: Vec<Heading> = Vec::new();
    let mut taken = BTreeSet::new();
    let mut open: Option<Heading> = None;
    for (event, place) in Parser::new_ext(text, OPTIONS).into_offset_iter() {
        match (event, &mut open) {
            (Event::Start(Tag::Heading { level, .. }), _) => {
                open = Some(Heading { level: level as usize, words: String::new(), anchor: String::new(), place });
            }
            (Event::Text(words) | Event::Code(words) | Event::InlineHtml(words), Some(heading)) => {
                heading.words.push_str(&words);
            }
            (Event::SoftBreak | Event::HardBreak, Some(heading)) => heading.words.push(' '),
            (Event::End(TagEnd::Heading(_)), Some(heading)) => {
                heading.words = heading.words.trim().to_owned();
                heading.anchor = free(anchor(&heading.words), &taken);
                taken.insert(heading.anchor.clone());
                found.extend(open.take());
            }
            _ => {}
        }
    }
    found
}

/// The anchor of words, as renderers of Markdown make it.
fn anchor(words: &str) -> String {
    let kept = words.to_lowercase();
    let kept = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_')).collect::<String>();
    if kept.is_empty() { "section".to_owned() } else { kept.replace(' ', "-") }
}

/// The anchor itself, or with the first number that makes it another than those that are taken.
fn free(anchor: String, taken: &BTreeSet<String>) -> String {
    let numbered = (1..).map(|n| format!("{anchor}-{n}"));
    let mut all = std::iter::once(anchor.clone()).chain(numbered);
    all.find(|each| !taken.contains(each)).unwrap_or(anchor)
}

#[cfg(test)]
mod tests {
    use super::headings;

    fn anchors(text: &str) -> Vec<String> {
        headings(text).into_iter().map(|h| h.anchor).collect()
    }

    #[test]
    fn marks_and_code_belong_to_the_words() {
        let found = headings("# One\n\n## What `cookies` *do*\n\ntext\n");
        let told: Vec<_> = found.iter().map(|h| (h.level, h.words.as_str(), h.anchor.as_str())).collect();
        assert_eq!(told, [(1, "One", "one"), (2, "What cookies do", "what-cookies-do")]);
    }

    #[test]
    fn no_two_headings_share_an_anchor() {
        assert_eq!(anchors("## A\n\n## A\n\n## A-1\n\n## !\n\n## ?\n"), ["a", "a-1", "a-1-1", "section", "section-1"]);
    }

    #[test]
    fn what_only_looks_like_a_heading_is_none() {
        assert_eq!(
            anchors("```\n# code\n```\n\n#tag\n\nUnderlined\n==========\n\n## Closed ##\n"),
            ["underlined", "closed"]
        );
    }
}
