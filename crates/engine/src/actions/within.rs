//! Masking of a person's identifiers where a column holds more than a plain text: in documents and within patterns, together
//! with the personal values that stand at a path of a document.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::nothing;
use crate::document::{Edit, Spot, edit_spots, edit_texts, parses};
use crate::policy::category::is_personal;
use crate::policy::model::{Codec, Column, Path, Pattern};
use crate::schema::Class;
use crate::text::{Finder, Hit, MASK};
use crate::value::Value;

/// How the texts of a column are searched, and what goes from its documents.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Within {
    /// How its documents are encoded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub codec: Option<Codec>,
    /// Patterns of which the value is searched; none: all of the text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forms: Vec<Pattern>,
    /// Places whose values go.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<Path>,
    /// The person's identifiers are masked.
    pub texts: bool,
    /// The column counts bytes, of which a mask may have more than what it hides.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bytes: bool,
    /// Longest text that the column takes, in characters, or in bytes where it counts these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<u32>,
    /// What stands there if it cannot be masked.
    pub otherwise: Value,
}

impl Within {
    /// How a column's texts are searched; no path of it is emptied.
    pub fn texts_of(column: &Column) -> Within {
        Within {
            codec: column.codec,
            forms: column.forms.clone(),
            paths: Vec::new(),
            texts: true,
            bytes: column.class == Class::Bytes,
            room: column.max_chars,
            otherwise: nothing(column),
        }
    }

    /// What a scrub does to a column that is redacted: its texts are masked if it is one, and its personal places emptied.
    pub fn scrub_of(column: &Column) -> Within {
        let places = column.inside.iter().filter(|(_, category)| is_personal(category));
        let texts = column.text || column.inside.is_empty();
        Within { paths: places.map(|(path, _)| path.clone()).collect(), texts, ..Within::texts_of(column) }
    }

    /// Is it all of a plain text?
    pub fn is_plain(&self) -> bool {
        self.codec.is_none() && self.forms.is_empty() && self.paths.is_empty() && !self.bytes
    }

    /// Where identifiers stand. In a document the places are those within its decoded strings.
    pub fn hits(&self, finder: &Finder, value: &Value) -> Vec<Hit> {
        let Some(text) = value.readable() else { return Vec::new() };
        if !self.texts {
            return Vec::new();
        }
        let mut found = Vec::new();
        for part in self.parts(text) {
            let piece = &text[part.clone()];
            match self.codec.filter(|codec| parses(piece, *codec)) {
                Some(codec) => {
                    edit_texts(piece, codec, &mut |string| {
                        found.extend(finder.hits(string));
                        None
                    });
                }
                None => found.extend(finder.hits(piece).into_iter().map(|hit| Hit {
                    start: hit.start + part.start,
                    end: hit.end + part.start,
                    ..hit
                })),
            }
        }
        found
    }

    /// The value after a scrub; the same where there is nothing to do, and where bytes are no text. What cannot be read as the
    /// document it should be loses everything that a path could have meant.
    pub fn made(&self, finder: &Finder, old: &Value) -> Value {
        let unreadable = || if self.paths.is_empty() { old.clone() } else { self.otherwise.clone() };
        let text = match (old, old.readable()) {
            (_, Some(text)) => text,
            (Value::Bytes(_), None) => return unreadable(),
            _ => return old.clone(),
        };
        if !self.paths.is_empty() && !self.codec.is_some_and(|codec| parses(text, codec)) {
            return self.otherwise.clone();
        }
        let length = |new: &String| if self.bytes { new.len() } else { new.chars().count() };
        let fits = |new: &String| self.room.is_none_or(|room| length(new) <= room as usize);
        let emptied = self.emptied(text);
        // Encoded, a mask may be longer than what it hides; nothing at all is not.
        let made = [MASK, ""].into_iter().map(|mask| self.masked(finder, &emptied, mask)).find(fits);
        made.map_or_else(|| self.otherwise.clone(), |made| old.rewritten(made))
    }

    /// Does a value hold nothing that a scrub would take?
    pub fn is_done(&self, finder: &Finder, value: &Value) -> bool {
        self.made(finder, value) == *value
    }

