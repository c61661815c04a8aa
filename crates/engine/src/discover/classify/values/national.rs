//! Numbers that states give to people, by the forms and check digits of `rules/discovery/numbers.toml`.

use std::sync::OnceLock;

use serde::Deserialize;

const NUMBERS: &str = include_str!("../../../../../../rules/discovery/numbers.toml");

/// One kind of number.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Number {
    /// What such numbers are called, in the plural.
    pub name: String,
    form: String,
    #[serde(default)]
    written: bool,
    #[serde(default)]
    first: String,
    #[serde(default)]
    last: String,
    #[serde(default)]
    date: String,
    #[serde(default)]
    day_plus: u32,
    check: Check,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Check {
    Pattern,
    Luhn,
    Mod97,
    Hybrid,
    Letter(String),
    Sums(Vec<Sum>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sum {
    weights: Vec<i32>,
    modulus: i32,
}

/// The kinds that are known.
pub fn numbers() -> &'static [Number] {
    static READ: OnceLock<Vec<Number>> = OnceLock::new();
    READ.get_or_init(|| {
        #[derive(Deserialize)]
        struct File {
            number: Vec<Number>,
        }
        toml::from_str::<File>(NUMBERS).expect("the built-in numbers are well formed").number
    })
}

impl Number {
    /// Is the text such a number, check digits included?
    pub fn is(&self, text: &str) -> bool {
        let text: String = match self.written {
            true => text.to_owned(),
            false => text.chars().filter(|c| !matches!(c, ' ' | '.' | '-' | '/')).collect(),
        };
        self.fits(&text) && self.dated(&text) && self.checks(&text)
    }

    fn fits(&self, text: &str) -> bool {
        let fits = |(form, c): (char, char)| match form {
            '9' => c.is_ascii_digit(),
            'A' => c.is_ascii_uppercase(),
            other => c == other,
        };
        let end = |set: &str, c: Option<char>| set.is_empty() || c.is_some_and(|c| set.contains(c));
        text.len() == self.form.len()
            && self.form.chars().zip(text.chars()).all(fits)
            && end(&self.first, text.chars().next())
            && end(&self.last, text.chars().last())
    }

    /// Does the part that holds a day of birth hold a day?
    fn dated(&self, text: &str) -> bool {
        let part = |letter: char| -> Option<u32> {
            let digits: String =
                self.date.chars().zip(text.chars()).filter(|(d, _)| *d == letter).map(|(_, c)| c).collect();
            digits.parse().ok()
        };
        let day = part('D').map(|d| if d > self.day_plus { d - self.day_plus } else { d });
        day.is_none_or(|d| (1..=31).contains(&d)) && part('M').is_none_or(|m| (1..=12).contains(&m))
    }

    fn checks(&self, text: &str) -> bool {
        let digits: Vec<i32> = text.chars().filter_map(|c| c.to_digit(10)).map(|d| d as i32).collect();
        // Zeros fit every sum.
        if digits.iter().all(|d| *d == 0) {
            return false;
        }
        match &self.check {
            Check::Pattern => true,
            Check::Luhn => luhn(&digits),
            Check::Mod97 => text.split_at_checked(text.len() - 2).is_some_and(|(body, key)| {
                matches!((body.parse::<u64>(), key.parse::<u64>()), (Ok(b), Ok(k)) if k > 0 && (b + k) % 97 == 0)
            }),
            Check::Hybrid => hybrid(&digits),
            Check::Letter(letters) => {
                let at = digits.iter().fold(0, |n, d| (n * 10 + *d as usize) % letters.len());
                text.chars().last() == letters.chars().nth(at)
            }
            Check::Sums(sums) => sums.iter().all(|sum| {
                let total: i32 = sum.weights.iter().zip(&digits).map(|(w, d)| w * d).sum();
                total % sum.modulus == 0
            }),
        }
    }
}

/// The check of payment cards: every second digit from the right is doubled.
pub fn luhn(digits: &[i32]) -> bool {
    let doubled = |d: i32| if d > 4 { 2 * d - 9 } else { 2 * d };
    let each = digits.iter().rev().enumerate().map(|(at, d)| if at % 2 == 1 { doubled(*d) } else { *d });
    digits.len() > 1 && each.sum::<i32>() % 10 == 0
}

/// ISO 7064, modulus 11 and 10.
fn hybrid(digits: &[i32]) -> bool {
    let Some((check, body)) = digits.split_last() else { return false };
    let product = body.iter().fold(10, |product, d| {
        let sum = (d + product) % 10;
        2 * if sum == 0 { 10 } else { sum } % 11
    });
    (11 - product) % 10 == *check
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(name: &str, text: &str) -> bool {
        numbers().iter().find(|n| n.name.contains(name)).expect("there is such a number").is(text)
    }

    #[test]
    fn true_ones_pass_and_near_misses_do_not() {
        for (name, good, bad) in [
            ("Norwegian", "01010750160", "01010750161"),
            ("Norwegian", "010107 50160", "01130750160"),
            ("German", "86095742719", "86095742718"),
            ("insurance", "AB123456C", "AB123456E"),
            ("health service", "943 476 5919", "943 476 5918"),
            ("US social", "123-45-6789", "923-45-6789"),
            ("US social", "123-45-6789", "123456789"),
            ("French", "255081416802538", "255081416802539"),
            ("Spanish", "12345678Z", "12345678A"),
            ("Dutch", "111222333", "111222334"),
            ("Polish", "44051401359", "44051401358"),
            ("Swedish", "811218-9876", "811218-9877"),
        ] {
            assert!(is(name, good), "{name}: {good}");
            assert!(!is(name, bad), "{name}: {bad}");
        }
    }

    #[test]
    fn zeros_words_and_other_lengths_are_none() {
        for text in ["", "00000000000", "000000000", "abc", "1234567890123456789", "١٢٣٤٥٦٧٨٩٠١", "é23456789"]
        {
            assert!(numbers().iter().all(|n| !n.is(text)), "{text}");
        }
    }
}
