//! How the signers came to be who they are: their member acts, those of the
//! admins who signed these, and the names and posts that they commit to.

use std::collections::BTreeSet;

use yinxin_record::Id;
use yinxin_record::act::Genesis;
use yinxin_record::cbor::Value;
use yinxin_record::coded::Coded;
use yinxin_record::disclosure::Disclosure;
use yinxin_record::roster::Roster;
use yinxin_record::rules::{self, VERSION, Violation};
use yinxin_record::statement::{Layer, Statement};

use super::case::Case;
use super::founding::signed_by_founder;
use super::members::{MemberAct, Members};
use super::people::broken_layers;
use super::trust::is_vouched_for;
use super::{Made, Missing, faults_or, warrants};
use crate::code::Code;
use crate::report::Remark;

/// Every signer was admitted before the statement, in order, and was then who the
/// roster says; so was every admin who signed one of these acts. Every name and
/// post belongs to one of them.
pub(super) fn admission(case: &Case<'_>) -> Made {
    let (statement, roster, genesis) = (case.statement()?, case.roster()?, case.genesis()?);
    let (people, index) = (case.people()?, case.proof()?.index);
    let members = Members::of(case);
    let mut faults = Vec::new();
    for signer in signers(statement, roster)? {
        faults.extend(as_listed(&signer, &members, roster, index));
    }
    for act in members.iter() {
        faults.extend(in_order(act, &members));
        let violation = violation(case, act, &members, genesis)?;
        faults.extend(violation.map(|v| Remark::failed(Code::MemberViolates, &[&act.member, &v])));
    }
    faults.extend(people_faults(people, &members));
    let passed = Remark::passed(Code::AdmissionsHold, &[&members.iter().count()]);
    let mut remarks = faults_or(faults, passed);
    for act in members.iter() {
        remarks.extend(warrants::told(case, act, &members)?);
    }
    let code = if compared(case, statement, roster)? { Code::PeopleCompared } else { Code::AdmittedByOneKey };
    remarks.push(Remark::noted(code, &[]));
    remarks.extend(withheld_names(case)?);
    Ok(remarks)
}

/// Whether the register, which the policy knows, compared every signer: person
/// and key.
fn compared(case: &Case<'_>, statement: &Statement, roster: &Roster) -> Result<bool, Missing> {
    let Some(admitted) = case.admission.as_ref().filter(|_| is_vouched_for(case) == Ok(true)) else {
        return Ok(false);
    };
    if admitted.founding_digest != admitted.standing()?.roster {
        return Ok(false);
    }
    let founding = admitted.founding()?;
    let same = |id: &Id| {
        let key = |roster: &Roster| roster.get(id).map(|member| member.key);
        key(founding).is_some() && key(founding) == key(roster)
    };
    Ok(signers(statement, roster)?.iter().all(same))
}

fn signers(statement: &Statement, roster: &Roster) -> Result<Vec<Id>, Missing> {
    let id = |layer: &Layer| Some(roster.by_kid(&layer.header.kid)?.0);
    statement.layers.iter().map(id).collect::<Option<_>>().ok_or(Missing("signers"))
}

/// What the last member act before the statement says of a signer is what the
/// roster says.
fn as_listed(signer: &Id, members: &Members<'_>, roster: &Roster, index: u64) -> Option<Remark> {
    let Some(act) = members.before(signer, index) else {
        let later = members.iter().any(|act| act.member == *signer);
        let code = if later { Code::MemberLate } else { Code::MemberMissing };
        return Some(Remark::failed(code, &[signer]));
    };
    if act.membership.suspended {
        return Some(Remark::failed(Code::MemberSuspended, &[signer]));
    }
    let agrees = roster.get(signer) == Some(&act.membership.member);
    (!agrees).then(|| Remark::failed(Code::MemberDiffers, &[signer]))
}

/// Acts about one person count on, and each follows the one before, as far as the
/// file has both.
fn in_order(act: &MemberAct<'_>, members: &Members<'_>) -> Option<Remark> {
    let previous = members.before(&act.member, act.position)?;
    let (before, now) = (previous.membership.version(), act.membership.version());
    let follows_directly = before.checked_add(1) == Some(now);
    let names_it = act.membership.follows.is_some_and(|follows| follows.previous == previous.leaf);
    let in_order = now > before && (!follows_directly || names_it);
    (!in_order).then(|| Remark::failed(Code::MemberOrder, &[&act.member]))
}

