//! What a stored text surely contains if a value stands somewhere in it. Documents escape characters, each in its own way;
//! letters and digits of ASCII stand for themselves wherever nobody is perverse, and the escapes of these are looked for too.

use std::collections::BTreeSet;

use crate::policy::model::{Bit, Codec, Match, Pattern, Reading};

/// Needles of which a text that holds one of the normalised values contains one, letter case aside. One that is empty means
/// that nothing can be said.
pub fn needles(reading: &Reading, matching: Match, values: &[String]) -> Vec<String> {
    let mut found = BTreeSet::new();
    for value in values {
        match &reading.document {
            Some(place) => {
                let run = plain_run(value, matching);
                found.extend(escapes(place.codec, &run, matching));
                found.insert(run.to_ascii_lowercase());
            }
            None if matching == Match::Exact => found.extend(reading.forms.iter().map(|form| around(form, value))),
            None => drop(found.insert(plain_run(value, matching).to_ascii_lowercase())),
        }
    }
    if found.contains("") { vec![String::new()] } else { found.into_iter().collect() }
}

/// The longest run of letters and digits that no comparison and no common encoding writes otherwise.
fn plain_run(value: &str, matching: Match) -> String {
    if matching == Match::Phone {
        return String::new();
    }
    let folded = matching != Match::Exact;
    let chars: Vec<char> = value.chars().collect();
    let stands = |at: usize| {
        let accent_follows = chars.get(at + 1).is_some_and(|next| !next.is_ascii());
        // The sign for degrees Kelvin is a `k` in lower case, and an accent may have been a part of the letter.
        chars[at].is_ascii_alphanumeric() && !(folded && (chars[at] == 'k' || accent_follows))
    };
    longest(&chars, stands)
}

/// The same of a value in a pattern, whose neighbours are known; nothing is escaped there.
fn around(form: &Pattern, value: &str) -> String {
    let at = form.0.iter().position(|bit| *bit == Bit::Value).unwrap_or_default();
    let literal = |bit: Option<&Bit>| match bit {
        Some(Bit::Literal(text)) => text.clone(),
        _ => String::new(),
    };
    let (before, after) = (at.checked_sub(1).and_then(|at| form.0.get(at)), form.0.get(at + 1));
    let chars: Vec<char> = format!("{}{value}{}", literal(before), literal(after)).chars().collect();
    longest(&chars, |at| chars[at].is_ascii_graphic() || chars[at] == ' ').to_ascii_lowercase()
}

fn longest(chars: &[char], stands: impl Fn(usize) -> bool) -> String {
    let (mut best, mut run) = (String::new(), String::new());
    for (at, char) in chars.iter().enumerate() {
        if stands(at) {
            run.push(*char);
        } else {
            run.clear();
        }
        if run.len() > best.len() {
            best.clone_from(&run);
        }
    }
    best
}

/// How an encoding can write characters that need no escape. Whole numbers have other notations in YAML.
fn escapes(codec: Codec, run: &str, matching: Match) -> BTreeSet<String> {
    let cases = run.chars().flat_map(|c| match matching {
        Match::Exact => vec![c],
        _ => vec![c.to_ascii_lowercase(), c.to_ascii_uppercase()],
    });
    let codes = cases.map(|c| format!("{:02x}", u32::from(c)));
    match codec {
        Codec::Json => codes.map(|code| format!("\\u00{code}")).collect(),
        Codec::Url => codes.map(|code| format!("%{code}")).collect(),
        Codec::Php => BTreeSet::new(),
        Codec::Yaml => {
            let written = codes.flat_map(|c| [format!("\\x{c}"), format!("\\u00{c}"), format!("\\u000000{c}")]);
            let number = run.bytes().all(|b| b.is_ascii_digit());
            let others = if number { &["\\\n", "\\\r", "0x", "0o", "_"][..] } else { &["\\\n", "\\\r"][..] };
            written.chain(others.iter().map(|o| (*o).to_owned())).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::model::{Path, Place};

    fn of(codec: Codec, matching: Match, value: &str) -> Vec<String> {
        let document = Some(Place { codec, path: Path::default() });
        needles(&Reading { document, forms: Vec::new() }, matching, &[value.to_owned()])
    }

    #[test]
    fn the_longest_run_and_its_escapes() {
        assert_eq!(of(Codec::Php, Match::Exact, "ann@x.example"), ["example"]);
        assert_eq!(of(Codec::Json, Match::Exact, "a-17"), ["17", "\\u0031", "\\u0037"]);
        assert_eq!(of(Codec::Url, Match::Email, "a@1"), ["%41", "%61", "a"]);
        assert_eq!(of(Codec::Php, Match::Email, "kåre.vik@b"), ["re"]);
        assert_eq!(of(Codec::Json, Match::Exact, "ærø-ø"), ["\\u0072", "r"]);
        assert_eq!(of(Codec::Json, Match::Exact, "æ"), [""]);
        assert_eq!(of(Codec::Json, Match::Phone, "+4790012345"), [""]);
    }

    #[test]
    fn in_a_pattern_the_neighbours_count() {
        let form = |text: &str| Reading { document: None, forms: Pattern::parse(text).into_iter().collect() };
        let of = |text: &str, matching| needles(&form(text), matching, &["Ab-17".to_owned()]);
        assert_eq!(of("*__{}", Match::Exact), ["__ab-17"]);
        assert_eq!(of("*é_{}%*", Match::Exact), ["_ab-17%"]);
        assert_eq!(of("*__{}", Match::CaseInsensitive), ["ab"]);
    }
}
