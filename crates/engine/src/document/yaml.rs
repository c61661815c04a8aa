//! YAML: a library parses; where its places are vague (quotes, block scalars, items), the text itself is asked.

use std::borrow::Cow;

use saphyr_parser::{Event, Parser, ScalarStyle, Span as Place, Tag};

use super::DEEPEST;
use super::tree::{Body, Document, Item, Loose, Many, Node, Span, number};
use crate::policy::model::Step;
use crate::value::Value;

/// The documents of the stream, if the text is one.
pub fn parse(text: &str) -> Option<Document> {
    let offsets = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let mut builder = Builder { text, offsets, at: 0, open: Vec::new(), roots: Vec::new() };
    for event in Parser::new_from_str(text) {
        let (event, span) = event.ok()?;
        builder.take(event, span)?;
    }
    let loose = comments(text, &builder.roots);
    Some(Document { roots: builder.roots, loose, numbered: false })
}

/// The comments: what begins with `#` between the scalars.
fn comments(text: &str, roots: &[Node]) -> Vec<Loose> {
    let mut scalars = Vec::new();
    roots.iter().for_each(|root| ends(root, &mut scalars));
    scalars.push(text.len()..text.len());
    let mut comments = Vec::new();
    let mut from = 0;
    for scalar in scalars {
        let mut at = from;
        while let Some(mark) = text.get(at..scalar.start).and_then(|gap| gap.find('#')) {
            let start = at + mark;
            at = text[start..].find(['\n', '\r']).map_or(text.len(), |line| start + line);
            comments.push(Loose { span: start..at, text: text[start..at].to_owned(), raw: true });
        }
        from = from.max(scalar.end);
    }
    comments
}

fn ends(node: &Node, scalars: &mut Vec<Span>) {
    match &node.body {
        Body::Many(many) => many.items.iter().for_each(|item| {
            item.key.iter().for_each(|key| ends(key, scalars));
            ends(&item.node, scalars);
        }),
        _ => scalars.push(node.span.clone()),
    }
}

/// A collection whose end has not come.
struct Open {
    start: usize,
    anchor: Option<usize>,
    map: bool,
    flow: bool,
    items: Vec<Item>,
    /// Where the item that is being read begins.
    item: usize,
    key: Option<Node>,
}

