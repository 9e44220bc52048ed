//! Officers whom a register appoints: every rule about the appointment in the
//! register, and about the warrant in the office's ledger, violated once.
//!
//! Every violation begins with an entry that would be in order and spoils one
//! thing, so that it can be refused for that reason only.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what tests share may fail a test")]

mod office;

use std::collections::BTreeSet;

use office::ledger::{
    Broken, Ledger, REGISTER_ADMINS, leaf, membership_of, out_of_place, set_key, signed, successor_of,
    violates,
};
use office::{
    APPROVE, CODE, DRAFT, Entry, ORIGIN, REALM, REVIEW, SERVICE, admission, bytes, cases, content, digest,
    member, policy, public, roster, sign1, standing, vectors,
};
use yinxin_record::act::{Act, Appointment, CertifiedKeys, Membership, Standing, Successor, Warrant};
use yinxin_record::key::PublicKey;
use yinxin_record::roster::{Acting, Member, Role, Roster};
use yinxin_record::rules::{Decision, Delta, MemberState, RuleError, Violation};
use yinxin_record::{Digest, Id};

const OFFICE: Id = Id([0xb0; 16]);
const LENDER: Id = Id([0xb1; 16]);
const LENDER_CODE: &str = "11330100MB0000003T";
const UNKNOWN_CODE: &str = "11330100MB0000009Z";
const PERSON: Id = Id([0x55; 16]);
const REGISTER_PEOPLE: [&str; 2] = ["register-system", "register-security"];

// The appointment, in the register.

/// A register with the office and one that may lend.
fn register() -> Ledger {
    let mut ledger = Ledger::register();
    ledger.append(&ledger.genesis_entry());
    for name in REGISTER_PEOPLE {
        ledger.append(&ledger.member_entry(name));
    }
    let [log, receipt, transport, witness] = [0xe1, 0xe2, 0xe3, 0xe4].map(|number| PublicKey([number; 32]));
    let keys = CertifiedKeys { log, receipt, transport, witness, ..standing().keys };
    let lender = Standing { code: LENDER_CODE.to_owned(), ledger: Digest([4; 32]), keys, ..standing() };
    for (id, standing) in [(OFFICE, standing()), (LENDER, lender)] {
        ledger.append(&by_admins(&ledger, Act::Office(Box::new(standing)), id));
    }
    ledger
}

fn by_admins(ledger: &Ledger, act: Act, sub: Id) -> Entry {
    let mut entry = signed(ledger.entry(act), &REGISTER_ADMINS);
    entry.claims.sub = sub;
    entry
}

/// The security admin whom an office with this roster is to have.
fn appointment(size: u64, roster: Digest) -> Appointment {
    let member = Member::new(public("officer"), [Role::SecurityAdmin].into());
    let (code, member) = (CODE.to_owned(), admission(member));
    Appointment { code, size, roster, person: PERSON, member, lender: None }
}

fn appoint_entry(register: &Ledger) -> Entry {
    let act = Act::Appoint(Box::new(appointment(1, Digest([8; 32]))));
    by_admins(register, act, OFFICE)
}

fn appointment_of(entry: &mut Entry) -> &mut Appointment {
    let Act::Appoint(appointment) = &mut entry.act else { panic!() };
    appointment
}

fn suspend(register: &mut Ledger, id: Id) {
    let known = &register.offices[&id];
    let follows = Some(Successor { version: known.version + 1, previous: known.leaf });
    let standing = Standing { suspended: true, follows, ..known.standing.clone() };
    register.append(&by_admins(register, Act::Office(Box::new(standing)), id));
}

#[test]
fn a_register_appoints_officers() {
    let mut register = register();
    for role in [Role::Auditor, Role::SecurityAdmin, Role::SystemAdmin] {
        for lender in [None, Some(LENDER_CODE.to_owned())] {
            let mut entry = appoint_entry(&register);
            let appointment = appointment_of(&mut entry);
            appointment.member.member.roles = [role].into();
            appointment.lender = lender;
            let appointed = Delta::Appointed(OFFICE, Box::new(appointment.clone()));
            assert_eq!(register.append(&entry), appointed);
        }
    }
    // A later act about somebody whom the office knows; the register does not.
    let mut anew = appoint_entry(&register);
    let follows = Some(Successor { version: 7, previous: Digest([5; 32]) });
    appointment_of(&mut anew).member.follows = follows;
    register.append(&anew);
    // What it says changes nothing in the register.
    assert!(!register.members.contains_key(&PERSON));
    assert_eq!((register.offices[&OFFICE].version, register.offices.len()), (1, 2));
}

