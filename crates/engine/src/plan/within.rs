//! References that stand within a text: in a document, in a pattern, or both. When one of them is undone the rest of the text
//! stays as it was.

use serde::{Deserialize, Serialize};

use super::how::How;
use crate::document::{self, Edit};
use crate::matching;
use crate::policy::model::{Match, Reading};
use crate::value::Value;

/// A change of the places of a text that hold certain values.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Within {
    /// Where values stand.
    pub reading: Reading,
    /// How they are compared.
    pub matching: Match,
    /// The country that phone numbers without one belong to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// The values that go, normalised and sorted.
    pub values: Vec<String>,
    /// What stands there instead; `None`: the element or member goes.
    pub instead: Option<Box<How>>,
}

impl Within {
    /// The text with the places changed. `instead` gives what is written for a value; a text that does not parse stays.
    pub fn changed(&self, old: &Value, instead: &mut dyn FnMut(&How, &Value) -> Value) -> Value {
        let (text, bytes) = match old {
            Value::Text(text) => (text.clone(), false),
            Value::Bytes(bytes) => match String::from_utf8(bytes.clone()) {
                Ok(text) => (text, true),
                Err(_) => return old.clone(),
            },
            other => match other.join_text() {
                Some(text) => (text.into_owned(), false),
                None => return old.clone(),
            },
        };
        let changed = match &self.reading.document {
            Some(place) => {
                let mut edit = |value: &Value| self.edit(value, instead);
                document::edit(&text, place.codec, &place.path, &mut edit)
            }
            None => match self.edit(&Value::Text(text), instead) {
                Edit::Set(Value::Text(new)) => Some(new),
                _ => None,
            },
        };
        match changed {
            Some(text) if bytes => Value::Bytes(text.into_bytes()),
            Some(text) => Value::Text(text),
            None => old.clone(),
        }
    }

    /// Does the text still hold one of the values?
    pub fn is_in(&self, text: &Value) -> bool {
        self.reading.values(text).iter().any(|value| self.goes(value))
    }

    fn goes(&self, value: &Value) -> bool {
        let normal = matching::normal(self.matching, value, self.country.as_deref());
        normal.is_some_and(|n| self.values.binary_search(&n).is_ok())
    }

    fn edit(&self, old: &Value, instead: &mut dyn FnMut(&How, &Value) -> Value) -> Edit {
        if self.reading.forms.is_empty() {
            return match (self.goes(old), &self.instead) {
                (false, _) => Edit::Leave,
                (true, None) => Edit::Drop,
                (true, Some(how)) => Edit::Set(like(old, instead(how, old))),
            };
        }
        let Some(text) = old.join_text() else { return Edit::Leave };
        let mut new = text.clone().into_owned();
        for form in &self.reading.forms {
            let Some(place) = form.place(&new).filter(|place| self.goes(&Value::text(&new[place.clone()]))) else {
                continue;
            };
            let Some(how) = &self.instead else { return Edit::Drop };
            match instead(how, &Value::text(&new[place.clone()])) {
                Value::Null => return Edit::Set(Value::Null),
                value => new.replace_range(place, &value.join_text().unwrap_or_default()),
            }
        }
        if new == text { Edit::Leave } else { Edit::Set(Value::Text(new)) }
    }
}

