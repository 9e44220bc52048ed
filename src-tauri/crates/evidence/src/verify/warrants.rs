//! Officers whom the realm's register appointed: what the warrant in a member act
//! says, and that it stands in the register.

use yinxin_ledger::log_proof;
use yinxin_record::act::{Membership, Warrant};
use yinxin_record::coded::Coded;
use yinxin_record::origin::Origin;
use yinxin_record::rules::{self, Violation};

use super::Missing;
use super::case::Case;
use super::members::{MemberAct, Members};
use crate::code::Code;
use crate::report::Remark;

/// The appointed person alone signed what the register said of this person, for the
/// people of then. The error is a code.
pub(super) fn holds(
    case: &Case<'_>,
    act: &MemberAct<'_>,
    members: &Members<'_>,
    warrant: &Warrant,
) -> Result<Result<(), &'static str>, Missing> {
    let origin = origin(case)?;
    let key = match rules::warranted(act.statement, act.membership, warrant, &origin) {
        Ok(key) => key,
        Err(violation) => return Ok(Err(violation.code())),
    };
    if act.statement.outermost().verify(&key).is_err() {
        return Ok(Err(Code::SignatureBroken.as_str()));
    }
    let size = warrant.appointment(origin.realm()).map_or(0, |said| said.size);
    let changed = members.iter().any(|other| (size..act.position).contains(&other.position));
    if size > act.position || changed {
        return Ok(Err(Violation::RosterStale.code()));
    }
    let shown = in_register(case, warrant, &origin);
    Ok(if shown == Some(false) { Err(Violation::NotWarranted.code()) } else { Ok(()) })
}

/// Whom the register appointed, whom another office lends, and for whose warrant
/// nobody vouches.
pub(super) fn told(
    case: &Case<'_>,
    act: &MemberAct<'_>,
    members: &Members<'_>,
) -> Result<Vec<Remark>, Missing> {
    let Membership { warrant: Some(warrant), .. } = act.membership else { return Ok(Vec::new()) };
    let origin = origin(case)?;
    if holds(case, act, members, warrant)?.is_err() {
        return Ok(Vec::new());
    }
    if in_register(case, warrant, &origin).is_none() && !is_judged_by_ledgers(case, act)? {
        return Ok(vec![Remark::undecided(Code::WarrantUnproved, &[&act.member, &origin.register()])]);
    }
    let lender = warrant.appointment(origin.realm()).and_then(|appointment| appointment.lender);
    let lent = lender.map(|lender| Remark::noted(Code::MemberLent, &[&act.member, &lender]));
    Ok([Remark::noted(Code::MemberAppointed, &[&act.member])].into_iter().chain(lent).collect())
}

fn origin(case: &Case<'_>) -> Result<Origin, Missing> {
    case.checkpoint()?.origin.parse().map_err(|_| Missing("proof"))
}

/// Whether the warrant's entry stands in the register that the policy names; nothing
/// if it names none.
fn in_register(case: &Case<'_>, warrant: &Warrant, origin: &Origin) -> Option<bool> {
    let key = case.policy?.log(&origin.register().to_string())?;
    Some(log_proof::shows(&warrant.proof, key, &warrant.statement))
}

/// Whether the verifier's own copy has read this act, and so judged it.
fn is_judged_by_ledgers(case: &Case<'_>, act: &MemberAct<'_>) -> Result<bool, Missing> {
    let checkpoint = case.checkpoint()?;
    let Some(known) = case.known else { return Ok(false) };
    let has_read = known.size(&checkpoint.origin).is_some_and(|size| act.position < size);
    let is_same = known.root_at(&checkpoint.origin, checkpoint.size) == Some(checkpoint.root);
    Ok(has_read && is_same)
}
