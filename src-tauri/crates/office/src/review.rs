//! Review: check and sign what waits for its reviewer, so that it waits for its
//! approver.
//!
//! Batches of [`BATCH`](crate::submit::BATCH) drafts: each is checked and signed
//! over all cores, and stored in one transaction. What `done` was told is on disk.

use std::ops::ControlFlow;

use rayon::prelude::*;
use rusqlite::{Connection, params};
use yinxin_record::rules::{MemberState, Violation};
use yinxin_record::statement::{Statement, sign_review};
use yinxin_record::{Coded as _, Id};

use crate::countersign::Countersigning;
use crate::duty::Duty;
use crate::error::{OfficeError, Result};
use crate::office::Office;
use crate::people::Unlocked;
use crate::queue::{Reader, Selection, Waiting};
use crate::state::load_roster;
use crate::step::Step;
use crate::submit::seconds;
use crate::surroundings::Surroundings;

/// What became of a review.
#[derive(Debug, Default)]
pub struct Reviewed {
    /// Records whose draft waits for its approver now, in order.
    pub reviewed: Vec<Id>,
    /// Records whose draft was refused, and why; nothing of them has changed.
    pub refused: Vec<(Id, OfficeError)>,
    /// Why it ended early, if it did; what is listed above holds.
    pub failed: Option<OfficeError>,
}

impl Reviewed {
    /// The same, for whom only the whole will do.
    ///
    /// # Errors
    /// Why it ended early, or the first refusal; what is reviewed stays so.
    pub fn whole(mut self) -> Result<Self> {
        match self.failed.take().or_else(|| self.refused.drain(..).next().map(|(_, error)| error)) {
            Some(error) => Err(error),
            None => Ok(self),
        }
    }
}

/// A draft with the reviewer's layer round it.
struct Layered {
    waiting: Waiting,
    review: Vec<u8>,
}

type Signed = std::result::Result<Layered, (Id, OfficeError)>;

impl Office {
    /// Signs as reviewer. `done` hears, after each batch is on disk, how many are
    /// reviewed and how many refused so far, and says whether to go on.
    ///
    /// # Errors
    /// What the store may fail with before anything came of it; later, that is
    /// in [`Reviewed::failed`], and earlier batches stay reviewed. What one
    /// record is refused for is in [`Reviewed::refused`].
    pub fn review(
        &mut self,
        selection: Selection<'_>,
        reviewer: &Unlocked,
        surroundings: &dyn Surroundings,
        done: &mut dyn FnMut(usize, usize) -> ControlFlow<()>,
    ) -> Result<Reviewed> {
        self.must_be_for(reviewer, Duty::Review)?;
        let mut outcome = Reviewed::default();
        let mut reader = Reader::new(Step::Review, selection);
        if let Err(error) = self.review_all(&mut reader, reviewer, surroundings, &mut outcome, done) {
            if outcome.reviewed.is_empty() && outcome.refused.is_empty() {
                return Err(error);
            }
            outcome.failed = Some(error);
        }
        self.add_missing(reader, &mut outcome.refused);
        Ok(outcome)
    }

    fn review_all(
        &mut self,
        reader: &mut Reader<'_>,
        reviewer: &Unlocked,
        surroundings: &dyn Surroundings,
        outcome: &mut Reviewed,
        done: &mut dyn FnMut(usize, usize) -> ControlFlow<()>,
    ) -> Result<()> {
        let roster = load_roster(&self.db)?;
        let place = (&self.db, self.ledger, &self.origin);
        let countersigning = Countersigning::new(place, &roster, reviewer, surroundings)?;
        loop {
            let batch = reader.next(&self.db, &self.content_keys)?;
            if batch.is_empty() {
                return Ok(());
            }
            let signed = batch.into_par_iter().map(|waiting| sign(&countersigning, waiting)).collect();
            self.store_reviews(signed, reviewer, surroundings.now(), outcome)?;
            if done(outcome.reviewed.len(), outcome.refused.len()).is_break() {
                return Ok(());
            }
        }
    }

