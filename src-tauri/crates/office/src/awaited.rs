//! For whom something waits.

use crate::browse::Pending;
use crate::error::Result;
use crate::office::Office;
use crate::people::Person;
use crate::step::Step;

impl Office {
    /// Who may sign next what waits: everybody whose role it is at `now`, but for
    /// who has signed it already. Nobody, if it came back.
    ///
    /// # Errors
    /// What reading may fail with.
    pub fn awaited(&self, pending: &Pending, now: u64) -> Result<Vec<String>> {
        let Some(step) = pending.step else { return Ok(Vec::new()) };
        let reviewer = pending.review.as_ref().map(|review| review.by.as_str());
        let may = |person: &Person| {
            let acts = step != Step::Approve || person.member.may_approve(now);
            let signed = person.name == pending.drafter || reviewer == Some(&person.name);
            step.duty().check(person).is_ok() && acts && !signed
        };
        Ok(self.people()?.into_iter().filter(may).map(|person| person.name).collect())
    }
}
