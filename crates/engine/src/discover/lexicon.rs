//! The words that names are made of, and how a name is cut into them.

use std::collections::HashSet;
use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

const WORDS: &str = include_str!("../../../../rules/discovery/words.toml");
const NAMES: &str = include_str!("../../../../rules/discovery/names.toml");

/// Pieces of a glued name that may be so short.
const SHORT: [&str; 7] = ["id", "ip", "by", "at", "to", "on", "is"];

/// A set of words as the rules list them.
pub type Words = HashSet<String>;

/// The lists of `rules/discovery/words.toml`, where each is explained.
pub struct Lexicon {
    /// Surely about people.
    pub persons: Words,
    /// About people beside other signs.
    pub perhaps: Words,
    /// People who wrote a row.
    pub authors: Words,
    /// People who handled a row.
    pub handlers: Words,
    /// What is done to a row.
    pub handled: Words,
    /// What a person does to make a row.
    pub wrote: Words,
    /// What is no person.
    pub things: Words,
    /// Things with an address of their own.
    pub premises: Words,
    /// Postal addresses.
    pub addresses: Words,
    /// Parts of a record that are an address.
    pub within: Words,
    /// What goes from one person to another.
    pub messages: Words,
    /// Words that add nothing.
    pub vague: Words,
    /// Last words of keys and references.
    pub keys: Words,
    /// Last words that leave a name what it is.
    pub kept: Words,
    /// Last words that make it something else.
    pub turned: Words,
    /// First words of questions and counts.
    pub asks: Words,
    known: Words,
}

impl Lexicon {
    /// The built-in one.
    pub fn get() -> &'static Self {
        static LEXICON: OnceLock<Lexicon> = OnceLock::new();
        LEXICON.get_or_init(|| {
            let words: toml::Table = WORDS.parse().expect("the built-in words are TOML");
            let names: toml::Table = NAMES.parse().expect("the built-in names are TOML");
            Self::read(&words, &names)
        })
    }

    fn read(words: &toml::Table, names: &toml::Table) -> Self {
        let list = |part: &str, key: &str| strings(&words[part][key]).collect::<Words>();
        let signs = names["sign"].as_array().into_iter().flatten();
        let phrases = signs.flat_map(|sign| strings(&sign["phrases"]));
        let mut known: Words = phrases.flat_map(|p| p.split(' ').map(str::to_owned).collect::<Vec<_>>()).collect();
        known.extend(
            words.values().flat_map(|part| part.as_table().into_iter().flatten().flat_map(|(_, l)| strings(l))),
        );
        Self {
            persons: list("persons", "sure"),
            perhaps: list("persons", "perhaps"),
            authors: list("persons", "authors"),
            handlers: list("persons", "handlers"),
            handled: list("persons", "handled"),
            wrote: list("persons", "wrote"),
            things: list("things", "words"),
            premises: list("things", "premises"),
            addresses: list("addresses", "words"),
            within: list("addresses", "within"),
            messages: list("messages", "words"),
            vague: list("vague", "words"),
            keys: list("keys", "words"),
            kept: list("tails", "kept"),
            turned: list("tails", "turned"),
            asks: list("tails", "asks"),
            known,
        }
    }

    /// The words of a name, in lower case, without accents, plurals in `s` as singulars: `createdBy`, `created_by` and
    /// `createdby` alike are `created`, `by`.
    pub fn words(&self, name: &str) -> Vec<String> {
        lumps(name).iter().flat_map(|lump| self.cut(lump)).collect()
    }

    /// Is a name made of words that the lists have, and nothing else?
    pub fn knows(&self, name: &str) -> bool {
        let words = self.words(name);
        !words.is_empty()
            && words.iter().all(|w| self.known.contains(w) || w.len() < 3 && w.bytes().all(|b| b.is_ascii_digit()))
    }

    fn cut(&self, lump: &str) -> Vec<String> {
        if let Some(word) = self.word(lump) {
            return vec![word];
        }
        let letters = lump.trim_end_matches(|c: char| c.is_ascii_digit());
        if !letters.is_empty() && letters.len() < lump.len() {
            let mut words = self.cut(letters);
            words.push(lump[letters.len()..].to_owned());
            return words;
        }
        self.glued(lump).unwrap_or_else(|| vec![lump.to_owned()])
    }

    /// The word as the lists have it.
    fn word(&self, lump: &str) -> Option<String> {
        let known = |w: &str| self.known.contains(w).then(|| w.to_owned());
        let stem = |tail: &str| lump.strip_suffix(tail).filter(|s| s.len() > 2);
        // Short words that end in `s` are seldom plurals: `news` is not new.
        let long = stem("s").filter(|s| s.len() > 3).and_then(known);
        stem("ies")
            .and_then(|s| known(&format!("{s}y")))
            .or(long)
            .or_else(|| known(lump))
            .or_else(|| stem("s").and_then(known))
            .or_else(|| stem("es").and_then(known))
    }

    /// Cuts `useridfrom` into the fewest known words, if known words are all it is made of.
    fn glued(&self, lump: &str) -> Option<Vec<String>> {
        if !(5..=40).contains(&lump.len()) || !lump.is_ascii() {
            return None;
        }
        // best[i]: fewest words that make up the first i letters, and where the last of them begins.
        let mut best: Vec<Option<(usize, usize)>> = vec![None; lump.len() + 1];
        best[0] = Some((0, 0));
        for end in 2..=lump.len() {
            for start in 0..end - 1 {
                let Some((count, _)) = best[start] else { continue };
                let piece = &lump[start..end];
                if (piece.len() > 2 || SHORT.contains(&piece))
                    && self.known.contains(piece)
                    && best[end].is_none_or(|(fewest, _)| count + 1 < fewest)
                {
                    best[end] = Some((count + 1, start));
                }
            }
        }
        let mut words = Vec::new();
        let mut end = lump.len();
        while end > 0 {
            let (_, start) = best[end]?;
            words.push(lump[start..end].to_owned());
            end = start;
        }
        words.reverse();
        (words.len() <= 4).then_some(words)
    }
}