    fn emptied(&self, text: &str) -> String {
        let Some(codec) = self.codec else { return text.to_owned() };
        let empty = if codec == Codec::Url { Value::text("") } else { Value::Null };
        let mut text = text.to_owned();
        for path in &self.paths {
            let changed = edit_spots(&text, codec, path, &mut |spot| match spot {
                Spot::Scalar(value) if value.join_text().is_none() => Edit::Leave,
                _ => Edit::Set(empty.clone()),
            });
            text = changed.unwrap_or(text);
        }
        text
    }

    fn masked(&self, finder: &Finder, text: &str, mask: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut from = 0;
        for part in self.parts(text).into_iter().filter(|_| self.texts) {
            out.push_str(&text[from..part.start]);
            let piece = &text[part.clone()];
            let changed = match self.codec.filter(|codec| parses(piece, *codec)) {
                Some(codec) => edit_texts(piece, codec, &mut |string| hidden(finder, string, mask)),
                None => hidden(finder, piece, mask),
            };
            out.push_str(changed.as_deref().unwrap_or(piece));
            from = part.end;
        }
        out.push_str(&text[from..]);
        out
    }

    /// The parts of a text that are searched, in order.
    fn parts(&self, text: &str) -> Vec<Range<usize>> {
        if self.forms.is_empty() {
            return Vec::from([Range { start: 0, end: text.len() }]);
        }
        let mut parts: Vec<Range<usize>> = self.forms.iter().filter_map(|form| form.place(text)).collect();
        parts.sort_by_key(|part| (part.start, std::cmp::Reverse(part.end)));
        let mut end = 0;
        parts.retain(|part| {
            let apart = part.start >= end;
            end = end.max(part.end);
            apart
        });
        parts
    }
}

