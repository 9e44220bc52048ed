//! Versions of records.

use super::signers::business;
use super::{Decision, Delta, Judge, Judged, RecordState, RuleError, View, Violation};
use crate::act::Successor;

impl<V: View> Judge<'_, V> {
    pub(super) fn publish(&self) -> Judged<V> {
        let signers = business(self.view.roster(), self.statement, self.enforced)?;
        let known = self.view.record(&self.statement.subject()).map_err(RuleError::View)?;
        self.enforced.require(known.is_none(), Violation::Taken)?;
        let state = RecordState { version: 1, leaf: self.leaf, withdrawn: false };
        Ok(Decision { delta: Delta::Record(self.statement.subject(), state), signers })
    }

    pub(super) fn succeed(&self, successor: Successor, withdrawn: bool) -> Judged<V> {
        let signers = business(self.view.roster(), self.statement, self.enforced)?;
        let id = self.statement.subject();
        match self.view.record(&id).map_err(RuleError::View)? {
            None => self.enforced.require(false, Violation::NoSuchRecord)?,
            Some(current) => {
                self.enforced.require(!current.withdrawn, Violation::Withdrawn)?;
                let next = if withdrawn { Some(current.version) } else { current.version.checked_add(1) };
                let follows = successor.previous == current.leaf && next == Some(successor.version);
                self.enforced.require(follows, Violation::NotCurrent)?;
            }
        }
        let state = RecordState { version: successor.version, leaf: self.leaf, withdrawn };
        Ok(Decision { delta: Delta::Record(id, state), signers })
    }
}
