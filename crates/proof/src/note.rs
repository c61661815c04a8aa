//! Signed notes (C2SP signed-note): a text, an empty line, then signature lines.
//!
//! ```text
//! some text
//!
//! — acme.example/ledger h+Rk1A...
//! ```
//!
//! A signature line is an em dash, the key's name, and base64 of the key id and the signature. Lines by keys that the
//! reader does not trust are ignored, as the format demands: they prove nothing and harm nothing.

use crate::key::{KeyError, Signer, VerifierKey, check_name};

const MAX_BYTES: usize = 1 << 20;
const MAX_SIGNATURES: usize = 100;
const DASH: &str = "\u{2014} ";

/// Why a text is not a signed note.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// More than a note may hold.
    #[error("a note holds at most 1 MiB and 100 signatures")]
    TooLong,
    /// A control character other than line feed.
    #[error("a note holds no control characters")]
    Control,
    /// The text is empty or does not end its last line.
    #[error("the text of a note must be non-empty and end with a line feed")]
    Text,
    /// No empty line, or nothing after it.
    #[error("no signatures: a note ends with an empty line and signature lines")]
    Unsigned,
    /// A line after the last empty line is not a signature.
    #[error("signature line {0} is not \"— name base64\"")]
    Line(usize),
    /// The name in a signature line.
    #[error("in a signature line: {0}")]
    Name(#[from] KeyError),
}

/// A note as read; nothing about its signatures is established until [`Note::check`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Line>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    name: String,
    id: [u8; 4],
    signature: Vec<u8>,
}

/// What the signatures of a note say to somebody who trusts a given set of keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signatures {
    /// The reader gave no key, so no signature was checked.
    NoTrustedKey,
    /// Signed, but by none of the trusted keys.
    OtherKey {
        /// The names in the signature lines.
        names: Vec<String>,
    },
    /// A line claims a trusted key, and the signature is not that key's over this text.
    Bad {
        /// The name of that key.
        name: String,
    },
    /// Signed by these trusted keys, each named once; there is at least one.
    Good(Vec<VerifierKey>),
}

/// Signs `text` and returns the whole note.
///
/// # Errors
/// When the text could not be read back: empty, without final line feed, or with control characters.
pub fn sign(text: &str, signer: &Signer) -> Result<String, NoteError> {
    check_text(text)?;
    let mut bytes = signer.verifier().id().to_vec();
    bytes.extend(signer.sign(text.as_bytes()));
    let note = format!("{text}\n{DASH}{} {}\n", signer.name(), crate::encode_base64(&bytes));
    if note.len() > MAX_BYTES {
        return Err(NoteError::TooLong);
    }
    Ok(note)
}

fn check_text(text: &str) -> Result<(), NoteError> {
    if text.contains(|c: char| c < ' ' && c != '\n') {
        return Err(NoteError::Control);
    }
    if text == "\n" || !text.ends_with('\n') {
        return Err(NoteError::Text);
    }
    Ok(())
}

impl Note {
    /// Reads a note. Exactly one spelling of each note is accepted.
    ///
    /// # Errors
    /// When the text does not have the form of a note.
    pub fn parse(note: &str) -> Result<Self, NoteError> {
        if note.len() > MAX_BYTES {
            return Err(NoteError::TooLong);
        }
        let split = note.rfind("\n\n").ok_or(NoteError::Unsigned)?;
        let (text, lines) = (&note[..=split], &note[split + 2..]);
        check_text(text)?;
        let lines = lines.strip_suffix('\n').ok_or(NoteError::Unsigned)?;
        let signatures =
            lines.split('\n').enumerate().map(|(i, line)| parse_line(line, i + 1)).collect::<Result<Vec<_>, _>>()?;
        if signatures.len() > MAX_SIGNATURES {
            return Err(NoteError::TooLong);
        }
        Ok(Self { text: text.to_owned(), signatures })
    }

