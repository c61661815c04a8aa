//! Ed25519 keys with names: signing keys, and verifier keys in the text form of C2SP signed notes.
//!
//! A verifier key is written `name+id+material`: the name, eight hexadecimal digits of key id, and base64 of one type byte
//! followed by the 32-byte public key. Type `0x01` signs notes (an operator); type `0x04` cosigns checkpoints (a witness).
//! The id is the first four bytes of `SHA-256(name || 0x0a || type || public key)`, so it follows from the rest and is
//! checked when a key is read.

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

use crate::hash::{Hash, decode_hex};

const TYPE_NOTE: u8 = 0x01;
const TYPE_COSIGNATURE: u8 = 0x04;

/// Why a key was not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The name is empty or holds a character that the note format reserves.
    #[error("a key name must be non-empty, without spaces, control characters or \"+\"")]
    Name,
    /// The text does not have the three parts of a verifier key.
    #[error("a verifier key is written NAME+ID+KEY, for example acme.example/ledger+530d903a+AekyeR...")]
    Parts,
    /// The last part is not base64 of a type byte and 32 bytes.
    #[error("the last part of a verifier key is base64 of 33 bytes; this one is not, or is cut short")]
    Material,
    /// Neither a note key (0x01) nor a witness key (0x04).
    #[error("key type {0:#04x} is not supported: Ed25519 note keys (0x01) and witness keys (0x04) are")]
    Type(u8),
    /// Not a usable point of the curve.
    #[error("the bytes are not a usable Ed25519 public key")]
    Point,
    /// The id does not belong to name and key: a typing mistake.
    #[error("the key id does not match name and key: a character was lost or changed")]
    Id,
    /// One line of a list of keys is wrong.
    #[error("line {line}: {error}")]
    Line {
        /// Line number, from 1.
        line: usize,
        /// What is wrong with it.
        error: Box<KeyError>,
    },
}

/// A named signing key. Wiped from memory when dropped; never printed.
pub struct Signer {
    name: String,
    key: SigningKey,
}

impl Signer {
    /// The signing key of this 32-byte secret seed. `name` is the origin of the ledger that it signs.
    ///
    /// # Errors
    /// [`KeyError::Name`] when the name cannot stand in a signature line.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, KeyError> {
        check_name(name)?;
        let key = SigningKey::from_bytes(seed);
        Ok(Self { name: name.to_owned(), key })
    }

    /// The name, which is the origin of the ledger.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The public half, to be handed to those who verify.
    pub fn verifier(&self) -> VerifierKey {
        VerifierKey { name: self.name.clone(), role: Role::Operator, key: self.key.verifying_key() }
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.key.sign(message).to_bytes()
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("name", &self.name).finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Operator,
    Witness,
}

/// A named public key. [`Display`](fmt::Display) and [`FromStr`] are the `name+id+material` text.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    role: Role,
    key: VerifyingKey,
}

impl VerifierKey {
    /// The name that stands in signature lines.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether this key cosigns checkpoints of others (type `0x04`) instead of signing notes.
    pub fn is_witness(&self) -> bool {
        self.role == Role::Witness
    }

    pub(crate) fn id(&self) -> [u8; 4] {
        let mut input = self.name.clone().into_bytes();
        input.push(b'\n');
        input.extend(self.material());
        let [a, b, c, d, ..] = Hash::of(&input).0;
        [a, b, c, d]
    }

    fn material(&self) -> Vec<u8> {
        let kind = match self.role {
            Role::Operator => TYPE_NOTE,
            Role::Witness => TYPE_COSIGNATURE,
        };
        let mut bytes = vec![kind];
        bytes.extend(self.key.as_bytes());
        bytes
    }

    /// Whether `signature` (the bytes after the key id of a signature line) is this key's over the note `text`.
    pub(crate) fn verify(&self, text: &str, signature: &[u8]) -> bool {
        match self.role {
            Role::Operator => self.verify_bytes(text.as_bytes(), signature),
            Role::Witness => self.verify_cosignature(text, signature),
        }
    }

