//! The register: which offices are in the realm, and what waits for its other admin.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use yinxin_office::OfficeError;
use yinxin_office::realm::{AppointmentRequest, PresentedPerson, Request, warrant_bytes};
use yinxin_office::register::{Ended, RegisteredOffice, Said, WaitingChange, WaitingOfficer};

use crate::desk::Desk;
use crate::error::DeskError;
use crate::failure::Failure;
use crate::files::{FileKind, FileRef, OutgoingFile};
use crate::office::Nothing;
use crate::people::Secret;
use crate::realm::StandingInRealm;
use crate::session::HOST;
use yinxin_record::Id;

/// The register that is open.
#[derive(Debug, Clone, Serialize, TS)]
pub struct RegisterView {
    /// Its offices, by code.
    pub offices: Vec<RegisteredView>,
    /// What waits for the other admin.
    pub change: Option<OfficeChange>,
    /// The number of its latest policy, once there is one.
    #[ts(type = "number | null")]
    pub policy: Option<u64>,
}

/// An office in the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct RegisteredView {
    /// Name.
    pub name: String,
    /// 统一社会信用代码.
    pub code: String,
    /// How it stands.
    pub standing: StandingInRealm,
    /// Whether the register has appointed somebody there.
    pub appointed: bool,
}

/// What one admin proposed to say of an office.
#[derive(Debug, Clone, Serialize, TS)]
pub struct OfficeChange {
    /// What confirming and dropping names: the digest of what the first admin
    /// signed, in hex.
    pub draft: String,
    /// How the register knows the office now, if it does.
    pub before: Option<RegisteredView>,
    /// How it would.
    pub after: RegisteredView,
    /// Whether its host has other keys with it.
    pub new_keys: bool,
    /// Its people, if it has shown them.
    pub people: Option<Vec<PresentedView>>,
    /// Whom it would appoint, if that is all that it says.
    pub officer: Option<OfficerView>,
    /// The twenty digits of what it has shown.
    pub digits: Option<String>,
    /// The number of the policy that follows, if it is another one.
    #[ts(type = "number | null")]
    pub policy: Option<u64>,
    /// Who proposed it.
    pub proposer: String,
    /// Whether that was whoever sits here.
    pub own: bool,
    /// When: seconds since 1970.
    #[ts(type = "number")]
    pub proposed: u64,
}

/// A person of an office that asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PresentedView {
    /// Name, if it was shown.
    pub name: Option<String>,
    /// Post.
    pub post: Option<String>,
    /// Roles, as words.
    pub roles: Vec<String>,
    /// The thumbprint of the person's key, in hex.
    pub key: String,
}

/// Somebody who waits to be appointed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct OfficerView {
    /// Who.
    pub person: PresentedView,
    /// Whether the office has this person already, with another key or role.
    pub known: bool,
    /// The code of the office that lends this person, if one does.
    pub lender: Option<String>,
}

/// What a request is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Asking {
    /// Admitted, or its people compared again.
    Admit,
    /// New keys of its host.
    Rotate,
    /// Back after it was suspended.
    Readmit,
}

/// Propose what an office asks for.
#[derive(Debug, Deserialize, TS)]
pub struct RegisterPropose {
    /// The request's file.
    pub request: String,
    /// What it is taken for; a request for an officer says so itself.
    pub asking: Asking,
}

/// Propose to suspend an office.
#[derive(Debug, Deserialize, TS)]
pub struct RegisterSuspend {
    /// Its code.
    pub code: String,
    /// The codes of the offices that follow it, if it ends.
    pub successors: Vec<String>,
    /// What it has shown, if that is more than the register knows: a request's file.
    pub request: Option<String>,
}

/// The change that was seen.
#[derive(Debug, Deserialize, TS)]
pub struct RegisterConfirm {
    /// [`OfficeChange::draft`].
    pub draft: String,
    /// Opens the host's keys, unless they unlock unattended.
    #[ts(as = "Option<String>")]
    pub host_passphrase: Option<Secret>,
}

/// The change that was seen.
#[derive(Debug, Deserialize, TS)]
pub struct RegisterDrop {
    /// [`OfficeChange::draft`].
    pub draft: String,
}

/// Write the answer to an office.
#[derive(Debug, Deserialize, TS)]
pub struct RegisterAnswer {
    /// Its code.
    pub code: String,
}

fn registered(office: &RegisteredOffice, appointed: &BTreeSet<Id>) -> RegisteredView {
    let standing = &office.standing;
    RegisteredView {
        name: standing.name.clone(),
        code: standing.code.clone(),
        standing: StandingInRealm::from(standing),
        appointed: appointed.contains(&office.id),
    }
}

fn presented(person: &PresentedPerson) -> PresentedView {
    PresentedView {
        name: person.name.clone(),
        post: person.post.clone(),
        roles: person.member.roles.iter().map(|role| role.as_str().to_owned()).collect(),
        key: person.member.key.thumbprint().to_string(),
    }
}

fn officer(waiting: &WaitingOfficer) -> OfficerView {
    OfficerView {
        person: presented(&waiting.person),
        known: waiting.is_known,
        lender: waiting.lender.clone(),
    }
}