    /// The signed text, with its final line feed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Checks the signatures against the keys that the reader trusts.
    pub fn check(&self, trusted: &[VerifierKey]) -> Signatures {
        if trusted.is_empty() {
            return Signatures::NoTrustedKey;
        }
        let mut good: Vec<VerifierKey> = Vec::new();
        for line in &self.signatures {
            let Some(key) = trusted.iter().find(|key| key.name() == line.name && key.id() == line.id) else {
                continue;
            };
            if !key.verify(&self.text, &line.signature) {
                return Signatures::Bad { name: line.name.clone() };
            }
            if !good.contains(key) {
                good.push(key.clone());
            }
        }
        if good.is_empty() {
            let names = self.signatures.iter().map(|line| line.name.clone()).collect();
            return Signatures::OtherKey { names };
        }
        Signatures::Good(good)
    }
}

fn parse_line(line: &str, number: usize) -> Result<Line, NoteError> {
    let malformed = NoteError::Line(number);
    let Some((name, bytes)) = line.strip_prefix(DASH).and_then(|rest| rest.split_once(' ')) else {
        return Err(malformed);
    };
    check_name(name)?;
    let bytes = crate::decode_base64(bytes).ok_or(malformed.clone())?;
    match bytes.split_first_chunk::<4>() {
        Some((id, signature)) if !signature.is_empty() => {
            Ok(Line { name: name.to_owned(), id: *id, signature: signature.to_vec() })
        }
        _ => Err(malformed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signer(name: &str, seed: u8) -> Signer {
        Signer::from_seed(name, &[seed; 32]).unwrap()
    }

    #[test]
    fn a_published_note_verifies() {
        let text = "If you think cryptography is the answer to your problem,\n\
                    then you don't know what your problem is.\n";
        let note = format!(
            "{text}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
        );
        let key: VerifierKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW".parse().unwrap();
        let note = Note::parse(&note).unwrap();
        assert_eq!(note.text(), text);
        assert_eq!(note.check(std::slice::from_ref(&key)), Signatures::Good(vec![key]));
    }

    #[test]
    fn the_ways_to_be_untrusted_are_told_apart() {
        let (ours, same_name, other) = (signer("a", 1), signer("a", 2), signer("b", 3));
        let note = Note::parse(&sign("text\n", &ours).unwrap()).unwrap();
        assert_eq!(note.check(&[]), Signatures::NoTrustedKey);
        for key in [same_name, other] {
            assert_eq!(note.check(&[key.verifier()]), Signatures::OtherKey { names: vec!["a".into()] });
        }
        let altered = sign("text\n", &ours).unwrap().replace("text", "tent");
        let altered = Note::parse(&altered).unwrap();
        assert_eq!(altered.check(&[ours.verifier()]), Signatures::Bad { name: "a".into() });
    }

    #[test]
    fn unknown_lines_are_ignored_and_repeated_ones_count_once() {
        let (ours, other) = (signer("a", 1), signer("b", 2));
        let (mine, theirs) = (sign("t\n", &ours).unwrap(), sign("t\n", &other).unwrap());
        let line = |note: &str| note.lines().last().unwrap().to_owned();
        let both = format!("{mine}{}\n{}\n", line(&theirs), line(&mine));
        let note = Note::parse(&both).unwrap();
        assert_eq!(note.check(&[ours.verifier()]), Signatures::Good(vec![ours.verifier()]));
    }

    #[test]
    fn malformed_notes_are_refused() {
        let good = sign("text\n", &signer("a", 1)).unwrap();
        assert_eq!(Note::parse("text\n"), Err(NoteError::Unsigned));
        assert_eq!(Note::parse("text\n\n"), Err(NoteError::Unsigned));
        assert_eq!(Note::parse(good.trim_end()), Err(NoteError::Unsigned));
        assert_eq!(Note::parse(&good.replace('—', "-")), Err(NoteError::Line(1)));
        assert_eq!(Note::parse(&good.replace("text", "te\txt")), Err(NoteError::Control));
        assert_eq!(Note::parse(&good.replace("— a ", "— a  ")), Err(NoteError::Line(1)));
        assert_eq!(sign("no line feed", &signer("a", 1)), Err(NoteError::Text));
        assert_eq!(sign("a\rb\n", &signer("a", 1)), Err(NoteError::Control));
    }
}
