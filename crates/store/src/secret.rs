//! Secret keys: sealing (XChaCha20-Poly1305), keyed digests (HMAC-SHA-256), derivation. Wiped from memory when dropped.

use std::fmt;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::entropy;
use crate::error::StoreError;

const NONCE: usize = 24;

/// A key of 32 bytes.
#[derive(Clone)]
pub(crate) struct Secret(Zeroizing<[u8; 32]>);

impl Secret {
    pub(crate) fn random() -> Result<Self, StoreError> {
        Ok(Self(Zeroizing::new(entropy::bytes()?)))
    }

    pub(crate) fn from_slice(bytes: &[u8]) -> Option<Self> {
        let mut key = Zeroizing::new([0; 32]);
        if bytes.len() != key.len() {
            return None;
        }
        key.copy_from_slice(bytes);
        Some(Self(key))
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Another key for one use, so that no key ever serves two.
    pub(crate) fn derive(&self, usage: &str) -> Self {
        Self(Zeroizing::new(self.digest(&["upheld derive", usage].map(str::as_bytes))))
    }

    /// Keyed digest over a list; lengths are part of it, so that no two lists look alike.
    pub(crate) fn digest(&self, parts: &[&[u8]]) -> [u8; 32] {
        // HMAC pads a short key with zeros to one block; so given, its length cannot be wrong.
        let mut block = Zeroizing::new([0; 64]);
        block[..32].copy_from_slice(self.bytes());
        let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new((&*block).into());
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// Seals `plain` so that it opens only with the same `context`: a sealed value cannot be moved to another place.
    pub(crate) fn seal(&self, context: &[&str], plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        let nonce = entropy::bytes::<NONCE>()?;
        let payload = Payload { msg: plain, aad: &bind(context) };
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), payload);
        let sealed = sealed.map_err(|_| StoreError::damaged("a value is too long to be sealed"))?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// The sealed bytes; `None` when they were altered, moved, or sealed with another key.
    pub(crate) fn open(&self, context: &[&str], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
        let payload = Payload { msg: sealed, aad: &bind(context) };
        self.cipher().decrypt(&XNonce::from(*nonce), payload).ok().map(Zeroizing::new)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.bytes().into())
    }
}

fn bind(context: &[&str]) -> Vec<u8> {
    let parts = ["upheld seal 1"].iter().chain(context);
    parts.flat_map(|part| (part.len() as u64).to_be_bytes().into_iter().chain(part.bytes())).collect()
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_only_in_its_place() {
        let key = Secret::random().unwrap();
        let sealed = key.seal(&["plan", "case-1"], b"secret").unwrap();
        assert_eq!(key.open(&["plan", "case-1"], &sealed).unwrap().as_slice(), b"secret");
        assert!(key.open(&["plan", "case-2"], &sealed).is_none());
        assert!(key.open(&["planc", "ase-1"], &sealed).is_none());
        assert!(Secret::random().unwrap().open(&["plan", "case-1"], &sealed).is_none());
        for at in 0..sealed.len() {
            let mut bad = sealed.clone();
            bad[at] ^= 1;
            assert!(key.open(&["plan", "case-1"], &bad).is_none());
        }
        assert!(key.open(&["plan", "case-1"], b"short").is_none());
        assert_ne!(sealed, key.seal(&["plan", "case-1"], b"secret").unwrap(), "a fresh nonce each time");
    }

    #[test]
    fn digests_are_keyed_and_unambiguous() {
        let (one, two) = (Secret::from_slice(&[1; 32]).unwrap(), Secret::from_slice(&[2; 32]).unwrap());
        assert_ne!(one.digest(&[b"ab", b"c"]), one.digest(&[b"a", b"bc"]));
        assert_ne!(one.digest(&[b"a"]), two.digest(&[b"a"]));
        assert_ne!(one.derive("a").bytes(), one.derive("b").bytes());
        assert_eq!(format!("{one:?}"), "Secret(..)");
    }
}
