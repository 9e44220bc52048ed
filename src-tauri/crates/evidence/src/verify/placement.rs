//! Where the statement stands: in the tree, under a signed checkpoint.

use yinxin_ledger::checkpoint::Checkpoint;
use yinxin_ledger::note::{KeyKind, VerifierKey};
use yinxin_ledger::tree::{check_inclusion, empty_root};
use yinxin_record::statement::Statement;

use super::case::Case;
use super::{Made, faults_or};
use crate::code::Code;
use crate::report::Remark;

/// The statement and every other entry are in the tree of the checkpoint, each
/// at its position, and what their signers had verified was an earlier ledger.
pub(super) fn inclusion(case: &Case<'_>) -> Made {
    let (proof, checkpoint) = (case.proof()?, case.checkpoint()?);
    let mut faults = Vec::new();
    if proof.check(&case.leaf, checkpoint).is_err() {
        faults.push(Remark::failed(Code::NotIncluded, &[&proof.index]));
    }
    faults.extend(base_possible(case.statement()?, proof.index));
    for entry in &case.entries {
        let Checkpoint { size, root, .. } = checkpoint;
        if check_inclusion(&entry.leaf, entry.position, *size, entry.path, root).is_err() {
            faults.push(Remark::failed(Code::NotIncluded, &[&entry.position]));
        }
        faults.extend(entry.statement.as_ref().and_then(|other| base_possible(other, entry.position)));
    }
    Ok(faults_or(faults, Remark::passed(Code::Included, &[&proof.index, &checkpoint.size])))
}

/// The part of "base is a true prefix" that can be seen without the ledger.
fn base_possible(statement: &Statement, position: u64) -> Option<Remark> {
    let base = statement.outermost().header.anchor.as_ref()?.base;
    let possible = base.size <= position && (base.size > 0 || base.root == empty_root());
    (!possible).then(|| Remark::failed(Code::BaseImpossible, &[&position]))
}

/// The log key in force signed the checkpoint, and every statement
/// belongs to its ledger.
pub(super) fn checkpoint(case: &Case<'_>) -> Made {
    let (proof, checkpoint, keys) = (case.proof()?, case.checkpoint()?, case.host_keys()?);
    let origin = &checkpoint.origin;
    let mut faults = Vec::new();
    if let Err(detail) = open(&proof.checkpoint, origin, &keys.log) {
        faults.push(Remark::failed(Code::CheckpointBroken, &[&detail]));
    }
    let others = case.entries.iter().filter_map(|e| Some((e.position, e.statement.as_ref()?)));
    for (position, statement) in others.chain([(proof.index, case.statement()?)]) {
        let iss = &statement.outermost().header.claims.iss;
        if iss != origin {
            faults.push(Remark::failed(Code::OtherLedger, &[&position, iss]));
        }
    }
    Ok(faults_or(faults, Remark::passed(Code::CheckpointHolds, &[origin, &checkpoint.size])))
}

fn open(note: &str, origin: &str, key: &yinxin_record::key::PublicKey) -> Result<(), String> {
    let key = VerifierKey::new(origin, KeyKind::Ed25519, *key).map_err(|error| error.to_string())?;
    Checkpoint::open(note, &key).map(|_| ()).map_err(|error| error.to_string())
}

/// The receipt key in force signed the root.
pub(super) fn receipt(case: &Case<'_>) -> Made {
    let (receipt, checkpoint, keys) = (case.receipt()?, case.checkpoint()?, case.host_keys()?);
    let remark = match receipt.verify(&checkpoint.root, &checkpoint.origin, &keys.receipt) {
        Ok(()) => Remark::passed(Code::ReceiptHolds, &[]),
        Err(error) => Remark::failed(Code::ReceiptBroken, &[&error]),
    };
    Ok(vec![remark])
}
