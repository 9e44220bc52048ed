//! Officers whom the register appoints: where an office has no admins left, or too
//! few people to have three officers of its own.
//!
//! Both admins of the register sign the appointment there; the appointed person
//! alone signs the act that brings it into the office's ledger.

use super::signers::both_admins;
use super::{Decision, Delta, Enforced, Judge, Judged, RuleError, View, Violation};
use crate::act::{Appointment, Membership, Warrant};
use crate::digest::Id;
use crate::key::PublicKey;
use crate::origin::Origin;
use crate::roster::{Member, Role, Roster};
use crate::statement::{Purpose, Statement};

impl<V: View> Judge<'_, V> {
    /// In the register: an office that is in the realm may take somebody in.
    pub(super) fn appoint(&self, appointment: &Appointment) -> Judged<V> {
        let signers = both_admins(self.view.roster(), self.statement, self.enforced)?;
        let id = self.statement.subject();
        let known = self.view.office(&id).map_err(RuleError::View)?;
        self.enforced.require(known.is_some(), Violation::NoSuchOffice)?;
        if let Some(known) = known {
            let same = known.standing.code == appointment.code;
            self.enforced.require(same, Violation::OtherOffice)?;
            self.enforced.require(!known.standing.suspended, Violation::OfficeSuspended)?;
        }
        if let Some(lender) = &appointment.lender {
            let is_known = self.view.is_code_taken(lender).map_err(RuleError::View)?;
            let lends = is_known && *lender != appointment.code;
            self.enforced.require(lends, Violation::NoSuchOffice)?;
        }
        self.enforced.require(appointment.makes_an_officer(), Violation::NotAppointable)?;
        Ok(Decision { delta: Delta::Appointed(id, Box::new(appointment.clone())), signers })
    }

    /// In the office: what the register said of this person, for these people.
    pub(super) fn appointed(
        &self,
        membership: &Membership,
        warrant: &Warrant,
    ) -> Result<Vec<PublicKey>, RuleError<V::Error>> {
        let signer = says(self.statement, membership, warrant, self.view.origin(), self.enforced)?;
        let in_register = self.view.is_in_register(warrant).map_err(RuleError::View)?;
        self.enforced.require(in_register, Violation::NotWarranted)?;
        let size = warrant.appointment(self.view.origin().realm()).map(|said| said.size);
        let changed = self.view.people_changed().map_err(RuleError::View)?;
        let is_last =
            size.is_none_or(|size| size <= self.view.size() && changed.is_none_or(|changed| changed < size));
        self.enforced.require(is_last, Violation::RosterStale)?;
        let keeps = takes_no_admin_away(self.view.roster(), &self.statement.subject(), &membership.member);
        self.enforced.require(keeps, Violation::LastAdmin)?;
        Ok(vec![signer])
    }
}

/// Whether somebody is system admin, and somebody security admin, where somebody was,
/// once `subject` is `member`.
fn takes_no_admin_away(roster: &Roster, subject: &Id, member: &Member) -> bool {
    [Role::SystemAdmin, Role::SecurityAdmin].iter().all(|role| {
        let holds = |(_, other): (&Id, &Member)| other.roles.contains(role);
        let others = || roster.iter().filter(|(id, _)| *id != subject);
        !roster.iter().any(holds) || member.roles.contains(role) || others().any(holds)
    })
}

/// One layer, in the name of the person whom the warrant appoints to what the act
/// says, in the office of this `origin`, for the roster that the statement names.
/// Its signature, whether the warrant stands in the register, and whether people
/// have changed since, is the caller's to check.
///
/// # Errors
/// [`Violation::WrongLayers`], [`Violation::NotWarranted`],
/// [`Violation::RosterStale`].
pub fn warranted(
    statement: &Statement,
    membership: &Membership,
    warrant: &Warrant,
    origin: &Origin,
) -> Result<PublicKey, Violation> {
    says(statement, membership, warrant, origin, Enforced::all())
}

fn says(
    statement: &Statement,
    membership: &Membership,
    warrant: &Warrant,
    origin: &Origin,
    enforced: Enforced,
) -> Result<PublicKey, Violation> {
    let (header, key) = (&statement.outermost().header, membership.member.key);
    let alone = statement.layers.len() == 1 && header.purpose == Purpose::Approve;
    enforced.require(alone, Violation::WrongLayers)?;
    let appointment = warrant.appointment(origin.realm());
    let is_said = appointment.as_ref().is_some_and(|said| {
        said.makes_an_officer()
            && said.code == origin.code()
            && said.person == statement.subject()
            && said.member == Membership { warrant: None, ..membership.clone() }
    });
    let by_whom = header.kid == key.thumbprint();
    enforced.require(is_said && by_whom, Violation::NotWarranted)?;
    let roster = header.anchor.as_ref().map(|anchor| anchor.roster);
    let is_current = appointment.is_none_or(|said| Some(said.roster) == roster);
    enforced.require(is_current, Violation::RosterStale)?;
    Ok(key)
}
