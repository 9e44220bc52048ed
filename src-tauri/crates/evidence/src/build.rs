//! Making an evidence file from its parts.
//!
//! The caller chooses: which disclosures, which checkpoint, whether a status
//! claim. This sorts, and refuses to make what would not verify: a file that
//! its own office would call altered must not leave it.

use yinxin_ledger::log_proof::LogProof;
use yinxin_record::Coded;
use yinxin_record::disclosure::Disclosure;
use yinxin_record::roster::Roster;
use yinxin_record::template::Template;

use crate::file::{Admission, Evidence, FileError, Supporting};
use crate::report::{Outcome, Verdict};
use crate::verify::verify;

/// What an evidence file is made from.
#[derive(Debug, Clone)]
pub struct Parts<'a> {
    /// The bytes of the entry: `publish` or `amend`.
    pub statement: Vec<u8>,
    /// The template that the act names.
    pub template: &'a Template,
    /// The disclosures to show, in any order.
    pub disclosures: &'a [Disclosure],
    /// The statement's position and path, and the checkpoint with its
    /// cosignatures.
    pub proof: &'a LogProof,
    /// The roster that the statement names.
    pub roster: &'a Roster,
    /// The genesis, the member act of every signer and, if there is one, the
    /// latest act on the record; in any order, with paths to the same checkpoint.
    pub entries: Vec<Supporting>,
    /// Names and posts of the signers, in any order.
    pub people: &'a [Disclosure],
    /// The receipt over the checkpoint's root.
    pub receipt: Vec<u8>,
    /// The status claim.
    pub status: Option<Vec<u8>>,
    /// What the register says of the office, if it is in one.
    pub admission: Option<Admission>,
}

/// Parts that do not make an evidence file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AssembleError {
    /// Beyond the limits of a file.
    #[error(transparent)]
    File(#[from] FileError),
    /// The file would be called altered.
    #[error("the file would not verify: {check}, {finding}")]
    WouldNotVerify {
        /// Which check fails.
        check: &'static str,
        /// The code of the first finding.
        finding: &'static str,
    },
}

impl Coded for AssembleError {
    fn code(&self) -> &'static str {
        match self {
            Self::File(error) => error.code(),
            Self::WouldNotVerify { .. } => "evidence_would_not_verify",
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::File(error) => error.args(),
            Self::WouldNotVerify { check, finding } => {
                vec![("check", (*check).to_owned()), ("finding", (*finding).to_owned())]
            }
        }
    }
}

impl Evidence {
    /// Puts a file together. It verifies, but for what only a policy decides.
    ///
    /// # Errors
    /// [`AssembleError`].
    pub fn assemble(parts: Parts<'_>) -> Result<Self, AssembleError> {
        let mut entries = parts.entries;
        entries.sort_by_key(|entry| entry.position);
        let evidence = Self {
            statement: parts.statement,
            template: parts.template.to_cbor(),
            disclosures: by_digest(parts.disclosures),
            proof: parts.proof.to_text(),
            roster: parts.roster.to_bytes(),
            entries,
            people: by_digest(parts.people),
            receipt: parts.receipt,
            status: parts.status,
            admission: parts.admission,
        };
        let bytes = evidence.to_bytes();
        Self::parse(&bytes)?;
        let report = verify(&bytes, None, None);
        if report.verdict != Verdict::Altered {
            return Ok(evidence);
        }
        let failed = report.findings.iter().find(|finding| finding.outcome == Outcome::Failed);
        let (check, finding) = failed.map_or(("", ""), |finding| (finding.check, finding.code));
        Err(AssembleError::WouldNotVerify { check, finding })
    }
}

fn by_digest(disclosures: &[Disclosure]) -> Vec<Vec<u8>> {
    let mut sorted: Vec<&Disclosure> = disclosures.iter().collect();
    sorted.sort_by_cached_key(|disclosure| disclosure.digest());
    sorted.into_iter().map(Disclosure::to_bytes).collect()
}
