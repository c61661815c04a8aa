//! What PHP's `serialize` writes. Its lengths count bytes, and values are referred to by number.

use super::DEEPEST;
use super::tree::{Body, Document, Item, Many, Node, number};
use crate::policy::model::Step;
use crate::value::Value;

/// The document, if the text is one.
pub fn parse(text: &str) -> Option<Document> {
    let mut reader = Reader { text, at: 0, numbered: false };
    let root = reader.value(0)?;
    (reader.at == text.len()).then(|| Document { roots: vec![root], numbered: reader.numbered, ..Document::default() })
}

/// A scalar as PHP writes it.
pub fn written(value: &Value) -> String {
    let string = |s: &str| format!("s:{}:\"{s}\";", s.len());
    match value {
        Value::Null => "N;".into(),
        Value::Bool(b) => format!("b:{};", u8::from(*b)),
        Value::Int(i) => format!("i:{i};"),
        Value::Real(r) if r.is_nan() => "d:NAN;".into(),
        Value::Real(r) if r.is_infinite() => if *r > 0.0 { "d:INF;" } else { "d:-INF;" }.into(),
        Value::Real(r) => format!("d:{r};"),
        Value::Text(s) => string(s),
        Value::Bytes(b) => string(&format!("\\x{}", hex::encode(b))),
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    numbered: bool,
}

impl<'t> Reader<'t> {
    fn takes(&mut self, literal: &str) -> Option<()> {
        self.text.get(self.at..)?.starts_with(literal).then(|| self.at += literal.len())
    }

    fn until(&mut self, mark: char) -> Option<&'t str> {
        let rest = self.text.get(self.at..)?;
        let (before, _) = rest.split_once(mark)?;
        self.at += before.len() + 1;
        Some(before)
    }

    fn length(&mut self) -> Option<usize> {
        let digits = self.until(':')?;
        let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| digits.parse().ok())?
    }

    /// `LENGTH:"BYTES"`.
    fn quoted(&mut self) -> Option<&'t str> {
        let length = self.length()?;
        self.takes("\"")?;
        let string = self.text.get(self.at..self.at.checked_add(length)?)?;
        self.at += length;
        self.takes("\"")?;
        Some(string)
    }

    fn value(&mut self, depth: usize) -> Option<Node> {
        if depth > DEEPEST {
            return None;
        }
        let start = self.at;
        let kind = self.text.get(start..start + 2)?;
        self.at += 2;
        let plain = |value| Body::Scalar { value, string: false };
        let body = match kind {
            "N;" => plain(Value::Null),
            "b:" => plain(Value::Bool(self.until(';').filter(|b| ["0", "1"].contains(b))? == "1")),
            "i:" | "d:" => plain(self.number(kind)?),
            "s:" => {
                let value = Value::text(self.quoted()?);
                self.takes(";")?;
                Body::Scalar { value, string: true }
            }
            "a:" => self.many(depth)?,
            "O:" => {
                self.quoted()?;
                self.takes(":")?;
                self.many(depth)?
            }
            "E:" => {
                self.quoted()?;
                self.takes(";")?;
                Body::Opaque
            }
            "C:" => self.custom()?,
            "R:" | "r:" => {
                self.until(';')?.parse::<usize>().ok()?;
                self.numbered = true;
                Body::Opaque
            }
            _ => return None,
        };
        Some(Node { span: start..self.at, body, anchor: None })
    }

    fn number(&mut self, kind: &str) -> Option<Value> {
        let digits = self.until(';')?;
        match kind {
            "i:" => digits.parse::<i64>().ok().map(Value::Int),
            _ if ["NAN", "INF", "-INF"].contains(&digits) => Some(Value::text(digits)),
            _ => digits.parse::<f64>().ok().map(|_| number(digits)),
        }
    }

    /// `C:3:"Foo":LENGTH:{BYTES}`: only its class can read it.
    fn custom(&mut self) -> Option<Body> {
        self.quoted()?;
        self.takes(":")?;
        let length = self.length()?;
        self.takes("{")?;
        self.text.get(self.at..self.at.checked_add(length)?)?;
        self.at += length;
        self.takes("}")?;
        Some(Body::Opaque)
    }

    fn many(&mut self, depth: usize) -> Option<Body> {
        let start = self.at;
        let length = self.length()?;
        let count = start..self.at - 1;
        self.takes("{")?;
        let mut items = Vec::new();
        for _ in 0..length {
            items.push(self.item(depth + 1)?);
        }
        self.takes("}")?;
        Some(Body::Many(Many { items, empty: "", count: Some(count) }))
    }

    fn item(&mut self, depth: usize) -> Option<Item> {
        let key = self.value(depth)?;
        let at = match &key.body {
            Body::Scalar { value: Value::Int(_), .. } => Step::Each,
            Body::Scalar { value: Value::Text(name), string: true } => Step::Name(bare(name).to_owned()),
            _ => return None,
        };
        let node = self.value(depth)?;
        Some(Item { span: key.span.start..node.span.end, at: vec![at], key: Some(key), node })
    }
}

/// A property's name without the class or `*` in front of it, which stand between zero bytes.
fn bare(name: &str) -> &str {
    name.strip_prefix('\0').and_then(|rest| rest.split_once('\0')).map_or(name, |(_, bare)| bare)
}
