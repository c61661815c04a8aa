//! A text marked by how its promises stand: our own notice sentence by sentence, or one written elsewhere line by line.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Covered, State};
use crate::notice::fill::{fill, flat};
use crate::notice::headings::{Heading, headings};
use crate::policy::model::Said;

/// How a piece of text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// It promises nothing.
    Statement,
    /// Its promises stand so; of several, the least good.
    Promise(State),
    /// It reads like a promise, and nothing is bound to it.
    Unbound,
    /// It was changed since a promise was bound to it.
    Stale,
}

impl Mark {
    /// The word for people.
    pub fn word(self) -> &'static str {
        match self {
            Mark::Statement => "statement",
            Mark::Promise(state) => state.word(),
            Mark::Unbound => "unbound promise",
            Mark::Stale => "stale",
        }
    }
}

/// A piece of text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// Its words.
    pub text: String,
    /// The promises it makes, by id.
    pub promises: Vec<String>,
    /// How it stands.
    pub mark: Mark,
}

/// A paragraph, list entry or heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Block {
    /// Of a heading: its depth.
    pub heading: Option<usize>,
    /// Of a heading: by what links reach it.
    pub anchor: Option<String>,
    /// Line of the text, from 1.
    pub line: usize,
    /// Its pieces.
    pub pieces: Vec<Piece>,
}

/// Our own notice, sentence by sentence.
pub fn own(said: &Said, covered: &[Covered]) -> Vec<Block> {
    let Some(notice) = &said.notice else { return Vec::new() };
    let bound: Vec<(String, &str, State)> =
        covered.iter().map(|c| (flat(&fill(said, &c.text)), c.id.as_str(), c.state)).collect();
    let statements: Vec<String> = said.promises.statements.iter().map(|s| flat(&fill(said, s))).collect();
    let statements: BTreeSet<&str> = statements.iter().flat_map(|s| sentences(s)).map(bare).collect();
    let text = fill(said, &notice.text);
    let mut blocks = Vec::new();
    for Part { line, words, heading } in parts(&text) {
        let words = flat(words.trim_start_matches(['-', '*', ' ']));
        let pieces = match heading {
            Some(_) if asks(&words) => vec![Piece { text: words, promises: Vec::new(), mark: Mark::Statement }],
            _ => pieces(&words, &bound, &statements),
        };
        let (heading, anchor) = heading.map(|h| (h.level, h.anchor)).unzip();
        blocks.push(Block { heading, anchor, line, pieces });
    }
    blocks
}

/// A paragraph, entry of a list or heading, with the line where it begins.
struct Part {
    line: usize,
    words: String,
    heading: Option<Heading>,
}

fn parts(text: &str) -> Vec<Part> {
    let mut found: Vec<Part> = Vec::new();
    let mut headings = headings(text).into_iter().peekable();
    let (mut open, mut at, mut inside) = (false, 0, 0);
    for (nth, whole) in text.split_inclusive('\n').enumerate() {
        let begins_at = at;
        at += whole.len();
        if let Some(heading) = headings.next_if(|heading| heading.place.start < at) {
            inside = heading.place.end;
            open = false;
            found.push(Part { line: nth + 1, words: heading.words.clone(), heading: Some(heading) });
            continue;
        }
        let line = whole.trim();
        // The line that underlines a heading.
        if begins_at < inside {
            continue;
        }
        match found.last_mut() {
            _ if line.is_empty() || line.starts_with("{{ table") => open = false,
            Some(part) if open && !line.starts_with("- ") && !line.starts_with("* ") => {
                part.words.push(' ');
                part.words.push_str(line);
            }
            _ => {
                found.push(Part { line: nth + 1, words: line.to_owned(), heading: None });
                open = true;
            }
        }
    }
    found
}

/// Cuts a paragraph where the sentences of promises begin and end; what is left is cut into sentences.
fn pieces(words: &str, bound: &[(String, &str, State)], statements: &BTreeSet<&str>) -> Vec<Piece> {
    let mut spans: BTreeMap<(usize, usize), Vec<(&str, State)>> = BTreeMap::new();
    for (text, id, state) in bound.iter().filter(|(text, ..)| !text.is_empty()) {
        if let Some(at) = words.find(text.as_str()) {
            spans.entry((at, at + text.len())).or_default().push((id, *state));
        }
    }
    let (mut found, mut from) = (Vec::new(), 0);
    for ((begin, end), promises) in spans {
        if begin < from {
            // Sentences that lie within each other are shown with the first.
            if let Some(last) = found.last_mut() {
                take(last, &promises);
            }
            continue;
        }
        found.extend(sentences(&words[from..begin]).map(|s| loose(s, statements)));
        let mut piece = Piece { text: words[begin..end].to_owned(), promises: Vec::new(), mark: Mark::Statement };
        take(&mut piece, &promises);
        found.push(piece);
        from = end;
    }
    found.extend(sentences(&words[from..]).map(|s| loose(s, statements)));
    found
}

fn take(piece: &mut Piece, promises: &[(&str, State)]) {
    for (id, state) in promises {
        piece.promises.push((*id).to_owned());
        piece.mark = piece.mark.max(Mark::Promise(*state));
    }
}

