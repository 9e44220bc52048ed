//! Key files: age passphrase files (scrypt), readable by this user only.
//!
//! The plaintext is one CBOR map of byte strings: `{"log": seed, …}`. A person's
//! file holds `person`; the founding file `founding`; the host's file `log`,
//! `receipt`, `transport`, `witness` and the text `delivery` (an age X25519
//! identity), and under `next`, where the register was asked to certify other keys,
//! the same of these. Every seed is 32 bytes.

use std::path::{Path, PathBuf};

use age::secrecy::{ExposeSecret as _, SecretString};
use yinxin_record::act::CertifiedKeys;
use yinxin_record::cbor::{self, Fields, Value};
use yinxin_record::key::{PublicKey, SecretKey, Signer as _};
use zeroize::Zeroizing;

use crate::error::{OfficeError, Result};
use crate::folder::{Folder, write_private_file};
use crate::surroundings::{Surroundings, random};
use crate::{passphrase_change, private_file};

/// scrypt's log₂ N for new key files: 128 MiB and a few tenths of a second.
pub const WORK_FACTOR: u8 = 17;

/// More work than this in a foreign key file is refused.
const MAX_WORK_FACTOR: u8 = 20;

/// A key file is far smaller than this.
const MAX_FILE: u64 = 64 * 1024;

/// A passphrase; its memory is wiped.
pub type Passphrase = SecretString;

/// The keys that the host signs with on its own.
#[derive(Debug, Clone)]
pub struct HostKeys {
    /// Signs checkpoints.
    pub log: SecretKey,
    /// Signs receipts and status claims.
    pub receipt: SecretKey,
    /// Authenticates the host.
    pub transport: SecretKey,
    /// Signs cosignatures.
    pub witness: SecretKey,
    /// Opens deliveries; `AGE-SECRET-KEY-1…`.
    delivery: Zeroizing<String>,
    /// Those that the register is asked to certify: they lie beside these until it
    /// has.
    pub(crate) next: Option<Box<HostKeys>>,
}

impl HostKeys {
    /// Fresh keys.
    pub(crate) fn generate(surroundings: &dyn Surroundings) -> Self {
        let key = || SecretKey::from_seed(&random(surroundings));
        let delivery = age::x25519::Identity::generate();
        Self {
            log: key(),
            receipt: key(),
            transport: key(),
            witness: key(),
            delivery: Zeroizing::new(delivery.to_string().expose_secret().to_owned()),
            next: None,
        }
    }

    /// The keys of heads and receipts.
    pub(crate) fn signing(&self) -> (PublicKey, PublicKey) {
        (self.log.public_key(), self.receipt.public_key())
    }

    /// Of these keys and those beside them, the ones that `are` in force.
    pub(crate) fn in_force(self, are: impl Fn(&Self) -> bool) -> Option<Self> {
        if are(&self) {
            return Some(self);
        }
        self.next.map(|next| *next).filter(are)
    }

    /// The public half of the delivery key, `age1…`.
    fn delivery_recipient(&self) -> Result<String> {
        let identity: age::x25519::Identity =
            self.delivery.parse().map_err(|_| OfficeError::Damaged("delivery key"))?;
        Ok(identity.to_public().to_string())
    }

    /// The public halves, as a genesis and the register certify them.
    pub(crate) fn certified(&self) -> Result<CertifiedKeys> {
        Ok(CertifiedKeys {
            delivery: self.delivery_recipient()?,
            log: self.log.public_key(),
            receipt: self.receipt.public_key(),
            transport: self.transport.public_key(),
            witness: self.witness.public_key(),
        })
    }

    pub(crate) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut map = vec![
            ("delivery", Value::text(self.delivery.as_str())),
            ("log", Value::bytes(*self.log.seed())),
            ("receipt", Value::bytes(*self.receipt.seed())),
            ("transport", Value::bytes(*self.transport.seed())),
            ("witness", Value::bytes(*self.witness.seed())),
        ];
        map.extend(self.next.as_ref().map(|next| ("next", Value::bytes(&*next.to_bytes()))));
        let map = map.into_iter().map(|(key, value)| (Value::text(key), value)).collect();
        Zeroizing::new(cbor::encode(&Value::Map(map)))
    }

    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let mut fields = Fields::of(cbor::decode(bytes, 4_096).ok()?).ok()?;
        let next = match fields.optional("next") {
            None => None,
            // Keys beside keys beside keys are never written.
            Some(next) => Some(Box::new(Self::parse(next.as_bytes()?).filter(|next| next.next.is_none())?)),
        };
        let keys = Self {
            next,
            delivery: Zeroizing::new(fields.take("delivery", |v| v.as_text().map(str::to_owned)).ok()?),
            log: fields.take("log", secret).ok()?,
            receipt: fields.take("receipt", secret).ok()?,
            transport: fields.take("transport", secret).ok()?,
            witness: fields.take("witness", secret).ok()?,
        };
        fields.finish().ok()?;
        Some(keys)
    }
}

pub(crate) fn secret(value: &Value) -> Option<SecretKey> {
    let seed: &[u8; 32] = value.as_bytes()?.try_into().ok()?;
    Some(SecretKey::from_seed(seed))
}

