//! PHP's `serialize`: scalars and arrays.

use super::{At, Token, What};

pub(super) fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut found = Vec::new();
    let rest = value(text, &mut Vec::new(), &mut found)?;
    rest.is_empty().then_some(found)
}

fn value<'a>(text: &'a str, at: &mut Vec<At>, found: &mut Vec<Token>) -> Option<&'a str> {
    if let Some(rest) = text.strip_prefix("a:") {
        let (count, mut rest) = rest.split_once(":{")?;
        found.push(Token { at: at.clone(), what: What::Open, raw: "{".to_owned(), text: String::new() });
        for _ in 0..count.parse::<usize>().ok()? {
            let (what, raw, name, after) = scalar(rest)?;
            at.push(match (what, name.parse()) {
                (What::Number, Ok(nth)) => At::Nth(nth),
                _ => At::Name(name.clone()),
            });
            found.push(Token { at: at.clone(), what: What::Key, raw: raw.to_owned(), text: name });
            rest = value(after, at, found)?;
            at.pop();
        }
        found.push(Token { at: at.clone(), what: What::Close, raw: "}".to_owned(), text: String::new() });
        return rest.strip_prefix('}');
    }
    let (what, raw, text, rest) = scalar(text)?;
    found.push(Token { at: at.clone(), what, raw: raw.to_owned(), text });
    Some(rest)
}

fn scalar(text: &str) -> Option<(What, &str, String, &str)> {
    if let Some(rest) = text.strip_prefix("N;") {
        return Some((What::Nothing, "N;", String::new(), rest));
    }
    if let Some(rest) = text.strip_prefix("s:") {
        let (length, rest) = rest.split_once(":\"")?;
        let length = length.parse().ok()?;
        let (said, rest) = (rest.get(..length)?, rest.get(length..)?.strip_prefix("\";")?);
        return Some((What::Text, &text[..text.len() - rest.len()], said.to_owned(), rest));
    }
    let (kind, rest) = text.split_once(':')?;
    let (said, rest) = rest.split_once(';')?;
    let what = match kind {
        "i" | "d" => What::Number,
        "b" => What::Word,
        _ => return None,
    };
    Some((what, &text[..text.len() - rest.len()], said.to_owned(), rest))
}
