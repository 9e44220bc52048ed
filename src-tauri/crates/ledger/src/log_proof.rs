//! That an entry is in a ledger, as a text that verifies offline: C2SP
//! tlog-proof v1.
//!
//! ```text
//! c2sp.org/tlog-proof@v1
//! index 73894
//! gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=   the inclusion proof, leaf's sibling first
//! B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=
//!                                                an empty line
//! city.example/11330100000000001A                the checkpoint, a signed note, to the end
//! 109482
//! sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=
//!
//! — city.example/11330100000000001A hI2DJw…
//! ```
//!
//! The specification's optional `extra` line is not authenticated by anything;
//! we write none and refuse it. Reading a proof checks its form only: the
//! hashes with [`LogProof::check`], the signatures with
//! [`Checkpoint::open`] and [`crate::cosignature::verify`].

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use yinxin_record::Digest;

use crate::checkpoint::{Checkpoint, CheckpointError, decimal, digest};
use crate::note::{MAX_NOTE, Note, VerifierKey};
use crate::tree::{MAX_INCLUSION, ProofError, check_inclusion, leaf_hash};

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1\n";

/// The longest proof that is read: a note, 63 hashes and the first lines.
pub const MAX_LOG_PROOF: usize = MAX_NOTE + 4096;

/// A tlog-proof was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogProofError {
    /// Longer than [`MAX_LOG_PROOF`].
    #[error("the proof is longer than {MAX_LOG_PROOF} bytes")]
    TooLong,
    /// Another first line.
    #[error("not a tlog-proof of version 1")]
    WrongVersion,
    /// It carries extra data.
    #[error("a tlog-proof with extra data")]
    Extra,
    /// No `index` line with a plain decimal number.
    #[error("malformed index line")]
    BadIndex,
    /// A line of the inclusion proof is not the base64 of a hash.
    #[error("malformed line in the inclusion proof")]
    BadHash,
    /// More than 63 hashes.
    #[error("more than {MAX_INCLUSION} hashes")]
    TooManyHashes,
    /// No empty line before the checkpoint.
    #[error("the checkpoint is missing")]
    NoCheckpoint,
    /// The checkpoint is not well-formed.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The index is not below the checkpoint's size.
    #[error("the index is not in the tree")]
    OutOfRange,
}

/// An inclusion proof and the signed checkpoint that it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogProof {
    /// The entry's position.
    pub index: u64,
    /// The inclusion proof, from the leaf upwards.
    pub proof: Vec<Digest>,
    /// The signed note of the checkpoint, word for word.
    pub checkpoint: String,
}

impl LogProof {
    /// The text of this proof.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = format!("{FIRST_LINE}index {}\n", self.index);
        for hash in &self.proof {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{}", STANDARD.encode(hash.0));
        }
        text + "\n" + &self.checkpoint
    }

    /// Reads the text of a proof.
    ///
    /// # Errors
    /// [`LogProofError`].
    pub fn parse(text: &str) -> Result<Self, LogProofError> {
        if text.len() > MAX_LOG_PROOF {
            return Err(LogProofError::TooLong);
        }
        let rest = text.strip_prefix(FIRST_LINE).ok_or(LogProofError::WrongVersion)?;
        if rest.starts_with("extra ") {
            return Err(LogProofError::Extra);
        }
        let (head, checkpoint) = rest.split_once("\n\n").ok_or(LogProofError::NoCheckpoint)?;
        let mut lines = head.split('\n');
        let index = lines.next().and_then(|line| decimal(line.strip_prefix("index ")?));
        let parsed = Self {
            index: index.ok_or(LogProofError::BadIndex)?,
            proof: read_hashes(lines)?,
            checkpoint: checkpoint.to_owned(),
        };
        if parsed.index < parsed.unverified()?.size { Ok(parsed) } else { Err(LogProofError::OutOfRange) }
    }

    /// The checkpoint as it stands there, no signature checked.
    ///
    /// # Errors
    /// [`CheckpointError`].
    pub fn unverified(&self) -> Result<Checkpoint, CheckpointError> {
        Checkpoint::parse(Note::parse(&self.checkpoint)?.text())
    }

    /// Checks that `leaf` is at [`LogProof::index`] in the tree of `checkpoint`,
    /// which the caller has opened with a key.
    ///
    /// # Errors
    /// [`ProofError`].
    pub fn check(&self, leaf: &Digest, checkpoint: &Checkpoint) -> Result<(), ProofError> {
        check_inclusion(leaf, self.index, checkpoint.size, &self.proof, &checkpoint.root)
    }
}

/// Whether `proof` shows that `entry` stands in the log of `key`.
#[must_use]
pub fn shows(proof: &str, key: &VerifierKey, entry: &[u8]) -> bool {
    let Ok(proof) = LogProof::parse(proof) else { return false };
    let opened = Checkpoint::open(&proof.checkpoint, key);
    opened.is_ok_and(|(checkpoint, _)| proof.check(&leaf_hash(entry), &checkpoint).is_ok())
}

fn read_hashes<'a>(lines: impl Iterator<Item = &'a str>) -> Result<Vec<Digest>, LogProofError> {
    let mut hashes = Vec::new();
    for line in lines {
        if hashes.len() == MAX_INCLUSION {
            return Err(LogProofError::TooManyHashes);
        }
        hashes.push(digest(line).ok_or(LogProofError::BadHash)?);
    }
    Ok(hashes)
}
