//! The tree against the vectors of other implementations, and against itself.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what tests share may fail a test")]

use std::collections::BTreeMap;
use std::convert::Infallible;

use proptest::prelude::*;
use serde_json::Value;
use yinxin_ledger::tree::{
    Frontier, MakeError, Nodes, ProofError, check_consistency, check_inclusion, consistency_proof,
    empty_root, inclusion_proof, leaf_hash, node_hash, root, root_from_inclusion,
};
use yinxin_record::Digest;

const VECTORS: &str = include_str!("../../../../tests/vectors/merkle.json");

fn vectors() -> Value {
    serde_json::from_str(VECTORS).unwrap()
}

fn hex(value: &Value) -> Digest {
    value.as_str().unwrap().parse().unwrap()
}

fn hexes(value: &Value) -> Vec<Digest> {
    value.as_array().unwrap().iter().map(hex).collect()
}

fn named(result: Result<(), ProofError>) -> &'static str {
    match result {
        Ok(()) => "ok",
        Err(ProofError::OutOfRange { .. }) => "OutOfRange",
        Err(ProofError::WrongLength) => "WrongLength",
        Err(ProofError::WrongRoot) => "WrongRoot",
        Err(ProofError::WrongOldRoot) => "WrongOldRoot",
    }
}

/// A tree as the definition has it: leaf hashes, everything else recomputed.
struct Leaves(Vec<Digest>);

impl Leaves {
    /// `n` leaves, each different.
    fn counted(n: u64) -> Self {
        Self((0..n).map(|i| leaf_hash(&i.to_be_bytes())).collect())
    }

    /// MTH of RFC 6962 §2.1, word for word and slow.
    fn mth(leaves: &[Digest]) -> Digest {
        match leaves {
            [] => empty_root(),
            [leaf] => *leaf,
            _ => {
                let mut k = 1;
                while k * 2 < leaves.len() {
                    k *= 2;
                }
                node_hash(&Self::mth(&leaves[..k]), &Self::mth(&leaves[k..]))
            }
        }
    }

    fn at(&self, index: u64) -> Digest {
        self.0[usize::try_from(index).unwrap()]
    }
}

impl Nodes for Leaves {
    type Error = Infallible;

    fn node(&self, level: u8, index: u64) -> Result<Digest, Infallible> {
        let start = usize::try_from(index).unwrap() << level;
        Ok(Self::mth(&self.0[start..start + (1 << level)]))
    }
}

#[test]
fn roots_of_the_reference_tree() {
    let vectors = vectors();
    let tree = &vectors["tree"];
    assert_eq!(empty_root(), hex(&tree["empty_root"]));
    let entries =
        tree["leaves"].as_array().unwrap().iter().map(|leaf| hex::decode(leaf.as_str().unwrap()).unwrap());
    let leaves = Leaves(entries.map(|entry| leaf_hash(&entry)).collect());
    assert_eq!(root(0, &leaves).unwrap(), empty_root());
    let mut frontier = Frontier::new();
    assert_eq!(frontier.root(), empty_root());
    for (size, expected) in (1..).zip(hexes(&tree["roots"])) {
        frontier.push(leaves.at(size - 1));
        assert_eq!(frontier.root(), expected);
        assert_eq!(root(size, &leaves).unwrap(), expected);
    }
}

#[test]
fn inclusion_vectors() {
    for case in vectors()["inclusion"].as_array().unwrap() {
        let (index, size) = (case["index"].as_u64().unwrap(), case["size"].as_u64().unwrap());
        let proof = hexes(&case["proof"]);
        let result = check_inclusion(&hex(&case["leaf"]), index, size, &proof, &hex(&case["root"]));
        assert_eq!(named(result), case["result"].as_str().unwrap(), "{}", case["name"]);
    }
}

