//! Versions of records.

use super::signers::business;
use super::{Decision, Delta, Judge, Judged, RecordState, RuleError, View, Violation};
use crate::act::Successor;
use crate::key::PublicKey;

impl<V: View> Judge<'_, V> {
    pub(super) fn publish(&self) -> Judged<V> {
        let signers = business(self.view.roster(), self.statement, self.enforced)?;
        let known = self.view.record(&self.statement.subject()).map_err(RuleError::View)?;
        self.enforced.require(known.is_none(), Violation::Taken)?;
        let state = RecordState { version: 1, leaf: self.leaf, withdrawn: false, erased: false };
        self.decided(state, signers)
    }

    /// A new version of a record that is in force.
    pub(super) fn amend(&self, successor: Successor) -> Judged<V> {
        let signers = business(self.view.roster(), self.statement, self.enforced)?;
        if let Some(current) = self.known()? {
            self.enforced.require(!current.withdrawn, Violation::Withdrawn)?;
            self.follows(&current, successor, current.version.checked_add(1))?;
        }
        let version = successor.version;
        self.decided(RecordState { version, leaf: self.leaf, withdrawn: false, erased: false }, signers)
    }

    /// The end of a record; erasing also ends what is withdrawn already.
    pub(super) fn end(&self, of: Successor, erased: bool) -> Judged<V> {
        let signers = business(self.view.roster(), self.statement, self.enforced)?;
        if let Some(current) = self.known()? {
            self.enforced.require(!current.erased, Violation::Erased)?;
            self.enforced.require(erased || !current.withdrawn, Violation::Withdrawn)?;
            self.follows(&current, of, Some(current.version))?;
        }
        self.decided(RecordState { version: of.version, leaf: self.leaf, withdrawn: true, erased }, signers)
    }

    /// The record that the act is about; there must be one.
    fn known(&self) -> Result<Option<RecordState>, RuleError<V::Error>> {
        let known = self.view.record(&self.statement.subject()).map_err(RuleError::View)?;
        self.enforced.require(known.is_some(), Violation::NoSuchRecord)?;
        Ok(known)
    }

    fn follows(&self, current: &RecordState, act: Successor, next: Option<u32>) -> Result<(), Violation> {
        let follows = act.previous == current.leaf && next == Some(act.version);
        self.enforced.require(follows, Violation::NotCurrent)
    }

    #[allow(clippy::unnecessary_wraps, reason = "the last step of what may fail")]
    fn decided(&self, state: RecordState, signers: Vec<PublicKey>) -> Judged<V> {
        Ok(Decision { delta: Delta::Record(self.statement.subject(), state), signers })
    }
}