#[test]
fn an_office_that_is_followed_may_lend() {
    let mut register = register();
    suspend(&mut register, LENDER);
    let mut entry = appoint_entry(&register);
    appointment_of(&mut entry).lender = Some(LENDER_CODE.to_owned());
    assert!(register.judge(&entry).is_ok());
}

#[test]
fn only_a_register_appoints() {
    let ledger = Ledger::founded();
    let act = Act::Appoint(Box::new(appointment(1, ledger.roster.digest())));
    let entry = signed(ledger.entry(act), &ledger.admins());
    out_of_place(&ledger, &entry, Violation::WrongKindOfLedger);
}

#[test]
fn both_admins_of_the_register_appoint() {
    let mut register = register();
    let newcomer = Member::new(public("newcomer"), [Role::SystemAdmin].into());
    register.append(&register.admins_entry(Id([0x56; 16]), admission(newcomer)));
    let three = vec![("register-system", DRAFT), ("newcomer", REVIEW), ("register-security", APPROVE)];
    for (signers, violation) in [
        (vec![("register-system", APPROVE)], Violation::WrongLayers),
        (vec![("register-founding", APPROVE)], Violation::WrongLayers),
        (vec![("register-system", SERVICE)], Violation::WrongLayers),
        (three, Violation::WrongLayers),
        (vec![("register-system", DRAFT), ("system", APPROVE)], Violation::NotInRoster),
        (vec![("officer", DRAFT), ("register-security", APPROVE)], Violation::NotInRoster),
        (vec![("register-system", DRAFT), ("register-system", APPROVE)], Violation::SamePerson),
        (vec![("register-system", DRAFT), ("newcomer", APPROVE)], Violation::NotBothAdmins),
    ] {
        violates(&register, appoint_entry(&register), |entry| entry.signers = signers, violation);
    }
    let either = [("register-security", DRAFT), ("newcomer", APPROVE)];
    assert!(register.judge(&signed(appoint_entry(&register), &either)).is_ok());
}

#[test]
fn an_appointment_is_in_an_office_of_the_register() {
    let register = register();
    let entry = || appoint_entry(&register);
    violates(&register, entry(), |e| e.claims.sub = Id([0xb2; 16]), Violation::NoSuchOffice);
    violates(&register, entry(), |e| e.claims.sub = PERSON, Violation::NoSuchOffice);
    violates(&register, entry(), |e| e.claims.sub = LENDER, Violation::OtherOffice);
    for code in [LENDER_CODE, UNKNOWN_CODE, office::KEEPER] {
        let other = |entry: &mut Entry| code.clone_into(&mut appointment_of(entry).code);
        violates(&register, entry(), other, Violation::OtherOffice);
    }
}

#[test]
fn nobody_is_appointed_in_a_suspended_office() {
    let mut register = register();
    suspend(&mut register, LENDER);
    let suspended = |entry: &mut Entry| {
        entry.claims.sub = LENDER;
        LENDER_CODE.clone_into(&mut appointment_of(entry).code);
    };
    violates(&register, appoint_entry(&register), suspended, Violation::OfficeSuspended);
    suspend(&mut register, OFFICE);
    out_of_place(&register, &appoint_entry(&register), Violation::OfficeSuspended);
}

#[test]
fn another_office_of_the_register_lends() {
    let register = register();
    let lent = || {
        let mut entry = appoint_entry(&register);
        appointment_of(&mut entry).lender = Some(LENDER_CODE.to_owned());
        entry
    };
    for nobody in [CODE, UNKNOWN_CODE, office::KEEPER] {
        let lender = |entry: &mut Entry| appointment_of(entry).lender = Some(nobody.to_owned());
        violates(&register, lent(), lender, Violation::NoSuchOffice);
    }
}

#[test]
fn only_officers_are_appointed() {
    let register = register();
    let business = [Role::Approver, Role::DataAdmin, Role::Drafter, Role::Reviewer, Role::SecrecyReviewer];
    let alone = business.into_iter().chain([Role::Service]).map(|role| BTreeSet::from([role]));
    let two = [
        [Role::SystemAdmin, Role::SecurityAdmin],
        [Role::SecurityAdmin, Role::Auditor],
        [Role::SystemAdmin, Role::Drafter],
        [Role::Drafter, Role::Approver],
        [Role::Auditor, Role::Service],
    ];
    for held in alone.chain(two.map(BTreeSet::from)) {
        let roles = |entry: &mut Entry| appointment_of(entry).member.member.roles = held;
        violates(&register, appoint_entry(&register), roles, Violation::NotAppointable);
    }
}

