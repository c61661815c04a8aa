//! Growing a ledger: which files to write when entries are added at the end.

use super::{TileError, TilePath, Tiles, WIDTH, encode_bundle, encode_hashes, read_bundle, read_hashes};
use crate::hash::Hash;
use crate::tree::{Head, MAX_SIZE, leaf_hash, node_hash, root};

/// What appending entries comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Growth {
    /// Paths and bytes to write. Write them durably before a checkpoint of the new head is shown to anybody.
    pub files: Vec<(String, Vec<u8>)>,
    /// The ledger with the new entries.
    pub head: Head,
}

/// The right edge of a ledger: for each level the hashes of its unfinished tile.
struct Edge {
    levels: Vec<Vec<Hash>>,
}

/// The paths that [`append`] reads from a ledger of `size` entries: its unfinished tiles and its unfinished bundle.
pub fn append_reads(size: u64) -> Vec<String> {
    let edge = edge_bundle(size).into_iter().chain(edge_tiles(size).into_iter().flatten());
    edge.map(|path| path.to_string()).collect()
}

fn edge_bundle(size: u64) -> Option<TilePath> {
    TilePath::entries(size / WIDTH, size)
}

/// One item for each level that has hashes at all; `None` where its last tile is full.
fn edge_tiles(size: u64) -> Vec<Option<TilePath>> {
    let levels = (0..8).take_while(|level| size >> (8 * level) > 0);
    levels.map(|level| TilePath::hashes(level, (size >> (8 * level)) / WIDTH, size)).collect()
}

impl Edge {
    fn read(tiles: &dyn Tiles, size: u64) -> Result<Self, TileError> {
        let levels =
            edge_tiles(size).into_iter().map(|path| path.map_or(Ok(Vec::new()), |path| read_hashes(tiles, path)));
        Ok(Self { levels: levels.collect::<Result<_, _>>()? })
    }

    /// The root of the whole tree: the unfinished tile of each level lies to the right of the levels above it.
    fn root(&self) -> Hash {
        let subtrees = self.levels.iter().filter(|hashes| !hashes.is_empty()).map(|hashes| hashes.as_slice());
        // From the smallest subtree at the right end, leftwards; within a level, by falling powers of two.
        subtrees.fold(None, join_left).unwrap_or_else(|| root(&[]))
    }

    /// Adds a leaf. Where that fills a tile, hands the full tile to `full` and carries its root up.
    fn push(&mut self, leaf: Hash, mut full: impl FnMut(u8, &[Hash])) {
        let mut carried = leaf;
        for level in 0.. {
            if self.levels.len() == usize::from(level) {
                self.levels.push(Vec::new());
            }
            let hashes = &mut self.levels[usize::from(level)];
            hashes.push(carried);
            if (hashes.len() as u64) < WIDTH {
                return;
            }
            full(level, hashes);
            carried = root(hashes);
            hashes.clear();
        }
    }
}

/// The root over `hashes` with the subtree `right` (if any) after them. Each of the perfect subtrees that make up
/// `hashes` is larger than everything to its right, so it joins at its own node.
fn join_left(right: Option<Hash>, mut hashes: &[Hash]) -> Option<Hash> {
    let mut perfect = Vec::new();
    while !hashes.is_empty() {
        let (subtree, rest) = hashes.split_at(1 << hashes.len().ilog2());
        perfect.push(root(subtree));
        hashes = rest;
    }
    perfect.into_iter().rev().fold(right, |right, left| Some(right.map_or(left, |right| node_hash(&left, &right))))
}

/// Appends `entries` to the ledger `old`, whose edge is read from `tiles` (see [`append_reads`]).
///
/// The stored edge is compared with `old.root` first, so that damaged tiles are never built upon and never signed.
///
/// # Errors
/// When a tile of the edge is missing, damaged or does not lead to `old.root`, or an entry is too long.
pub fn append(tiles: &dyn Tiles, old: &Head, entries: &[Vec<u8>]) -> Result<Growth, TileError> {
    let size = old.size + entries.len() as u64;
    if size > MAX_SIZE {
        return Err(TileError::Index { index: size, size: MAX_SIZE });
    }
    let mut edge = Edge::read(tiles, old.size)?;
    if edge.root() != old.root {
        return Err(TileError::Edge);
    }
    let mut files = bundles(unfinished_bundle(tiles, old.size, &edge)?, old.size, entries)?;
    for (filled, entry) in (old.size + 1..).zip(entries) {
        edge.push(leaf_hash(entry), |level, hashes| {
            let index = (filled >> (8 * level)) / WIDTH - 1;
            files.extend(TilePath::hashes(level, index, filled).map(|path| (path.to_string(), encode_hashes(hashes))));
        });
    }
    if !entries.is_empty() {
        let unfinished = edge_tiles(size).into_iter().flatten();
        files.extend(unfinished.map(|path| {
            let level = usize::from(path.level().unwrap_or_default());
            (path.to_string(), encode_hashes(&edge.levels[level]))
        }));
    }
    Ok(Growth { files, head: Head { size, root: edge.root() } })
}

fn unfinished_bundle(tiles: &dyn Tiles, size: u64, edge: &Edge) -> Result<Vec<Vec<u8>>, TileError> {
    let Some(path) = edge_bundle(size) else {
        return Ok(Vec::new());
    };
    let entries = read_bundle(tiles, path)?;
    let leaves = entries.iter().map(|entry| leaf_hash(entry));
    if leaves.eq(edge.levels[0].iter().copied()) { Ok(entries) } else { Err(TileError::Bundle(path)) }
}

/// The bundles that hold `entries` when they follow the `unfinished` one of a ledger of `old` entries.
fn bundles(unfinished: Vec<Vec<u8>>, old: u64, entries: &[Vec<u8>]) -> Result<Vec<(String, Vec<u8>)>, TileError> {
    let kept = unfinished.len();
    if let Some(position) = entries.iter().position(|entry| entry.len() > usize::from(u16::MAX)) {
        return Err(TileError::TooLong(position));
    }
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    let size = old + entries.len() as u64;
    let all: Vec<Vec<u8>> = unfinished.into_iter().chain(entries.iter().cloned()).collect();
    let first = (old - kept as u64) / WIDTH;
    let paths = (first..).map_while(|index| TilePath::entries(index, size));
    paths.zip(all.chunks(WIDTH as usize)).map(|(path, chunk)| Ok((path.to_string(), encode_bundle(chunk)?))).collect()
}
