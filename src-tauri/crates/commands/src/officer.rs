//! Officers whom the register appoints: asked for, and taken in.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use yinxin_office::keyring::Locking;
use yinxin_office::realm::{Officer, own_officer_key, parse_warrant};
use yinxin_office::{Office, OfficeError};
use yinxin_record::roster::Role;

use crate::desk::Desk;
use crate::error::DeskError;
use crate::failure::Failure;
use crate::files::{FileKind, OutgoingFile};
use crate::people::{PersonView, Secret};
use crate::realm::RealmRequested;
use crate::session::HOST;

/// Somebody asks to be appointed.
#[derive(Debug, Deserialize, TS)]
pub struct OfficerRequest {
    /// The name: of somebody in the office, or of somebody new.
    pub name: String,
    /// The post.
    pub post: Option<String>,
    /// The role, as a word.
    pub role: String,
    /// Protects the new key, or opens the own one.
    #[ts(as = "String")]
    pub passphrase: Secret,
    /// Whether it is a key that the person has, in the folder for keys of one's own.
    pub own: bool,
    /// The code of the office that lends this person, if one does.
    pub lender: Option<String>,
}

/// Whoever was appointed signs.
#[derive(Debug, Deserialize, TS)]
pub struct OfficerTake {
    /// The warrant's file.
    pub warrant: String,
    /// Opens the key of whoever was appointed.
    #[ts(as = "String")]
    pub passphrase: Secret,
    /// Opens the host's keys, unless they unlock unattended.
    #[ts(as = "Option<String>")]
    pub host_passphrase: Option<Secret>,
}

/// What taking a warrant in has done.
#[derive(Debug, Clone, Serialize, TS)]
pub struct OfficerTaken {
    /// Who it is now.
    pub person: PersonView,
    /// How many drafts of this person came back.
    pub returned: u32,
}

/// How wrong passphrases of keys that are nobody's here yet are told from others.
const OWN_KEYS: &str = "\u{0}own-keys";

pub(crate) fn officer_request(desk: &Desk, asked: &OfficerRequest) -> Result<RealmRequested, Failure> {
    let open = desk.open_office()?;
    let role = Role::of_word(&asked.role).ok_or_else(|| DeskError::BadRequest("role".to_owned()))?;
    let (chosen, passphrase) = (desk.key_folder_there()?, asked.passphrase.passphrase());
    let (name, world) = (asked.name.as_str(), desk.surroundings());
    let key = if asked.own {
        let keys = chosen.unwrap_or_else(|| desk.home().own_keys());
        desk.try_passphrase(&open, OWN_KEYS, || own_officer_key(name, &keys, &passphrase))?
    } else {
        let office = open.read_aside()?;
        office.make_officer_key(name, chosen.as_deref(), &passphrase, Locking::default(), world)?
    };
    let officer = Officer { name, post: asked.post.as_deref(), role, lender: asked.lender.as_deref() };
    let request = open.write().ask_for_officer(&officer, &key, world)?;
    let name = format!("{}-{}.yinxin-request", open.entry.name, asked.name);
    let file = desk.files().hand_out(&OutgoingFile { name, bytes: request.to_bytes() })?;
    Ok(RealmRequested { file, digits: request.digits().to_string() })
}

pub(crate) fn officer_take(desk: &Desk, asked: &OfficerTake) -> Result<OfficerTaken, Failure> {
    let open = desk.open_office()?;
    let warrant = parse_warrant(&desk.files().read(&asked.warrant, FileKind::Warrant)?);
    let warrant = warrant.map_err(OfficeError::from)?;
    let host = asked.host_passphrase.as_ref().map(Secret::passphrase);
    let unlock = |office: &Office| office.unlock_host(host.as_ref());
    let host = match &host {
        Some(_) => desk.try_passphrase(&open, HOST, || unlock(&open.read_aside()?))?,
        None => unlock(&open.read_aside()?)?,
    };
    let folders: Vec<PathBuf> =
        desk.chosen_key_folder().into_iter().chain([desk.home().own_keys()]).collect();
    let passphrase = asked.passphrase.passphrase();
    let open_key = || open.read_aside()?.open_officer_key(&warrant, &passphrase, &folders);
    let key = desk.try_passphrase(&open, OWN_KEYS, open_key)?;
    let taken = open.write().take_officer(&warrant, &key, &host, desk.surroundings())?;
    let returned = u32::try_from(taken.returned.len()).unwrap_or(u32::MAX);
    Ok(OfficerTaken { person: PersonView::from(&taken.person), returned })
}
