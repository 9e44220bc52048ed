//! Ledger rules: a whole life of a record, and every rule violated once.
//!
//! Every violation begins with an entry that would be in order and spoils one
//! thing, so that it can be refused for that reason only.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what tests share may fail a test")]

mod office;

use std::collections::BTreeSet;

use office::ledger::{
    BOTH_ADMINS, Broken, Ledger, genesis_of, leaf, membership_of, out_of_place, root, set_key, signed,
    successor_of, violates,
};
use office::{
    APPROVE, CODE, DRAFT, Entry, RECORD, REVIEW, SERVICE, admission, bytes, cases, content, genesis, member,
    public, roster, vectors,
};
use yinxin_record::act::{Act, Content, Membership, Successor};
use yinxin_record::key::PublicKey;
use yinxin_record::roster::{Acting, MAX_MEMBERS, Member, Role};
use yinxin_record::rules::{Delta, MemberState, RecordState, RuleError, View as _, Violation, apply};
use yinxin_record::statement::{Anchor, Base, Statement};
use yinxin_record::{Coded, Digest, Id};

// What is in order.

#[test]
fn what_is_in_force_is_erased_at_once() {
    let mut ledger = Ledger::published();
    ledger.append(&ledger.erase_entry());
    assert!(ledger.records[&RECORD].withdrawn);
    out_of_place(&ledger, &ledger.amend_entry(), Violation::Withdrawn);
    out_of_place(&ledger, &ledger.withdraw_entry(), Violation::Erased);
    out_of_place(&ledger, &ledger.erase_entry(), Violation::Erased);
}

#[test]
fn the_life_of_a_record() {
    let mut ledger = Ledger::empty();
    assert_eq!(ledger.append(&ledger.genesis_entry()), Delta::Founded(Box::new(genesis())));
    for name in ["drafter", "reviewer", "approver"] {
        let (id, member) = member(name);
        let entry = ledger.member_entry(name);
        let state = MemberState { version: 1, leaf: leaf(&entry.bytes()), suspended: false, member };
        assert_eq!(ledger.append(&entry), Delta::Member(id, Box::new(state)));
    }
    let three = vec![("drafter", DRAFT), ("reviewer", REVIEW), ("approver", APPROVE)];
    let publish = Entry { signers: three, ..ledger.publish_entry() };
    let state = |version, entry: &Entry, withdrawn| {
        Delta::Record(RECORD, RecordState { version, leaf: leaf(&entry.bytes()), withdrawn, erased: false })
    };
    assert_eq!(ledger.append(&publish), state(1, &publish, false));
    for version in 2..5 {
        let amend = ledger.amend_entry();
        assert_eq!(ledger.append(&amend), state(version, &amend, false));
    }
    let withdraw = ledger.withdraw_entry();
    assert_eq!(ledger.append(&withdraw), state(4, &withdraw, true));
    let erase = ledger.erase_entry();
    let gone = RecordState { version: 4, leaf: leaf(&erase.bytes()), withdrawn: true, erased: true };
    assert_eq!(ledger.append(&erase), Delta::Record(RECORD, gone));
}

#[test]
fn the_vectors_are_a_ledger() {
    let mut ledger = Ledger::empty();
    for case in cases(&vectors(), "statements") {
        ledger.append_bytes(&bytes(&case["hex"]));
        assert_eq!(ledger.leaves.last(), Some(&office::digest(&case["leaf"])));
    }
    assert_eq!(ledger.leaves.len(), 14);
    assert_eq!(ledger.records.values().filter(|state| state.erased && state.version == 2).count(), 1);
    let (drafter, _) = member("drafter");
    assert_eq!(ledger.members[&drafter].version, 3);
    assert_eq!(ledger.roster.get(&drafter).map(|member| member.key), Some(public("spare")));
}

#[test]
fn signers_are_named_innermost_first() {
    let ledger = Ledger::founded();
    let decision = ledger.judge(&ledger.publish_entry()).unwrap();
    assert_eq!(decision.signers, [public("drafter"), public("approver")]);
    let decision = ledger.judge(&ledger.member_entry_again()).unwrap();
    assert_eq!(decision.signers, [public("founding")]);
}

