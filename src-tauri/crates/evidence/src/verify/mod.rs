//! Verifying: every check of `docs/FORMAT.md` §7, made and reported.
//!
//! A check looks at the parts of the file that could be read, and gives
//! remarks. If a part that it needs could not be read, or a check has nothing
//! to say, that is reported as undecided: [`judge`] calls a file genuine only
//! if every check has passed in so many words.
//!
//! ```text
//! case       the parts, read; the format check
//! contents   template, fields, disclosures
//! placement  inclusion, checkpoint, receipt
//! founding   genesis
//! realm      what the register said of the office ┐ trust
//! trust      who vouches for the log key          ┘
//! people     roster, signers, signatures;   members, admission, warrants
//! witnesses  cosignatures and quorum
//! later      later acts on the record  ┐ status
//! claim      the owner's status claim  ┘
//! ledgers    the verifier's own copies
//! proved     what stands when all that has passed
//! ```

mod admission;
mod case;
mod claim;
mod contents;
mod founding;
mod judge;
mod later;
mod ledgers;
mod members;
mod people;
mod placement;
mod proved;
mod realm;
mod trust;
mod warrants;
mod witnesses;

use yinxin_ledger::note::VerifierKey;
use yinxin_ledger::policy::Policy;
use yinxin_record::key::PublicKey;
use yinxin_record::rules::RecordState;
use yinxin_record::{Digest, Id};

use crate::code::Code;
use crate::file::{Evidence, FileError};
use crate::report::{Check, Finding, Remark, Report};
use case::Case;

/// The verifier's own copies of ledgers, whose signatures and rules were checked
/// when the entries were taken in.
pub trait KnownLedgers {
    /// The log key of this ledger; `None` if there is no copy of it.
    fn log_key(&self, origin: &str) -> Option<VerifierKey>;
    /// Whether the copy knows `key` as one that the log signed with before the one
    /// that it has now.
    fn had_log_key(&self, origin: &str, key: &PublicKey) -> bool;
    /// The root of its first `size` entries; `None` if that is not known, or
    /// the copy is not so long.
    fn root_at(&self, origin: &str, size: u64) -> Option<Digest>;
    /// How a record stands at the end of the copy; `None` if nothing there has
    /// an effect on it.
    ///
    /// # Errors
    /// [`Unreadable`] if the copy cannot tell.
    fn latest(&self, origin: &str, record: &Id) -> Result<Option<RecordState>, Unreadable>;
    /// How many entries of the ledger have been read and judged by the rules;
    /// `None` for a copy of checkpoints only.
    fn size(&self, origin: &str) -> Option<u64>;
}

/// A copy of a ledger cannot be read: its own damage says nothing about a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the copy of the ledger cannot be read")]
pub struct Unreadable;

/// A check could not be made: this part is unreadable or missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Missing(&'static str);

/// What a check found.
type Made = Result<Vec<Remark>, Missing>;

/// Makes one check.
type Make = fn(&Case<'_>) -> Made;

/// The checks that every file must pass, after `format`.
const CHECKS: [(Check, Make); 14] = [
    (Check::Template, contents::template),
    (Check::Fields, contents::fields),
    (Check::Disclosures, contents::disclosures),
    (Check::Inclusion, placement::inclusion),
    (Check::Checkpoint, placement::checkpoint),
    (Check::Genesis, founding::genesis),
    (Check::Roster, people::roster),
    (Check::Signers, people::signers),
    (Check::Admission, admission::admission),
    (Check::Signatures, people::signatures),
    (Check::Receipt, placement::receipt),
    (Check::Trust, trust::trust),
    (Check::Witnesses, witnesses::witnesses),
    (Check::Status, claim::status),
];

/// Verifies a file against a policy, or the verifier's own ledgers, or both.
/// Whatever the bytes are, the answer is a report.
#[must_use]
pub fn verify(bytes: &[u8], policy: Option<&Policy>, known: Option<&dyn KnownLedgers>) -> Report {
    match Evidence::parse(bytes) {
        Ok(evidence) => verify_parts(&evidence, policy, known),
        Err(error) => unreadable(&error),
    }
}

fn verify_parts(evidence: &Evidence, policy: Option<&Policy>, known: Option<&dyn KnownLedgers>) -> Report {
    let (case, format) = Case::read(evidence, policy, known);
    let mut findings = of_check(Check::Format, Ok(format));
    for (check, make) in CHECKS {
        findings.extend(of_check(check, make(&case)));
    }
    if let Some(admitted) = &case.admission {
        findings.extend(of_check(Check::Realm, realm::realm(&case, admitted)));
    }
    if let Some(known) = known {
        findings.extend(of_check(Check::Ledger, ledgers::ledger(&case, known)));
    }
    let verdict = judge::judge(&findings);
    let proved = judge::is_proved(&findings).then(|| proved::proved(&case)).and_then(Result::ok);
    Report { verdict, findings, proved }
}

/// The findings of a check, never none.
fn of_check(check: Check, made: Made) -> Vec<Finding> {
    let not_made = |needs| vec![Remark::undecided(Code::NotChecked, &[&needs])];
    let remarks = match made {
        Ok(remarks) if remarks.is_empty() => not_made(check.as_str()),
        Ok(remarks) => remarks,
        Err(Missing(part)) => not_made(part),
    };
    remarks.into_iter().map(|remark| remark.of(check)).collect()
}

/// The faults, or if there are none, that the check passed.
fn faults_or(faults: Vec<Remark>, passed: Remark) -> Vec<Remark> {
    if faults.is_empty() { vec![passed] } else { faults }
}

fn unreadable(error: &FileError) -> Report {
    let remark = match error {
        FileError::NotEvidence => Remark::undecided(Code::NotEvidence, &[]),
        FileError::OtherVersion(found) => Remark::undecided(Code::OtherVersion, &[found]),
        FileError::TooLong { .. }
        | FileError::TooManyItems
        | FileError::Cbor(_)
        | FileError::Field(_)
        | FileError::Order(_) => Remark::failed(Code::FileUnreadable, &[error]),
    };
    let mut findings = vec![remark.of(Check::Format)];
    for (check, _) in CHECKS {
        findings.extend(of_check(check, Err(Missing("file"))));
    }
    Report { verdict: judge::judge(&findings), findings, proved: None }
}
