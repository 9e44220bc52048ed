//! Disclosures: what is committed to, and what passes for none.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what tests share may fail a test")]

mod office;

use office::{bytes, cases, digest, text, value, vectors};
use proptest::prelude::*;
use yinxin_record::Digest;
use yinxin_record::cbor::{CborError, Value};
use yinxin_record::disclosure::{Disclosure, DisclosureError, MAX_BYTES, Salt, sorted_digests};

fn disclosure(salt: u8, value: Value, key: &str) -> Disclosure {
    Disclosure { salt: [salt; 16], value, key: key.to_owned() }
}

// Vectors.

#[test]
fn disclosures_are_those_of_the_vectors_both_ways() {
    for case in cases(&vectors(), "disclosures") {
        let salt: Salt = bytes(&case["salt"]).try_into().unwrap();
        let described = Disclosure { salt, value: value(&case["value"]), key: text(&case["key"]).to_owned() };
        assert_eq!(Disclosure::parse(&bytes(&case["hex"])), Ok(described.clone()));
        assert_eq!(described.to_bytes(), bytes(&case["hex"]));
        assert_eq!(described.digest(), digest(&case["digest"]));
    }
}

#[test]
fn bad_disclosures_are_refused_for_the_right_reason() {
    for case in cases(&vectors(), "bad_disclosures") {
        let name = match Disclosure::parse(&bytes(&case["hex"])).unwrap_err() {
            DisclosureError::Shape => "Shape",
            DisclosureError::Cbor(CborError::NotAccepted { .. }) => "Cbor.NotAccepted",
            DisclosureError::Cbor(CborError::NotShortest { .. }) => "Cbor.NotShortest",
            DisclosureError::Cbor(CborError::Trailing { .. }) => "Cbor.Trailing",
            DisclosureError::Cbor(CborError::Truncated { .. }) => "Cbor.Truncated",
            DisclosureError::Cbor(other) => panic!("{other}"),
        };
        assert_eq!(name, case["error"], "{}", case["why"]);
    }
}

// What the vectors are too short to say.

#[test]
fn the_longest_field_fits() {
    let longest = disclosure(1, Value::text("𠀀".repeat(50_000)), &"k".repeat(100));
    assert_eq!(Disclosure::parse(&longest.to_bytes()), Ok(longest));
    let bytes = disclosure(1, Value::text("x".repeat(MAX_BYTES)), "k").to_bytes();
    let error = CborError::TooLong { len: bytes.len(), max: MAX_BYTES };
    assert_eq!(Disclosure::parse(&bytes), Err(error.into()));
}

#[test]
fn keys_are_short_and_not_empty() {
    let keyed = |key: &str| Disclosure::parse(&disclosure(1, Value::Null, key).to_bytes()).map(drop);
    assert_eq!(keyed(&"k".repeat(100)), Ok(()));
    assert_eq!(keyed(&"k".repeat(101)), Err(DisclosureError::Shape));
    assert_eq!(keyed(""), Err(DisclosureError::Shape));
}

#[test]
fn salt_value_and_key_all_count() {
    let one = disclosure(1, Value::text("甲"), "name");
    let others = [
        disclosure(2, Value::text("甲"), "name"),
        disclosure(1, Value::text("乙"), "name"),
        disclosure(1, Value::text("甲"), "post"),
        disclosure(1, Value::Null, "name"),
    ];
    for other in &others {
        assert_ne!(other.digest(), one.digest());
    }
    // Neither a number nor nothing is the text that spells it.
    assert_ne!(disclosure(1, Value::Int(1), "n").digest(), disclosure(1, Value::text("1"), "n").digest());
    assert_ne!(disclosure(1, Value::Null, "n").digest(), disclosure(1, Value::text(""), "n").digest());
}

// Algebra.

fn any_disclosure() -> impl Strategy<Value = Disclosure> {
    let value = prop_oneof![
        any::<String>().prop_map(Value::Text),
        any::<i64>().prop_map(Value::Int),
        any::<bool>().prop_map(Value::Bool),
        Just(Value::Null),
    ];
    (any::<Salt>(), value, "\\PC{1,25}").prop_map(|(salt, value, key)| Disclosure { salt, value, key })
}

proptest! {
    #[test]
    fn disclosures_round_trip(disclosure in any_disclosure()) {
        let bytes = disclosure.to_bytes();
        prop_assert_eq!(disclosure.digest(), Digest::of(&bytes));
        prop_assert_eq!(Disclosure::parse(&bytes), Ok(disclosure));
    }

    #[test]
    fn the_digests_of_an_act_are_sorted_and_unique(mut list in proptest::collection::vec(any_disclosure(), 0..10)) {
        let digests = sorted_digests(&list);
        prop_assert!(digests.windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert!(list.iter().all(|one| digests.binary_search(&one.digest()).is_ok()));
        list.reverse();
        list.extend(list.clone());
        prop_assert_eq!(sorted_digests(&list), digests);
    }

    #[test]
    fn what_is_read_is_written_again(disclosure in any_disclosure(), at in any::<prop::sample::Index>(), flip in 1_u8..) {
        let mut bytes = disclosure.to_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        if let Ok(other) = Disclosure::parse(&bytes) {
            prop_assert_eq!(other.to_bytes(), bytes);
            prop_assert_ne!(other.digest(), disclosure.digest());
        }
    }

    #[test]
    fn no_bytes_panic(bytes: Vec<u8>) {
        let _ = Disclosure::parse(&bytes);
    }
}
