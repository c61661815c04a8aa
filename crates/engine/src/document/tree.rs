//! The tree of a document: values and where they stand in the text.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::policy::model::{Path, Step};
use crate::value::Value;

/// A place in the text, in bytes.
pub type Span = Range<usize>;

/// A parsed document.
#[derive(Debug, Default)]
pub struct Document {
    /// Its values; more than one in a YAML stream.
    pub roots: Vec<Node>,
    /// Texts that no path reaches.
    pub loose: Vec<Loose>,
    /// Values are referred to by number (PHP), so none may go.
    pub numbered: bool,
}

/// A text beside the values: a piece of a URL outside its query, a comment of YAML.
#[derive(Debug)]
pub struct Loose {
    /// Where it stands.
    pub span: Span,
    /// What it says.
    pub text: String,
    /// It stands as it is read.
    pub raw: bool,
}

/// One value.
#[derive(Debug)]
pub struct Node {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub body: Body,
    /// Under this number it is referred to again.
    pub anchor: Option<usize>,
}

/// What a value is.
#[derive(Debug)]
pub enum Body {
    /// A scalar; `string`: written as one, so that a number in it is none.
    Scalar { value: Value, string: bool },
    /// Elements or members.
    Many(Many),
    /// The same as the value with that anchor.
    Alias(usize),
    /// Something that is passed over.
    Opaque,
}

/// An array or a mapping.
#[derive(Debug)]
pub struct Many {
    /// In the order of the text.
    pub items: Vec<Item>,
    /// What stands in place of the items when all are gone.
    pub empty: &'static str,
    /// Where their number is written (PHP).
    pub count: Option<Span>,
}

/// An element or member.
#[derive(Debug)]
pub struct Item {
    /// All of it, without separators.
    pub span: Span,
    /// The steps of a path that lead here; several in a query string, whose keys are paths of their own. None: no path
    /// leads here, for the key is no scalar.
    pub at: Vec<Step>,
    /// The key as it stands, where it has one.
    pub key: Option<Node>,
    /// The value.
    pub node: Node,
}

/// A value at a path.
#[derive(Clone, Copy)]
pub struct Found<'d> {
    /// The value.
    pub node: &'d Node,
    /// What it is an item of, and which.
    pub within: Option<(&'d Many, usize)>,
    /// The element that the last `[*]` of the path stands for.
    pub element: Option<(&'d Many, usize)>,
}

/// The scalar of a number's text: a whole number, or its digits.
pub fn number(text: &str) -> Value {
    match text.parse::<i64>() {
        Ok(i) if i.to_string() == text => Value::Int(i),
        _ => Value::text(text),
    }
}

impl Document {
    /// The scalar of an anchor.
    pub fn scalar(&self, anchor: usize) -> Option<&Value> {
        let mut search = Search::default();
        self.roots.iter().for_each(|root| search.name(root));
        match &search.anchors.get(&anchor)?.body {
            Body::Scalar { value, .. } => Some(value),
            _ => None,
        }
    }

    /// The values at a path, each once, in the order of the text.
    pub fn select(&self, path: &Path) -> Vec<Found<'_>> {
        let mut search = Search::default();
        self.roots.iter().for_each(|root| search.name(root));
        self.roots.iter().for_each(|root| search.walk(Found { node: root, within: None, element: None }, &path.0));
        let mut found = search.found;
        found.sort_by_key(|f| (f.node.span.start, f.node.span.end));
        found
    }
}

#[derive(Default)]
struct Search<'d> {
    anchors: BTreeMap<usize, &'d Node>,
    /// Node and steps that were left there: aliases may lead to one place in many ways.
    seen: BTreeSet<(usize, usize)>,
    found: Vec<Found<'d>>,
}

impl<'d> Search<'d> {
    fn name(&mut self, node: &'d Node) {
        if let Some(anchor) = node.anchor {
            self.anchors.insert(anchor, node);
        }
        if let Body::Many(many) = &node.body {
            many.items.iter().for_each(|item| {
                item.key.iter().for_each(|key| self.name(key));
                self.name(&item.node);
            });
        }
    }

    fn walk(&mut self, here: Found<'d>, steps: &[Step]) {
        if !self.seen.insert((std::ptr::from_ref(here.node) as usize, steps.len())) {
            return;
        }
        let node = here.node;
        match &node.body {
            Body::Alias(to) => {
                let Some(&target) = self.anchors.get(to) else { return };
                match &target.body {
                    Body::Scalar { .. } if steps.is_empty() => self.found.push(here),
                    _ => self.walk(Found { node: target, ..here }, steps),
                }
            }
            _ if steps.is_empty() => self.found.push(here),
            Body::Many(many) => {
                for (nth, item) in many.items.iter().enumerate() {
                    let within = Some((many, nth));
                    if !item.at.is_empty() && steps.starts_with(&item.at) {
                        let element = if item.at.contains(&Step::Each) { within } else { here.element };
                        self.walk(Found { node: &item.node, within, element }, &steps[item.at.len()..]);
                    } else if item.at == [Step::Name("<<".into())] {
                        // YAML merges the members of another mapping into this one.
                        self.walk(Found { node: &item.node, within, ..here }, steps);
                    }
                }
            }
            Body::Scalar { .. } | Body::Opaque => {}
        }
    }
}
