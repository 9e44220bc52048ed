//! The verifier's own copies of ledgers: stronger than anything a file says.

use super::case::Case;
use super::later::{History, changed, may_become};
use super::{KnownLedgers, Made, Missing};
use crate::code::Code;
use crate::report::Remark;

/// Neither checkpoint, claim nor statement contradicts the own copy; says how
/// the record stands there.
pub(super) fn ledger(case: &Case<'_>, known: &dyn KnownLedgers) -> Made {
    let origin = &case.checkpoint()?.origin;
    if known.log_key(origin).is_none() {
        return Ok(vec![Remark::noted(Code::LedgerNotHeld, &[origin])]);
    }
    let mut remarks = vec![root(case, known)?];
    remarks.extend(base(case, known)?);
    remarks.extend(claim(case, known)?);
    remarks.extend(record(case, known)?);
    Ok(remarks)
}

fn root(case: &Case<'_>, known: &dyn KnownLedgers) -> Result<Remark, Missing> {
    let checkpoint = case.checkpoint()?;
    let (origin, size) = (&checkpoint.origin, checkpoint.size);
    Ok(match known.root_at(origin, size) {
        Some(root) if root == checkpoint.root => Remark::passed(Code::LedgerAgrees, &[&size]),
        Some(_) => Remark::failed(Code::LedgerContradicts, &[&size]),
        None => match known.size(origin) {
            Some(have) if have < size => Remark::noted(Code::LedgerBehind, &[&have, &size]),
            _ => Remark::noted(Code::LedgerSilent, &[&size]),
        },
    })
}

/// What the statement's approver had verified was this ledger.
fn base(case: &Case<'_>, known: &dyn KnownLedgers) -> Result<Option<Remark>, Missing> {
    let (origin, base) = (&case.checkpoint()?.origin, case.anchor()?.base);
    let other = known.root_at(origin, base.size).is_some_and(|root| root != base.root);
    Ok(other.then(|| Remark::failed(Code::LedgerOtherBase, &[&base.size])))
}

/// What the owner's claim is about was this ledger.
fn claim(case: &Case<'_>, known: &dyn KnownLedgers) -> Result<Option<Remark>, Missing> {
    if !case.has_status {
        return Ok(None);
    }
    let (origin, base) = (&case.checkpoint()?.origin, case.status()?.claim.base);
    let other = known.root_at(origin, base.size).is_some_and(|root| root != base.root);
    Ok(other.then(|| Remark::failed(Code::LedgerContradicts, &[&base.size])))
}

/// What became of the record, if the copy goes so far.
fn record(case: &Case<'_>, known: &dyn KnownLedgers) -> Result<Option<Remark>, Missing> {
    let (origin, history) = (&case.checkpoint()?.origin, History::of(case)?);
    let Some((position, then)) = known.size(origin).and_then(|size| history.within(size)) else {
        return Ok(None);
    };
    let Ok(latest) = known.latest(origin, &case.statement()?.subject()) else {
        return Ok(Some(Remark::undecided(Code::LedgerUnreadable, &[])));
    };
    Ok(match latest.filter(|latest| may_become(&then, latest)) {
        Some(latest) => changed(&case.state()?, &latest, "ledger"),
        // The copy has read this entry and gave it no effect.
        None => Some(Remark::failed(Code::LedgerNoEffect, &[&position])),
    })
}
