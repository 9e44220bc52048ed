//! Ledger rules of a register: a whole life of the offices in it, and every rule
//! about them violated once.
//!
//! Every violation begins with an entry that would be in order and spoils one
//! thing, so that it can be refused for that reason only.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what tests share may fail a test")]

mod office;

use office::ledger::{
    Ledger, REGISTER_ADMINS, genesis_of, leaf, membership_of, out_of_place, set_key, signed, successor_of,
    violates,
};
use office::{
    APPROVE, CODE, DRAFT, Entry, REVIEW, admission, bytes, cases, content, digest, host_keys, member, policy,
    public, register_genesis, standing, vectors,
};
use proptest::prelude::*;
use yinxin_record::act::{Act, CertifiedKeys, Content, Genesis, Standing, Successor};
use yinxin_record::key::PublicKey;
use yinxin_record::roster::{Member, Role};
use yinxin_record::rules::{Delta, OfficeState, RuleError, Violation};
use yinxin_record::statement::Base;
use yinxin_record::{Digest, Id};

const OFFICE: Id = Id([0xb0; 16]);
const SECOND: Id = Id([0xb1; 16]);
const SECOND_CODE: &str = "11330100MB0000003T";
/// Nobody has these keys yet, and those of the second office neither.
const FRESH: [u8; 4] = [0xf1, 0xf2, 0xf3, 0xf4];
const SECOND_KEYS: [u8; 4] = [0xe1, 0xe2, 0xe3, 0xe4];

// A register.

/// Genesis and the two admins, by the founding key.
fn begun() -> Ledger {
    let mut ledger = Ledger::register();
    ledger.append(&ledger.genesis_entry());
    for name in ["register-system", "register-security"] {
        ledger.append(&ledger.member_entry(name));
    }
    ledger
}

fn admitted() -> Ledger {
    let mut ledger = begun();
    ledger.append(&admission_entry(&ledger));
    ledger
}

/// Two offices, the first with keys and head of its second act.
fn rotated() -> Ledger {
    let mut ledger = admitted();
    ledger.append(&office_entry(&ledger, SECOND, second()));
    ledger.append(&anew(&ledger, |office| {
        office.keys = host_keys(["later-log", "later-receipt", "transport", "witness"]);
        office.head = Base { size: 9, root: Digest([9; 32]) };
    }));
    ledger
}

fn second() -> Standing {
    Standing { code: SECOND_CODE.to_owned(), ledger: Digest([4; 32]), keys: keys(SECOND_KEYS), ..standing() }
}

fn keys(numbers: [u8; 4]) -> CertifiedKeys {
    let [log, receipt, transport, witness] = numbers.map(|number| PublicKey([number; 32]));
    CertifiedKeys { log, receipt, transport, witness, ..standing().keys }
}

fn by_admins(ledger: &Ledger, act: Act, sub: Id) -> Entry {
    let mut entry = signed(ledger.entry(act), &REGISTER_ADMINS);
    entry.claims.sub = sub;
    entry
}

fn office_entry(ledger: &Ledger, id: Id, standing: Standing) -> Entry {
    by_admins(ledger, Act::Office(Box::new(standing)), id)
}

fn admission_entry(ledger: &Ledger) -> Entry {
    office_entry(ledger, OFFICE, standing())
}

/// What is known of the first office, changed.
fn anew(ledger: &Ledger, change: impl FnOnce(&mut Standing)) -> Entry {
    let known = &ledger.offices[&OFFICE];
    let follows = Some(Successor { version: known.version + 1, previous: known.leaf });
    let mut standing = Standing { follows, ..known.standing.clone() };
    change(&mut standing);
    office_entry(ledger, OFFICE, standing)
}

fn policy_entry(ledger: &Ledger, number: u64) -> Entry {
    by_admins(ledger, Act::Policy(policy(number)), Id([0xc0; 16]))
}

fn standing_of(entry: &mut Entry) -> &mut Standing {
    let Act::Office(standing) = &mut entry.act else { panic!() };
    standing
}

/// Log, receipt, transport, witness.
fn slot(entry: &mut Entry, index: usize) -> &mut PublicKey {
    let keys = &mut standing_of(entry).keys;
    [&mut keys.log, &mut keys.receipt, &mut keys.transport, &mut keys.witness].into_iter().nth(index).unwrap()
}

// What is in order.