#[test]
fn an_older_base_is_true_while_the_roster_is_the_same() {
    let ledger = Ledger::published();
    let older = Base { size: 8, root: root(&ledger.leaves[..8]) };
    let entry = spoilt(ledger.amend_entry(), |anchor| anchor.base = older);
    assert!(ledger.judge(&entry).is_ok());
}

#[test]
fn one_person_may_sign_different_acts_in_different_roles() {
    let mut ledger = Ledger::founded();
    ledger.append(&signed(ledger.publish_entry(), &[("everything", DRAFT), ("approver", APPROVE)]));
    ledger.append(&signed(ledger.amend_entry(), &[("drafter", DRAFT), ("everything", APPROVE)]));
}

#[test]
fn two_records_live_apart() {
    let mut ledger = Ledger::withdrawn();
    let mut other = ledger.publish_entry();
    other.claims.sub = Id([0xcd; 16]);
    ledger.append(&other);
    assert_eq!(ledger.records.values().filter(|state| state.withdrawn).count(), 1);
}

// What is not.

fn spoilt(mut entry: Entry, spoil: impl FnOnce(&mut Anchor)) -> Entry {
    spoil(entry.anchor.as_mut().unwrap());
    entry
}

fn set_roles(entry: &mut Entry, held: &[Role]) {
    membership_of(entry).member.roles = held.iter().copied().collect::<BTreeSet<_>>();
}

#[test]
fn wrong_ledger() {
    let ledger = Ledger::founded();
    let other = |entry: &mut Entry| entry.claims.iss = format!("other.example/{CODE}");
    violates(&ledger, ledger.publish_entry(), other, Violation::WrongLedger);
    violates(&Ledger::empty(), Ledger::empty().genesis_entry(), other, Violation::WrongLedger);
}

#[test]
fn genesis_out_of_place() {
    let (empty, founded) = (Ledger::empty(), Ledger::founded());
    out_of_place(&founded, &founded.genesis_entry(), Violation::GenesisOutOfPlace);
    for entry in [empty.member_entry("drafter"), empty.publish_entry()] {
        out_of_place(&empty, &entry, Violation::GenesisOutOfPlace);
    }
}

#[test]
fn genesis_origin() {
    let ledger = Ledger::empty();
    let (realm, code) = ("other.example", "11330100MB0000002A");
    let entry = || ledger.genesis_entry();
    violates(&ledger, entry(), |e| genesis_of(e).realm = realm.to_owned(), Violation::GenesisOrigin);
    violates(&ledger, entry(), |e| genesis_of(e).code = code.to_owned(), Violation::GenesisOrigin);
}

#[test]
fn base_not_true() {
    let ledger = Ledger::published();
    let bases = [
        Base { size: ledger.size(), root: Digest([0; 32]) },
        Base { size: ledger.size() - 1, root: root(&ledger.leaves) },
        Base { size: ledger.size() + 1, root: root(&ledger.leaves) },
        Base { size: i64::MAX.unsigned_abs(), root: root(&ledger.leaves) },
        Base { size: 0, root: Digest([0; 32]) },
    ];
    for base in bases {
        let spoil = |entry: &mut Entry| entry.anchor.as_mut().unwrap().base = base;
        violates(&ledger, ledger.amend_entry(), spoil, Violation::BaseNotTrue);
    }
}

#[test]
fn roster_stale() {
    let mut ledger = Ledger::founded();
    let entry = ledger.publish_entry();
    assert!(ledger.judge(&entry).is_ok());
    ledger.append(&ledger.member_entry_again());
    // The base is still a true prefix; only the people are others.
    out_of_place(&ledger, &entry, Violation::RosterStale);
    let spoil = |entry: &mut Entry| entry.anchor.as_mut().unwrap().roster = roster(&[]).digest();
    violates(&ledger, ledger.publish_entry(), spoil, Violation::RosterStale);
}

#[test]
fn unknown_rules() {
    let ledger = Ledger::founded();
    let spoil = |entry: &mut Entry| entry.anchor.as_mut().unwrap().rules = 1;
    violates(&ledger, ledger.publish_entry(), spoil, Violation::UnknownRules);
}

