//! Finding and masking a person's identifiers in free text (LANGUAGE 1.7, "Text").

use aho_corasick::{AhoCorasick, MatchKind};
use serde::{Deserialize, Serialize};
use unicode_normalization::char::is_combining_mark;

/// What stands where an identifier stood. Three characters, and identifiers have at least three, so text never gets longer
/// than its column allows.
pub const MASK: &str = "•••";

/// Shortest identifier that is searched, in characters: shorter ones hit by chance.
pub const SHORTEST: usize = 3;

/// One identifier of the person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Identifier {
    /// Its words.
    pub text: Words,
    /// A hit is certain by itself (keys and hints); a name is certain only in rows that the person has a claim on.
    pub certain: bool,
}

/// A personal text whose `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Words(pub String);

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "text[{}]", self.0.len())
    }
}

/// A place in a text, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Hit {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Of a certain identifier.
    pub certain: bool,
}

/// Searches texts for all identifiers of a person in one pass.
pub struct Finder {
    automaton: AhoCorasick,
    certain: Vec<bool>,
    address: Vec<bool>,
}

impl Finder {
    /// Prepares the search; identifiers shorter than [`SHORTEST`] are left out.
    pub fn new(identifiers: &[Identifier]) -> Self {
        let mut patterns: Vec<(String, bool)> = Vec::new();
        for id in identifiers.iter().filter(|i| i.text.0.chars().count() >= SHORTEST) {
            let folded = crate::matching::folded(&id.text.0);
            match patterns.iter_mut().find(|(p, _)| *p == folded) {
                Some((_, certain)) => *certain |= id.certain,
                None => patterns.push((folded, id.certain)),
            }
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(patterns.iter().map(|(p, _)| p))
            .expect("identifiers are few and short");
        Finder {
            automaton,
            certain: patterns.iter().map(|(_, c)| *c).collect(),
            address: patterns.iter().map(|(p, _)| p.contains('@')).collect(),
        }
    }

    /// All hits between token boundaries: leftmost first, of overlapping ones the longest.
    pub fn hits(&self, text: &str) -> Vec<Hit> {
        if self.certain.is_empty() {
            return Vec::new();
        }
        let folded = Folded::of(text);
        let mut hits: Vec<Hit> = self
            .automaton
            .find_overlapping_iter(&folded.text)
            .filter_map(|m| {
                let (start, end) = folded.range(m.start(), m.end())?;
                let pattern = m.pattern().as_usize();
                bounded(text, start, end, self.address[pattern]).then(|| Hit {
                    start,
                    end,
                    certain: self.certain[pattern],
                })
            })
            .collect();
        hits.sort_by_key(|h| (h.start, std::cmp::Reverse(h.end), !h.certain));
        let mut kept: Vec<Hit> = Vec::new();
        for hit in hits {
            if kept.last().is_none_or(|last| last.end <= hit.start) {
                kept.push(hit);
            }
        }
        kept
    }
}

/// The text with the hits masked; everything outside them stays as it was.
pub fn masked(text: &str, hits: &[Hit]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for hit in hits {
        out.push_str(&text[from..hit.start]);
        out.push_str(MASK);
        from = hit.end;
    }
    out.push_str(&text[from..]);
    out
}

/// Token boundaries: `ann@x.example` stands neither in `joann@x.example` nor in `ann@x.example.org`, and `ann` in none of them.
fn bounded(text: &str, start: usize, end: usize, address: bool) -> bool {
    let mut before = text[..start].chars().rev();
    let mut after = text[end..].chars();
    let (previous, next) = ((before.next(), before.next()), (after.next(), after.next()));
    if (word(previous) && !escaped(&text[..start])) || word(next) {
        return false;
    }
    let joined = |(c, beyond): (Option<char>, Option<char>), marks: &str| {
        c.is_some_and(|c| marks.contains(c)) && beyond.is_some_and(char::is_alphanumeric)
    };
    if address { !(joined(previous, ".+-") || joined(next, ".-")) } else { !within_address(&text[end..]) }
}

/// Does an address end here that began before?
fn within_address(after: &str) -> bool {
    let local = |c: char| c.is_alphanumeric() || "._%+-".contains(c);
    let rest = after.trim_start_matches(local).strip_prefix('@');
    rest.and_then(|domain| domain.chars().next()).is_some_and(char::is_alphanumeric)
}

/// Does a word go on with this character? An underscore joins words, but one that leads nowhere is an ornament.
fn word((c, beyond): (Option<char>, Option<char>)) -> bool {
    c.is_some_and(|c| c.is_alphanumeric() || c == '_' && beyond.is_some_and(char::is_alphanumeric))
}

/// Does the text end with an escape of JSON: a letter that is no letter?
fn escaped(text: &str) -> bool {
    let unicode = || {
        let (_, digits) = text.rsplit_once("\\u")?;
        (digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_hexdigit())).then_some(())
    };
    ["\\n", "\\r", "\\t"].iter().any(|e| text.ends_with(e)) || unicode().is_some()
}

