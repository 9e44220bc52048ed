//! How the record stands: later acts in the file, and the owner's claim.
//!
//! The claim must agree with what the file proves: with the checkpoint if it is
//! of the same size, with the last act before its own size, with the first
//! after it.

use yinxin_record::statement::Base;

use super::case::Case;
use super::later::{History, changed, may_become};
use super::{Made, Missing};
use crate::code::Code;
use crate::report::Remark;
use crate::status::StatusClaim;

/// Later acts and the status claim are in order; says where they lead.
pub(super) fn status(case: &Case<'_>) -> Made {
    let (history, ours) = (History::of(case)?, case.state()?);
    let mut remarks = history.faults.clone();
    remarks.extend(changed(&ours, &history.current(), "entry"));
    let mut known_size = known_size(case)?;
    if case.has_status {
        let claim = &case.status()?.claim;
        remarks.extend(claim_faults(case, &history)?);
        remarks.extend(changed(&ours, &claim.state, "claim"));
        known_size = known_size.max(claim.base.size);
    } else {
        remarks.push(Remark::noted(Code::StatusAbsent, &[]));
    }
    if !remarks.iter().any(Remark::is_failed) {
        remarks.push(passed(case)?);
    }
    remarks.push(Remark::noted(Code::LaterUnknown, &[&known_size]));
    Ok(remarks)
}

/// How far the ledger is known: by the checkpoint, or by the own copy.
fn known_size(case: &Case<'_>) -> Result<u64, Missing> {
    let checkpoint = case.checkpoint()?;
    let own = case.ledgers_key()?.and(case.known).and_then(|known| known.size(&checkpoint.origin));
    Ok(own.unwrap_or(0).max(checkpoint.size))
}

fn passed(case: &Case<'_>) -> Result<Remark, Missing> {
    if !case.has_status {
        return Ok(Remark::passed(Code::NothingContradicts, &[]));
    }
    let StatusClaim { base, time, state, .. } = &case.status()?.claim;
    Ok(Remark::passed(Code::StatusHolds, &[&base.size, time, &state.version]))
}

fn claim_faults(case: &Case<'_>, history: &History) -> Result<Vec<Remark>, Missing> {
    let (signed, checkpoint) = (case.status()?, case.checkpoint()?);
    let StatusClaim { origin, record, base, .. } = &signed.claim;
    let mut faults = Vec::new();
    if signed.verify(&case.host_keys()?.receipt).is_err() {
        faults.push(Remark::failed(Code::StatusBroken, &[]));
    }
    if *origin != checkpoint.origin {
        faults.push(Remark::failed(Code::StatusOtherLedger, &[origin]));
    }
    if *record != case.statement()?.subject() {
        faults.push(Remark::failed(Code::StatusOtherRecord, &[record]));
    }
    if base.size == checkpoint.size && base.root != checkpoint.root {
        faults.push(Remark::failed(Code::StatusOtherRoot, &[&base.size]));
    }
    faults.extend(contradiction(&signed.claim, history));
    Ok(faults)
}

/// The claim against the acts that the file holds.
fn contradiction(claim: &StatusClaim, history: &History) -> Option<Remark> {
    let Base { size, .. } = claim.base;
    let Some((position, before)) = history.within(size) else {
        return Some(Remark::failed(Code::StatusTooOld, &[&size]));
    };
    if !may_become(&before, &claim.state) {
        return Some(Remark::failed(Code::StatusContradicts, &[&position]));
    }
    let (position, after) = history.beyond(size)?;
    let in_order = claim.state != after && may_become(&claim.state, &after);
    (!in_order).then(|| Remark::failed(Code::StatusContradicts, &[&position]))
}
