//! Changes of the strings of a document, wherever they stand.

use super::change::Splices;
use super::parse;
use super::tree::{Body, Item, Node};
use crate::policy::model::Codec;
use crate::value::Value;

/// The text with its strings changed: those of values, of keys, and those of a URL outside its query. `change` gets each
/// string decoded and gives what stands there instead. Numbers are given to it as the text of their digits; one that
/// changes becomes NULL. `None`: it does not parse, or nothing changed.
pub fn edit_texts(text: &str, codec: Codec, change: &mut dyn FnMut(&str) -> Option<String>) -> Option<String> {
    let document = parse(text, codec)?;
    let mut texts = Texts { text, change, splices: Splices::new(codec) };
    for loose in &document.loose {
        match (texts.change)(&loose.text) {
            Some(instead) if loose.raw => texts.splices.list.push((loose.span.clone(), instead)),
            Some(instead) => texts.splices.set(&loose.span, &Value::Text(instead)),
            None => {}
        }
    }
    document.roots.iter().for_each(|root| texts.node(root));
    let changed = texts.splices.apply(text)?;
    parse(&changed, codec).map(|_| changed)
}

struct Texts<'t, 'c> {
    text: &'t str,
    change: &'c mut dyn FnMut(&str) -> Option<String>,
    splices: Splices,
}

impl Texts<'_, '_> {
    fn node(&mut self, node: &Node) {
        match &node.body {
            Body::Scalar { value: Value::Null | Value::Bool(_), .. } | Body::Alias(_) => {}
            Body::Scalar { value, string } => {
                let Some(instead) = value.join_text().and_then(|t| (self.change)(&t)) else { return };
                self.splices.set(&node.span, &if *string { Value::Text(instead) } else { Value::Null });
            }
            Body::Many(many) => {
                let mut taken: Vec<String> = many.items.iter().filter_map(name).collect();
                for item in &many.items {
                    self.key(item, &mut taken);
                    self.node(&item.node);
                }
            }
            // Its length belongs to it, and what it means only its class knows.
            Body::Opaque => {
                if (self.change)(&self.text[node.span.clone()]).is_some() {
                    self.splices.set(&node.span, &Value::Null);
                }
            }
        }
    }

    /// A key that changes stays unlike those beside it, so that no member takes another's place.
    fn key(&mut self, item: &Item, taken: &mut Vec<String>) {
        let Some(key) = &item.key else { return };
        let Some(old) = name(item) else { return self.node(key) };
        let Some(new) = (self.change)(&old) else { return };
        let numbered = (2..).map(|n| format!("{new}{n}"));
        let free = std::iter::once(new.clone()).chain(numbered).find(|name| !taken.contains(name));
        let free = free.expect("there is always another number");
        self.splices.set(&key.span, &Value::Text(free.clone()));
        taken.push(free);
    }
}

fn name(item: &Item) -> Option<String> {
    match &item.key.as_ref()?.body {
        Body::Scalar { value, .. } => Some(value.join_text()?.into_owned()),
        _ => None,
    }
}
