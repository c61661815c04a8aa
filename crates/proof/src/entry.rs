//! Ledger entries: what happened, to which case, when, and the digest of the evidence. Never a personal value.
//!
//! An entry is canonical JSON with exactly these keys:
//!
//! ```json
//! {"at":"2026-12-28T09:30:00Z","case":"c-17","digest":"e3b0...","kind":"certificate","refs":{"plan":"p-3"},"v":1}
//! ```

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::canonical::{self, CanonicalError};
use crate::hash::Hash;
pub use crate::token::TokenError;
use crate::token::{check_identifier, check_time};

/// What an entry records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A request came in or changed its state.
    Request,
    /// Somebody approved a plan.
    Approval,
    /// A plan began to be applied.
    RunStarted,
    /// A step of a plan was applied.
    StepReceipt,
    /// A run ended.
    RunFinished,
    /// A certificate was signed; the digest is that of its signed body.
    Certificate,
    /// A version of a notice was published; the digest is that of the version.
    Notice,
    /// Somebody acknowledged a version of a notice, agreed to it or refused it.
    Agreement,
    /// Somebody got a copy of the safeguards of a transfer.
    Safeguards,
    /// People were told of a version of a notice by one channel; the digest covers who, keyed.
    Told,
}

/// One entry. The digest is keyed or salted by the caller wherever what it covers could be guessed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What it records.
    pub kind: Kind,
    /// When, in UTC (RFC 3339, ending in `Z`).
    pub at: String,
    /// The case, as an opaque identifier.
    pub case: String,
    /// Digest of the evidence, which is kept elsewhere.
    pub digest: Hash,
    /// Names and opaque identifiers of what else it concerns, such as plan, step or system.
    pub refs: BTreeMap<String, String>,
    #[serde(rename = "v")]
    version: Version,
}

/// The only version so far; written as the number 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
struct Version;

impl TryFrom<u64> for Version {
    type Error = &'static str;

    fn try_from(number: u64) -> Result<Self, Self::Error> {
        if number == 1 { Ok(Self) } else { Err("only version 1 is known") }
    }
}

impl From<Version> for u64 {
    fn from(_: Version) -> Self {
        1
    }
}

/// Why an entry was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum EntryError {
    /// A field could hold more than an identifier or a time.
    #[error("ledger entry: {0}")]
    Token(#[from] TokenError),
    /// The bytes are not the canonical form of an entry.
    #[error("ledger entry: {0}")]
    Canonical(#[from] CanonicalError),
}

impl Entry {
    /// An entry without references; add them to [`refs`](Entry::refs).
    pub fn new(kind: Kind, at: &str, case: &str, digest: Hash) -> Self {
        let (at, case) = (at.to_owned(), case.to_owned());
        Self { kind, at, case, digest, refs: BTreeMap::new(), version: Version }
    }

    /// The bytes that become a leaf of the ledger.
    ///
    /// # Errors
    /// When a field is not an opaque identifier or a time in UTC.
    pub fn to_bytes(&self) -> Result<Vec<u8>, EntryError> {
        self.validate()?;
        let value = serde_json::to_value(self).map_err(CanonicalError::from)?;
        Ok(canonical::to_text(&value)?.into_bytes())
    }

    /// Reads an entry; only the canonical bytes are accepted.
    ///
    /// # Errors
    /// When the bytes are anything but the canonical form of a valid entry.
    pub fn parse(bytes: &[u8]) -> Result<Self, EntryError> {
        let entry: Self = serde_json::from_slice(bytes).map_err(CanonicalError::from)?;
        if entry.to_bytes()? != bytes {
            return Err(CanonicalError::NotCanonical.into());
        }
        Ok(entry)
    }

    pub(crate) fn validate(&self) -> Result<(), TokenError> {
        check_time("at", &self.at)?;
        check_identifier("case", &self.case)?;
        for (name, value) in &self.refs {
            check_identifier("refs", name)?;
            check_identifier("refs", value)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        let mut entry = Entry::new(Kind::RunStarted, "2026-12-28T09:30:00Z", "c-17", Hash::of(b""));
        entry.refs.insert("plan".into(), "p-3".into());
        entry
    }

    #[test]
    fn the_bytes_are_as_documented() {
        let text = String::from_utf8(entry().to_bytes().unwrap()).unwrap();
        let digest = Hash::of(b"");
        assert_eq!(
            text,
            format!(
                "{{\"at\":\"2026-12-28T09:30:00Z\",\"case\":\"c-17\",\"digest\":\"{digest}\",\"kind\":\"run_started\",\"refs\":{{\"plan\":\"p-3\"}},\"v\":1}}"
            )
        );
        assert_eq!(Entry::parse(text.as_bytes()).unwrap(), entry());
    }

    #[test]
    fn a_personal_value_is_refused_and_not_repeated() {
        let mut entry = entry();
        entry.refs.insert("subject".into(), "ann@example.com".into());
        let error = entry.to_bytes().unwrap_err().to_string();
        assert!(!error.contains("ann"), "{error}");
        let error = Entry::parse(br#"{"ann@example.com":1}"#).unwrap_err().to_string();
        assert!(!error.contains("ann"), "{error}");
    }

    #[test]
    fn second_spellings_and_strangers_are_refused() {
        let good = String::from_utf8(entry().to_bytes().unwrap()).unwrap();
        for bad in [
            good.replace(":1}", ": 1}"),
            good.replace(":1}", ":2}"),
            good.replace("\"v\":1", "\"v\":1,\"w\":1"),
            good.replace("\"case\":", "\"case\":\"c-18\",\"case\":"),
            good.replace("run_started", "something"),
            good.replace("e3b0c", "E3b0c"),
            format!("{good}\n"),
        ] {
            assert!(Entry::parse(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
