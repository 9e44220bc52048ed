//! Who vouches for the log key, and how far what it signed counts.
//!
//! The policy may name the office's log, or the register of its realm, which then
//! vouches for the offices that it admitted. A key that is retired or suspended
//! has a cut-off: what it signed counts only as a prefix of that tree.

use yinxin_ledger::checkpoint::Checkpoint;
use yinxin_ledger::note::VerifierKey;
use yinxin_ledger::policy::{CutOff, Policy};
use yinxin_record::key::PublicKey;

use super::case::{Admitted, Case};
use super::realm::register_of;
use super::{Made, Missing};
use crate::code::Code;
use crate::report::Remark;

/// The policy names the log or its register, or the ledger is the verifier's own.
pub(super) fn trust(case: &Case<'_>) -> Made {
    let mut remarks = Vec::new();
    if let Some(policy) = case.policy {
        remarks.extend(by_policy(case, policy)?);
    }
    remarks.extend(by_ledgers(case)?);
    if remarks.is_empty() {
        remarks.push(match case.policy {
            None => Remark::undecided(Code::NoPolicy, &[]),
            Some(_) => Remark::undecided(Code::LogUnknown, &[&case.checkpoint()?.origin]),
        });
    }
    Ok(remarks)
}

/// Whether the register that the policy names vouches for this office: only then
/// do the people count as compared.
pub(super) fn is_vouched_for(case: &Case<'_>) -> Result<bool, Missing> {
    let (Some(policy), Some(admitted)) = (case.policy, &case.admission) else { return Ok(false) };
    Ok(register_signed(case, policy, admitted)? == Some(true))
}

fn by_policy(case: &Case<'_>, policy: &Policy) -> Made {
    let mut remarks = Vec::new();
    if is_key_in_force(case, case.policy_key()?)? {
        remarks.push(Remark::passed(Code::TrustedByPolicy, &[&policy.number]));
    }
    let register = register_of(case)?.filter(|register| policy.log(register).is_some());
    if let (Some(register), Some(admitted)) = (&register, &case.admission) {
        remarks.extend(by_register(case, policy, register, admitted)?);
    }
    remarks.extend(cut_off(case)?);
    if let Some(register) = register.filter(|_| remarks.is_empty()) {
        remarks.push(Remark::undecided(Code::AdmissionAbsent, &[&register]));
    }
    Ok(remarks)
}

fn is_key_in_force(case: &Case<'_>, known: Option<&VerifierKey>) -> Result<bool, Missing> {
    let key = &case.host_keys()?.log;
    Ok(known.is_some_and(|known| known.public_key() == key))
}

fn by_register(case: &Case<'_>, policy: &Policy, register: &str, admitted: &Admitted<'_>) -> Made {
    let standing = admitted.standing()?;
    let mut remarks = match register_signed(case, policy, admitted)? {
        Some(true) => vec![Remark::passed(Code::TrustedByRegister, &[&policy.number, &register])],
        _ => vec![Remark::failed(Code::RegisterUnsigned, &[&register])],
    };
    let index = case.proof()?.index;
    if standing.suspended && index >= standing.head.size {
        remarks.push(Remark::undecided(Code::BeyondCutOff, &[&index, &standing.head.size]));
    }
    Ok(remarks)
}

/// Whether the key of the policy signed the register's checkpoint; nothing if the
/// policy does not name this register.
fn register_signed(
    case: &Case<'_>,
    policy: &Policy,
    admitted: &Admitted<'_>,
) -> Result<Option<bool>, Missing> {
    let Some(register) = register_of(case)? else { return Ok(None) };
    let Some(key) = policy.log(&register) else { return Ok(None) };
    Ok(Some(Checkpoint::open(&admitted.proof()?.checkpoint, key).is_ok()))
}

/// What a retired or suspended key signed counts before its cut-off, where the
/// file shows one history with it.
fn cut_off(case: &Case<'_>) -> Result<Option<Remark>, Missing> {
    let (Some(cut_off), index) = (case.cut_off()?, case.proof()?.index) else { return Ok(None) };
    let size = cut_off.size;
    if index >= size {
        return Ok(Some(Remark::undecided(Code::BeyondCutOff, &[&index, &size])));
    }
    Ok(Some(match is_prefix(case, cut_off)? {
        Some(true) => Remark::passed(Code::WithinCutOff, &[&index, &size]),
        Some(false) => Remark::failed(Code::CutOffContradicts, &[&size]),
        None => Remark::undecided(Code::CutOffUnproved, &[&index, &size]),
    }))
}

/// Whether the file's checkpoint and the cut-off are of one ledger; nothing if
/// neither the file nor the verifier's own ledgers tell. A wrong proof is a fault
/// of the check that reads it.
fn is_prefix(case: &Case<'_>, cut_off: &CutOff) -> Result<Option<bool>, Missing> {
    let checkpoint = case.checkpoint()?;
    if checkpoint.size == cut_off.size {
        return Ok(Some(checkpoint.root == cut_off.root));
    }
    let own = |size| case.known.and_then(|known| known.root_at(&checkpoint.origin, size));
    if let (Some(then), Some(cut)) = (own(checkpoint.size), own(cut_off.size)) {
        return Ok(Some(then == checkpoint.root && cut == cut_off.root));
    }
    let Some(admitted) = &case.admission else { return Ok(None) };
    let head = admitted.standing()?.head;
    if head.size != cut_off.size {
        return Ok(None);
    }
    // That head and checkpoint are of one ledger is checked with the admission.
    Ok(Some(head.root == cut_off.root))
}

/// A key that the verifier's own copy knows; of one that is retired only what the
/// copy has seen itself.
fn by_ledgers(case: &Case<'_>) -> Result<Option<Remark>, Missing> {
    if is_key_in_force(case, case.ledgers_key()?.as_ref())? {
        return Ok(Some(Remark::passed(Code::TrustedByLedgers, &[])));
    }
    if !was_ledgers_key(case, &case.host_keys()?.log)? {
        return Ok(None);
    }
    let checkpoint = case.checkpoint()?;
    let seen = case.known.and_then(|known| known.root_at(&checkpoint.origin, checkpoint.size));
    Ok(Some(match seen {
        Some(_) => Remark::passed(Code::TrustedByLedgers, &[]),
        None => Remark::undecided(Code::LogKeyRetired, &[]),
    }))
}

/// Whether the verifier's own copy knows it as a key that the log had before.
pub(super) fn was_ledgers_key(case: &Case<'_>, key: &PublicKey) -> Result<bool, Missing> {
    let origin = &case.checkpoint()?.origin;
    Ok(case.known.is_some_and(|known| known.had_log_key(origin, key)))
}
