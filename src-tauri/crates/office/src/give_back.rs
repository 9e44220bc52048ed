//! Return what waits to its drafter. Not signed, and not in the ledger.

use rusqlite::{Connection, OptionalExtension as _, params};
use yinxin_record::rules::Violation;
use yinxin_record::{Digest, Id};

use crate::duty::Duty;
use crate::error::{OfficeError, Result};
use crate::office::Office;
use crate::people::{Person, Unlocked};
use crate::step::{Step, step_of};
use crate::submit::{check_reason, seconds};
use crate::surroundings::Surroundings;

impl Office {
    /// Returns what waits to its drafter, with a reason; if `draft` is given, only
    /// the draft with this digest, as somebody has seen it. Whoever may sign it
    /// next may return it: a reviewer what waits for review, an approver what waits
    /// for approval.
    ///
    /// # Errors
    /// [`OfficeError::NoSuchRecord`], [`OfficeError::NothingWaits`],
    /// [`OfficeError::AnotherDraft`], [`OfficeError::BadReason`]; as [`Duty::check`]
    /// for the step that it waits for, and [`Violation::NotActing`] as
    /// [`OfficeError::Rule`].
    pub fn return_submission(
        &mut self,
        id: &Id,
        draft: Option<&Digest>,
        reason: &str,
        signer: &Unlocked,
        surroundings: &dyn Surroundings,
    ) -> Result<()> {
        let person = self.must_be_for(signer, Duty::Return)?;
        check_reason(reason)?;
        let record = self.stored(id)?;
        let now = surroundings.now();
        let transaction = Self::begin(&mut self.db)?;
        let step = step_of(&transaction, record.no)?.ok_or(OfficeError::NothingWaits(*id))?;
        check_may_sign(&person, step, now)?;
        if let Some(seen) = draft
            && layers_so_far(&transaction, record.no)? != Some(*seen)
        {
            return Err(OfficeError::AnotherDraft(*id));
        }
        transaction.execute(
            "UPDATE submission SET state = 'returned', returned_by = ?2, returned = ?3, reason = ?4, stale = NULL
             WHERE record = ?1",
            params![record.no, signer.person.id.0, seconds(now), reason],
        )?;
        transaction.commit()?;
        Ok(())
    }
}

/// Returning is not signed, so no ledger rule asks whether somebody acts now.
fn check_may_sign(person: &Person, step: Step, now: u64) -> Result<()> {
    step.duty().check(person)?;
    if step == Step::Approve && !person.member.may_approve(now) {
        return Err(Violation::NotActing.into());
    }
    Ok(())
}

/// The digest of the signed layers so far.
fn layers_so_far(db: &Connection, no: i64) -> Result<Option<Digest>> {
    let layers: Option<Vec<u8>> = db
        .prepare_cached("SELECT coalesce(review, draft) FROM submission WHERE record = ?1")?
        .query_row([no], |row| row.get(0))
        .optional()?;
    Ok(layers.map(|layers| Digest::of(&layers)))
}