fn change_view(
    change: &WaitingChange,
    appointed: &BTreeSet<Id>,
    proposer: String,
    own: bool,
) -> OfficeChange {
    let (before, after) = (&change.before, &change.after);
    OfficeChange {
        draft: change.draft.to_string(),
        before: before.as_ref().map(|before| registered(before, appointed)),
        after: RegisteredView {
            name: after.name.clone(),
            code: after.code.clone(),
            standing: StandingInRealm::from(after),
            appointed: appointed.contains(&change.office),
        },
        new_keys: before.as_ref().is_some_and(|before| before.standing.keys != after.keys),
        people: change.presented.as_ref().map(|shown| shown.people.iter().map(presented).collect()),
        officer: change.officer.as_ref().map(officer),
        digits: change.digits.map(|digits| digits.to_string()),
        policy: change.policy.as_ref().map(|policy| policy.number),
        proposer,
        own,
        proposed: change.proposed,
    }
}

pub(crate) fn register(desk: &Desk, _: &Nothing) -> Result<RegisterView, Failure> {
    let open = desk.open_office()?;
    let office = open.read();
    let sits = desk.member().ok().map(|(_, unlocked)| unlocked.person.id);
    let appointed = office.appointed()?;
    let change = office.office_change()?.map(|change| {
        let proposer = office.person_with(&change.proposer).map(|person| person.name);
        change_view(&change, &appointed, proposer.unwrap_or_default(), sits == Some(change.proposer))
    });
    Ok(RegisterView {
        offices: office.offices()?.iter().map(|one| registered(one, &appointed)).collect(),
        change,
        policy: office.policy().ok().map(|policy| policy.number),
    })
}

fn propose(desk: &Desk, said: &Said) -> Result<RegisterView, Failure> {
    let (open, admin) = desk.member()?;
    open.write().propose_office(said, &admin, desk.surroundings())?;
    register(desk, &Nothing {})
}

pub(crate) fn register_propose(desk: &Desk, asked: &RegisterPropose) -> Result<RegisterView, Failure> {
    let bytes = desk.files().read(&asked.request, FileKind::Request)?;
    if let Ok(request) = AppointmentRequest::parse(&bytes) {
        return propose(desk, &Said::Appointed(Box::new(request)));
    }
    let request = || Request::parse(&bytes).map(Box::new).map_err(OfficeError::from);
    let said = match asked.asking {
        Asking::Admit => Said::Admitted(request()?),
        Asking::Rotate => Said::Rotated(request()?),
        Asking::Readmit => Said::Readmitted(request()?),
    };
    propose(desk, &said)
}

fn read_request(desk: &Desk, file: &str) -> Result<Box<Request>, Failure> {
    let bytes = desk.files().read(file, FileKind::Request)?;
    Ok(Box::new(Request::parse(&bytes).map_err(OfficeError::from)?))
}

pub(crate) fn register_suspend(desk: &Desk, asked: &RegisterSuspend) -> Result<RegisterView, Failure> {
    let request = asked.request.as_deref().map(|file| read_request(desk, file)).transpose()?;
    let ended = Ended { code: asked.code.clone(), request };
    let said = match asked.successors.as_slice() {
        [] => Said::Suspended(ended),
        successors => Said::Succeeded(ended, successors.to_vec()),
    };
    propose(desk, &said)
}

pub(crate) fn register_confirm(desk: &Desk, asked: &RegisterConfirm) -> Result<RegisterView, Failure> {
    let (open, admin) = desk.member()?;
    let draft = digest(&asked.draft)?;
    let passphrase = asked.host_passphrase.as_ref().map(Secret::passphrase);
    let unlock = || open.read_aside()?.unlock_host(passphrase.as_ref());
    let host = match &passphrase {
        Some(_) => desk.try_passphrase(&open, HOST, unlock)?,
        None => unlock()?,
    };
    open.write().confirm_office(&draft, &admin, &host, desk.surroundings())?;
    register(desk, &Nothing {})
}

pub(crate) fn register_drop(desk: &Desk, asked: &RegisterDrop) -> Result<Nothing, Failure> {
    let (open, admin) = desk.member()?;
    open.write().drop_office_change(&digest(&asked.draft)?, &admin)?;
    Ok(Nothing {})
}

pub(crate) fn register_answer(desk: &Desk, asked: &RegisterAnswer) -> Result<FileRef, Failure> {
    let open = desk.open_office()?;
    let office = open.read();
    let name = format!("{}.yinxin-admission", office.office_with_code(&asked.code)?.standing.name);
    let bytes = office.answer(&asked.code)?.to_bytes();
    Ok(desk.files().hand_out(&OutgoingFile { name, bytes })?)
}

pub(crate) fn register_warrant(desk: &Desk, asked: &RegisterAnswer) -> Result<FileRef, Failure> {
    let open = desk.open_office()?;
    let office = open.read();
    let name = format!("{}.yinxin-warrant", office.office_with_code(&asked.code)?.standing.name);
    let bytes = warrant_bytes(&office.warrant(&asked.code)?);
    Ok(desk.files().hand_out(&OutgoingFile { name, bytes })?)
}

fn digest(text: &str) -> Result<yinxin_record::Digest, Failure> {
    Ok(text.parse().map_err(|_| DeskError::BadRequest("draft".to_owned()))?)
}
