//! How the package speaks: categories, names, numbers and dates in plain words.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use engine::schema::Class;
use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime;
use jiff::{Timestamp, tz::TimeZone};

type Taxonomy = BTreeMap<String, BTreeMap<String, String>>;

/// Category keys and their words.
static TAXONOMY: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let built_in = include_str!("../../../../rules/taxonomy/fides.toml");
    toml::from_str::<Taxonomy>(built_in).ok().and_then(|mut t| t.remove("categories")).unwrap_or_default()
});

/// What a category is: its own words, or those of the nearest one above it. `None` for what is about nobody.
pub fn category(key: &str) -> Option<String> {
    if key.split('.').next() != Some("user") {
        return None;
    }
    let above = std::iter::successors(Some(key), |k| k.rsplit_once('.').map(|(above, _)| above));
    let words = above.filter_map(|k| TAXONOMY.get(k)).next()?;
    // Some words end with a remark for authors of maps, in brackets.
    Some(words.split(" (older name of ").next().unwrap_or(words).to_owned())
}

/// A name of a database for people: `from_address` becomes `From address`. Names of another make stay as they are.
pub fn label(name: &str) -> String {
    if is_plain(name) { capital(&phrase(name)) } else { name.to_owned() }
}

/// The same within a sentence: `from address`.
pub fn phrase(name: &str) -> String {
    if !is_plain(name) {
        return name.to_owned();
    }
    let short = ["id", "ip", "url", "vat", "pdf", "vip", "cc", "iban", "dob", "sms", "utc"];
    let word = |w: &str| if short.contains(&w) { w.to_uppercase() } else { w.to_owned() };
    let words: Vec<String> = name.split(['_', '-']).filter(|w| !w.is_empty()).map(word).collect();
    words.join(" ")
}

/// Lower-case words, joined as databases join them.
fn is_plain(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-')
}

/// With a capital letter.
fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}

/// A number of things: `1 record`, `1,234 records`.
pub fn count(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(n), if n == 1 { one } else { many })
}

/// A number in groups of three.
pub fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut grouped = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A size: `812 bytes`, `3.4 MB`.
pub fn size(bytes: u64) -> String {
    let scaled = |unit: u64, name: &str| format!("{}.{} {name}", bytes / unit, bytes % unit * 10 / unit);
    match bytes {
        0..1_000 => count(bytes, "byte", "bytes"),
        1_000..1_000_000 => scaled(1_000, "kB"),
        1_000_000..1_000_000_000 => scaled(1_000_000, "MB"),
        _ => scaled(1_000_000_000, "GB"),
    }
}

/// `a, b and c`.
pub fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The day of a moment, in UTC, written out.
pub fn day(at: Timestamp) -> String {
    written("%-d %B %Y", &at.to_zoned(TimeZone::UTC)).unwrap_or_else(|| at.to_string())
}

/// A date or time written out, where the value is one. Some databases hold them as text, so its form counts, not its class.
pub fn moment(text: &str, class: Class, zone: &str) -> Option<String> {
    if !matches!(class, Class::Date | Class::Timestamp | Class::Text | Class::Other) || !begins_with_date(text) {
        return None;
    }
    if text.len() == 10 {
        return written("%-d %B %Y", text.parse::<Date>().ok()?);
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return clock(&at.to_zoned(TimeZone::UTC).datetime(), "UTC");
    }
    clock(&text.parse::<DateTime>().ok()?, zone)
}

fn begins_with_date(text: &str) -> bool {
    let shape = |(i, b): (usize, u8)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() };
    (10..=35).contains(&text.len()) && text.bytes().take(10).enumerate().all(shape)
}

fn clock(at: &DateTime, zone: &str) -> Option<String> {
    let seconds = if at.second() == 0 { "" } else { ":%S" };
    Some(format!("{} {zone}", written(&format!("%-d %B %Y, %H:%M{seconds}"), *at)?))
}

fn written(format: &str, at: impl Into<strtime::BrokenDownTime>) -> Option<String> {
    at.into().to_string(format).ok()
}

/// Why something is left out, for the person. The plan's reasons are short; these say what it means for them.
pub fn reason(reason: &str) -> &str {
    match reason {
        "a secret" => "It is a secret, such as a password or a token, that we send to nobody.",
        "belongs to other people" => "It belongs to other people.",
        "hidden by the map from this role" => "It is not shown to those who come to these records the way you do.",
        "the row names the person, but is not theirs: only the fact is told" => {
            "All but the key, for the record names you but is not yours."
        }
        "the map withholds these rows" => "We do not hand out these records. You can ask us why.",
        other => other,
    }
}