#[test]
fn not_in_roster() {
    let ledger = Ledger::founded();
    for signers in [
        [("witness", DRAFT), ("approver", APPROVE)],
        [("drafter", DRAFT), ("witness", APPROVE)],
        [("drafter", DRAFT), ("founding", APPROVE)],
    ] {
        let spoil = |entry: &mut Entry| entry.signers = signers.to_vec();
        violates(&ledger, ledger.publish_entry(), spoil, Violation::NotInRoster);
    }
}

#[test]
fn wrong_role() {
    let ledger = Ledger::founded();
    for signers in [
        vec![("reviewer", DRAFT), ("approver", APPROVE)],
        vec![("drafter", DRAFT), ("reviewer", APPROVE)],
        vec![("drafter", DRAFT), ("approver", REVIEW), ("everything", APPROVE)],
    ] {
        let spoil = |entry: &mut Entry| entry.signers = signers;
        violates(&ledger, ledger.publish_entry(), spoil, Violation::WrongRole);
    }
}

#[test]
fn same_person() {
    let ledger = Ledger::founded();
    let clerk = "everything";
    for signers in [
        vec![(clerk, DRAFT), (clerk, APPROVE)],
        vec![(clerk, DRAFT), (clerk, REVIEW), ("approver", APPROVE)],
        vec![("drafter", DRAFT), (clerk, REVIEW), (clerk, APPROVE)],
        vec![(clerk, DRAFT), ("reviewer", REVIEW), (clerk, APPROVE)],
    ] {
        let spoil = |entry: &mut Entry| entry.signers = signers;
        violates(&ledger, ledger.publish_entry(), spoil, Violation::SamePerson);
    }
}

#[test]
fn wrong_layers() {
    let ledger = Ledger::published();
    for entry in [ledger.amend_entry(), ledger.withdraw_entry(), ledger.erase_entry()] {
        for purpose in [APPROVE, SERVICE] {
            let spoil = |entry: &mut Entry| entry.signers = vec![("approver", purpose)];
            violates(&ledger, entry.clone(), spoil, Violation::WrongLayers);
        }
    }
    let as_a_service = |entry: &mut Entry| entry.signers = vec![("founding", SERVICE)];
    let two_people = |entry: &mut Entry| entry.signers = vec![("drafter", DRAFT), ("founding", APPROVE)];
    let (empty, founded) = (Ledger::empty(), Ledger::founded());
    for (ledger, entry) in [(&empty, empty.genesis_entry()), (&founded, founded.member_entry_again())] {
        violates(ledger, entry, as_a_service, Violation::WrongLayers);
    }
    violates(&empty, empty.genesis_entry(), two_people, Violation::WrongLayers);
    let three = |entry: &mut Entry| {
        entry.signers = vec![("system", DRAFT), ("reviewer", REVIEW), ("security", APPROVE)];
    };
    violates(&founded, founded.change_entry("drafter", |_| {}), three, Violation::WrongLayers);
    let alone = |entry: &mut Entry| entry.signers = vec![("approver", APPROVE)];
    violates(&founded, founded.publish_entry(), alone, Violation::WrongLayers);
}

#[test]
fn a_pending_statement_has_no_effect() {
    let ledger = Ledger::founded();
    let draft = Entry { anchor: None, signers: vec![("drafter", DRAFT)], ..ledger.publish_entry() }.bytes();
    let result = apply(&ledger, &Statement::parse_pending(&draft).unwrap(), leaf(&draft));
    assert_eq!(result, Err(RuleError::Violation(Violation::WrongLayers)));
}

#[test]
fn not_founder() {
    let (empty, founded) = (Ledger::empty(), Ledger::founded());
    for name in ["log", "approver"] {
        let spoil = |entry: &mut Entry| entry.signers = vec![(name, APPROVE)];
        violates(&empty, empty.genesis_entry(), spoil, Violation::NotFounder);
        violates(&founded, founded.member_entry_again(), spoil, Violation::NotFounder);
    }
}

#[test]
fn founding_over() {
    let founded = Ledger::founded();
    assert!(founded.judge(&founded.member_entry_again()).is_ok());
    let mut changed = Ledger::founded();
    changed.append(&changed.change_entry("drafter", |_| {}));
    for ledger in [Ledger::published(), Ledger::withdrawn(), changed] {
        out_of_place(&ledger, &ledger.member_entry_again(), Violation::FoundingOver);
    }
}

