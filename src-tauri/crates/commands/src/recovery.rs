//! The recovery sheet of the open office.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use yinxin_office::OfficeError;
use yinxin_office::keyring::Locking;
use yinxin_office::recovery::{self, ReadBack, Recovery, RecoveryCode};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::files::{FileKind, FileRef, OutgoingFile};
use crate::office::Nothing;
use crate::people::Secret;
use crate::session::HOST;

/// How the open office stands with its recovery sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct RecoveryView {
    /// `not_made`, `made` or `checked`.
    pub state: String,
    /// When it was made, or read back: seconds since 1970.
    #[ts(type = "number | null")]
    pub at: Option<u64>,
    /// Whether something is still to be done: never in a practice office.
    pub needed: bool,
}

/// Make a sheet; it replaces the one before.
#[derive(Debug, Deserialize, TS)]
pub struct RecoveryMake {
    /// Opens the keys that it is for.
    #[ts(as = "String")]
    pub host_passphrase: Secret,
}

/// Read a sheet back.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RecoveryCheck {
    /// A picture that was handed in, by its token.
    Picture(String),
    /// The code, as it was typed.
    Code(#[ts(as = "String")] Secret),
}

/// Set a new host passphrase by the sheet.
#[derive(Debug, Deserialize, TS)]
pub struct RecoveryUse {
    /// What the sheet holds.
    pub sheet: RecoveryCheck,
    /// Protects the founding key and the host's keys from now on.
    #[ts(as = "String")]
    pub passphrase: Secret,
}

pub(crate) fn recovery(desk: &Desk, _: &Nothing) -> Result<RecoveryView, Failure> {
    let open = desk.open_office()?;
    let stands = open.read().recovery()?;
    let at = match stands {
        Recovery::NotMade => None,
        Recovery::Made(at) | Recovery::Checked(at) => Some(at),
    };
    let done = matches!(stands, Recovery::Checked(_));
    Ok(RecoveryView { state: stands.as_str().to_owned(), at, needed: !done && !open.entry.practice })
}

pub(crate) fn recovery_make(desk: &Desk, asked: &RecoveryMake) -> Result<FileRef, Failure> {
    let open = desk.open_office()?;
    let (office, passphrase) = (open.read_aside()?, asked.host_passphrase.passphrase());
    let page = desk.try_passphrase(&open, HOST, || {
        office.make_recovery(&passphrase, Locking::default(), desk.surroundings())
    })?;
    let name = format!("{}-recovery.html", open.entry.name);
    Ok(desk.files().hand_out(&OutgoingFile { name, bytes: page.as_bytes().to_vec() })?)
}

pub(crate) fn recovery_check(desk: &Desk, asked: &RecoveryCheck) -> Result<RecoveryView, Failure> {
    let open = desk.open_office()?;
    open.read_aside()?.check_recovery(&read_back(desk, asked)?, desk.surroundings())?;
    recovery(desk, &Nothing {})
}

pub(crate) fn recovery_use(desk: &Desk, asked: &RecoveryUse) -> Result<RecoveryView, Failure> {
    let open = desk.open_office()?;
    let (given, new) = (read_back(desk, &asked.sheet)?, asked.passphrase.passphrase());
    // 140 random bits are not guessed: tries are not counted.
    open.read_aside()?.use_recovery(&given, &new, Locking::default())?;
    recovery(desk, &Nothing {})
}

fn read_back(desk: &Desk, asked: &RecoveryCheck) -> Result<ReadBack, Failure> {
    Ok(match asked {
        RecoveryCheck::Picture(token) => {
            let picture = desk.files().read(token, FileKind::Picture)?;
            ReadBack::Sheet(recovery::read_picture(&picture).map_err(OfficeError::from)?)
        }
        RecoveryCheck::Code(typed) => {
            ReadBack::Code(RecoveryCode::parse(typed.shown()).map_err(OfficeError::from)?)
        }
    })
}