/// A sentence without the signs around it.
fn bare(sentence: &str) -> &str {
    sentence.trim_matches(|c: char| !c.is_alphanumeric())
}

/// Does a heading ask what the text below it answers, such as "What you can do"?
fn asks(heading: &str) -> bool {
    let first = heading.split_whitespace().next().unwrap_or_default().to_lowercase();
    heading.ends_with('?')
        || ["how", "what", "when", "where", "which", "who", "whom", "whose", "why"].contains(&&*first)
}

/// A sentence to which nothing is bound. It is known to promise nothing where it stands whole among the statements.
fn loose(sentence: &str, statements: &BTreeSet<&str>) -> Piece {
    let known = statements.contains(bare(sentence));
    let mark = if !known && promises(sentence) { Mark::Unbound } else { Mark::Statement };
    Piece { text: sentence.to_owned(), promises: Vec::new(), mark }
}

fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut from = 0;
    let ends =
        text.match_indices(['.', '!', '?']).filter(|(at, _)| text[at + 1..].starts_with(' ')).map(|(at, _)| at + 1);
    let cuts: Vec<usize> = ends.chain([text.len()]).collect();
    cuts.into_iter()
        .map(move |end| {
            let sentence = text[from..end].trim();
            from = end;
            sentence
        })
        .filter(|s| s.chars().any(char::is_alphanumeric))
}

/// Words with which companies promise, and people are told what they may do.
const PROMISING: [&str; 26] = [
    "we will",
    "we do not",
    "we don't",
    "we never",
    "we only",
    "we delete",
    "we keep",
    "we erase",
    "we tell",
    "we ask",
    "we answer",
    "we share",
    "we use",
    "we collect",
    "we store",
    "we send",
    "never",
    "you may",
    "you can",
    "you have the right",
    "at any time",
    "must",
    "only with",
    "only if",
    "without your",
    "is deleted",
];

/// Does a sentence read like a promise?
fn promises(sentence: &str) -> bool {
    let lower = sentence.to_lowercase();
    PROMISING.iter().any(|words| lower.contains(words))
}

/// Which lines of a text written elsewhere make which promise: numbers and digests, no word of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outside {
    /// SHA-256 of the whole text, of all its lines like those of a clause; hexadecimal.
    pub text: String,
    /// How many lines it has.
    pub lines: usize,
    /// Clauses.
    #[serde(rename = "clause")]
    pub clauses: Vec<Clause>,
}

/// Lines that make a promise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// The promise, by id.
    pub promise: String,
    /// First and last line, from 1.
    pub lines: (usize, usize),
    /// SHA-256 of the lines joined by line feeds, each without trailing white space; hexadecimal.
    pub digest: String,
}

/// The digest of lines, from 1, both included; none where the text does not have them.
pub fn digest(text: &str, (first, last): (usize, usize)) -> Option<String> {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let chosen = lines.get(first.checked_sub(1)?..last)?;
    Some(hex::encode(Sha256::digest(chosen.join("\n"))))
}

/// The digest of a whole text, taken as of its lines: white space at the end of one is no change.
pub fn whole(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    hex::encode(Sha256::digest(lines.join("\n")))
}

/// A text written elsewhere, line by line. A clause whose lines were changed or are gone is stale, and so is a text that is not
/// the one of which the clauses were written.
pub fn outside(text: &str, clauses: &Outside, covered: &[Covered]) -> Vec<Block> {
    let state = |id: &str| covered.iter().find(|c| c.id == id).map(|c| c.state);
    let mut lines: Vec<Block> = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(nth, line)| {
            let mark = if promises(line) { Mark::Unbound } else { Mark::Statement };
            let piece = Piece { text: line.trim().to_owned(), promises: Vec::new(), mark };
            Block { heading: None, anchor: None, line: nth + 1, pieces: vec![piece] }
        })
        .collect();
    let mut gone = Vec::new();
    if clauses.text != whole(text) {
        let (had, has) = (clauses.lines, text.lines().count());
        gone.push(stale(
            0,
            None,
            format!("The text was changed after its clauses were read: it had {had} lines and has {has}."),
        ));
    }
    for clause in &clauses.clauses {
        let current = digest(text, clause.lines).is_some_and(|d| d == clause.digest);
        let mark = match (current, state(&clause.promise)) {
            (false, _) => Mark::Stale,
            (true, Some(state)) => Mark::Promise(state),
            (true, None) => Mark::Unbound,
        };
        let within = |block: &&mut Block| (clause.lines.0..=clause.lines.1).contains(&block.line);
        let mut stands = false;
        for block in lines.iter_mut().filter(within) {
            stands = true;
            let piece = &mut block.pieces[0];
            let first = piece.promises.is_empty();
            if !piece.promises.contains(&clause.promise) {
                piece.promises.push(clause.promise.clone());
            }
            piece.mark = if first { mark } else { piece.mark.max(mark) };
        }
        if !stands {
            let (first, last) = clause.lines;
            gone.push(stale(
                first,
                Some(&clause.promise),
                format!("No words stand in lines {first} to {last} any more."),
            ));
        }
    }
    gone.extend(lines);
    gone
}

