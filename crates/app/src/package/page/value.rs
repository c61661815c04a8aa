//! Values on the page: escaped, kept apart from the text around them, and never links.

use std::fmt::Write;

use maud::{Markup, PreEscaped, Render, html};

use crate::package::preview::{CHARS, Cell};
use crate::package::words::{number, size};

/// Text from a database or a folder. Characters that are invisible and change how others appear are shown by their number.
pub fn safe(text: &str) -> Markup {
    let mut markup = String::from("<bdi>");
    let mut rest = text;
    while let Some(at) = rest.find(is_trick) {
        let (before, from) = rest.split_at(at);
        before.render_to(&mut markup);
        let mut chars = from.chars();
        if let Some(c) = chars.next() {
            let _ = write!(markup, "<span class=\"mark\">U+{:04X}</span>", u32::from(c));
        }
        rest = chars.as_str();
    }
    rest.render_to(&mut markup);
    markup.push_str("</bdi>");
    PreEscaped(markup)
}

/// Control characters, and those that turn the direction of other text.
fn is_trick(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t' | '\r'))
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// One value; `file` is where the whole of it is.
pub fn cell(cell: &Cell, file: &str) -> Markup {
    html! {
        @match cell {
            Cell::Empty => span.none { "empty" },
            Cell::Whole(text) => (safe(text)),
            Cell::Cut(text, chars) => {
                (safe(text)) "…"
                span.note {
                    "The first " (number(CHARS as u64)) " of " (number(*chars as u64)) " characters. All of it is in "
                    a href=(file) { (file) } "."
                }
            },
            Cell::Bytes(bytes) => span.none { "binary data, " (size(*bytes as u64)) },
        }
    }
}