#[test]
fn founding_is_over_after_an_appointment() {
    let mut register = register();
    register.founding = true;
    assert!(register.judge(&register.member_entry_again()).is_ok());
    register.append(&appoint_entry(&register));
    out_of_place(&register, &register.member_entry_again(), Violation::FoundingOver);
}

// The warrant, in the office's ledger.

/// An appointment and the member act that carries it: what each side says, in the
/// open, so that a test may spoil one thing.
#[derive(Clone)]
struct Case {
    ledger: Ledger,
    /// The register's entry, and the roster that comes with it.
    appoint: Entry,
    carried: Vec<u8>,
    /// The layer of that entry whose signature does not hold.
    broken: Option<usize>,
    /// Whether the proof shows it in the register.
    stands: bool,
    /// The office's entry, but for the warrant.
    member: Entry,
}

impl Case {
    /// Both say of `person` what the appointment says.
    fn of(ledger: Ledger, person: Id, membership: Membership) -> Self {
        let people = roster(&REGISTER_PEOPLE);
        let appointment = Appointment {
            person,
            member: membership.clone(),
            ..appointment(ledger.leaves.len() as u64, ledger.roster.digest())
        };
        let mut appoint = by_admins(&Ledger::register(), Act::Appoint(Box::new(appointment)), OFFICE);
        appoint.anchor.as_mut().unwrap().roster = people.digest();
        let mut member = signed(ledger.entry(Act::Member(membership)), &[("officer", APPROVE)]);
        member.claims.sub = person;
        Self { ledger, appoint, carried: people.to_bytes(), broken: None, stands: true, member }
    }

    fn carries(&mut self, people: &Roster) {
        self.carried = people.to_bytes();
    }

    fn names_and_carries(&mut self, people: &Roster) {
        self.appoint.anchor.as_mut().unwrap().roster = people.digest();
        self.carries(people);
    }

    fn warrant(&self) -> Warrant {
        let statement = with_broken_layer(&self.appoint, self.broken);
        Warrant { statement, proof: "c2sp.org/tlog-proof@v1".to_owned(), roster: self.carried.clone() }
    }

    /// The ledger that knows what stands in the register, and its next entry.
    fn written(&self) -> (Ledger, Entry) {
        let (mut ledger, mut entry, warrant) = (self.ledger.clone(), self.member.clone(), self.warrant());
        if self.stands {
            ledger.registered.insert(Digest::of(&warrant.statement));
        }
        membership_of(&mut entry).warrant = Some(Box::new(warrant));
        (ledger, entry)
    }

    fn judge(&self) -> Result<Decision, RuleError<Broken>> {
        let (ledger, entry) = self.written();
        ledger.judge(&entry)
    }

    fn append(&self) -> Ledger {
        let (mut ledger, entry) = self.written();
        ledger.append(&entry);
        ledger
    }
}

fn with_broken_layer(entry: &Entry, broken: Option<usize>) -> Vec<u8> {
    let layer = |payload, index: usize| {
        let mut layer = sign1(entry.signers[index].0, entry.header(index).to_bytes(), payload);
        if broken == Some(index) {
            layer.signature[0] ^= 1;
        }
        layer.to_bytes()
    };
    (0..entry.signers.len()).fold(entry.act.to_bytes(), layer)
}

/// Somebody who was nobody here becomes security admin.
fn first() -> Case {
    let said = appointment(1, Digest([0; 32])).member;
    Case::of(Ledger::founded(), PERSON, said)
}

/// Somebody whom the office knows gets this key, and becomes auditor.
fn later(key: &str) -> Case {
    let ledger = Ledger::published();
    let (id, _) = member("drafter");
    let known = &ledger.members[&id];
    let follows = Some(Successor { version: known.version + 1, previous: known.leaf });
    let said = Membership { follows, ..admission(Member::new(public(key), [Role::Auditor].into())) };
    let mut case = Case::of(ledger, id, said);
    case.member = signed(case.member, &[(if key == "drafter" { "drafter" } else { "officer" }, APPROVE)]);
    case
}

