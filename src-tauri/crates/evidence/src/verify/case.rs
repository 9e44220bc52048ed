//! The case: the parts of a file, each read on its own, and the format check.
//!
//! A part that cannot be read is reported here, once; checks that need it get
//! [`Missing`] and say so. Reading verifies nothing.

use yinxin_ledger::checkpoint::Checkpoint;
use yinxin_ledger::log_proof::LogProof;
use yinxin_ledger::note::{Note, VerifierKey};
use yinxin_ledger::policy::{CutOff, Policy};
use yinxin_ledger::receipt::Receipt;
use yinxin_ledger::tree::leaf_hash;
use yinxin_record::Digest;
use yinxin_record::act::{Act, CertifiedKeys, Content, Genesis, Standing};
use yinxin_record::disclosure::Disclosure;
use yinxin_record::origin::Origin;
use yinxin_record::roster::Roster;
use yinxin_record::rules::RecordState;
use yinxin_record::statement::{Anchor, Statement};
use yinxin_record::template::Template;

use super::{KnownLedgers, Missing};
use crate::code::Code;
use crate::file::{Admission, Evidence, Supporting};
use crate::report::Remark;
use crate::status::SignedStatus;

/// A file under examination.
pub(super) struct Case<'a> {
    pub(super) policy: Option<&'a Policy>,
    pub(super) known: Option<&'a dyn KnownLedgers>,
    /// The leaf hash of the statement, readable or not.
    pub(super) leaf: Digest,
    /// The other entries, by position.
    pub(super) entries: Vec<Entry<'a>>,
    /// Whether the file has a status claim, readable or not.
    pub(super) has_status: bool,
    roster_digest: Digest,
    template_digest: Digest,
    statement: Option<Statement>,
    template: Option<Template>,
    disclosures: Option<Vec<Disclosure>>,
    proof: Option<LogProof>,
    checkpoint: Option<(Checkpoint, Note)>,
    roster: Option<Roster>,
    people: Option<Vec<Disclosure>>,
    receipt: Option<Receipt>,
    status: Option<SignedStatus>,
    /// What the file says of the office in its realm, if it does.
    pub(super) admission: Option<Admitted<'a>>,
}

/// The office's admission to its realm, each part read on its own.
pub(super) struct Admitted<'a> {
    pub(super) leaf: Digest,
    pub(super) roster_digest: Digest,
    pub(super) founding_digest: Digest,
    pub(super) consistency: &'a [Digest],
    statement: Option<Statement>,
    proof: Option<LogProof>,
    checkpoint: Option<Checkpoint>,
    roster: Option<Roster>,
    founding: Option<Roster>,
}

impl Admitted<'_> {
    pub(super) fn statement(&self) -> Result<&Statement, Missing> {
        self.statement.as_ref().ok_or(Missing("realm"))
    }

    pub(super) fn anchor(&self) -> Result<&Anchor, Missing> {
        self.statement()?.outermost().header.anchor.as_ref().ok_or(Missing("realm"))
    }

    /// What the register said of the office.
    pub(super) fn standing(&self) -> Result<&Standing, Missing> {
        match &self.statement()?.act {
            Act::Office(standing) => Ok(standing),
            _ => Err(Missing("realm")),
        }
    }

    pub(super) fn proof(&self) -> Result<&LogProof, Missing> {
        self.proof.as_ref().ok_or(Missing("realm"))
    }

    pub(super) fn checkpoint(&self) -> Result<&Checkpoint, Missing> {
        self.checkpoint.as_ref().ok_or(Missing("realm"))
    }

    pub(super) fn roster(&self) -> Result<&Roster, Missing> {
        self.roster.as_ref().ok_or(Missing("realm"))
    }

    /// The people whom the register compared.
    pub(super) fn founding(&self) -> Result<&Roster, Missing> {
        self.founding.as_ref().ok_or(Missing("realm"))
    }
}

/// Another entry of the ledger.
pub(super) struct Entry<'a> {
    pub(super) position: u64,
    pub(super) leaf: Digest,
    pub(super) path: &'a [Digest],
    /// The statement, if it could be read.
    pub(super) statement: Option<Statement>,
}

