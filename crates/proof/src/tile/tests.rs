use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::tree::{self, Head, leaf_hash};

type Stored = BTreeMap<String, Vec<u8>>;

fn entry(i: u64) -> Vec<u8> {
    format!("entry {i}").into_bytes()
}

/// Grows a ledger in steps, deleting everything that a log may delete.
fn grown(steps: &[u64]) -> (Stored, Head) {
    let (mut tiles, mut head) = (Stored::new(), Head::empty());
    for step in steps {
        let edge: Stored =
            append_reads(head.size).into_iter().map(|path| (path.clone(), tiles[&path].clone())).collect();
        let entries: Vec<_> = (head.size..head.size + step).map(entry).collect();
        let growth = append(&edge, &head, &entries).unwrap();
        for path in edge.keys().filter(|_| *step > 0) {
            tiles.remove(path);
        }
        tiles.extend(growth.files);
        head = growth.head;
    }
    (tiles, head)
}

fn leaves(size: u64) -> Vec<crate::hash::Hash> {
    (0..size).map(|i| leaf_hash(&entry(i))).collect()
}

#[test]
fn paths_are_those_of_the_specification() {
    let path = |index, size| TilePath::hashes(0, index, size).unwrap().to_string();
    assert_eq!(path(0, 256), "tile/0/000");
    assert_eq!(path(1_234_067, u64::MAX), "tile/0/x001/x234/067");
    assert_eq!(path(273, 70_000), "tile/0/273.p/112");
    assert_eq!(TilePath::hashes(1, 1, 70_000).unwrap().to_string(), "tile/1/001.p/17");
    assert_eq!(TilePath::hashes(2, 0, 70_000).unwrap().to_string(), "tile/2/000.p/1");
    assert_eq!(TilePath::entries(999, 256_000).unwrap().to_string(), "tile/entries/999");
    assert_eq!(TilePath::entries(1000, 256_000), None);
    let count = |level| TilePath::all(70_000).filter(|path| path.level() == level).count();
    assert_eq!([count(None), count(Some(0)), count(Some(1)), count(Some(2)), count(Some(3))], [274, 274, 2, 1, 0]);
}

#[test]
fn paths_have_one_spelling() {
    for good in ["tile/0/000", "tile/5/x001/234.p/17", "tile/entries/x001/000"] {
        assert_eq!(good.parse::<TilePath>().unwrap().to_string(), good);
    }
    for bad in [
        "tile/00/000",
        "tile/0/00",
        "tile/0/001/234",
        "tile/0/x000/000",
        "tile/0/000.p/256",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/64/000",
        "tile/0/",
        "tile/entries",
        "checkpoint",
        "tile/0/xx01",
        "tile/0/+01",
    ] {
        assert!(bad.parse::<TilePath>().is_err(), "{bad}");
    }
}

#[test]
fn the_folder_holds_exactly_the_files_of_its_size() {
    for steps in [&[1][..], &[255, 1], &[256], &[300, 212], &[1, 700, 0, 3], &[65_536], &[65_000, 537, 300]] {
        let (tiles, head) = grown(steps);
        let expected: BTreeSet<String> = TilePath::all(head.size).map(|path| path.to_string()).collect();
        assert_eq!(tiles.keys().cloned().collect::<BTreeSet<_>>(), expected, "{steps:?}");
        assert_eq!(head, Head::of(&leaves(head.size)), "{steps:?}");
    }
}

#[test]
fn a_full_tile_serves_for_a_deleted_partial_one() {
    let (mut tiles, _) = grown(&[300]);
    let (later, _) = grown(&[512]);
    tiles.remove("tile/0/001.p/44");
    assert!(matches!(prove_inclusion(&tiles, 300, 299), Err(TileError::Missing(_))));
    tiles.insert("tile/0/001".into(), later["tile/0/001"].clone());
    assert_eq!(prove_inclusion(&tiles, 300, 299).unwrap(), tree::prove_inclusion(&leaves(300), 299).unwrap());
}

#[test]
fn damaged_edges_are_never_built_upon() {
    let (tiles, head) = grown(&[700]);
    for path in append_reads(700) {
        let mut damaged = tiles.clone();
        damaged.get_mut(&path).unwrap()[5] ^= 1;
        assert!(append(&damaged, &head, &[entry(700)]).is_err(), "{path}");
        damaged.remove(&path);
        assert!(append(&damaged, &head, &[entry(700)]).is_err(), "{path}");
    }
    assert_eq!(append(&tiles, &head, &[vec![0; 65_536]]), Err(TileError::TooLong(0)));
    assert!(append(&tiles, &head, &[vec![0; 65_535]]).is_ok());
}

struct Counting<'a>(&'a Stored, RefCell<BTreeSet<String>>);

impl Tiles for Counting<'_> {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        self.1.borrow_mut().insert(path.to_owned());
        self.0.read(path)
    }
}

#[test]
fn proofs_read_few_tiles_and_exactly_those_announced() {
    let (tiles, head) = grown(&[70_000]);
    for index in [0, 255, 256, 65_535, 65_536, 69_999] {
        let counting = Counting(&tiles, RefCell::default());
        let proof = prove_inclusion(&counting, head.size, index).unwrap();
        tree::verify_inclusion(&head, index, &entry(index), &proof).unwrap();
        let read: Vec<_> = counting.1.into_inner().into_iter().collect();
        assert_eq!(read.iter().collect::<BTreeSet<_>>(), inclusion_reads(index, head.size).iter().collect());
        assert!(read.len() <= 5, "{read:?}");
    }
    for old in [1, 255, 256, 65_536, 69_999, 70_000] {
        let counting = Counting(&tiles, RefCell::default());
        prove_consistency(&counting, old, head.size).unwrap();
        let read = counting.1.into_inner();
        assert_eq!(read, consistency_reads(old, head.size).into_iter().collect());
        assert!(read.len() <= 5, "{read:?}");
    }
}

proptest! {
    #[test]
    fn proofs_from_tiles_equal_those_from_leaves(steps in prop::collection::vec(1_u64..400, 1..4), at in any::<u64>()) {
        let (tiles, head) = grown(&steps);
        let all = leaves(head.size);
        let index = at % head.size;
        prop_assert_eq!(prove_inclusion(&tiles, head.size, index).ok(), tree::prove_inclusion(&all, index));
        prop_assert_eq!(prove_consistency(&tiles, index, head.size).ok(), tree::prove_consistency(&all, index));
    }

    #[test]
    fn bundles_survive(entries in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..30)) {
        let bytes = encode_bundle(&entries).unwrap();
        prop_assert_eq!(decode_bundle(&bytes), Some(entries));
        if let Some((_, cut)) = bytes.split_last() {
            prop_assert!(decode_bundle(cut).is_none() || cut.is_empty());
        }
    }
}
