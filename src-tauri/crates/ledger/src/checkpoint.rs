//! Checkpoints: the signed size and root of a ledger, C2SP tlog-checkpoint
//! v1.0.0 in a signed note.
//!
//! ```text
//! city.example/11330100000000001A              origin
//! 20852163                                     size, decimal, no leading zero
//! CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I= root, base64
//!                                              then the signatures of the note
//! — city.example/11330100000000001A Az3grl…
//! ```
//!
//! Our own rules on top: no extension lines (they would be signed and never
//! audited), the key is named like the origin, a tree without leaves has the
//! one root it can have, and sizes stay below 2^63.
//! A checkpoint does not say when it was made: see [`crate::cosignature`].

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use yinxin_record::Digest;
use yinxin_record::key::Signer;

use crate::note::{Note, NoteError, SignError, VerifierKey};
use crate::tree::{MAX_SIZE, empty_root};

/// A checkpoint was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The note around it was refused.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// Fewer than three lines, or an empty origin.
    #[error("not the three lines of a checkpoint")]
    Malformed,
    /// Lines after the third.
    #[error("a checkpoint with extension lines")]
    Extension,
    /// The size is not a plain decimal number below 2^63.
    #[error("not the size of a tree")]
    BadSize,
    /// The root is not the base64 of 32 bytes, or not that of the empty tree.
    #[error("not the root of a tree")]
    BadRoot,
    /// The origin is not the one that the key signs for.
    #[error("the checkpoint is of {0}")]
    WrongOrigin(String),
}

/// A ledger's size and root.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Checkpoint {
    /// Which ledger: `<realm>/<office code>`.
    pub origin: String,
    /// How many entries it has.
    pub size: u64,
    /// The root of its tree.
    pub root: Digest,
}

impl Checkpoint {
    /// The three lines that are signed.
    #[must_use]
    pub fn body(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root.0))
    }

    /// Reads the three lines that [`Checkpoint::body`] writes.
    ///
    /// # Errors
    /// [`CheckpointError`].
    pub fn parse(body: &str) -> Result<Self, CheckpointError> {
        let lines: Vec<&str> = body.strip_suffix('\n').unwrap_or_default().split('\n').collect();
        let (origin, size, root) = match lines[..] {
            [origin, size, root] if !origin.is_empty() => (origin, size, root),
            [_, _, _, _, ..] => return Err(CheckpointError::Extension),
            _ => return Err(CheckpointError::Malformed),
        };
        let size = decimal(size).filter(|n| *n <= MAX_SIZE).ok_or(CheckpointError::BadSize)?;
        let root = digest(root).ok_or(CheckpointError::BadRoot)?;
        if size == 0 && root != empty_root() {
            return Err(CheckpointError::BadRoot);
        }
        Ok(Self { origin: origin.to_owned(), size, root })
    }

    /// The note of this checkpoint, signed under the name of its origin.
    ///
    /// # Errors
    /// [`SignError`].
    pub fn sign(&self, signer: &dyn Signer) -> Result<Note, SignError> {
        let mut note = Note::unsigned(&self.body())?;
        note.sign(&self.origin, signer)?;
        Ok(note)
    }

    /// Reads a checkpoint that `key` must have signed and whose origin must be
    /// the key's name; with it the note, for its other signatures.
    ///
    /// # Errors
    /// [`CheckpointError`].
    pub fn open(note: &str, key: &VerifierKey) -> Result<(Self, Note), CheckpointError> {
        let note = Note::parse(note)?;
        let checkpoint = Self::parse(note.text())?;
        if checkpoint.origin != key.name() {
            return Err(CheckpointError::WrongOrigin(checkpoint.origin));
        }
        note.verify(key)?;
        Ok((checkpoint, note))
    }
}

/// The number that `text` spells: ASCII digits, no sign, no leading zero.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let plain = text == "0" || (!text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit()));
    if plain { text.parse().ok() } else { None }
}

/// The digest whose base64 is `text`.
pub(crate) fn digest(text: &str) -> Option<Digest> {
    // 32 bytes are 44 characters; longer text need not be decoded.
    let bytes = (text.len() == 44).then(|| STANDARD.decode(text).ok())??;
    Digest::from_slice(&bytes)
}