#[test]
fn the_founding_key_only_admits() {
    let ledger = Ledger::founded();
    let entry = || ledger.member_entry_again();
    let acting = Some(Acting { from: 1, until: 2 });
    let follows = Some(Successor { version: 2, previous: Digest([0; 32]) });
    let only = Violation::FounderOnlyAdmits;
    violates(&ledger, entry(), |e| membership_of(e).suspended = true, only);
    violates(&ledger, entry(), |e| membership_of(e).member.acting = acting, only);
    violates(&ledger, entry(), |e| membership_of(e).follows = follows, only);
}

// People, once they sign.

#[test]
fn both_admins_say_who_people_are() {
    let mut ledger = Ledger::published();
    let (id, drafter) = member("drafter");
    let suspend = signed(
        ledger.change_entry("drafter", |m| m.suspended = true),
        &[("security", DRAFT), ("system", APPROVE)],
    );
    let leaf = leaf(&suspend.bytes());
    let state = MemberState { version: 2, leaf, suspended: true, member: drafter };
    assert_eq!(ledger.append(&suspend), Delta::Member(id, Box::new(state)));
    assert_eq!(ledger.roster.get(&id), None);
    out_of_place(&ledger, &ledger.amend_entry(), Violation::NotInRoster);
    ledger.append(&ledger.change_entry("drafter", |m| {
        m.suspended = false;
        m.member.key = public("spare");
        m.member.roles.insert(Role::DataAdmin);
    }));
    assert_eq!(ledger.roster.get(&id).map(|member| member.key), Some(public("spare")));
    // The old key is worth nothing, the new one signs.
    out_of_place(&ledger, &ledger.amend_entry(), Violation::NotInRoster);
    ledger.append(&signed(ledger.amend_entry(), &[("spare", DRAFT), ("approver", APPROVE)]));
}

#[test]
fn both_admins_admit() {
    let mut ledger = Ledger::published();
    let newcomer = Member::new(public("newcomer"), [Role::Approver].into());
    ledger.append(&ledger.admins_entry(Id([0x55; 16]), admission(newcomer)));
    ledger.append(&signed(ledger.amend_entry(), &[("drafter", DRAFT), ("newcomer", APPROVE)]));
}

#[test]
fn not_both_admins() {
    let mut ledger = Ledger::founded();
    let newcomer = Member::new(public("newcomer"), [Role::SystemAdmin].into());
    ledger.append(&ledger.admins_entry(Id([0x55; 16]), admission(newcomer)));
    for signers in [
        [("system", DRAFT), ("newcomer", APPROVE)],
        [("system", DRAFT), ("approver", APPROVE)],
        [("drafter", DRAFT), ("security", APPROVE)],
        [("auditor", DRAFT), ("security", APPROVE)],
    ] {
        let spoil = |entry: &mut Entry| entry.signers = signers.to_vec();
        violates(&ledger, ledger.change_entry("drafter", |_| {}), spoil, Violation::NotBothAdmins);
    }
    let twice = |entry: &mut Entry| entry.signers = vec![("system", DRAFT), ("system", APPROVE)];
    violates(&ledger, ledger.change_entry("drafter", |_| {}), twice, Violation::SamePerson);
}

#[test]
fn admins_do_no_business_and_others_are_no_admins() {
    let ledger = Ledger::published();
    let admins = |entry: &mut Entry| entry.signers = BOTH_ADMINS.to_vec();
    violates(&ledger, ledger.amend_entry(), admins, Violation::WrongRole);
}

#[test]
fn a_person_follows_what_was_last_said() {
    let mut ledger = Ledger::founded();
    let first = ledger.members[&member("drafter").0].leaf;
    ledger.append(&ledger.change_entry("drafter", |_| {}));
    let entry = || ledger.change_entry("drafter", |_| {});
    violates(&ledger, entry(), |e| successor_of(e).version += 1, Violation::NotCurrent);
    violates(&ledger, entry(), |e| successor_of(e).version -= 1, Violation::NotCurrent);
    violates(&ledger, entry(), |e| successor_of(e).previous = first, Violation::NotCurrent);
    violates(&ledger, entry(), |e| membership_of(e).follows = None, Violation::Taken);
    violates(&ledger, entry(), |e| e.claims.sub = Id([0x99; 16]), Violation::NoSuchMember);
}

