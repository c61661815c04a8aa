//! How a value stands in a column: whole, within a pattern, or within a document (LANGUAGE 2.3, `form`, `codec`, `path`).

use std::borrow::Cow;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::document;
use crate::value::Value;

/// Where in a column's value a reference or identity stands. The default is the whole value.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Reading {
    /// The place in a document; first this is read, then the patterns.
    pub document: Option<Place>,
    /// Patterns of the stored text; each that fits gives a value. Without any, the text is the value.
    pub forms: Vec<Pattern>,
}

impl Reading {
    /// Is the column's value itself the reference?
    pub fn is_plain(&self) -> bool {
        self.document.is_none() && self.forms.is_empty()
    }

    /// The values that stand in a stored one, in order; none where the text does not fit.
    pub fn values(&self, stored: &Value) -> Vec<Value> {
        if self.is_plain() {
            return vec![stored.clone()];
        }
        let Some(text) = text(stored) else { return Vec::new() };
        let within = match &self.document {
            Some(place) => document::read(&text, place.codec, &place.path),
            None => vec![Value::Text(text.into_owned())],
        };
        if self.forms.is_empty() {
            return within;
        }
        within.iter().flat_map(|value| self.formed(value)).collect()
    }

    /// The value of each form that fits.
    fn formed(&self, value: &Value) -> Vec<Value> {
        let Some(text) = value.join_text() else { return Vec::new() };
        let places = self.forms.iter().filter_map(|form| form.place(&text));
        places.map(|place| Value::text(&text[place])).collect()
    }
}

/// What is read as text; bytes that are none hold no reference.
fn text(stored: &Value) -> Option<Cow<'_, str>> {
    match stored {
        Value::Bytes(bytes) => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
        other => other.join_text(),
    }
}

/// A place in documents of one encoding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// How documents are encoded.
    pub codec: Codec,
    /// Where in them.
    pub path: Path,
}

/// How a document in a column is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Codec {
    /// JSON.
    Json,
    /// YAML.
    Yaml,
    /// PHP's `serialize`.
    Php,
    /// A query string, or a URL with one.
    Url,
}

/// A path in a document: `$`, then steps.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Path(pub Vec<Step>);

/// One step of a [`Path`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// `.name`: the member of that name.
    Name(String),
    /// `[*]`: every element of an array.
    Each,
}

impl Path {
    /// Reads `$.name[*]..`; `None` if it is no such path.
    pub fn parse(text: &str) -> Option<Path> {
        let mut rest = text.strip_prefix('$')?;
        let mut steps = Vec::new();
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix("[*]") {
                steps.push(Step::Each);
                rest = after;
                continue;
            }
            let name = rest.strip_prefix('.')?;
            let end = name.find(['.', '[']).unwrap_or(name.len());
            if end == 0 || name[..end].contains(']') {
                return None;
            }
            steps.push(Step::Name(name[..end].to_owned()));
            rest = &name[end..];
        }
        Some(Path(steps))
    }
}

impl std::fmt::Display for Path {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "$")?;
        self.0.iter().try_for_each(|step| match step {
            Step::Name(name) => write!(f, ".{name}"),
            Step::Each => write!(f, "[*]"),
        })
    }
}

/// A pattern of a stored text: literals, one value, and anything up to the next literal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pattern(pub Vec<Bit>);

/// A part of a [`Pattern`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bit {
    /// As it stands.
    Literal(String),
    /// `{}`: the value.
    Value,
    /// `*`: anything up to the next literal.
    Anything,
}

impl Pattern {
    /// Reads a pattern; `None` unless it has exactly one `{}`.
    pub fn parse(text: &str) -> Option<Pattern> {
        let (before, after) = text.split_once("{}")?;
        if after.contains("{}") {
            return None;
        }
        let mut bits = Vec::new();
        stars(before, &mut bits);
        bits.push(Bit::Value);
        stars(after, &mut bits);
        Some(Pattern(bits))
    }

    /// Where in a text the value stands, if the whole text fits: up to the first place of the literal that follows, or, if
    /// that is the last, up to the end.
    pub fn place(&self, text: &str) -> Option<Range<usize>> {
        let (mut at, mut value) = (0, None);
        // An open run, and whether it is the value.
        let mut open: Option<(usize, bool)> = None;
        for (nth, bit) in self.0.iter().enumerate() {
            let Bit::Literal(literal) = bit else {
                close(&mut open, at, &mut value);
                open = Some((at, *bit == Bit::Value));
                continue;
            };
            let rest = &text[at..];
            let begins = match open {
                None => rest.starts_with(literal.as_str()).then_some(0),
                Some(_) if nth + 1 == self.0.len() => rest.strip_suffix(literal.as_str()).map(str::len),
                Some(_) => rest.find(literal.as_str()),
            }?;
            close(&mut open, at + begins, &mut value);
            at += begins + literal.len();
        }
        let ends = open.is_some() || at == text.len();
        close(&mut open, text.len(), &mut value);
        value.filter(|_| ends)
    }