/// What was written as text stays text.
fn like(old: &Value, new: Value) -> Value {
    match (old, &new) {
        (Value::Text(_), Value::Int(_) | Value::Real(_) | Value::Bool(_)) => {
            Value::Text(new.join_text().unwrap_or_default().into_owned())
        }
        _ => new,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::actions::Token;
    use crate::policy::model::{Codec, Path, Pattern, Place};

    fn reading(codec: Option<Codec>, path: &str, forms: &[&str]) -> Reading {
        let document = codec.map(|codec| Place { codec, path: Path::parse(path).unwrap() });
        Reading { document, forms: forms.iter().filter_map(|f| Pattern::parse(f)).collect() }
    }

    fn within(reading: Reading, values: &[&str], instead: Option<How>) -> Within {
        let mut values: Vec<String> = values.iter().map(|v| (*v).to_owned()).collect();
        values.sort();
        Within { reading, matching: Match::Exact, country: None, values, instead: instead.map(Box::new) }
    }

    fn change(within: &Within, text: &str) -> String {
        let mut write = |how: &How, _: &Value| match how {
            How::Set(value) => value.clone(),
            _ => Value::text("token"),
        };
        match within.changed(&Value::text(text), &mut write) {
            Value::Text(text) => text,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_element_goes_and_the_rest_stays() {
        let cc = within(reading(Some(Codec::Json), "$.cc[*]", &[]), &["7", "ann@x.example"], None);
        assert_eq!(
            change(&cc, r#"{"b":1.0, "cc" : [ 7, "8", "ann\u0040x.example" ],"b":2}"#),
            r#"{"b":1.0, "cc" : ["8" ],"b":2}"#.replace("[\"8\"", "[ \"8\"")
        );
        assert_eq!(change(&cc, r#"{"cc":["17", 70]}"#), r#"{"cc":["17", 70]}"#);
        assert_eq!(change(&cc, "{\"cc\":[7"), "{\"cc\":[7");
    }

    #[test]
    fn only_the_place_of_the_value_changes() {
        let forms =
            |text: &str, instead| change(&within(reading(None, "$", &["Ticket-{}@*", "*-{}"]), &["17"], instead), text);
        assert_eq!(forms("Ticket-17@x", Some(How::Set(Value::Int(0)))), "Ticket-0@x");
        assert_eq!(forms("a-17", Some(How::Pseudonym(Token::Hex(32)))), "a-token");
        assert_eq!(forms("a-17", Some(How::Set(Value::text("")))), "a-");
        assert_eq!(forms("a-18", Some(How::Pseudonym(Token::Hex(32)))), "a-18");
        let both = within(reading(Some(Codec::Json), "$[*]", &["u:{}"]), &["1"], Some(How::Set(Value::Int(0))));
        assert_eq!(change(&both, r#"["u:1", "u:2", 1, "1"]"#), r#"["u:0", "u:2", 1, "1"]"#);
    }

    #[test]
    fn a_stand_in_keeps_the_type_that_stood_there() {
        let place = within(reading(Some(Codec::Json), "$[*]", &[]), &["1"], Some(How::Set(Value::Int(9))));
        assert_eq!(change(&place, r#"["1", 1]"#), r#"["9", 9]"#);
        let bytes = place.changed(&Value::Bytes(b"[1]".to_vec()), &mut |_, _| Value::Int(9));
        assert!(bytes == Value::Bytes(b"[9]".to_vec()));
    }

    proptest! {
        #[test]
        fn what_went_is_not_read_and_the_others_are(
            values in prop::collection::vec("[a-c\\\\\"%_/é\u{0}\u{1f600} ]{0,4}", 0..6),
            gone in "[a-c\\\\\"%_/é\u{0}\u{1f600} ]{1,4}",
            drop in any::<bool>(),
        ) {
            let reading = reading(Some(Codec::Json), "$.cc[*]", &[]);
            let document = serde_json::json!({ "cc": values, "other": gone }).to_string();
            let within = within(reading.clone(), &[&gone], (!drop).then_some(How::Set(Value::Null)));
            let after = Value::Text(change(&within, &document));
            prop_assert!(!within.is_in(&after));
            let left: Vec<Value> = reading.values(&after).into_iter().filter(|v| !v.is_null()).collect();
            let expected: Vec<Value> = values.iter().filter(|v| **v != gone).map(Value::text).collect();
            prop_assert!(left == expected);
            let json: serde_json::Value = serde_json::from_str(&after.join_text().unwrap()).unwrap();
            prop_assert_eq!(json["other"].as_str(), Some(gone.as_str()));
        }
    }
}
