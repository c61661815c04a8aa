//! Looks for a person in texts, naively and independently of the engine's search: fold, find, look at both neighbours.

/// Does `needle` stand in `text`, in any letter case, with no letter, digit or underscore on either side? Addresses
/// (needles with `@`) are not part of longer ones: `ann@x.example` stands neither in `joann@x.example` nor in
/// `ann@x.example.org` nor in `mary.ann@x.example`.
pub fn stands_in(text: &str, needle: &str) -> bool {
    let (text, needle) = (text.to_lowercase(), needle.to_lowercase());
    let address = needle.contains('@');
    !needle.is_empty()
        && text.match_indices(&needle).any(|(at, _)| {
            free(text[..at].chars().rev(), if address { ".+-" } else { "" })
                && free(text[at + needle.len()..].chars(), if address { ".-" } else { "" })
        })
}

/// Does the number stand in `text`, in whatever notation? Compared are the last eight digits of each run of digits
/// that only blanks, brackets, hyphens, dots and slashes interrupt; numbers of fewer digits are compared as they stand.
pub fn number_stands_in(text: &str, number: &str) -> bool {
    let wanted = digits(number);
    if wanted.len() < 8 {
        return stands_in(text, number);
    }
    let wanted = &wanted[wanted.len() - 8..];
    let mut run = String::new();
    for c in text.chars().chain(['\n']) {
        if c.is_ascii_digit() {
            run.push(c);
        } else if !" ()-./\u{a0}+".contains(c) {
            // A run may hold two numbers one after the other, so any position counts in a long one.
            if run.len() >= 8 && (run.ends_with(wanted) || (run.len() > 12 && run.contains(wanted))) {
                return true;
            }
            run.clear();
        }
    }
    false
}

fn free(mut beside: impl Iterator<Item = char>, joints: &str) -> bool {
    match (beside.next(), beside.next()) {
        (Some(c), _) if c.is_alphanumeric() || c == '_' => false,
        (Some(c), Some(beyond)) if joints.contains(c) && beyond.is_alphanumeric() => false,
        _ => true,
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[test]
fn the_search_respects_boundaries() {
    assert!(stands_in("From: <ANN@x.example>, yes", "ann@x.example"));
    assert!(stands_in("write to ann@x.example.", "ann@x.example"));
    for other in ["joann@x.example", "ann@x.example.org", "mary.ann@x.example", "ann@x.examples"] {
        assert!(!stands_in(other, "ann@x.example"), "{other}");
    }
    assert!(stands_in("Mark it, Mark.", "mark") && !stands_in("a market", "mark"));
    assert!(stands_in("BJØRN ØDEGÅRD", "Bjørn Ødegård"));
    assert!(number_stands_in("call (+47) 22-12-34-56 now", "+47 22 12 34 56"));
    assert!(!number_stands_in("order 122123457", "+47 22 12 34 56") && !number_stands_in("", "n/a"));
}