fn strings(list: &toml::Value) -> impl Iterator<Item = String> + '_ {
    list.as_array().into_iter().flatten().filter_map(|w| w.as_str().map(str::to_owned))
}

/// Runs of letters and digits, cut where small letters meet capitals as well.
fn lumps(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.nfc().collect();
    let mut lumps = Vec::new();
    let mut lump = String::new();
    for (at, &c) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|b| letters[b]);
        let after = letters.get(at + 1);
        let hump = c.is_uppercase()
            && before.is_some_and(|b| b.is_lowercase() || b.is_numeric() || after.is_some_and(|a| a.is_lowercase()));
        if (hump || !c.is_alphanumeric()) && !lump.is_empty() {
            lumps.push(std::mem::take(&mut lump));
        }
        if c.is_alphanumeric() {
            plain(c, &mut lump);
        }
    }
    if !lump.is_empty() {
        lumps.push(lump);
    }
    lumps
}

/// Lower case without accents; German umlauts as they are written without them.
fn plain(c: char, out: &mut String) {
    for c in c.to_lowercase() {
        match c {
            'ä' | 'æ' => out.push_str("ae"),
            'ö' | 'œ' => out.push_str("oe"),
            'ü' => out.push_str("ue"),
            'ß' => out.push_str("ss"),
            'ø' => out.push('o'),
            _ => out.extend(std::iter::once(c).nfd().filter(|c| !is_combining_mark(*c))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(name: &str) -> String {
        Lexicon::get().words(name).join(" ")
    }

    #[test]
    fn names_are_cut_however_they_are_written() {
        for name in ["created_by", "createdBy", "CreatedBy", "createdby", "CREATED-BY", "created by"] {
            assert_eq!(cut(name), "created by", "{name}");
        }
        assert_eq!(cut("useridfrom"), "user id from");
        assert_eq!(cut("HTTPUserAgent"), "http user agent");
        assert_eq!(cut("address1"), "address 1");
        assert_eq!(cut("email_sha256"), "email sha256");
        assert_eq!(cut("Addresses"), "address");
        assert_eq!(cut("categories"), "category");
    }

    #[test]
    fn accents_are_no_difference() {
        assert_eq!(cut("fødselsdato"), "fodselsdato");
        assert_eq!(cut("Schüler"), "schueler");
        assert_eq!(cut("prénom"), "prenom");
    }

    #[test]
    fn what_is_not_known_is_left_whole() {
        assert_eq!(cut("zorblatt"), "zorblatt");
        assert_eq!(cut("userzorb"), "userzorb");
        assert_eq!(cut(""), "");
        assert_eq!(cut("__"), "");
    }
}