/// What takes the place of words that are gone.
fn stale(line: usize, promise: Option<&str>, text: String) -> Block {
    let promises = promise.map(str::to_owned).into_iter().collect();
    Block { heading: None, anchor: None, line, pieces: vec![Piece { text, promises, mark: Mark::Stale }] }
}

/// How many pieces bear each mark. A heading that only names what follows is no statement.
pub fn counted(blocks: &[Block]) -> BTreeMap<Mark, usize> {
    let mut counts = BTreeMap::new();
    let says = |block: &Block, piece: &Piece| block.heading.is_none() || piece.mark != Mark::Statement;
    for piece in blocks.iter().flat_map(|b| b.pieces.iter().filter(|p| says(b, p))) {
        *counts.entry(piece.mark).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covered(id: &str, text: &str, state: State) -> Covered {
        Covered { id: id.into(), text: text.into(), state, mechanisms: vec![], ran: vec![], why: vec![], broken: None }
    }

    #[test]
    fn a_paragraph_is_cut_at_its_promises() {
        let bound = [("We keep it for 3 months.".to_owned(), "a", State::Verified)];
        let found = pieces("Hello there. We keep it for 3 months. We will never sell it.", &bound, &BTreeSet::new());
        let marks: Vec<Mark> = found.iter().map(|p| p.mark).collect();
        assert_eq!(marks, [Mark::Statement, Mark::Promise(State::Verified), Mark::Unbound]);
    }

    #[test]
    fn a_changed_line_is_stale_and_others_are_not() {
        let text = "One\nWe will tell you.\n";
        let clause = |lines, digest| Clause { promise: "a".into(), lines, digest };
        let kept =
            Outside { text: whole(text), lines: 2, clauses: vec![clause((2, 2), digest(text, (2, 2)).unwrap())] };
        let all = [covered("a", "", State::Bound)];
        assert_eq!(outside(text, &kept, &all)[1].pieces[0].mark, Mark::Promise(State::Bound));
        let changed = outside("One\nWe may tell you.\n", &kept, &all);
        let marks: Vec<Mark> = changed.iter().map(|b| b.pieces[0].mark).collect();
        assert_eq!(marks, [Mark::Stale, Mark::Statement, Mark::Stale], "the whole, and the second line");
    }

    #[test]
    fn a_text_from_which_promises_were_cut_is_stale() {
        let text = "One\nWe will tell you.\n\n";
        let clause = |promise: &str, lines| Clause {
            promise: promise.into(),
            lines,
            digest: digest(text, lines).unwrap_or_default(),
        };
        let all = [covered("a", "", State::Verified), covered("b", "", State::Verified)];
        let kept = |clauses| Outside { text: whole(text), lines: 3, clauses };
        let stale = |text: &str, kept: &Outside| {
            let blocks = outside(text, kept, &all);
            let own = blocks.iter().filter(|b| b.pieces[0].mark == Mark::Stale);
            own.flat_map(|b| b.pieces[0].promises.clone()).collect::<Vec<_>>()
        };
        let whole_text = kept(vec![clause("a", (2, 2))]);
        assert!(stale(text, &whole_text).is_empty());
        for cut in ["One\n", "", "One\n\n"] {
            assert_eq!(stale(cut, &whole_text), ["a"], "{cut:?}");
        }
        assert_eq!(
            stale(text, &kept(vec![clause("a", (3, 3)), clause("b", (2, 1))])),
            ["a", "b"],
            "no words, no lines"
        );
        let more = outside("One\nWe will tell you.\n\nTwo\n", &whole_text, &all);
        assert_eq!(more[0].pieces[0].mark, Mark::Stale, "a line that was added is seen by the digest of the whole");
    }

    #[test]
    fn a_statement_covers_whole_sentences_and_no_others() {
        let marks = |words: &str, statements: &[&str]| {
            let known: BTreeSet<&str> = statements.iter().flat_map(|s| sentences(s)).map(bare).collect();
            pieces(words, &[], &known).into_iter().map(|p| p.mark).collect::<Vec<_>>()
        };
        let words = "We will never give your passport to anybody. We keep all cookies for ever.";
        for short in ["e", "", "never", "We will", ".", "We keep all cookies for ever. And more."] {
            assert!(marks(words, &[short]).contains(&Mark::Unbound), "{short:?}");
        }
        let one = "We will never give your passport to anybody.";
        assert_eq!(marks(words, &[one]), [Mark::Statement, Mark::Unbound]);
        assert_eq!(marks(words, &[words]), [Mark::Statement, Mark::Statement]);
    }

    #[test]
    fn a_heading_can_promise() {
        assert!(asks("What we never do") && asks("Do we keep it?") && !asks("We will never sell or share your data"));
        let heading = |mark| Block {
            heading: Some(2),
            anchor: None,
            line: 1,
            pieces: vec![Piece { text: "x".into(), promises: vec![], mark }],
        };
        assert!(counted(&[heading(Mark::Statement)]).is_empty());
        assert_eq!(counted(&[heading(Mark::Unbound)]).get(&Mark::Unbound), Some(&1));
    }
}
