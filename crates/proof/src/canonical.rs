//! One byte form for each JSON value: RFC 8785 (JCS), restricted to whole numbers.
//!
//! Digests are taken over this form, and a file is accepted only when it *is* this form. So white space, a second key of
//! the same name, another order of keys or another escape of the same text is a detected change, never a second spelling.
//! The order of keys is made here and not left to the JSON library, whose map order other crates can switch.

use serde_json::{Number, Value};

/// The largest whole number that every JSON reader keeps exactly: 2^53 - 1.
pub const MAX_INTEGER: u64 = (1 << 53) - 1;

/// A value or file that has no accepted canonical form.
#[derive(Debug, thiserror::Error)]
pub enum CanonicalError {
    /// Fractions and numbers beyond 2^53 - 1 differ between JSON readers.
    #[error("numbers must be whole and within 2^53 - 1; write other numbers as text")]
    Number,
    /// The bytes are not JSON of the expected form. The place is named and the content is not: it could be personal.
    #[error("not JSON of the expected form, at line {} column {}", .0.line(), .0.column())]
    Unreadable(#[from] serde_json::Error),
    /// The bytes are another spelling of the same content.
    #[error("not in canonical form: the same content would be written differently")]
    NotCanonical,
}

/// The canonical text of `value`.
///
/// # Errors
/// [`CanonicalError::Number`] when a number is not whole or is beyond 2^53 - 1.
pub fn to_text(value: &Value) -> Result<String, CanonicalError> {
    let mut out = String::new();
    write(value, &mut out)?;
    Ok(out)
}

fn write(value: &Value, out: &mut String) -> Result<(), CanonicalError> {
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => out.push_str(&value.to_string()),
        Value::Number(number) => write_number(number, out)?,
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                separate(i, out);
                write(item, out)?;
            }
            out.push(']');
        }
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            // RFC 8785 orders keys by UTF-16 code units, which differs from byte order beyond the basic plane.
            fields.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            out.push('{');
            for (i, (key, item)) in fields.into_iter().enumerate() {
                separate(i, out);
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push(':');
                write(item, out)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

fn separate(position: usize, out: &mut String) {
    if position > 0 {
        out.push(',');
    }
}

fn write_number(number: &Number, out: &mut String) -> Result<(), CanonicalError> {
    let whole = number.as_i64().ok_or(CanonicalError::Number)?;
    if whole.unsigned_abs() > MAX_INTEGER {
        return Err(CanonicalError::Number);
    }
    out.push_str(&whole.to_string());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_are_ordered_by_utf16_units_at_every_depth() {
        let value = json!({ "\u{fb33}": 1, "\u{1f600}": 2, "b": { "z": [], "a": null }, "\r": true });
        assert_eq!(
            to_text(&value).unwrap(),
            "{\"\\r\":true,\"b\":{\"a\":null,\"z\":[]},\"\u{1f600}\":2,\"\u{fb33}\":1}"
        );
    }

    #[test]
    fn numbers_that_readers_disagree_about_are_refused() {
        assert!(to_text(&json!(9_007_199_254_740_991_u64)).is_ok());
        assert!(to_text(&json!(-9_007_199_254_740_991_i64)).is_ok());
        for number in [json!(9_007_199_254_740_992_u64), json!(1.5), json!(1.0), json!(u64::MAX), json!(i64::MIN)] {
            assert!(to_text(&number).is_err(), "{number}");
        }
    }

    #[test]
    fn text_is_escaped_as_rfc_8785_says() {
        let value = json!("\u{8}\t\n\u{c}\r\"\\\u{1f}\u{7f}é/");
        assert_eq!(to_text(&value).unwrap(), "\"\\b\\t\\n\\f\\r\\\"\\\\\\u001f\u{7f}é/\"");
    }
}
