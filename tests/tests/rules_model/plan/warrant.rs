//! Appointments of a register, and officers who come with a warrant, that nothing
//! is wrong with.

use std::collections::BTreeSet;

use crate::intent::Luck;
use crate::model::{
    Act, Appointment, Base, Id, Key, Kind, Ledger, Listed, Member, Office, Origin, Person, Purpose, Role,
    Roster, Said, Warrant,
};

use super::register::admission;
use super::{SIGNING_KEYS, by, free_key, free_person, one_of};

/// Whom the register of the office's realm has; no one of the office's own.
const PEOPLE_OF_REGISTER: [(Id, Key, Role); 4] = [
    (500, SIGNING_KEYS - 4, Role::SystemAdmin),
    (501, SIGNING_KEYS - 3, Role::SecurityAdmin),
    (502, SIGNING_KEYS - 2, Role::SystemAdmin),
    (503, SIGNING_KEYS - 1, Role::Auditor),
];
/// What the office is in its register.
const IN_REGISTER: Id = 300;
/// Where nobody knows the office's acts: any number and leaf will do.
const SOME_VERSION: (u32, u32) = (2, 0);

/// In the register: an officer for an office that is not suspended.
pub fn appoint(ledger: &Ledger, roles: &BTreeSet<Role>, luck: &Luck) -> (Id, Kind) {
    let offices: Vec<(Id, Office)> = ledger.offices().into_iter().collect();
    let goes_on = |(_, office): &&(Id, Office)| !office.now.suspended;
    let standing: Vec<_> = offices.iter().filter(goes_on).collect();
    let Some((id, office)) = one_of(&standing, luck.target) else { return admission(ledger) };
    let lenders: Vec<u32> =
        offices.iter().filter(|(other, _)| other != id).map(|(_, lender)| lender.now.code).collect();
    let member = Said {
        key: free_key(ledger),
        roles: roles.clone(),
        names: None,
        follows: luck.reviewed.then_some(SOME_VERSION),
    };
    let appointment = Appointment {
        code: office.now.code,
        size: 1,
        roster: Roster::new(),
        person: free_person(ledger),
        member,
        lender: one_of(&lenders, luck.signers[2]).copied().filter(|_| luck.asks_review),
    };
    (*id, Kind::Appoint(Box::new(appointment)))
}

/// In the office: somebody whom nobody knows, or one of its people, perhaps with
/// another key, becomes an officer.
pub fn warranted(ledger: &Ledger, roles: &BTreeSet<Role>, is_known: bool, luck: &Luck) -> (Id, Kind) {
    let people: Vec<(Id, Person)> = ledger.people().into_iter().filter(|_| is_known).collect();
    let (id, mut member) = match one_of(&people, luck.target) {
        None => (free_person(ledger), Member::new(free_key(ledger), roles.clone())),
        Some((id, person)) => {
            let has_key = person.now.key < SIGNING_KEYS && luck.asks_review;
            let key = if has_key { person.now.key } else { free_key(ledger) };
            let follows = Some((person.version + 1, person.latest));
            (*id, Member { follows, ..Member::new(key, roles.clone()) })
        }
    };
    member.names = Some(u32::from(luck.reviewed));
    member.warrant = Some(Box::new(warrant(ledger, id, &member, luck)));
    (id, Kind::Member(member))
}

/// The register says of somebody what the act says.
fn warrant(ledger: &Ledger, person: Id, member: &Member, luck: &Luck) -> Warrant {
    let appointment = Appointment {
        code: super::ORIGIN.code.unwrap_or(0),
        size: ledger.entries.len(),
        roster: ledger.roster(),
        person,
        member: said(member),
        lender: luck.asks_review.then_some(1),
    };
    let roster = people_of_register();
    let [system, security, second, _] = PEOPLE_OF_REGISTER.map(|(_, key, _)| key);
    let system = if luck.signers[0].is_multiple_of(2) { system } else { second };
    let (first, last) = if luck.reviewed { (system, security) } else { (security, system) };
    let statement = Act {
        iss: Origin { code: None, ..ledger.origin },
        rules: 0,
        base: Base { size: 0, root: Vec::new() },
        roster: roster.clone(),
        sub: IN_REGISTER,
        layers: vec![by(first, Purpose::Draft), by(last, Purpose::Approve)],
        kind: Kind::Appoint(Box::new(appointment)),
    };
    Warrant { statement, roster, flaw: None, shown: true }
}

pub fn said(member: &Member) -> Said {
    let Member { key, roles, names, follows, .. } = member.clone();
    Said { key, roles, names, follows }
}

fn people_of_register() -> Roster {
    let listed = |(id, key, role)| Listed { id, key, roles: [role].into(), acting: None };
    PEOPLE_OF_REGISTER.map(listed).into()
}
