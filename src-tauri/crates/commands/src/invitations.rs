//! People join by file: an invitation goes out, an answer comes back, and an admin
//! types the twenty digits that the person reads over the telephone.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use yinxin_office::keyring::{Locking, Passphrase};
use yinxin_office::people::{
    Acceptance, Inviter, Inviting, Standing, Taken, Taking, accept, read_invitation,
};
use yinxin_record::Id;
use yinxin_record::invitation::Invitation;

use crate::desk::{Desk, OpenOffice};
use crate::error::DeskError;
use crate::failure::Failure;
use crate::files::{FileKind, FileRef, OutgoingFile};
use crate::office::Nothing;
use crate::people::{Secret, post_of, roles_of};
use crate::session::HOST;

/// Invitations that were neither answered nor withdrawn, the oldest first.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Invitations {
    /// They.
    pub invitations: Vec<StandingView>,
}

/// An invitation that stands.
#[derive(Debug, Clone, Serialize, TS)]
pub struct StandingView {
    /// What it says.
    pub invitation: InvitationView,
    /// Whether the person is in the office already and is to have a new key.
    pub known: bool,
    /// Which admin made it; `null` if the founding key did.
    pub inviter: Option<String>,
    /// How often the digits may be typed still.
    pub tries_left: u32,
    /// Whether its time is over.
    pub expired: bool,
}

/// What an invitation says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct InvitationView {
    /// What the office knows it by, in hex.
    pub nonce: String,
    /// The ledger of the office.
    pub origin: String,
    /// What the office is called.
    pub office: String,
    /// The person's name.
    pub name: String,
    /// Post.
    pub post: Option<String>,
    /// Roles, as words.
    pub roles: Vec<String>,
    /// Until when it stands: seconds since 1970.
    #[ts(type = "number")]
    pub expires: u64,
}

impl From<&Invitation> for InvitationView {
    fn from(invitation: &Invitation) -> Self {
        Self {
            nonce: invitation.nonce.to_string(),
            origin: invitation.origin.to_string(),
            office: invitation.office.clone(),
            name: invitation.name.clone(),
            post: invitation.post.clone(),
            roles: invitation.roles.iter().map(|role| role.as_str().to_owned()).collect(),
            expires: invitation.expires,
        }
    }
}

/// Invite somebody.
#[derive(Debug, Deserialize, TS)]
pub struct Invite {
    /// The id of somebody who is there and is to have a new key; `null` for
    /// somebody new.
    pub person: Option<String>,
    /// Name; unique within the office.
    pub name: String,
    /// Post.
    pub post: Option<String>,
    /// Roles, as words.
    pub roles: Vec<String>,
    /// For how many days it stands.
    #[ts(type = "number")]
    pub days: u64,
}

/// Invite somebody while the founding key admits.
#[derive(Debug, Deserialize, TS)]
pub struct FoundingInvite {
    /// Whom.
    pub invite: Invite,
    /// Opens the founding key.
    #[ts(as = "String")]
    pub host_passphrase: Secret,
}

/// An invitation that was made.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Invited {
    /// What it says.
    pub invitation: InvitationView,
    /// What is to reach the person.
    pub file: FileRef,
}

/// Withdraw an invitation.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct InvitationWithdraw {
    /// Its nonce, in hex.
    pub nonce: String,
}

/// Withdraw an invitation while the founding key admits.
#[derive(Debug, Deserialize, TS)]
pub struct FoundingWithdraw {
    /// Its nonce, in hex.
    pub nonce: String,
    /// Opens the founding key.
    #[ts(as = "String")]
    pub host_passphrase: Secret,
}

/// Take an answer.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct AnswerTake {
    /// Whose answer it is to be: the name in the invitation.
    pub name: String,
    /// The answer's file.
    pub file: String,
    /// What the person read over the telephone, as it was typed.
    pub digits: String,
}

/// Take an answer while the founding key admits.
#[derive(Debug, Deserialize, TS)]
pub struct FoundingTake {
    /// Which.
    pub answer: AnswerTake,
    /// Opens the founding key.
    #[ts(as = "String")]
    pub host_passphrase: Secret,
}

/// An invitation that was handed in.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct InvitationRead {
    /// Its file.
    pub file: String,
}

/// Accept an invitation.
#[derive(Debug, Deserialize, TS)]
pub struct InvitationAccept {
    /// Its file.
    pub file: String,
    /// Protects the key.
    #[ts(as = "String")]
    pub passphrase: Secret,
}

/// An invitation that was accepted.
#[derive(Debug, Clone, Serialize, TS)]
pub struct InvitationAccepted {
    /// What is to reach the admin.
    pub file: FileRef,
    /// What the person reads over the telephone.
    pub digits: String,
    /// Where the key is.
    pub key_file: String,
    /// Whether that is the folder of the office that is open.
    pub here: bool,
    /// Whether that is a folder that was chosen for keys of one's own.
    pub chosen: bool,
}

fn standing(one: &Standing, inviter: Option<String>, now: u64) -> StandingView {
    StandingView {
        invitation: InvitationView::from(&one.invitation),
        known: one.is_known,
        inviter,
        tries_left: one.tries_left,
        expired: one.invitation.expires < now,
    }
}

pub(crate) fn invitations(desk: &Desk, _: &Nothing) -> Result<Invitations, Failure> {
    let (open, now) = (desk.open_office()?, desk.surroundings().now());
    let office = open.read();
    let name = |id: Id| office.person_with(&id).ok().map(|person| person.name);
    let all = office.invitations()?;
    let invitations = all.iter().map(|one| standing(one, one.inviter.and_then(name), now));
    Ok(Invitations { invitations: invitations.collect() })
}

