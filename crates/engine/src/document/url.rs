//! Query strings, and URLs with one. A key such as `user[email]` is the path `$.user.email`, `ids[]` is `$.ids[*]`.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::tree::{Body, Document, Item, Loose, Many, Node, Span};
use crate::policy::model::Step;
use crate::value::Value;

/// All but what RFC 3986 calls unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The document; each text is one.
pub fn parse(text: &str) -> Option<Document> {
    let query = query(text);
    let before = pieces(text, 0..query.start);
    let after = pieces(text, query.end..text.len());
    let mut items = Vec::new();
    let mut start = query.start;
    for pair in text[query.clone()].split('&') {
        if !pair.is_empty() {
            items.push(item(pair, start));
        }
        start += pair.len() + 1;
    }
    let body = Body::Many(Many { items, empty: "", count: None });
    let root = Node { span: query, body, anchor: None };
    Some(Document { roots: vec![root], loose: before.into_iter().chain(after).collect(), numbered: false })
}

/// A scalar as it stands in a query string; NULL is an empty one.
pub fn written(value: &Value) -> String {
    let text = value.join_text().unwrap_or_default();
    utf8_percent_encode(&text, RESERVED).to_string()
}

/// Where the query stands: behind the first `?` of a URL; otherwise the whole text is a query.
fn query(text: &str) -> Span {
    let end = text.find('#').unwrap_or(text.len());
    let head = &text[..end];
    match head.find('?') {
        Some(mark) if is_url(head) || !head[..mark].contains(['=', '&']) => mark + 1..end,
        _ if is_url(head) => end..end,
        _ => 0..end,
    }
}

/// Does it begin with a scheme or a slash?
fn is_url(text: &str) -> bool {
    let scheme = text.split_once(':').map_or("", |(scheme, _)| scheme);
    let named = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    named || text.starts_with('/')
}

fn item(pair: &str, start: usize) -> Item {
    let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
    let value_start = start + (key.len() + 1).min(pair.len());
    let scalar = |text: &str, start: usize| {
        let body = Body::Scalar { value: Value::Text(decoded(text)), string: true };
        Node { span: start..start + text.len(), body, anchor: None }
    };
    Item {
        span: start..start + pair.len(),
        at: steps(&decoded(key)),
        key: Some(scalar(key, start)),
        node: scalar(value, value_start),
    }
}

/// `user[email]`, `ids[]`, `ids[3]`.
fn steps(key: &str) -> Vec<Step> {
    let Some((name, rest)) = key.split_once('[').filter(|(name, rest)| !name.is_empty() && rest.ends_with(']')) else {
        return vec![Step::Name(key.to_owned())];
    };
    let inner = rest[..rest.len() - 1].split("][").map(|step| match step {
        digits if digits.bytes().all(|b| b.is_ascii_digit()) => Step::Each,
        name => Step::Name(name.to_owned()),
    });
    std::iter::once(Step::Name(name.to_owned())).chain(inner).collect()
}

fn decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// The decoded pieces of what is no query, between the marks that structure it.
fn pieces(text: &str, span: Span) -> Vec<Loose> {
    let mut pieces = Vec::new();
    let mut start = span.start;
    for piece in text[span].split(['/', ':', '?', '#', '&', '=', ';', ',']) {
        let decoded = percent_decode_str(piece).decode_utf8_lossy().into_owned();
        pieces.push(Loose { span: start..start + piece.len(), text: decoded, raw: false });
        start += piece.len() + 1;
    }
    pieces.retain(|piece| !piece.span.is_empty());
    pieces
}
