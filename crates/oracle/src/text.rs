//! Identifiers of a person in free text (LANGUAGE 1.7, "Text").

use std::collections::BTreeSet;
use std::ops::Range;

use engine::policy::model::{Policy, Worth};

use crate::matching::{is_address, records_of};
use crate::persons::identity_values;
use crate::world::{RowId, World};

const SHORTEST: usize = 3;

struct Identifier {
    folded: Vec<char>,
    proves: bool,
    address: bool,
}

/// What is searched and masked: the values of all identities of the person's records, and what else they said.
pub(crate) struct Identifiers(Vec<Identifier>);

impl Identifiers {
    pub(crate) fn of(policy: &Policy, world: &World, records: &BTreeSet<RowId>, said: &[String]) -> Self {
        let mut all: Vec<Identifier> = said.iter().map(|words| Identifier::of(words, false)).collect();
        for population in policy.kinds.iter().flat_map(|k| &k.populations) {
            for record in records_of(policy, world, population, records) {
                for identity in &population.identities {
                    for value in identity_values(policy, world, population, identity, record) {
                        let Some(value) = value.join_text() else { continue };
                        all.push(Identifier::of(&value, identity.worth != Worth::Text));
                    }
                }
            }
        }
        all.retain(|i| i.folded.len() >= SHORTEST);
        // Longest first, so that an address is masked whole and not only the name in it.
        all.sort_by_key(|i| std::cmp::Reverse(i.folded.len()));
        Identifiers(all)
    }

    /// Ranges of bytes to mask: leftmost first, at each place the longest, never overlapping.
    pub(crate) fn spans(&self, text: &str) -> Vec<Range<usize>> {
        self.find(text, |_| true)
    }

    /// "certain if a key or hint stands between token boundaries".
    pub(crate) fn proven_in(&self, text: &str) -> bool {
        !self.find(text, |i| i.proves).is_empty()
    }

    /// Does a key, a hint or a name of more than one word stand there?
    pub(crate) fn named_in(&self, text: &str) -> bool {
        !self.find(text, |i| i.proves || i.folded.iter().any(|c| c.is_whitespace())).is_empty()
    }

    /// Is the whole text an identifier?
    pub(crate) fn is_one(&self, text: &str) -> bool {
        self.spans(text).first() == Some(&(0..text.len()))
    }

    fn find(&self, text: &str, wanted: impl Fn(&Identifier) -> bool) -> Vec<Range<usize>> {
        let chars: Vec<(usize, char)> = text.char_indices().collect();
        let (mut spans, mut at) = (Vec::new(), 0);
        while at < chars.len() {
            let hit = self.0.iter().filter(|i| wanted(i)).find_map(|i| i.end(&chars, at));
            match hit {
                Some(end) => {
                    spans.push(chars[at].0..chars.get(end).map_or(text.len(), |c| c.0));
                    at = end;
                }
                None => at += 1,
            }
        }
        spans
    }
}

impl Identifier {
    fn of(value: &str, proves: bool) -> Identifier {
        Identifier { folded: value.chars().flat_map(char::to_lowercase).collect(), proves, address: is_address(value) }
    }

    /// If it stands at this character, between token boundaries: the character after it.
    fn end(&self, chars: &[(usize, char)], start: usize) -> Option<usize> {
        let (mut end, mut matched) = (start, 0);
        while matched < self.folded.len() {
            for lower in chars.get(end)?.1.to_lowercase() {
                if self.folded.get(matched) != Some(&lower) {
                    return None;
                }
                matched += 1;
            }
            end += 1;
        }
        self.is_token(chars, start, end).then_some(end)
    }

    fn is_token(&self, chars: &[(usize, char)], start: usize, end: usize) -> bool {
        let before = |n: usize| start.checked_sub(n).map(|i| chars[i].1);
        let after = |n: usize| chars.get(end + n - 1).map(|c| c.1);
        let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        // "an underscore that joins a letter or digit": an ornament around a word is no part of it.
        let word = |n: &dyn Fn(usize) -> Option<char>| letter(n(1)) || (n(1) == Some('_') && letter(n(2)));
        let tail: String = chars[..start].iter().map(|c| c.1).collect();
        let hex = |s: &str| s.len() == 4 && s.chars().all(|c| c.is_ascii_hexdigit());
        let escape = ["\\n", "\\r", "\\t"].iter().any(|e| tail.ends_with(e))
            || tail.rsplit("\\u").next().is_some_and(|s| tail.contains("\\u") && hex(s));
        let joined = |c: Option<char>, with: &str, next: Option<char>| {
            c.is_some_and(|c| with.contains(c)) && next.is_some_and(char::is_alphanumeric)
        };
        let apart = (!word(&before) || escape) && !word(&after);
        // "must not be followed, over letters, digits and `._%+-`, by an `@` with a letter or digit behind it"
        let mut rest = chars[end..].iter().map(|c| c.1).skip_while(|&c| c.is_alphanumeric() || "._%+-".contains(c));
        let anothers = !self.address && rest.next() == Some('@') && letter(rest.next());
        apart
            && !anothers
            && !(self.address && (joined(before(1), ".+-", before(2)) || joined(after(1), ".-", after(2))))
    }
}
