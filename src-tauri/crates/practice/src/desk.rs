//! One practice office while its works are done: everybody's keys are at hand.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use yinxin_office::browse::Filter;
use yinxin_office::import::{Limits, Plan};
use yinxin_office::keyring::{HostKeys, Passphrase};
use yinxin_office::people::{Admission, Anew, Unlocked};
use yinxin_office::{Founding, Office, OfficeError, Selection, Surroundings};
use yinxin_record::Id;
use yinxin_record::cbor::Value;
use yinxin_record::roster::Role;

use crate::communities;
use crate::error::{PracticeError, Result};
use crate::information::{self, Information};
use crate::offices::{Declared, REALM};
use crate::people::{HOST_PASSPHRASE, LOCKING, PracticePerson};
use crate::works::Change;

const TEMPLATE: &str = "community";

/// Of what is made public.
const INFORMATION: &str = "public_information";

/// A drafter and an approver.
struct Pair {
    drafter: Unlocked,
    approver: Unlocked,
}

/// An open office with its host and the people who work there.
pub(crate) struct Desk<'w> {
    office: Office,
    host: HostKeys,
    /// The first of each role do the import.
    import: Pair,
    /// The last of each role make the changes.
    changes: Pair,
    /// Whoever reviews, in an office where anything is reviewed.
    reviewer: Option<Unlocked>,
    system_admin: Unlocked,
    /// The sheet that is imported next; not part of the city.
    sheet: PathBuf,
    world: &'w dyn Surroundings,
}

impl<'w> Desk<'w> {
    /// Founds the office in its folder below `city` and admits its people.
    pub fn found(city: &Path, declared: &Declared, world: &'w dyn Surroundings) -> Result<Self> {
        let host_passphrase = Passphrase::from(HOST_PASSPHRASE.to_owned());
        let founding = Founding {
            realm: REALM,
            name: declared.name,
            code: declared.code,
            passphrase: &host_passphrase,
            locking: LOCKING,
        };
        let mut office = Office::create(&city.join(declared.slug), &founding, world)?;
        for person in declared.people {
            admit(&mut office, person, &host_passphrase, world)?;
        }
        let host = office.unlock_host(Some(&host_passphrase))?;
        office.set_unattended(Some(&host))?;
        Ok(Self {
            host,
            import: pair(&office, &declared.people.iter())?,
            changes: pair(&office, &declared.people.iter().rev())?,
            reviewer: reviewer(&office, declared.people)?,
            system_admin: first(&office, &declared.people.iter(), Role::SystemAdmin)?,
            sheet: city.join(format!("{}.csv", declared.slug)),
            office,
            world,
        })
    }

    /// The drafter imports a sheet of new communities. `done` hears how many
    /// are submitted.
    pub fn import(&mut self, sheet: &str, done: &mut dyn FnMut(usize)) -> Result<()> {
        let plan = self.plan(TEMPLATE, sheet)?;
        let mut done = |submitted| {
            done(submitted);
            ControlFlow::Continue(())
        };
        self.office.import(&plan, false, &self.import.drafter, self.world, &mut done)?.whole()?;
        Ok(())
    }

    /// The approver publishes what was imported. `done` hears how many are
    /// published.
    pub fn publish_import(&mut self, done: &mut dyn FnMut(usize)) -> Result<()> {
        approve(&mut self.office, &self.import.approver, &self.host, self.world, done)
    }

    /// The approver publishes what was changed.
    pub fn publish_changes(&mut self) -> Result<()> {
        approve(&mut self.office, &self.changes.approver, &self.host, self.world, &mut |_| {})
    }

    /// The drafter submits one change.
    pub fn submit(&mut self, change: Change) -> Result<()> {
        match change {
            Change::Amend(code, setting) => {
                let id = self.record(code)?;
                self.office.amend(&id, &[setting.to_owned()], &self.changes.drafter, self.world)?;
            }
            Change::Withdraw(code, reason) => {
                let id = self.record(code)?;
                self.office.withdraw(&id, reason, &self.changes.drafter, self.world)?;
            }
            Change::Add(code, name) => {
                let sheet = communities::sheet_of_one(code, name);
                let plan =
                    self.plan(TEMPLATE, &sheet.ok_or(PracticeError::Data("a code in no subdistrict"))?)?;
                let done = &mut |_| ControlFlow::Continue(());
                self.office.import(&plan, false, &self.changes.drafter, self.world, done)?.whole()?;
            }
        }
        Ok(())
    }

