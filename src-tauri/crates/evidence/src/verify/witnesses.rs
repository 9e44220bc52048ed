//! Who else saw the checkpoint: cosignatures of the policy's witnesses.

use std::collections::BTreeSet;

use yinxin_ledger::cosignature::{self, CosignatureError};
use yinxin_ledger::note::{Note, NoteError};
use yinxin_ledger::policy::Policy;
use yinxin_record::key::PublicKey;

use super::case::Case;
use super::trust::is_vouched_for;
use super::{Made, Missing};
use crate::code::Code;
use crate::report::{ProvedWitness, Remark};

/// How far a signer's clock may be ahead of a witness's before it is noted.
const DRIFT: u64 = 300;

/// Every cosignature of a named witness holds, and they make the quorum of the
/// policy that names the log. Own ledgers need no witnesses: they have seen.
pub(super) fn witnesses(case: &Case<'_>) -> Made {
    case.note()?;
    let Some(policy) = policy_of(case)? else {
        let by_ledgers = case.ledgers_key()?.is_some();
        let without =
            |code| if by_ledgers { Remark::passed(code, &[]) } else { Remark::undecided(code, &[]) };
        return Ok(vec![without(if by_ledgers { Code::WitnessesNotNeeded } else { Code::WitnessesUnknown })]);
    };
    let seen = Seen::of_office(case, policy)?;
    let (is_met, have, need) = seen.progress(policy);
    let mut remarks = vec![match policy.quorum {
        None => Remark::passed(Code::WitnessesNotNeeded, &[]),
        Some(_) if is_met => Remark::passed(Code::QuorumMet, &[&have, &need]),
        Some(_) => Remark::undecided(Code::QuorumBelow, &[&have, &need]),
    }];
    remarks.extend(signed_after_witnessed(case, &seen.witnesses)?);
    remarks.extend(seen.remarks);
    remarks.extend(of_register(case, policy)?);
    Ok(remarks)
}

/// The register's checkpoint, where the policy knows the office by it alone, needs
/// the same quorum.
fn of_register(case: &Case<'_>, policy: &Policy) -> Made {
    let Some(admitted) = case.admission.as_ref().filter(|_| is_vouched_for(case) == Ok(true)) else {
        return Ok(Vec::new());
    };
    let note = Note::parse(&admitted.proof()?.checkpoint).map_err(|_| Missing("realm"))?;
    // The register's own witness key is not in the file: naming it is for the policy
    // to avoid.
    let seen = Seen::of(&note, policy, None);
    let (is_met, have, need) = seen.progress(policy);
    let mut remarks = seen.remarks;
    remarks.retain(Remark::is_failed);
    remarks.extend(policy.quorum.as_ref().map(|_| match is_met {
        true => Remark::passed(Code::RegisterQuorumMet, &[&have, &need]),
        false => Remark::undecided(Code::RegisterQuorumBelow, &[&have, &need]),
    }));
    Ok(remarks)
}

/// Named witnesses whose cosignatures hold and count.
pub(super) fn counted(case: &Case<'_>) -> Result<Vec<ProvedWitness>, Missing> {
    match policy_of(case)? {
        Some(policy) => Ok(Seen::of_office(case, policy)?.witnesses),
        None => Ok(Vec::new()),
    }
}

/// The policy, if it knows the log: by its key, by the register of its realm, or by
/// a key that it had.
fn policy_of<'a>(case: &Case<'a>) -> Result<Option<&'a Policy>, Missing> {
    let knows = case.policy_key()?.is_some() || case.cut_off()?.is_some() || is_vouched_for(case)?;
    Ok(case.policy.filter(|_| knows))
}

struct Seen {
    witnesses: Vec<ProvedWitness>,
    remarks: Vec<Remark>,
}

impl Seen {
    fn of_office(case: &Case<'_>, policy: &Policy) -> Result<Self, Missing> {
        Ok(Self::of(case.note()?, policy, Some(case.host_keys()?.witness)))
    }

    /// The named witnesses on a checkpoint, but for its `owner`.
    fn of(note: &Note, policy: &Policy, owner: Option<PublicKey>) -> Self {
        let mut seen = Self { witnesses: Vec::new(), remarks: Vec::new() };
        for witness in &policy.witnesses {
            let name = &witness.name;
            match cosignature::verify(note, &witness.key) {
                Err(CosignatureError::Note(NoteError::NotSigned(_))) => {}
                Err(_) => seen.remarks.push(Remark::failed(Code::CosignatureBroken, &[name])),
                // Nobody is a witness of his own ledger.
                Ok(_) if Some(*witness.key.public_key()) == owner => {
                    seen.remarks.push(Remark::noted(Code::OwnWitness, &[name]));
                }
                Ok(time) => {
                    seen.remarks.push(Remark::noted(Code::Witnessed, &[name, &time]));
                    seen.witnesses.push(ProvedWitness { name: name.clone(), time });
                }
            }
        }
        seen
    }

    /// Whether they make the quorum, how many they are, and how many it takes.
    fn progress(&self, policy: &Policy) -> (bool, usize, usize) {
        let names: BTreeSet<String> = self.witnesses.iter().map(|witness| witness.name.clone()).collect();
        let (have, need) = policy.quorum_progress(&names);
        (policy.quorum_met(&names), have, need)
    }
}

/// Signers who claim a time at which the checkpoint had been witnessed already.
fn signed_after_witnessed(case: &Case<'_>, witnesses: &[ProvedWitness]) -> Made {
    let Some(first) = witnesses.iter().map(|witness| witness.time).min() else { return Ok(Vec::new()) };
    let late = case.statement()?.layers.iter().filter_map(|layer| {
        let ahead = layer.header.claims.iat.checked_sub(first).filter(|ahead| *ahead > DRIFT)?;
        Some(Remark::noted(Code::SignedAfterWitnessed, &[&layer.header.purpose.as_str(), &ahead]))
    });
    Ok(late.collect())
}
