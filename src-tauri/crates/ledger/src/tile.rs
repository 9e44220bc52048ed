//! A ledger as static files: C2SP tlog-tiles v0.1.0.
//!
//! ```text
//! tile/0/000            leaf hashes 0 … 255, 256 × 32 bytes
//! tile/0/001.p/17       leaf hashes 256 … 272, the partial right edge
//! tile/1/000.p/1        the root of the subtree under tile/0/000
//! tile/entries/000      the entries 0 … 255, each after its length (uint16, big-endian)
//! tile/0/x001/x234/067  tile number 1,234,067
//! ```
//!
//! A tile at level L holds the nodes of tree level 8·L; the seven tree levels
//! between two tile levels are hashed again from a tile ([`node_in_tile`]).
//! A full tile never changes. A partial tile is a prefix of the full one.
//!
//! Paths have exactly one spelling: [`parse_path`] accepts what
//! [`Resource`]'s `Display` writes and nothing else. Nothing is fetched here.

use std::fmt;

use yinxin_record::Digest;

use crate::tree::{Nodes, node_hash};

/// Hashes in a full tile, entries in a full bundle.
pub const FULL: u16 = 256;

/// Tree levels from one tile level to the next.
pub const HEIGHT: u8 = 8;

/// The longest entry that a bundle can carry.
pub const MAX_ENTRY: usize = u16::MAX as usize;

/// A path, tile or bundle was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TileError {
    /// Not the one spelling of a tile's or bundle's path.
    #[error("not the path of a tile or entry bundle")]
    BadPath,
    /// A tile's bytes are not `width` hashes.
    #[error("not the length of a tile of that width")]
    WrongLength,
    /// A bundle ends inside an entry or before its last one.
    #[error("the bundle ends too early")]
    Truncated,
    /// Bytes follow the last entry of a bundle.
    #[error("bytes follow the last entry of the bundle")]
    Trailing,
    /// More than 256 entries, or none.
    #[error("a bundle holds 1 to 256 entries")]
    WrongCount,
    /// An entry of more than 65,535 bytes.
    #[error("an entry is longer than 65535 bytes")]
    EntryTooLong,
}

/// The name of a hash tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    /// 0 for leaf hashes; 0 to 63.
    pub level: u8,
    /// Which tile of the level.
    pub index: u64,
    /// How many hashes it holds: 1 to 256.
    pub width: u16,
}

/// The name of an entry bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bundle {
    /// Which bundle.
    pub index: u64,
    /// How many entries it holds: 1 to 256.
    pub width: u16,
}

/// What a path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resource {
    /// A tile of hashes.
    Tile(Tile),
    /// A bundle of entries.
    Bundle(Bundle),
}

impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tile/{}/", self.level)?;
        write_number(f, self.index, self.width)
    }
}

impl fmt::Display for Bundle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("tile/entries/")?;
        write_number(f, self.index, self.width)
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tile(tile) => tile.fmt(f),
            Self::Bundle(bundle) => bundle.fmt(f),
        }
    }
}

/// `<N>[.p/<W>]`: three digits at a time, all but the last marked with `x`.
fn write_number(f: &mut fmt::Formatter<'_>, index: u64, width: u16) -> fmt::Result {
    // 2^64 has 20 digits: at most seven groups.
    let groups = (1..7_u32).rev().filter(|group| index >= 1000_u64.pow(*group));
    for group in groups {
        write!(f, "x{:03}/", index / 1000_u64.pow(group) % 1000)?;
    }
    write!(f, "{:03}", index % 1000)?;
    if width == FULL { Ok(()) } else { write!(f, ".p/{width}") }
}

/// What `path` names.
///
/// # Errors
/// [`TileError::BadPath`] for anything but the one spelling of a tile (level 0
/// to 63) or bundle.
pub fn parse_path(path: &str) -> Result<Resource, TileError> {
    // Read generously, then insist that it would be written just so.
    let resource = read_path(path).ok_or(TileError::BadPath)?;
    if resource.to_string() == path { Ok(resource) } else { Err(TileError::BadPath) }
}

