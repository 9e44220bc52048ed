//! The recovery sheet: a second way to the founding and host keys, on paper.
//!
//! A person's key can be given anew by others; these two cannot. So a second
//! copy of them is sealed under a random secret (`keys/recovery.age`), and the
//! secret stands on a printed page and nowhere else. A page that was never read
//! back may be unreadable: until it has been, [`Recovery::Made`] is told to
//! people again and again. `keys/recovery.json` holds which sheet counts, and
//! when it was made and read back; it holds no secret.

mod code;
mod error;
mod photo;
mod sheet;

use serde::{Deserialize, Serialize};
use yinxin_record::cbor::{self, Fields, Value};
use yinxin_record::key::{SecretKey, Signer as _};
use zeroize::Zeroizing;

pub use code::RecoveryCode;
pub use error::RecoveryError;
pub use photo::{MAX_FILE, read as read_picture};
pub use sheet::Sheet;

use crate::error::{OfficeError, Result};
use crate::folder::write_private_file;
use crate::keyring::{self, HostKeys, Locking, Passphrase};
use crate::office::Office;
use crate::surroundings::{Surroundings, random};
use crate::{private_file, strength};

/// Larger than `recovery.json` ever is.
const MAX_STATE: u64 = 4 * 1024;

/// How an office stands with its recovery sheet; times in seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recovery {
    /// None was made.
    NotMade,
    /// One was made at this time, and not yet read back.
    Made(u64),
    /// It was read back at this time.
    Checked(u64),
}

impl Recovery {
    /// A stable word, for the locale files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotMade => "not_made",
            Self::Made(_) => "made",
            Self::Checked(_) => "checked",
        }
    }
}

/// What is read back: a page that was photographed, or its typed code.
#[derive(Debug)]
pub enum ReadBack {
    /// What the QR code held.
    Sheet(Sheet),
    /// What was typed.
    Code(RecoveryCode),
}

/// `keys/recovery.json`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct State {
    number: String,
    made: u64,
    checked: Option<u64>,
}

/// The keys that cannot be given anew.
struct Saved {
    founder: SecretKey,
    host: HostKeys,
}

impl Office {
    /// How the office stands with its recovery sheet. A practice office needs
    /// none: its keys are public.
    ///
    /// # Errors
    /// What reading may fail with.
    pub fn recovery(&self) -> Result<Recovery> {
        Ok(match self.recovery_state()? {
            None => Recovery::NotMade,
            Some(State { made, checked: None, .. }) => Recovery::Made(made),
            Some(State { checked: Some(checked), .. }) => Recovery::Checked(checked),
        })
    }

    /// Makes a sheet, which replaces the one before: gives the page to print,
    /// one HTML file. It is kept nowhere.
    ///
    /// # Errors
    /// [`OfficeError::WrongPassphrase`] and what reading and writing may fail with.
    pub fn make_recovery(
        &self,
        host_passphrase: &Passphrase,
        locking: Locking,
        surroundings: &dyn Surroundings,
    ) -> Result<Zeroizing<String>> {
        let (founder, host) = self.unlock_founder_and_host(host_passphrase)?;
        let genesis = self.genesis()?;
        let number = hex::encode_upper(random::<4>(surroundings));
        let drawn = Zeroizing::new(random(surroundings));
        let sheet = Sheet { office: genesis.code, number, code: RecoveryCode::of(&drawn) };
        let sealed = keyring::seal(&Saved { founder, host }.to_bytes(), &passphrase(&sheet.code), locking)?;
        let made = surroundings.now();
        // The state comes first: whatever happens now, no sheet counts as read
        // back that was not.
        self.write_recovery_state(&State { number: sheet.number.clone(), made, checked: None })?;
        write_private_file(&self.folder.recovery_keys(), &sealed)?;
        Ok(sheet.page(&genesis.name, made))
    }

