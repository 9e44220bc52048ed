//! The office in its realm: what it asks its register, and what that answered.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use yinxin_office::OfficeError;
use yinxin_office::keyring::Locking;
use yinxin_office::realm::{Answer, Replacement};
use yinxin_record::act::Standing;
use yinxin_record::roster::Role;

use crate::desk::Desk;
use crate::evidence::read_policy;
use crate::failure::Failure;
use crate::files::{FileKind, FileRef, OutgoingFile};
use crate::office::Nothing;
use crate::people::Secret;
use crate::session::HOST;

/// How the open office stands in its realm.
#[derive(Debug, Clone, Serialize, TS)]
pub struct RealmView {
    /// Whether there is a system admin and a security admin, who are needed to ask.
    pub admins: bool,
    /// What the register said, as far as it was taken in.
    pub standing: Option<StandingInRealm>,
}

/// What a register says of an office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct StandingInRealm {
    /// How many acts of the register are about the office.
    pub version: u32,
    /// Whether nothing beyond `size` counts.
    pub suspended: bool,
    /// The codes of the offices that follow it.
    pub successors: Vec<String>,
    /// How many entries of its ledger the register has seen.
    #[ts(type = "number")]
    pub size: u64,
}

impl From<&Standing> for StandingInRealm {
    fn from(standing: &Standing) -> Self {
        Self {
            version: standing.version(),
            suspended: standing.suspended,
            successors: standing.successors.clone(),
            size: standing.head.size,
        }
    }
}

/// Ask the register.
#[derive(Debug, Deserialize, TS)]
pub struct RealmRequest {
    /// Opens the host's keys, if they are to be replaced.
    #[ts(as = "Option<String>")]
    pub host_passphrase: Option<Secret>,
}

/// A request that was made.
#[derive(Debug, Clone, Serialize, TS)]
pub struct RealmRequested {
    /// What is to reach the register.
    pub file: FileRef,
    /// What is read to its admins over the telephone.
    pub digits: String,
}

/// Take in what the register answered.
#[derive(Debug, Deserialize, TS)]
pub struct RealmJoin {
    /// The answer's file.
    pub answer: String,
    /// The policy's file.
    pub policy: String,
    /// Opens the host's keys, if the answer replaces them.
    #[ts(as = "Option<String>")]
    pub host_passphrase: Option<Secret>,
}

/// What taking an answer in has done.
#[derive(Debug, Clone, Serialize, TS)]
pub struct RealmJoined {
    /// What the register says of the office.
    pub standing: StandingInRealm,
    /// Whether the host has new keys since.
    pub replaced: bool,
}

pub(crate) fn realm(desk: &Desk, _: &Nothing) -> Result<RealmView, Failure> {
    let open = desk.open_office()?;
    let office = open.read();
    let holds = |role: Role| {
        let people = office.people();
        people.map(|people| people.iter().any(|one| !one.suspended && one.member.roles.contains(&role)))
    };
    Ok(RealmView {
        admins: holds(Role::SystemAdmin)? && holds(Role::SecurityAdmin)?,
        standing: office.standing_in_realm()?.as_ref().map(StandingInRealm::from),
    })
}

pub(crate) fn realm_request(desk: &Desk, asked: &RealmRequest) -> Result<RealmRequested, Failure> {
    let (open, admin) = desk.member()?;
    let passphrase = asked.host_passphrase.as_ref().map(Secret::passphrase);
    let replace =
        passphrase.as_ref().map(|passphrase| Replacement { passphrase, locking: Locking::default() });
    let request = || open.write().request(&admin, replace.as_ref(), desk.surroundings());
    let request = match &passphrase {
        Some(_) => desk.try_passphrase(&open, HOST, request)?,
        None => request()?,
    };
    let name = format!("{}.yinxin-request", open.entry.name);
    let file = desk.files().hand_out(&OutgoingFile { name, bytes: request.to_bytes() })?;
    Ok(RealmRequested { file, digits: request.digits().to_string() })
}

pub(crate) fn realm_join(desk: &Desk, asked: &RealmJoin) -> Result<RealmJoined, Failure> {
    let (open, admin) = desk.member()?;
    let bytes = desk.files().read(&asked.answer, FileKind::RegisterAnswer)?;
    let answer = Answer::parse(&bytes).map_err(OfficeError::from)?;
    let policy = read_policy(desk, &asked.policy)?;
    let passphrase = asked.host_passphrase.as_ref().map(Secret::passphrase);
    let host = passphrase.as_ref().map(|passphrase| (passphrase, Locking::default()));
    let join = || open.write().join(&answer, &policy, &admin, host, desk.surroundings());
    let joined = match &passphrase {
        Some(_) => desk.try_passphrase(&open, HOST, join)?,
        None => join()?,
    };
    Ok(RealmJoined { standing: StandingInRealm::from(&joined.standing), replaced: joined.replaced })
}
