//! Evidence that a stranger can verify: certificates, the ledger that holds them, and the checks.
//!
//! This crate is meant to be read by auditors. It does no input or output, reads no clock, makes no random numbers: every
//! function is a calculation on its arguments. Formats are public ones wherever a public one exists:
//!
//! | module | what | format |
//! |---|---|---|
//! | [`key`], [`note`] | who signed a text | Ed25519, C2SP signed-note |
//! | [`tree`] | hashes, inclusion and consistency proofs | RFC 6962 |
//! | [`tile`] | how the ledger lies on disk | C2SP tlog-tiles |
//! | [`checkpoint`] | what the operator signs about the ledger | C2SP tlog-checkpoint |
//! | [`canonical`] | one byte form for each JSON value | RFC 8785, whole numbers only |
//! | [`entry`], [`certificate`] | what a ledger entry and a certificate say | described there |
//! | [`mod@verify`] | every check, by name | |
//!
//! # How trust flows
//!
//! The reader trusts a verifier key, and nothing else. That key signs the certificate's body; the body commits to each
//! statement by hash. The digest of the signed body is an entry of the ledger; an inclusion proof leads from the entry to
//! the root of the tree; that root stands in a checkpoint signed by the same operator. Witnesses may cosign checkpoints,
//! so that an operator cannot show different ledgers to different readers. Without them, comparing the certificate with a
//! copy of the ledger, or with an older checkpoint, finds such a fork.
//!
//! A certificate shows what was run and found. It cannot show that no other copy of the data exists.

pub mod canonical;
pub mod certificate;
pub mod checkpoint;
pub mod entry;
pub mod hash;
pub mod key;
pub mod note;
pub mod tile;
pub mod tree;
pub mod verify;

mod token;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

pub(crate) fn encode_base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Standard base64 with padding. The engine refuses stray trailing bits, so each byte string has one spelling.
pub(crate) fn decode_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}
