//! Documents in columns: what they hold at a path, and how one value changes while the rest stays as it was.
//!
//! A document is read into a tree that remembers where each value stood in the text. Changes are splices of that text, so
//! spacing, order, duplicate members, and the spelling of numbers and strings that nobody touched survive. What does not
//! parse, or is nested deeper than [`DEEPEST`], is no document: nothing is read from it and nothing is changed.

mod change;
mod json;
mod php;
mod texts;
mod tree;
mod url;
mod yaml;

#[cfg(test)]
mod tests;

pub use change::{Spot, edit, edit_spots};
pub use texts::edit_texts;

use crate::policy::model::{Codec, Path};
use crate::value::Value;
use tree::{Body, Document};

/// Documents nested deeper are not read.
pub const DEEPEST: usize = 128;

/// What becomes of a value.
#[derive(Clone, PartialEq, Eq)]
pub enum Edit {
    /// Nothing.
    Leave,
    /// This scalar stands there instead.
    Set(Value),
    /// The element that the last `[*]` of the path stands for goes, with all that it holds; without `[*]`, the member. Where
    /// that is impossible (the whole document), NULL stands there instead.
    Drop,
}

/// The scalars at a path, in the order of the text; none where the text is no such document. Whole numbers of 64 bits are
/// numbers, any other number is the text of its digits.
pub fn read(text: &str, codec: Codec, path: &Path) -> Vec<Value> {
    let Some(document) = parse(text, codec) else { return Vec::new() };
    let scalars = document.select(path).into_iter().filter_map(|found| match &found.node.body {
        Body::Scalar { value, .. } => Some(value.clone()),
        _ => None,
    });
    scalars.collect()
}

/// Is the text a document of this encoding?
pub fn parses(text: &str, codec: Codec) -> bool {
    parse(text, codec).is_some()
}

fn parse(text: &str, codec: Codec) -> Option<Document> {
    match codec {
        Codec::Json => json::parse(text),
        Codec::Yaml => yaml::parse(text),
        Codec::Php => php::parse(text),
        Codec::Url => url::parse(text),
    }
}

/// A scalar as it is written.
fn written(value: &Value, codec: Codec) -> String {
    match codec {
        Codec::Json | Codec::Yaml => json::written(value),
        Codec::Php => php::written(value),
        Codec::Url => url::written(value),
    }
}