fn read_path(path: &str) -> Option<Resource> {
    let (kind, number) = path.strip_prefix("tile/")?.split_once('/')?;
    let (number, width) = match number.split_once(".p/") {
        Some((number, width)) => (number, width.parse().ok().filter(|w| (1..FULL).contains(w))?),
        None => (number, FULL),
    };
    let index = read_number(number)?;
    if kind == "entries" {
        return Some(Resource::Bundle(Bundle { index, width }));
    }
    let level = kind.parse().ok().filter(|level| *level < 64)?;
    Some(Resource::Tile(Tile { level, index, width }))
}

fn read_number(number: &str) -> Option<u64> {
    number.split('/').try_fold(0_u64, |sum, group| {
        let three: u64 = group.strip_prefix('x').unwrap_or(group).parse().ok().filter(|n| *n < 1000)?;
        sum.checked_mul(1000)?.checked_add(three)
    })
}

/// All tiles of a tree of `size` leaves, level by level, the partial ones of
/// its right edge included.
pub fn tiles_for(size: u64) -> impl Iterator<Item = Tile> {
    let levels = (0..HEIGHT).take_while(move |level| size >> (HEIGHT * level) > 0);
    levels.flat_map(move |level| {
        let nodes = size >> (HEIGHT * level);
        (0..nodes.div_ceil(u64::from(FULL))).map(move |index| Tile {
            level,
            index,
            width: width(nodes, index),
        })
    })
}

/// All entry bundles of a tree of `size` leaves.
pub fn bundles_for(size: u64) -> impl Iterator<Item = Bundle> {
    (0..size.div_ceil(u64::from(FULL))).map(move |index| Bundle { index, width: width(size, index) })
}

/// The width of tile `index` where a level has `nodes` nodes; 0 if they end
/// before it.
fn width(nodes: u64, index: u64) -> u16 {
    let left = index.checked_mul(u64::from(FULL)).map_or(0, |start| nodes.saturating_sub(start));
    u16::try_from(left).map_or(FULL, |left| left.min(FULL))
}

/// Where the root of complete subtree `index` of 2^`level` leaves is found in
/// a tree of `size` leaves: the tile, then the level and index within it for
/// [`node_in_tile`]. `None` if that subtree is not complete.
#[must_use]
pub fn locate(level: u8, index: u64, size: u64) -> Option<(Tile, u8, u64)> {
    if level > 63 || index >= size >> level {
        return None;
    }
    let (tile_level, inner) = (level / HEIGHT, level % HEIGHT);
    let per_tile = u64::from(FULL) >> inner;
    let tile_index = index / per_tile;
    let width = width(size >> (HEIGHT * tile_level), tile_index);
    Some((Tile { level: tile_level, index: tile_index, width }, inner, index % per_tile))
}

/// The hash of a node within a tile: `level` 0 is the tile's own hashes, 8 the
/// root of a full tile. `None` if the tile does not reach that far.
#[must_use]
pub fn node_in_tile(hashes: &[Digest], level: u8, index: u64) -> Option<Digest> {
    if level > HEIGHT || index >= u64::from(FULL) >> level {
        return None;
    }
    let len = 1_usize << level;
    let start = usize::try_from(index).ok()? * len;
    let mut row = hashes.get(start..start + len)?.to_vec();
    while row.len() > 1 {
        row = row.chunks_exact(2).map(|pair| node_hash(&pair[0], &pair[1])).collect();
    }
    row.first().copied()
}

