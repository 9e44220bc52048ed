//! How much of everything there is.

use yinxin_ledger::store;

use crate::error::Result;
use crate::office::Office;

/// Where an office stands, in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Entries of the ledger.
    pub entries: u64,
    /// Acts on records among them.
    pub acts: u64,
    /// Records in force.
    pub published: u32,
    /// Records withdrawn.
    pub withdrawn: u32,
    /// Drafts that wait for an approver.
    pub waiting: u32,
    /// Since when the oldest of them waits: seconds since 1970.
    pub oldest: Option<u64>,
    /// When the last entry was signed, by its signer's clock: seconds since 1970.
    pub latest_signed: Option<u64>,
}

impl Office {
    /// Counts everything.
    ///
    /// # Errors
    /// What reading may fail with.
    pub fn counts(&self) -> Result<Counts> {
        let number = |n: i64| u64::try_from(n).unwrap_or_default();
        let (published, withdrawn) = self.db.query_row(
            "SELECT count(*) FILTER (WHERE withdrawn = 0), count(*) FILTER (WHERE withdrawn = 1)
             FROM record WHERE version > 0",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let (waiting, oldest): (u32, Option<i64>) = self.db.query_row(
            "SELECT count(*), min(submitted) FROM submission WHERE state = 'submitted'",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let acts = self.db.query_row("SELECT count(*) FROM record_act", [], |row| row.get(0))?;
        let entries = store::head(&self.db, self.ledger)?.size;
        let last = entries.checked_sub(1).and_then(|last| i64::try_from(last).ok());
        let latest = last.map(|last| self.statement_at(last)).transpose()?;
        Ok(Counts {
            entries,
            latest_signed: latest.map(|(statement, _)| statement.outermost().header.claims.iat),
            acts: number(acts),
            published,
            withdrawn,
            waiting,
            oldest: oldest.map(number),
        })
    }
}
