//! The ledger as files (C2SP tlog-tiles): hash tiles, entry bundles, how they grow, and proofs read from them.
//!
//! A hash tile of level `l` holds up to 256 hashes, each the root of 256^l leaves. An entry bundle holds up to 256 entries,
//! each behind its length. Only the right edge is partial. So appending reads and proving reads at most a few files for
//! each level of 256, however long the ledger is.

mod append;
mod path;
mod prove;

use std::collections::BTreeMap;

use crate::hash::Hash;

pub use append::{Growth, append, append_reads};
pub use path::{PathError, TilePath};
pub use prove::{consistency_reads, inclusion_reads, prove_consistency, prove_inclusion};

/// Hashes in a full tile, entries in a full bundle.
pub const WIDTH: u64 = 256;

/// A way to read the files of a ledger, by paths such as `tile/0/000` or `checkpoint`.
pub trait Tiles {
    /// The bytes of a file; `None` when there is none.
    fn read(&self, path: &str) -> Option<Vec<u8>>;
}

impl Tiles for BTreeMap<String, Vec<u8>> {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        self.get(path).cloned()
    }
}

/// Why tiles could not be read or grown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TileError {
    /// The file is not there.
    #[error("{0} is missing")]
    Missing(TilePath),
    /// The file has another length or structure than its path says.
    #[error("{0} does not hold what its name says: it was cut, extended or altered")]
    Malformed(TilePath),
    /// The stored right edge does not lead to the root of the last checkpoint.
    #[error("the stored tiles do not lead to the root of the last checkpoint, so nothing was appended to them")]
    Edge,
    /// The last entry bundle and the last hash tile hold different entries.
    #[error("{0} does not hold the entries of the last hash tile, so nothing was appended to it")]
    Bundle(TilePath),
    /// A bundle states lengths in 16 bits.
    #[error("entry {0} is longer than 65,535 bytes")]
    TooLong(usize),
    /// The ledger has no such leaf, or no such older size, or would exceed the largest size.
    #[error("position {index} does not lie in a ledger of {size} entries")]
    Index {
        /// The position asked for.
        index: u64,
        /// The size of the ledger.
        size: u64,
    },
}

/// The entries as one bundle: each behind its length in two bytes, big-endian.
///
/// # Errors
/// [`TileError::TooLong`] with the position of an entry beyond 65,535 bytes.
pub fn encode_bundle(entries: &[Vec<u8>]) -> Result<Vec<u8>, TileError> {
    let mut bytes = Vec::new();
    for (i, entry) in entries.iter().enumerate() {
        let length = u16::try_from(entry.len()).map_err(|_| TileError::TooLong(i))?;
        bytes.extend(length.to_be_bytes());
        bytes.extend(entry);
    }
    Ok(bytes)
}

/// The entries of a bundle; `None` when its lengths do not add up.
pub fn decode_bundle(mut bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut entries = Vec::new();
    while !bytes.is_empty() {
        let (length, rest) = bytes.split_first_chunk::<2>()?;
        let (entry, rest) = rest.split_at_checked(u16::from_be_bytes(*length).into())?;
        entries.push(entry.to_vec());
        bytes = rest;
    }
    Some(entries)
}

/// The hashes of a tile's bytes; `None` when the length is not a multiple of 32.
pub(crate) fn decode_hashes(bytes: &[u8]) -> Option<Vec<Hash>> {
    let (hashes, rest) = bytes.as_chunks::<32>();
    rest.is_empty().then(|| hashes.iter().copied().map(Hash).collect())
}

pub(crate) fn encode_hashes(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

/// The bytes at `path`, or of the full tile in its place: a log may delete partial tiles once the full one exists.
fn read_tile(tiles: &dyn Tiles, path: &TilePath) -> Option<Vec<u8>> {
    tiles.read(&path.to_string()).or_else(|| tiles.read(&path.full().to_string()))
}

fn read_hashes(tiles: &dyn Tiles, path: TilePath) -> Result<Vec<Hash>, TileError> {
    let bytes = read_tile(tiles, &path).ok_or(TileError::Missing(path))?;
    let mut hashes = decode_hashes(&bytes).ok_or(TileError::Malformed(path))?;
    if hashes.len() < path.width() {
        return Err(TileError::Malformed(path));
    }
    hashes.truncate(path.width());
    Ok(hashes)
}

fn read_bundle(tiles: &dyn Tiles, path: TilePath) -> Result<Vec<Vec<u8>>, TileError> {
    let bytes = read_tile(tiles, &path).ok_or(TileError::Missing(path))?;
    let mut entries = decode_bundle(&bytes).ok_or(TileError::Malformed(path))?;
    if entries.len() < path.width() {
        return Err(TileError::Malformed(path));
    }
    entries.truncate(path.width());
    Ok(entries)
}

#[cfg(test)]
mod tests;
