//! The Merkle tree of RFC 6962 §2.1 (the same in RFC 9162 §2.1) with SHA-256.
//!
//! ```text
//! leaf hash   SHA-256(0x00 ‖ entry bytes)
//! node hash   SHA-256(0x01 ‖ left ‖ right)
//! empty tree  SHA-256("")
//!
//!            root(7)
//!           /       \
//!       (2,0)        .            level 2: four leaves
//!      /     \      /  \
//!   (1,0)  (1,1) (1,2)  \         level 1: two leaves
//!    / \    / \   / \    \
//!   0   1  2   3 4   5    6       level 0: leaf hashes
//! ```
//!
//! `(level, index)` names the root of a *complete* subtree: the leaves from
//! `index · 2^level` to before `(index + 1) · 2^level`. Once complete it never
//! changes, so only such nodes are ever stored; [`Nodes`] is all that a proof
//! needs to know about storage. The right edge is hashed afresh for each size.
//!
//! Every function that makes a proof stands next to the one that checks it:
//! [`inclusion_proof`] and [`check_inclusion`], [`consistency_proof`] and
//! [`check_consistency`]. The makers follow the recursive definitions
//! (RFC 9162 §2.1.3.1, §2.1.4.1), the checkers the iterative algorithms
//! (§2.1.3.2, §2.1.4.2), so neither repeats a slip of the other.
//!
//! Not here: what a leaf says, who signed the root, where nodes are kept.

use yinxin_record::Digest;

/// The largest tree that is handled: sizes fit a signed 64-bit column.
pub const MAX_SIZE: u64 = i64::MAX as u64;

/// No honest proof in a tree of at most [`MAX_SIZE`] leaves is longer than
/// this many hashes for inclusion.
pub const MAX_INCLUSION: usize = 63;

/// The same for consistency.
pub const MAX_CONSISTENCY: usize = MAX_INCLUSION + 1;

/// The hash of a leaf: SHA-256(0x00 ‖ `entry`) (RFC 6962 §2.1).
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> Digest {
    Digest::of_parts(&[&[0x00], entry])
}

/// The hash of an inner node: SHA-256(0x01 ‖ `left` ‖ `right`) (RFC 6962 §2.1).
#[must_use]
pub fn node_hash(left: &Digest, right: &Digest) -> Digest {
    Digest::of_parts(&[&[0x01], &left.0, &right.0])
}

/// The root of the tree without leaves: SHA-256 of nothing.
#[must_use]
pub fn empty_root() -> Digest {
    Digest::of(&[])
}

/// Where the roots of complete subtrees come from: memory, tiles, a table.
pub trait Nodes {
    /// Why a node could not be had.
    type Error;

    /// The root of complete subtree number `index` of 2^`level` leaves.
    /// Level 0 is the leaf hashes.
    ///
    /// # Errors
    /// Whatever the store says; a node that is not complete is the store's to refuse.
    fn node(&self, level: u8, index: u64) -> Result<Digest, Self::Error>;
}

/// A root or proof could not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MakeError<E> {
    /// The nodes could not be read.
    #[error("tree nodes could not be read")]
    Nodes(#[source] E),
    /// The index or the old size lies outside the tree.
    #[error("position {position} is outside a tree of {size}")]
    OutOfRange {
        /// The index, or the old size.
        position: u64,
        /// The tree's size.
        size: u64,
    },
}

/// A proof does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The index or the old size lies outside the tree.
    #[error("position {position} is outside a tree of {size}")]
    OutOfRange {
        /// The index, or the old size.
        position: u64,
        /// The tree's size.
        size: u64,
    },
    /// The proof has more or fewer hashes than this position and size take.
    #[error("the proof has the wrong number of hashes")]
    WrongLength,
    /// The proof leads to another (new) root.
    #[error("the proof leads to another root")]
    WrongRoot,
    /// The proof leads to another old root.
    #[error("the proof leads to another old root")]
    WrongOldRoot,
}

/// The root of the tree of the first `size` leaves.
///
/// # Errors
/// [`MakeError::Nodes`].
pub fn root<N: Nodes>(size: u64, nodes: &N) -> Result<Digest, MakeError<N::Error>> {
    if size == 0 { Ok(empty_root()) } else { range_root(0, size, nodes).map_err(MakeError::Nodes) }
}

/// The root of leaves `lo` to before `hi`; `lo` is a multiple of a power of
/// two that is at least `hi - lo`, as every range in a proof is.
fn range_root<N: Nodes>(lo: u64, hi: u64, nodes: &N) -> Result<Digest, N::Error> {
    let len = hi - lo;
    if len.is_power_of_two() {
        return nodes.node(log2(len), lo / len);
    }
    let middle = lo + split(len);
    Ok(node_hash(&range_root(lo, middle, nodes)?, &range_root(middle, hi, nodes)?))
}

