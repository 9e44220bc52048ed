//! Bytes from anywhere: always a report, never a panic, never genuine.

mod ledger_fixture;

use ledger_fixture::{Office, check, failures, found, template};
use proptest::prelude::*;
use yinxin_evidence::{Evidence, Verdict, unpack, verify};
use yinxin_record::cbor::{self, Value};

#[test]
fn what_is_no_evidence_is_undetermined() {
    let office = Office::busy("city.example", "true");
    let receipt = office.file(4).receipt;
    let other_map = cbor::encode(&Value::map([("alpha", Value::Int(1))]));
    let foreign: [&[u8]; 9] = [
        b"",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"{\"yinxin\": \"evidence/v0\"}",
        b"PK\x03\x04",
        b"%PDF-1.7",
        &office.entries[4],
        &receipt,
        &other_map,
        &[0xa0],
    ];
    for bytes in foreign {
        let report = verify(bytes, Some(&office.policy(2)), Some(&office));
        assert_eq!((report.verdict, report.proved), (Verdict::Undetermined, None), "{bytes:?}");
        assert_eq!(report.findings[0].code, "finding_not_evidence");
        assert!(report.findings.len() > 10);
    }
}

#[test]
fn what_begins_as_evidence_and_cannot_be_read_is_altered() {
    let office = Office::busy("city.example", "true");
    let bytes = office.file(4).to_bytes();
    let unknown = {
        let Value::Map(mut entries) = cbor::decode(&bytes, 1 << 20).unwrap() else { panic!() };
        entries.push((Value::text("x-extra"), Value::Null));
        cbor::encode(&Value::Map(entries))
    };
    for bytes in [&bytes[..100], b"\xa1\x65proof\x60", &unknown] {
        let report = verify(bytes, Some(&office.policy(2)), None);
        assert_eq!((report.verdict, &report.proved), (Verdict::Altered, &None));
        assert_eq!(failures(&report), ["format finding_file_unreadable"]);
    }
    let huge = [b"\xa1\x65proof\x5a\x01\x00\x00\x01".as_slice(), &vec![0; (16 << 20) + 1]].concat();
    assert_eq!(verify(&huge, None, None).verdict, Verdict::Altered);
}

#[test]
fn a_newer_version_is_for_a_newer_verifier() {
    let office = Office::busy("city.example", "true");
    let bytes = office.file(4).to_bytes();
    let Value::Map(mut entries) = cbor::decode(&bytes, 1 << 20).unwrap() else { panic!() };
    for (key, value) in &mut entries {
        if key.as_text() == Some("yinxin") {
            *value = Value::text("evidence/v1");
        }
    }
    let report = verify(&cbor::encode(&Value::Map(entries)), Some(&office.policy(2)), None);
    assert_eq!(report.verdict, Verdict::Undetermined);
    assert!(found(&report, "format", "finding_other_version"));
}

#[test]
fn deep_rules_in_a_template_do_not_exhaust_the_stack() {
    let office = Office::busy("city.example", "true");
    for deep in ["(".repeat(990), "!".repeat(990), "[".repeat(990), "-".repeat(990), "1?".repeat(490)] {
        let mut hostile = template();
        hostile.rules = vec![yinxin_record::template::Rule {
            code: "deep".to_owned(),
            cel: deep,
            message: hostile.label.clone(),
        }];
        let file = Evidence { template: hostile.to_cbor(), ..office.file(4) };
        assert_eq!(check(&file, &office.policy(2)).verdict, Verdict::Altered);
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<i64>().prop_map(Value::Int),
        proptest::collection::vec(any::<u8>(), 0..80).prop_map(Value::Bytes),
        ".{0,20}".prop_map(Value::Text),
        any::<bool>().prop_map(Value::Bool),
        Just(Value::Null),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            (0_u64..30, inner).prop_map(|(tag, inner)| Value::Tag(tag, Box::new(inner))),
        ]
    })
}

const KEYS: [&str; 10] = [
    "proof",
    "people",
    "roster",
    "status",
    "yinxin",
    "entries",
    "receipt",
    "template",
    "statement",
    "disclosures",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_are_never_genuine(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(verify(&bytes, None, None).verdict >= Verdict::Undetermined);
    }

    #[test]
    fn random_bytes_after_our_first_key_are_altered(tail in proptest::collection::vec(any::<u8>(), 0..400)) {
        let bytes = [b"\xa9\x65proof".as_slice(), &tail].concat();
        prop_assert_eq!(verify(&bytes, None, None).verdict, Verdict::Altered);
    }

    #[test]
    fn random_parts_are_never_genuine(values in proptest::collection::vec(any_value(), 10)) {
        let map = KEYS.iter().zip(values).map(|(key, value)| (Value::text(*key), value)).collect();
        prop_assert!(verify(&cbor::encode(&Value::Map(map)), None, None).verdict >= Verdict::Undetermined);
    }

    #[test]
    fn a_random_part_in_an_honest_file_is_never_genuine(
        part in 0_usize..8,
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
        text in "\\PC{0,200}",
    ) {
        let mut office = Office::staffed("city.example", "true");
        let position = office.publish("a", "v1");
        let mut file = office.file(position);
        match part {
            0 => file.statement = bytes,
            1 => file.template = bytes,
            2 => file.disclosures = vec![bytes],
            3 => file.proof = text,
            4 => file.roster = bytes,
            5 => file.entries[0].entry = bytes,
            6 => file.people = vec![bytes],
            _ => file.receipt = bytes,
        }
        // Whatever it says, it says it.
        let _ = unpack(&file);
        prop_assert_eq!(check(&file, &office.policy(2)).verdict, Verdict::Altered);
    }
}