/// The case is in order, and is refused for this once `spoil` has changed it.
#[track_caller]
fn refused(case: &Case, spoil: impl FnOnce(&mut Case), violation: Violation) {
    let before = case.judge();
    assert!(before.is_ok(), "{before:?}");
    let mut case = case.clone();
    spoil(&mut case);
    assert_eq!(case.judge(), Err(RuleError::Violation(violation)));
}

#[track_caller]
fn not_warranted(case: &Case, spoil: impl FnOnce(&mut Case)) {
    refused(case, spoil, Violation::NotWarranted);
}

fn said(case: &mut Case) -> &mut Appointment {
    appointment_of(&mut case.appoint)
}

fn here(case: &mut Case) -> &mut Membership {
    membership_of(&mut case.member)
}

/// Both sides, alike.
fn both(case: &mut Case, change: impl Fn(&mut Membership)) {
    change(&mut said(case).member);
    change(here(case));
}

#[test]
fn a_warrant_makes_an_officer() {
    let case = first();
    let (_, entry) = case.written();
    let member = Member::new(public("officer"), [Role::SecurityAdmin].into());
    let state = MemberState { version: 1, leaf: leaf(&entry.bytes()), suspended: false, member };
    let decision = case.judge().unwrap();
    assert_eq!(decision.delta, Delta::Member(PERSON, Box::new(state)));
    assert_eq!(decision.signers, [public("officer")]);
    // And the officer signs from then on.
    let ledger = case.append();
    let entry = ledger.change_entry("drafter", |member| member.suspended = true);
    assert!(ledger.judge(&signed(entry, &[("system", DRAFT), ("officer", APPROVE)])).is_ok());
}

#[test]
fn a_warrant_is_good_for_every_officer_and_whoever_lends() {
    for role in [Role::Auditor, Role::SecurityAdmin, Role::SystemAdmin] {
        let mut case = first();
        both(&mut case, |membership| membership.member.roles = [role].into());
        said(&mut case).lender = Some(LENDER_CODE.to_owned());
        assert!(case.judge().is_ok());
    }
    let mut turned = first();
    turned.appoint.signers = vec![("register-security", DRAFT), ("register-system", APPROVE)];
    assert!(turned.judge().is_ok());
    // The register's business is not the office's.
    let mut elsewhere = first();
    elsewhere.appoint.claims.sub = LENDER;
    elsewhere.appoint.claims.iat = 1;
    assert!(elsewhere.judge().is_ok());
}

#[test]
fn who_lost_the_key_comes_back_with_a_warrant() {
    for key in ["drafter", "officer"] {
        let ledger = later(key).append();
        let known = &ledger.members[&member("drafter").0];
        assert_eq!((known.version, known.member.key), (2, public(key)));
        assert_eq!(known.member.roles, [Role::Auditor].into());
    }
}

#[test]
fn a_warrant_needs_nobody_in_the_office() {
    let mut ledger = Ledger::empty();
    ledger.append(&ledger.genesis_entry());
    let ledger = Case::of(ledger, PERSON, appointment(1, Digest([0; 32])).member).append();
    // Nobody signed with another: the founding key still admits.
    assert!(ledger.judge(&ledger.member_entry("drafter")).is_ok());
}

/// The office's security admin gets another key, and this role.
fn security_becomes(ledger: Ledger, role: Role) -> Case {
    let (id, _) = member("security");
    let known = &ledger.members[&id];
    let follows = Some(Successor { version: 2, previous: known.leaf });
    let said = Membership { follows, ..admission(Member::new(public("officer"), [role].into())) };
    Case::of(ledger, id, said)
}

#[test]
fn a_warrant_takes_no_last_admin_away() {
    let case = security_becomes(Ledger::published(), Role::Auditor);
    assert_eq!(case.judge(), Err(RuleError::Violation(Violation::LastAdmin)));
    let case = security_becomes(Ledger::published(), Role::SystemAdmin);
    assert_eq!(case.judge(), Err(RuleError::Violation(Violation::LastAdmin)));
    assert!(security_becomes(Ledger::published(), Role::SecurityAdmin).judge().is_ok());
    // Where another one is, the first may become something else.
    let mut ledger = Ledger::published();
    let second = Member::new(public("newcomer"), [Role::SecurityAdmin].into());
    ledger.append(&ledger.admins_entry(Id([0x57; 16]), admission(second)));
    assert!(security_becomes(ledger, Role::Auditor).judge().is_ok());
}

