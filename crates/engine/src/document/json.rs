//! JSON (RFC 8259), read with the place of each value; YAML scalars are written by it too, for JSON strings are YAML.

use super::DEEPEST;
use super::tree::{Body, Document, Item, Many, Node, number};
use crate::policy::model::Step;
use crate::value::Value;

/// The document, if the text is one.
pub fn parse(text: &str) -> Option<Document> {
    let mut reader = Reader { text, at: 0 };
    reader.space();
    let root = reader.value(0)?;
    reader.space();
    (reader.at == text.len()).then(|| Document { roots: vec![root], ..Document::default() })
}

/// A scalar in JSON.
pub fn written(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Bool(b) => b.to_string(),
        Value::Int(i) => i.to_string(),
        Value::Real(r) => serde_json::to_string(r).expect("a number"),
        Value::Text(s) => serde_json::to_string(s).expect("a string"),
        Value::Bytes(b) => serde_json::to_string(&format!("\\x{}", hex::encode(b))).expect("a string"),
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn takes(&mut self, byte: u8) -> bool {
        let taken = self.peek() == Some(byte);
        self.at += usize::from(taken);
        taken
    }

    fn value(&mut self, depth: usize) -> Option<Node> {
        if depth > DEEPEST {
            return None;
        }
        match self.peek()? {
            b'{' => self.many(depth, b'}', Self::member),
            b'[' => self.many(depth, b']', Self::element),
            b'"' => self.string(),
            b'-' | b'0'..=b'9' => self.number(),
            _ => self.word(),
        }
    }

    fn many(&mut self, depth: usize, close: u8, item: fn(&mut Self, usize) -> Option<Item>) -> Option<Node> {
        let start = self.at;
        self.at += 1;
        self.space();
        let mut items = Vec::new();
        while !self.takes(close) {
            if !items.is_empty() && !self.takes(b',') {
                return None;
            }
            self.space();
            items.push(item(self, depth + 1)?);
            self.space();
        }
        let body = Body::Many(Many { items, empty: "", count: None });
        Some(Node { span: start..self.at, body, anchor: None })
    }

    fn element(&mut self, depth: usize) -> Option<Item> {
        let node = self.value(depth)?;
        Some(Item { span: node.span.clone(), at: vec![Step::Each], key: None, node })
    }

    fn member(&mut self, depth: usize) -> Option<Item> {
        let key = self.string()?;
        let Body::Scalar { value: Value::Text(name), .. } = &key.body else { return None };
        let at = vec![Step::Name(name.clone())];
        self.space();
        if !self.takes(b':') {
            return None;
        }
        self.space();
        let node = self.value(depth)?;
        Some(Item { span: key.span.start..node.span.end, at, key: Some(key), node })
    }

    fn string(&mut self) -> Option<Node> {
        let start = self.at;
        if !self.takes(b'"') {
            return None;
        }
        let mut decoded = String::new();
        loop {
            let piece = self.at;
            while !matches!(self.peek()?, b'"' | b'\\' | 0..0x20) {
                self.at += 1;
            }
            decoded.push_str(&self.text[piece..self.at]);
            match self.peek()? {
                b'"' => break,
                b'\\' => decoded.push(self.escape()?),
                _ => return None,
            }
        }
        self.at += 1;
        Some(scalar(start, self.at, Value::Text(decoded), true))
    }

    fn escape(&mut self) -> Option<char> {
        self.at += 1;
        let letter = self.peek()?;
        self.at += 1;
        Some(match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            _ => return None,
        })
    }

    /// A `\u` escape; two that belong together are one character, and half of a pair is none.
    fn unicode(&mut self) -> Option<char> {
        let first = self.hex()?;
        if !(0xd800..0xdc00).contains(&first) {
            return Some(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        let back = self.at;
        if self.takes(b'\\') && self.takes(b'u') {
            let second = self.hex()?;
            if (0xdc00..0xe000).contains(&second) {
                return char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00));
            }
        }
        self.at = back;
        Some(char::REPLACEMENT_CHARACTER)
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        self.at += 4;
        let hex = digits.bytes().all(|b| b.is_ascii_hexdigit());
        hex.then(|| u32::from_str_radix(digits, 16).ok())?
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    fn number(&mut self) -> Option<Node> {
        let start = self.at;
        self.takes(b'-');
        if !self.takes(b'0') {
            self.digits()?;
        }
        if self.takes(b'.') {
            self.digits()?;
        }
        if self.takes(b'e') || self.takes(b'E') {
            let _ = self.takes(b'+') || self.takes(b'-');
            self.digits()?;
        }
        Some(scalar(start, self.at, number(&self.text[start..self.at]), false))
    }

    fn word(&mut self) -> Option<Node> {
        let words = [("null", Value::Null), ("true", Value::Bool(true)), ("false", Value::Bool(false))];
        let (word, value) = words.into_iter().find(|(word, _)| self.text[self.at..].starts_with(word))?;
        let start = self.at;
        self.at += word.len();
        Some(scalar(start, self.at, value, false))
    }
}

fn scalar(start: usize, end: usize, value: Value, string: bool) -> Node {
    Node { span: start..end, body: Body::Scalar { value, string }, anchor: None }
}
