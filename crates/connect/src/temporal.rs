//! Dates and times in the pinned form, checked so that a cast in the server cannot fail.

/// `2024-02-29`.
pub(crate) fn is_date(text: &str) -> bool {
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

/// `23:59:59`, perhaps with up to six digits of a second.
pub(crate) fn is_time(text: &str) -> bool {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let parts: Vec<_> = clock.split(':').collect();
    let [hour, minute, second] = parts[..] else { return false };
    let exact = (1..=6).contains(&fraction.len()) && fraction.bytes().all(|b| b.is_ascii_digit());
    exact
        && number(hour, 2, 0, 23).is_some()
        && number(minute, 2, 0, 59).is_some()
        && number(second, 2, 0, 59).is_some()
}

/// A date and a time with a blank or `T` between them, in UTC where a zone is named.
pub(crate) fn is_timestamp(text: &str) -> bool {
    without_zone(text).split_once([' ', 'T']).is_some_and(|(date, time)| is_date(date) && is_time(time))
}

/// The text without the words for UTC at its end.
pub(crate) fn without_zone(text: &str) -> &str {
    ["Z", "+00:00", "+00"].iter().find_map(|zone| text.strip_suffix(zone)).unwrap_or(text)
}

fn number(text: &str, digits: usize, least: u32, most: u32) -> Option<u32> {
    let plain = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|n| plain && (least..=most).contains(n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_pinned_form() {
        assert!(is_timestamp("2024-02-29 23:59:59.123456+00"));
        assert!(is_timestamp("2024-02-29T23:59:59Z"));
        assert!(is_date("2000-02-29"));
        for date in ["2023-02-29", "0044-03-15 BC", "12024-01-01", "0000-00-00"] {
            assert!(!is_date(date), "{date}");
        }
        assert!(!is_timestamp("infinity") && !is_timestamp("2024-01-01 10:00:00+02"));
        assert!(!is_time("24:00:00") && !is_time("-01:00:00"));
    }
}
