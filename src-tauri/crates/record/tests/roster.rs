//! Rosters: one spelling, one key a person, duties kept apart.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what tests share may fail a test")]

mod office;

use std::collections::BTreeSet;

use office::{acting, bytes, cases, digest, key, member, public, roles, roster, text, vectors};
use proptest::prelude::*;
use yinxin_record::cbor::{self, Value};
use yinxin_record::key::PublicKey;
use yinxin_record::roster::{
    Acting, MAX_MEMBERS, Member, Role, Roster, RosterError, may_be_held_together, roles_of, roles_value,
};
use yinxin_record::{Digest, Id};

// Vectors.

#[test]
fn rosters_are_those_of_the_vectors_both_ways() {
    for case in cases(&vectors(), "roster") {
        let mut described = Roster::default();
        for one in case["members"].as_array().unwrap() {
            let member = Member {
                acting: acting(&one["acting"]),
                ..Member::new(key(&one["key"]), roles(&one["roles"]))
            };
            described.add(text(&one["id"]).parse().unwrap(), member).unwrap();
        }
        assert_eq!(Roster::parse(&bytes(&case["hex"])), Ok(described.clone()));
        assert_eq!(described.to_bytes(), bytes(&case["hex"]));
        assert_eq!(described.digest(), digest(&case["digest"]));
    }
}

// People.

#[test]
fn people_are_found_by_id_and_by_kid() {
    let roster = roster(&["drafter", "approver"]);
    assert_eq!((roster.len(), roster.is_empty()), (2, false));
    assert!(Roster::default().is_empty());
    let (id, drafter) = member("drafter");
    assert_eq!(roster.get(&id), Some(&drafter));
    assert_eq!(roster.by_kid(&public("drafter").thumbprint()), Some((id, &drafter)));
    assert_eq!(roster.by_kid(&public("reviewer").thumbprint()), None);
    assert_eq!(roster.get(&member("reviewer").0), None);
    assert_eq!(roster.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [id, member("approver").0]);
}

#[test]
fn the_order_of_joining_does_not_matter() {
    let one = roster(&["drafter", "reviewer", "approver"]);
    assert_eq!(roster(&["approver", "drafter", "reviewer"]).to_bytes(), one.to_bytes());
    assert_ne!(roster(&["drafter", "reviewer"]).digest(), one.digest());
}

#[test]
fn one_person_has_one_id_and_one_key() {
    let mut all = roster(&["drafter"]);
    let (id, drafter) = member("drafter");
    let (other_id, other) = member("reviewer");
    let before = all.clone();
    assert_eq!(all.add(id, other.clone()), Err(RosterError::Taken));
    assert_eq!(all.add(other_id, drafter), Err(RosterError::Taken));
    assert_eq!(all, before);
    assert_eq!(all.add(other_id, other), Ok(()));
}

#[test]
fn a_roster_has_an_end() {
    let mut roster = Roster::default();
    let numbered = |n: usize| {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&n.to_be_bytes());
        let id = Id::from_slice(&bytes[..16]).unwrap();
        (id, Member::new(PublicKey(bytes), Role::ALL.into()))
    };
    for (id, member) in (0..MAX_MEMBERS).map(numbered) {
        roster.add(id, member).unwrap();
    }
    let (id, member) = numbered(MAX_MEMBERS);
    assert_eq!(roster.add(id, member), Err(RosterError::TooMany));
    assert_eq!(roster.len(), MAX_MEMBERS);
}

#[test]
fn the_largest_roster_is_read_again() {
    let mut roster = Roster::default();
    for n in 0..MAX_MEMBERS {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&n.to_be_bytes());
        let acting = Some(Acting { from: u64::from(u32::MAX), until: u64::from(u32::MAX) + 1 });
        let member = Member { key: PublicKey(key), roles: BTreeSet::from(BUSINESS), acting };
        roster.add(Id::from_slice(&key[..16]).unwrap(), member).unwrap();
    }
    assert_eq!(Roster::parse(&roster.to_bytes()), Ok(roster));
}

// Bytes that are no roster.

fn person(id: u8, key: u8, roles: &[&str]) -> Value {
    let roles = roles.iter().map(|word| Value::text(*word)).collect();
    Value::Array(vec![Value::bytes([id; 16]), Value::bytes([key; 32]), Value::Array(roles)])
}

fn parsed(people: Vec<Value>) -> Result<usize, RosterError> {
    Roster::parse(&cbor::encode(&Value::Array(people))).map(|roster| roster.len())
}

#[test]
fn people_stand_in_order_and_once() {
    let (one, two) = (person(1, 1, &["drafter"]), person(2, 2, &["approver"]));
    assert_eq!(parsed(vec![one.clone(), two.clone()]), Ok(2));
    assert_eq!(parsed(vec![two, one.clone()]), Err(RosterError::Shape));
    assert_eq!(parsed(vec![one.clone(), one.clone()]), Err(RosterError::Shape));
    assert_eq!(parsed(vec![one, person(2, 1, &["approver"])]), Err(RosterError::Taken));
}

#[test]
fn a_person_is_id_key_and_roles() {
    let bad = [
        Value::Null,
        Value::Array(Vec::new()),
        Value::Array(vec![
            Value::bytes([1; 15]),
            Value::bytes([1; 32]),
            Value::Array(vec![Value::text("drafter")]),
        ]),
        Value::Array(vec![
            Value::bytes([1; 16]),
            Value::bytes([1; 33]),
            Value::Array(vec![Value::text("drafter")]),
        ]),
        Value::Array(vec![Value::bytes([1; 16]), Value::bytes([1; 32]), Value::text("drafter")]),
        Value::Array(vec![Value::bytes([1; 16]), Value::bytes([1; 32]), Value::Array(vec![Value::Int(1)])]),
        person(1, 1, &[]),
        person(1, 1, &["mayor"]),
        person(1, 1, &["Drafter"]),
        person(1, 1, &["drafter", "approver"]),
        person(1, 1, &["drafter", "drafter"]),
    ];
    for bad in bad {
        assert_eq!(parsed(vec![bad.clone()]), Err(RosterError::Shape), "{bad:?}");
    }
}