/// The rule that a member act breaks, as far as the file can tell. The text is a
/// code.
fn violation(
    case: &Case<'_>,
    act: &MemberAct<'_>,
    members: &Members<'_>,
    genesis: &Genesis,
) -> Result<Option<&'static str>, Missing> {
    let rules = act.statement.outermost().header.anchor.as_ref().map(|anchor| anchor.rules);
    if rules != Some(VERSION) {
        return Ok(Some(Violation::UnknownRules.code()));
    }
    let signed = match &act.membership.warrant {
        Some(warrant) => warrants::holds(case, act, members, warrant)?,
        None => signed(act, members, genesis),
    };
    if let Err(violation) = signed {
        return Ok(Some(violation));
    }
    if let Err(violation) = rules::possible(act.membership) {
        return Ok(Some(violation.code()));
    }
    let is_hosts = genesis.keys.signing().contains(&act.membership.member.key);
    Ok(is_hosts.then(|| Violation::Taken.code()))
}

/// By the founding key alone, or by both admins as they were then.
fn signed(act: &MemberAct<'_>, members: &Members<'_>, genesis: &Genesis) -> Result<(), &'static str> {
    if act.statement.layers.len() == 1 {
        signed_by_founder(act.statement, genesis)?;
        if !members.founding_at(act.position) {
            return Err(Violation::FoundingOver.code());
        }
        let admits = act.membership.follows.is_none()
            && !act.membership.suspended
            && act.membership.member.acting.is_none();
        return if admits { Ok(()) } else { Err(Violation::FounderOnlyAdmits.code()) };
    }
    let roster = members.roster_before(act.position);
    rules::admins(&roster, act.statement).map_err(|violation| violation.code())?;
    let broken = !broken_layers(act.statement, &roster).is_empty();
    if broken { Err(Code::SignatureBroken.as_str()) } else { Ok(()) }
}

/// A name or post that no member act commits to, or two of one act.
fn people_faults(people: &[Disclosure], members: &Members<'_>) -> Vec<Remark> {
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    for person in people {
        let digest = person.digest();
        let commits = |act: &&MemberAct<'_>| act.membership.digests.binary_search(&digest).is_ok();
        let owners: Vec<_> = members.iter().filter(commits).collect();
        // Not everybody has a post.
        let named = matches!(
            (person.key.as_str(), &person.value),
            ("name" | "post", Value::Text(_)) | ("post", Value::Null)
        );
        // A salt is fresh, so no two acts share a disclosure.
        let [owner] = owners.as_slice() else {
            faults.push(Remark::failed(Code::PersonOfNobody, &[&person.key]));
            continue;
        };
        if !named {
            faults.push(Remark::failed(Code::PersonOfNobody, &[&person.key]));
        }
        if !seen.insert((owner.position, person.key.as_str())) {
            faults.push(Remark::failed(Code::PersonTwice, &[&owner.member, &person.key]));
        }
    }
    faults
}

fn withheld_names(case: &Case<'_>) -> Result<Vec<Remark>, Missing> {
    let signers = signers(case.statement()?, case.roster()?)?;
    let unnamed = signers.iter().filter(|id| matches!(person(case, id, "name"), Ok(None)));
    Ok(unnamed.map(|id| Remark::noted(Code::NameWithheld, &[id])).collect())
}

/// The name or post that a member had at the statement, if the file discloses it.
pub(super) fn person(case: &Case<'_>, member: &Id, key: &str) -> Result<Option<String>, Missing> {
    let (people, index) = (case.people()?, case.proof()?.index);
    let members = Members::of(case);
    let Some(act) = members.before(member, index) else { return Ok(None) };
    let commits = |person: &&Disclosure| act.membership.digests.binary_search(&person.digest()).is_ok();
    let found = people.iter().filter(|person| person.key == key).find(commits);
    Ok(found.and_then(|person| person.value.as_text()).map(str::to_owned))
}
