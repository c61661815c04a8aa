//! The shapes of text that may stand in ledger entries and certificate bodies.

/// Why a text may not stand where it was put. It never repeats the text, which could be somebody's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not an opaque identifier.
    #[error("\"{0}\" must be an opaque identifier: 1 to 128 of A-Z a-z 0-9 . _ : / -")]
    Identifier(&'static str),
    /// Not a time.
    #[error("\"{0}\" must be a time in UTC such as 2026-12-28T09:30:00Z")]
    Time(&'static str),
}

/// An identifier has no room for an e-mail address, a sentence or a line break.
pub(crate) fn check_identifier(field: &'static str, text: &str) -> Result<(), TokenError> {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"._:/-".contains(&b);
    let fits = (1..=128).contains(&text.len()) && text.bytes().all(allowed);
    if fits { Ok(()) } else { Err(TokenError::Identifier(field)) }
}

/// The shape of an RFC 3339 time in UTC; whether such a day exists is for the one who reads the clock.
pub(crate) fn check_time(field: &'static str, text: &str) -> Result<(), TokenError> {
    let shape = |text: &str, shape: &str| {
        text.len() == shape.len()
            && text.bytes().zip(shape.bytes()).all(|(b, s)| if s == b'0' { b.is_ascii_digit() } else { b == s })
    };
    let fits = text.strip_suffix('Z').is_some_and(|text| match text.split_once('.') {
        Some((second, part)) => {
            shape(second, "0000-00-00T00:00:00")
                && (1..=9).contains(&part.len())
                && part.bytes().all(|b| b.is_ascii_digit())
        }
        None => shape(text, "0000-00-00T00:00:00"),
    });
    if fits { Ok(()) } else { Err(TokenError::Time(field)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_values_do_not_fit() {
        for good in ["case-17", "helpdesk:customers/42", "erasure"] {
            assert!(check_identifier("case", good).is_ok());
        }
        for bad in ["", "ann@example.com", "Ann Lee", "Ødegård", "a\nb", &"x".repeat(129)] {
            assert!(check_identifier("case", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn times_are_utc() {
        for good in ["2026-12-28T09:30:00Z", "2026-12-28T09:30:00.123456789Z"] {
            assert!(check_time("at", good).is_ok());
        }
        for bad in ["", "2026-12-28", "2026-12-28T09:30:00+01:00", "2026-12-28 09:30:00Z", "2026-12-28T09:30:00.Z"] {
            assert!(check_time("at", bad).is_err(), "{bad}");
        }
    }
}
