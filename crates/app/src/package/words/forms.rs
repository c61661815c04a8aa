//! Numbers, sizes, lists and dates, as the language writes them.

use engine::schema::Class;
use jiff::civil::{Date, DateTime};
use jiff::{Span, Timestamp, tz::TimeZone};

use super::{Plural, Words};

/// A piece of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// As it stands.
    Text(&'a str),
    /// The value of this name.
    Value(&'a str),
}

/// The pieces of a template, where `{name}` stands for a value.
pub fn parts(template: &str) -> impl Iterator<Item = Part<'_>> {
    let mut pieces = template.split('{');
    let first = pieces.next().map(Part::Text);
    let rest = pieces.flat_map(|piece| match piece.split_once('}') {
        Some((name, text)) => [Part::Value(name), Part::Text(text)],
        None => [Part::Text("{"), Part::Text(piece)],
    });
    first.into_iter().chain(rest)
}

/// A template with plain values set in.
pub fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let text = |part| match part {
        Part::Text(text) => text,
        Part::Value(name) => values.iter().find(|(n, _)| *n == name).map_or("", |(_, value)| value),
    };
    parts(template).map(text).collect()
}

impl Words {
    /// A number of things: `1 record`, `1,234 records`.
    pub fn amount(&self, n: u64, of: &Plural) -> String {
        fill(if n == 1 { &of.one } else { &of.other }, &[("n", &self.number(n))])
    }

    /// A number in groups of three.
    pub fn number(&self, n: u64) -> String {
        let digits = n.to_string();
        let mut grouped = String::new();
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                grouped.push_str(&self.write.group);
            }
            grouped.push(digit);
        }
        grouped
    }

    /// A size: `812 bytes`, `3.4 MB`.
    pub fn size(&self, bytes: u64) -> String {
        let scaled = |unit: u64, name: &str| {
            format!("{}{}{} {name}", bytes / unit, self.write.decimal, bytes % unit * 10 / unit)
        };
        match bytes {
            0..1_000 => self.amount(bytes, &self.write.bytes),
            1_000..1_000_000 => scaled(1_000, "kB"),
            1_000_000..1_000_000_000 => scaled(1_000_000, "MB"),
            _ => scaled(1_000_000_000, "GB"),
        }
    }

    /// `a, b and c`.
    pub fn list(&self, words: &[String]) -> String {
        match words {
            [] => String::new(),
            [one] => one.clone(),
            [first @ .., last] => format!("{} {} {last}", first.join(", "), self.write.and),
        }
    }

    /// `yes` or `no`.
    pub fn truth(&self, yes: bool) -> &str {
        if yes { &self.write.yes } else { &self.write.no }
    }

    /// What is shown where nothing stands.
    pub fn empty(&self) -> &str {
        &self.write.empty
    }

    /// The day of a moment, in UTC, written out.
    pub fn day(&self, at: Timestamp) -> String {
        self.date(at.to_zoned(TimeZone::UTC).date())
    }

    /// A date or time written out, where the value is one. Some databases hold them as text, so its form counts, not its
    /// class.
    pub fn moment(&self, text: &str, class: Class, zone: &str) -> Option<String> {
        if !matches!(class, Class::Date | Class::Timestamp | Class::Text | Class::Other) || !begins_with_date(text) {
            return None;
        }
        if text.len() == 10 {
            return Some(self.date(text.parse::<Date>().ok()?));
        }
        if let Ok(at) = text.parse::<Timestamp>() {
            return Some(self.clock(&at.to_zoned(TimeZone::UTC).datetime(), "UTC"));
        }
        Some(self.clock(&text.parse::<DateTime>().ok()?, zone))
    }

    /// An ISO 8601 period in words, such as `3 years`.
    pub fn period(&self, text: &str) -> Option<String> {
        let span: Span = text.parse().ok()?;
        let of = &self.count;
        let parts = [
            (i64::from(span.get_years()), &of.years),
            (i64::from(span.get_months()), &of.months),
            (i64::from(span.get_weeks()), &of.weeks),
            (i64::from(span.get_days()), &of.days),
        ];
        let parts = parts.iter().filter_map(|(n, of)| Some((u64::try_from(*n).ok().filter(|n| *n > 0)?, of)));
        let parts: Vec<String> = parts.map(|(n, of)| self.amount(n, of)).collect();
        (!parts.is_empty()).then(|| self.list(&parts))
    }

    fn date(&self, date: Date) -> String {
        let month = usize::try_from(date.month()).ok().and_then(|m| self.write.months.get(m.checked_sub(1)?));
        let (day, year) = (date.day().to_string(), date.year().to_string());
        fill(&self.write.date, &[("day", &day), ("month", month.map_or("", String::as_str)), ("year", &year)])
    }

    fn clock(&self, at: &DateTime, zone: &str) -> String {
        let mut time = format!("{:02}:{:02}", at.hour(), at.minute());
        if at.second() != 0 {
            time.push_str(&format!(":{:02}", at.second()));
        }
        fill(&self.write.moment, &[("date", &self.date(at.date())), ("time", &time), ("zone", zone)])
    }
}

fn begins_with_date(text: &str) -> bool {
    let shape = |(i, b): (usize, u8)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() };
    (10..=35).contains(&text.len()) && text.bytes().take(10).enumerate().all(shape)
}
