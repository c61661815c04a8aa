//! Documents in columns, as a row of tokens (LANGUAGE 1.5, `codec` and `json`; 2.3, `path`).
//!
//! What stands between tokens (blanks, commas) is not looked at. Only JSON, PHP's `serialize` and query strings are read; of
//! YAML, lines of plain scalars on the first level.

mod json;
mod lines;
mod php;
mod query;

use std::ops::Range;

use engine::policy::model::{Codec, Path, Step};
use engine::value::Value;

use crate::erase::Change;

/// One token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where it stands.
    pub(crate) at: Vec<At>,
    /// What it is.
    pub(crate) what: What,
    /// As it is written.
    pub(crate) raw: String,
    /// What it says.
    pub(crate) text: String,
}

/// One step to a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum At {
    Name(String),
    Nth(usize),
}

/// Kinds of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Key,
    Text,
    Number,
    /// `null`.
    Nothing,
    Word,
    Open,
    Close,
}

/// What stands at a token afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// The same, as it was written.
    Same(Token),
    /// These bytes of its text are masked.
    Masked(Token, Vec<Range<usize>>),
    /// No value.
    Nothing,
    /// A scalar by which the row refers to somebody else now, or to nobody.
    Instead(Token, Box<Change>),
}

/// The tokens of a text; none if it is no such document.
pub(crate) fn tokens(codec: Codec, text: &str) -> Option<Vec<Token>> {
    match codec {
        Codec::Json => json::tokens(text),
        Codec::Php => php::tokens(text),
        Codec::Url => query::tokens(text),
        Codec::Yaml => lines::tokens(text),
    }
}

impl Token {
    /// Does it stand at the path, or within what stands there?
    pub(crate) fn is_below(&self, path: &Path) -> bool {
        let fits = |(at, step): (&At, &Step)| match (at, step) {
            (At::Name(name), Step::Name(said)) => name == said,
            (At::Nth(_), Step::Each) => true,
            _ => false,
        };
        self.at.len() >= path.0.len() && self.at.iter().zip(&path.0).all(fits)
    }

    /// Is it the scalar at the path?
    pub(crate) fn is_at(&self, path: &Path) -> bool {
        self.at.len() == path.0.len() && self.is_below(path) && self.is_scalar()
    }

    pub(crate) fn is_scalar(&self) -> bool {
        !matches!(self.what, What::Key | What::Open | What::Close)
    }

    /// The scalar as a value.
    pub(crate) fn value(&self) -> Value {
        match (self.what, self.text.parse()) {
            (What::Nothing, _) => Value::Null,
            (What::Number, Ok(n)) => Value::Int(n),
            (What::Word, _) => Value::Bool(self.text == "true"),
            _ => Value::text(self.text.clone()),
        }
    }
}

/// A document's outcome in the form of JSON, for people.
pub(crate) fn shown(pieces: &[Piece]) -> String {
    json_of(pieces, &|piece| match piece {
        Piece::Same(t) => t.raw.clone(),
        Piece::Masked(t, spans) => format!("\"{}\"", masked(t, spans, "***")),
        Piece::Nothing => "null".to_owned(),
        Piece::Instead(t, change) => crate::vector::changed(change, &t.value()),
    })
}

/// A JSON document or a query string after an erasure, as somebody may write it who carries it out faithfully.
pub fn written(codec: Codec, pieces: &[Piece], mask: &str, value: &dyn Fn(&Change, &Value) -> Value) -> String {
    let said = |piece: &Piece| match piece {
        Piece::Same(t) => (false, t.raw.clone()),
        Piece::Masked(t, spans) => (true, masked(t, spans, mask)),
        Piece::Nothing => (false, if codec == Codec::Url { String::new() } else { "null".to_owned() }),
        Piece::Instead(t, change) => match value(change, &t.value()) {
            Value::Null => (false, "null".to_owned()),
            Value::Int(n) => (false, n.to_string()),
            other => (true, other.join_text().unwrap_or_default().into_owned()),
        },
    };
    if codec == Codec::Url {
        return query::of(&pieces.iter().map(|p| said(p).1).collect::<Vec<_>>());
    }
    json_of(pieces, &|piece| match said(piece) {
        (true, text) => json::string(&text),
        (false, raw) => raw,
    })
}

fn masked(token: &Token, spans: &[Range<usize>], mask: &str) -> String {
    let mut text = token.text.clone();
    spans.iter().rev().for_each(|s| text.replace_range(s.clone(), mask));
    text
}

fn json_of(pieces: &[Piece], said: &dyn Fn(&Piece) -> String) -> String {
    let mut text = String::new();
    for piece in pieces {
        let what = match piece {
            Piece::Same(t) | Piece::Masked(t, _) => t.what,
            Piece::Nothing | Piece::Instead(..) => What::Nothing,
        };
        if !text.is_empty() && what != What::Close && !text.ends_with(['{', '[', ':']) {
            text.push(',');
        }
        text.push_str(&said(piece));
        if what == What::Key {
            text.push(':');
        }
    }
    text
}
