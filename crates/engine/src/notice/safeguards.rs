//! A copy of the safeguards of a transfer (GDPR Art. 13(1)(f), 14(1)(f)): the signed text without the passages that stay secret.
//!
//! In the text, such a passage stands as `[[REASON: PASSAGE]]`.

use thiserror::Error;

/// What stands in the place of a passage, however long that was.
const BAR: &str = "████████";

/// A text without its secret passages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copy {
    /// What may be given away.
    pub text: String,
    /// Reasons of the passages that were taken out, in the order of the text.
    pub blackened: Vec<String>,
}

/// Why no copy is made. Names lines and reasons, never words of a passage.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refused {
    /// A passage is begun and not ended, or another one begins within it.
    #[error("line {0}: a passage begins with `[[` and does not end with `]]` before the next one begins")]
    Open(usize),
    /// A passage ends that was not begun.
    #[error("line {0}: `]]` ends no passage")]
    Closed(usize),
    /// A passage without a reason, or without words.
    #[error("line {0}: a passage is written `[[REASON: WORDS]]`")]
    Unreasoned(usize),
    /// A passage for a reason that the folder does not declare.
    #[error("line {0}: `redact` of the transfer names no {1:?}")]
    Undeclared(usize, String),
    /// Nothing in the text is marked with a declared reason.
    #[error("no passage is marked with {0:?}, which the copy must not hold: mark it, or take it out of `redact`")]
    Missing(String),
    /// What is secret also stands in the open.
    #[error("line {line}: what is blackened as {reason:?} also stands here, unmarked")]
    Repeated {
        /// The line in the text.
        line: usize,
        /// The reason under which it is secret elsewhere.
        reason: String,
    },
}

/// A passage or what lies between passages.
enum Part<'a> {
    Open(&'a str),
    Secret { reason: &'a str, words: &'a str },
}

/// The copy of a text. Each reason of `redact` must be there, and none else.
///
/// # Errors
/// When a passage is not marked as it must be, or stands elsewhere as well.
pub fn copy(text: &str, redact: &[&str]) -> Result<Copy, Refused> {
    let parts = parts(text, redact)?;
    let mut copy = Copy { text: String::new(), blackened: Vec::new() };
    for part in &parts {
        match part {
            Part::Open(words) => copy.text.push_str(words),
            Part::Secret { reason, .. } => {
                copy.text.push_str(&format!("{BAR} ({reason})"));
                copy.blackened.push((*reason).to_owned());
            }
        }
    }
    if let Some(missing) = redact.iter().find(|reason| !copy.blackened.iter().any(|b| b == *reason)) {
        return Err(Refused::Missing((*missing).to_owned()));
    }
    let secrets = parts.iter().filter_map(|part| match part {
        Part::Secret { reason, words } => Some((*reason, plain(words))),
        Part::Open(_) => None,
    });
    let open = plain(&copy.text);
    match secrets.into_iter().find(|(_, words)| stands(&open, words)) {
        Some((reason, words)) => Err(Refused::Repeated { line: line_of(text, &words), reason: reason.to_owned() }),
        None => Ok(copy),
    }
}

fn parts<'a>(text: &'a str, redact: &[&str]) -> Result<Vec<Part<'a>>, Refused> {
    let line = |rest: &str| text[..text.len() - rest.len()].matches('\n').count() + 1;
    let (mut parts, mut rest) = (Vec::new(), text);
    loop {
        let (before, after) = rest.split_once("[[").map_or((rest, None), |(before, after)| (before, Some(after)));
        // A stray end would mean that somebody believes a passage to be secret which is not.
        if let Some(at) = before.find("]]") {
            return Err(Refused::Closed(line(&rest[at..])));
        }
        parts.push(Part::Open(before));
        let Some(after) = after else { return Ok(parts) };
        let ended = after.split_once("]]").filter(|(inside, _)| !inside.contains("[["));
        let (inside, behind) = ended.ok_or_else(|| Refused::Open(line(after)))?;
        let (reason, words) = inside.split_once(':').map_or(("", ""), |(reason, words)| (reason.trim(), words.trim()));
        if reason.is_empty() || words.is_empty() {
            return Err(Refused::Unreasoned(line(after)));
        }
        if !redact.contains(&reason) {
            return Err(Refused::Undeclared(line(after), reason.to_owned()));
        }
        parts.push(Part::Secret { reason, words });
        rest = behind;
    }
}

/// Small letters, and one space for each run of anything that is neither letter nor digit.
fn plain(text: &str) -> String {
    let letters: String = text.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    letters.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Do the words stand in a text, as whole words?
fn stands(text: &str, words: &str) -> bool {
    !words.is_empty() && format!(" {text} ").contains(&format!(" {words} "))
}

/// The first line with words outside of passages; the first of all where they run over several.
fn line_of(text: &str, words: &str) -> usize {
    let open = |line: &str| {
        let mut pieces = line.split("[[");
        let first = pieces.next().unwrap_or_default().to_owned();
        pieces.filter_map(|piece| Some(piece.split_once("]]")?.1)).fold(first, |all, rest| all + " " + rest)
    };
    text.lines().position(|line| stands(&plain(&open(line)), words)).map_or(1, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::{Refused, copy};

    const REDACT: [&str; 2] = ["prices", "names"];

    #[test]
    fn passages_go_and_leave_a_bar_of_one_length_with_the_reason() {
        let text = "Fee: [[prices: 40 euro]], later [[prices: four hundred and\n\neighty euro]].\nSigned: [[names: Ann Berg]]\n";
        let made = copy(text, &REDACT).expect("a copy");
        let bar = |reason| format!("████████ ({reason})");
        let expected = format!("Fee: {}, later {}.\nSigned: {}\n", bar("prices"), bar("prices"), bar("names"));
        assert_eq!((made.text, made.blackened), (expected, ["prices", "prices", "names"].map(str::to_owned).to_vec()));
    }

    #[test]
    fn nothing_is_made_of_a_text_that_is_not_marked_through() {
        let whole = "a\n[[prices: 1 euro]] [[names: Ann Berg]]\n";
        for (text, expected) in [
            ("a\n[[prices: 1 euro]]".to_owned(), Refused::Missing("names".to_owned())),
            (format!("{whole}[[prices: 2"), Refused::Open(3)),
            (format!("{whole}[[prices: 2 [[names: x]] ]]"), Refused::Open(3)),
            (format!("{whole}2 euro]]"), Refused::Closed(3)),
            (format!("{whole}[[secret]]"), Refused::Unreasoned(3)),
            (format!("{whole}[[prices: ]]"), Refused::Unreasoned(3)),
            (format!("{whole}[[dates: 1 May]]"), Refused::Undeclared(3, "dates".to_owned())),
            (format!("{whole}\nas ann  BERG said"), Refused::Repeated { line: 4, reason: "names".to_owned() }),
        ] {
            assert_eq!(copy(&text, &REDACT).err(), Some(expected), "{text}");
        }
        assert!(copy("[[prices: 1]] [[names: Ann]] Anna has 11", &REDACT).is_ok(), "parts of other words are no words");
    }
}
