//! Bank accounts, payment cards, phone numbers.

use super::national::luhn;

/// An IBAN with its check digits.
pub fn iban(text: &str) -> bool {
    let text: String = text.chars().filter(|c| *c != ' ').collect();
    let form = text.is_ascii()
        && (15..=34).contains(&text.len())
        && text[..2].bytes().all(|b| b.is_ascii_uppercase())
        && text[2..4].bytes().all(|b| b.is_ascii_digit())
        && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    let value = |b: u8| if b.is_ascii_digit() { u32::from(b - b'0') } else { u32::from(b - b'A') + 10 };
    let step = |n: u32, v: u32| if v > 9 { (n * 100 + v) % 97 } else { (n * 10 + v) % 97 };
    form && text[4..].bytes().chain(text[..4].bytes()).map(value).fold(0, step) == 1
}

/// The number of a payment card: a known beginning and length, and its check digit.
pub fn card(text: &str) -> bool {
    let digits: Vec<i32> =
        text.chars().filter(|c| !matches!(c, ' ' | '-')).map_while(|c| c.to_digit(10)).map(|d| d as i32).collect();
    let written = text.chars().filter(|c| !matches!(c, ' ' | '-')).count();
    let known = match digits.as_slice() {
        [4, ..] => matches!(digits.len(), 13 | 16 | 19),
        [5, 1..=5, ..] | [2, 2..=7, ..] => digits.len() == 16,
        [3, 4 | 7, ..] => digits.len() == 15,
        [6, ..] => matches!(digits.len(), 16..=19),
        [3, 0 | 6 | 8, ..] => digits.len() == 14,
        _ => false,
    };
    known && digits.len() == written && luhn(&digits)
}

/// A phone number as people write it: with its country, or with spaces and the like between its digits.
pub fn phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let marks = |c: char| " ()-./+".contains(c);
    if !(7..=15).contains(&digits) || !text.chars().all(|c| c.is_ascii_digit() || marks(c)) {
        return false;
    }
    let text = text.trim();
    match text.strip_prefix('+').or_else(|| text.strip_prefix("00")) {
        Some(rest) => valid(rest),
        // Dates, amounts and version numbers have dots and dashes as well; a trunk 0 or a bracket have none of them.
        None => (text.starts_with('0') && !text.contains('.')) || text.starts_with('('),
    }
}

/// Digits that are a phone number once a `+` stands before them.
pub fn bare_phone(text: &str) -> bool {
    (9..=15).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0') && valid(text)
}

fn valid(rest: &str) -> bool {
    phonenumber::parse(None, format!("+{}", rest.trim_start())).is_ok_and(|n| phonenumber::is_valid(&n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn true_ones_pass_and_near_misses_do_not() {
        type Is = fn(&str) -> bool;
        let all: [(Is, &[&str], &[&str]); 4] = [
            (
                iban,
                &["DE89 3704 0044 0532 0130 00", "NO9386011117947"],
                &["DE88370400440532013000", "DE89", "de89370400440532013000"],
            ),
            (
                card,
                &["4111 1111 1111 1111", "378282246310005", "5555555555554444"],
                &["4111 1111 1111 1112", "1234567812345670", "4111x1111"],
            ),
            (
                phone,
                &["+47 22 12 34 56", "0049 30 901820", "(030) 901820", "030 90 18 20"],
                &["12345", "2024-01-02", "1.2.3.4567", "call 22123456", "+1234567"],
            ),
            (bare_phone, &["4722123456", "493090182000"], &["22123456", "0047221234", "1111111111"]),
        ];
        for (is, good, bad) in all {
            good.iter().for_each(|g| assert!(is(g), "{g}"));
            bad.iter().for_each(|b| assert!(!is(b), "{b}"));
        }
    }
}
