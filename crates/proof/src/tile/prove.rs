//! Proofs from tiles, reading only the tiles that hold the hashes of the proof.

use std::collections::BTreeSet;
use std::ops::Range;

use super::{TileError, TilePath, Tiles, WIDTH, read_hashes};
use crate::hash::Hash;
use crate::tree::{MAX_SIZE, consistency_ranges, inclusion_ranges, node_hash, root, split};

/// The paths that [`prove_inclusion`] reads.
pub fn inclusion_reads(index: u64, size: u64) -> Vec<String> {
    if index < size && size <= MAX_SIZE { reads(inclusion_ranges(index, size), size) } else { Vec::new() }
}

/// The paths that [`prove_consistency`] reads.
pub fn consistency_reads(old: u64, new: u64) -> Vec<String> {
    if 0 < old && old <= new && new <= MAX_SIZE { reads(consistency_ranges(old, new), new) } else { Vec::new() }
}

/// The proof that entry `index` is in a ledger of `size` entries.
///
/// # Errors
/// When there is no such entry, or a tile is missing or cut.
pub fn prove_inclusion(tiles: &dyn Tiles, size: u64, index: u64) -> Result<Vec<Hash>, TileError> {
    if index >= size || size > MAX_SIZE {
        return Err(TileError::Index { index, size });
    }
    inclusion_ranges(index, size).into_iter().map(|range| range_root(tiles, range, size)).collect()
}

/// The proof that the ledger at `old` entries is a beginning of the ledger at `new` entries.
///
/// # Errors
/// When `old` is larger, or a tile is missing or cut.
pub fn prove_consistency(tiles: &dyn Tiles, old: u64, new: u64) -> Result<Vec<Hash>, TileError> {
    if old > new || new > MAX_SIZE {
        return Err(TileError::Index { index: old, size: new });
    }
    if old == 0 {
        return Ok(Vec::new());
    }
    consistency_ranges(old, new).into_iter().map(|range| range_root(tiles, range, new)).collect()
}

/// A perfect subtree as tiles hold it: `count` neighbouring hashes of one tile.
struct Place {
    tile: TilePath,
    first: usize,
    count: usize,
}

/// Where the hashes of a perfect, aligned range lie in a ledger of `size` entries.
fn place(range: &Range<u64>, size: u64) -> Option<Place> {
    let length = range.end - range.start;
    let height = length.ilog2();
    let level = height / 8;
    let position = range.start >> (8 * level);
    let tile = TilePath::hashes(level as u8, position / WIDTH, size)?;
    Some(Place { tile, first: (position % WIDTH) as usize, count: 1 << (height % 8) })
}

/// A range of a proof is perfect, or ends where the tree ends: then it is a row of perfect ranges.
fn perfect_ranges(mut range: Range<u64>) -> Vec<Range<u64>> {
    let mut perfect = Vec::new();
    while !(range.end - range.start).is_power_of_two() {
        let middle = range.start + split(range.end - range.start);
        perfect.push(range.start..middle);
        range.start = middle;
    }
    perfect.push(range);
    perfect
}

fn reads(ranges: Vec<Range<u64>>, size: u64) -> Vec<String> {
    let perfect = ranges.into_iter().flat_map(perfect_ranges);
    let tiles: BTreeSet<TilePath> = perfect.filter_map(|range| place(&range, size)).map(|place| place.tile).collect();
    tiles.iter().map(TilePath::to_string).collect()
}

fn range_root(tiles: &dyn Tiles, range: Range<u64>, size: u64) -> Result<Hash, TileError> {
    let roots = perfect_ranges(range.clone())
        .into_iter()
        .map(|perfect| {
            let missing = TileError::Index { index: perfect.end, size };
            let Place { tile, first, count } = place(&perfect, size).ok_or(missing)?;
            let hashes = read_hashes(tiles, tile)?;
            hashes.get(first..first + count).map(root).ok_or(TileError::Malformed(tile))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let joined = roots.into_iter().rev().reduce(|right, left| node_hash(&left, &right));
    joined.ok_or(TileError::Index { index: range.start, size })
}
