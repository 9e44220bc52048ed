//! What the office gives to others: its policy, and its ledger as tiles.

use std::fs;
use std::path::Path;

use yinxin_ledger::checkpoint::Checkpoint;
use yinxin_ledger::policy::Policy;
use yinxin_ledger::store;
use yinxin_ledger::tile::{self, Bundle};

use crate::error::{OfficeError, Result};
use crate::office::Office;
use crate::realm::keys;
use crate::whole_file::{self, Readers};

/// The number of the policy of an office that is in no realm.
const OWN_POLICY: u64 = 1;

impl Office {
    /// What tells others whether to trust this office: of a register its latest
    /// policy, of an office in a realm the one that it joined with, else one that
    /// names its own log and no witnesses.
    ///
    /// # Errors
    /// [`RealmError::NoPolicy`](crate::realm::RealmError::NoPolicy),
    /// [`OfficeError::Damaged`].
    pub fn policy(&self) -> Result<Policy> {
        let damaged = |_| OfficeError::Damaged("policy");
        if self.is_register() {
            return Policy::parse(&self.realm_policy()?).map_err(damaged);
        }
        match self.admitted_to_realm()? {
            Some(admitted) => Policy::parse(&admitted.policy).map_err(damaged),
            None => Policy::of(OWN_POLICY, &[self.vkey()?], &[], 0).map_err(damaged),
        }
    }

    /// Writes the ledger as static files (C2SP tlog-tiles): tiles, entry
    /// bundles, and last the checkpoint that needs them. Files that are there
    /// are never changed, so a folder can be brought up to date.
    ///
    /// # Errors
    /// What reading and writing may fail with.
    pub fn write_tiles(&self, folder: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<u64> {
        let snapshot = self.db.unchecked_transaction()?;
        let (size, checkpoint) =
            store::latest_checkpoint(&snapshot, self.ledger)?.ok_or(OfficeError::Damaged("no checkpoint"))?;
        let checkpoint = keys::signed_at(&snapshot, self.ledger, size)?.unwrap_or(checkpoint);
        let latest = folder.join("checkpoint");
        let vkey = self.vkey()?;
        let is_ours = |there: Vec<u8>| {
            let there = String::from_utf8(there).ok()?;
            Checkpoint::open(&there, &vkey).ok()
        };
        if fs::read(&latest).is_ok_and(|there| is_ours(there).is_none()) {
            return Err(other_file(&latest));
        }
        let tiles = store::StoredTiles::new(&snapshot, self.ledger);
        for tile in tile::tiles_for(size) {
            let hashes = tiles.hashes(tile.level, tile.index, usize::from(tile.width))?;
            write_once(&folder.join(tile.to_string()), &tile::encode_tile(&hashes))?;
        }
        for bundle in tile::bundles_for(size) {
            let first = bundle.index * u64::from(tile::FULL);
            let path = folder.join(bundle.to_string());
            write_once(&path, &self.bundle(&snapshot, bundle, first)?)?;
            progress((first + u64::from(bundle.width)).min(size), size);
        }
        write_new(&latest, checkpoint.note.as_bytes())?;
        Ok(size)
    }

    fn bundle(&self, db: &rusqlite::Connection, bundle: Bundle, first: u64) -> Result<Vec<u8>> {
        let entries = store::entries(db, self.ledger, first, usize::from(bundle.width))?;
        let bytes: Vec<Vec<u8>> = entries.into_iter().map(|entry| entry.bytes).collect();
        tile::encode_bundle(&bytes).map_err(|_| OfficeError::Damaged("entries are missing"))
    }
}

/// Writes a file that never changes; what is there must be the same already.
fn write_once(path: &Path, bytes: &[u8]) -> Result<()> {
    match fs::read(path) {
        Ok(there) if there == bytes => Ok(()),
        Ok(_) => Err(other_file(path)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => write_new(path, bytes),
        Err(error) => Err(OfficeError::file(path)(error)),
    }
}

fn other_file(path: &Path) -> OfficeError {
    OfficeError::file(path)(std::io::ErrorKind::AlreadyExists.into())
}

/// Writes a file and the folders that lead to it.
fn write_new(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(OfficeError::file(parent))?;
    }
    whole_file::write(path, bytes, Readers::Usual).map_err(OfficeError::file(path))
}
