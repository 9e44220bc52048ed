//! Witness cosignatures: C2SP tlog-cosignature v1.0.1, kind 0x04.
//!
//! ```text
//! signature line   — name base64(key id ‖ timestamp (uint64, big-endian) ‖ Ed25519 signature)
//! signed message   cosignature/v1
//!                  time 1679315147
//!                  city.example/11330100000000001A     ┐
//!                  20852163                            │ the checkpoint's body
//!                  CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MP… ┘
//! ```
//!
//! It says: as of that time, this is the largest consistent tree of this
//! ledger that the witness has seen. It says nothing about what the entries say.
//! The message does not hold the witness's name, so a witness key serves one
//! witness and nothing else.

use yinxin_record::key::{Signature, Signer, SignerUnavailable};

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::note::{KeyKind, Note, NoteError, NoteSignature, VerifierKey, VerifierKeyError};

/// The kind byte of the ML-DSA-44 cosignature: kept free, not built.
pub const RESERVED_ML_DSA_44: u8 = 0x06;

/// The latest time that can be witnessed: 2^63 − 1.
pub const MAX_TIME: u64 = i64::MAX as u64;

/// A checkpoint could not be cosigned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CosignError {
    /// The name or key cannot cosign.
    #[error(transparent)]
    Key(#[from] VerifierKeyError),
    /// The time is above [`MAX_TIME`].
    #[error("a time beyond 2^63-1 seconds")]
    BadTime,
    /// The signer would not or could not sign.
    #[error(transparent)]
    Unavailable(#[from] SignerUnavailable),
}

/// A cosignature was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CosignatureError {
    /// What was cosigned is no checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The note lacks the signature, has it twice, or it does not hold.
    #[error(transparent)]
    Note(#[from] NoteError),
}

fn message(time: u64, body: &str) -> String {
    format!("cosignature/v1\ntime {time}\n{body}")
}

/// The cosignature of `checkpoint` at `time` (POSIX seconds) by the witness
/// `name`. Whether it extends what the witness saw before is the caller's to know.
///
/// # Errors
/// [`CosignError`].
pub fn sign(
    checkpoint: &Checkpoint,
    time: u64,
    name: &str,
    signer: &dyn Signer,
) -> Result<NoteSignature, CosignError> {
    let key = VerifierKey::new(name, KeyKind::Cosigner, signer.public_key())?;
    if time > MAX_TIME {
        return Err(CosignError::BadTime);
    }
    let signature = signer.sign(message(time, &checkpoint.body()).as_bytes())?;
    let bytes = [time.to_be_bytes().as_slice(), &signature].concat();
    Ok(NoteSignature { name: name.to_owned(), id: key.id(), bytes })
}

/// Checks that the witness `key` (kind 0x04) has cosigned the checkpoint in
/// `note`, once; gives the time that it witnessed, in POSIX seconds.
///
/// # Errors
/// [`CosignatureError`]; [`NoteError::NotSigned`] within it if the witness has
/// not cosigned.
pub fn verify(note: &Note, key: &VerifierKey) -> Result<u64, CosignatureError> {
    Checkpoint::parse(note.text())?;
    if key.kind() != KeyKind::Cosigner {
        return Err(NoteError::WrongKind(key.name().to_owned()).into());
    }
    let signature = note.signature_by(key)?.ok_or_else(|| NoteError::NotSigned(key.name().to_owned()))?;
    let time = check(note.text(), &signature.bytes, key);
    Ok(time.ok_or_else(|| NoteError::BadSignature(key.name().to_owned()))?)
}

fn check(body: &str, bytes: &[u8], key: &VerifierKey) -> Option<u64> {
    let (time, signature) = bytes.split_first_chunk()?;
    let time = u64::from_be_bytes(*time);
    let signature: &Signature = signature.try_into().ok()?;
    let holds =
        time <= MAX_TIME && key.public_key().verify(message(time, body).as_bytes(), signature).is_ok();
    holds.then_some(time)
}
