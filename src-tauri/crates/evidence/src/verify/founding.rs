//! Whose ledger it is: the genesis, and who vouches for its log key.

use yinxin_ledger::tree::empty_root;
use yinxin_record::act::{Act, Genesis};
use yinxin_record::coded::Coded;
use yinxin_record::origin::Origin;
use yinxin_record::roster::Roster;
use yinxin_record::rules::{self, VERSION, Violation};
use yinxin_record::statement::Statement;

use super::case::Case;
use super::trust::was_ledgers_key;
use super::{Made, faults_or};
use crate::code::Code;
use crate::report::Remark;

/// Entry 0 founds the ledger that the checkpoint names, in order, and certifies
/// the log key that is trusted.
pub(super) fn genesis(case: &Case<'_>) -> Made {
    let checkpoint = case.checkpoint()?;
    let mut faults = misplaced(case);
    if !case.entries.iter().any(|entry| entry.position == 0) {
        faults.push(Remark::failed(Code::GenesisMissing, &[]));
        return Ok(faults);
    }
    let founding = case.founding()?;
    let Ok(genesis) = case.genesis() else {
        faults.push(Remark::failed(Code::GenesisBroken, &[&Violation::GenesisOutOfPlace.code()]));
        return Ok(faults);
    };
    if let Err(violation) = signed_by_founder(founding, genesis).and_then(|()| anchored_at_nothing(founding))
    {
        faults.push(Remark::failed(Code::GenesisBroken, &[&violation]));
    }
    if !genesis.keys.are_different() {
        faults.push(Remark::failed(Code::GenesisBroken, &[&Violation::Taken.code()]));
    }
    let origin = Origin::new(&genesis.realm, &genesis.code);
    if !origin.is_ok_and(|origin| origin.to_string() == checkpoint.origin) {
        faults.push(Remark::failed(Code::GenesisOrigin, &[&checkpoint.origin]));
    }
    faults.extend(log_key(case)?);
    Ok(faults_or(faults, Remark::passed(Code::GenesisHolds, &[&genesis.name, &genesis.code])))
}

fn misplaced(case: &Case<'_>) -> Vec<Remark> {
    let is_genesis = |s: &Statement| matches!(s.act, Act::Genesis(_));
    let elsewhere = case
        .entries
        .iter()
        .filter(|entry| entry.position != 0 && entry.statement.as_ref().is_some_and(is_genesis));
    elsewhere.map(|entry| Remark::failed(Code::GenesisMisplaced, &[&entry.position])).collect()
}

fn log_key(case: &Case<'_>) -> Result<Vec<Remark>, super::Missing> {
    let differs = |by: &str| Remark::failed(Code::LogKeyDiffers, &[&by]);
    let key = &case.host_keys()?.log;
    let mut faults = Vec::new();
    if case.policy_key()?.is_some_and(|known| known.public_key() != key) && case.cut_off()?.is_none() {
        faults.push(differs("policy"));
    }
    let other = case.ledgers_key()?.is_some_and(|known| known.public_key() != key);
    if other && !was_ledgers_key(case, key)? {
        faults.push(differs("ledger"));
    }
    Ok(faults)
}

/// One layer, signed by the founding key. The error is a code.
pub(super) fn signed_by_founder(statement: &Statement, genesis: &Genesis) -> Result<(), &'static str> {
    rules::signed_by_founder(statement, genesis).map_err(|violation| violation.code())?;
    let layer = statement.outermost();
    layer.verify(&genesis.keys.founding).map_err(|_| Code::SignatureBroken.as_str())
}

fn anchored_at_nothing(founding: &Statement) -> Result<(), &'static str> {
    let anchor = founding.outermost().header.anchor.as_ref().ok_or(Violation::WrongLayers.code())?;
    if anchor.rules != VERSION {
        return Err(Violation::UnknownRules.code());
    }
    if anchor.base.size != 0 || anchor.base.root != empty_root() {
        return Err(Violation::BaseNotTrue.code());
    }
    if anchor.roster != Roster::default().digest() {
        return Err(Violation::RosterStale.code());
    }
    Ok(())
}
