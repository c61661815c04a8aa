//! How plain values and words are read.

use toml::de::DeValue;

use super::reader::{Item, Read};
use crate::diagnostic::{Diagnostic, codes};
use crate::source::At;
use crate::value::Value;

/// A type whose values are words of the language.
pub(crate) trait Word: Clone + Sized + 'static {
    /// The words and what they mean.
    const WORDS: &'static [(&'static str, Self)];

    /// The meaning of a word.
    fn of(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(w, _)| *w == word).map(|(_, meaning)| meaning.clone())
    }

    /// The words alone.
    fn words() -> Vec<&'static str> {
        Self::WORDS.iter().map(|(word, _)| *word).collect()
    }
}

impl<W: Word> Read for W {
    fn read(item: Item<'_>) -> Option<Self> {
        let word: String = Read::read(item)?;
        W::of(&word).or_else(|| item.unknown_word(&word, &W::words()))
    }
}

impl<T: Read> Read for At<T> {
    fn read(item: Item<'_>) -> Option<Self> {
        Some(At::new(T::read(item)?, item.at))
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(item: Item<'_>) -> Option<Self> {
        item.list()
    }
}

impl Read for String {
    fn read(item: Item<'_>) -> Option<Self> {
        item.value.as_str().map(str::to_owned).or_else(|| item.wrong_type("a string"))
    }
}

impl Read for bool {
    fn read(item: Item<'_>) -> Option<Self> {
        item.value.as_bool().or_else(|| item.wrong_type("true or false"))
    }
}

impl Read for u64 {
    fn read(item: Item<'_>) -> Option<Self> {
        let Some(number) = item.value.as_integer() else { return item.wrong_type("a whole number") };
        let parsed = u64::from_str_radix(number.as_str(), number.radix());
        parsed.ok().or_else(|| item.bad_value("a whole number from 0 up"))
    }
}

impl Read for f64 {
    fn read(item: Item<'_>) -> Option<Self> {
        let text = match item.value {
            DeValue::Integer(n) if n.radix() == 10 => n.as_str(),
            DeValue::Float(n) => n.as_str(),
            _ => return item.wrong_type("a number"),
        };
        text.parse().ok().or_else(|| item.bad_value("a number"))
    }
}

impl Read for Value {
    fn read(item: Item<'_>) -> Option<Self> {
        Some(match item.value {
            DeValue::String(s) => Value::text(&**s),
            DeValue::Boolean(b) => Value::Bool(*b),
            DeValue::Datetime(d) => Value::text(d.to_string()),
            DeValue::Integer(n) => match i64::from_str_radix(n.as_str(), n.radix()) {
                Ok(n) => Value::Int(n),
                Err(_) => return item.bad_value("a whole number of 64 bits"),
            },
            DeValue::Float(n) => match n.as_str().parse() {
                Ok(n) => Value::Real(n),
                Err(_) => return item.bad_value("a number"),
            },
            DeValue::Array(_) | DeValue::Table(_) => return item.wrong_type("a single value"),
        })
    }
}

impl Item<'_> {
    /// Reports a word that is none of those allowed here.
    pub(super) fn unknown_word<T>(self, word: &str, words: &[&str]) -> Option<T> {
        let message = format!("{} cannot be `{word}`", self.name());
        let finding = Diagnostic::error(codes::UNKNOWN_WORD, message, self.at, "unknown word");
        self.reader.report(finding.suggest(word, words.iter().copied()));
        None
    }
}