    /// Marks the sheet as read back, if this is the one that counts and it opens
    /// the keys of this office.
    ///
    /// # Errors
    /// [`OfficeError::Recovery`], [`OfficeError::KeyFileDamaged`] and what
    /// reading and writing may fail with.
    pub fn check_recovery(&self, given: &ReadBack, surroundings: &dyn Surroundings) -> Result<()> {
        self.open_recovery(given)?;
        let state = self.recovery_state()?.ok_or(RecoveryError::NotMade)?;
        self.write_recovery_state(&State { checked: Some(surroundings.now()), ..state })
    }

    /// Sets a new host passphrase: founding and host keys are sealed anew from
    /// the sheet, whatever their files hold by now.
    ///
    /// # Errors
    /// As [`Office::check_recovery`], and [`OfficeError::WeakPassphrase`].
    pub fn use_recovery(&self, given: &ReadBack, new: &Passphrase, locking: Locking) -> Result<()> {
        strength::check(new, &[&self.genesis()?.name], locking)?;
        let saved = self.open_recovery(given)?;
        self.seal_host(&saved.founder, &saved.host, new, locking)
    }

    fn open_recovery(&self, given: &ReadBack) -> Result<Saved> {
        let state = self.recovery_state()?.ok_or(RecoveryError::NotMade)?;
        let genesis = self.genesis()?;
        let code = match given {
            ReadBack::Code(code) => code,
            ReadBack::Sheet(sheet) if sheet.office != genesis.code => {
                let found = sheet.office.clone();
                return Err(RecoveryError::OtherOffice { found, own: genesis.code }.into());
            }
            ReadBack::Sheet(sheet) if sheet.number != state.number => {
                return Err(RecoveryError::OtherSheet.into());
            }
            ReadBack::Sheet(sheet) => &sheet.code,
        };
        let path = self.folder.recovery_keys();
        let plain = keyring::open(&path, &passphrase(code), "recovery").map_err(|error| match error {
            OfficeError::WrongPassphrase { .. } => RecoveryError::OtherSheet.into(),
            other => other,
        })?;
        let saved = Saved::parse(&plain).filter(|saved| saved.founder.public_key() == genesis.keys.founding);
        let Saved { founder, host } = saved.ok_or(OfficeError::KeyFileDamaged(path))?;
        Ok(Saved { founder, host: self.in_force(host)? })
    }

    /// Keys of the host were replaced: what a sheet opens is not in force any more.
    pub(crate) fn forget_recovery(&self) -> Result<()> {
        for path in [self.folder.recovery_state(), self.folder.recovery_keys()] {
            match std::fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(OfficeError::file(&path)(error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn recovery_state(&self) -> Result<Option<State>> {
        let path = self.folder.recovery_state();
        if !path.exists() {
            return Ok(None);
        }
        let bytes = private_file::read_any(&path, MAX_STATE)?;
        serde_json::from_slice(&bytes).map(Some).map_err(|_| OfficeError::KeyFileDamaged(path))
    }

    fn write_recovery_state(&self, state: &State) -> Result<()> {
        let bytes = serde_json::to_vec(state).map_err(|_| OfficeError::Damaged("recovery state"))?;
        write_private_file(&self.folder.recovery_state(), &bytes)
    }
}

impl Saved {
    fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(cbor::encode(&Value::map([
            ("founding", Value::bytes(*self.founder.seed())),
            ("host", Value::bytes(&*self.host.to_bytes())),
        ])))
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let mut fields = Fields::of(cbor::decode(bytes, 8_192).ok()?).ok()?;
        let saved = Self {
            founder: fields.take("founding", keyring::secret).ok()?,
            host: fields.take("host", |value| HostKeys::parse(value.as_bytes()?)).ok()?,
        };
        fields.finish().ok().map(|()| saved)
    }
}

/// The code as a passphrase: its groups without anything between them.
fn passphrase(code: &RecoveryCode) -> Passphrase {
    Passphrase::from(code.groups().concat())
}
