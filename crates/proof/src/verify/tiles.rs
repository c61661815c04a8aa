//! Reading every file of a ledger and finding which one was altered.
//!
//! Entries and leaf hashes say the same thing twice. Where they disagree, the signed root decides which of the two is
//! right. All higher hashes are recomputed.

use std::collections::BTreeSet;

use super::Files;
use super::report::Fault;
use crate::entry::Entry;
use crate::hash::Hash;
use crate::tile::{TilePath, WIDTH, decode_bundle, decode_hashes, encode_hashes};
use crate::tree::{Head, leaf_hash, root};

/// Name of the check, what is wrong, and where.
type Finding = (&'static str, Fault, String);

/// Bundle and leaf tile of the same place. Each is `None` where its file is missing or not of its form.
struct Pair {
    index: u64,
    bundle: Option<Vec<Hash>>,
    tile: Option<Vec<Hash>>,
    /// What is wrong with the first entry that is not in the form of one.
    malformed: Option<String>,
}

impl Pair {
    fn disagrees(&self) -> bool {
        matches!((&self.bundle, &self.tile), (Some(bundle), Some(tile)) if bundle != tile)
    }
}

/// All files of a ledger, read and compared.
pub(super) struct Reading<'a> {
    files: &'a dyn Files,
    size: u64,
    leaves: Option<Vec<Hash>>,
    faults: Vec<Finding>,
    /// Leaf tiles about which all is said.
    reported: BTreeSet<TilePath>,
    file_count: usize,
    ahead: usize,
}

impl<'a> Reading<'a> {
    /// Reads the files of a ledger that stands at `head`.
    pub(super) fn of(files: &'a dyn Files, head: Head) -> Self {
        let mut reading = Self {
            files,
            size: head.size,
            leaves: None,
            faults: Vec::new(),
            reported: BTreeSet::new(),
            file_count: 0,
            ahead: 0,
        };
        if let Some(pairs) = reading.read_pairs() {
            let leaves = reading.decide(pairs, head);
            let levels = levels(leaves.clone());
            reading.compare_tiles(&levels);
            reading.compare_others(&levels);
            reading.leaves = Some(leaves);
        }
        reading
    }

    /// What is wrong with the files.
    pub(super) fn faults(&self) -> &[Finding] {
        &self.faults
    }

    /// The leaf hashes; `None` when neither entries nor hashes could be read somewhere.
    pub(super) fn leaves(&self) -> Option<Vec<Hash>> {
        self.leaves.clone()
    }

    /// How many files the checkpoint covers.
    pub(super) fn file_count(&self) -> usize {
        self.file_count
    }

    /// How many files belong to entries after the checkpoint.
    pub(super) fn ahead(&self) -> usize {
        self.ahead
    }

    fn fault(&mut self, fault: Fault, path: impl ToString) {
        self.faults.push(("ledger files", fault, path.to_string()));
    }

    /// Bundles and leaf tiles, side by side. Stops at the first place where both are gone, so that a checkpoint of absurd
    /// size costs nothing.
    fn read_pairs(&mut self) -> Option<Vec<Pair>> {
        let mut pairs = Vec::new();
        for index in 0.. {
            let (Some(bundle), Some(tile)) =
                (TilePath::entries(index, self.size), TilePath::hashes(0, index, self.size))
            else {
                break;
            };
            let entries = self.read_bundle(bundle);
            let malformed = entries.as_ref().and_then(|entries| malformed(entries, bundle));
            let bundle = entries.map(|entries| entries.iter().map(|entry| leaf_hash(entry)).collect());
            let pair = Pair { index, bundle, tile: self.read_leaf_tile(tile), malformed };
            if pair.bundle.is_none() && pair.tile.is_none() {
                return None;
            }
            pairs.push(pair);
        }
        Some(pairs)
    }

    fn read_bundle(&mut self, path: TilePath) -> Option<Vec<Vec<u8>>> {
        let entries = self.read_form(path, Fault::BundleAltered, decode_bundle)?;
        self.file_count += 1;
        Some(entries)
    }

    fn read_leaf_tile(&mut self, path: TilePath) -> Option<Vec<Hash>> {
        self.read_form(path, Fault::TileAltered, decode_hashes)
    }

    /// The bytes of a file, and whether the file is exactly this one: a full file may stand in place of a partial one, and
    /// goes on beyond the checkpoint.
    fn read(&self, path: TilePath) -> Option<(Vec<u8>, bool)> {
        let exact = self.files.read(&path.to_string()).map(|bytes| (bytes, true));
        exact.or_else(|| self.files.read(&path.full().to_string()).map(|bytes| (bytes, false)))
    }

    /// The items of a file; when it is missing or not of its form, says so.
    fn read_form<T>(
        &mut self,
        path: TilePath,
        altered: Fault,
        decode: impl Fn(&[u8]) -> Option<Vec<T>>,
    ) -> Option<Vec<T>> {
        let Some((bytes, exact)) = self.read(path) else {
            self.reported.insert(path);
            self.fault(Fault::FileMissing, path);
            return None;
        };
        let fits = |items: &Vec<T>| items.len() == path.width() || (!exact && items.len() > path.width());
        let items = decode(&bytes).filter(fits);
        if items.is_none() {
            self.reported.insert(path);
            self.fault(altered, path);
        }
        items.map(|mut items| {
            items.truncate(path.width());
            items
        })
    }

