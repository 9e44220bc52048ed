//! Who people are and what they may do.
//!
//! The founding key admits until people sign; from then on every act about a
//! person is signed by the system admin and the security admin, or by whom the
//! realm's register appoints. An act says the whole of a person, so that the
//! latest one is enough to know.

use super::founding::founder;
use super::signers::both_admins;
use super::{Decision, Delta, Enforced, Judge, Judged, MemberState, RuleError, View, Violation};
use crate::act::{Genesis, Membership};
use crate::digest::Id;
use crate::key::PublicKey;
use crate::roster::{MAX_MEMBERS, Member, Role, Roster, may_be_held_together};

impl<V: View> Judge<'_, V> {
    pub(super) fn membership(&self, membership: &Membership) -> Judged<V> {
        let genesis = self.view.genesis().ok_or(Violation::GenesisOutOfPlace)?;
        let signers = if let Some(warrant) = &membership.warrant {
            self.appointed(membership, warrant)?
        } else if self.statement.layers.len() == 1 {
            self.admitted_by_founder(membership, genesis)?
        } else {
            let signers = both_admins(self.view.roster(), self.statement, self.enforced)?;
            let Membership { member, suspended, .. } = membership;
            let subject = self.statement.subject();
            let both = keeps_both_admins(self.view.roster(), &subject, member, *suspended);
            self.enforced.require(both, Violation::LastAdmin)?;
            signers
        };
        self.admissible(membership)?;
        let state = MemberState {
            version: self.person_version(membership)?,
            leaf: self.leaf,
            suspended: membership.suspended,
            member: membership.member.clone(),
        };
        self.key_is_free(membership, genesis)?;
        Ok(Decision { delta: Delta::Member(self.statement.subject(), Box::new(state)), signers })
    }

    fn admitted_by_founder(
        &self,
        membership: &Membership,
        genesis: &Genesis,
    ) -> Result<Vec<PublicKey>, Violation> {
        self.enforced.require(self.view.is_founding(), Violation::FoundingOver)?;
        let signer = founder(self.statement, genesis, self.enforced)?;
        let Membership { member, suspended, follows, .. } = membership;
        let only_admits = follows.is_none() && !suspended && member.acting.is_none();
        self.enforced.require(only_admits, Violation::FounderOnlyAdmits)?;
        Ok(vec![signer])
    }

    /// Whether there is a person like this, and room for it.
    fn admissible(&self, membership: &Membership) -> Result<(), Violation> {
        could_be(membership, self.enforced)?;
        let roster = self.view.roster();
        let joins = !membership.suspended && roster.get(&self.statement.subject()).is_none();
        self.enforced.require(!joins || roster.len() < MAX_MEMBERS, Violation::TooManyMembers)
    }

    /// The act's number, if it follows what was last said of the person.
    fn person_version(&self, membership: &Membership) -> Result<u32, RuleError<V::Error>> {
        let known = self.view.member(&self.statement.subject()).map_err(RuleError::View)?;
        match (membership.follows, known) {
            (None, None) => {}
            (None, Some(_)) => self.enforced.require(false, Violation::Taken)?,
            (Some(_), None) => self.enforced.require(false, Violation::NoSuchMember)?,
            (Some(follows), Some(now)) => {
                let next = now.version.checked_add(1);
                let follows_it = next == Some(follows.version) && now.leaf == follows.previous;
                self.enforced.require(follows_it, Violation::NotCurrent)?;
            }
        }
        Ok(membership.version())
    }

    /// One key, one person, for ever; and none that the office itself uses.
    fn key_is_free(&self, membership: &Membership, genesis: &Genesis) -> Result<(), RuleError<V::Error>> {
        let key = membership.member.key;
        let known = self.view.member(&self.statement.subject()).map_err(RuleError::View)?;
        let keeps = known.is_some_and(|known| known.member.key == key);
        let is_free = || -> Result<bool, RuleError<V::Error>> {
            let used = self.view.is_key_used(&key.thumbprint()).map_err(RuleError::View)?;
            Ok(!used && !genesis.keys.signing().contains(&key))
        };
        let free = keeps || is_free()?;
        Ok(self.enforced.require(free, Violation::Taken)?)
    }
}

/// Whether anybody could be what an act says, whoever it is.
///
/// # Errors
/// [`Violation::RolesTogether`], [`Violation::MayNotAct`].
pub fn possible(membership: &Membership) -> Result<(), Violation> {
    could_be(membership, Enforced::all())
}

fn could_be(membership: &Membership, enforced: Enforced) -> Result<(), Violation> {
    let Member { roles, acting, .. } = &membership.member;
    enforced.require(may_be_held_together(roles), Violation::RolesTogether)?;
    let does_business = [Role::Drafter, Role::Reviewer, Role::DataAdmin, Role::SecrecyReviewer];
    let could_act = !roles.contains(&Role::Approver) && does_business.iter().any(|role| roles.contains(role));
    enforced.require(acting.is_none() || could_act, Violation::MayNotAct)
}

/// Whether there is a system admin and a security admin in `roster` once
/// `subject` is `member`, or suspended.
#[must_use]
pub fn keeps_both_admins(roster: &Roster, subject: &Id, member: &Member, suspended: bool) -> bool {
    let has = |role: &Role| {
        let mut others = roster.iter().filter(|(id, _)| *id != subject);
        (!suspended && member.roles.contains(role)) || others.any(|(_, other)| other.roles.contains(role))
    };
    [Role::SystemAdmin, Role::SecurityAdmin].iter().all(has)
}