/// The bytes of a tile: its hashes one after another.
#[must_use]
pub fn encode_tile(hashes: &[Digest]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

/// The `width` hashes of a tile's bytes.
///
/// # Errors
/// [`TileError::WrongLength`] unless there are 32 · `width` bytes, 1 ≤ `width` ≤ 256.
pub fn decode_tile(bytes: &[u8], width: u16) -> Result<Vec<Digest>, TileError> {
    if !(1..=FULL).contains(&width) || bytes.len() != usize::from(width) * 32 {
        return Err(TileError::WrongLength);
    }
    Ok(bytes.chunks_exact(32).filter_map(Digest::from_slice).collect())
}

/// The bytes of a bundle: each entry after its length.
///
/// # Errors
/// [`TileError::WrongCount`], [`TileError::EntryTooLong`].
pub fn encode_bundle<E: AsRef<[u8]>>(entries: &[E]) -> Result<Vec<u8>, TileError> {
    if !(1..=usize::from(FULL)).contains(&entries.len()) {
        return Err(TileError::WrongCount);
    }
    let mut out = Vec::new();
    for entry in entries {
        let entry = entry.as_ref();
        let len = u16::try_from(entry.len()).map_err(|_| TileError::EntryTooLong)?;
        out.extend_from_slice(&len.to_be_bytes());
        out.extend_from_slice(entry);
    }
    Ok(out)
}

/// The `width` entries of a bundle's bytes.
///
/// # Errors
/// [`TileError::WrongCount`] unless 1 ≤ `width` ≤ 256; [`TileError::Truncated`];
/// [`TileError::Trailing`].
pub fn decode_bundle(bytes: &[u8], width: u16) -> Result<Vec<&[u8]>, TileError> {
    if !(1..=FULL).contains(&width) {
        return Err(TileError::WrongCount);
    }
    let mut rest = bytes;
    let mut entries = Vec::with_capacity(usize::from(width));
    for _ in 0..width {
        let (len, after) = rest.split_first_chunk().ok_or(TileError::Truncated)?;
        let len = usize::from(u16::from_be_bytes(*len));
        let (entry, after) = after.split_at_checked(len).ok_or(TileError::Truncated)?;
        entries.push(entry);
        rest = after;
    }
    if rest.is_empty() { Ok(entries) } else { Err(TileError::Trailing) }
}

/// All tiles of a growing tree in memory; for tests and small exports.
#[derive(Debug, Clone, Default)]
pub struct Tiles {
    /// Per tile level, the hashes of all its tiles.
    levels: Vec<Vec<Digest>>,
}

/// The tree has no such complete subtree yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no complete subtree {index} at level {level}")]
pub struct NoSuchNode {
    /// The tree level that was asked for.
    pub level: u8,
    /// The index that was asked for.
    pub index: u64,
}

impl Tiles {
    /// Appends a leaf hash.
    pub fn push(&mut self, leaf: Digest) {
        let mut hash = leaf;
        for level in 0.. {
            if self.levels.len() == level {
                self.levels.push(Vec::new());
            }
            let row = &mut self.levels[level];
            row.push(hash);
            if !row.len().is_multiple_of(usize::from(FULL)) {
                return;
            }
            // A tile is full: its root goes into the level above.
            match node_in_tile(&row[row.len() - usize::from(FULL)..], HEIGHT, 0) {
                Some(root) => hash = root,
                None => return,
            }
        }
    }

    /// How many leaves the tree has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.levels.first().map_or(0, |row| row.len() as u64)
    }

    /// The hashes of `tile`, if the tree has grown that far.
    #[must_use]
    pub fn tile(&self, tile: Tile) -> Option<&[Digest]> {
        let start = usize::try_from(tile.index).ok()?.checked_mul(usize::from(FULL))?;
        let row = self.levels.get(usize::from(tile.level))?;
        row.get(start..)?.get(..usize::from(tile.width))
    }
}

impl Nodes for Tiles {
    type Error = NoSuchNode;

    fn node(&self, level: u8, index: u64) -> Result<Digest, NoSuchNode> {
        let found = locate(level, index, self.size())
            .and_then(|(tile, level, index)| node_in_tile(self.tile(tile)?, level, index));
        found.ok_or(NoSuchNode { level, index })
    }
}
