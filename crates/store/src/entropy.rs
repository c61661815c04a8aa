//! The one place where random bytes are drawn from the operating system.

use crate::error::StoreError;

/// `N` random bytes, fit for keys, nonces and salts.
///
/// # Errors
/// When the operating system has no randomness to give.
pub fn bytes<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| StoreError::Entropy(error.to_string()))?;
    Ok(bytes)
}

/// A fresh opaque identifier such as `case-6f0c2a9be1d34f57`, with 64 random bits.
///
/// # Errors
/// When the operating system has no randomness to give.
pub fn id(kind: &str) -> Result<String, StoreError> {
    Ok(format!("{kind}-{}", hex::encode(bytes::<8>()?)))
}