#[test]
fn the_life_of_an_office_in_a_register() {
    let mut ledger = begun();
    let mut appended = |entry: Entry, version| {
        let Act::Office(standing) = entry.act.clone() else { panic!() };
        let state = OfficeState { version, leaf: leaf(&entry.bytes()), standing: *standing };
        assert_eq!(ledger.append(&entry), Delta::Office(OFFICE, Box::new(state)));
        ledger.clone()
    };
    let ledger = appended(admission_entry(&begun()), 1);
    let ledger = appended(anew(&ledger, |office| office.keys = keys(FRESH)), 2);
    let ended = |office: &mut Standing| {
        office.head.size += 1;
        office.suspended = true;
        office.successors = vec![SECOND_CODE.to_owned()];
    };
    let ledger = appended(anew(&ledger, ended), 3);
    let back = |office: &mut Standing| {
        office.suspended = false;
        office.successors.clear();
        office.name = "某市某某局".to_owned();
    };
    let ledger = appended(anew(&ledger, back), 4);
    appended(anew(&ledger, |_| {}), 5);
}

#[test]
fn the_vectors_are_a_register() {
    let (vectors, mut ledger) = (vectors(), Ledger::register());
    for case in cases(&vectors, "register") {
        ledger.append_bytes(&bytes(&case["hex"]));
        assert_eq!(ledger.leaves.last(), Some(&digest(&case["leaf"])));
    }
    assert_eq!((ledger.leaves.len(), ledger.offices.len(), ledger.policy), (8, 1, 2));
    let office = &ledger.offices[&OFFICE];
    assert_eq!((office.version, office.standing.suspended), (3, true));
    assert_eq!(office.standing.keys.log, public("later-log"));
    assert_eq!(office.standing.keys.witness, public("witness"));
    // It is the office whose ledger the vectors hold, as far as it goes.
    let statements = cases(&vectors, "statements");
    assert_eq!(office.standing.ledger, digest(&statements[0]["leaf"]));
    assert_eq!(office.standing.head.size, statements.len() as u64);
}

#[test]
fn policies_are_counted() {
    let mut ledger = begun();
    for number in 1..4 {
        assert_eq!(ledger.append(&policy_entry(&ledger, number)), Delta::Policy(policy(number)));
    }
}

#[test]
fn a_register_names_the_office_that_keeps_it() {
    let mut ledger = Ledger::register();
    let genesis = register_genesis();
    assert_ne!(genesis.code, ledger.origin.code());
    let realm = |entry: &mut Entry| genesis_of(entry).realm = "other.example".to_owned();
    violates(&ledger, ledger.genesis_entry(), realm, Violation::GenesisOrigin);
    let mut other = ledger.genesis_entry();
    genesis_of(&mut other).code = SECOND_CODE.to_owned();
    let genesis = Genesis { code: SECOND_CODE.to_owned(), ..genesis };
    assert_eq!(ledger.append(&other), Delta::Founded(Box::new(genesis)));
}

#[test]
fn a_register_has_people_like_an_office() {
    let mut ledger = admitted();
    ledger.append(&ledger.change_entry("register-system", |member| member.member.key = public("spare")));
    let entry = || ledger.change_entry("register-security", |_| {});
    assert!(ledger.judge(&signed(entry(), &[("spare", DRAFT), ("register-security", APPROVE)])).is_ok());
    out_of_place(&ledger, &entry(), Violation::NotInRoster);
    out_of_place(&ledger, &anew(&ledger, |_| {}), Violation::NotInRoster);
}

#[test]
fn the_keeper_of_a_register_is_admitted_like_others() {
    let mut keeper = standing();
    keeper.code = register_genesis().code;
    assert!(begun().judge(&office_entry(&begun(), OFFICE, keeper)).is_ok());
}

// What is not.

#[test]
fn a_register_holds_no_records() {
    let mut ledger = begun();
    for name in ["drafter", "approver"] {
        ledger.append(&ledger.member_entry(name));
    }
    let of = Successor { version: 1, previous: Digest([5; 32]) };
    let later = Successor { version: 2, ..of };
    for act in [
        Act::Publish(content()),
        Act::Publish(Content { review: true, ..content() }),
        Act::Amend(content(), later),
        Act::Withdraw { of, digests: Vec::new() },
        Act::Erase { of, digests: Vec::new() },
    ] {
        out_of_place(&ledger, &ledger.entry(act), Violation::WrongKindOfLedger);
    }
}

#[test]
fn only_a_register_admits_offices() {
    let ledger = Ledger::founded();
    for act in [Act::Office(Box::new(standing())), Act::Policy(policy(1))] {
        let entry = signed(ledger.entry(act), &ledger.admins());
        out_of_place(&ledger, &entry, Violation::WrongKindOfLedger);
    }
}

