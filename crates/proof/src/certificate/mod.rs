//! Certificates: the signed outcome of a plan, the statements meant for a reader, and the proof that the ledger holds it.
//!
//! The file is canonical JSON and a line feed, with these keys:
//!
//! - `certificate`: the signed note whose text is the body (format version, issuer and key, case, right, plan hash, time,
//!   outcome, and one commitment for each statement, ascending);
//! - `statements`: those meant for this reader, by name, each with the `commitment` that it claims and the `statement`;
//! - `ledger`: `null` until the ledger holds it, then the checkpoint (a signed note, with any cosignatures), the index, the
//!   entry, whose digest is the SHA-256 of the signed note, and the inclusion proof.
//!
//! Any subset of the statements verifies, because the body commits to each one apart. How many there are is not hidden.

mod body;
mod statement;

use serde::{Deserialize, Serialize};

use crate::canonical::{self, CanonicalError};
use crate::entry::{Entry, Kind, TokenError};
use crate::hash::Hash;
use crate::key::{Signer, VerifierKey};
use crate::note::{self, Note, NoteError};
use body::Signed;

pub use body::{Body, Outcome};
pub use statement::{Audience, Statement};

/// A certificate as one reader holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct Certificate {
    note: Note,
    signed: Signed,
    file: File,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    certificate: String,
    ledger: Option<Anchor>,
    statements: Vec<Disclosed>,
}

/// A statement as the file holds it: with the commitment that it claims, so that an altered statement can be told from one
/// that was never part of the certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Disclosed {
    pub(crate) commitment: Hash,
    pub(crate) statement: Statement,
}

/// Where the ledger holds a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    /// A checkpoint of a ledger that holds the entry: the signed note, with any cosignatures.
    pub checkpoint: String,
    /// The position of the entry.
    pub index: u64,
    /// The entry, whose digest is [`Certificate::digest`].
    pub entry: Entry,
    /// The inclusion proof, from the leaf up.
    pub proof: Vec<Hash>,
}

/// Why a certificate could not be made or read.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// A field could hold more than an identifier or a time.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// A statement that nobody may read.
    #[error("statement \"{0}\" is meant for nobody: name at least one audience")]
    NoAudience(String),
    /// Two statements that cannot be told apart: a salt was used twice.
    #[error("two statements are equal, salt included: each needs its own salt")]
    Repeated,
    /// The statements of a file are not in order.
    #[error("not in canonical form: statements stand in order of name and commitment, each once")]
    Order,
    /// A value or the file has no canonical form.
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
    /// The body is not a signed note.
    #[error("the signed body: {0}")]
    Note(#[from] NoteError),
    /// The signed note does not hold the lines of a certificate.
    #[error("the signed body does not hold the lines of an Upheld certificate, version 1")]
    Body,
}

impl Certificate {
    /// Signs a certificate that holds all statements and is not yet in the ledger.
    ///
    /// # Errors
    /// When a field is not an identifier or a time, or a statement has no canonical form.
    pub fn sign(body: &Body, statements: Vec<Statement>, signer: &Signer) -> Result<Self, CertificateError> {
        let mut disclosed = statements
            .into_iter()
            .map(|statement| Ok(Disclosed { commitment: statement.commitment()?, statement }))
            .collect::<Result<Vec<_>, CertificateError>>()?;
        disclosed.sort_by(|a, b| a.order().cmp(&b.order()));
        let mut commitments: Vec<Hash> = disclosed.iter().map(|one| one.commitment).collect();
        commitments.sort();
        if commitments.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(CertificateError::Repeated);
        }
        let signed = Signed { key: signer.verifier(), body: body.clone(), commitments };
        signed.validate()?;
        let text = note::sign(&signed.to_string(), signer)?;
        let note = Note::parse(&text)?;
        Ok(Self { note, signed, file: File { certificate: text, ledger: None, statements: disclosed } })
    }

    /// The digest that the ledger holds: the SHA-256 of the signed note.
    pub fn digest(&self) -> Hash {
        Hash::of(self.file.certificate.as_bytes())
    }

    /// The entry to append to the ledger for this certificate.
    pub fn entry(&self, at: &str) -> Entry {
        Entry::new(Kind::Certificate, at, &self.signed.body.case, self.digest())
    }

    /// The same certificate with its place in the ledger.
    #[must_use]
    pub fn anchored(mut self, anchor: Anchor) -> Self {
        self.file.ledger = Some(anchor);
        self
    }

    /// A copy that holds only the statements meant for `reader` (and those for everyone).
    #[must_use]
    pub fn disclose(&self, reader: Audience) -> Self {
        let mut copy = self.clone();
        copy.file.statements.retain(|one| one.statement.is_for(reader));
        copy
    }

    /// The file: canonical JSON and a line feed.
    ///
    /// # Errors
    /// When the anchor's entry or index has no canonical form.
    pub fn to_bytes(&self) -> Result<Vec<u8>, CertificateError> {
        if let Some(anchor) = &self.file.ledger {
            anchor.entry.validate()?;
        }
        let value = serde_json::to_value(&self.file).map_err(CanonicalError::from)?;
        let mut text = canonical::to_text(&value)?;
        text.push('\n');
        Ok(text.into_bytes())
    }

    /// Reads a file. Only its form is checked here; whether to believe it is for [`crate::verify::certificate`].
    ///
    /// # Errors
    /// When the bytes are anything but the canonical form of a certificate.
    pub fn parse(bytes: &[u8]) -> Result<Self, CertificateError> {
        let file: File = serde_json::from_slice(bytes).map_err(CanonicalError::from)?;
        let note = Note::parse(&file.certificate)?;
        let signed = Signed::parse(note.text()).ok_or(CertificateError::Body)?;
        if !file.statements.is_sorted_by(|a, b| a.order() < b.order()) {
            return Err(CertificateError::Order);
        }
        let certificate = Self { note, signed, file };
        if certificate.to_bytes()? != bytes {
            return Err(CanonicalError::NotCanonical.into());
        }
        Ok(certificate)
    }

    /// The origin of the ledger that issued it.
    pub fn issuer(&self) -> &str {
        self.signed.key.name()
    }

    /// What it is about.
    pub fn body(&self) -> &Body {
        &self.signed.body
    }

    /// The statements that this copy holds.
    pub fn statements(&self) -> impl Iterator<Item = &Statement> {
        self.file.statements.iter().map(|one| &one.statement)
    }

    /// How many statements the certificate has in all, disclosed here or not.
    pub fn statement_count(&self) -> usize {
        self.signed.commitments.len()
    }

    /// Its place in the ledger; `None` until it is included.
    pub fn anchor(&self) -> Option<&Anchor> {
        self.file.ledger.as_ref()
    }

    /// The key that it says signed it. Trust it only if it came to you by another way, too.
    pub(crate) fn named_key(&self) -> &VerifierKey {
        &self.signed.key
    }

    pub(crate) fn note(&self) -> &Note {
        &self.note
    }

    pub(crate) fn disclosed(&self) -> &[Disclosed] {
        &self.file.statements
    }

    pub(crate) fn commits_to(&self, commitment: &Hash) -> bool {
        self.signed.commitments.binary_search(commitment).is_ok()
    }
}

impl Disclosed {
    fn order(&self) -> (&str, Hash) {
        (self.statement.name(), self.commitment)
    }
}

#[cfg(test)]
mod tests;
