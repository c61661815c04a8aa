//! JSON.

use super::{At, Token, What};

pub(super) fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut reader = Reader { rest: text, at: Vec::new(), found: Vec::new() };
    reader.value()?;
    reader.blanks();
    reader.rest.is_empty().then_some(reader.found)
}

struct Reader<'a> {
    rest: &'a str,
    at: Vec<At>,
    found: Vec<Token>,
}

impl Reader<'_> {
    fn blanks(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    fn push(&mut self, what: What, raw: &str, text: String) {
        self.found.push(Token { at: self.at.clone(), what, raw: raw.to_owned(), text });
    }

    fn take(&mut self, sign: char) -> bool {
        self.blanks();
        let after = self.rest.strip_prefix(sign);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    fn value(&mut self) -> Option<()> {
        self.blanks();
        match self.rest.chars().next()? {
            '{' => self.object(),
            '[' => self.array(),
            '"' => {
                let (raw, text) = self.string()?;
                self.push(What::Text, &raw, text);
                Some(())
            }
            _ => self.word(),
        }
    }

    fn object(&mut self) -> Option<()> {
        self.take('{');
        self.push(What::Open, "{", String::new());
        let mut first = true;
        while !self.take('}') {
            if !std::mem::take(&mut first) && !self.take(',') {
                return None;
            }
            self.blanks();
            let (raw, name) = self.string()?;
            self.at.push(At::Name(name.clone()));
            self.push(What::Key, &raw, name);
            self.take(':').then_some(())?;
            self.value()?;
            self.at.pop();
        }
        self.push(What::Close, "}", String::new());
        Some(())
    }

    fn array(&mut self) -> Option<()> {
        self.take('[');
        self.push(What::Open, "[", String::new());
        let mut nth = 0;
        while !self.take(']') {
            if nth > 0 && !self.take(',') {
                return None;
            }
            self.at.push(At::Nth(nth));
            self.value()?;
            self.at.pop();
            nth += 1;
        }
        self.push(What::Close, "]", String::new());
        Some(())
    }

    fn word(&mut self) -> Option<()> {
        let end = self.rest.find([',', '}', ']', ' ', '\t', '\n', '\r']).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        let what = match word {
            "null" => What::Nothing,
            "true" | "false" => What::Word,
            _ => {
                word.parse::<f64>().ok().filter(|_| word.starts_with(|c: char| c == '-' || c.is_ascii_digit()))?;
                What::Number
            }
        };
        self.rest = rest;
        self.push(what, word, word.to_owned());
        Some(())
    }

    /// As it is written, and what it says.
    fn string(&mut self) -> Option<(String, String)> {
        let inner = self.rest.strip_prefix('"')?;
        let (mut units, mut chars) = (Vec::new(), inner.char_indices());
        loop {
            let (at, c) = chars.next()?;
            match c {
                '"' => {
                    let raw = &self.rest[..at + 2];
                    self.rest = &inner[at + 1..];
                    return Some((raw.to_owned(), String::from_utf16(&units).ok()?));
                }
                '\\' => units.extend(escaped(&mut chars)?),
                c if (c as u32) < 0x20 => return None,
                c => units.extend(c.encode_utf16(&mut [0; 2]).iter()),
            }
        }
    }
}

fn escaped(chars: &mut std::str::CharIndices) -> Option<[u16; 1]> {
    let plain = match chars.next()?.1 {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'u' => {
            let digits: String = chars.take(4).map(|(_, c)| c).collect();
            return u16::from_str_radix(&digits, 16).ok().map(|unit| [unit]);
        }
        c @ ('"' | '\\' | '/') => c,
        _ => return None,
    };
    Some([plain as u16])
}

/// A string as it is written.
pub(super) fn string(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