fn make(desk: &Desk, asked: &Invite, by: Inviter<'_>) -> Result<Invited, Failure> {
    let person = asked.person.as_deref().map(str::parse::<Id>).transpose();
    let inviting = Inviting {
        person: person.map_err(|_| DeskError::BadRequest("person".to_owned()))?,
        name: asked.name.trim(),
        post: post_of(asked.post.as_deref()),
        roles: roles_of(&asked.roles)?,
        days: asked.days,
    };
    let open = desk.open_office()?;
    let invite = || open.write().invite(&inviting, by, desk.surroundings());
    let (invitation, bytes) = match by {
        Inviter::Founder(_) => desk.try_passphrase(&open, HOST, invite)?,
        Inviter::Admin(_) => invite()?,
    };
    let name = format!("{}.yinxin-invitation", invitation.name);
    let file = desk.files().hand_out(&OutgoingFile { name, bytes })?;
    Ok(Invited { invitation: InvitationView::from(&invitation), file })
}

pub(crate) fn invite(desk: &Desk, asked: &Invite) -> Result<Invited, Failure> {
    let (_, admin) = desk.member()?;
    make(desk, asked, Inviter::Admin(&admin))
}

pub(crate) fn founding_invite(desk: &Desk, asked: &FoundingInvite) -> Result<Invited, Failure> {
    make(desk, &asked.invite, Inviter::Founder(&asked.host_passphrase.passphrase()))
}

fn nonce_of(text: &str) -> Result<Id, DeskError> {
    text.parse().map_err(|_| DeskError::BadRequest("nonce".to_owned()))
}

pub(crate) fn invitation_withdraw(desk: &Desk, asked: &InvitationWithdraw) -> Result<Nothing, Failure> {
    let (open, admin) = desk.member()?;
    open.write().withdraw_invitation(&nonce_of(&asked.nonce)?, Inviter::Admin(&admin))?;
    Ok(Nothing {})
}

pub(crate) fn founding_withdraw(desk: &Desk, asked: &FoundingWithdraw) -> Result<Nothing, Failure> {
    let (open, nonce) = (desk.open_office()?, nonce_of(&asked.nonce)?);
    let host = asked.host_passphrase.passphrase();
    desk.try_passphrase(&open, HOST, || open.write().withdraw_invitation(&nonce, Inviter::Founder(&host)))?;
    Ok(Nothing {})
}

fn take(desk: &Desk, asked: &AnswerTake, by: Inviter<'_>) -> Result<Taken, Failure> {
    let open = desk.open_office()?;
    let answer = desk.files().read(&asked.file, FileKind::Answer)?;
    let taking = Taking { name: &asked.name, answer: &answer, digits: &asked.digits };
    let take = || open.write().take_answer(&taking, by, desk.surroundings());
    Ok(match by {
        Inviter::Founder(_) => desk.try_passphrase(&open, HOST, take)?,
        Inviter::Admin(_) => take()?,
    })
}

pub(crate) fn answer_take(desk: &Desk, asked: &AnswerTake) -> Result<Nothing, Failure> {
    let (_, admin) = desk.member()?;
    take(desk, asked, Inviter::Admin(&admin)).map(|_| Nothing {})
}

pub(crate) fn founding_take(desk: &Desk, asked: &FoundingTake) -> Result<Nothing, Failure> {
    let host = asked.host_passphrase.passphrase();
    take(desk, &asked.answer, Inviter::Founder(&host)).map(|_| Nothing {})
}

pub(crate) fn invitation_read(desk: &Desk, asked: &InvitationRead) -> Result<InvitationView, Failure> {
    let bytes = desk.files().read(&asked.file, FileKind::Invitation)?;
    Ok(InvitationView::from(&read_invitation(&bytes, desk.surroundings().now())?))
}

/// The key lies in the folder that was chosen for keys of one's own. Where none
/// was, it lies beside the others if this is the office's own machine, else in a
/// folder of this desktop's.
pub(crate) fn invitation_accept(
    desk: &Desk,
    asked: &InvitationAccept,
) -> Result<InvitationAccepted, Failure> {
    let bytes = desk.files().read(&asked.file, FileKind::Invitation)?;
    let passphrase: Passphrase = asked.passphrase.passphrase();
    let invitation = read_invitation(&bytes, desk.surroundings().now())?;
    let chosen = desk.key_folder_there()?;
    let is_own = |open: &Arc<OpenOffice>| open.entry.origin == invitation.origin.to_string();
    let open = desk.open_office().ok().filter(is_own).filter(|_| chosen.is_none());
    let accepted = match &open {
        Some(open) => {
            let office = open.read_aside()?;
            office.accept_here(&bytes, &passphrase, Locking::default(), desk.surroundings())?
        }
        None => {
            let keys = chosen.clone().unwrap_or_else(|| desk.home().own_keys());
            let locking = Locking::default();
            let acceptance = Acceptance { invitation: &bytes, keys: &keys, passphrase: &passphrase, locking };
            accept(&acceptance, desk.surroundings())?
        }
    };
    let name = format!("{}.yinxin-answer", invitation.name);
    Ok(InvitationAccepted {
        file: desk.files().hand_out(&OutgoingFile { name, bytes: accepted.answer })?,
        digits: accepted.digits.to_string(),
        key_file: accepted.key_file.display().to_string(),
        here: open.is_some(),
        chosen: chosen.is_some(),
    })
}
