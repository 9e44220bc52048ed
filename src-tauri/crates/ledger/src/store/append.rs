//! Append many entries as one: rows, tiles, head.

use rusqlite::{Connection, params};
use yinxin_record::Digest;

use super::{Head, LedgerId, StoreError, StoredTiles, signed};
use crate::{chain, tile, tree};

/// The width of a full tile.
const FULL: u64 = tile::FULL as u64;

/// A signed checkpoint and the receipt over the same root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpointed {
    /// The signed note.
    pub note: String,
    /// The COSE receipt, without proof.
    pub receipt: Vec<u8>,
}

/// Appends `entries` to a ledger that still is at `expected`, inside the
/// caller's transaction, and returns the new head. `leaf` of each entry is
/// computed here.
///
/// # Errors
/// [`StoreError::HeadMoved`] if somebody else appended first; the caller then
/// rolls back. [`StoreError::EntryTooLong`]; [`StoreError::Sqlite`].
pub fn append<E: AsRef<[u8]>>(
    db: &Connection,
    ledger: LedgerId,
    expected: &Head,
    entries: &[E],
) -> Result<Head, StoreError> {
    let mut edge = Edge::load(db, ledger, expected.size)?;
    let mut link = expected.chain;
    let mut size = expected.size;
    let mut insert = db.prepare_cached(
        "INSERT INTO entry (ledger, position, bytes, leaf, chain) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for entry in entries {
        let bytes = entry.as_ref();
        if bytes.len() > tile::MAX_ENTRY {
            return Err(StoreError::EntryTooLong);
        }
        let leaf = tree::leaf_hash(bytes);
        link = chain::link(&link, &leaf);
        insert.execute(params![ledger.0, signed(size), bytes, leaf.0, link.0])?;
        edge.push(db, leaf)?;
        size += 1;
    }
    edge.store(db)?;
    let root = tree::root(size, &StoredTiles::new(db, ledger)).map_err(StoreError::from)?;
    let head = Head { size, root, chain: link };
    swap_head(db, ledger, expected, &head)?;
    Ok(head)
}

fn swap_head(db: &Connection, ledger: LedgerId, expected: &Head, new: &Head) -> Result<(), StoreError> {
    let moved = db
        .prepare_cached(
            "UPDATE ledger SET size = ?2, root = ?3, chain = ?4 WHERE id = ?1 AND size = ?5 AND root = ?6",
        )?
        .execute(params![
            ledger.0,
            signed(new.size),
            new.root.0,
            new.chain.0,
            signed(expected.size),
            expected.root.0
        ])?;
    if moved == 1 { Ok(()) } else { Err(StoreError::HeadMoved) }
}

/// Stores the signed checkpoint of a head that [`append`] returned.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn insert_checkpoint(
    db: &Connection,
    ledger: LedgerId,
    size: u64,
    signed_head: &Checkpointed,
) -> Result<(), StoreError> {
    db.prepare_cached("INSERT INTO checkpoint (ledger, size, note, receipt) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![ledger.0, signed(size), signed_head.note, signed_head.receipt])?;
    Ok(())
}

/// The partial tiles at the right edge, one a level, while entries are pushed.
struct Edge {
    ledger: LedgerId,
    levels: Vec<EdgeTile>,
}

struct EdgeTile {
    level: u8,
    number: u64,
    hashes: Vec<Digest>,
}

impl Edge {
    fn load(db: &Connection, ledger: LedgerId, size: u64) -> Result<Self, StoreError> {
        let tiles = StoredTiles::new(db, ledger);
        let mut levels = Vec::new();
        let mut count = size;
        for level in 0.. {
            let (number, width) = (count / FULL, usize::try_from(count % FULL).unwrap_or_default());
            if count == 0 {
                break;
            }
            let hashes = if width == 0 { Vec::new() } else { tiles.hashes(level, number, width)? };
            levels.push(EdgeTile { level, number, hashes });
            count = number;
        }
        Ok(Self { ledger, levels })
    }

    fn push(&mut self, db: &Connection, leaf: Digest) -> Result<(), StoreError> {
        let mut hash = leaf;
        for level in 0_u8.. {
            let at = usize::from(level);
            if at == self.levels.len() {
                self.levels.push(EdgeTile { level, number: 0, hashes: Vec::new() });
            }
            let edge = &mut self.levels[at];
            edge.hashes.push(hash);
            if edge.hashes.len() < usize::from(tile::FULL) {
                break;
            }
            write_tile(db, self.ledger, edge)?;
            hash = tile::node_in_tile(&edge.hashes, tile::HEIGHT, 0).ok_or(StoreError::NotThere)?;
            edge.number += 1;
            edge.hashes.clear();
        }
        Ok(())
    }

    fn store(&self, db: &Connection) -> Result<(), StoreError> {
        for edge in self.levels.iter().filter(|edge| !edge.hashes.is_empty()) {
            write_tile(db, self.ledger, edge)?;
        }
        Ok(())
    }
}

fn write_tile(db: &Connection, ledger: LedgerId, edge: &EdgeTile) -> Result<(), StoreError> {
    let hashes = tile::encode_tile(&edge.hashes);
    db.prepare_cached(
        "INSERT INTO tile (ledger, level, number, hashes) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (ledger, level, number) DO UPDATE SET hashes = excluded.hashes",
    )?
    .execute(params![ledger.0, edge.level, signed(edge.number), hashes])?;
    Ok(())
}
