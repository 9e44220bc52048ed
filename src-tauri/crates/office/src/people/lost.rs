//! A computer is lost: everybody whose key lay on it is suspended, as one step.

use std::collections::BTreeSet;

use yinxin_record::Id;
use yinxin_record::roster::Role;
use yinxin_record::rules::Violation;

use super::change::{Anew, Proposed};
use super::{Person, Unlocked};
use crate::duty::Duty;
use crate::error::{OfficeError, Result};
use crate::office::Office;
use crate::state::load_roster;
use crate::surroundings::{Surroundings, random};

impl Office {
    /// Proposes to suspend all of `people`, whose keys lay on a computer that is
    /// lost: all of them, or nobody. The other admin confirms them together.
    ///
    /// # Errors
    /// [`OfficeError::AdminNeeded`], [`OfficeError::NobodyChosen`],
    /// [`OfficeError::UnknownPerson`], [`OfficeError::OwnKeyLost`],
    /// [`OfficeError::PersonUnchanged`] of whoever is suspended already,
    /// [`OfficeError::ChangeWaits`], [`OfficeError::Rule`] where an admin's role
    /// would be without its last holder, and what writing may fail with.
    pub fn propose_lost(
        &mut self,
        people: &[Id],
        admin: &Unlocked,
        surroundings: &dyn Surroundings,
    ) -> Result<Vec<Proposed>> {
        let own = self.must_be_for(admin, Duty::ProposePeople)?;
        let chosen: BTreeSet<&Id> = people.iter().collect();
        if chosen.is_empty() {
            return Err(OfficeError::NobodyChosen);
        }
        if chosen.contains(&own.id) {
            return Err(OfficeError::OwnKeyLost(own.name));
        }
        let lost: Vec<Person> = chosen.iter().map(|id| self.person_with(id)).collect::<Result<_>>()?;
        if let Some(person) = lost.iter().find(|person| person.suspended) {
            return Err(OfficeError::PersonUnchanged(person.name.clone()));
        }
        self.check_admins_remain(&chosen)?;
        let suspended = |person: &Person| {
            let anew = Anew { suspended: true, ..Anew::of(person) };
            self.prepare(person.id, person.member.key, &anew, admin, surroundings)
        };
        let prepared = lost.iter().map(suspended).collect::<Result<Vec<_>>>()?;
        let together = Some(Id(random(surroundings)));
        self.store_proposals(&prepared, together, None, admin, surroundings.now())
    }

    /// Somebody else is system admin, and somebody is security admin: of all who
    /// are chosen together, not of each alone.
    fn check_admins_remain(&self, chosen: &BTreeSet<&Id>) -> Result<()> {
        let roster = load_roster(&self.db)?;
        let remains = |role: &Role| {
            let mut others = roster.iter().filter(|(id, _)| !chosen.contains(id));
            others.any(|(_, member)| member.roles.contains(role))
        };
        let both = [Role::SystemAdmin, Role::SecurityAdmin].iter().all(remains);
        if both { Ok(()) } else { Err(Violation::LastAdmin.into()) }
    }
}
