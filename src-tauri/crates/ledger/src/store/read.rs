//! Read entries, tiles and checkpoints.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Checkpointed, LedgerId, StoreError, signed, unsigned};

/// A row of `entry`, as stored: nothing about it has been checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEntry {
    /// The position in its ledger.
    pub position: u64,
    /// The entry's bytes.
    pub bytes: Vec<u8>,
    /// The stored leaf hash.
    pub leaf: Vec<u8>,
    /// The stored chain link.
    pub chain: Vec<u8>,
}

/// A row of `tile`, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileRow {
    /// The level, from the leaves.
    pub level: i64,
    /// The number within the level.
    pub number: i64,
    /// The hashes, 32 bytes each.
    pub hashes: Vec<u8>,
}

/// The entry at `position`.
///
/// # Errors
/// [`StoreError::NotThere`], [`StoreError::Sqlite`].
pub fn entry(db: &Connection, ledger: LedgerId, position: u64) -> Result<Vec<u8>, StoreError> {
    db.prepare_cached("SELECT bytes FROM entry WHERE ledger = ?1 AND position = ?2")?
        .query_row(params![ledger.0, signed(position)], |row| row.get(0))
        .optional()?
        .ok_or(StoreError::NotThere)
}

/// Up to `limit` entries from `from` on, in order, as stored.
///
/// # Errors
/// [`StoreError`].
pub fn entries(
    db: &Connection,
    ledger: LedgerId,
    from: u64,
    limit: usize,
) -> Result<Vec<StoredEntry>, StoreError> {
    let mut query = db.prepare_cached(
        "SELECT position, bytes, leaf, chain FROM entry
         WHERE ledger = ?1 AND position >= ?2 ORDER BY position LIMIT ?3",
    )?;
    let rows = query.query_map(params![ledger.0, signed(from), signed(limit as u64)], stored_entry)?;
    rows.map(|row| {
        let (position, entry) = row?;
        Ok(StoredEntry { position: unsigned(position)?, ..entry })
    })
    .collect()
}

fn stored_entry(row: &Row<'_>) -> rusqlite::Result<(i64, StoredEntry)> {
    let entry = StoredEntry { position: 0, bytes: row.get(1)?, leaf: row.get(2)?, chain: row.get(3)? };
    Ok((row.get(0)?, entry))
}

/// Every tile row, in order of level and number, handed to `visit`.
///
/// # Errors
/// [`StoreError`], or what `visit` returns.
pub fn tile_rows(
    db: &Connection,
    ledger: LedgerId,
    mut visit: impl FnMut(TileRow) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut query =
        db.prepare("SELECT level, number, hashes FROM tile WHERE ledger = ?1 ORDER BY level, number")?;
    let mut rows = query.query([ledger.0])?;
    while let Some(row) = rows.next()? {
        visit(TileRow { level: row.get(0)?, number: row.get(1)?, hashes: row.get(2)? })?;
    }
    Ok(())
}

/// The checkpoint of the ledger's current head and its size; `None` before the
/// first.
///
/// # Errors
/// [`StoreError`].
pub fn latest_checkpoint(
    db: &Connection,
    ledger: LedgerId,
) -> Result<Option<(u64, Checkpointed)>, StoreError> {
    let row = db
        .prepare_cached(
            "SELECT size, note, receipt FROM checkpoint WHERE ledger = ?1 ORDER BY size DESC LIMIT 1",
        )?
        .query_row([ledger.0], |row| {
            Ok((row.get::<_, i64>(0)?, Checkpointed { note: row.get(1)?, receipt: row.get(2)? }))
        })
        .optional()?;
    row.map(|(size, checkpoint)| Ok((unsigned(size)?, checkpoint))).transpose()
}

/// The checkpoint of exactly this size.
///
/// # Errors
/// [`StoreError`].
pub fn checkpoint_at(
    db: &Connection,
    ledger: LedgerId,
    size: u64,
) -> Result<Option<Checkpointed>, StoreError> {
    Ok(db
        .prepare_cached("SELECT note, receipt FROM checkpoint WHERE ledger = ?1 AND size = ?2")?
        .query_row(params![ledger.0, signed(size)], |row| {
            Ok(Checkpointed { note: row.get(0)?, receipt: row.get(1)? })
        })
        .optional()?)
}