impl<'a> Case<'a> {
    /// Reads every part, and says what could not be read.
    pub(super) fn read(
        evidence: &'a Evidence,
        policy: Option<&'a Policy>,
        known: Option<&'a dyn KnownLedgers>,
    ) -> (Self, Vec<Remark>) {
        let mut format = Format::default();
        let proof = format.part("proof", 0, LogProof::parse(&evidence.proof));
        let checkpoint = proof.as_ref().and_then(|proof| {
            let note = format.part("proof", 0, Note::parse(&proof.checkpoint))?;
            Some((format.part("proof", 0, Checkpoint::parse(note.text()))?, note))
        });
        let status = evidence.status.as_deref().map(SignedStatus::parse);
        let case = Self {
            policy,
            known,
            leaf: leaf_hash(&evidence.statement),
            roster_digest: Digest::of(&evidence.roster),
            template_digest: Digest::of(&evidence.template),
            has_status: evidence.status.is_some(),
            statement: format.part("statement", 0, Statement::parse(&evidence.statement)),
            template: format.part("template", 0, Template::from_cbor(&evidence.template)),
            disclosures: format.list("disclosures", &evidence.disclosures),
            proof,
            checkpoint,
            roster: format.part("roster", 0, Roster::parse(&evidence.roster)),
            entries: evidence.entries.iter().zip(1..).map(|(e, n)| format.entry(e, n)).collect(),
            people: format.list("people", &evidence.people),
            receipt: format.part("receipt", 0, Receipt::parse(&evidence.receipt)),
            status: status.and_then(|status| format.part("status", 0, status)),
            admission: evidence.admission.as_ref().map(|admission| format.admission(admission)),
        };
        format.acts(&case);
        let faults = format.0;
        (case, super::faults_or(faults, Remark::passed(Code::FormatRead, &[])))
    }

    pub(super) fn statement(&self) -> Result<&Statement, Missing> {
        self.statement.as_ref().ok_or(Missing("statement"))
    }

    pub(super) fn anchor(&self) -> Result<&Anchor, Missing> {
        self.statement()?.outermost().header.anchor.as_ref().ok_or(Missing("statement"))
    }

    /// What the statement publishes.
    pub(super) fn content(&self) -> Result<&Content, Missing> {
        self.statement()?.act.content().ok_or(Missing("statement"))
    }

    /// The state of the record that the statement makes.
    pub(super) fn state(&self) -> Result<RecordState, Missing> {
        self.content()?;
        let version = self.statement()?.act.version().ok_or(Missing("statement"))?;
        Ok(RecordState { version, leaf: self.leaf, withdrawn: false, erased: false })
    }

    pub(super) fn template(&self) -> Result<&Template, Missing> {
        self.template.as_ref().ok_or(Missing("template"))
    }

    pub(super) fn template_digest(&self) -> Digest {
        self.template_digest
    }

    pub(super) fn disclosures(&self) -> Result<&[Disclosure], Missing> {
        self.disclosures.as_deref().ok_or(Missing("disclosures"))
    }

    pub(super) fn proof(&self) -> Result<&LogProof, Missing> {
        self.proof.as_ref().ok_or(Missing("proof"))
    }

    /// The checkpoint as it stands there.
    pub(super) fn checkpoint(&self) -> Result<&Checkpoint, Missing> {
        self.checkpoint.as_ref().map(|(checkpoint, _)| checkpoint).ok_or(Missing("proof"))
    }

    pub(super) fn note(&self) -> Result<&Note, Missing> {
        self.checkpoint.as_ref().map(|(_, note)| note).ok_or(Missing("proof"))
    }

    pub(super) fn roster(&self) -> Result<&Roster, Missing> {
        self.roster.as_ref().ok_or(Missing("roster"))
    }

    pub(super) fn roster_digest(&self) -> Digest {
        self.roster_digest
    }

    pub(super) fn people(&self) -> Result<&[Disclosure], Missing> {
        self.people.as_deref().ok_or(Missing("people"))
    }

    pub(super) fn receipt(&self) -> Result<&Receipt, Missing> {
        self.receipt.as_ref().ok_or(Missing("receipt"))
    }

    /// The status claim; only for files that have one.
    pub(super) fn status(&self) -> Result<&SignedStatus, Missing> {
        self.status.as_ref().ok_or(Missing("status"))
    }

    /// Entry 0, if the file has it and it could be read.
    pub(super) fn founding(&self) -> Result<&Statement, Missing> {
        let first = self.entries.iter().find(|entry| entry.position == 0);
        first.and_then(|entry| entry.statement.as_ref()).ok_or(Missing("genesis"))
    }

    /// What entry 0 says, if it is a genesis.
    pub(super) fn genesis(&self) -> Result<&Genesis, Missing> {
        match &self.founding()?.act {
            Act::Genesis(genesis) => Ok(genesis),
            _ => Err(Missing("genesis")),
        }
    }