    /// The text that holds a value so; `None` where more than one would.
    pub fn text(&self, value: &str) -> Option<String> {
        let part = |bit: &Bit| match bit {
            Bit::Literal(literal) => Some(literal.clone()),
            Bit::Value => Some(value.to_owned()),
            Bit::Anything => None,
        };
        self.0.iter().map(part).collect()
    }
}

/// Ends an open run, which may be the value's place.
fn close(open: &mut Option<(usize, bool)>, at: usize, value: &mut Option<Range<usize>>) {
    if let Some((start, true)) = open.take() {
        *value = Some(start..at);
    }
}

fn stars(text: &str, bits: &mut Vec<Bit>) {
    for (nth, literal) in text.split('*').enumerate() {
        if nth > 0 {
            bits.push(Bit::Anything);
        }
        if !literal.is_empty() {
            bits.push(Bit::Literal(literal.to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_and_written() {
        for text in ["$", "$.a", "$[*]", "$.a.b[*].c"] {
            assert_eq!(Path::parse(text).map(|p| p.to_string()).as_deref(), Some(text));
        }
        for text in ["", "a", "$.", "$a", "$[0]", "$.a]", "$..a"] {
            assert_eq!(Path::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_value_stands_where_the_whole_text_fits() {
        for (pattern, text, found) in [
            ("Ticket-{}", "Ticket-17", Some("17")),
            ("Ticket-{}", "ticket-17", None),
            ("Ticket-{}", "Old Ticket-17", None),
            ("{}.json", "a.json.json", Some("a.json")),
            ("{}.json", "a.jsonx", None),
            ("*__{}", "Ticket__17", Some("17")),
            ("*__{}", "a__b__17", Some("b__17")),
            ("*__{}", "17", None),
            ("{}-*", "17-b-c", Some("17")),
            ("*-{}-*", "a-17-b-c", Some("17")),
            ("{}", "", Some("")),
            ("x{}x", "x", None),
            ("ø{}ø", "øæø", Some("æ")),
            ("a%{}_", "a%17_", Some("17")),
        ] {
            let place = Pattern::parse(pattern).and_then(|p| p.place(text));
            assert_eq!(place.map(|p| &text[p]), found, "{pattern} on {text}");
        }
    }

    #[test]
    fn each_form_that_fits_gives_a_value() {
        let forms = ["Ticket-{}", "*-{}", "Group-{}"].iter().filter_map(|f| Pattern::parse(f)).collect();
        let reading = Reading { document: None, forms };
        assert_eq!(reading.values(&Value::text("Ticket-17")), [Value::text("17"), Value::text("17")]);
        assert_eq!(reading.values(&Value::Bytes(b"User-17".to_vec())), [Value::text("17")]);
        for nothing in [Value::Null, Value::text(""), Value::text("17"), Value::Bytes(vec![0xff])] {
            assert_eq!(reading.values(&nothing), []);
        }
        assert_eq!(Pattern::parse("a{}b").and_then(|p| p.text("17")).as_deref(), Some("a17b"));
        assert_eq!(Pattern::parse("a{}*").and_then(|p| p.text("17")), None);
    }

    proptest::proptest! {
        #[test]
        fn what_was_composed_is_read(before in "[a*%_\\\\é]{0,3}", after in "[a-b%_é]{0,3}", value in "\\PC{0,8}") {
            let bits = [Bit::Literal(before.clone()), Bit::Value, Bit::Literal(after.clone())];
            let bits = bits.into_iter().filter(|b| !matches!(b, Bit::Literal(l) if l.is_empty()));
            let pattern = Pattern(bits.collect());
            let text = pattern.text(&value).unwrap();
            let place = pattern.place(&text).unwrap();
            proptest::prop_assert_eq!(&text[place], &value);
        }
    }

    #[test]
    fn patterns_have_one_value() {
        let literal = |s: &str| Bit::Literal(s.to_owned());
        assert_eq!(Pattern::parse("*__{}"), Some(Pattern(vec![Bit::Anything, literal("__"), Bit::Value])));
        assert_eq!(Pattern::parse("{}"), Some(Pattern(vec![Bit::Value])));
        assert_eq!(Pattern::parse("Ticket-{}@x"), Some(Pattern(vec![literal("Ticket-"), Bit::Value, literal("@x")])));
        assert_eq!(Pattern::parse("none"), None);
        assert_eq!(Pattern::parse("{}-{}"), None);
    }
}