    /// The leaf hashes. Where bundle and tile disagree, whichever leads to the root is right.
    fn decide(&mut self, pairs: Vec<Pair>, head: Head) -> Vec<Hash> {
        let from = |prefer_bundle: bool| -> Vec<Hash> {
            let chosen = pairs.iter().map(|pair| {
                let (first, second) =
                    if prefer_bundle { (&pair.bundle, &pair.tile) } else { (&pair.tile, &pair.bundle) };
                first.as_ref().or(second.as_ref())
            });
            chosen.flatten().flatten().copied().collect()
        };
        let (bundles, tiles) = (from(true), from(false));
        let (bundles_right, tiles_right) = (Head::of(&bundles) == head, Head::of(&tiles) == head);
        for pair in pairs.iter().filter(|pair| pair.disagrees()) {
            let paths = [TilePath::entries(pair.index, self.size), TilePath::hashes(0, pair.index, self.size)];
            let [Some(bundle), Some(tile)] = paths else { continue };
            match (bundles_right, tiles_right) {
                // The tile is reported when tiles are compared with what the entries say.
                (true, _) => {}
                (false, true) => self.fault(Fault::BundleAltered, bundle),
                (false, false) => {
                    self.reported.insert(tile);
                    self.fault(Fault::Disagree, format!("{bundle} and {tile}: the root supports neither"));
                }
            }
        }
        let only_tiles = tiles_right && !bundles_right;
        for pair in pairs {
            // The entries of an altered bundle are not those that the operator wrote.
            let as_written = !(only_tiles && pair.disagrees());
            let malformed = pair.malformed.filter(|_| as_written);
            self.faults.extend(malformed.map(|detail| ("ledger entries", Fault::EntryMalformed, detail)));
        }
        if only_tiles { tiles } else { bundles }
    }

    fn compare_tiles(&mut self, levels: &[Vec<Hash>]) {
        let size = self.size;
        let paths = TilePath::all(size).filter(|path| path.level().is_some());
        for path in paths {
            self.file_count += 1;
            if self.reported.contains(&path) {
                continue;
            }
            let expected = expected(levels, path).unwrap_or_default();
            match self.read(path) {
                None => self.fault(Fault::FileMissing, path),
                Some((bytes, true)) if bytes == expected => {}
                Some((bytes, false)) if bytes.starts_with(&expected) => {}
                Some(_) => self.fault(Fault::TileAltered, path),
            }
        }
    }

    /// Older partial tiles that were never deleted must agree too; anything else has no business among the tiles.
    fn compare_others(&mut self, levels: &[Vec<Hash>]) {
        let mut paths: Vec<String> = self.files.paths().into_iter().filter(|path| path.starts_with("tile/")).collect();
        paths.sort();
        for text in paths {
            let Ok(path) = text.parse::<TilePath>() else {
                self.fault(Fault::Unexpected, text);
                continue;
            };
            let current = match path.level() {
                Some(level) => TilePath::hashes(level, path.index(), self.size),
                None => TilePath::entries(path.index(), self.size),
            };
            match current {
                Some(current) if current == path => {}
                Some(current) if path.width() < current.width() => self.compare_older(levels, path),
                _ => self.ahead += 1,
            }
        }
    }

    fn compare_older(&mut self, levels: &[Vec<Hash>], path: TilePath) {
        let bytes = self.files.read(&path.to_string());
        let hashes = |bytes: &[u8]| match path.level() {
            Some(_) => decode_hashes(bytes),
            None => decode_bundle(bytes).map(|entries| entries.iter().map(|entry| leaf_hash(entry)).collect()),
        };
        self.file_count += 1;
        let found = bytes.and_then(|bytes| hashes(&bytes)).map(|hashes| encode_hashes(&hashes));
        if found != expected(levels, path) {
            let fault = if path.level().is_some() { Fault::TileAltered } else { Fault::BundleAltered };
            self.fault(fault, path);
        }
    }
}

fn malformed(entries: &[Vec<u8>], path: TilePath) -> Option<String> {
    let mut numbered = (path.index() * WIDTH..).zip(entries);
    numbered.find_map(|(index, entry)| Some(format!("entry {index} in {path}: {}", Entry::parse(entry).err()?)))
}

/// Every level of hashes: the leaves, then the root of each full tile of the level below.
fn levels(leaves: Vec<Hash>) -> Vec<Vec<Hash>> {
    let mut levels = vec![leaves];
    while let Some(last) = levels.last().filter(|last| last.len() as u64 >= WIDTH) {
        let (full, _) = last.as_chunks::<{ WIDTH as usize }>();
        let above = full.iter().map(|tile| root(tile)).collect();
        levels.push(above);
    }
    levels
}

/// The bytes that the hash tile at `path` must have; for a bundle, those of its leaf hashes.
fn expected(levels: &[Vec<Hash>], path: TilePath) -> Option<Vec<u8>> {
    let level = levels.get(usize::from(path.level().unwrap_or(0)))?;
    let start = usize::try_from(path.index().checked_mul(WIDTH)?).ok()?;
    level.get(start..start.checked_add(path.width())?).map(encode_hashes)
}