/// A text in lower case and NFC that remembers where each byte came from.
struct Folded {
    text: String,
    /// For each byte of `text`: start and end of the original characters; `None` where text is ASCII and positions agree.
    origin: Option<Vec<(usize, usize)>>,
}

impl Folded {
    fn of(text: &str) -> Self {
        if text.is_ascii() {
            return Folded { text: text.to_ascii_lowercase(), origin: None };
        }
        let mut folded = String::with_capacity(text.len());
        let mut origin = Vec::with_capacity(text.len());
        for (start, end) in clusters(text) {
            let cluster = crate::matching::folded(&text[start..end]);
            origin.extend(std::iter::repeat_n((start, end), cluster.len()));
            folded.push_str(&cluster);
        }
        Folded { text: folded, origin: Some(origin) }
    }

    /// The original range of a match, if the match begins and ends with whole characters.
    fn range(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        let Some(origin) = &self.origin else { return Some((start, end)) };
        let (first, last) = (origin[start], origin[end - 1]);
        let whole = (start == 0 || origin[start - 1] != first) && (end == origin.len() || origin[end] != last);
        whole.then_some((first.0, last.1))
    }
}

/// Each character together with the combining marks behind it.
fn clusters(text: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut chars = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, c) = chars.next()?;
        let mut end = start + c.len_utf8();
        while let Some(&(at, mark)) = chars.peek().filter(|(_, c)| is_combining_mark(*c)) {
            end = at + mark.len_utf8();
            chars.next();
        }
        Some((start, end))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(ids: &[&str], text: &str) -> String {
        let ids: Vec<_> = ids.iter().map(|s| Identifier { text: Words((*s).into()), certain: true }).collect();
        masked(text, &Finder::new(&ids).hits(text))
    }

    #[test]
    fn stays_within_token_boundaries() {
        let ids = ["ann@x.example", "Mark Page"];
        assert_eq!(
            mask(&ids, "ANN@X.example, joann@x.example ann@x.example.org jo.ann@x.example"),
            "•••, joann@x.example ann@x.example.org jo.ann@x.example"
        );
        assert_eq!(mask(&ids, "Write to ann@x.example. Thanks"), "Write to •••. Thanks");
        assert_eq!(mask(&ids, "_ann@x.example_ x_ann@x.example"), "_•••_ x_ann@x.example");
        assert_eq!(mask(&ids, r"hi\nann@x.example \u003cann@x.example"), r"hi\n••• \u003c•••");
        assert_eq!(mask(&ids, "mark pages, Mark Page!"), "mark pages, •••!");
    }

    /// Regression: the user name of one person is the beginning of another one's address.
    #[test]
    fn a_name_does_not_stand_in_an_address() {
        let ids = ["pat.shea", "Pat.Shea+desk@x.example"];
        assert_eq!(
            mask(&ids, "@pat.shea: pat.shea+hr@x.example is not pat.shea+desk@x.example, is it, pat.shea@?"),
            "@•••: pat.shea+hr@x.example is not •••, is it, •••@?"
        );
    }

    #[test]
    fn finds_letters_with_marks_in_either_form() {
        assert_eq!(mask(&["Ødegård"], "hei ØDEGÅRD og Ødega\u{30a}rd 🦀"), "hei ••• og ••• 🦀");
    }

    #[test]
    fn longest_wins_but_only_if_it_is_a_token() {
        assert_eq!(mask(&["ann", "ann lee"], "ann leeds met Ann Lee"), "••• leeds met •••");
    }
}
