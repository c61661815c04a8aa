use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;

use super::*;

/// The leaves of the test data that Certificate Transparency implementations share.
fn published_leaves() -> Vec<Vec<u8>> {
    let leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    leaves.map(|leaf| hex::decode(leaf).unwrap()).to_vec()
}

const PUBLISHED_ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn hashes(texts: &[&str]) -> Vec<Hash> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

fn published_hashes() -> Vec<Hash> {
    published_leaves().iter().map(|leaf| leaf_hash(leaf)).collect()
}

#[test]
fn published_roots() {
    let leaves = published_hashes();
    for (size, expected) in PUBLISHED_ROOTS.iter().enumerate() {
        assert_eq!(root(&leaves[..size]).to_string(), *expected, "{size} leaves");
    }
}

#[test]
fn published_inclusion_proofs() {
    let leaves = published_hashes();
    let proof = |index, size: usize| prove_inclusion(&leaves[..size], index).unwrap();
    assert_eq!(proof(0, 1), []);
    assert_eq!(
        proof(0, 8),
        hashes(&[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ])
    );
    assert_eq!(
        proof(5, 8),
        hashes(&[
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ])
    );
    assert_eq!(proof(2, 3), hashes(&["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]));
}

#[test]
fn published_consistency_proofs() {
    let leaves = published_hashes();
    let proof = |old, new: usize| prove_consistency(&leaves[..new], old).unwrap();
    assert_eq!(proof(1, 1), []);
    assert_eq!(
        proof(1, 8),
        hashes(&[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ])
    );
    assert_eq!(
        proof(6, 8),
        hashes(&[
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ])
    );
}

#[test]
fn absurd_sizes_are_refused_and_do_not_panic() {
    let huge = Head { size: u64::MAX, root: Hash([0; 32]) };
    let one = Head { size: 1, ..huge };
    assert!(verify_inclusion(&huge, u64::MAX - 1, b"", &[]).is_err());
    assert!(verify_inclusion(&one, 1, b"", &[]).is_err());
    assert!(verify_consistency(&one, &huge, &[]).is_err());
    assert!(verify_consistency(&huge, &one, &[]).is_err());
    let largest = Head { size: MAX_SIZE, ..huge };
    assert_eq!(verify_inclusion(&largest, MAX_SIZE - 1, b"", &[]), Err(ProofError::Root));
    assert_eq!(verify_consistency(&one, &largest, &[]), Err(ProofError::Root));
}

#[test]
fn every_tree_begins_with_the_empty_one() {
    let head = Head::of(&published_hashes());
    assert!(verify_consistency(&Head::empty(), &head, &[]).is_ok());
    assert!(verify_consistency(&Head { size: 0, ..head }, &head, &[]).is_err());
    assert!(verify_consistency(&Head::empty(), &Head { size: 0, ..head }, &[]).is_err());
}

fn entries(size: usize) -> Vec<Vec<u8>> {
    (0..size).map(|i| i.to_string().into_bytes()).collect()
}

fn flipped(proof: &[Hash], at: usize) -> Vec<Hash> {
    let mut proof = proof.to_vec();
    let place = at % (proof.len() * 32);
    proof[place / 32].0[place % 32] ^= 1 << (at % 8);
    proof
}

proptest! {
    #[test]
    fn inclusion(size in 1_usize..600, at in any::<usize>()) {
        let (entries, index) = (entries(size), at % size);
        let leaves: Vec<Hash> = entries.iter().map(|entry| leaf_hash(entry)).collect();
        let head = Head::of(&leaves);
        let proof = prove_inclusion(&leaves, index as u64).unwrap();
        let verify = |head: &Head, index: usize, entry: &[u8], proof: &[Hash]| {
            verify_inclusion(head, index as u64, entry, proof).is_ok()
        };
        prop_assert!(verify(&head, index, &entries[index], &proof));

        let mut other = head;
        other.root.0[at % 32] ^= 1 << (at % 8);
        prop_assert!(!verify(&other, index, &entries[index], &proof));
        prop_assert!(!verify(&head, index, b"another", &proof));
        prop_assert!(size == 1 || !verify(&head, (index + 1) % size, &entries[index], &proof));
        prop_assert!(proof.is_empty() || !verify(&head, index, &entries[index], &flipped(&proof, at)));
        prop_assert!(proof.is_empty() || !verify(&head, index, &entries[index], &proof[1..]));
        let longer = [&proof[..], &[head.root]].concat();
        prop_assert!(!verify(&head, index, &entries[index], &longer));
    }

    #[test]
    fn consistency(new in 1_usize..600, at in any::<usize>()) {
        let old = 1 + at % new;
        let leaves: Vec<Hash> = entries(new).iter().map(|entry| leaf_hash(entry)).collect();
        let (older, newer) = (Head::of(&leaves[..old]), Head::of(&leaves));
        let proof = prove_consistency(&leaves, old as u64).unwrap();
        prop_assert!(verify_consistency(&older, &newer, &proof).is_ok());
        prop_assert!(proof.is_empty() || verify_consistency(&older, &newer, &flipped(&proof, at)).is_err());
        for (older, newer) in [(flip(older, at), newer), (older, flip(newer, at))] {
            prop_assert!(verify_consistency(&older, &newer, &proof).is_err());
        }
        let mut left_out = leaves.clone();
        left_out.remove(at % old);
        let rebuilt = Head::of(&left_out);
        if let Some(proof) = prove_consistency(&left_out, old as u64) {
            prop_assert!(verify_consistency(&older, &rebuilt, &proof).is_err());
        }
    }

    #[test]
    fn another_implementation_agrees(size in 1_usize..300, at in any::<usize>()) {
        let mut theirs = MemoryBackedTree::<Sha256, Vec<u8>>::new();
        entries(size).into_iter().for_each(|entry| theirs.push(entry));
        let leaves: Vec<Hash> = entries(size).iter().map(|entry| leaf_hash(entry)).collect();
        prop_assert_eq!(theirs.root().as_bytes().to_vec(), root(&leaves).0.to_vec());
        let index = at % size;
        let ours = concatenated(&prove_inclusion(&leaves, index as u64).unwrap());
        prop_assert_eq!(theirs.prove_inclusion(index).as_bytes().to_vec(), ours);
        let ours = concatenated(&prove_consistency(&leaves, (size - index) as u64).unwrap());
        prop_assert_eq!(theirs.prove_consistency(index).as_bytes().to_vec(), ours);
    }
}

fn flip(mut head: Head, at: usize) -> Head {
    head.root.0[at % 32] ^= 1 << (at % 8);
    head
}