#[test]
fn a_key_that_was_ever_used_is_never_used_again() {
    let mut ledger = Ledger::founded();
    ledger.append(&ledger.change_entry("drafter", |m| m.member.key = public("spare")));
    ledger.append(&ledger.change_entry("reviewer", |m| m.suspended = true));
    let entry = || ledger.change_entry("approver", |m| m.member.key = public("newcomer"));
    for used in ["drafter", "spare", "reviewer", "system", "founding", "log"] {
        violates(&ledger, entry(), |e| set_key(e, used), Violation::Taken);
    }
    let back = ledger.change_entry("drafter", |_| {});
    violates(&ledger, back, |e| set_key(e, "drafter"), Violation::Taken);
}

#[test]
fn an_office_keeps_its_two_admins() {
    let mut ledger = Ledger::founded();
    let unchanged = |name| ledger.change_entry(name, |_| {});
    for name in ["system", "security"] {
        violates(&ledger, unchanged(name), |e| membership_of(e).suspended = true, Violation::LastAdmin);
        violates(&ledger, unchanged(name), |e| set_roles(e, &[Role::Drafter]), Violation::LastAdmin);
    }
    let newcomer = Member::new(public("newcomer"), [Role::SystemAdmin].into());
    ledger.append(&ledger.admins_entry(Id([0x55; 16]), admission(newcomer)));
    ledger.append(&ledger.change_entry("system", |m| m.suspended = true));
}

// Acting approvers.

#[test]
fn somebody_acts_as_approver_for_a_time() {
    let mut ledger = Ledger::founded();
    let now = ledger.publish_entry().claims.iat;
    let acting = Acting { from: now - 10, until: now + 10 };
    ledger.append(&ledger.change_entry("reviewer", |m| m.member.acting = Some(acting)));
    let entry = || signed(ledger.publish_entry(), &[("drafter", DRAFT), ("reviewer", APPROVE)]);
    for time in [acting.from - 1, acting.until + 1, 0, u64::from(u32::MAX)] {
        violates(&ledger, entry(), |e| e.claims.iat = time, Violation::NotActing);
    }
    for time in [acting.from, acting.until] {
        let mut entry = entry();
        entry.claims.iat = time;
        assert!(ledger.judge(&entry).is_ok());
    }
    let review = |entry: &mut Entry| entry.signers = vec![("reviewer", DRAFT), ("approver", APPROVE)];
    violates(&ledger, entry(), review, Violation::WrongRole);
}

#[test]
fn who_may_act() {
    let ledger = Ledger::founded();
    let acting = Some(Acting { from: 1, until: 2 });
    for name in ["approver", "everything", "auditor", "system"] {
        let entry = ledger.change_entry(name, |_| {});
        violates(&ledger, entry, |e| membership_of(e).member.acting = acting, Violation::MayNotAct);
    }
    let service = |entry: &mut Entry| {
        set_roles(entry, &[Role::Service]);
        membership_of(entry).member.acting = acting;
    };
    violates(&ledger, ledger.change_entry("drafter", |_| {}), service, Violation::MayNotAct);
}

// Review.

#[test]
fn what_asks_for_a_reviewer_needs_one() {
    let mut ledger = Ledger::founded();
    let reviewer = |m: &mut Membership| m.member.roles = [Role::SecrecyReviewer].into();
    ledger.append(&ledger.change_entry("reviewer", reviewer));
    let three = [("drafter", DRAFT), ("reviewer", REVIEW), ("approver", APPROVE)];
    let entry = signed(ledger.entry(Act::Publish(Content { review: true, ..content() })), &three);
    let without = |e: &mut Entry| e.signers = vec![("drafter", DRAFT), ("approver", APPROVE)];
    violates(&ledger, entry, without, Violation::NotReviewed);
}

#[test]
fn roles_together() {
    let ledger = Ledger::founded();
    for held in [
        &[Role::SystemAdmin, Role::Auditor][..],
        &[Role::SecurityAdmin, Role::Auditor],
        &[Role::SystemAdmin, Role::SecurityAdmin],
        &[Role::Drafter, Role::SystemAdmin],
        &[Role::Approver, Role::Auditor],
    ] {
        let spoil = |entry: &mut Entry| set_roles(entry, held);
        violates(&ledger, ledger.member_entry_again(), spoil, Violation::RolesTogether);
    }
}

