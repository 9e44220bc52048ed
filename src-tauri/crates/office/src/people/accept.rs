//! Whoever was invited makes a key, where they sit, and an answer.

use std::path::{Path, PathBuf};

use yinxin_record::Digest;
use yinxin_record::digits::Digits;
use yinxin_record::invitation::{Answer, Invitation};
use yinxin_record::key::{PublicKey, SecretKey, Signer as _};

use super::invitation_error::InvitationError;
use super::invite::check_time;
use crate::error::{OfficeError, Result};
use crate::folder::create_private_folder;
use crate::keyring::{self, Locking, Passphrase};
use crate::office::Office;
use crate::private_file;
use crate::strength;
use crate::surroundings::{Surroundings, random};

/// How an invitation is accepted.
#[derive(Debug)]
pub struct Acceptance<'a> {
    /// The bytes of the invitation's file.
    pub invitation: &'a [u8],
    /// The folder that the key is to lie in; made if it is not there.
    pub keys: &'a Path,
    /// Protects the key.
    pub passphrase: &'a Passphrase,
    /// How its file is made.
    pub locking: Locking,
}

/// What came of accepting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// What the invitation says.
    pub invitation: Invitation,
    /// The bytes of the answer's file.
    pub answer: Vec<u8>,
    /// What the person reads over the telephone.
    pub digits: Digits,
    /// Where the key is.
    pub key_file: PathBuf,
}

/// Reads an invitation that can be accepted now.
///
/// # Errors
/// [`InvitationError::Unreadable`], [`InvitationError::Expired`],
/// [`InvitationError::ClockBehind`].
pub fn read_invitation(bytes: &[u8], now: u64) -> Result<Invitation> {
    let invitation = Invitation::parse(bytes).map_err(|_| InvitationError::Unreadable)?;
    check_time(&invitation, now)?;
    Ok(invitation)
}

/// Makes the key and the answer. The key file is there, and opens with the
/// passphrase, before there is an answer.
///
/// # Errors
/// As [`read_invitation`]; [`OfficeError::WeakPassphrase`],
/// [`OfficeError::Exposed`] and what writing may fail with.
pub fn accept(acceptance: &Acceptance<'_>, surroundings: &dyn Surroundings) -> Result<Accepted> {
    let Acceptance { invitation: bytes, keys, passphrase, locking } = acceptance;
    let invitation = read_invitation(bytes, surroundings.now())?;
    strength::check(passphrase, &[&invitation.name, &invitation.office], *locking)?;
    let key = SecretKey::from_seed(&random(surroundings));
    let answer = Answer::sign(&invitation, bytes, &key)?.to_bytes();
    let key_file = key_in_folder(keys, &key.public_key())?;
    let written = keyring::write_key(&key_file, "person", &key, passphrase, *locking)
        .and_then(|()| keyring::read_key(&key_file, "person", passphrase, &invitation.name));
    if let Err(error) = written {
        // Best effort: what failed is told, whether or not this succeeds.
        let _ = std::fs::remove_file(&key_file);
        return Err(error);
    }
    Ok(Accepted { digits: Digits::of_answer(&answer), invitation, answer, key_file })
}

/// Makes a folder for keys of one's own if it is not there, and sees that keys
/// can lie in it.
///
/// # Errors
/// [`OfficeError::Exposed`] and what writing may fail with.
pub fn prepare_own_folder(keys: &Path) -> Result<()> {
    if !keys.exists() {
        create_private_folder(keys)?;
    }
    private_file::check_folder(keys)
}

/// Where a key of one's own lies in a folder of one's own.
pub(crate) fn in_folder(keys: &Path, thumbprint: &Digest) -> PathBuf {
    keys.join(format!("{thumbprint}.age"))
}

/// The same, in a folder that is made if it is not there.
pub(crate) fn key_in_folder(keys: &Path, key: &PublicKey) -> Result<PathBuf> {
    prepare_own_folder(keys)?;
    Ok(in_folder(keys, &key.thumbprint()))
}

impl Office {
    /// Accepts an invitation of this office at its own machine: the key lies beside
    /// the others.
    ///
    /// # Errors
    /// As [`accept`]; [`InvitationError::OtherOffice`].
    pub fn accept_here(
        &self,
        invitation: &[u8],
        passphrase: &Passphrase,
        locking: Locking,
        surroundings: &dyn Surroundings,
    ) -> Result<Accepted> {
        let read = read_invitation(invitation, surroundings.now())?;
        if read.origin != self.origin || read.genesis != self.genesis_leaf()? {
            let (found, own) = (read.origin.to_string(), self.origin.to_string());
            return Err(OfficeError::from(InvitationError::OtherOffice { found, own }));
        }
        let keys = self.folder.keys();
        accept(&Acceptance { invitation, keys: &keys, passphrase, locking }, surroundings)
    }
}
