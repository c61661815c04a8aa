//! Texts with a form of their own. Each check gives the value, or says what would have been right.

use jiff::civil::Date;
use jiff::tz::TimeZoneDatabase;

use crate::checks::undecided::is_undecided;
use crate::policy::place::is_place;

type Formed<T> = Result<T, &'static str>;

/// An ISO 8601 period such as `P7Y`.
pub(crate) fn period(text: &str) -> Formed<String> {
    let read = text.starts_with('P').then(|| text.parse::<jiff::Span>().ok()).flatten();
    match read {
        Some(span) if span.is_positive() => Ok(text.to_owned()),
        _ => Err("an ISO 8601 period such as `P7Y` or `P30D`"),
    }
}

/// A duration such as `5s`, in milliseconds.
pub(crate) fn millis(text: &str) -> Formed<u64> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let factor = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" | "min" => 60_000,
        "h" => 3_600_000,
        _ => 0,
    };
    let value = number.parse::<u64>().ok().and_then(|n| n.checked_mul(factor)).filter(|n| *n > 0);
    value.ok_or("a duration such as `500ms`, `5s` or `2m`")
}

/// An ISO 3166-1 country.
pub(crate) fn country(text: &str) -> Formed<String> {
    let known = text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase()) && is_country(text);
    if known { Ok(text.to_owned()) } else { Err("a country as two capital letters, such as `DE` or `US`") }
}

/// Countries with telephone numbers, and those without.
fn is_country(code: &str) -> bool {
    code.parse::<phonenumber::country::Id>().is_ok() || ["AQ", "BV", "GS", "HM", "PN", "TF", "UM"].contains(&code)
}

/// A place that we know.
pub(crate) fn place(text: &str) -> Formed<String> {
    match is_place(text) {
        true => Ok(text.to_owned()),
        false => Err("a country such as `DE`, a part of one such as `US-CA`, `EEA`, `EU`, `EUROPE`, or `*`"),
    }
}

/// An ISO 639 language.
pub(crate) fn language(text: &str) -> Formed<String> {
    let shaped = text.len() == 2 && text.bytes().all(|b| b.is_ascii_lowercase());
    if shaped { Ok(text.to_owned()) } else { Err("a language as two small letters, such as `en` or `de`") }
}

/// An IANA time zone. The bundled database decides, so that a folder means the same on every machine.
pub(crate) fn time_zone(text: &str) -> Formed<String> {
    match TimeZoneDatabase::bundled().get(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err("a time zone such as `Europe/Berlin` or `UTC`"),
    }
}

/// A civil date.
pub(crate) fn date(text: &str) -> Formed<String> {
    let plain = text.len() == 10 && text.parse::<Date>().is_ok();
    if plain { Ok(text.to_owned()) } else { Err("a date such as `2031-12-31`") }
}

/// A pattern with one `{}`.
pub(crate) fn pattern(text: &str) -> Formed<String> {
    if text.matches("{}").count() == 1 { Ok(text.to_owned()) } else { Err("a pattern with one `{}` for the value") }
}

/// Which objects are rows: a path with `{fields}`, such as `avatars/{username}-{pixels}.png`.
pub(crate) fn template(text: &str) -> Formed<String> {
    const EXPECTED: &str = "a path such as `avatars/{username}-{pixels}.png`, with something between its fields";
    const TAKEN: [&str; 4] = ["path", "size", "modified", "version"];
    let mut fields: Vec<&str> = Vec::new();
    let (mut literal, mut rest, mut apart) = (String::new(), text, true);
    while let Some((before, after)) = rest.split_once('{') {
        let (field, after) = after.split_once('}').ok_or(EXPECTED)?;
        if field.is_empty() || field.contains(['{', '/']) || fields.contains(&field) || (before.is_empty() && !apart) {
            return Err(EXPECTED);
        }
        if TAKEN.contains(&field) {
            return Err("fields of other names than `path`, `size`, `modified` and `version`, which every file has");
        }
        fields.push(field);
        literal.push_str(before);
        literal.push('x');
        (rest, apart) = (after, false);
    }
    literal.push_str(rest);
    let plain = !literal.contains('}') && literal.split('/').all(|part| !["", ".", ".."].contains(&part));
    if plain && !fields.is_empty() { Ok(text.to_owned()) } else { Err(EXPECTED) }
}

/// A path in a document: `$`, then `.name` and `[*]`.
pub(crate) fn path(text: &str) -> Formed<String> {
    const EXPECTED: &str = "a path such as `$.user.id` or `$.cc[*]`";
    let mut rest = text.strip_prefix('$').ok_or(EXPECTED)?;
    while !rest.is_empty() {
        rest = match rest.strip_prefix("[*]") {
            Some(after) => after,
            None => after_name(rest).ok_or(EXPECTED)?,
        };
    }
    Ok(text.to_owned())
}