    /// The drafter submits what is to be made public.
    pub fn inform(&mut self, pieces: &[Information], one_more: &mut dyn FnMut()) -> Result<()> {
        for piece in pieces {
            let plan = self.plan(INFORMATION, &information::sheet(&[*piece]))?;
            let done = &mut |_| ControlFlow::Continue(());
            self.office.import(&plan, false, &self.changes.drafter, self.world, done)?.whole()?;
            one_more();
        }
        Ok(())
    }

    /// The reviewer signs everything that waits for a review.
    pub fn review(&mut self) -> Result<()> {
        let Some(reviewer) = &self.reviewer else { return Ok(()) };
        let done = &mut |_, _| ControlFlow::Continue(());
        self.office.review(Selection::All, reviewer, self.world, done)?.whole()?;
        Ok(())
    }

    /// The approver returns what waits of the community with this code.
    pub fn send_back(&mut self, code: &str, reason: &str) -> Result<()> {
        let id = self.record(code)?;
        Ok(self.office.return_submission(&id, None, reason, &self.changes.approver, self.world)?)
    }

    /// The system admin proposes another post for somebody.
    pub fn propose_post(&mut self, name: &str, post: &str) -> Result<()> {
        let person = self.office.person(name)?;
        let anew = Anew { post: Some(post), ..Anew::of(&person) };
        self.office.propose(Some(&person.id), &anew, &self.system_admin, self.world)?;
        Ok(())
    }

    /// Judges a sheet; every row must be a new record.
    fn plan(&self, template: &str, sheet: &str) -> Result<Plan> {
        fs::write(&self.sheet, sheet).map_err(PracticeError::file(&self.sheet))?;
        let plan = self.office.plan_import(template, &self.sheet, &Limits::default())?;
        fs::remove_file(&self.sheet).map_err(PracticeError::file(&self.sheet))?;
        if !plan.problems.is_empty() {
            return Err(OfficeError::Values(plan.problems).into());
        }
        if plan.new_records() == plan.rows { Ok(plan) } else { Err(PracticeError::Data("a code twice")) }
    }

    /// The record of the community with this code.
    fn record(&self, code: &str) -> Result<Id> {
        let page = self.office.list(&Filter { text: Some(code), limit: 10, ..Filter::default() })?;
        let is_it = |value: &Value| value.as_text() == Some(code);
        let found = page.records.iter().find(|record| record.values.get("village_code").is_some_and(is_it));
        found.map(|record| record.id).ok_or(PracticeError::Data("a change of an unknown community"))
    }
}

fn admit(
    office: &mut Office,
    person: &PracticePerson,
    host_passphrase: &Passphrase,
    world: &dyn Surroundings,
) -> Result<()> {
    let admission = Admission {
        name: person.name,
        post: Some(person.post),
        roles: person.role_set(),
        passphrase: &person.secret(),
        host_passphrase,
        locking: LOCKING,
    };
    office.admit(&admission, world)?;
    Ok(())
}

/// The first drafter and the first approver among `people`.
fn pair<'p>(office: &Office, people: &(impl Iterator<Item = &'p PracticePerson> + Clone)) -> Result<Pair> {
    let unlock = |role| first(office, people, role);
    Ok(Pair { drafter: unlock(Role::Drafter)?, approver: unlock(Role::Approver)? })
}

/// Whoever reviews, if anybody does.
fn reviewer(office: &Office, people: &[PracticePerson]) -> Result<Option<Unlocked>> {
    let reviews = |person: &&PracticePerson| person.roles.contains(&Role::SecrecyReviewer);
    let person = people.iter().find(reviews);
    person.map(|person| Ok(office.sign_in(person.name, &person.secret())?)).transpose()
}

/// The first among `people` who holds `role`, unlocked.
fn first<'p>(
    office: &Office,
    people: &(impl Iterator<Item = &'p PracticePerson> + Clone),
    role: Role,
) -> Result<Unlocked> {
    let person = people.clone().find(|person| person.roles.contains(&role));
    let person = person.ok_or(PracticeError::Data("an office where a role is missing"))?;
    Ok(office.sign_in(person.name, &person.secret())?)
}

/// Publishes everything that waits; a refusal is a failure.
fn approve(
    office: &mut Office,
    approver: &Unlocked,
    host: &HostKeys,
    world: &dyn Surroundings,
    done: &mut dyn FnMut(usize),
) -> Result<()> {
    let approval = office.approve(Selection::All, approver, host, world, &mut |published, _| {
        done(published);
        ControlFlow::Continue(())
    })?;
    approval.whole()?;
    Ok(())
}
