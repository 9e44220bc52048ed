//! Who signed: the roster, the rules about signers, the signatures.

use yinxin_record::coded::Coded;
use yinxin_record::roster::Roster;
use yinxin_record::rules::{self, Violation};
use yinxin_record::statement::{Anchor, Statement};

use super::case::Case;
use super::{Made, faults_or};
use crate::code::Code;
use crate::report::Remark;

/// The roster is the one that the statement names.
pub(super) fn roster(case: &Case<'_>) -> Made {
    let (roster, anchor) = (case.roster()?, case.anchor()?);
    let remark = if case.roster_digest() == anchor.roster {
        Remark::passed(Code::RosterMatches, &[&roster.len()])
    } else {
        Remark::failed(Code::RosterDiffers, &[])
    };
    Ok(vec![remark])
}

/// Two or three different people signed, each with the role of the layer,
/// under rules that this program knows.
pub(super) fn signers(case: &Case<'_>) -> Made {
    let (statement, roster) = (case.statement()?, case.roster()?);
    let remark = match may_sign(statement, case.anchor()?, roster) {
        Ok(()) => Remark::passed(Code::SignersHold, &[&statement.layers.len()]),
        Err(violation) => Remark::failed(Code::SignersViolate, &[&violation.code()]),
    };
    Ok(vec![remark])
}

/// Whether the rules let these people sign this statement.
pub(super) fn may_sign(statement: &Statement, anchor: &Anchor, roster: &Roster) -> Result<(), Violation> {
    if anchor.rules != rules::VERSION {
        return Err(Violation::UnknownRules);
    }
    rules::people(roster, statement).map(|_| ())
}

/// The signature of every layer holds under its signer's key.
pub(super) fn signatures(case: &Case<'_>) -> Made {
    let (statement, roster) = (case.statement()?, case.roster()?);
    let broken = broken_layers(statement, roster);
    let faults = broken.iter().map(|purpose| Remark::failed(Code::SignatureBroken, &[purpose])).collect();
    Ok(faults_or(faults, Remark::passed(Code::SignaturesHold, &[&statement.layers.len()])))
}

/// The purposes of the layers whose signatures do not hold, or whose signers
/// are not in the roster.
pub(super) fn broken_layers(statement: &Statement, roster: &Roster) -> Vec<&'static str> {
    let holds = |layer: &&yinxin_record::statement::Layer| match roster.by_kid(&layer.header.kid) {
        Some((_, member)) => layer.verify(&member.key).is_ok(),
        None => false,
    };
    let broken = statement.layers.iter().filter(|layer| !holds(layer));
    broken.map(|layer| layer.header.purpose.as_str()).collect()
}