#[test]
fn both_admins_of_the_register_sign() {
    let mut ledger = admitted();
    ledger.append(&ledger.admins_entry(
        Id([0x55; 16]),
        admission(Member::new(public("newcomer"), [Role::SystemAdmin].into())),
    ));
    let three = vec![("register-system", DRAFT), ("newcomer", REVIEW), ("register-security", APPROVE)];
    for entry in [admission_of_second(&ledger), anew(&ledger, |_| {}), policy_entry(&ledger, 1)] {
        for (signers, violation) in [
            (vec![("register-system", APPROVE)], Violation::WrongLayers),
            (vec![("register-founding", APPROVE)], Violation::WrongLayers),
            (three.clone(), Violation::WrongLayers),
            (vec![("register-system", DRAFT), ("system", APPROVE)], Violation::NotInRoster),
            (vec![("log", DRAFT), ("register-security", APPROVE)], Violation::NotInRoster),
            (vec![("register-system", DRAFT), ("register-system", APPROVE)], Violation::SamePerson),
            (vec![("register-system", DRAFT), ("newcomer", APPROVE)], Violation::NotBothAdmins),
        ] {
            violates(&ledger, entry.clone(), |entry| entry.signers = signers, violation);
        }
        let either = vec![("register-security", DRAFT), ("newcomer", APPROVE)];
        assert!(ledger.judge(&Entry { signers: either, ..entry }).is_ok());
    }
}

fn admission_of_second(ledger: &Ledger) -> Entry {
    office_entry(ledger, SECOND, second())
}

#[test]
fn founding_is_over_after_an_office_or_a_policy() {
    let begun = begun();
    let newcomer = begun.member_entry_again();
    assert!(begun.judge(&newcomer).is_ok());
    for entry in [admission_entry(&begun), policy_entry(&begun, 1)] {
        let mut ledger = begun.clone();
        ledger.append(&entry);
        out_of_place(&ledger, &ledger.member_entry_again(), Violation::FoundingOver);
    }
}

#[test]
fn an_unknown_office_is_admitted_before_anything_else_is_said_of_it() {
    let ledger = begun();
    let follows = Some(Successor { version: 2, previous: Digest([5; 32]) });
    let entry = || admission_entry(&ledger);
    violates(&ledger, entry(), |e| standing_of(e).follows = follows, Violation::NoSuchOffice);
    violates(&ledger, entry(), |e| standing_of(e).suspended = true, Violation::NoSuchOffice);
    let admitted = admitted();
    violates(&admitted, anew(&admitted, |_| {}), |e| e.claims.sub = SECOND, Violation::NoSuchOffice);
}

#[test]
fn one_code_one_office() {
    let mut ledger = admitted();
    ledger.append(&anew(&ledger, |office| office.suspended = true));
    let taken = |entry: &mut Entry| CODE.clone_into(&mut standing_of(entry).code);
    violates(&ledger, admission_of_second(&ledger), taken, Violation::Taken);
}

#[test]
fn an_office_follows_what_was_last_said() {
    let mut ledger = admitted();
    let first = ledger.offices[&OFFICE].leaf;
    ledger.append(&anew(&ledger, |_| {}));
    let entry = || anew(&ledger, |_| {});
    violates(&ledger, entry(), |e| successor_of(e).version += 1, Violation::NotCurrent);
    violates(&ledger, entry(), |e| successor_of(e).version -= 1, Violation::NotCurrent);
    violates(&ledger, entry(), |e| successor_of(e).previous = first, Violation::NotCurrent);
    violates(&ledger, entry(), |e| standing_of(e).follows = None, Violation::Taken);
    // A first act has been said, word for word.
    out_of_place(&ledger, &admission_entry(&ledger), Violation::Taken);
}

#[test]
fn an_office_keeps_its_code_and_its_ledger() {
    let ledger = admitted();
    let entry = || anew(&ledger, |_| {});
    let other_code = |e: &mut Entry| SECOND_CODE.clone_into(&mut standing_of(e).code);
    violates(&ledger, entry(), other_code, Violation::OtherOffice);
    violates(&ledger, entry(), |e| standing_of(e).ledger = Digest([4; 32]), Violation::OtherOffice);
}

#[test]
fn a_head_lies_not_behind_the_one_before() {
    let ledger = rotated();
    let Base { size, root } = ledger.offices[&OFFICE].standing.head;
    let other = Digest([1; 32]);
    for behind in [Base { size: size - 1, root }, Base { size, root: other }, standing().head] {
        let spoil = |entry: &mut Entry| standing_of(entry).head = behind;
        violates(&ledger, anew(&ledger, |_| {}), spoil, Violation::HeadBehind);
    }
}

// One key, one use.

