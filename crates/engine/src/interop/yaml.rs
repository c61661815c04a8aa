//! YAML as a tree with lines. A library parses; anchors are followed, and a file that would grow without end is refused.

use std::collections::{BTreeSet, HashMap};

use saphyr_parser::{Event, Parser, ScalarStyle};

/// How deep collections may lie in each other.
const DEEPEST: usize = 64;
/// How many nodes a file may have once its aliases are followed.
const MOST: usize = 1_000_000;

/// A value, and the line on which it begins.
#[derive(Clone, Debug)]
pub struct Node {
    /// From 1.
    pub line: usize,
    /// What stands there.
    pub body: Body,
}

/// What a node holds.
#[derive(Clone, Debug)]
pub enum Body {
    /// Nothing, or `null`.
    Empty,
    /// Any other scalar, as it is written.
    Text(String),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping, in the order of the file.
    Map(Vec<Entry>),
}

/// A key of a mapping with its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub line: usize,
    /// Its value.
    pub node: Node,
}

/// Why a text is no YAML that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// From 1.
    pub line: usize,
    /// What is wrong there.
    pub why: String,
}

/// The documents of a file.
pub fn documents(text: &str) -> Result<Vec<Node>, Malformed> {
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text.trim_start_matches('\u{feff}')) {
        let (event, span) = event.map_err(|e| malformed(e.marker().line(), e.info()))?;
        builder.take(event, span.start.line())?;
    }
    Ok(builder.roots)
}

fn malformed(line: usize, why: impl Into<String>) -> Malformed {
    Malformed { line: line.max(1), why: why.into() }
}

/// A collection whose end has not come.
struct Open {
    line: usize,
    anchor: usize,
    items: Items,
}

enum Items {
    List(Vec<Node>),
    Map { entries: Vec<Entry>, keys: BTreeSet<String>, key: Option<(String, usize)> },
}

#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    /// What anchors name, and how many nodes that is.
    anchors: HashMap<usize, (Node, usize)>,
    roots: Vec<Node>,
    nodes: usize,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, line: usize) -> Result<(), Malformed> {
        match event {
            Event::Scalar(value, style, anchor, _) => {
                let none = style == ScalarStyle::Plain && matches!(&*value, "" | "~" | "null" | "Null" | "NULL");
                let body = if none { Body::Empty } else { Body::Text(value.into_owned()) };
                self.put(Node { line, body }, anchor)
            }
            Event::Alias(to) => {
                let (node, size) =
                    self.anchors.get(&to).cloned().ok_or_else(|| malformed(line, "an alias of itself"))?;
                self.nodes += size;
                self.put(node, 0)
            }
            Event::SequenceStart(anchor, _) => self.enter(line, anchor, Items::List(Vec::new())),
            Event::MappingStart(anchor, _) => {
                self.enter(line, anchor, Items::Map { entries: Vec::new(), keys: BTreeSet::new(), key: None })
            }
            Event::SequenceEnd | Event::MappingEnd => self.leave(),
            _ => Ok(()),
        }
    }

    fn enter(&mut self, line: usize, anchor: usize, items: Items) -> Result<(), Malformed> {
        if self.open.len() == DEEPEST {
            return Err(malformed(line, format!("more than {DEEPEST} levels")));
        }
        self.open.push(Open { line, anchor, items });
        Ok(())
    }

    fn leave(&mut self) -> Result<(), Malformed> {
        let Some(Open { line, anchor, items }) = self.open.pop() else { return Ok(()) };
        let body = match items {
            Items::List(nodes) => Body::List(nodes),
            Items::Map { entries, .. } => Body::Map(entries),
        };
        self.put(Node { line, body }, anchor)
    }

    /// The node is the next key, value, element or document.
    fn put(&mut self, node: Node, anchor: usize) -> Result<(), Malformed> {
        self.nodes += 1;
        if self.nodes > MOST {
            return Err(malformed(node.line, "its aliases make it too large to read"));
        }
        if anchor > 0 {
            self.anchors.insert(anchor, (node.clone(), size(&node)));
        }
        match self.open.last_mut().map(|open| &mut open.items) {
            None => self.roots.push(node),
            Some(Items::List(nodes)) => nodes.push(node),
            Some(Items::Map { entries, keys, key }) => match key.take() {
                Some((key, line)) => entries.push(Entry { key, line, node }),
                None => {
                    let Body::Text(text) = node.body else {
                        return Err(malformed(node.line, "a key that is no word"));
                    };
                    if !keys.insert(text.clone()) {
                        return Err(malformed(node.line, "a key that stands twice"));
                    }
                    *key = Some((text, node.line));
                }
            },
        }
        Ok(())
    }
}

fn size(node: &Node) -> usize {
    match &node.body {
        Body::Empty | Body::Text(_) => 1,
        Body::List(nodes) => 1 + nodes.iter().map(size).sum::<usize>(),
        Body::Map(entries) => 1 + entries.iter().map(|e| 1 + size(&e.node)).sum::<usize>(),
    }
}
