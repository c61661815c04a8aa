//! Keyed tokens in place of values.

use serde::{Deserialize, Serialize};

use crate::plan::token;
use crate::policy::model::{Column, Reading};
use crate::schema::Class;
use crate::value::Value;

/// Characters of a token where the column has room: 128 bits.
const CHARS: u32 = 32;

/// The shortest token: 32 bits, and twice that where equal ones would clash.
const SHORTEST: u32 = 8;

/// The form of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Token {
    /// So many hexadecimal digits.
    Hex(u32),
    /// A UUID (version 8).
    Uuid,
}

impl Token {
    /// The form that fits a column; `None` where none does.
    pub fn of(column: &Column) -> Option<Token> {
        let room = column.max_chars.unwrap_or(CHARS).min(CHARS);
        let needed = if column.unique { 2 * SHORTEST } else { SHORTEST };
        match column.class {
            Class::Text if room >= needed => Some(Token::Hex(room)),
            Class::Uuid => Some(Token::Uuid),
            _ => None,
        }
    }

    /// The form where a reference stands: within a document or a pattern the text has room.
    pub fn at(column: &Column, reading: &Reading) -> Option<Token> {
        let alone = reading.document.is_none() && reading.forms.is_empty();
        Token::of(column).or((!alone).then_some(Token::Hex(CHARS)))
    }

    /// The token of a value: the same for equal values under one key, in whatever column they stand, so that what belonged
    /// together still does. An empty value has nothing to hide and stays.
    pub fn made(self, key: &str, old: &Value) -> Value {
        let Some(text) = old.join_text() else { return old.clone() };
        let digits = token(key, &[b"pseudonym", text.as_bytes()]);
        Value::Text(match self {
            Token::Hex(chars) => digits[..(chars as usize).min(digits.len())].to_owned(),
            Token::Uuid => {
                let d = &digits;
                format!("{}-{}-8{}-8{}-{}", &d[..8], &d[8..12], &d[12..15], &d[15..18], &d[18..30])
            }
        })
    }

    /// Could this be such a token?
    pub fn is(self, value: &Value) -> bool {
        let hex = |s: &str| s.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
        match (self, value) {
            (_, v) if v.join_text().is_none() => true,
            (Token::Hex(chars), Value::Text(s)) => s.len() == chars as usize && hex(s),
            (Token::Uuid, Value::Text(s)) => s.len() == 36 && hex(s),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn short_columns_take_no_token() {
        let mut column = Column::new("x".into(), Class::Text);
        assert_eq!(Token::of(&column), Some(Token::Hex(32)));
        column.max_chars = Some(10);
        assert_eq!(Token::of(&column), Some(Token::Hex(10)));
        column.unique = true;
        assert_eq!(Token::of(&column), None);
        assert_eq!(Token::of(&Column::new("x".into(), Class::Int)), None);
    }

    proptest! {
        #[test]
        fn equal_values_meet_others_do_not_and_none_is_left(a in "\\PC{1,40}", b in "\\PC{1,40}", chars in 16u32..=32) {
            for form in [Token::Hex(chars), Token::Uuid] {
                let of = |s: &str| form.made("key", &Value::text(s));
                prop_assert_eq!(of(&a), of(&a));
                prop_assert_eq!(a == b, of(&a) == of(&b));
                prop_assert!(form.is(&of(&a)) && of(&a) != Value::text(a.as_str()));
                prop_assert_ne!(of(&a), form.made("other", &Value::text(a.as_str())));
            }
        }
    }
}
