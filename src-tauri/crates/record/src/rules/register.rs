//! What a register says: which offices are in the realm, and which policy is in
//! force.
//!
//! Both admins of the register sign. An act says the whole of an office, so that
//! the latest one is enough to know; its ledger only grows, and no key is used
//! for anything else, ever.

use super::signers::both_admins;
use super::{Decision, Delta, Judge, Judged, OfficeState, RuleError, View, Violation};
use crate::act::{NumberedPolicy, Standing};

impl<V: View> Judge<'_, V> {
    pub(super) fn office(&self, standing: &Standing) -> Judged<V> {
        let signers = both_admins(self.view.roster(), self.statement, self.enforced)?;
        let known = self.view.office(&self.statement.subject()).map_err(RuleError::View)?;
        match &known {
            None => self.admitted(standing)?,
            Some(known) => self.said_anew(standing, known)?,
        }
        self.keys_are_free(standing, known.as_ref())?;
        let state = OfficeState { version: standing.version(), leaf: self.leaf, standing: standing.clone() };
        Ok(Decision { delta: Delta::Office(self.statement.subject(), Box::new(state)), signers })
    }

    /// An office that the register does not know yet.
    fn admitted(&self, standing: &Standing) -> Result<(), RuleError<V::Error>> {
        let is_first = standing.follows.is_none() && !standing.suspended;
        self.enforced.require(is_first, Violation::NoSuchOffice)?;
        let taken = self.view.is_code_taken(&standing.code).map_err(RuleError::View)?;
        Ok(self.enforced.require(!taken, Violation::Taken)?)
    }

    /// The same office, with the same ledger, which has only grown.
    fn said_anew(&self, standing: &Standing, known: &OfficeState) -> Result<(), Violation> {
        self.enforced.require(standing.follows.is_some(), Violation::Taken)?;
        let next = known.version.checked_add(1);
        let follows_it = standing
            .follows
            .is_none_or(|follows| next == Some(follows.version) && follows.previous == known.leaf);
        self.enforced.require(follows_it, Violation::NotCurrent)?;
        let before = &known.standing;
        let same = standing.code == before.code && standing.ledger == before.ledger;
        self.enforced.require(same, Violation::OtherOffice)?;
        let (now, then) = (standing.head, before.head);
        let grown = now.size > then.size || now == then;
        self.enforced.require(grown, Violation::HeadBehind)
    }

    /// Each key is the one that it was, or nobody's yet.
    fn keys_are_free(
        &self,
        standing: &Standing,
        known: Option<&OfficeState>,
    ) -> Result<(), RuleError<V::Error>> {
        let genesis = self.view.genesis().ok_or(Violation::GenesisOutOfPlace)?;
        let keys = standing.keys.signing();
        let before = known.map(|known| known.standing.keys.signing());
        let twice = (1..keys.len()).any(|at| keys[..at].contains(&keys[at]));
        self.enforced.require(!twice, Violation::Taken)?;
        for (at, key) in keys.iter().enumerate() {
            if before.is_some_and(|before| before[at] == *key) {
                continue;
            }
            let used = self.view.is_key_used(&key.thumbprint()).map_err(RuleError::View)?;
            let free = !used && !genesis.keys.signing().contains(key);
            self.enforced.require(free, Violation::Taken)?;
        }
        Ok(())
    }

    pub(super) fn policy(&self, policy: &NumberedPolicy) -> Judged<V> {
        let signers = both_admins(self.view.roster(), self.statement, self.enforced)?;
        let latest = self.view.policy_number().map_err(RuleError::View)?;
        let is_next = latest.checked_add(1) == Some(policy.number);
        self.enforced.require(is_next, Violation::NotCurrent)?;
        Ok(Decision { delta: Delta::Policy(policy.clone()), signers })
    }
}