fn after_name(path: &str) -> Option<&str> {
    let name = path.strip_prefix('.')?;
    let end = name.find(['.', '[']).unwrap_or(name.len());
    if end == 0 || name[..end].contains(']') { None } else { Some(&name[end..]) }
}

/// The address of a web service.
pub(crate) fn address(text: &str) -> Formed<String> {
    const EXPECTED: &str = "an address such as `https://api.example.net`, without user, `?` and `#`";
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).ok_or(EXPECTED)?;
    let host = rest.split('/').next().unwrap_or_default();
    let plain = !host.is_empty() && !rest.contains(['@', '?', '#', '{', '\\']) && !rest.contains(char::is_whitespace);
    if plain { Ok(text.trim_end_matches('/').to_owned()) } else { Err(EXPECTED) }
}

/// The path of a call: what is no `{column}` is sent as it stands.
pub(crate) fn path_of_call(text: &str) -> Formed<String> {
    const EXPECTED: &str = "a path such as `/users/{id}`, without `?` and `#`";
    let plain = text.starts_with('/') && !text.starts_with("//") && !text.contains(['?', '#', '\\']);
    let literal = !text.chars().any(|c| c.is_whitespace() || c.is_control());
    if plain && literal && are_fields_closed(text) { Ok(text.to_owned()) } else { Err(EXPECTED) }
}

/// A text of a call, with `{column}` where values go.
pub(crate) fn call_text(text: &str) -> Formed<String> {
    if are_fields_closed(text) { Ok(text.to_owned()) } else { Err("a text in which each `{` begins a `{column}`") }
}

fn are_fields_closed(text: &str) -> bool {
    let mut open = false;
    for c in text.chars() {
        match (c, open) {
            ('{', false) => open = true,
            ('}', true) => open = false,
            ('{', true) | ('}', false) => return false,
            _ => {}
        }
    }
    !open && !text.contains("{}")
}

/// A JSON document.
pub(crate) fn document(text: &str) -> Formed<serde_json::Value> {
    serde_json::from_str(text).map_err(|_| "a JSON document")
}

/// A column of another resource.
pub(crate) fn reference(text: &str) -> Formed<(String, String)> {
    let parts = text.split_once('.').filter(|(a, b)| !a.is_empty() && !b.is_empty() && !b.contains('.'));
    parts.map(|(a, b)| (a.to_owned(), b.to_owned())).ok_or("a column such as `users.id`")
}

/// The name of an environment variable.
pub(crate) fn variable(text: &str) -> Formed<String> {
    let first = text.bytes().next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
    let rest = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if first && rest { Ok(text.to_owned()) } else { Err("the name of an environment variable such as `HELPDESK_DSN`") }
}

/// The review of a trigger, or that it was put off; its words are the value.
pub(crate) fn review(text: &str) -> Formed<String> {
    match text.strip_prefix("reviewed:").map(str::trim) {
        Some(reason) if !reason.is_empty() => Ok(reason.to_owned()),
        _ if is_undecided(text) => Ok(text.to_owned()),
        _ => Err("of the form `reviewed: what it does to rows and why that is fine`"),
    }
}

/// Something, not nothing.
pub(crate) fn words(text: &str) -> Formed<String> {
    if text.trim().is_empty() { Err("a text that is not empty") } else { Ok(text.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_and_durations() {
        for good in ["P7Y", "P1Y6M", "P30D", "PT72H"] {
            assert!(period(good).is_ok(), "{good}");
        }
        for bad in ["7 years", "P", "", "P-1D", "-P1D", "P7", "P0D"] {
            assert!(period(bad).is_err(), "{bad}");
        }
        assert_eq!(millis("500ms"), Ok(500));
        assert_eq!(millis("5s"), Ok(5_000));
        for bad in ["5", "s", "", "5 s", "-5s", "0s", "99999999999999999999s", "18446744073709551615h"] {
            assert!(millis(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn paths() {
        for good in ["$", "$.a", "$[*]", "$.a.b[*].c", "$.ü"] {
            assert!(path(good).is_ok(), "{good}");
        }
        for bad in ["", "a", "$a", "$.", "$..a", "$[0]", "$.a[", "$.a]"] {
            assert!(path(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn templates() {
        for good in ["{a}", "a/{b}", "avatars/{username}-{size_of}.png", "{a}/{b}"] {
            assert!(template(good).is_ok(), "{good}");
        }
        for bad in
            ["", "a/b", "/{a}", "{a}/", "../{a}", "{a}{b}", "{}", "{a", "a}", "{a}/{a}", "{size}", "{a/b}", "{a}//b"]
        {
            assert!(template(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn countries_zones_dates() {
        assert!(country("NO").is_ok() && country("AQ").is_ok());
        assert!(country("no").is_err() && country("XX").is_err() && country("Ø").is_err());
        assert!(time_zone("Europe/Oslo").is_ok() && time_zone("UTC").is_ok() && time_zone("Oslo").is_err());
        assert!(date("2031-12-31").is_ok() && date("2031-02-30").is_err() && date("20311231").is_err());
    }
}