#[test]
fn taken() {
    let ledger = Ledger::founded();
    let entry = || ledger.member_entry_again();
    violates(&ledger, entry(), |e| e.claims.sub = member("drafter").0, Violation::Taken);
    violates(&ledger, entry(), |e| set_key(e, "drafter"), Violation::Taken);
    for office_key in ["founding", "log", "receipt", "transport", "witness"] {
        violates(&ledger, entry(), |e| set_key(e, office_key), Violation::Taken);
    }
    for ledger in [Ledger::published(), Ledger::withdrawn()] {
        let mut other = ledger.publish_entry();
        other.claims.sub = Id([0xcd; 16]);
        violates(&ledger, other, |e| e.claims.sub = RECORD, Violation::Taken);
    }
}

#[test]
fn one_key_of_an_office_has_one_use() {
    let ledger = Ledger::empty();
    let twice = |entry: &mut Entry| {
        let Act::Genesis(genesis) = &mut entry.act else { panic!("a genesis") };
        genesis.keys.host.witness = genesis.keys.host.log;
    };
    violates(&ledger, ledger.genesis_entry(), twice, Violation::Taken);
}

#[test]
fn a_roster_has_an_end() {
    let mut ledger = Ledger::founded();
    while ledger.roster.len() < MAX_MEMBERS {
        let n = u32::try_from(ledger.roster.len()).unwrap().to_be_bytes();
        let key = PublicKey(Digest::of(&n).0);
        let id = Id(Digest::of(&n).0[..16].try_into().unwrap());
        ledger.roster.add(id, Member::new(key, [Role::Drafter].into())).unwrap();
    }
    // Whoever is in it may still change.
    assert!(ledger.judge(&ledger.change_entry("drafter", |_| {})).is_ok());
    let judged = ledger.judge(&ledger.member_entry_again());
    assert!(matches!(judged, Err(RuleError::Violation(Violation::TooManyMembers))), "{judged:?}");
}

#[test]
fn no_such_record() {
    let ledger = Ledger::published();
    for entry in [ledger.amend_entry(), ledger.withdraw_entry(), ledger.erase_entry()] {
        violates(&ledger, entry, |e| e.claims.sub = Id([0xcd; 16]), Violation::NoSuchRecord);
    }
}

#[test]
fn not_current() {
    let mut ledger = Ledger::published();
    let first = ledger.current();
    ledger.append(&ledger.amend_entry());
    for entry in [ledger.amend_entry(), ledger.withdraw_entry(), ledger.erase_entry()] {
        let entry = || entry.clone();
        violates(&ledger, entry(), |e| successor_of(e).version += 1, Violation::NotCurrent);
        violates(&ledger, entry(), |e| successor_of(e).previous = Digest([0; 32]), Violation::NotCurrent);
        violates(&ledger, entry(), |e| successor_of(e).previous = first.previous, Violation::NotCurrent);
    }
    violates(&ledger, ledger.withdraw_entry(), |e| *successor_of(e) = first, Violation::NotCurrent);
    let again = Successor { version: 2, ..first };
    violates(&ledger, ledger.amend_entry(), |e| *successor_of(e) = again, Violation::NotCurrent);
}

#[test]
fn withdrawn() {
    let ledger = Ledger::withdrawn();
    for entry in [ledger.amend_entry(), ledger.withdraw_entry()] {
        out_of_place(&ledger, &entry, Violation::Withdrawn);
    }
}

#[test]
fn a_view_that_cannot_be_read_is_no_violation() {
    let ledger = Ledger::published();
    let broken = Ledger { broken: true, ..ledger.clone() };
    assert_eq!(broken.judge(&ledger.amend_entry()), Err(RuleError::View(Broken)));
}

#[test]
fn every_violation_has_a_code_of_its_own() {
    let all = Violation::ALL;
    assert!(all.windows(2).all(|pair| pair[0] < pair[1]));
    let codes: BTreeSet<_> = all.iter().map(Coded::code).collect();
    assert_eq!(codes.len(), all.len());
    assert!(codes.iter().all(|code| code.starts_with("violation_")));
}
