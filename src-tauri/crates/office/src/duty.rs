//! What everything that signs or changes asks of whoever does it: declared once.
//! The library judges by it, windows and the command line declare their commands
//! with it, and `docs/ROLES.md` is written from it.

use yinxin_record::roster::Role;

use crate::error::{OfficeError, Result};
use crate::office::Office;
use crate::people::{Person, Unlocked};
use crate::realm::RealmError;
use crate::state_of;

/// Something that only some may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duty {
    /// Type, import, amend and submit.
    Draft,
    /// Submit a withdrawal.
    Withdraw,
    /// Submit an erasure.
    Erase,
    /// Take back what waits or was returned.
    TakeBack,
    /// Review what its template asks a review for.
    Review,
    /// Approve, and so publish.
    Approve,
    /// Return what waits to its drafter: whoever may sign it next.
    Return,
    /// Propose what is to be said of somebody.
    ProposePeople,
    /// Invite somebody to make a key, take the answer, withdraw the invitation.
    InvitePeople,
    /// Confirm what the other admin proposed.
    ConfirmPeople,
    /// Drop what one of the two admins proposed.
    DropPeople,
    /// Change the passphrase of one's own key.
    ChangePassphrase,
    /// Ask the register for something.
    AskRegister,
    /// Take in what the register answered.
    JoinRealm,
    /// Propose what the register is to say of an office.
    ProposeOffice,
    /// Confirm what the register's other admin proposed.
    ConfirmOffice,
    /// Drop what one of the register's two admins proposed.
    DropOffice,
}

impl Duty {
    /// The roles of which one is asked for.
    #[must_use]
    pub fn roles(self) -> &'static [Role] {
        match self {
            Self::Draft | Self::Withdraw | Self::Erase | Self::TakeBack => &[Role::Drafter],
            Self::Review => &[Role::Reviewer, Role::SecrecyReviewer],
            Self::Approve => &[Role::Approver],
            Self::Return => &[Role::Reviewer, Role::Approver, Role::SecrecyReviewer],
            Self::ProposePeople
            | Self::InvitePeople
            | Self::ConfirmPeople
            | Self::DropPeople
            | Self::AskRegister
            | Self::JoinRealm
            | Self::ProposeOffice
            | Self::ConfirmOffice
            | Self::DropOffice => &[Role::SystemAdmin, Role::SecurityAdmin],
            Self::ChangePassphrase => &Role::ALL,
        }
    }

    /// Whether it is about records, of which a register has none.
    fn is_about_records(self) -> bool {
        matches!(
            self,
            Self::Draft
                | Self::Withdraw
                | Self::Erase
                | Self::TakeBack
                | Self::Review
                | Self::Approve
                | Self::Return
        )
    }

    /// Whether acting as approver gives it to somebody, in the time that was given.
    #[must_use]
    pub fn is_for_acting(self) -> bool {
        matches!(self, Self::Approve | Self::Return)
    }

    /// Refuses whom it is not for. Whether somebody who acts as approver acts now
    /// is judged where it is done: by the ledger rules where it is signed.
    ///
    /// # Errors
    /// [`OfficeError::Suspended`]; [`OfficeError::RoleNeeded`], or where several
    /// roles would do [`OfficeError::AdminNeeded`], [`OfficeError::ReviewerNeeded`],
    /// [`OfficeError::SignerNeeded`].
    pub fn check(self, person: &Person) -> Result<()> {
        person.check_not_suspended()?;
        let acts = self.is_for_acting() && person.member.acting.is_some();
        if acts || self.roles().iter().any(|role| person.member.roles.contains(role)) {
            return Ok(());
        }
        let name = person.name.clone();
        Err(match (self, self.roles()) {
            (_, [role]) => OfficeError::RoleNeeded { name, role: *role },
            (Self::Review, _) => OfficeError::ReviewerNeeded(name),
            (Self::Return, _) => OfficeError::SignerNeeded(name),
            _ => OfficeError::AdminNeeded(name),
        })
    }
}

impl Office {
    /// Refuses what somebody whose key is unlocked may not do, or not any more:
    /// people may have changed since. Says who it is by now.
    ///
    /// # Errors
    /// [`OfficeError::StateOfAnotherHead`], [`OfficeError::KeyReplaced`], [`RealmError::IsRegister`], and as [`Duty::check`].
    pub(crate) fn must_be_for(&self, unlocked: &Unlocked, duty: Duty) -> Result<Person> {
        if self.is_register() && duty.is_about_records() {
            return Err(RealmError::IsRegister.into());
        }
        // Whose key and roles they are is read from the saved state.
        state_of::check(&self.db, self.ledger)?;
        let person = self.person_now(unlocked)?;
        duty.check(&person)?;
        Ok(person)
    }
}
