//! How values are compared (LANGUAGE 1, "Empty joins nothing"). Connectors may fetch supersets; this module decides.

use unicode_normalization::UnicodeNormalization;

use crate::policy::model::Match;
use crate::value::Value;

/// The form under which a value is compared, or `None` where it joins nothing: NULL, empty, an e-mail address without
/// something on both sides of the `@`, a phone number of fewer than seven digits. `region` is the ISO 3166 country that
/// numbers without a country code belong to.
pub fn normal(matching: Match, value: &Value, region: Option<&str>) -> Option<String> {
    let text = value.join_text()?;
    match matching {
        Match::Exact => Some(text.into_owned()),
        Match::CaseInsensitive => Some(folded(&text)).filter(|s| !s.is_empty()),
        Match::Email => email(&text),
        Match::Phone => phone(&text, region),
    }
}

/// Unicode lower case in NFC, a final sigma like any other.
pub fn folded(text: &str) -> String {
    text.nfc().flat_map(char::to_lowercase).map(|c| if c == 'ς' { 'σ' } else { c }).nfc().collect()
}

fn email(text: &str) -> Option<String> {
    let (local, domain) = text.rsplit_once('@')?;
    (!local.trim().is_empty() && !domain.trim().is_empty()).then(|| folded(text))
}

fn phone(text: &str, region: Option<&str>) -> Option<String> {
    let digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
    // A number of one digit over and over stands for "none" in many a form.
    if digits.len() < 7 || digits.iter().all(|d| *d == digits[0]) {
        return None;
    }
    let number = phonenumber::parse(region.and_then(|r| r.parse().ok()), text).ok()?;
    let line = number.format().mode(phonenumber::Mode::E164).to_string();
    match number.extension() {
        // Behind one switchboard, the extension is the person.
        Some(extension) => Some(format!("{line};ext={}", &**extension)),
        None if text.chars().any(char::is_alphabetic) => None,
        None => Some(line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(m: Match, s: &str) -> Option<String> {
        normal(m, &Value::text(s), Some("NO"))
    }

    #[test]
    fn addresses_fold_case_and_composition() {
        assert_eq!(of(Match::Email, "ÅSA@X.example"), of(Match::Email, "a\u{30a}sa@x.EXAMPLE"));
        assert_eq!(of(Match::CaseInsensitive, "ΠΑΠΆΣ"), of(Match::CaseInsensitive, "παπάς"));
        assert_ne!(of(Match::Email, "zoe@x.example"), of(Match::Email, "zoé@x.example"));
        for bad in ["", "n/a", "@x.example", "ann@", " @x"] {
            assert_eq!(of(Match::Email, bad), None, "{bad}");
        }
    }

    #[test]
    fn phones_meet_in_any_notation() {
        assert_eq!(of(Match::Phone, "+47 22 12 34 56"), of(Match::Phone, "22123456"));
        assert_ne!(of(Match::Phone, "+4722123456 ext. 5"), of(Match::Phone, "+4722123456 ext. 6"));
        for bad in ["n/a", "12345", "0000000", "see case 2212345"] {
            assert_eq!(of(Match::Phone, bad), None, "{bad}");
        }
    }
}
