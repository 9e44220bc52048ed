//! People change: one admin proposes, the other confirms.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use yinxin_office::keyring::Locking;
use yinxin_office::people::{Anew, NewKey, PersonChange};
use yinxin_record::roster::Acting;
use yinxin_record::{Digest, Id};

use crate::desk::Desk;
use crate::error::DeskError;
use crate::failure::Failure;
use crate::office::Nothing;
use crate::people::{ActingView, PersonView, Secret, post_of, roles_of};
use crate::session::HOST;

/// Changes that wait for the other admin, the oldest first.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Changes {
    /// They.
    pub changes: Vec<ChangeView>,
}

/// A change that waits.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ChangeView {
    /// Who the person is now; `null` for somebody new.
    pub before: Option<PersonView>,
    /// Who the person would be; its `position` says nothing.
    pub after: PersonView,
    /// The admin who proposed it.
    pub proposer: String,
    /// Whether that is whoever sits at the desk, who cannot confirm it.
    pub own: bool,
    /// Since when it waits: seconds since 1970.
    #[ts(type = "number")]
    pub proposed: u64,
    /// The digest of the proposal that is shown, in hex: confirming names it, so
    /// that what is signed is what was seen.
    pub draft: String,
    /// Whether the person has changed otherwise meanwhile, so that it cannot be
    /// confirmed any more.
    pub overtaken: bool,
    /// The digits of the answer that the key came with: what the person read over
    /// the telephone.
    pub digits: Option<String>,
    /// What is the same of all that was proposed, and is confirmed, as one step.
    pub together: Option<String>,
}

/// Propose what is to be said of somebody from now on: whole, not as a difference.
#[derive(Debug, Deserialize, TS)]
pub struct ChangePropose {
    /// The member's id; `null` for somebody new.
    pub person: Option<String>,
    /// Name; unique within the office.
    pub name: String,
    /// Post.
    pub post: Option<String>,
    /// Roles, as words.
    pub roles: Vec<String>,
    /// When the person also approves, for somebody who is away.
    pub acting: Option<ActingView>,
    /// Whether the person may sign nothing for now.
    pub suspended: bool,
    /// Protects a new key, made at this desk; `null` keeps the one there is.
    #[ts(as = "Option<String>")]
    pub passphrase: Option<Secret>,
}

/// A computer is lost: suspend everybody whose key lay on it.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct PeopleLost {
    /// The members' ids.
    pub people: Vec<String>,
}

/// Confirm changes that somebody saw: all, or none.
#[derive(Debug, Deserialize, TS)]
pub struct ChangeConfirm {
    /// The digests of the proposals, in hex.
    pub drafts: Vec<String>,
    /// Opens the host's keys, where they do not open by themselves.
    #[ts(as = "Option<String>")]
    pub host_passphrase: Option<Secret>,
}

/// What confirming did.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ChangeConfirmed {
    /// Who they are now.
    pub people: Vec<PersonView>,
    /// How many drafts came back because their drafter may not sign them any more.
    pub returned: u32,
}

/// Drop changes that somebody saw: all, or none.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ChangeDrop {
    /// The digests of the proposals, in hex.
    pub drafts: Vec<String>,
}

fn view(change: &PersonChange, proposer: Option<String>, own: &Id) -> ChangeView {
    ChangeView {
        before: change.before.as_ref().map(PersonView::from),
        after: PersonView::from(&change.after),
        proposer: proposer.unwrap_or_default(),
        own: change.proposer == *own,
        proposed: change.proposed,
        draft: change.draft.to_string(),
        overtaken: change.overtaken,
        digits: change.digits.map(|digits| digits.to_string()),
        together: change.together.map(|id| id.to_string()),
    }
}

fn digests(texts: &[String]) -> Result<Vec<Digest>, DeskError> {
    let bad = |_| DeskError::BadRequest("drafts".to_owned());
    texts.iter().map(|text| text.parse().map_err(bad)).collect()
}

