//! The office in its realm: what the register said of it, and that this is that
//! office and that ledger. Who vouches for the register itself is a question of
//! trust.

use yinxin_ledger::checkpoint::Checkpoint;
use yinxin_ledger::tree::check_consistency;
use yinxin_record::act::Standing;
use yinxin_record::coded::Coded;
use yinxin_record::origin::Origin;
use yinxin_record::rules::{self, VERSION, Violation};
use yinxin_record::statement::Base;

use super::case::{Admitted, Case};
use super::people::broken_layers;
use super::trust::is_vouched_for;
use super::{Made, Missing, faults_or};
use crate::code::Code;
use crate::report::Remark;

/// Both admins of the realm's register signed the admission, it stands in the
/// register, and it is about this office, its ledger and its people.
pub(super) fn realm(case: &Case<'_>, admitted: &Admitted<'_>) -> Made {
    let standing = admitted.standing()?;
    let mut faults = register_faults(case, admitted)?;
    faults.extend(signers_faults(admitted)?);
    faults.extend(office_faults(case, admitted, standing)?);
    let said: [&dyn ToString; 2] = [&standing.name, &standing.version()];
    // Anybody can make a register; only the policy says which one is the realm's.
    let told = if is_vouched_for(case)? {
        Remark::passed(Code::RealmHolds, &said)
    } else {
        Remark::noted(Code::RealmUnproved, &said)
    };
    let mut remarks = faults_or(faults, told);
    if standing.suspended {
        remarks.push(Remark::noted(Code::RealmSuspended, &[&standing.head.size]));
    }
    if !standing.successors.is_empty() {
        remarks.push(Remark::noted(Code::RealmSucceeded, &[&standing.successors.join(" ")]));
    }
    Ok(remarks)
}

/// The origin of the register that may admit this office.
pub(super) fn register_of(case: &Case<'_>) -> Result<Option<String>, Missing> {
    let origin: Result<Origin, _> = case.checkpoint()?.origin.parse();
    Ok(origin.ok().map(|origin| origin.register().to_string()))
}

/// The admission is an entry of the realm's register.
fn register_faults(case: &Case<'_>, admitted: &Admitted<'_>) -> Result<Vec<Remark>, Missing> {
    let (statement, proof, checkpoint) = (admitted.statement()?, admitted.proof()?, admitted.checkpoint()?);
    let mut faults = Vec::new();
    let iss = &statement.outermost().header.claims.iss;
    let register = register_of(case)?;
    for origin in [iss, &checkpoint.origin] {
        if register.as_ref() != Some(origin) {
            faults.push(Remark::failed(Code::RealmOtherRegister, &[origin]));
        }
    }
    if proof.check(&admitted.leaf, checkpoint).is_err() || admitted.anchor()?.base.size > proof.index {
        faults.push(Remark::failed(Code::RealmNotIncluded, &[&proof.index]));
    }
    Ok(faults)
}

/// Both admins of the register's roster signed it.
fn signers_faults(admitted: &Admitted<'_>) -> Result<Vec<Remark>, Missing> {
    let (statement, roster, anchor) = (admitted.statement()?, admitted.roster()?, admitted.anchor()?);
    let mut faults = Vec::new();
    if admitted.roster_digest != anchor.roster {
        faults.push(Remark::failed(Code::RealmRosterDiffers, &[&"register"]));
    }
    let known = if anchor.rules == VERSION { Ok(()) } else { Err(Violation::UnknownRules) };
    if let Err(violation) = known.and_then(|()| rules::admins(roster, statement).map(drop)) {
        faults.push(Remark::failed(Code::RealmViolates, &[&violation.code()]));
    }
    let broken = broken_layers(statement, roster);
    faults.extend(broken.iter().map(|purpose| Remark::failed(Code::RealmSignatureBroken, &[purpose])));
    Ok(faults)
}

/// It is about this office: code, founding entry, ledger, people.
fn office_faults(
    case: &Case<'_>,
    admitted: &Admitted<'_>,
    standing: &Standing,
) -> Result<Vec<Remark>, Missing> {
    let mut faults = Vec::new();
    let founding = case.entries.iter().find(|entry| entry.position == 0).ok_or(Missing("genesis"))?;
    if standing.code != case.genesis()?.code || standing.ledger != founding.leaf {
        faults.push(Remark::failed(Code::RealmOtherOffice, &[&standing.name, &standing.code]));
    }
    if !is_one_history(&standing.head, case.checkpoint()?, admitted.consistency) {
        faults.push(Remark::failed(Code::RealmOtherHistory, &[&standing.head.size]));
    }
    if admitted.founding_digest != standing.roster {
        faults.push(Remark::failed(Code::RealmRosterDiffers, &[&"office"]));
    }
    Ok(faults)
}

/// The smaller tree is a prefix of the larger one.
fn is_one_history(head: &Base, checkpoint: &Checkpoint, proof: &[yinxin_record::Digest]) -> bool {
    let (head, now) = ((head.size, &head.root), (checkpoint.size, &checkpoint.root));
    let (old, new) = if head.0 <= now.0 { (head, now) } else { (now, head) };
    check_consistency(old.0, old.1, new.0, new.1, proof).is_ok()
}
