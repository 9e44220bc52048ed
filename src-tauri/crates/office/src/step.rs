//! Whose signature what waits is waiting for.

use rusqlite::{Connection, OptionalExtension as _};

use crate::duty::Duty;
use crate::error::Result;

/// The next signature on a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The reviewer's, where the act asks for one.
    Review,
    /// The approver's: with it the act is registered.
    Approve,
}

impl Step {
    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::Approve => "approve",
        }
    }

    /// The step that `word` names.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::Review, Self::Approve].into_iter().find(|step| step.as_str() == word)
    }

    /// What it asks of whoever signs it, or returns the draft instead.
    #[must_use]
    pub fn duty(self) -> Duty {
        match self {
            Self::Review => Duty::Review,
            Self::Approve => Duty::Approve,
        }
    }

    /// That a row `s` of `submission` waits for it.
    pub(crate) fn condition(self) -> &'static str {
        match self {
            Self::Review => "s.state = 'submitted' AND s.asks_review = 1 AND s.review IS NULL",
            Self::Approve => "s.state = 'submitted' AND (s.asks_review = 0 OR s.review IS NOT NULL)",
        }
    }

    /// The step of a row that waits.
    pub(crate) fn of_row(asks_review: bool, is_reviewed: bool) -> Self {
        if asks_review && !is_reviewed { Self::Review } else { Self::Approve }
    }
}

/// What record number `no` waits for, if it waits.
pub(crate) fn step_of(db: &Connection, no: i64) -> Result<Option<Step>> {
    let step = db
        .prepare_cached(
            "SELECT asks_review, review IS NOT NULL FROM submission WHERE record = ?1 AND state = 'submitted'",
        )?
        .query_row([no], |row| Ok(Step::of_row(row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(step)
}
