//! Tree nodes out of stored tiles.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use rusqlite::{Connection, OptionalExtension, params};
use yinxin_record::Digest;

use super::{LedgerId, StoreError, signed};
use crate::{tile, tree};

type Tile = Rc<Vec<Digest>>;

/// How many tiles are kept in memory: a proof needs one a level.
const MAX_CACHED: usize = 64;

/// The tree of one ledger, read from its tiles; the last ones are kept.
pub struct StoredTiles<'db> {
    db: &'db Connection,
    ledger: LedgerId,
    read: RefCell<HashMap<(u8, u64), Tile>>,
}

impl<'db> StoredTiles<'db> {
    /// The tree as `db` shows it now. Make a new one after an append.
    #[must_use]
    pub fn new(db: &'db Connection, ledger: LedgerId) -> Self {
        Self { db, ledger, read: RefCell::default() }
    }

    /// The first `width` hashes of a tile.
    ///
    /// # Errors
    /// [`StoreError::NotThere`] if the tile is missing or narrower.
    pub fn hashes(&self, level: u8, number: u64, width: usize) -> Result<Vec<Digest>, StoreError> {
        let tile = self.tile(level, number)?;
        tile.get(..width).map(<[Digest]>::to_vec).ok_or(StoreError::NotThere)
    }

    /// All stored hashes of a tile.
    ///
    /// # Errors
    /// [`StoreError::NotThere`] if the tile is missing.
    pub fn whole(&self, level: u8, number: u64) -> Result<Vec<Digest>, StoreError> {
        Ok(self.tile(level, number)?.to_vec())
    }

    fn tile(&self, level: u8, number: u64) -> Result<Tile, StoreError> {
        if let Some(tile) = self.read.borrow().get(&(level, number)) {
            return Ok(Rc::clone(tile));
        }
        let mut query = self
            .db
            .prepare_cached("SELECT hashes FROM tile WHERE ledger = ?1 AND level = ?2 AND number = ?3")?;
        let bytes: Option<Vec<u8>> =
            query.query_row(params![self.ledger.0, level, signed(number)], |row| row.get(0)).optional()?;
        let bytes = bytes.ok_or(StoreError::NotThere)?;
        let (hashes, rest) = bytes.as_chunks::<32>();
        if !rest.is_empty() {
            return Err(StoreError::Damaged("a tile is not whole hashes"));
        }
        let tile = Rc::new(hashes.iter().copied().map(Digest).collect::<Vec<_>>());
        let mut read = self.read.borrow_mut();
        if read.len() >= MAX_CACHED {
            read.clear();
        }
        read.insert((level, number), Rc::clone(&tile));
        Ok(tile)
    }
}

impl tree::Nodes for StoredTiles<'_> {
    type Error = StoreError;

    fn node(&self, level: u8, index: u64) -> Result<Digest, StoreError> {
        let (tile_level, inner) = (level / tile::HEIGHT, level % tile::HEIGHT);
        let per_tile = u64::from(tile::FULL) >> inner;
        let hashes = self.tile(tile_level, index / per_tile)?;
        tile::node_in_tile(&hashes, inner, index % per_tile).ok_or(StoreError::NotThere)
    }
}