#[test]
fn consistency_vectors() {
    for case in vectors()["consistency"].as_array().unwrap() {
        let (old, new) = (case["old_size"].as_u64().unwrap(), case["new_size"].as_u64().unwrap());
        let proof = hexes(&case["proof"]);
        let result = check_consistency(old, &hex(&case["old_root"]), new, &hex(&case["new_root"]), &proof);
        assert_eq!(named(result), case["result"].as_str().unwrap(), "{}", case["name"]);
    }
}

/// Every position of every tree up to 70 leaves, both proofs.
#[test]
fn every_small_proof_holds() {
    let leaves = Leaves::counted(70);
    let roots: Vec<Digest> = (0..=70).map(|size| Leaves::mth(&leaves.0[..size])).collect();
    for (size, new) in (0_u64..).zip(&roots) {
        assert_eq!(root(size, &leaves).unwrap(), *new);
        for index in 0..size {
            let proof = inclusion_proof(index, size, &leaves).unwrap();
            assert_eq!(check_inclusion(&leaves.at(index), index, size, &proof, new), Ok(()));
            assert_eq!(root_from_inclusion(&leaves.at(index), index, size, &proof), Ok(*new));
        }
        for (old, old_root) in (0..=size).zip(&roots) {
            let proof = consistency_proof(old, size, &leaves).unwrap();
            assert_eq!(check_consistency(old, old_root, size, new, &proof), Ok(()), "{old} {size}");
        }
    }
}

#[test]
fn no_proof_is_made_outside_the_tree() {
    let leaves = Leaves::counted(4);
    assert_eq!(inclusion_proof(4, 4, &leaves), Err(MakeError::OutOfRange { position: 4, size: 4 }));
    assert_eq!(inclusion_proof(0, 0, &leaves), Err(MakeError::OutOfRange { position: 0, size: 0 }));
    assert_eq!(consistency_proof(5, 4, &leaves), Err(MakeError::OutOfRange { position: 5, size: 4 }));
}

/// A tree of equal leaves: large enough to make proofs that nobody could store.
struct Uniform;

impl Nodes for Uniform {
    type Error = Infallible;

    fn node(&self, level: u8, _: u64) -> Result<Digest, Infallible> {
        Ok((0..level).fold(leaf_hash(b""), |hash, _| node_hash(&hash, &hash)))
    }
}

#[test]
fn the_largest_trees() {
    let leaf = leaf_hash(b"");
    for size in [u64::MAX / 2, u64::MAX, 1 << 63, (1 << 62) + 1] {
        let new = root(size, &Uniform).unwrap();
        for index in [0, 1, size / 2, size - 1] {
            let proof = inclusion_proof(index, size, &Uniform).unwrap();
            assert_eq!(check_inclusion(&leaf, index, size, &proof, &new), Ok(()));
        }
        for old in [1, 2, 3, size / 2, size - 1] {
            let proof = consistency_proof(old, size, &Uniform).unwrap();
            let old_root = root(old, &Uniform).unwrap();
            assert_eq!(check_consistency(old, &old_root, size, &new, &proof), Ok(()));
        }
    }
}

#[test]
fn a_frontier_tells_every_complete_node_once() {
    let leaves = Leaves::counted(37);
    let (mut frontier, mut told) = (Frontier::new(), BTreeMap::new());
    for leaf in &leaves.0 {
        frontier.push_each(*leaf, |level, index, hash| {
            assert_eq!(told.insert((level, index), hash), None);
        });
    }
    let mut complete = BTreeMap::new();
    for level in 0..6 {
        for index in 0..(37 >> level) {
            complete.insert((level, index), leaves.node(level, index).unwrap());
        }
    }
    assert_eq!(told, complete);
}

/// A size, an index below it and a smaller, positive size.
fn position() -> impl Strategy<Value = (u64, u64, u64)> {
    (2_u64..300).prop_flat_map(|size| (Just(size), 0..size, 1..size))
}