pub(crate) fn changes(desk: &Desk, _: &Nothing) -> Result<Changes, Failure> {
    let (open, person) = desk.member()?;
    let office = open.read();
    let name = |id: &Id| office.person_with(id).ok().map(|person| person.name);
    let changes = office.changes()?;
    let changes = changes.iter().map(|change| view(change, name(&change.proposer), &person.person.id));
    Ok(Changes { changes: changes.collect() })
}

pub(crate) fn change_propose(desk: &Desk, asked: &ChangePropose) -> Result<ChangeView, Failure> {
    let (open, admin) = desk.member()?;
    let passphrase = asked.passphrase.as_ref().map(Secret::passphrase);
    let person = asked.person.as_deref().map(str::parse::<Id>).transpose();
    let person = person.map_err(|_| DeskError::BadRequest("person".to_owned()))?;
    let key = passphrase
        .as_ref()
        .map_or(NewKey::Kept, |passphrase| NewKey::Here { passphrase, locking: Locking::default() });
    let anew = Anew {
        name: asked.name.trim(),
        post: post_of(asked.post.as_deref()),
        roles: roles_of(&asked.roles)?,
        acting: asked.acting.map(acting).transpose()?,
        suspended: asked.suspended,
        key,
    };
    let mut office = open.write();
    let proposed = office.propose(person.as_ref(), &anew, &admin, desk.surroundings())?;
    let changes = office.changes()?;
    let change = changes.iter().find(|change| change.draft == proposed.draft);
    let change = change.ok_or(yinxin_office::OfficeError::NoSuchChange)?;
    Ok(view(change, Some(admin.person.name.clone()), &admin.person.id))
}

pub(crate) fn people_lost(desk: &Desk, asked: &PeopleLost) -> Result<Changes, Failure> {
    let (open, admin) = desk.member()?;
    let bad = |_| DeskError::BadRequest("people".to_owned());
    let people = asked.people.iter().map(|id| id.parse().map_err(bad)).collect::<Result<Vec<Id>, _>>()?;
    let mut office = open.write();
    let proposed = office.propose_lost(&people, &admin, desk.surroundings())?;
    let is_one = |change: &&PersonChange| proposed.iter().any(|one| one.draft == change.draft);
    let all = office.changes()?;
    let name = || Some(admin.person.name.clone());
    let changes = all.iter().filter(is_one).map(|change| view(change, name(), &admin.person.id));
    Ok(Changes { changes: changes.collect() })
}

fn acting(asked: ActingView) -> Result<Acting, DeskError> {
    let ActingView { from, until } = asked;
    if from < until { Ok(Acting { from, until }) } else { Err(DeskError::BadRequest("acting".to_owned())) }
}

pub(crate) fn change_confirm(desk: &Desk, asked: &ChangeConfirm) -> Result<ChangeConfirmed, Failure> {
    let (open, admin) = desk.member()?;
    let drafts = digests(&asked.drafts)?;
    let passphrase = asked.host_passphrase.as_ref().map(Secret::passphrase);
    let unlock = || open.read_aside()?.unlock_host(passphrase.as_ref());
    let host = match &passphrase {
        Some(_) => desk.try_passphrase(&open, HOST, unlock)?,
        None => unlock()?,
    };
    let confirmed = open.write().confirm_all(&drafts, &admin, &host, desk.surroundings())?;
    let returned: usize = confirmed.iter().map(|one| one.returned.len()).sum();
    Ok(ChangeConfirmed {
        people: confirmed.iter().map(|one| PersonView::from(&one.person)).collect(),
        returned: u32::try_from(returned).unwrap_or(u32::MAX),
    })
}

pub(crate) fn change_drop(desk: &Desk, asked: &ChangeDrop) -> Result<Nothing, Failure> {
    let (open, admin) = desk.member()?;
    open.write().drop_changes(&digests(&asked.drafts)?, &admin)?;
    Ok(Nothing {})
}
