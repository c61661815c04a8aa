//! Numbers of payment cards in texts (ISO/IEC 7812).

/// Beginnings of numbers, each from one to another of as many digits, and how many digits a number that begins so has.
const SCHEMES: [(u32, u32, &[usize]); 14] = [
    (4, 4, &[13, 16, 19]),
    (34, 34, &[15]),
    (37, 37, &[15]),
    (36, 36, &[14, 16]),
    (38, 39, &[14, 16]),
    (300, 305, &[14, 16]),
    (309, 309, &[14, 16]),
    (3528, 3589, &[16, 17, 18, 19]),
    (51, 55, &[16]),
    (2221, 2720, &[16]),
    (50, 50, &[13, 14, 15, 16, 17, 18, 19]),
    (56, 58, &[13, 14, 15, 16, 17, 18, 19]),
    (60, 69, &[16, 17, 18, 19]),
    (2200, 2204, &[16, 17, 18, 19]),
];

/// What may stand between two groups of digits of one number: so many signs, none of them a letter.
const GAP: usize = 3;

/// Does a text hold the number of a payment card? It begins where a group of digits does, and other digits may follow at once:
/// a code, or a date.
pub fn holds_card(text: &str) -> bool {
    runs(text).iter().any(|run| run.begins.iter().any(|at| begins_one(&run.digits[*at..])))
}

/// Digits that nothing but gaps divides.
#[derive(Default)]
struct Run {
    digits: Vec<u32>,
    /// Where its groups begin.
    begins: Vec<usize>,
}

fn runs(text: &str) -> Vec<Run> {
    let mut runs = vec![Run::default()];
    // No gap yet that could lead on from a digit before.
    let mut gap = GAP + 1;
    for c in text.chars() {
        let Some(digit) = digit(c) else {
            gap = if c.is_alphanumeric() { GAP + 1 } else { gap + 1 };
            continue;
        };
        if gap > GAP {
            runs.push(Run::default());
        }
        if let Some(run) = runs.last_mut() {
            if gap > 0 {
                run.begins.push(run.digits.len());
            }
            run.digits.push(digit);
        }
        gap = 0;
    }
    runs
}

/// The value of a digit, of full width too.
fn digit(c: char) -> Option<u32> {
    let plain = match c {
        '\u{ff10}'..='\u{ff19}' => char::from_u32(c as u32 - 0xff10 + u32::from('0'))?,
        _ => c,
    };
    plain.to_digit(10)
}

fn begins_one(digits: &[u32]) -> bool {
    let beginning = |count: usize| digits.iter().take(count).fold(0, |number, digit| number * 10 + digit);
    let fits = |(from, to, _): &&(u32, u32, &[usize])| {
        let count = from.to_string().len();
        digits.len() >= count && (*from..=*to).contains(&beginning(count))
    };
    SCHEMES.iter().filter(fits).flat_map(|(.., lengths)| *lengths).any(|n| digits.get(..*n).is_some_and(checks))
}

/// The check digit (Luhn).
fn checks(digits: &[u32]) -> bool {
    let doubled = |nth: usize, d: u32| match nth % 2 {
        1 if d > 4 => 2 * d - 9,
        1 => 2 * d,
        _ => d,
    };
    digits.iter().rev().enumerate().map(|(nth, d)| doubled(nth, *d)).sum::<u32>().is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::holds_card;

    #[test]
    fn numbers_of_cards_and_others() {
        assert!(holds_card("my card is 4111 1111 1111 1111, thanks") && holds_card("5500-0000-0000-0004"));
        assert!(!holds_card("4111 1111 1111 1112") && !holds_card("+47 22 33 44 55") && !holds_card("tok_4111"));
        assert!(!holds_card("2026-03-01 12:30:59") && !holds_card("4111 1111 aaaa 1111 1111") && !holds_card(""));
    }

    #[test]
    fn a_code_or_a_date_beside_a_card_does_not_hide_it() {
        for text in [
            "card 4111 1111 1111 1111 123",
            "card 4111111111111111 12/27",
            "4111111111111111123",
            "12/27 4111 1111 1111 1111",
            "12/27-4111-1111-1111-1111-123",
            "no. 7: 3782 822463 10005 1234",
        ] {
            assert!(holds_card(text), "{text}");
        }
    }

    #[test]
    fn no_separator_hides_a_card() {
        for gap in ["", " ", "-", ".", "/", "\u{a0}", " - ", "_", "\n", "\u{2013}"] {
            assert!(holds_card(&["4111", "1111", "1111", "1111"].join(gap)), "{gap:?}");
        }
        assert!(holds_card("\u{ff14}111 1111 1111 1111"), "digits of full width are digits");
    }
}