#[test]
fn an_office_that_has_lost_its_admins_is_given_one() {
    let mut ledger = Ledger::empty();
    ledger.append(&ledger.genesis_entry());
    ledger.append(&ledger.member_entry("drafter"));
    for role in Role::OFFICERS {
        let said = admission(Member::new(public("officer"), [role].into()));
        assert!(Case::of(ledger.clone(), PERSON, said).judge().is_ok(), "{role:?}");
    }
}

#[test]
fn a_warrant_is_for_the_people_of_when_it_was_asked_for() {
    let stale = Err(RuleError::Violation(Violation::RosterStale));
    let case = first();
    let size = case.ledger.leaves.len() as u64;
    for beyond in [size + 1, u64::MAX >> 1] {
        let mut case = case.clone();
        said(&mut case).size = beyond;
        assert_eq!(case.judge(), stale);
    }
    // The latest act about people stands at `size - 1`, or before.
    let mut before = case.clone();
    said(&mut before).size = case.ledger.people_changed.unwrap();
    assert_eq!(before.judge(), stale);
    said(&mut before).size += 1;
    assert!(before.judge().is_ok());
}

#[test]
fn a_roster_that_comes_again_makes_no_warrant_good_again() {
    let mut ledger = Ledger::published();
    let asked = (ledger.leaves.len() as u64, ledger.roster.digest());
    let (id, member) = member("reviewer");
    for suspended in [true, false] {
        let known = &ledger.members[&id];
        let follows = Some(Successor { version: known.version + 1, previous: known.leaf });
        let said = Membership { suspended, follows, ..admission(member.clone()) };
        ledger.append(&ledger.admins_entry(id, said));
    }
    assert_eq!(ledger.roster.digest(), asked.1);
    let mut case = Case::of(ledger, PERSON, appointment(1, Digest([0; 32])).member);
    assert!(case.judge().is_ok());
    said(&mut case).size = asked.0;
    assert_eq!(case.judge(), Err(RuleError::Violation(Violation::RosterStale)));
}

#[test]
fn the_appointed_person_signs_alone() {
    let case = first();
    for signers in [
        vec![("officer", SERVICE)],
        vec![("system", DRAFT), ("security", APPROVE)],
        vec![("system", DRAFT), ("officer", APPROVE)],
        vec![("officer", DRAFT), ("security", APPROVE)],
        vec![("system", DRAFT), ("security", REVIEW), ("officer", APPROVE)],
    ] {
        refused(&case, |case| case.member.signers = signers, Violation::WrongLayers);
    }
    for other in ["founding", "system", "security", "newcomer", "register-system", "register-security"] {
        not_warranted(&case, |case| case.member.signers = vec![(other, APPROVE)]);
    }
    // The key from before is not the one that the act names.
    not_warranted(&later("officer"), |case| case.member.signers = vec![("drafter", APPROVE)]);
}

#[test]
fn both_admins_of_the_register_sign_a_warrant() {
    let mut case = first();
    let mut people = roster(&REGISTER_PEOPLE);
    people.add(Id([0x56; 16]), Member::new(public("newcomer"), [Role::SystemAdmin].into())).unwrap();
    people.add(Id([0x57; 16]), Member::new(public("spare"), [Role::Auditor].into())).unwrap();
    case.names_and_carries(&people);
    for signers in [
        vec![("register-system", APPROVE)],
        vec![("register-founding", APPROVE)],
        vec![("register-log", APPROVE)],
        vec![("officer", APPROVE)],
        vec![("register-system", SERVICE)],
        vec![("register-system", DRAFT), ("newcomer", REVIEW), ("register-security", APPROVE)],
        vec![("register-system", DRAFT), ("register-system", APPROVE)],
        vec![("register-security", DRAFT), ("register-security", APPROVE)],
        vec![("register-system", DRAFT), ("newcomer", APPROVE)],
        vec![("register-system", DRAFT), ("spare", APPROVE)],
        vec![("spare", DRAFT), ("register-security", APPROVE)],
        vec![("system", DRAFT), ("security", APPROVE)],
        vec![("officer", DRAFT), ("register-security", APPROVE)],
    ] {
        not_warranted(&case, |case| case.appoint.signers = signers);
    }
    let mut either = case.clone();
    either.appoint.signers = vec![("register-security", DRAFT), ("newcomer", APPROVE)];
    assert!(either.judge().is_ok());
}