/// `hashes` with one bit changed in one of them.
fn one_bit_changed(mut hashes: Vec<Digest>, at: prop::sample::Index, bit: usize) -> Vec<Digest> {
    let at = at.index(hashes.len());
    hashes[at].0[bit / 8] ^= 1 << (bit % 8);
    hashes
}

proptest! {
    #[test]
    fn the_frontier_has_the_root_of_the_tree(size in 0_u64..600) {
        let leaves = Leaves::counted(size);
        let mut frontier = Frontier::new();
        leaves.0.iter().for_each(|leaf| frontier.push(*leaf));
        prop_assert_eq!(frontier.size(), size);
        prop_assert_eq!(frontier.root(), root(size, &leaves).unwrap());
    }

    #[test]
    fn a_changed_inclusion_proof_fails(
        (size, index, _) in position(), at in any::<prop::sample::Index>(), bit in 0..256_usize,
    ) {
        let leaves = Leaves::counted(size);
        let (leaf, top) = (leaves.at(index), root(size, &leaves).unwrap());
        let good = inclusion_proof(index, size, &leaves).unwrap();
        prop_assert_eq!(check_inclusion(&leaf, index, size, &good, &top), Ok(()));

        let changed = one_bit_changed([&[leaf, top], good.as_slice()].concat(), at, bit);
        let result = check_inclusion(&changed[0], index, size, &changed[2..], &changed[1]);
        prop_assert_eq!(result, Err(ProofError::WrongRoot));

        for other in (0..size).filter(|other| *other != index) {
            prop_assert!(check_inclusion(&leaf, other, size, &good, &top).is_err());
        }
        let longer = [good.as_slice(), &[leaf]].concat();
        let shorter = &good[..good.len() - 1];
        for proof in [longer.as_slice(), shorter] {
            prop_assert_eq!(check_inclusion(&leaf, index, size, proof, &top), Err(ProofError::WrongLength));
        }
    }

    /// A proof does not authenticate the size by itself: root and size come
    /// together, from a signed checkpoint. With another tree's, it fails.
    #[test]
    fn an_inclusion_proof_fails_in_every_other_tree((size, index, other) in position()) {
        let leaves = Leaves::counted(size);
        let proof = inclusion_proof(index, size, &leaves).unwrap();
        let top = root(other, &leaves).unwrap();
        for size in [size, other] {
            prop_assert!(check_inclusion(&leaves.at(index), index, size, &proof, &top).is_err());
        }
    }

    #[test]
    fn a_changed_consistency_proof_fails(
        (size, _, old) in position(), at in any::<prop::sample::Index>(), bit in 0..256_usize,
    ) {
        let leaves = Leaves::counted(size);
        let (old_root, top) = (root(old, &leaves).unwrap(), root(size, &leaves).unwrap());
        let good = consistency_proof(old, size, &leaves).unwrap();
        prop_assert_eq!(check_consistency(old, &old_root, size, &top, &good), Ok(()));

        let changed = one_bit_changed([&[old_root, top], good.as_slice()].concat(), at, bit);
        prop_assert!(check_consistency(old, &changed[0], size, &changed[1], &changed[2..]).is_err());

        for other in (1..size).filter(|other| *other != old) {
            prop_assert!(check_consistency(other, &old_root, size, &top, &good).is_err(), "{}", other);
        }
        let longer = [good.as_slice(), &[old_root]].concat();
        let shorter = &good[..good.len() - 1];
        for proof in [longer.as_slice(), shorter] {
            let result = check_consistency(old, &old_root, size, &top, proof);
            prop_assert_eq!(result, Err(ProofError::WrongLength));
        }
    }

    /// Whatever comes, the checkers answer.
    #[test]
    fn hostile_proofs_are_answered(a in any::<u64>(), b in any::<u64>(), len in 0..200_usize, bytes in any::<[u8; 32]>()) {
        let hash = Digest(bytes);
        let proof = vec![hash; len];
        let _ = check_inclusion(&hash, a, b, &proof, &hash);
        let _ = check_consistency(a, &hash, b, &hash, &proof);
    }
}
