//! How the signers came to be who they are: their member acts, and the names
//! and posts that those commit to.

use std::collections::BTreeSet;

use yinxin_record::act::{Act, Genesis};
use yinxin_record::cbor::Value;
use yinxin_record::coded::Coded;
use yinxin_record::roster::{Roster, may_be_held_together};
use yinxin_record::rules::{VERSION, Violation};
use yinxin_record::statement::Statement;
use yinxin_record::{Digest, Id};

use super::case::{Case, Entry};
use super::founding::signed_by_founder;
use super::{Made, Missing, faults_or};
use crate::code::Code;
use crate::report::Remark;

/// A member act in the file.
struct Admission<'a> {
    member: Id,
    position: u64,
    statement: &'a Statement,
    digests: &'a [Digest],
}

impl<'a> Admission<'a> {
    fn of(entry: &'a Entry<'_>) -> Option<Self> {
        let statement = entry.statement.as_ref()?;
        let Act::Member { digests, .. } = &statement.act else { return None };
        Some(Self { member: statement.subject(), position: entry.position, statement, digests })
    }
}

/// Every signer was admitted before the statement, in order, with the key and
/// roles of the roster; every name and post belongs to one of those acts.
pub(super) fn admission(case: &Case<'_>) -> Made {
    let (statement, roster, genesis) = (case.statement()?, case.roster()?, case.genesis()?);
    let (people, index) = (case.people()?, case.proof()?.index);
    let admissions: Vec<_> = case.entries.iter().filter_map(Admission::of).collect();
    let mut faults = Vec::new();
    for signer in signers(statement, roster)? {
        if !admissions.iter().any(|admission| admission.member == signer) {
            faults.push(Remark::failed(Code::MemberMissing, &[&signer]));
        }
    }
    let mut seen = BTreeSet::new();
    for admission in &admissions {
        faults.extend(in_order(admission, roster, genesis, index));
        if !seen.insert(admission.member) {
            faults.push(Remark::failed(Code::MemberTwice, &[&admission.member]));
        }
    }
    faults.extend(people_faults(people, &admissions));
    let passed = Remark::passed(Code::AdmissionsHold, &[&admissions.len()]);
    let mut remarks = faults_or(faults, passed);
    remarks.push(Remark::noted(Code::AdmittedByOneKey, &[]));
    remarks.extend(withheld_names(case)?);
    Ok(remarks)
}

fn signers(statement: &Statement, roster: &Roster) -> Result<Vec<Id>, Missing> {
    let id = |layer: &yinxin_record::statement::Layer| Some(roster.by_kid(&layer.header.kid)?.0);
    statement.layers.iter().map(id).collect::<Option<_>>().ok_or(Missing("signers"))
}

fn in_order(admission: &Admission<'_>, roster: &Roster, genesis: &Genesis, index: u64) -> Vec<Remark> {
    let member = &admission.member;
    let mut faults = Vec::new();
    if admission.position >= index {
        faults.push(Remark::failed(Code::MemberLate, &[member]));
    }
    let Act::Member { key, roles, .. } = &admission.statement.act else { return faults };
    let listed = roster.get(member);
    if !listed.is_some_and(|listed| listed.key == *key && listed.roles == *roles) {
        faults.push(Remark::failed(Code::MemberDiffers, &[member]));
    }
    let rules = admission.statement.outermost().header.anchor.as_ref().map(|anchor| anchor.rules);
    let violation = match signed_by_founder(admission.statement, genesis) {
        Err(violation) => Some(violation),
        Ok(()) if rules != Some(VERSION) => Some(Violation::UnknownRules.code()),
        Ok(()) if !may_be_held_together(roles) => Some(Violation::RolesTogether.code()),
        Ok(()) if genesis.keys.signing().contains(key) => Some(Violation::Taken.code()),
        Ok(()) => None,
    };
    faults.extend(violation.map(|v| Remark::failed(Code::MemberViolates, &[member, &v])));
    faults
}

/// A name or post that no member act commits to, or two of one person.
fn people_faults(
    people: &[yinxin_record::disclosure::Disclosure],
    admissions: &[Admission<'_>],
) -> Vec<Remark> {
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    for person in people {
        let digest = person.digest();
        let owners = admissions.iter().filter(|a| a.digests.binary_search(&digest).is_ok());
        let owners: Vec<Id> = owners.map(|admission| admission.member).collect();
        // Not everybody has a post.
        let named = matches!(
            (person.key.as_str(), &person.value),
            ("name" | "post", Value::Text(_)) | ("post", Value::Null)
        );
        // A salt is fresh, so nobody shares a disclosure with somebody else.
        let [owner] = owners.as_slice() else {
            faults.push(Remark::failed(Code::PersonOfNobody, &[&person.key]));
            continue;
        };
        if !named {
            faults.push(Remark::failed(Code::PersonOfNobody, &[&person.key]));
        }
        if !seen.insert((*owner, person.key.as_str())) {
            faults.push(Remark::failed(Code::PersonTwice, &[owner, &person.key]));
        }
    }
    faults
}

fn withheld_names(case: &Case<'_>) -> Result<Vec<Remark>, Missing> {
    let signers = signers(case.statement()?, case.roster()?)?;
    let unnamed = signers.iter().filter(|id| matches!(person(case, id, "name"), Ok(None)));
    Ok(unnamed.map(|id| Remark::noted(Code::NameWithheld, &[id])).collect())
}

/// The name or post of a member, if the file discloses it.
pub(super) fn person(case: &Case<'_>, member: &Id, key: &str) -> Result<Option<String>, Missing> {
    let admission = case.entries.iter().filter_map(Admission::of).find(|a| a.member == *member);
    let Some(admission) = admission else { return Ok(None) };
    let of_member = case
        .people()?
        .iter()
        .find(|person| person.key == key && admission.digests.binary_search(&person.digest()).is_ok());
    Ok(of_member.and_then(|person| person.value.as_text()).map(str::to_owned))
}