    /// Stores a batch in one transaction, if its reviewer still is one in it.
    fn store_reviews(
        &mut self,
        batch: Vec<Signed>,
        reviewer: &Unlocked,
        now: u64,
        outcome: &mut Reviewed,
    ) -> Result<()> {
        let transaction =
            rusqlite::Transaction::new_unchecked(&self.db, rusqlite::TransactionBehavior::Immediate)?;
        self.must_be_for(reviewer, Duty::Review)?;
        let (mut reviewed, mut refused) = (Vec::with_capacity(batch.len()), Vec::new());
        for signed in batch {
            match signed.and_then(|layered| store(&transaction, &layered, reviewer, now)) {
                Ok(record) => reviewed.push(record),
                Err((_, error @ OfficeError::Database(_))) => return Err(error),
                Err(refusal) => refused.push(refusal),
            }
        }
        transaction.commit()?;
        outcome.reviewed.extend(reviewed);
        outcome.refused.extend(refused);
        Ok(())
    }
}

fn sign(countersigning: &Countersigning<'_>, waiting: Waiting) -> Signed {
    let record = waiting.record;
    let review = countersigning.check(&waiting).and_then(|pending| {
        let (claims, key) = (countersigning.claims(record), &countersigning.signer.key);
        Ok(sign_review(pending.bytes().to_vec(), claims, key)?)
    });
    review.map(|review| Layered { waiting, review }).map_err(|error| (record, error))
}

/// Only what still waits, exactly as it was signed, gets its reviewer's layer.
fn store(
    db: &Connection,
    layered: &Layered,
    reviewer: &Unlocked,
    now: u64,
) -> std::result::Result<Id, (Id, OfficeError)> {
    let Layered { waiting, review } = layered;
    let store = || -> Result<usize> {
        let mut update = db.prepare_cached(
            "UPDATE submission SET review = ?4, reviewer = ?5, reviewed = ?6, stale = NULL
             WHERE record = ?1 AND content = ?2 AND draft = ?3
               AND state = 'submitted' AND asks_review = 1 AND review IS NULL",
        )?;
        let (no, content, draft) = (waiting.no, waiting.content, &waiting.draft);
        Ok(update.execute(params![no, content, draft, review, reviewer.person.id.0, seconds(now)])?)
    };
    match store() {
        Ok(1) => Ok(waiting.record),
        Ok(_) => Err((waiting.record, OfficeError::NothingToReview(waiting.record))),
        Err(error) => Err((waiting.record, error)),
    }
}

/// What somebody has reviewed who may not sign it any more waits for another
/// review, with the reason beside it: nobody could approve it.
pub(crate) fn drop_reviews(db: &Connection, person: &Id, state: &MemberState) -> Result<()> {
    let mut query =
        db.prepare("SELECT record, review FROM submission WHERE reviewer = ?1 AND state = 'submitted'")?;
    let mut rows = query.query([person.0])?;
    while let Some(row) = rows.next()? {
        let Some(violation) = why_not_reviewed_any_more(&row.get::<_, Vec<u8>>(1)?, state) else { continue };
        db.prepare_cached(
            "UPDATE submission SET review = NULL, reviewer = NULL, reviewed = NULL, stale = ?2
             WHERE record = ?1",
        )?
        .execute(params![row.get::<_, i64>(0)?, violation.code()])?;
    }
    Ok(())
}

fn why_not_reviewed_any_more(review: &[u8], reviewer: &MemberState) -> Option<Violation> {
    let kid = Statement::parse_pending(review).ok()?.outermost().header.kid;
    if reviewer.suspended || reviewer.member.key.thumbprint() != kid {
        return Some(Violation::NotInRoster);
    }
    let may = Duty::Review.roles().iter().any(|role| reviewer.member.roles.contains(role));
    (!may).then_some(Violation::WrongRole)
}
