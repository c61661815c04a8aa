//! Changes of values at a path.

use std::collections::BTreeSet;

use super::tree::{Body, Document, Found, Many, Span};
use super::{Edit, parse, written};
use crate::policy::model::{Codec, Path};
use crate::value::Value;

/// What stands at a path.
#[derive(Clone, Copy)]
pub enum Spot<'d> {
    /// A scalar.
    Scalar(&'d Value),
    /// An array, a mapping, or something that only its program reads.
    Whole,
}

/// The text with the scalars at a path changed; everything else stays as it was. `None`: it does not parse, or nothing
/// changed.
pub fn edit(text: &str, codec: Codec, path: &Path, change: &mut dyn FnMut(&Value) -> Edit) -> Option<String> {
    edit_spots(text, codec, path, &mut |spot| match spot {
        Spot::Scalar(value) => change(value),
        Spot::Whole => Edit::Leave,
    })
}

/// The same for whatever stands at the path, arrays and mappings too.
pub fn edit_spots(text: &str, codec: Codec, path: &Path, change: &mut dyn FnMut(Spot<'_>) -> Edit) -> Option<String> {
    let document = parse(text, codec)?;
    let found = document.select(path).into_iter();
    let edits: Vec<(Found<'_>, Edit)> = found.map(|found| (found, change(spot(&document, &found)))).collect();
    // A text that no longer reads would be worse than one that was left: where an element holds what an alias elsewhere
    // refers to, the member alone goes.
    let reads = |changed: &String| parse(changed, codec).is_some();
    let elements = spliced(text, codec, &document, &edits, |found| found.element.or(found.within))?;
    Some(elements).filter(reads).or_else(|| spliced(text, codec, &document, &edits, |found| found.within).filter(reads))
}

/// The text with these edits; `goes` is what a [`Edit::Drop`] takes.
fn spliced<'d>(
    text: &str,
    codec: Codec,
    document: &Document,
    edits: &[(Found<'d>, Edit)],
    goes: impl Fn(&Found<'d>) -> Option<(&'d Many, usize)>,
) -> Option<String> {
    let mut splices = Splices::new(codec);
    let mut gone: Vec<(&Many, BTreeSet<usize>)> = Vec::new();
    for (found, edit) in edits {
        match (edit, goes(found)) {
            (Edit::Leave, _) => {}
            (Edit::Set(value), _) => splices.set(&found.node.span, value),
            (Edit::Drop, Some((many, nth))) if !document.numbered => {
                match gone.iter_mut().find(|(m, _)| std::ptr::eq(*m, many)) {
                    Some((_, which)) => _ = which.insert(nth),
                    None => gone.push((many, BTreeSet::from([nth]))),
                }
            }
            (Edit::Drop, _) => splices.set(&found.node.span, &Value::Null),
        }
    }
    gone.iter().for_each(|(many, which)| splices.remove(many, which));
    splices.apply(text)
}

fn spot<'d>(document: &'d Document, found: &Found<'d>) -> Spot<'d> {
    match &found.node.body {
        Body::Scalar { value, .. } => Spot::Scalar(value),
        Body::Alias(to) => document.scalar(*to).map_or(Spot::Whole, Spot::Scalar),
        Body::Many(_) | Body::Opaque => Spot::Whole,
    }
}

/// Places and what stands there instead.
pub(super) struct Splices {
    codec: Codec,
    pub list: Vec<(Span, String)>,
}

impl Splices {
    /// None yet.
    pub fn new(codec: Codec) -> Splices {
        Splices { codec, list: Vec::new() }
    }

    /// A scalar in place of what stands there.
    pub fn set(&mut self, span: &Span, value: &Value) {
        let written = written(value, self.codec);
        // Where nothing stood, YAML wants a space behind the mark.
        let space = self.codec == Codec::Yaml && span.is_empty() && span.start > 0;
        self.list.push((span.clone(), if space { format!(" {written}") } else { written }));
    }

    /// Items go, with the separators beside them.
    fn remove(&mut self, many: &Many, gone: &BTreeSet<usize>) {
        let items = &many.items;
        let kept: Vec<usize> = (0..items.len()).filter(|nth| !gone.contains(nth)).collect();
        let (Some(first), Some(last)) = (items.first(), items.last()) else { return };
        if kept.is_empty() {
            self.list.push((first.span.start..last.span.end, many.empty.to_owned()));
        }
        let mut next = 0;
        for &nth in &kept {
            if nth > next {
                self.list.push((items[next].span.start..items[nth].span.start, String::new()));
            }
            next = nth + 1;
        }
        if let Some(&end) = kept.last().filter(|_| next < items.len()) {
            self.list.push((items[end].span.end..last.span.end, String::new()));
        }
        if let Some(count) = &many.count {
            self.list.push((count.clone(), kept.len().to_string()));
            self.renumber(many, &kept);
        }
    }

    /// An array that was a list stays one.
    fn renumber(&mut self, many: &Many, kept: &[usize]) {
        let key = |nth: usize| match many.items[nth].key.as_ref().map(|k| &k.body) {
            Some(Body::Scalar { value: Value::Int(i), .. }) => usize::try_from(*i).ok(),
            _ => None,
        };
        if (0..many.items.len()).all(|nth| key(nth) == Some(nth)) {
            for (new, &old) in kept.iter().enumerate().filter(|(new, old)| new != *old) {
                if let Some(at) = &many.items[old].key {
                    self.set(&at.span, &Value::Int(new as i64));
                }
            }
        }
    }

    /// The text with all of them; `None` where it is the same.
    pub fn apply(mut self, text: &str) -> Option<String> {
        self.list.sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
        let mut out = String::with_capacity(text.len());
        let mut from = 0;
        for (span, instead) in self.list.iter().filter(|(span, instead)| text[span.clone()] != **instead) {
            // What lies within something that went is gone already.
            if span.start >= from {
                out.push_str(&text[from..span.start]);
                out.push_str(instead);
                from = span.end;
            }
        }
        out.push_str(&text[from..]);
        (out != text).then_some(out)
    }
}
