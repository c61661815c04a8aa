//! Values on the page: escaped, kept apart from the text around them, and never links.

use std::borrow::Cow;
use std::fmt::Write;

use engine::schema::Class;
use engine::value::Value;
use maud::{Markup, PreEscaped, Render, html};

use crate::package::preview::{CHARS, Cell};
use crate::package::words::{Part, Words, parts};

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

/// A sentence of the language with values set in.
pub fn say(template: &str, values: &[(&str, Markup)]) -> Markup {
    let mut markup = String::new();
    for part in parts(template) {
        match part {
            Part::Text(text) => text.render_to(&mut markup),
            Part::Value(name) => {
                if let Some((_, value)) = values.iter().find(|(n, _)| *n == name) {
                    value.render_to(&mut markup);
                }
            }
        }
    }
    PreEscaped(markup)
}

/// Control characters, and those that turn the direction of other text.
pub fn is_trick(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t' | '\r'))
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Text for the title of a window, where no markup can keep it apart.
pub fn tame(text: &str) -> String {
    text.chars().filter(|c| !is_trick(*c)).collect()
}

/// How values of a table are written.
#[derive(Clone, Copy)]
pub struct Manner<'a> {
    pub words: &'a Words,
    /// Zone of times without one.
    pub zone: &'a str,
    /// Where the whole of a long text is.
    pub file: &'a str,
}

/// One value.
pub fn cell(manner: Manner<'_>, cell: &Cell, class: Class) -> Markup {
    let words = manner.words;
    html! {
        @match cell {
            _ if cell.is_empty() => span.none { (words.empty()) },
            Cell::Whole(value) => (safe(&written(manner, value, class))),
            Cell::Cut(text, chars) => {
                (safe(text)) "…"
                span.note {
                    (say(&words.data.cut, &[
                        ("n", html! { (words.number(CHARS as u64)) }),
                        ("chars", html! { (words.number(*chars as u64)) }),
                        ("file", html! { a href=(manner.file) { (manner.file.trim_start_matches("../")) } }),
                    ]))
                }
            },
            Cell::Encrypted(bytes) => {
                span.none { (say(&words.data.encrypted, &[("size", html! { (words.size(*bytes as u64)) })])) }
            },
            Cell::Bytes(bytes) => {
                span.none { (say(&words.data.bytes, &[("size", html! { (words.size(*bytes as u64)) })])) }
            },
        }
    }
}

/// A value in words.
pub fn written<'a>(manner: Manner<'a>, value: &'a Value, class: Class) -> Cow<'a, str> {
    let words = manner.words;
    match value {
        Value::Null | Value::Bytes(_) => Cow::Borrowed(""),
        Value::Bool(b) => Cow::Borrowed(words.truth(*b)),
        Value::Int(i @ (0 | 1)) if class == Class::Bool => Cow::Borrowed(words.truth(*i == 1)),
        Value::Int(i) => Cow::Owned(i.to_string()),
        Value::Real(r) => Cow::Owned(r.to_string()),
        Value::Text(text) if class == Class::Json => outline(text, words).map_or(Cow::Borrowed(text), Cow::Owned),
        Value::Text(text) => words.moment(text, class, manner.zone).map_or(Cow::Borrowed(text), Cow::Owned),
    }
}

/// A JSON document as an outline, one value on each line.
fn outline(text: &str, words: &Words) -> Option<String> {
    let document: serde_json::Value = serde_json::from_str(text).ok()?;
    let mut lines = String::new();
    branch(&document, words, 0, &mut lines);
    let lines = lines.trim();
    (!lines.is_empty()).then(|| lines.to_owned())
}

fn branch(value: &serde_json::Value, words: &Words, depth: usize, out: &mut String) {
    let deeper = |label: String, value: &serde_json::Value, out: &mut String| {
        let _ = write!(out, "\n{}{label}", "    ".repeat(depth));
        branch(value, words, depth + 1, out);
    };
    match value {
        serde_json::Value::Object(map) => map.iter().for_each(|(k, v)| deeper(format!("{}: ", words.label(k)), v, out)),
        serde_json::Value::Array(list) => list.iter().for_each(|v| deeper("• ".to_owned(), v, out)),
        serde_json::Value::Null => out.push_str(words.empty()),
        serde_json::Value::Bool(b) => out.push_str(words.truth(*b)),
        serde_json::Value::String(s) => out.push_str(s),
        serde_json::Value::Number(n) => out.push_str(&n.to_string()),
    }
}
