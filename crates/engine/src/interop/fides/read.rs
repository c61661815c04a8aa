//! Reading a mapping key by key, so that what nothing has read can be told in the end.

use std::collections::BTreeSet;

use super::super::yaml::{Body, Entry, Node};
use super::{Decision, LeftOut};

/// What has been noticed so far.
#[derive(Debug, Default)]
pub struct Notes {
    /// The file that is being read.
    pub file: String,
    pub left_out: Vec<LeftOut>,
    pub decisions: Vec<Decision>,
}

impl Notes {
    /// Something was not carried over.
    pub fn left(&mut self, at: &Place, why: impl Into<String>) {
        let Place { file, line, path } = at.clone();
        self.left_out.push(LeftOut { file, line, path, why: why.into() });
    }

    /// Something is to be decided.
    pub fn decide(&mut self, file: impl Into<String>, about: impl Into<String>, question: impl Into<String>) {
        self.decisions.push(Decision { file: file.into(), about: about.into(), question: question.into() });
    }

    /// A place of the file that is being read.
    pub fn place(&self, line: usize, path: impl Into<String>) -> Place {
        Place { file: self.file.clone(), line, path: path.into() }
    }
}

/// Where something stands.
#[derive(Clone, Debug, Default)]
pub struct Place {
    pub file: String,
    pub line: usize,
    pub path: String,
}

/// A mapping that is being read.
pub struct Fields<'n> {
    pub path: String,
    pub line: usize,
    entries: &'n [Entry],
    read: BTreeSet<&'static str>,
}

impl<'n> Fields<'n> {
    /// The mapping at a node, if it is one.
    pub fn of(node: &'n Node, path: &str) -> Option<Self> {
        let Body::Map(entries) = &node.body else { return None };
        Some(Fields { path: path.to_owned(), line: node.line, entries, read: BTreeSet::new() })
    }

    /// The value of a key; an empty one counts as none.
    pub fn get(&mut self, key: &'static str) -> Option<&'n Node> {
        self.read.insert(key);
        let node = self.entries.iter().find(|e| e.key == key).map(|e| &e.node)?;
        (!matches!(node.body, Body::Empty)).then_some(node)
    }

    /// The text of a key. Anything else is left for the end to tell.
    pub fn text(&mut self, key: &'static str) -> Option<String> {
        match self.get(key).map(|n| &n.body) {
            Some(Body::Text(text)) => Some(text.clone()),
            Some(_) => {
                self.read.remove(key);
                None
            }
            None => None,
        }
    }

    /// A truth value, as YAML writes them. Anything else is left for the end to tell.
    pub fn flag(&mut self, key: &'static str) -> bool {
        let Some(text) = self.text(key) else { return false };
        match text.to_lowercase().as_str() {
            "true" | "yes" | "on" => true,
            "false" | "no" | "off" => false,
            _ => {
                self.read.remove(key);
                false
            }
        }
    }

    /// Passes over the key that says so; another organization is left for the end to tell.
    pub fn is_of_the_default_organization(&mut self) {
        if self.text("organization_fides_key").is_some_and(|key| key != "default_organization") {
            self.read.remove("organization_fides_key");
        }
    }

    /// A list of texts; one text alone counts as a list.
    pub fn texts(&mut self, key: &'static str) -> Vec<String> {
        let nodes = self.several(key);
        let texts: Vec<String> = nodes.iter().filter_map(|n| n.as_text()).map(str::to_owned).collect();
        if texts.len() < nodes.len() {
            self.read.remove(key);
        }
        texts
    }

    /// The elements of a list; anything else alone counts as a list.
    pub fn several(&mut self, key: &'static str) -> Vec<&'n Node> {
        match self.get(key) {
            Some(Node { body: Body::List(nodes), .. }) => nodes.iter().collect(),
            Some(node) => vec![node],
            None => Vec::new(),
        }
    }

    /// A mapping below this one, under either name. Anything else is left for the end to tell.
    pub fn below(&mut self, keys: [&'static str; 2]) -> Option<Fields<'n>> {
        for key in keys {
            let Some(node) = self.get(key) else { continue };
            match Fields::of(node, &format!("{}.{key}", self.path)) {
                Some(fields) => return Some(fields),
                None => self.read.remove(key),
            };
        }
        None
    }

    /// The line of a key.
    pub fn line_of(&self, key: &str) -> usize {
        self.entries.iter().find(|e| e.key == key).map_or(self.line, |e| e.line)
    }

    /// Where a key stands.
    pub fn at(&self, key: &str, notes: &Notes) -> Place {
        notes.place(self.line_of(key), joined(&self.path, key))
    }

    /// Tells what was not read: the reason comes by key.
    pub fn finish(self, notes: &mut Notes, why: impl Fn(&str) -> &'static str) {
        for entry in self.entries.iter().filter(|e| !self.read.contains(e.key.as_str()) && says(&e.node)) {
            let place = notes.place(entry.line, joined(&self.path, &entry.key));
            notes.left(&place, why(&entry.key));
        }
    }
}

impl Node {
    fn as_text(&self) -> Option<&str> {
        match &self.body {
            Body::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// Names that lead to a key.
pub fn joined(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// Does it say anything? `false`, nothing and an empty list are what Fides assumes anyway.
fn says(node: &Node) -> bool {
    match &node.body {
        Body::Empty => false,
        Body::Text(text) => !text.eq_ignore_ascii_case("false"),
        Body::List(nodes) => !nodes.is_empty(),
        Body::Map(entries) => entries.iter().any(|e| says(&e.node)),
    }
}
