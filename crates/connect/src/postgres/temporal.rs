//! Dates and times in the pinned form, checked so that a cast in the server cannot fail.

use super::types::Kind;

/// Is the text a value of that kind, in the form in which PostgreSQL shows it under our settings (or with a `T`)?
pub(super) fn is(kind: &Kind, text: &str) -> bool {
    match kind {
        Kind::Date => is_date(text),
        Kind::Time => is_time(text),
        Kind::Timestamp => {
            let Some((date, time)) = text.split_once([' ', 'T']) else { return false };
            let plain = time.trim_end_matches('Z');
            let plain = plain.strip_suffix("+00").or_else(|| plain.strip_suffix("+00:00")).unwrap_or(plain);
            is_date(date) && is_time(plain)
        }
        _ => false,
    }
}

fn number(text: &str, digits: usize, least: u32, most: u32) -> Option<u32> {
    let plain = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|n| plain && (least..=most).contains(n))
}

fn is_date(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    let [year, month, day] = parts[..] else { return false };
    let (Some(year), Some(month)) = (number(year, 4, 1, 9999), number(month, 2, 1, 12)) else { return false };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    number(day, 2, 1, days).is_some()
}

fn is_time(text: &str) -> bool {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let parts: Vec<_> = clock.split(':').collect();
    let [hour, minute, second] = parts[..] else { return false };
    let exact = (1..=6).contains(&fraction.len()) && fraction.bytes().all(|b| b.is_ascii_digit());
    exact
        && number(hour, 2, 0, 23).is_some()
        && number(minute, 2, 0, 59).is_some()
        && number(second, 2, 0, 59).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_pinned_form() {
        assert!(is(&Kind::Timestamp, "2024-02-29 23:59:59.123456+00"));
        assert!(is(&Kind::Timestamp, "2024-02-29T23:59:59Z"));
        assert!(is(&Kind::Date, "2000-02-29"));
        for (kind, text) in [
            (Kind::Date, "2023-02-29"),
            (Kind::Date, "0044-03-15 BC"),
            (Kind::Date, "12024-01-01"),
            (Kind::Timestamp, "infinity"),
            (Kind::Time, "24:00:00"),
        ] {
            assert!(!is(&kind, text), "{text}");
        }
    }
}