/// The largest power of two below `len`, which is at least 2: where RFC 6962
/// splits a range.
fn split(len: u64) -> u64 {
    1 << log2(len - 1)
}

/// ⌊log₂ n⌋ for n ≥ 1.
fn log2(n: u64) -> u8 {
    // At most 63, so nothing is cut off.
    n.checked_ilog2().map_or(0, |log| log.to_le_bytes()[0])
}

/// The proof that leaf `index` is in the tree of `size` leaves: sibling
/// hashes from the leaf upwards (RFC 9162 §2.1.3.1).
///
/// # Errors
/// [`MakeError::OutOfRange`] unless `index < size`; [`MakeError::Nodes`].
pub fn inclusion_proof<N: Nodes>(
    index: u64,
    size: u64,
    nodes: &N,
) -> Result<Vec<Digest>, MakeError<N::Error>> {
    if index >= size {
        return Err(MakeError::OutOfRange { position: index, size });
    }
    let mut proof = Vec::new();
    path(index, 0, size, nodes, &mut proof).map_err(MakeError::Nodes)?;
    Ok(proof)
}

fn path<N: Nodes>(index: u64, lo: u64, hi: u64, nodes: &N, proof: &mut Vec<Digest>) -> Result<(), N::Error> {
    if hi - lo == 1 {
        return Ok(());
    }
    let middle = lo + split(hi - lo);
    if index < middle {
        path(index, lo, middle, nodes, proof)?;
        proof.push(range_root(middle, hi, nodes)?);
    } else {
        path(index, middle, hi, nodes, proof)?;
        proof.push(range_root(lo, middle, nodes)?);
    }
    Ok(())
}

/// Checks that `leaf` is leaf `index` of the tree of `size` leaves and root
/// `root` (RFC 9162 §2.1.3.2).
///
/// # Errors
/// [`ProofError`].
pub fn check_inclusion(
    leaf: &Digest,
    index: u64,
    size: u64,
    proof: &[Digest],
    root: &Digest,
) -> Result<(), ProofError> {
    if root_from_inclusion(leaf, index, size, proof)? == *root { Ok(()) } else { Err(ProofError::WrongRoot) }
}

/// The root to which `proof` leads from `leaf` at `index` in a tree of `size`.
/// What it proves depends on where the caller has `size` and the root from.
///
/// # Errors
/// [`ProofError::OutOfRange`], [`ProofError::WrongLength`].
pub fn root_from_inclusion(
    leaf: &Digest,
    index: u64,
    size: u64,
    proof: &[Digest],
) -> Result<Digest, ProofError> {
    if index >= size {
        return Err(ProofError::OutOfRange { position: index, size });
    }
    let mut climb = Climb { node: index, last: size - 1 };
    let mut hash = *leaf;
    for sibling in proof {
        hash = match climb.step()? {
            Side::Left => node_hash(sibling, &hash),
            Side::Right => node_hash(&hash, sibling),
        };
    }
    climb.end()?;
    Ok(hash)
}

/// The proof that the tree of `old` leaves is a prefix of the tree of `new`
/// leaves (RFC 9162 §2.1.4.1). Empty when the sizes are equal or `old` is 0.
///
/// # Errors
/// [`MakeError::OutOfRange`] unless `old ≤ new`; [`MakeError::Nodes`].
pub fn consistency_proof<N: Nodes>(
    old: u64,
    new: u64,
    nodes: &N,
) -> Result<Vec<Digest>, MakeError<N::Error>> {
    if old > new {
        return Err(MakeError::OutOfRange { position: old, size: new });
    }
    let mut proof = Vec::new();
    if old > 0 && old < new {
        subproof(old, 0, new, nodes, &mut proof).map_err(MakeError::Nodes)?;
    }
    Ok(proof)
}

/// What links the tree of `old` leaves with leaves `lo` to before `hi`. A
/// range that begins at 0 and ends at `old` is the old tree: its root is known.
fn subproof<N: Nodes>(
    old: u64,
    lo: u64,
    hi: u64,
    nodes: &N,
    proof: &mut Vec<Digest>,
) -> Result<(), N::Error> {
    if old == hi {
        if lo > 0 {
            proof.push(range_root(lo, hi, nodes)?);
        }
        return Ok(());
    }
    let middle = lo + split(hi - lo);
    if old <= middle {
        subproof(old, lo, middle, nodes, proof)?;
        proof.push(range_root(middle, hi, nodes)?);
    } else {
        subproof(old, middle, hi, nodes, proof)?;
        proof.push(range_root(lo, middle, nodes)?);
    }
    Ok(())
}

