//! What is masked in texts and documents (LANGUAGE 1.5, `redact`; 2.3, `form` and `codec`).

use std::ops::Range;

use engine::policy::model::{Codec, Column, Path};
use engine::value::Value;

use crate::documents::{At, Piece, Token, What, tokens};
use crate::erase::{Change, Eraser};
use crate::reading::place;
use crate::text::Identifiers;

impl Eraser<'_> {
    /// The person's identifiers; with `inside` also what stands at the personal places of a document.
    pub(crate) fn masked(&self, column: &Column, value: &Value, inside: bool) -> Option<Change> {
        let personal = |(_, category): &&(Path, String)| category == "user" || category.starts_with("user.");
        let Some(text) = &text_of(value) else {
            let emptied = inside && column.codec.is_some() && column.inside.iter().any(|p| personal(&p));
            let bytes = matches!(value, Value::Bytes(_));
            return (bytes && emptied).then_some(if column.nullable { Change::Null } else { Change::Blank });
        };
        let paths: Vec<&Path> = column.inside.iter().filter(personal).filter(|_| inside).map(|(p, _)| p).collect();
        // A column that names places in its documents and is no text loses what stands there, and nothing else.
        let searched = !inside || column.text || column.inside.is_empty();
        if let Some(codec) = column.codec {
            match tokens(codec, text) {
                Some(found) => return edited(codec, &found, |t| self.token(t, &paths, searched)),
                // "A text that does not parse is searched as it stands, and emptied if it has such paths."
                None if !paths.is_empty() && !text.is_empty() => {
                    return Some(if column.nullable { Change::Null } else { Change::Blank });
                }
                None => {}
            }
        }
        Some(spans(column, text, &self.identifiers)).filter(|s| searched && !s.is_empty()).map(Change::Redacted)
    }

    /// "Their strings and keys are decoded, searched, masked and encoded again ..; a number that is an identifier becomes
    /// NULL"; "a scrub sets these to NULL (in a URL, to nothing)".
    fn token(&self, token: &Token, paths: &[&Path], searched: bool) -> Option<Piece> {
        let below = |path: &&Path| token.is_below(path) && (token.what != What::Key || token.at.len() > path.0.len());
        if paths.iter().any(below) {
            let empty = token.what == What::Nothing || (token.what == What::Text && token.text.is_empty());
            return (!empty).then_some(Piece::Nothing);
        }
        match token.what {
            _ if !searched => None,
            What::Key | What::Text => Some(self.identifiers.spans(&token.text))
                .filter(|s| !s.is_empty())
                .map(|spans| Piece::Masked(token.clone(), spans)),
            What::Number => self.identifiers.is_one(&token.text).then_some(Piece::Nothing),
            _ => None,
        }
    }
}

/// "In a column of bytes those that are UTF-8 are texts .. others are neither searched nor changed."
pub(crate) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Bytes(bytes) => String::from_utf8(bytes.clone()).ok(),
        _ => None,
    }
}

/// A document in which something stands elsewise; none if nothing does. A whole object or list gives way to one piece.
pub(crate) fn edited(codec: Codec, found: &[Token], instead: impl Fn(&Token) -> Option<Piece>) -> Option<Change> {
    let (mut pieces, mut gone): (Vec<Piece>, Option<Vec<At>>) = (Vec::new(), None);
    for token in found {
        if gone.as_ref().is_some_and(|place| token.at.starts_with(place)) {
            continue;
        }
        let piece = instead(token).unwrap_or_else(|| Piece::Same(token.clone()));
        gone = (piece == Piece::Nothing && token.what == What::Open).then(|| token.at.clone());
        pieces.push(piece);
    }
    pieces.iter().any(|p| !matches!(p, Piece::Same(_))).then_some(Change::Document(codec, pieces))
}

/// Where identifiers stand: anywhere, or "only where the `{}` of a pattern that fits the whole text stands".
fn spans(column: &Column, text: &str, identifiers: &Identifiers) -> Vec<Range<usize>> {
    if column.forms.is_empty() {
        return identifiers.spans(text);
    }
    let mut spans: Vec<Range<usize>> = column
        .forms
        .iter()
        .filter_map(|form| place(form, text))
        .flat_map(|at| {
            identifiers.spans(&text[at.clone()]).into_iter().map(move |s| s.start + at.start..s.end + at.start)
        })
        .collect();
    spans.sort_by_key(|s| s.start);
    spans.dedup();
    spans
}

/// The texts of a column in which the person may be found, and numbers by the way.
pub(crate) fn searched(column: &Column, value: &Value) -> Vec<(String, bool)> {
    let Some(text) = text_of(value).or_else(|| value.join_text().map(Into::into)) else { return Vec::new() };
    if let Some(found) = column.codec.and_then(|codec| tokens(codec, &text)) {
        let said = found.into_iter().filter(|t| matches!(t.what, What::Key | What::Text | What::Number));
        return said.map(|t| (t.text, t.what == What::Number)).collect();
    }
    if column.forms.is_empty() {
        return vec![(text, false)];
    }
    column.forms.iter().filter_map(|f| place(f, &text)).map(|at| (text[at].to_owned(), false)).collect()
}