#[test]
fn only_deterministic_cbor_is_read() {
    for bytes in [&[][..], &[0x80, 0x00], &[0x98, 0x00], &[0x9f, 0xff], &[0xa0], &[0xf6]] {
        assert_eq!(Roster::parse(bytes), Err(RosterError::Shape), "{bytes:x?}");
    }
    assert_eq!(Roster::parse(&vec![0x80; (1 << 21) + 1]), Err(RosterError::Shape));
    assert_eq!(Roster::parse(&[0x80]), Ok(Roster::default()));
    assert_eq!(Roster::default().digest(), Digest::of(&[0x80]));
}

#[test]
fn whoever_leaves_is_gone_with_the_key() {
    let mut all = roster(&["drafter", "reviewer"]);
    let (id, drafter) = member("drafter");
    assert_eq!(all.remove(&id), Some(drafter.clone()));
    assert_eq!(all.remove(&id), None);
    assert_eq!(all, roster(&["reviewer"]));
    assert_eq!(all.by_kid(&drafter.key.thumbprint()), None);
    assert_eq!(all.add(Id([9; 16]), drafter), Ok(()));
}

#[test]
fn acting_is_from_until() {
    let person = |acting: Vec<Value>| {
        let (id, member) = member("drafter");
        let items = vec![
            Value::bytes(id),
            Value::bytes(member.key.0),
            roles_value(&member.roles),
            Value::Array(acting),
        ];
        cbor::encode(&Value::Array(vec![Value::Array(items)]))
    };
    let read = |from, until| Roster::parse(&person(vec![Value::Int(from), Value::Int(until)]));
    assert_eq!(
        read(5, 6).unwrap().get(&member("drafter").0).unwrap().acting,
        Some(Acting { from: 5, until: 6 })
    );
    for (from, until) in [(5, 5), (6, 5), (-1, 5)] {
        assert_eq!(read(from, until), Err(RosterError::Shape));
    }
    assert_eq!(Roster::parse(&person(vec![])), Err(RosterError::Shape));
    let acting = Acting { from: 5, until: 6 };
    assert_eq!([4, 5, 6, 7].map(|time| acting.covers(time)), [false, true, true, false]);
}

// Roles.

const BUSINESS: [Role; 5] =
    [Role::Drafter, Role::Reviewer, Role::Approver, Role::DataAdmin, Role::SecrecyReviewer];

#[test]
fn roles_have_words_in_two_languages() {
    for role in Role::ALL {
        assert_eq!(Role::of_word(role.as_str()), Some(role));
        assert_eq!(Role::of_word(role.chinese()), Some(role));
    }
    assert_eq!(Role::of_word("mayor"), None);
    assert_eq!(Role::of_word(""), None);
}

#[test]
fn duties_are_kept_apart() {
    let alone = [Role::SystemAdmin, Role::SecurityAdmin, Role::Auditor, Role::Service];
    // Every set of roles: bit n stands for Role::ALL[n].
    for bits in 0_u16..1 << Role::ALL.len() {
        let held: BTreeSet<Role> = Role::ALL
            .into_iter()
            .enumerate()
            .filter(|(n, _)| bits >> n & 1 == 1)
            .map(|(_, role)| role)
            .collect();
        let count = |of: &[Role]| of.iter().filter(|role| held.contains(role)).count();
        let allowed = match (count(&BUSINESS), count(&alone)) {
            (0, alone) => alone == 1,
            (_, alone) => alone == 0,
        };
        assert_eq!(may_be_held_together(&held), allowed, "{held:?}");
    }
}

// Algebra.

fn any_roster() -> impl Strategy<Value = Roster> {
    let roles = proptest::collection::btree_set(proptest::sample::select(Role::ALL.to_vec()), 1..=6);
    let acting = proptest::option::of((0..u64::from(u32::MAX), 1..u64::from(u32::MAX)));
    let acting = acting.prop_map(|acting| acting.map(|(from, long)| Acting { from, until: from + long }));
    let person = (any::<[u8; 16]>(), any::<[u8; 32]>(), roles, acting);
    proptest::collection::vec(person, 0..12).prop_map(|people| {
        let mut roster = Roster::default();
        for (id, key, roles, acting) in people {
            roster.add(Id(id), Member { key: PublicKey(key), roles, acting }).unwrap();
        }
        roster
    })
}

proptest! {
    #[test]
    fn rosters_round_trip(roster in any_roster()) {
        prop_assert_eq!(Roster::parse(&roster.to_bytes()), Ok(roster));
    }

    #[test]
    fn roles_round_trip(roles in proptest::collection::btree_set(proptest::sample::select(Role::ALL.to_vec()), 1..=6)) {
        prop_assert_eq!(roles_of(&roles_value(&roles)), Some(roles));
    }

    #[test]
    fn what_is_read_is_written_again(roster in any_roster(), at in any::<prop::sample::Index>(), flip in 1_u8..) {
        let mut bytes = roster.to_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        if let Ok(other) = Roster::parse(&bytes) {
            prop_assert_eq!(other.to_bytes(), bytes);
        }
    }
}
