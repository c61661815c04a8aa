//! A query string, or a URL with one.

use super::{At, Token, What};

pub(super) fn tokens(text: &str) -> Option<Vec<Token>> {
    let (before, query) = text.split_once('?').unwrap_or(("", text));
    let (query, after) = query.split_once('#').unwrap_or((query, ""));
    let mut found = vec![word(before)];
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=')?;
        let at = vec![At::Name(decoded(name)?)];
        found.push(Token { at: at.clone(), what: What::Key, raw: name.to_owned(), text: decoded(name)? });
        found.push(Token { at, what: What::Text, raw: value.to_owned(), text: decoded(value)? });
    }
    found.push(word(after));
    Some(found)
}

fn word(text: &str) -> Token {
    Token { at: Vec::new(), what: What::Word, raw: text.to_owned(), text: text.to_owned() }
}

fn decoded(text: &str) -> Option<String> {
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = std::str::from_utf8(rest.get(..2)?).ok()?;
                rest = &rest[2..];
                u8::from_str_radix(digits, 16).ok()?
            }
            plain => plain,
        });
    }
    String::from_utf8(bytes).ok()
}

/// From what stands before the question mark, names and values in turn, and what follows the number sign.
pub(super) fn of(words: &[String]) -> String {
    let encoded = |w: &String| w.replace(' ', "+").replace('&', "%26").replace('=', "%3D").replace('#', "%23");
    let pairs: Vec<String> =
        words[1..words.len() - 1].chunks(2).map(|p| format!("{}={}", encoded(&p[0]), encoded(&p[1]))).collect();
    format!("{}?{}#{}", words[0], pairs.join("&"), words[words.len() - 1])
}
