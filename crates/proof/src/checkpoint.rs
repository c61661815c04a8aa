//! Checkpoints (C2SP tlog-checkpoint): what the operator signs about the ledger.
//!
//! The text is three lines: the origin (the name of the ledger and of the key that signs for it), the number of entries,
//! and the root hash in base64. Extension lines are refused, because nobody could verify what they say.

use crate::hash::Hash;
use crate::key::Signer;
use crate::note::{self, Note, NoteError};
use crate::tree::{Head, MAX_SIZE};

/// What a checkpoint states: that the ledger `origin` stood at `head`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The name of the ledger, which is also the name of the operator's key.
    pub origin: String,
    /// Size and root.
    pub head: Head,
}

/// Why a text is not a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// Not a signed note at all.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// A note with another text.
    #[error("a checkpoint has three lines: origin, number of entries, root hash in base64")]
    Lines,
}

impl Checkpoint {
    /// Signs that the signer's ledger stands at `head`; returns the note. Sign only heads that grew from the last one.
    ///
    /// # Errors
    /// When the ledger is larger than [`MAX_SIZE`].
    pub fn sign(head: Head, signer: &Signer) -> Result<String, CheckpointError> {
        if head.size > MAX_SIZE {
            return Err(CheckpointError::Lines);
        }
        let stated = Self { origin: signer.name().to_owned(), head };
        Ok(note::sign(&stated.text(), signer)?)
    }

    /// Reads a checkpoint. Its signatures are checked with [`Note::check`].
    ///
    /// # Errors
    /// When the text is not a note, or not of three canonical lines.
    pub fn parse(text: &str) -> Result<(Self, Note), CheckpointError> {
        let note = Note::parse(text)?;
        let stated = read(note.text()).ok_or(CheckpointError::Lines)?;
        // Leading zeros and signs parse as numbers; writing it back shows them.
        if stated.text() != note.text() {
            return Err(CheckpointError::Lines);
        }
        Ok((stated, note))
    }

    fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.head.size, self.head.root.to_base64())
    }
}

fn read(text: &str) -> Option<Checkpoint> {
    let mut lines = text.lines();
    let origin = lines.next().filter(|line| !line.is_empty())?.to_owned();
    let size = lines.next()?.parse().ok().filter(|size| *size <= MAX_SIZE)?;
    let root = Hash(crate::decode_base64(lines.next()?)?.try_into().ok()?);
    Some(Checkpoint { origin, head: Head { size, root } })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::Signatures;

    #[test]
    fn a_published_checkpoint_is_read() {
        let text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
            — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";
        let (checkpoint, _) = Checkpoint::parse(text).unwrap();
        assert_eq!((checkpoint.origin.as_str(), checkpoint.head.size), ("example.com/behind-the-sofa", 20_852_163));
    }

    #[test]
    fn what_is_signed_is_read_back() {
        let signer = Signer::from_seed("acme.example/ledger", &[1; 32]).unwrap();
        let text = Checkpoint::sign(Head::empty(), &signer).unwrap();
        let (checkpoint, note) = Checkpoint::parse(&text).unwrap();
        assert_eq!(checkpoint, Checkpoint { origin: "acme.example/ledger".into(), head: Head::empty() });
        assert_eq!(note.check(&[signer.verifier()]), Signatures::Good(vec![signer.verifier()]));
    }

    #[test]
    fn second_spellings_are_refused() {
        let signer = Signer::from_seed("a", &[1; 32]).unwrap();
        let root = Hash([0; 32]).to_base64();
        for text in [
            format!("a\n07\n{root}\n"),
            format!("a\n+7\n{root}\n"),
            format!("a\n7\n{}\n", root.trim_end_matches('=')),
            format!("a\n7\n{}B=\n", &root[..42]),
            format!("a\n7\n{root}\nextension\n"),
            format!("\n7\n{root}\n"),
            format!("a\n{}\n{root}\n", u64::MAX),
            "a\n7\n".to_owned(),
        ] {
            let note = note::sign(&text, &signer).unwrap();
            assert_eq!(Checkpoint::parse(&note), Err(CheckpointError::Lines), "{text}");
        }
    }
}