/// Checks that the tree (`old_size`, `old_root`) is a prefix of the tree
/// (`new_size`, `new_root`) (RFC 9162 §2.1.4.2).
///
/// Equal sizes need equal roots and no proof. RFC 9162 leaves an old size of
/// 0 out; here the empty tree, with its one root and no proof, is a prefix of
/// every tree.
///
/// # Errors
/// [`ProofError`].
pub fn check_consistency(
    old_size: u64,
    old_root: &Digest,
    new_size: u64,
    new_root: &Digest,
    proof: &[Digest],
) -> Result<(), ProofError> {
    if old_size > new_size {
        return Err(ProofError::OutOfRange { position: old_size, size: new_size });
    }
    if old_size == 0 && *old_root != empty_root() {
        return Err(ProofError::WrongOldRoot);
    }
    if old_size == 0 || old_size == new_size {
        return check_without_proof(old_size == new_size, old_root, new_root, proof);
    }
    let (old, new) = roots_from_consistency(old_size, old_root, new_size, proof)?;
    if old != *old_root {
        return Err(ProofError::WrongOldRoot);
    }
    if new == *new_root { Ok(()) } else { Err(ProofError::WrongRoot) }
}

fn check_without_proof(same: bool, old: &Digest, new: &Digest, proof: &[Digest]) -> Result<(), ProofError> {
    if !proof.is_empty() {
        return Err(ProofError::WrongLength);
    }
    if same && old != new { Err(ProofError::WrongRoot) } else { Ok(()) }
}

/// Both roots to which `proof` leads, for 0 < `old_size` < `new_size`.
fn roots_from_consistency(
    old_size: u64,
    old_root: &Digest,
    new_size: u64,
    proof: &[Digest],
) -> Result<(Digest, Digest), ProofError> {
    // A complete old tree is itself a node of the new one: the proof omits it.
    let (start, rest) = if old_size.is_power_of_two() {
        (old_root, proof)
    } else {
        proof.split_first().ok_or(ProofError::WrongLength)?
    };
    // Go up to the largest complete subtree that ends the old tree.
    let mut climb = Climb { node: old_size - 1, last: new_size - 1 };
    while climb.node & 1 == 1 {
        climb.up();
    }
    let (mut old, mut new) = (*start, *start);
    for sibling in rest {
        match climb.step()? {
            Side::Left => {
                old = node_hash(sibling, &old);
                new = node_hash(sibling, &new);
            }
            Side::Right => new = node_hash(&new, sibling),
        }
    }
    climb.end()?;
    Ok((old, new))
}

/// The way from a node up to the root: `node` is the node's number at its
/// level, `last` the number of the last node there.
struct Climb {
    node: u64,
    last: u64,
}

/// On which side of the node the next hash of a proof stands.
enum Side {
    Left,
    Right,
}

impl Climb {
    fn up(&mut self) {
        self.node >>= 1;
        self.last >>= 1;
    }

    /// Takes the next hash of a proof: where does it stand?
    fn step(&mut self) -> Result<Side, ProofError> {
        if self.last == 0 {
            return Err(ProofError::WrongLength);
        }
        let side = if self.node & 1 == 1 {
            Side::Left
        } else if self.node == self.last {
            // The right edge: levels at which it has no sibling are skipped.
            while self.node & 1 == 0 && self.node != 0 {
                self.up();
            }
            Side::Left
        } else {
            Side::Right
        };
        self.up();
        Ok(side)
    }

    /// The proof ends: it must have led to the root.
    fn end(&self) -> Result<(), ProofError> {
        if self.last == 0 { Ok(()) } else { Err(ProofError::WrongLength) }
    }
}

/// The right edge of a growing tree: the roots of the complete subtrees that
/// cover it, largest first; one for every 1 in the binary form of the size.
/// Enough to append and to know the root, in at most 63 hashes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    parts: Vec<Digest>,
}

impl Frontier {
    /// The frontier of the empty tree.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many leaves the tree has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The roots of the complete subtrees, largest first.
    #[must_use]
    pub fn parts(&self) -> &[Digest] {
        &self.parts
    }

    /// Appends a leaf hash.
    pub fn push(&mut self, leaf: Digest) {
        self.push_each(leaf, |_, _, _| {});
    }

    /// Appends a leaf hash and tells `each` of every node that it completes,
    /// as `(level, index, hash)`, the leaf itself first.
    pub fn push_each(&mut self, leaf: Digest, mut each: impl FnMut(u8, u64, Digest)) {
        let mut hash = leaf;
        let (mut level, mut index) = (0, self.size);
        each(level, index, hash);
        while index & 1 == 1 {
            // An odd index means that a left sibling is there.
            let Some(left) = self.parts.pop() else { break };
            hash = node_hash(&left, &hash);
            (level, index) = (level + 1, index >> 1);
            each(level, index, hash);
        }
        self.parts.push(hash);
        self.size += 1;
    }

    /// The root of the tree.
    #[must_use]
    pub fn root(&self) -> Digest {
        let joined = self.parts.iter().rev().copied().reduce(|right, left| node_hash(&left, &right));
        joined.unwrap_or_else(empty_root)
    }
}
