//! Values of declarations in words that people read.

use jiff::civil::Date;

use crate::policy::written::Given;

/// A value in words: a date written out, a period counted, a list joined; anything else as it stands.
pub fn value(given: &Given) -> String {
    match given {
        Given::Text(text) => text_of(text),
        Given::Flag(flag) => if *flag { "yes" } else { "no" }.to_owned(),
        Given::Whole(n) => n.to_string(),
        Given::List(list) => joined(&list.iter().map(|each| value(each)).collect::<Vec<_>>()),
        Given::Table(entries) => joined(&entries.iter().map(|(name, _)| plain(name)).collect::<Vec<_>>()),
    }
}

fn text_of(text: &str) -> String {
    date(text).or_else(|| period(text)).unwrap_or_else(|| text.to_owned())
}

/// `2026-12-28` as `28 December 2026`.
pub fn date(text: &str) -> Option<String> {
    let date: Date = (text.len() == 10).then(|| text.parse().ok()).flatten()?;
    Some(date.strftime("%-d %B %Y").to_string())
}

/// `P3M` as `3 months`.
pub fn period(text: &str) -> Option<String> {
    let span: jiff::Span = text.starts_with('P').then(|| text.parse().ok()).flatten()?;
    let parts = [
        (i64::from(span.get_years()), "year"),
        (i64::from(span.get_months()), "month"),
        (i64::from(span.get_weeks()), "week"),
        (i64::from(span.get_days()), "day"),
        (i64::from(span.get_hours()), "hour"),
        (span.get_minutes(), "minute"),
    ];
    let said: Vec<String> = parts.into_iter().filter(|(n, _)| *n != 0).map(|(n, unit)| counted(n, unit)).collect();
    (!said.is_empty()).then(|| joined(&said))
}

fn counted(n: i64, unit: &str) -> String {
    if n == 1 { format!("1 {unit}") } else { format!("{n} {unit}s") }
}

/// `a`, `a and b`, `a, b and c`.
pub fn joined(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A word of the folder as people write it: `data_protection_officer` is `data protection officer`.
pub fn plain(word: &str) -> String {
    word.replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_periods_and_lists() {
        assert_eq!(text_of("2026-12-28"), "28 December 2026");
        assert_eq!(text_of("P3M"), "3 months");
        assert_eq!(text_of("P1Y6M"), "1 year and 6 months");
        assert_eq!(text_of("PT72H"), "72 hours");
        assert_eq!(text_of("Paper"), "Paper");
        assert_eq!(joined(&["a".into(), "b".into(), "c".into()]), "a, b and c");
    }
}