    /// The keys of the office's host: those that the register certifies, or else
    /// those of the genesis. Where policy or own ledgers name the genesis's log key,
    /// the genesis is what is trusted, and a register that nobody vouches for cannot
    /// put other keys beside it.
    pub(super) fn host_keys(&self) -> Result<&CertifiedKeys, Missing> {
        let Some(admitted) = &self.admission else { return Ok(&self.genesis()?.keys.host) };
        if let Ok(genesis) = self.genesis() {
            let first = &genesis.keys.host;
            let named = |key: &VerifierKey| *key.public_key() == first.log;
            let by_ledgers = self.ledgers_key()?.as_ref().is_some_and(named);
            if self.policy_key()?.is_some_and(named) || by_ledgers {
                return Ok(first);
            }
        }
        Ok(&admitted.standing()?.keys)
    }

    /// Where the policy ends what the log key signed, if it does.
    pub(super) fn cut_off(&self) -> Result<Option<&CutOff>, Missing> {
        let (origin, key) = (&self.checkpoint()?.origin, &self.host_keys()?.log);
        Ok(self.policy.and_then(|policy| policy.cut_off(origin, key)))
    }

    /// The log key that the policy names for the checkpoint's origin. Where it names
    /// the realm's register, only that vouches for logs: leaving the admission out of
    /// a file must not help it.
    pub(super) fn policy_key(&self) -> Result<Option<&VerifierKey>, Missing> {
        let origin = &self.checkpoint()?.origin;
        let by_register = |policy: &&Policy| {
            let register = origin.parse().map(|origin: Origin| origin.register().to_string());
            register.is_ok_and(|register| policy.log(&register).is_some())
        };
        Ok(self.policy.filter(|policy| !by_register(policy)).and_then(|policy| policy.log(origin)))
    }

    /// The log key that the own ledgers know for the checkpoint's origin.
    pub(super) fn ledgers_key(&self) -> Result<Option<VerifierKey>, Missing> {
        let origin = &self.checkpoint()?.origin;
        Ok(self.known.and_then(|known| known.log_key(origin)))
    }
}

/// What could not be read.
#[derive(Default)]
struct Format(Vec<Remark>);

impl Format {
    /// Part `number` of a list, from 1, or 0 for a part that stands alone.
    fn part<T, E: ToString>(&mut self, part: &str, number: usize, read: Result<T, E>) -> Option<T> {
        match read {
            Ok(read) => Some(read),
            Err(error) => {
                self.0.push(Remark::failed(Code::PartUnreadable, &[&part, &number, &error.to_string()]));
                None
            }
        }
    }

    fn list(&mut self, part: &str, items: &[Vec<u8>]) -> Option<Vec<Disclosure>> {
        let read = items.iter().zip(1..).map(|(item, n)| self.part(part, n, Disclosure::parse(item)));
        // All are read, so that all faults are reported.
        read.collect::<Vec<_>>().into_iter().collect()
    }

    fn entry<'a>(&mut self, supporting: &'a Supporting, number: usize) -> Entry<'a> {
        Entry {
            position: supporting.position,
            leaf: leaf_hash(&supporting.entry),
            path: &supporting.path,
            statement: self.part("entries", number, Statement::parse(&supporting.entry)),
        }
    }

    /// The statement must be a version of a record; of other entries only those
    /// that found the ledger, admit people or are about the same record.
    fn admission<'a>(&mut self, admission: &'a Admission) -> Admitted<'a> {
        let part = "realm";
        let statement = self.part(part, 0, Statement::parse(&admission.statement));
        if let Some(other) = statement.as_ref().filter(|s| !matches!(s.act, Act::Office(_))) {
            self.0.push(Remark::failed(Code::StatementOtherAct, &[&other.act.word()]));
        }
        let proof = self.part(part, 0, LogProof::parse(&admission.proof));
        let checkpoint = proof.as_ref().and_then(|proof| self.part(part, 0, proof.unverified()));
        Admitted {
            leaf: leaf_hash(&admission.statement),
            roster_digest: Digest::of(&admission.roster),
            founding_digest: Digest::of(&admission.founding),
            consistency: &admission.consistency,
            statement,
            proof,
            checkpoint,
            roster: self.part(part, 0, Roster::parse(&admission.roster)),
            founding: self.part(part, 0, Roster::parse(&admission.founding)),
        }
    }

    fn acts(&mut self, case: &Case<'_>) {
        let Ok(statement) = case.statement() else { return };
        if statement.act.content().is_none() {
            self.0.push(Remark::failed(Code::StatementOtherAct, &[&statement.act.word()]));
        }
        for entry in &case.entries {
            let Some(other) = &entry.statement else { continue };
            let of_record = !matches!(other.act, Act::Genesis(_) | Act::Member(_));
            if of_record && other.subject() != statement.subject() {
                self.0.push(Remark::failed(Code::EntryUnexpected, &[&entry.position]));
            }
        }
    }
}
