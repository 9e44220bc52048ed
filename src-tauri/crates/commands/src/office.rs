//! Which office is open: greeting, founding, opening.

use serde::{Deserialize, Serialize};
use std::path::Path;
use ts_rs::TS;
use yinxin_office::keyring::Locking;
use yinxin_office::{Founding, Office};

use crate::desk::Desk;
use crate::error::DeskError;
use crate::failure::Failure;
use crate::files::FileRef;
use crate::job::JobView;
use crate::people::Secret;
use crate::session::SessionView;
use crate::settings::Settings;

/// A request or response that says nothing.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, TS)]
pub struct Nothing {}

/// What a page needs to begin.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Greeting {
    /// The version of the program.
    pub version: String,
    /// How the window is shown.
    pub settings: Settings,
    /// The offices that are here.
    pub offices: Vec<OfficeEntry>,
    /// Those that are here, too, but cannot be opened.
    pub closed: Vec<ClosedOffice>,
    /// The one that is open.
    pub office: Option<OfficeEntry>,
    /// Tells this sitting from others: it changes with the office and with the person.
    #[ts(type = "number")]
    pub sitting: u64,
    /// Whose key is unlocked.
    pub session: Option<SessionView>,
    /// After how many idle minutes the desk locked itself, if that is why
    /// nobody's is.
    pub idle: Option<u16>,
    /// Jobs that run.
    pub jobs: Vec<JobView>,
    /// Evidence that the system asked to be opened.
    pub opened: Vec<FileRef>,
}

/// An office in the home folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct OfficeEntry {
    /// What to open it by.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its 统一社会信用代码.
    pub code: String,
    /// The origin of its ledger.
    pub origin: String,
    /// Whether it is for practice (演练).
    pub practice: bool,
    /// Whether it is the register of a realm, which holds no records.
    pub register: bool,
    /// Whether its host signs without a passphrase.
    pub unattended: bool,
    /// Its folder.
    pub folder: String,
}

/// An office in the home folder that cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ClosedOffice {
    /// What to open it by.
    pub id: String,
    /// Its folder.
    pub folder: String,
    /// Why it cannot be opened.
    pub failure: Failure,
}

impl OfficeEntry {
    pub(crate) fn of(id: &str, folder: &Path, office: &Office) -> Result<Self, Failure> {
        let genesis = office.genesis()?;
        Ok(Self {
            id: id.to_owned(),
            name: genesis.name,
            code: genesis.code,
            origin: office.origin().to_string(),
            practice: office.origin().is_practice(),
            register: office.is_register(),
            unattended: office.is_unattended(),
            folder: folder.display().to_string(),
        })
    }
}

/// Found an office.
#[derive(Debug, Deserialize, TS)]
pub struct OfficeCreate {
    /// The realm (a city).
    pub realm: String,
    /// The office's name.
    pub name: String,
    /// Its 统一社会信用代码.
    pub code: String,
    /// Protects the founding key and the host's keys.
    #[ts(as = "String")]
    pub passphrase: Secret,
    /// Whether the host signs without a passphrase from now on.
    pub unattended: bool,
    /// Whether it is the register of the realm, which this office keeps.
    pub register: bool,
}

/// Open an office.
#[derive(Debug, Deserialize, TS)]
pub struct OfficeOpen {
    /// Which, by [`OfficeEntry::id`].
    pub id: String,
}

pub(crate) fn hello(desk: &Desk, _: &Nothing) -> Result<Greeting, Failure> {
    let (offices, closed) = desk.home().offices();
    Ok(Greeting {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        settings: desk.settings(),
        offices,
        closed,
        office: desk.open_office().ok().map(|open| open.entry.clone()),
        sitting: desk.sitting(),
        session: desk.session_view(),
        idle: desk.locked_idle(),
        jobs: desk.jobs().running(desk.owner().as_ref()),
        opened: desk.files().take_opened(),
    })
}

pub(crate) fn office_create(desk: &Desk, asked: &OfficeCreate) -> Result<OfficeEntry, Failure> {
    let folder = desk.home().own_office();
    if desk.home().folder("office").is_some() {
        return Err(DeskError::OfficeThere(folder).into());
    }
    let (realm, name, code) = (asked.realm.trim(), asked.name.trim(), asked.code.trim());
    if realm == "practice" || realm.starts_with("practice.") {
        return Err(DeskError::PracticeRealm.into());
    }
    let passphrase = asked.passphrase.passphrase();
    let founding = Founding { realm, name, code, passphrase: &passphrase, locking: Locking::default() };
    let office = if asked.register {
        Office::create_register(&folder, &founding, desk.surroundings())?
    } else {
        Office::create(&folder, &founding, desk.surroundings())?
    };
    if asked.unattended {
        let host = office.unlock_host(Some(&passphrase))?;
        office.set_unattended(Some(&host))?;
    }
    drop(office);
    desk.open("office")
}

pub(crate) fn office_open(desk: &Desk, asked: &OfficeOpen) -> Result<OfficeEntry, Failure> {
    desk.open(&asked.id)
}
