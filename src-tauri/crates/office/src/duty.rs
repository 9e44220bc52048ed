//! What everything that signs or changes asks of whoever does it: declared once.
//! The library judges by it, windows and the command line declare their commands
//! with it, and `docs/ROLES.md` is written from it.

use yinxin_record::roster::Role;

use crate::error::{OfficeError, Result};
use crate::office::Office;
use crate::people::{Person, Unlocked};

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
    /// Approve, and so publish.
    Approve,
    /// Return what waits to its drafter.
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
}

impl Duty {
    /// The roles of which one is asked for.
    #[must_use]
    pub fn roles(self) -> &'static [Role] {
        match self {
            Self::Draft | Self::Withdraw | Self::Erase | Self::TakeBack => &[Role::Drafter],
            Self::Approve | Self::Return => &[Role::Approver],
            Self::ProposePeople | Self::InvitePeople | Self::ConfirmPeople | Self::DropPeople => {
                &[Role::SystemAdmin, Role::SecurityAdmin]
            }
            Self::ChangePassphrase => &Role::ALL,
        }
    }

    /// Whether acting as approver gives it to somebody, in the time that was given.
    #[must_use]
    pub fn is_for_acting(self) -> bool {
        self.roles() == [Role::Approver]
    }

    /// Refuses whom it is not for. Whether somebody who acts as approver acts now
    /// is judged where it is done: by the ledger rules where it is signed.
    ///
    /// # Errors
    /// [`OfficeError::Suspended`]; [`OfficeError::RoleNeeded`], or
    /// [`OfficeError::AdminNeeded`] where either admin would do.
    pub fn check(self, person: &Person) -> Result<()> {
        person.check_not_suspended()?;
        let acts = self.is_for_acting() && person.member.acting.is_some();
        if acts || self.roles().iter().any(|role| person.member.roles.contains(role)) {
            return Ok(());
        }
        let name = person.name.clone();
        Err(match self.roles() {
            [role] => OfficeError::RoleNeeded { name, role: *role },
            _ => OfficeError::AdminNeeded(name),
        })
    }
}

impl Office {
    /// Refuses what somebody whose key is unlocked may not do, or not any more:
    /// people may have changed since. Says who it is by now.
    ///
    /// # Errors
    /// [`OfficeError::KeyReplaced`], and as [`Duty::check`].
    pub(crate) fn must_be_for(&self, unlocked: &Unlocked, duty: Duty) -> Result<Person> {
        let person = self.person_now(unlocked)?;
        duty.check(&person)?;
        Ok(person)
    }
}
