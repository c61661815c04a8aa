//! The Merkle tree of RFC 6962 over SHA-256: hashes, roots, and both kinds of proof.
//!
//! A leaf is `SHA-256(0x00 || entry)`, a node `SHA-256(0x01 || left || right)`, so that no entry can pose as a node. A
//! tree of `n > 1` leaves splits after the largest power of two below `n`. Proofs are made by naming the ranges of leaves
//! whose roots they consist of, so the same code serves leaves in memory and tiles on disk. They are verified by
//! `ct-merkle`, a library apart from the code that makes them.

use std::ops::Range;

use ct_merkle::{ConsistencyProof, InclusionProof, RootHash};
use sha2::{Digest, Sha256};

use crate::canonical::MAX_INTEGER;
use crate::hash::Hash;

/// The most leaves a ledger may have: every JSON reader keeps such an index exactly.
pub const MAX_SIZE: u64 = MAX_INTEGER;

/// A tree of a certain size: what a checkpoint states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Number of leaves.
    pub size: u64,
    /// Root hash over those leaves.
    pub root: Hash,
}

impl Head {
    /// The tree without leaves.
    pub fn empty() -> Self {
        Self { size: 0, root: root(&[]) }
    }

    /// The tree over these leaf hashes.
    pub fn of(leaves: &[Hash]) -> Self {
        Self { size: leaves.len() as u64, root: root(leaves) }
    }

    fn to_root_hash(self) -> RootHash<Sha256> {
        RootHash::new(self.root.0.into(), self.size)
    }
}

/// A proof does not show what it should.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The tree has no such leaf, or is beyond [`MAX_SIZE`].
    #[error("leaf {index} is not in a tree of {size} leaves")]
    Index {
        /// The leaf asked about.
        index: u64,
        /// The size of the tree.
        size: u64,
    },
    /// A tree cannot shrink, or is beyond [`MAX_SIZE`].
    #[error("a tree of {old} leaves cannot be the beginning of one of {new}")]
    Sizes {
        /// Leaves of the older tree.
        old: u64,
        /// Leaves of the newer tree.
        new: u64,
    },
    /// The hashes do not add up to the root.
    #[error("the proof does not lead to the root")]
    Root,
}

/// The hash of a leaf that holds `entry`.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Hash(Sha256::new_with_prefix([0x00]).chain_update(entry).finalize().into())
}

/// The hash of a node over two subtrees.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Hash(Sha256::new_with_prefix([0x01]).chain_update(left.0).chain_update(right.0).finalize().into())
}

/// The root over leaf hashes (for no leaves, the hash of nothing).
pub fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::of(b""),
        [one] => *one,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len() as u64) as usize);
            node_hash(&root(left), &root(right))
        }
    }
}

/// Where a tree of `size > 1` leaves splits: the largest power of two below `size`.
pub(crate) fn split(size: u64) -> u64 {
    1 << (size - 1).ilog2()
}

/// The ranges of leaves whose roots are the inclusion proof of leaf `index` in a tree of `size`, in proof order.
pub(crate) fn inclusion_ranges(index: u64, size: u64) -> Vec<Range<u64>> {
    let (mut whole, mut ranges) = (0..size, Vec::new());
    while whole.end - whole.start > 1 {
        let middle = whole.start + split(whole.end - whole.start);
        let (left, right) = (whole.start..middle, middle..whole.end);
        let (inside, sibling) = if index < middle { (left, right) } else { (right, left) };
        ranges.push(sibling);
        whole = inside;
    }
    ranges.reverse();
    ranges
}

/// The ranges of leaves whose roots are the consistency proof from a tree of `old` to one of `new` leaves
/// (`1 <= old <= new`), in proof order.
pub(crate) fn consistency_ranges(old: u64, new: u64) -> Vec<Range<u64>> {
    let (mut whole, mut ranges) = (0..new, Vec::new());
    while whole.end != old {
        let middle = whole.start + split(whole.end - whole.start);
        let (left, right) = (whole.start..middle, middle..whole.end);
        let (inside, sibling) = if old <= middle { (left, right) } else { (right, left) };
        ranges.push(sibling);
        whole = inside;
    }
    // The old tree is a whole subtree at the left edge: the verifier knows its root already.
    if whole.start > 0 {
        ranges.push(whole);
    }
    ranges.reverse();
    ranges
}

fn roots(leaves: &[Hash], ranges: Vec<Range<u64>>) -> Vec<Hash> {
    ranges.into_iter().map(|range| root(&leaves[range.start as usize..range.end as usize])).collect()
}

/// The proof that leaf `index` is in the tree over `leaves`; `None` when there is no such leaf.
pub fn prove_inclusion(leaves: &[Hash], index: u64) -> Option<Vec<Hash>> {
    let size = leaves.len() as u64;
    (index < size).then(|| roots(leaves, inclusion_ranges(index, size)))
}

/// The proof that the tree over the first `old` of `leaves` is a beginning of the tree over all; `None` when `old` is
/// larger. From an empty tree nothing needs proof, and the proof is empty.
pub fn prove_consistency(leaves: &[Hash], old: u64) -> Option<Vec<Hash>> {
    let new = leaves.len() as u64;
    match old {
        0 => Some(Vec::new()),
        _ => (old <= new).then(|| roots(leaves, consistency_ranges(old, new))),
    }
}

fn concatenated(proof: &[Hash]) -> Vec<u8> {
    proof.iter().flat_map(|hash| hash.0).collect()
}

/// Verifies that `entry` is leaf `index` of the tree `head`.
///
/// # Errors
/// When there is no such leaf, or the proof does not lead to the root.
pub fn verify_inclusion(head: &Head, index: u64, entry: &[u8], proof: &[Hash]) -> Result<(), ProofError> {
    if index >= head.size || head.size > MAX_SIZE {
        return Err(ProofError::Index { index, size: head.size });
    }
    let proof = InclusionProof::try_from_bytes(concatenated(proof)).map_err(|_| ProofError::Root)?;
    head.to_root_hash().verify_inclusion(&entry, index, &proof).map_err(|_| ProofError::Root)
}

/// Verifies that the tree `old` is a beginning of the tree `new`: nothing was left out, changed or put between.
///
/// # Errors
/// When `new` is smaller, or the proof does not lead to both roots.
pub fn verify_consistency(old: &Head, new: &Head, proof: &[Hash]) -> Result<(), ProofError> {
    if old.size > new.size || new.size > MAX_SIZE {
        return Err(ProofError::Sizes { old: old.size, new: new.size });
    }
    if old.size == 0 {
        // Every tree begins with the empty one; ct-merkle leaves this case to its caller.
        let fits = *old == Head::empty() && proof.is_empty() && (new.size > 0 || new == old);
        return if fits { Ok(()) } else { Err(ProofError::Root) };
    }
    let proof = ConsistencyProof::try_from_bytes(concatenated(proof)).map_err(|_| ProofError::Root)?;
    let (old, new) = (old.to_root_hash(), new.to_root_hash());
    new.verify_consistency(&old, &proof).map_err(|_| ProofError::Root)
}

#[cfg(test)]
mod tests;