fn hidden(finder: &Finder, text: &str, mask: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for hit in finder.hits(text) {
        out.push_str(&text[from..hit.start]);
        out.push_str(mask);
        from = hit.end;
    }
    out.push_str(&text[from..]);
    (from > 0).then_some(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::{Identifier, Words};

    fn finder() -> Finder {
        let ids = ["ann@x.example", "Ann Lee", "4915112345678"];
        Finder::new(&ids.map(|s| Identifier { text: Words(s.into()), certain: true }))
    }

    fn column(codec: Option<Codec>) -> Column {
        Column { codec, text: true, ..Column::new("note".into(), Class::Text) }
    }

    fn made(within: &Within, text: &str) -> String {
        match within.made(&finder(), &Value::text(text)) {
            Value::Text(text) => text,
            _ => "none".into(),
        }
    }

    #[test]
    fn escapes_hide_nobody() {
        let json = Within::scrub_of(&column(Some(Codec::Json)));
        assert_eq!(
            made(&json, r#"{"to": "\u0061nn@x.example", "n": [4915112345678, 7], "Ann Lee": 1.50}"#),
            r#"{"to": "•••", "n": [null, 7], "•••": 1.50}"#
        );
        let php = Within::scrub_of(&column(Some(Codec::Php)));
        assert_eq!(made(&php, r#"a:1:{i:0;s:7:"Ann Lee";}"#), r#"a:1:{i:0;s:9:"•••";}"#);
        let yaml = Within::scrub_of(&column(Some(Codec::Yaml)));
        assert_eq!(made(&yaml, "--- !ruby/hash\n:by: Ann\n  Lee\n:n: 1\n"), "--- !ruby/hash\n:by: \"•••\"\n:n: 1\n");
        let url = Within::scrub_of(&column(Some(Codec::Url)));
        assert_eq!(made(&url, "/u?by=Ann+Lee"), "/u?by=%E2%80%A2%E2%80%A2%E2%80%A2");
        // No document: searched as it stands.
        assert_eq!(made(&json, "by Ann Lee {"), "by ••• {");
    }

    #[test]
    fn places_are_emptied() {
        let inside = |path: &str, category: &str| (Path::parse(path).unwrap(), category.to_owned());
        let personal = vec![
            inside("$.mail", "user.contact.email"),
            inside("$.at", "user.contact.address"),
            inside("$.n", "system.operations"),
        ];
        let mut column = Column { text: false, inside: personal, ..column(Some(Codec::Json)) };
        let within = Within::scrub_of(&column);
        let text = r#"{"mail": "old@x.example", "at": {"street": "Hill 3"}, "n": 1, "by": "Ann Lee"}"#;
        let gone = r#"{"mail": null, "at": null, "n": 1, "by": "Ann Lee"}"#;
        assert_eq!(made(&within, text), gone);
        assert!(within.is_done(&finder(), &Value::text(gone)) && !within.is_done(&finder(), &Value::text(text)));
        assert_eq!(within.made(&finder(), &Value::text("{")), Value::Null);
        assert_eq!(Within::texts_of(&column).paths, []);
        column.text = true;
        assert!(made(&Within::scrub_of(&column), text).ends_with("\"by\": \"•••\"}"));
    }

    #[test]
    fn only_the_value_of_a_pattern_is_searched() {
        let forms = ["from {}, *", "*<{}>"].map(|f| Pattern::parse(f).unwrap()).to_vec();
        let within = Within::scrub_of(&Column { forms, ..column(None) });
        assert_eq!(made(&within, "from Ann Lee, to Ann Lee"), "from •••, to Ann Lee");
        assert_eq!(made(&within, "Ann Lee <ann@x.example>"), "Ann Lee <•••>");
        assert_eq!(made(&within, "to Ann Lee"), "to Ann Lee");
        let hits = within.hits(&finder(), &Value::text("from Ann Lee, x"));
        assert_eq!((hits.len(), hits[0].start, hits[0].end), (1, 5, 12));
    }

    #[test]
    fn a_mask_that_does_not_fit_is_left_out() {
        let within = |room| Within::scrub_of(&Column { max_chars: Some(room), ..column(Some(Codec::Url)) });
        assert_eq!(made(&within(13), "to=Ann%20Lee"), "to=");
        assert_eq!(made(&within(33), "to=Ann%20Lee"), "to=%E2%80%A2%E2%80%A2%E2%80%A2");
    }

    #[test]
    fn bytes_that_are_text_are_masked_as_bytes_and_others_stay() {
        let column = |max_chars| Column { class: Class::Bytes, max_chars, ..column(None) };
        let within = Within::texts_of(&column(None));
        let bytes = |text: &[u8]| Value::Bytes(text.to_vec());
        let old = bytes("Kjære Ann Lee\0".as_bytes());
        assert_eq!(within.hits(&finder(), &old).len(), 1);
        assert!(within.made(&finder(), &old) == bytes("Kjære •••\0".as_bytes()));
        let odd = bytes(b"\xff Ann Lee");
        assert!(within.hits(&finder(), &odd).is_empty() && within.made(&finder(), &odd) == odd);
        // A mask of three characters has nine bytes.
        let tight = Within::texts_of(&column(Some(12)));
        assert!(tight.made(&finder(), &bytes(b"by Ann Lee")) == bytes("by •••".as_bytes()));
        assert!(tight.made(&finder(), &bytes(b"old Ann Lee")) == bytes(b"old "));
        assert!(!tight.is_plain() && Within::texts_of(&super::tests::column(None)).is_plain());
    }

    proptest! {
        #[test]
        fn nobody_is_left_it_fits_and_a_second_time_changes_nothing(
            before in "\\PC{0,8}", after in "\\PC{0,8}", which in 0usize..3, spaced: bool
        ) {
            let who = ["ann@x.example", "Ann Lee", "4915112345678"][which];
            let string = if spaced { format!("{before} {who} {after}") } else { who.to_owned() };
            for codec in [Codec::Json, Codec::Yaml, Codec::Php, Codec::Url] {
                let empty = match codec {
                    Codec::Json | Codec::Yaml => "{\"k\": null}",
                    Codec::Php => "a:1:{s:1:\"k\";N;}",
                    Codec::Url => "/p?k=",
                };
                let path = Path::parse("$.k").unwrap();
                let set = &mut |_: &Value| Edit::Set(Value::text(string.as_str()));
                let text = crate::document::edit(empty, codec, &path, set).unwrap();
                let room = text.chars().count() as u32;
                let within = Within::scrub_of(&Column { max_chars: Some(room), ..column(Some(codec)) });
                prop_assert!(!within.hits(&finder(), &Value::text(text.as_str())).is_empty());
                let new = within.made(&finder(), &Value::text(text));
                prop_assert!(within.hits(&finder(), &new).is_empty());
                prop_assert!(within.is_done(&finder(), &new));
                prop_assert!(new.join_text().is_some_and(|t| t.chars().count() <= room as usize));
                prop_assert!(parses(&new.join_text().unwrap(), codec));
            }
        }
    }
}