    /// C2SP tlog-cosignature: eight bytes of time, then a signature over two header lines and the text.
    fn verify_cosignature(&self, text: &str, signature: &[u8]) -> bool {
        let Some((time, signature)) = signature.split_first_chunk::<8>() else {
            return false;
        };
        let time = u64::from_be_bytes(*time);
        let message = format!("cosignature/v1\ntime {time}\n{text}");
        self.verify_bytes(message.as_bytes(), signature)
    }

    fn verify_bytes(&self, message: &[u8], signature: &[u8]) -> bool {
        // The strict form refuses the second spellings that plain Ed25519 verification lets through.
        Signature::from_slice(signature).is_ok_and(|s| self.key.verify_strict(message, &s).is_ok())
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let material = crate::encode_base64(&self.material());
        write!(f, "{}+{}+{material}", self.name, hex::encode(self.id()))
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifierKey({self})")
    }
}

impl FromStr for VerifierKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        // Base64 may hold "+", the name and the id may not: split from the left.
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(material)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(KeyError::Parts);
        };
        check_name(name)?;
        let material = crate::decode_base64(material).ok_or(KeyError::Material)?;
        let (kind, public) = material.split_first().ok_or(KeyError::Material)?;
        let role = match *kind {
            TYPE_NOTE => Role::Operator,
            TYPE_COSIGNATURE => Role::Witness,
            other => return Err(KeyError::Type(other)),
        };
        let public: &[u8; 32] = public.try_into().map_err(|_| KeyError::Material)?;
        let key = VerifyingKey::from_bytes(public).map_err(|_| KeyError::Point)?;
        if key.is_weak() {
            return Err(KeyError::Point);
        }
        let read = Self { name: name.to_owned(), role, key };
        if decode_hex(id) != Some(read.id()) {
            return Err(KeyError::Id);
        }
        Ok(read)
    }
}

/// Reads verifier keys, one a line; empty lines and lines that begin with `#` are skipped.
///
/// # Errors
/// [`KeyError::Line`] with the number of the first line that is not a key.
pub fn parse_list(text: &str) -> Result<Vec<VerifierKey>, KeyError> {
    let lines = text.lines().enumerate().map(|(i, line)| (i + 1, line.trim()));
    lines
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .map(|(line, key)| key.parse().map_err(|error| KeyError::Line { line, error: Box::new(error) }))
        .collect()
}

pub(crate) fn check_name(name: &str) -> Result<(), KeyError> {
    let reserved = |c: char| c == '+' || c.is_whitespace() || c.is_control();
    if name.is_empty() || name.contains(reserved) { Err(KeyError::Name) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_survives_reading() {
        let key = Signer::from_seed("acme.example/ledger", &[7; 32]).unwrap().verifier();
        assert_eq!(key.to_string().parse(), Ok(key));
    }

    #[test]
    fn a_published_key_is_read() {
        let text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
        let key: VerifierKey = text.parse().unwrap();
        assert_eq!((key.name(), key.to_string().as_str()), ("PeterNeumann", text));
    }

    #[test]
    fn each_mistake_has_its_error() {
        let good = Signer::from_seed("a", &[7; 32]).unwrap().verifier().to_string();
        let id = &good[2..10];
        let read = |text: &str| text.parse::<VerifierKey>().unwrap_err();
        assert_eq!(read("a+b"), KeyError::Parts);
        assert_eq!(read(&good.replace("a+", "b c+")), KeyError::Name);
        assert_eq!(read(&good.replace(id, "00000000")), KeyError::Id);
        assert_eq!(read(&good.replacen("a+", "b+", 1)), KeyError::Id);
        assert_eq!(read(&good[..good.len() - 4]), KeyError::Material);
        assert_eq!(read(&format!("a+00000000+{}", crate::encode_base64(&[2; 33]))), KeyError::Type(2));
        assert!(matches!(parse_list(&format!("# ours\n\n{good}\nx")), Err(KeyError::Line { line: 4, .. })));
        assert_eq!(Signer::from_seed("", &[0; 32]).unwrap_err(), KeyError::Name);
    }

    #[test]
    fn debug_output_holds_no_secret() {
        let signer = Signer::from_seed("a", &[0x5a; 32]).unwrap();
        assert_eq!(format!("{signer:?}"), "Signer { name: \"a\", .. }");
    }
}
