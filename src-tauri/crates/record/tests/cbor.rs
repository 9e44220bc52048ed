//! Deterministic CBOR against RFC 8949 and against hostile bytes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what tests share may fail a test")]

use proptest::prelude::*;
use serde_json::Value as Json;
use yinxin_record::cbor::{CborError, MAX_DEPTH, Value, decode, encode};

const VECTORS: &str = include_str!("../../../../tests/vectors/cbor.json");

fn vectors() -> Json {
    serde_json::from_str(VECTORS).unwrap()
}

fn bytes(json: &Json) -> Vec<u8> {
    hex::decode(json.as_str().unwrap()).unwrap()
}

/// A value as the vectors spell it.
fn value(json: &Json) -> Value {
    let pair = |json: &Json| (value(&json[0]), value(&json[1]));
    match json {
        Json::Null => Value::Null,
        Json::Bool(b) => Value::Bool(*b),
        Json::Number(n) => Value::Int(n.as_i64().unwrap()),
        Json::String(text) => Value::Text(text.clone()),
        Json::Array(items) => Value::Array(items.iter().map(value).collect()),
        Json::Object(object) => match object.iter().next().unwrap() {
            (kind, hex) if kind == "bytes" => Value::Bytes(bytes(hex)),
            (kind, entries) if kind == "map" => {
                Value::Map(entries.as_array().unwrap().iter().map(pair).collect())
            }
            (kind, tagged) if kind == "tag" => {
                Value::Tag(tagged[0].as_u64().unwrap(), Box::new(value(&tagged[1])))
            }
            (kind, _) => panic!("{kind}"),
        },
    }
}

/// The error's name and place, as the vectors spell them.
fn named(error: CborError) -> (&'static str, Option<usize>) {
    match error {
        CborError::TooLong { .. } => ("TooLong", None),
        CborError::Truncated { at } => ("Truncated", Some(at)),
        CborError::Trailing { at } => ("Trailing", Some(at)),
        CborError::TooDeep { at } => ("TooDeep", Some(at)),
        CborError::NotAccepted { at } => ("NotAccepted", Some(at)),
        CborError::MapOrder { at } => ("MapOrder", Some(at)),
        CborError::NotShortest { at } => ("NotShortest", Some(at)),
    }
}

#[test]
fn good_encodings_both_ways() {
    for case in vectors()["good"].as_array().unwrap() {
        let (bytes, value) = (bytes(&case["hex"]), value(&case["value"]));
        assert_eq!(decode(&bytes, bytes.len()), Ok(value.clone()), "{}", case["hex"]);
        assert_eq!(encode(&value), bytes, "{}", case["hex"]);
    }
}

#[test]
fn bad_encodings_are_refused_for_the_right_reason() {
    let vectors = vectors();
    let cases = vectors["bad"].as_array().unwrap();
    assert!(cases.len() >= 25);
    for case in cases {
        let bytes = bytes(&case["hex"]);
        let max = case["max"].as_u64().map_or(1 << 20, |max| usize::try_from(max).unwrap());
        let at = case["at"].as_u64().map(|at| usize::try_from(at).unwrap());
        let expected = (case["error"].as_str().unwrap(), at);
        let error = decode(&bytes, max).unwrap_err();
        assert_eq!(named(error), expected, "{} {}", case["hex"], case["why"]);
    }
}

#[test]
fn maps_are_sorted_when_written() {
    let map = Value::Map(vec![
        (Value::text("b"), Value::Int(1)),
        (Value::Int(-1), Value::Null),
        (Value::text("aa"), Value::Int(2)),
    ]);
    assert_eq!(hex::encode(encode(&map)), "a320f66162016261 6102".replace(' ', ""));
}

/// Any value, no deeper than is read; maps as they are read: sorted, unique.
fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<i64>().prop_map(Value::Int),
        (0..70_000_i64).prop_map(Value::Int),
        prop::collection::vec(any::<u8>(), 0..300).prop_map(Value::Bytes),
        any::<String>().prop_map(Value::Text),
        any::<bool>().prop_map(Value::Bool),
        Just(Value::Null),
    ];
    leaf.prop_recursive(6, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::Array),
            prop::collection::vec((inner.clone(), inner.clone()), 0..8).prop_map(sorted),
            (any::<u64>(), inner).prop_map(|(tag, value)| Value::Tag(tag | 4, Box::new(value))),
        ]
    })
}

fn sorted(mut entries: Vec<(Value, Value)>) -> Value {
    entries.sort_by_cached_key(|(key, _)| encode(key));
    entries.dedup_by(|a, b| a.0 == b.0);
    Value::Map(entries)
}

/// Bytes that look a little like CBOR: heads and short runs.
fn nearly_cbor() -> impl Strategy<Value = Vec<u8>> {
    let heads = prop::sample::select(vec![
        0x00_u8, 0x17, 0x18, 0x19, 0x1b, 0x20, 0x38, 0x40, 0x41, 0x58, 0x60, 0x61, 0x78, 0x80, 0x81, 0x82,
        0x98, 0xa0, 0xa1, 0xa2, 0xb8, 0xc1, 0xc2, 0xd2, 0xd8, 0xf4, 0xf6, 0xf7, 0xf9, 0x5f, 0x9f, 0xff,
    ]);
    prop::collection::vec(prop_oneof![3 => heads, 1 => any::<u8>()], 0..40)
}

proptest! {
    #[test]
    fn what_is_written_is_read(value in any_value()) {
        let bytes = encode(&value);
        prop_assert_eq!(decode(&bytes, bytes.len()), Ok(value));
    }

    #[test]
    fn every_prefix_is_refused(value in any_value(), at in any::<prop::sample::Index>()) {
        let bytes = encode(&value);
        let prefix = &bytes[..at.index(bytes.len())];
        prop_assert!(decode(prefix, bytes.len()).is_err());
        let longer = [bytes.as_slice(), &[0]].concat();
        prop_assert_eq!(decode(&longer, longer.len()), Err(CborError::Trailing { at: bytes.len() }));
    }

    #[test]
    fn any_bytes_are_refused_or_are_the_one_encoding(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(value) = decode(&bytes, 200) {
            prop_assert_eq!(encode(&value), bytes);
        }
    }

    #[test]
    fn nearly_good_bytes_are_refused_or_are_the_one_encoding(bytes in nearly_cbor()) {
        if let Ok(value) = decode(&bytes, 200) {
            prop_assert_eq!(encode(&value), bytes);
        }
    }

    #[test]
    fn one_changed_byte_is_refused_or_another_value(value in any_value(), at in any::<prop::sample::Index>(), by in 1..=255_u8) {
        let mut bytes = encode(&value);
        let at = at.index(bytes.len());
        bytes[at] = bytes[at].wrapping_add(by);
        if let Ok(other) = decode(&bytes, bytes.len()) {
            prop_assert_ne!(&other, &value);
            prop_assert_eq!(encode(&other), bytes);
        }
    }
}

#[test]
fn depth_is_bounded() {
    let nested = |depth| (0..depth).fold(Value::Null, |inner, _| Value::Array(vec![inner]));
    assert!(decode(&encode(&nested(MAX_DEPTH)), 100).is_ok());
    assert!(decode(&encode(&nested(MAX_DEPTH + 1)), 100).is_err());
}