struct Builder<'t> {
    text: &'t str,
    /// Byte of each character, for the parser counts those.
    offsets: Vec<usize>,
    /// All before this byte is understood.
    at: usize,
    open: Vec<Open>,
    roots: Vec<Node>,
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, span: Place) -> Option<()> {
        let end = *self.offsets.get(span.end.index())?;
        match event {
            Event::DocumentStart(true) | Event::DocumentEnd => self.at = self.at.max(end),
            Event::Scalar(value, style, anchor, tag) => {
                let empty = style == ScalarStyle::Plain && value.is_empty();
                let start = if empty { self.before()? } else { self.begin()? };
                let end = match style {
                    ScalarStyle::Plain if empty => start,
                    ScalarStyle::Plain => end,
                    ScalarStyle::SingleQuoted => self.quoted(start, '\'')?,
                    ScalarStyle::DoubleQuoted => self.quoted(start, '"')?,
                    ScalarStyle::Literal | ScalarStyle::Folded => self.block(start, end),
                };
                let body = scalar(value, style, tag.as_deref());
                self.put(Node { span: start..end, body, anchor: (anchor > 0).then_some(anchor) })?;
            }
            Event::Alias(to) => {
                let start = self.begin()?;
                self.put(Node { span: start..end, body: Body::Alias(to), anchor: None })?;
            }
            Event::SequenceStart(anchor, _) => self.enter(span, anchor, false)?,
            Event::MappingStart(anchor, _) => self.enter(span, anchor, true)?,
            Event::SequenceEnd | Event::MappingEnd => self.leave(end)?,
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(false) => {}
        }
        Some(())
    }

    fn enter(&mut self, span: Place, anchor: usize, map: bool) -> Option<()> {
        let start = self.begin()?;
        let marked = self.text.get(self.offsets[span.start.index()]..self.offsets[span.end.index()])?;
        let flow = marked.ends_with(if map { '{' } else { '[' });
        self.at = start + usize::from(flow);
        let anchor = (anchor > 0).then_some(anchor);
        self.open.push(Open { start, anchor, map, flow, items: Vec::new(), item: self.at, key: None });
        (self.open.len() <= DEEPEST).then_some(())
    }

    fn leave(&mut self, end: usize) -> Option<()> {
        let done = self.open.pop()?;
        if done.flow {
            self.at = self.at.max(end);
        }
        // The space: what is empty must stand further right than the key it belongs to.
        let empty = match (done.flow, done.map) {
            (true, _) => "",
            (false, true) => " {}",
            (false, false) => " []",
        };
        let body = Body::Many(Many { items: done.items, empty, count: None });
        self.put(Node { span: done.start..self.at, body, anchor: done.anchor })
    }

    /// The node is the next key, value, element or document.
    fn put(&mut self, node: Node) -> Option<()> {
        self.at = self.at.max(node.span.end);
        let Some(open) = self.open.last_mut() else {
            self.roots.push(node);
            return Some(());
        };
        if open.map && open.key.is_none() {
            open.key = Some(node);
            return Some(());
        }
        let key = open.key.take();
        let at = match &key {
            _ if !open.map => vec![Step::Each],
            Some(Node { body: Body::Scalar { value, .. }, .. }) => vec![named(value)],
            _ => Vec::new(),
        };
        open.items.push(Item { span: open.item..self.at, at, key, node });
        Some(())
    }

    /// Moves behind the marks in front of the next node; where it would begin if it were empty.
    fn before(&mut self) -> Option<usize> {
        let Some(open) = self.open.last() else { return Some(self.at) };
        let after = skip(self.text, self.at, open.flow);
        let next = self.text[after..].chars().next();
        let is_item = !open.map || open.key.is_none();
        let mark = match (open.map, open.key.is_some(), open.flow) {
            (true, true, _) => ':',
            (true, false, _) => '?',
            (false, _, false) => '-',
            (false, _, true) => '\0',
        };
        // A `?` or `-` is a mark only where a space or the end follows; behind a quoted key a `:` always is.
        let apart = mark == ':' || self.text[after..].chars().nth(1).is_none_or(char::is_whitespace);
        if is_item {
            self.open.last_mut()?.item = after;
        }
        if next == Some(mark) && apart {
            self.at = after + 1;
        } else if is_item {
            self.at = after;
        }
        Some(self.at)
    }

    /// Where the next node begins, behind its tag and anchor.
    fn begin(&mut self) -> Option<usize> {
        let mut at = skip(self.text, self.before()?, false);
        while self.text[at..].starts_with(['!', '&']) {
            let stop = |c: char| c.is_whitespace() || c == ',' && self.open.iter().any(|o| o.flow);
            at += self.text[at..].find(stop)?;
            at = skip(self.text, at, false);
        }
        Some(at)
    }

    /// One behind the closing quote.
    fn quoted(&self, start: usize, quote: char) -> Option<usize> {
        let mut chars = self.text.get(start..)?.strip_prefix(quote)?.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if c == '\\' && quote == '"' {
                chars.next();
            } else if c == quote {
                let doubled = quote == '\'' && chars.peek().is_some_and(|(_, next)| *next == quote);
                if !doubled {
                    return Some(start + 1 + at + 1);
                }
                chars.next();
            }
        }
        None
    }

    /// The end of a block scalar without the blank lines behind it.
    fn block(&self, start: usize, end: usize) -> usize {
        let header = self.text[start..].find('\n').map_or(self.text.len(), |line| start + line);
        let end = end.max(header);
        header.max(start + self.text[start..end].trim_end_matches([' ', '\n', '\r', '\t']).len())
    }
}

/// Behind spaces, comments and, in a flow, commas.
fn skip(text: &str, from: usize, flow: bool) -> usize {
    let mut at = from;
    while let Some(c) = text[at..].chars().next() {
        if c.is_whitespace() || c == '\u{feff}' || c == ',' && flow {
            at += c.len_utf8();
        } else if c == '#' && !text[..at].ends_with(|c: char| !c.is_whitespace() && c != ',') {
            at = text[at..].find('\n').map_or(text.len(), |line| at + line);
        } else {
            break;
        }
    }
    at
}

/// The step of a key; Ruby writes its symbols with a colon.
fn named(key: &Value) -> Step {
    let name = key.join_text().unwrap_or_default();
    Step::Name(name.strip_prefix(':').unwrap_or(&name).to_owned())
}

fn scalar(value: Cow<'_, str>, style: ScalarStyle, tag: Option<&Tag>) -> Body {
    let plain = style == ScalarStyle::Plain && tag.is_none_or(|t| t.is_yaml_core_schema() && t.suffix != "str");
    let value = if plain { resolved(&value) } else { (Value::Text(value.into_owned()), true) };
    Body::Scalar { value: value.0, string: value.1 }
}

/// What a plain scalar is in the core schema, and whether it is a string.
fn resolved(text: &str) -> (Value, bool) {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return (Value::Null, false),
        "true" | "True" | "TRUE" => return (Value::Bool(true), false),
        "false" | "False" | "FALSE" => return (Value::Bool(false), false),
        _ => {}
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let based = |prefix: &str| digits.strip_prefix(prefix).is_some_and(|d| d.chars().all(|c| c.is_ascii_hexdigit()));
    let decimal = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') && digits.parse::<f64>().is_ok();
    if decimal || based("0x") || based("0o") { (number(text), false) } else { (Value::text(text), true) }
}