#[test]
fn the_keys_of_an_office_are_different() {
    let ledger = begun();
    let entry = || office_entry(&ledger, OFFICE, Standing { keys: keys(FRESH), ..standing() });
    for one in 0..4 {
        for other in (0..4).filter(|other| *other != one) {
            let twice = |entry: &mut Entry| *slot(entry, one) = *slot(entry, other);
            violates(&ledger, entry(), twice, Violation::Taken);
        }
    }
}

#[test]
fn an_office_has_no_key_that_was_ever_used() {
    let mut ledger = rotated();
    ledger.append(&ledger.change_entry("register-system", |member| member.member.key = public("spare")));
    let register = [
        "register-founding",
        "register-log",
        "register-receipt",
        "register-transport",
        "register-witness",
        "register-security",
        "register-system",
        "spare",
    ];
    let office = ["log", "receipt", "later-log", "later-receipt", "transport", "witness"];
    let used = register.iter().chain(&office).map(|name| public(name));
    let used: Vec<_> = used.chain(SECOND_KEYS.map(|number| PublicKey([number; 32]))).collect();
    let signers = [("spare", DRAFT), ("register-security", APPROVE)];
    let entry = || signed(anew(&ledger, |office| office.keys = keys(FRESH)), &signers);
    let before = ledger.offices[&OFFICE].standing.keys.signing();
    for (index, own) in before.iter().enumerate() {
        for key in used.iter().filter(|key| *key != own) {
            violates(&ledger, entry(), |entry| *slot(entry, index) = *key, Violation::Taken);
        }
        // What it has there already, it keeps.
        let mut keeps = entry();
        *slot(&mut keeps, index) = *own;
        assert!(ledger.judge(&keeps).is_ok());
    }
}

#[test]
fn a_person_has_no_key_of_an_office() {
    let ledger = rotated();
    let change = || ledger.change_entry("register-system", |m| m.member.key = public("newcomer"));
    let newcomer = Member::new(public("newcomer"), [Role::Auditor].into());
    let admitted = || ledger.admins_entry(Id([0x55; 16]), admission(newcomer.clone()));
    for name in ["log", "receipt", "transport", "witness", "later-log", "later-receipt"] {
        violates(&ledger, change(), |e| set_key(e, name), Violation::Taken);
        violates(&ledger, admitted(), |e| set_key(e, name), Violation::Taken);
    }
    let of_second = |e: &mut Entry| membership_of(e).member.key = second().keys.witness;
    violates(&ledger, change(), of_second, Violation::Taken);
}

#[test]
fn a_founder_admits_nobody_with_a_key_of_the_register() {
    let ledger = begun();
    for name in ["register-founding", "register-log", "register-witness", "register-system"] {
        violates(&ledger, ledger.member_entry_again(), |e| set_key(e, name), Violation::Taken);
    }
    // Another ledger's keys are not known here.
    let mut unknown = ledger.member_entry_again();
    set_key(&mut unknown, "log");
    assert_eq!(member("drafter").1.roles, membership_of(&mut unknown).member.roles);
    assert!(ledger.judge(&unknown).is_ok());
}

// Policies.

#[test]
fn a_policy_has_the_next_number() {
    let mut ledger = begun();
    for next in 1..4 {
        for number in [1, 2, 3, 4, i64::MAX.unsigned_abs()].into_iter().filter(|number| *number != next) {
            let spoil = |entry: &mut Entry| entry.act = Act::Policy(policy(number));
            violates(&ledger, policy_entry(&ledger, next), spoil, Violation::NotCurrent);
        }
        ledger.append(&policy_entry(&ledger, next));
    }
}

// Algebra.

fn any_head() -> impl Strategy<Value = Base> {
    (0..4_u64, 0..3_u8).prop_map(|(size, root)| Base { size, root: Digest([root; 32]) })
}

proptest! {
    /// However an office is spoken of, its head only grows.
    #[test]
    fn heads_only_grow(heads in proptest::collection::vec(any_head(), 2..8)) {
        let mut ledger = begun();
        ledger.append(&office_entry(&ledger, OFFICE, Standing { head: heads[0], ..standing() }));
        let mut latest = heads[0];
        for head in &heads[1..] {
            let entry = anew(&ledger, |office| office.head = *head);
            if head.size > latest.size || *head == latest {
                ledger.append(&entry);
                latest = *head;
            } else {
                prop_assert_eq!(ledger.judge(&entry), Err(RuleError::Violation(Violation::HeadBehind)));
            }
            prop_assert_eq!(ledger.offices[&OFFICE].standing.head, latest);
        }
    }
}
