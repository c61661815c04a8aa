//! How a value stands in a column: whole, within a pattern, or within a document (LANGUAGE 2.3, `form`, `codec`, `path`).

use serde::{Deserialize, Serialize};

/// Where in a column's value a reference or identity stands. The default is the whole value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
}

/// A place in documents of one encoding.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    fn patterns_have_one_value() {
        let literal = |s: &str| Bit::Literal(s.to_owned());
        assert_eq!(Pattern::parse("*__{}"), Some(Pattern(vec![Bit::Anything, literal("__"), Bit::Value])));
        assert_eq!(Pattern::parse("{}"), Some(Pattern(vec![Bit::Value])));
        assert_eq!(Pattern::parse("Ticket-{}@x"), Some(Pattern(vec![literal("Ticket-"), Bit::Value, literal("@x")])));
        assert_eq!(Pattern::parse("none"), None);
        assert_eq!(Pattern::parse("{}-{}"), None);
    }
}