#[test]
fn signatures_of_a_warrant_hold_in_both_layers() {
    for layer in [0, 1] {
        not_warranted(&first(), |case| case.broken = Some(layer));
    }
}

/// The register's people, of whom one is both admins.
fn with_one_admin(all: &str) -> Roster {
    let mut people = Roster::default();
    for name in REGISTER_PEOPLE {
        let both: BTreeSet<Role> = [Role::SystemAdmin, Role::SecurityAdmin].into();
        let roles = if name == all { both } else { [Role::Auditor].into() };
        people.add(member(name).0, Member::new(public(name), roles)).unwrap();
    }
    people
}

#[test]
fn a_warrant_brings_the_roster_that_it_names() {
    let case = first();
    let more = |case: &Case| {
        let mut people = Roster::parse(&case.carried).unwrap();
        people.add(Id([0x56; 16]), Member::new(public("newcomer"), [Role::Auditor].into())).unwrap();
        people
    };
    not_warranted(&case, |case| case.carries(&more(case)));
    not_warranted(&case, |case| case.carries(&Roster::default()));
    not_warranted(&case, |case| case.carried = Vec::new());
    not_warranted(&case, |case| case.carried.push(0));
    not_warranted(&case, |case| case.appoint.anchor.as_mut().unwrap().roster = Digest([8; 32]));
    // A roster in which they are nobody, or not both admins.
    not_warranted(&case, |case| case.names_and_carries(&Roster::default()));
    not_warranted(&case, |case| case.names_and_carries(&roster(&["system", "security"])));
    not_warranted(&case, |case| case.names_and_carries(&roster(&["register-system"])));
    not_warranted(&case, |case| {
        let mut people = roster(&["register-system"]);
        people.add(Id([0xaa; 16]), Member::new(public("register-security"), [Role::Auditor].into())).unwrap();
        case.names_and_carries(&people);
    });
    // A roster in which one of them is both, and the other nobody's admin.
    for all in REGISTER_PEOPLE {
        not_warranted(&case, |case| case.names_and_carries(&with_one_admin(all)));
    }
    not_warranted(&case, |case| {
        let digest = Digest::of(b"not a roster");
        case.appoint.anchor.as_mut().unwrap().roster = digest;
        case.carried = b"not a roster".to_vec();
    });
}

#[test]
fn a_warrant_is_of_the_register_of_the_realm() {
    for iss in [
        "other.example/register",
        "practice/register",
        ORIGIN,
        &format!("{REALM}/{LENDER_CODE}"),
        "zhen.example.evil/register",
    ] {
        not_warranted(&first(), |case| iss.clone_into(&mut case.appoint.claims.iss));
    }
    not_warranted(&first(), |case| case.appoint.anchor.as_mut().unwrap().rules = 1);
}

#[test]
fn a_warrant_stands_in_the_register() {
    not_warranted(&first(), |case| case.stands = false);
    // Not another one in its place.
    let mut other = first();
    other.ledger.registered.insert(Digest::of(&other.warrant().statement));
    not_warranted(&other, |case| {
        case.appoint.claims.iat += 1;
        case.stands = false;
    });
}

#[test]
fn a_warrant_is_an_appointment_and_nothing_else() {
    let office = Act::Office(Box::new(standing()));
    let admits = Act::Member(appointment(1, Digest([0; 32])).member);
    for act in [office, Act::Policy(policy(1)), admits, Act::Publish(content())] {
        not_warranted(&first(), |case| case.appoint.act = act);
    }
}

#[test]
fn a_warrant_that_cannot_be_read_says_nothing() {
    let case = first();
    let (ledger, entry) = case.written();
    let whole = case.warrant().statement;
    let spoilt: [Vec<u8>; 5] = [
        Vec::new(),
        whole[..whole.len() - 1].to_vec(),
        [&whole[..], &[0]].concat(),
        case.appoint.act.to_bytes(),
        Entry { anchor: None, ..case.appoint.clone() }.bytes(),
    ];
    for bytes in spoilt {
        let mut ledger = ledger.clone();
        ledger.registered.insert(Digest::of(&bytes));
        let spoil = |entry: &mut Entry| membership_of(entry).warrant.as_mut().unwrap().statement = bytes;
        violates(&ledger, entry.clone(), spoil, Violation::NotWarranted);
    }
}

