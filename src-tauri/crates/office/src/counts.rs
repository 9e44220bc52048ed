//! How much of everything there is.

use yinxin_ledger::store;

use crate::error::Result;
use crate::office::Office;
use crate::step::Step;

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
    /// Drafts that wait for a reviewer.
    pub to_review: u32,
    /// Since when the oldest of them waits: seconds since 1970.
    pub oldest_to_review: Option<u64>,
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
        let (waiting, oldest) = self.count_step(Step::Approve)?;
        let (to_review, oldest_to_review) = self.count_step(Step::Review)?;
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
            oldest,
            to_review,
            oldest_to_review,
        })
    }

    /// How many drafts wait for `step`, and since when the oldest does.
    fn count_step(&self, step: Step) -> Result<(u32, Option<u64>)> {
        // What is reviewed has waited for its approver since then.
        let sql = format!(
            "SELECT count(*), min(coalesce(s.reviewed, s.submitted)) FROM submission s WHERE {}",
            step.condition()
        );
        let row = self.db.prepare_cached(&sql)?.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let (count, oldest): (u32, Option<i64>) = row;
        Ok((count, oldest.map(|time| u64::try_from(time).unwrap_or_default())))
    }
}