/// How key files are made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Locking {
    /// Under a passphrase that somebody keeps secret: it must be hard to guess
    /// ([`crate::strength`]), and every guess costs work.
    #[default]
    Secret,
    /// Under a passphrase that everybody knows, for practice: what is public
    /// needs neither strength nor work.
    Public,
}

impl Locking {
    /// scrypt's log₂ N; 1 is the least that it allows.
    fn work_factor(self) -> u8 {
        match self {
            Self::Secret => WORK_FACTOR,
            Self::Public => 1,
        }
    }
}

/// Writes one key, sealed under `passphrase`.
pub(crate) fn write_key(
    path: &Path,
    name: &str,
    key: &SecretKey,
    passphrase: &Passphrase,
    locking: Locking,
) -> Result<()> {
    write_private_file(path, &seal_key(name, key, passphrase, locking)?)
}

/// What [`write_key`] writes.
pub(crate) fn seal_key(
    name: &str,
    key: &SecretKey,
    passphrase: &Passphrase,
    locking: Locking,
) -> Result<Vec<u8>> {
    let plain = Zeroizing::new(cbor::encode(&Value::map([(name, Value::bytes(*key.seed()))])));
    seal(&plain, passphrase, locking)
}

/// Reads what [`write_key`] wrote. `whose` is named if the passphrase is wrong.
pub(crate) fn read_key(path: &Path, name: &str, passphrase: &Passphrase, whose: &str) -> Result<SecretKey> {
    let plain = open(path, passphrase, whose)?;
    let key = cbor::decode(&plain, 4_096).ok().and_then(|value| {
        let mut fields = Fields::of(value).ok()?;
        let key = fields.take(name, secret).ok()?;
        fields.finish().ok().map(|()| key)
    });
    key.ok_or_else(|| OfficeError::KeyFileDamaged(path.to_owned()))
}

/// Writes the host's keys, sealed under `passphrase`.
pub(crate) fn write_host_keys(
    folder: &Folder,
    keys: &HostKeys,
    passphrase: &Passphrase,
    locking: Locking,
) -> Result<()> {
    write_private_file(&folder.host_keys(), &seal_host_keys(keys, passphrase, locking)?)
}

/// What [`write_host_keys`] writes.
pub(crate) fn seal_host_keys(keys: &HostKeys, passphrase: &Passphrase, locking: Locking) -> Result<Vec<u8>> {
    seal(&keys.to_bytes(), passphrase, locking)
}

/// Reads the host's keys: with the passphrase, or from the unattended file.
///
/// # Errors
/// [`OfficeError::HostLocked`] if there is neither.
pub(crate) fn read_host_keys(folder: &Folder, passphrase: Option<&Passphrase>) -> Result<HostKeys> {
    let (path, plain): (PathBuf, _) = match passphrase {
        Some(passphrase) => {
            let path = folder.host_keys();
            let plain = open(&path, passphrase, "host")?;
            (path, plain)
        }
        None => {
            let path = folder.unattended_keys();
            if !path.exists() {
                return Err(OfficeError::HostLocked);
            }
            let plain = Zeroizing::new(private_file::read(&path, MAX_FILE)?);
            (path, plain)
        }
    };
    HostKeys::parse(&plain).ok_or(OfficeError::KeyFileDamaged(path))
}

/// Stores the host's keys so that this user's programs need no passphrase.
pub(crate) fn write_unattended(folder: &Folder, keys: &HostKeys) -> Result<()> {
    write_private_file(&folder.unattended_keys(), &keys.to_bytes())
}

/// Removes the unattended file.
pub(crate) fn remove_unattended(folder: &Folder) -> Result<()> {
    let path = folder.unattended_keys();
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(OfficeError::file(&path)(error)),
        _ => Ok(()),
    }
}

pub(crate) fn seal(plain: &[u8], passphrase: &Passphrase, locking: Locking) -> Result<Vec<u8>> {
    if passphrase.expose_secret().is_empty() {
        return Err(OfficeError::EmptyPassphrase);
    }
    let mut recipient = age::scrypt::Recipient::new(passphrase.clone());
    recipient.set_work_factor(locking.work_factor());
    age::encrypt(&recipient, plain).map_err(|_| OfficeError::Damaged("key could not be sealed"))
}

pub(crate) fn open(path: &Path, passphrase: &Passphrase, whose: &str) -> Result<Zeroizing<Vec<u8>>> {
    passphrase_change::settle(path)?;
    if !path.exists() {
        return Err(OfficeError::KeyFileMissing(path.to_owned()));
    }
    let sealed = private_file::read(path, MAX_FILE)?;
    let mut identity = age::scrypt::Identity::new(passphrase.clone());
    identity.set_max_work_factor(MAX_WORK_FACTOR);
    match age::decrypt(&identity, &sealed) {
        Ok(plain) => Ok(Zeroizing::new(plain)),
        // age cannot tell a wrong passphrase from a changed header: both fail
        // to unwrap the file key.
        Err(age::DecryptError::DecryptionFailed | age::DecryptError::KeyDecryptionFailed) => {
            Err(OfficeError::WrongPassphrase { whose: whose.to_owned() })
        }
        Err(_) => Err(OfficeError::KeyFileDamaged(path.to_owned())),
    }
}