#[test]
fn a_warrant_is_about_this_office_and_this_person() {
    for code in [LENDER_CODE, office::KEEPER] {
        not_warranted(&first(), |case| code.clone_into(&mut said(case).code));
    }
    not_warranted(&first(), |case| said(case).person = Id([0x56; 16]));
    not_warranted(&first(), |case| case.member.claims.sub = Id([0x56; 16]));
    not_warranted(&later("officer"), |case| case.member.claims.sub = member("reviewer").0);
}

/// Two ledgers go on, the office's with what the register says of its people.
#[test]
fn the_vectors_are_appointments_and_their_warrants() {
    let (vectors, mut register, mut office) = (vectors(), Ledger::register(), Ledger::empty());
    for (ledger, lists) in
        [(&mut register, ["register", "appointing"]), (&mut office, ["statements", "warranted"])]
    {
        for case in lists.iter().flat_map(|list| cases(&vectors, list)) {
            let entry = bytes(&case["hex"]);
            if let Some(appoint) = case["act"]["warrant"].get("statement") {
                out_of_register(ledger, &entry);
                ledger.registered.insert(Digest::of(&bytes(appoint)));
            }
            ledger.append_bytes(&entry);
            assert_eq!(ledger.leaves.last(), Some(&digest(&case["leaf"])));
        }
    }
    // What the office takes in is what the register said, in the same order.
    let appointed = cases(&vectors, "appointing").iter().filter(|case| case["act"]["act"] == "appoint");
    let taken_in = cases(&vectors, "warranted").iter().map(|case| &case["act"]["warrant"]["statement"]);
    assert!(appointed.map(|case| &case["hex"]).eq(taken_in));
    let officer = &office.members[&PERSON];
    assert_eq!((officer.version, officer.member.key), (2, public("officer")));
    assert_eq!(officer.member.roles, [Role::SystemAdmin].into());
    assert_eq!(office.roster.get(&Id([0x56; 16])).map(|lent| lent.key), Some(public("newcomer")));
}

/// Before anything shows the warrant in the register.
fn out_of_register(ledger: &Ledger, entry: &[u8]) {
    assert_eq!(ledger.judge_bytes(entry), Err(RuleError::Violation(Violation::NotWarranted)));
}

type Change = fn(&mut Membership);

#[test]
fn a_warrant_says_what_the_act_says() {
    let follows = |version| Some(Successor { version, previous: Digest([5; 32]) });
    let changes: [Change; 5] = [
        |said| said.member.key = public("newcomer"),
        |said| said.member.roles = [Role::SystemAdmin].into(),
        |said| said.member.roles = [Role::Drafter].into(),
        |said| said.digests.truncate(1),
        |said| said.digests[1] = Digest([3; 32]),
    ];
    for change in changes {
        for case in [first(), later("officer")] {
            not_warranted(&case, |case| change(&mut said(case).member));
            not_warranted(&case, |case| change(here(case)));
        }
    }
    not_warranted(&first(), |case| said(case).member.follows = follows(2));
    not_warranted(&first(), |case| here(case).follows = follows(2));
    not_warranted(&later("officer"), |case| said(case).member.follows = None);
    not_warranted(&later("officer"), |case| here(case).follows = None);
    not_warranted(&later("officer"), |case| said(case).member.follows.as_mut().unwrap().version += 1);
    not_warranted(&later("officer"), |case| said(case).member.follows = follows(2));
    not_warranted(&later("officer"), |case| successor_of(&mut case.member).version += 1);
}

#[test]
fn nobody_acts_or_is_suspended_by_warrant() {
    for case in [first(), later("officer")] {
        not_warranted(&case, |case| here(case).suspended = true);
        let acting = Some(Acting { from: 1, until: 2 });
        not_warranted(&case, |case| here(case).member.acting = acting);
    }
}

#[test]
fn a_warrant_is_for_the_people_of_then() {
    let case = first();
    refused(&case, |case| said(case).roster = Digest([8; 32]), Violation::RosterStale);
    refused(&case, |case| said(case).roster = Roster::default().digest(), Violation::RosterStale);
    refused(
        &case,
        |case| case.member.anchor.as_mut().unwrap().roster = Digest([8; 32]),
        Violation::RosterStale,
    );
    // The people have changed since, and the act names those of now.
    let changes_people = |case: &mut Case| {
        case.ledger.append(&case.ledger.change_entry("reviewer", |member| member.suspended = true));
        case.member.anchor = Some(case.ledger.anchor());
    };
    refused(&case, changes_people, Violation::RosterStale);
    // Once is enough: with it in the roster, the roster is another one.
    let again = Case { ledger: case.append(), ..case.clone() };
    assert_eq!(again.judge(), Err(RuleError::Violation(Violation::RosterStale)));
}

