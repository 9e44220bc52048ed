//! Many ledgers in one SQLite database.
//!
//! SQLite does only what SQLite is for: it keeps bytes, in order, and commits
//! them together or not at all. Every function works inside the caller's
//! connection or transaction and never commits by itself, so that an append
//! and whatever the office keeps beside it become durable as one.
//!
//! Entries are stored with leaf hash and chain; the tree is stored as the
//! tiles that C2SP tlog-tiles serves, so proofs read a few blobs and the
//! export is a copy. [`append`] is a compare-and-swap on the head: it changes
//! nothing unless the ledger still is what the caller read.

mod append;
mod nodes;
mod read;

use rusqlite::{Connection, OptionalExtension, params};
use yinxin_record::Digest;

pub use append::{Checkpointed, append, insert_checkpoint};
pub use nodes::StoredTiles;
pub use read::{StoredEntry, TileRow, checkpoint_at, entries, entry, latest_checkpoint, tile_rows};

use crate::chain;
use crate::tree;

/// The tables and triggers, to be run once on a new database.
pub const SCHEMA: &str = include_str!("schema.sql");

/// The number of a ledger within one database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LedgerId(pub i64);

/// Where a ledger stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Number of entries.
    pub size: u64,
    /// RFC 6962 root.
    pub root: Digest,
    /// The last link of the hash chain.
    pub chain: Digest,
}

impl From<tree::MakeError<StoreError>> for StoreError {
    fn from(error: tree::MakeError<StoreError>) -> Self {
        match error {
            tree::MakeError::Nodes(error) => error,
            tree::MakeError::OutOfRange { .. } => Self::NotThere,
        }
    }
}

impl Head {
    /// The head of a ledger without entries.
    #[must_use]
    pub fn empty() -> Self {
        Self { size: 0, root: tree::empty_root(), chain: chain::START }
    }
}

/// What the store may fail with.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database said no; see [`rusqlite::Error`].
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// Somebody else appended first; nothing was written.
    #[error("the ledger has grown since it was read")]
    HeadMoved,
    /// What is stored contradicts itself.
    #[error("stored ledger is damaged: {0}")]
    Damaged(&'static str),
    /// There is no such entry, tile or checkpoint.
    #[error("not in this ledger")]
    NotThere,
    /// An entry is larger than an entry bundle allows.
    #[error("entry is longer than 65,535 bytes")]
    EntryTooLong,
}

/// Adds an empty ledger.
///
/// # Errors
/// [`StoreError::Sqlite`], also when the origin is there already.
pub fn create_ledger(db: &Connection, origin: &str, vkey: &str) -> Result<LedgerId, StoreError> {
    let head = Head::empty();
    db.execute(
        "INSERT INTO ledger (origin, vkey, size, root, chain) VALUES (?1, ?2, 0, ?3, ?4)",
        params![origin, vkey, head.root.0, head.chain.0],
    )?;
    Ok(LedgerId(db.last_insert_rowid()))
}

/// The ledger with this origin and its verifier key, if it is here.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn find_ledger(db: &Connection, origin: &str) -> Result<Option<(LedgerId, String)>, StoreError> {
    let mut statement = db.prepare_cached("SELECT id, vkey FROM ledger WHERE origin = ?1")?;
    Ok(statement.query_row([origin], |row| Ok((LedgerId(row.get(0)?), row.get(1)?))).optional()?)
}

/// Where the ledger stands.
///
/// # Errors
/// [`StoreError`].
pub fn head(db: &Connection, ledger: LedgerId) -> Result<Head, StoreError> {
    let mut statement = db.prepare_cached("SELECT size, root, chain FROM ledger WHERE id = ?1")?;
    let row = statement
        .query_row([ledger.0], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?, row.get::<_, Vec<u8>>(2)?))
        })
        .optional()?;
    let (size, root, chain) = row.ok_or(StoreError::NotThere)?;
    Ok(Head { size: unsigned(size)?, root: digest(&root)?, chain: digest(&chain)? })
}

fn digest(bytes: &[u8]) -> Result<Digest, StoreError> {
    Digest::from_slice(bytes).ok_or(StoreError::Damaged("a digest is not 32 bytes long"))
}

/// SQLite counts in i64; sizes and positions stay below 2⁶³.
#[must_use]
pub fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// What [`signed`] gave.
///
/// # Errors
/// [`StoreError::Damaged`]: nothing that is counted is negative.
pub fn unsigned(n: i64) -> Result<u64, StoreError> {
    u64::try_from(n).map_err(|_| StoreError::Damaged("a negative number"))
}
