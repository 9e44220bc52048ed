//! Rebuild the tree from the entries and hold the stored tiles against it.

use rusqlite::Connection;
use yinxin_ledger::store::{LedgerId, StoredTiles};
use yinxin_ledger::tile;
use yinxin_record::Digest;

use super::{Damage, Findings};
use crate::error::Result;

/// The rightmost tile of each level while leaves are pushed.
pub(super) struct TreeRows<'db> {
    stored: StoredTiles<'db>,
    levels: Vec<(u64, Vec<Digest>)>,
    expected: u64,
}

impl<'db> TreeRows<'db> {
    pub(super) fn new(db: &'db Connection, ledger: LedgerId) -> Self {
        Self { stored: StoredTiles::new(db, ledger), levels: Vec::new(), expected: 0 }
    }

    /// Adds a leaf; a tile that it completes is compared.
    pub(super) fn push(&mut self, leaf: Digest, findings: &mut Findings) {
        let mut hash = leaf;
        for level in 0_u8.. {
            let at = usize::from(level);
            if at == self.levels.len() {
                self.levels.push((0, Vec::new()));
            }
            self.levels[at].1.push(hash);
            if self.levels[at].1.len() < usize::from(tile::FULL) {
                break;
            }
            self.compare(level, findings);
            let (number, hashes) = &mut self.levels[at];
            let Some(root) = tile::node_in_tile(hashes, tile::HEIGHT, 0) else { break };
            hash = root;
            *number += 1;
            hashes.clear();
        }
    }

    /// Compares the partial tiles, and that there are no others; `rows` is how
    /// many are stored.
    pub(super) fn finish(&mut self, rows: u64, findings: &mut Findings) -> Result<()> {
        for level in 0..u8::try_from(self.levels.len()).unwrap_or(u8::MAX) {
            if !self.levels[usize::from(level)].1.is_empty() {
                self.compare(level, findings);
            }
        }
        if rows != self.expected {
            let args = vec![("stored", rows.to_string()), ("expected", self.expected.to_string())];
            findings.add(Damage::whole("damage_tile_count", args));
        }
        Ok(())
    }

    fn compare(&mut self, level: u8, findings: &mut Findings) {
        let (number, hashes) = &self.levels[usize::from(level)];
        self.expected += 1;
        let stored = self.stored.whole(level, *number);
        if stored.as_ref().ok() == Some(hashes) {
            return;
        }
        // The first entry below the first hash that differs.
        let stored = stored.unwrap_or_default();
        let at = hashes.iter().zip(&stored).position(|(a, b)| a != b);
        let at = at.unwrap_or(stored.len().min(hashes.len().saturating_sub(1))) as u64;
        let below = 256_u64.checked_pow(u32::from(level)).unwrap_or(u64::MAX);
        let position = (number * u64::from(tile::FULL) + at).saturating_mul(below);
        let args = vec![("level", level.to_string()), ("number", number.to_string())];
        findings.add(Damage { position: Some(position), code: "damage_tile", args });
    }
}