/// The rules about every entry hold for this one, too.
#[test]
fn a_warrant_excuses_from_nothing_else() {
    let case = first();
    refused(&case, |case| case.member.anchor.as_mut().unwrap().rules = 1, Violation::UnknownRules);
    refused(&case, |case| case.member.anchor.as_mut().unwrap().base.root.0[0] ^= 1, Violation::BaseNotTrue);
    refused(&case, |case| case.member.claims.iss = format!("{REALM}/{LENDER_CODE}"), Violation::WrongLedger);
    out_of_place(&Ledger::empty(), &nowhere(&case), Violation::GenesisOutOfPlace);
}

/// The case's entry in a ledger that has none.
fn nowhere(case: &Case) -> Entry {
    let (_, mut entry) = case.written();
    entry.anchor = Some(Ledger::empty().anchor());
    entry
}

#[test]
fn a_warrant_lets_in_nobody_who_could_not_be() {
    // Who was admitted, or never was.
    let admitted = |case: &mut Case| {
        said(case).person = member("drafter").0;
        case.member.claims.sub = member("drafter").0;
    };
    refused(&first(), admitted, Violation::Taken);
    let never = |case: &mut Case| {
        both(case, |said| said.follows = Some(Successor { version: 2, previous: Digest([5; 32]) }));
    };
    refused(&first(), never, Violation::NoSuchMember);
    let counts_on = |case: &mut Case| both(case, |said| said.follows.as_mut().unwrap().version += 1);
    refused(&later("officer"), counts_on, Violation::NotCurrent);
    let other = Digest([5; 32]);
    let follows = |case: &mut Case| both(case, |said| said.follows.as_mut().unwrap().previous = other);
    refused(&later("officer"), follows, Violation::NotCurrent);
    // What no register's rules let stand there, if it stood there.
    for roles in [vec![Role::SystemAdmin, Role::SecurityAdmin], vec![Role::Approver], vec![Role::Service]] {
        let other = |case: &mut Case| both(case, |said| said.member.roles = roles.iter().copied().collect());
        refused(&first(), other, Violation::NotWarranted);
    }
}

#[test]
fn an_appointed_person_has_a_key_of_their_own() {
    for name in ["drafter", "system", "founding", "log", "receipt", "transport", "witness"] {
        let taken = |case: &mut Case| {
            set_key(&mut case.member, name);
            said(case).member.member.key = public(name);
            case.member.signers = vec![(name, APPROVE)];
        };
        refused(&first(), taken, Violation::Taken);
    }
}

#[test]
fn a_full_office_has_no_room_for_an_officer() {
    let mut case = first();
    while case.ledger.roster.len() < yinxin_record::roster::MAX_MEMBERS {
        let n = u32::try_from(case.ledger.roster.len()).unwrap().to_be_bytes();
        let id = Id(Digest::of(&n).0[..16].try_into().unwrap());
        let member = Member::new(PublicKey(Digest::of(&n).0), [Role::Drafter].into());
        case.ledger.roster.add(id, member).unwrap();
    }
    let roster = case.ledger.roster.digest();
    said(&mut case).roster = roster;
    case.member.anchor.as_mut().unwrap().roster = roster;
    assert_eq!(case.judge(), Err(RuleError::Violation(Violation::TooManyMembers)));
}

#[test]
fn a_register_takes_no_warrant() {
    let ledger = register();
    for code in [CODE, office::KEEPER, LENDER_CODE] {
        let mut case = Case::of(ledger.clone(), PERSON, appointment(1, Digest([0; 32])).member);
        code.clone_into(&mut said(&mut case).code);
        assert_eq!(case.judge(), Err(RuleError::Violation(Violation::NotWarranted)));
    }
}

#[test]
fn without_a_warrant_nobody_is_appointed() {
    let alone = |ledger: &Ledger, violation| {
        let (_, mut entry) = first().written();
        entry.anchor = Some(ledger.anchor());
        membership_of(&mut entry).warrant = None;
        out_of_place(ledger, &entry, violation);
    };
    alone(&Ledger::founded(), Violation::NotFounder);
    alone(&Ledger::published(), Violation::FoundingOver);
}
