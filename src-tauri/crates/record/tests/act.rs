//! Acts: every kind both ways, and what is refused.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what tests share may fail a test")]

mod office;

use std::collections::BTreeSet;

use office::{
    acting, admission, bytes, content, digest, genesis, key, policy, public, roles, standing, statements,
    text, value, vectors,
};
use proptest::prelude::*;
use serde_json::Value as Json;
use yinxin_record::act::{
    Act, ActError, Appointment, CertifiedKeys, Content, Genesis, MAX_DIGESTS, MAX_POLICY, MAX_SUCCESSORS,
    Membership, NumberedPolicy, OfficeKeys, SUITE, Standing, Successor, Warrant,
};
use yinxin_record::cbor::{self, CborError, FieldError, Value};
use yinxin_record::key::PublicKey;
use yinxin_record::roster::{Acting, Member, Role};
use yinxin_record::statement::{Base, MAX_BYTES};
use yinxin_record::{Digest, Id};

fn member() -> Act {
    let digests = vec![Digest([3; 32]), Digest([4; 32])];
    Act::Member(Membership {
        digests,
        ..admission(Member::new(public("drafter"), BTreeSet::from([Role::Drafter])))
    })
}

/// With everything that may be left out.
fn member_anew() -> Act {
    let Act::Member(membership) = member() else { panic!() };
    let acting = Some(Acting { from: 5, until: 6 });
    let member = Member { acting, ..membership.member.clone() };
    Act::Member(Membership { member, suspended: true, follows: Some(successor(2)), ..membership })
}

fn appointment() -> Appointment {
    let member = Member::new(public("officer"), BTreeSet::from([Role::SecurityAdmin]));
    Appointment {
        code: "12420100MB1111111Y".to_owned(),
        size: 9,
        roster: Digest([6; 32]),
        person: Id([7; 16]),
        member: Membership { digests: vec![Digest([3; 32]), Digest([4; 32])], ..admission(member) },
        lender: None,
    }
}

/// With everything that may be left out.
fn lent() -> Appointment {
    let appointment = appointment();
    let member = Membership { follows: Some(successor(2)), ..appointment.member };
    Appointment { member, lender: Some("12420100MB2222222Y".to_owned()), ..appointment }
}

fn warranted() -> Membership {
    let warrant = Warrant { statement: vec![1], proof: "proof".to_owned(), roster: vec![0x80] };
    Membership { warrant: Some(Box::new(warrant)), ..appointment().member }
}

fn successor(version: u32) -> Successor {
    Successor { version, previous: Digest([5; 32]) }
}

fn withdraw(version: u32) -> Act {
    Act::Withdraw { of: successor(version), digests: vec![Digest([6; 32])] }
}

fn erase(version: u32) -> Act {
    Act::Erase { of: successor(version), digests: vec![Digest([6; 32])] }
}

fn office() -> Act {
    Act::Office(Box::new(standing()))
}

/// With everything that may be left out.
fn office_ended() -> Act {
    let successors = vec![code(7), code(8)];
    Act::Office(Box::new(Standing { suspended: true, successors, follows: Some(successor(2)), ..standing() }))
}

/// The code of some office.
fn code(number: usize) -> String {
    format!("{number:018}")
}

fn every_kind() -> [Act; 14] {
    [
        Act::Genesis(Box::new(genesis())),
        member(),
        member_anew(),
        Act::Publish(content()),
        Act::Publish(Content { review: true, ..content() }),
        Act::Amend(content(), successor(2)),
        withdraw(2),
        erase(2),
        office(),
        office_ended(),
        Act::Policy(policy(1)),
        Act::Appoint(Box::new(appointment())),
        Act::Appoint(Box::new(lent())),
        Act::Member(warranted()),
    ]
}

// Vectors.

/// The act that the vectors describe in words.
fn described(act: &Json) -> Act {
    let digests = || described_digests(act);
    let successor = || described_successor(act).unwrap();
    let content = || Content {
        kind: text(&act["kind"]).to_owned(),
        template: digest(&act["template"]),
        open: act["open"].as_object().unwrap().iter().map(|(key, v)| (key.clone(), value(v))).collect(),
        digests: digests(),
        review: act["review"].as_bool().unwrap_or(false),
    };
    match text(&act["act"]) {
        "genesis" => Act::Genesis(Box::new(described_genesis(act))),
        "member" => Act::Member(described_membership(act)),
        "publish" => Act::Publish(content()),
        "amend" => Act::Amend(content(), successor()),
        "withdraw" => Act::Withdraw { of: successor(), digests: digests() },
        "erase" => Act::Erase { of: successor(), digests: digests() },
        "office" => {
            let follows = described_successor(act);
            Act::Office(Box::new(Standing { follows, ..described_standing(act) }))
        }
        "policy" => Act::Policy(NumberedPolicy {
            number: act["number"].as_u64().unwrap(),
            text: text(&act["text"]).to_owned(),
        }),
        "appoint" => Act::Appoint(Box::new(described_appointment(act))),
        other => panic!("{other}"),
    }
}

fn described_digests(act: &Json) -> Vec<Digest> {
    act["digests"].as_array().unwrap().iter().map(digest).collect()
}

/// Of an act that is no first one.
fn described_successor(act: &Json) -> Option<Successor> {
    let version = u32::try_from(act["version"].as_u64()?).unwrap();
    Some(Successor { version, previous: digest(&act["previous"]) })
}

fn described_membership(act: &Json) -> Membership {
    let member = Member::new(key(&act["key"]), roles(&act["roles"]));
    Membership {
        member: Member { acting: acting(&act["acting"]), ..member },
        suspended: act["suspended"].as_bool().unwrap_or(false),
        digests: described_digests(act),
        follows: described_successor(act),
        warrant: act["warrant"].is_object().then(|| Box::new(described_warrant(&act["warrant"]))),
    }
}

fn described_warrant(warrant: &Json) -> Warrant {
    Warrant {
        statement: bytes(&warrant["statement"]),
        proof: text(&warrant["proof"]).to_owned(),
        roster: bytes(&warrant["roster"]),
    }
}

fn described_appointment(act: &Json) -> Appointment {
    Appointment {
        code: text(&act["code"]).to_owned(),
        size: act["size"].as_u64().unwrap(),
        roster: digest(&act["roster"]),
        person: text(&act["person"]).parse().unwrap(),
        member: described_membership(&act["member"]),
        lender: act["lender"].as_str().map(str::to_owned),
    }
}

fn described_genesis(act: &Json) -> Genesis {
    let keys = &act["keys"];
    assert_eq!(act["suite"], SUITE);
    Genesis {
        code: text(&act["code"]).to_owned(),
        name: text(&act["name"]).to_owned(),
        realm: text(&act["realm"]).to_owned(),
        keys: OfficeKeys { founding: key(&keys["founding"]), host: described_keys(keys) },
    }
}

fn described_keys(keys: &Json) -> CertifiedKeys {
    CertifiedKeys {
        delivery: text(&keys["delivery"]).to_owned(),
        log: key(&keys["log"]),
        receipt: key(&keys["receipt"]),
        transport: key(&keys["transport"]),
        witness: key(&keys["witness"]),
    }
}

/// As if it were the first act about the office.
fn described_standing(act: &Json) -> Standing {
    let codes = act["successors"].as_array().into_iter().flatten();
    Standing {
        code: text(&act["code"]).to_owned(),
        name: text(&act["name"]).to_owned(),
        ledger: digest(&act["ledger"]),
        keys: described_keys(&act["keys"]),
        head: Base { size: act["head"][0].as_u64().unwrap(), root: digest(&act["head"][1]) },
        roster: digest(&act["roster"]),
        suspended: act["suspended"].as_bool().unwrap_or(false),
        successors: codes.map(|code| text(code).to_owned()).collect(),
        follows: None,
    }
}

#[test]
fn acts_are_those_of_the_vectors_both_ways() {
    let mut words = BTreeSet::new();
    for case in statements(&vectors()) {
        let (act, bytes) = (described(&case["act"]), bytes(&case["act_hex"]));
        assert_eq!(Act::parse(&bytes), Ok(act.clone()), "{}", case["why"]);
        assert_eq!(act.to_bytes(), bytes, "{}", case["why"]);
        assert_eq!(case["act"]["act"], act.word());
        words.insert(act.word());
    }
    assert_eq!(words, every_kind().iter().map(Act::word).collect());
}

// Refusals. That a vector refuses an act is tested with statements.

/// The act with one field set, or taken away.
fn with(act: &Act, key: &str, value: Option<Value>) -> Result<Act, ActError> {
    let Value::Map(mut entries) = cbor::decode(&act.to_bytes(), MAX_BYTES).unwrap() else { panic!() };
    entries.retain(|(k, _)| k.as_text() != Some(key));
    entries.extend(value.map(|value| (Value::text(key), value)));
    Act::parse(&cbor::encode(&Value::Map(entries)))
}

fn missing(key: &str) -> Result<Act, ActError> {
    Err(FieldError::Missing(key.to_owned()).into())
}

fn malformed(key: &str) -> Result<Act, ActError> {
    Err(FieldError::Malformed(key.to_owned()).into())
}

/// Where it says nothing.
const MAY_BE_LEFT_OUT: [&str; 6] = ["acting", "suspended", "successors", "review", "lender", "warrant"];

/// Maps within an act.
const MAPS: [&str; 3] = ["keys", "member", "warrant"];

#[test]
fn what_says_nothing_is_left_out() {
    let Act::Member(membership) = member_anew() else { panic!() };
    let plain = Member { acting: None, ..membership.member.clone() };
    let plain = Act::Member(Membership { member: plain, suspended: false, follows: None, ..membership });
    let keys = |act: &Act| {
        let Value::Map(entries) = cbor::decode(&act.to_bytes(), MAX_BYTES).unwrap() else { panic!() };
        entries.iter().map(|(key, _)| key.as_text().unwrap().to_owned()).collect::<BTreeSet<_>>()
    };
    assert_eq!(keys(&plain), ["act", "digests", "key", "roles"].map(str::to_owned).into());
    assert_eq!(with(&plain, "suspended", Some(Value::Bool(false))), malformed("suspended"));
    assert_eq!(with(&plain, "version", Some(Value::Int(1))), malformed("version"));
    assert_eq!(with(&plain, "version", Some(Value::Int(2))), missing("previous"));
    assert_eq!(with(&plain, "previous", Some(Value::bytes([0; 32]))), Err(FieldError::Unknown.into()));
    assert_eq!(with(&member_anew(), "version", None), Err(FieldError::Unknown.into()));
    let publish = Act::Publish(content());
    assert_eq!(with(&publish, "review", Some(Value::Bool(false))), malformed("review"));
    let first = ["act", "code", "head", "keys", "ledger", "name", "roster"];
    assert_eq!(keys(&office()), first.map(str::to_owned).into());
    assert_eq!(with(&office(), "suspended", Some(Value::Bool(false))), malformed("suspended"));
    assert_eq!(with(&office(), "version", Some(Value::Int(1))), malformed("version"));
    assert_eq!(with(&office(), "version", Some(Value::Int(2))), missing("previous"));
    assert_eq!(with(&office_ended(), "version", None), Err(FieldError::Unknown.into()));
}

#[test]
fn every_field_is_needed_and_none_is_surplus() {
    for act in every_kind() {
        let Value::Map(entries) = cbor::decode(&act.to_bytes(), MAX_BYTES).unwrap() else { panic!() };
        for (key, _) in &entries {
            let key = key.as_text().unwrap();
            // Without its number, an act about a person or an office is a first one, and
            // says more than it may.
            let makes_another = matches!(act.word(), "member" | "office") && key == "version";
            if !makes_another && !MAY_BE_LEFT_OUT.contains(&key) {
                assert_eq!(with(&act, key, None), missing(key), "{}", act.word());
            }
            let refused = if MAPS.contains(&key) { Err(FieldError::NotAMap.into()) } else { malformed(key) };
            assert_eq!(with(&act, key, Some(Value::bytes([0; 31]))), refused, "{}", act.word());
        }
        let unknown = with(&act, "more", Some(Value::Null));
        assert_eq!(unknown, Err(FieldError::Unknown.into()), "{}", act.word());
    }
}

#[test]
fn every_field_within_is_needed_and_none_is_surplus() {
    for (act, map) in [
        (Act::Appoint(Box::new(appointment())), "member"),
        (Act::Appoint(Box::new(lent())), "member"),
        (Act::Member(warranted()), "warrant"),
    ] {
        let Value::Map(entries) = cbor::decode(&act.to_bytes(), MAX_BYTES).unwrap() else { panic!() };
        let within = entries.iter().find(|(key, _)| key.as_text() == Some(map)).unwrap().1.clone();
        let Value::Map(within) = within else { panic!() };
        let saying = |entries: Vec<(Value, Value)>| with(&act, map, Some(Value::Map(entries)));
        assert_eq!(saying(within.clone()).as_ref(), Ok(&act));
        for (name, _) in &within {
            let name = name.as_text().unwrap();
            let others = within.iter().filter(|(key, _)| key.as_text() != Some(name)).cloned();
            let others: Vec<_> = others.collect();
            // Without its number, what is said is a first act, and says more than it may.
            let refused = if name == "version" { Err(FieldError::Unknown.into()) } else { missing(name) };
            assert_eq!(saying(others.clone()), refused);
            let wrong = (Value::text(name), Value::Bool(true));
            assert_eq!(saying([others, vec![wrong]].concat()), malformed(name));
        }
        for surplus in ["more", "acting", "suspended", "warrant", "act"] {
            let more = vec![(Value::text(surplus), Value::Bool(true))];
            assert_eq!(saying([within.clone(), more].concat()), Err(FieldError::Unknown.into()));
        }
    }
}

#[test]
fn an_act_of_another_kind_is_not_read() {
    let unknown = with(&member(), "act", Some(Value::text("Member")));
    assert_eq!(unknown, Err(ActError::UnknownKind("Member".to_owned())));
    // A publish that calls itself an amendment lacks what one must have.
    let publish = Act::Publish(content());
    assert_eq!(with(&publish, "act", Some(Value::text("amend"))), malformed("version"));
    let amend = Act::Amend(content(), successor(2));
    assert_eq!(with(&amend, "act", Some(Value::text("publish"))), malformed("version"));
    assert_eq!(with(&amend, "act", Some(Value::text("withdraw"))), Err(FieldError::Unknown.into()));
}

#[test]
fn versions_count_from_one_and_amendments_from_two() {
    let parsed = |act: &Act| Act::parse(&act.to_bytes()).map(|act| act.version());
    assert_eq!(parsed(&Act::Publish(content())), Ok(Some(1)));
    assert_eq!(parsed(&Act::Amend(content(), successor(2))), Ok(Some(2)));
    assert_eq!(parsed(&Act::Amend(content(), successor(u32::MAX))), Ok(Some(u32::MAX)));
    assert_eq!(parsed(&withdraw(1)), Ok(Some(1)));
    assert_eq!(parsed(&member()), Ok(None));
    assert_eq!(parsed(&office_ended()), Ok(None));
    for version in [0, 1] {
        let act = Act::Amend(content(), successor(version));
        assert_eq!(Act::parse(&act.to_bytes()), malformed("version"));
    }
    assert_eq!(Act::parse(&withdraw(0).to_bytes()), malformed("version"));
    assert_eq!(with(&withdraw(1), "version", Some(Value::Int(1 << 32))), malformed("version"));
    assert_eq!(with(&withdraw(1), "version", Some(Value::Int(-1))), malformed("version"));
}

#[test]
fn digests_are_sorted_unique_and_not_too_many() {
    let digests = |list: Vec<Digest>| {
        let act = Act::Publish(Content { digests: list, ..content() });
        Act::parse(&act.to_bytes()).map(|act| act.digests().len())
    };
    let numbered = |n: usize| {
        let mut digest = Digest([0; 32]);
        digest.0[..8].copy_from_slice(&n.to_be_bytes());
        digest
    };
    let refused = || Err(FieldError::Malformed("digests".to_owned()).into());
    assert_eq!(digests(Vec::new()), Ok(0));
    assert_eq!(digests((0..MAX_DIGESTS).map(numbered).collect()), Ok(MAX_DIGESTS));
    assert_eq!(digests((0..=MAX_DIGESTS).map(numbered).collect()), refused());
    assert_eq!(digests(vec![numbered(2), numbered(1)]), refused());
    assert_eq!(digests(vec![numbered(1), numbered(1)]), refused());
}

#[test]
fn names_and_open_keys_are_short_and_not_empty() {
    let genesis = Act::Genesis(Box::new(genesis()));
    for key in ["code", "name", "realm"] {
        let named = |text: String| with(&genesis, key, Some(Value::Text(text)));
        assert!(named("x".repeat(400)).is_ok());
        assert_eq!(named("x".repeat(401)), malformed(key));
        assert_eq!(named(String::new()), malformed(key));
    }
    let publish = Act::Publish(content());
    let open = |key: String| with(&publish, "open", Some(Value::map([(key.as_str(), Value::Int(1))])));
    assert!(open("x".repeat(400)).is_ok());
    assert_eq!(open("x".repeat(401)), malformed("open"));
    assert_eq!(open(String::new()), malformed("open"));
}

#[test]
fn open_values_are_plain() {
    let publish = Act::Publish(content());
    let open = |value: Value| with(&publish, "open", Some(Value::map([("x", value)])));
    for plain in [Value::text(""), Value::Int(i64::MIN), Value::Bool(true), Value::Null] {
        assert_eq!(open(plain.clone()).unwrap().content().unwrap().open["x"], plain);
    }
    let tagged = Value::Tag(0, Box::new(Value::text("2026-01-01")));
    for other in [Value::bytes([1]), Value::Array(Vec::new()), Value::Map(Vec::new()), tagged] {
        assert_eq!(open(other), malformed("open"));
    }
}

#[test]
fn a_member_has_known_roles_in_order() {
    let held = |words: &[&str]| {
        let words = words.iter().map(|word| Value::text(*word)).collect();
        with(&member(), "roles", Some(Value::Array(words)))
    };
    assert!(held(&["approver", "auditor", "drafter", "reviewer", "security-admin", "system-admin"]).is_ok());
    for words in [&[][..], &["drafter", "approver"], &["drafter", "drafter"], &["mayor"], &["经办人"]] {
        assert_eq!(held(words), malformed("roles"), "{words:?}");
    }
}

#[test]
fn a_genesis_certifies_its_keys_and_no_others() {
    let genesis = Act::Genesis(Box::new(genesis()));
    let Value::Map(entries) = cbor::decode(&genesis.to_bytes(), MAX_BYTES).unwrap() else { panic!() };
    let keys = entries.iter().find(|(key, _)| key.as_text() == Some("keys")).unwrap().1.clone();
    let Value::Map(keys) = keys else { panic!() };
    let with_keys = |keys: Vec<(Value, Value)>| with(&genesis, "keys", Some(Value::Map(keys)));
    assert_eq!(with_keys(keys.clone()), Ok(genesis.clone()));
    for (name, _) in &keys {
        let others = keys.iter().filter(|(key, _)| key != name).cloned();
        assert_eq!(with_keys(others.collect()), missing(name.as_text().unwrap()));
    }
    let spare = (Value::text("spare"), Value::bytes([0; 32]));
    assert_eq!(with_keys([keys, vec![spare]].concat()), Err(FieldError::Unknown.into()));
    assert_eq!(with(&genesis, "keys", Some(Value::Null)), Err(FieldError::NotAMap.into()));
    assert_eq!(with(&genesis, "suite", Some(Value::text("sm2-sm3"))), malformed("suite"));
}

#[test]
fn an_office_is_certified_with_the_keys_of_its_host_and_no_others() {
    let Value::Map(keys) = standing().keys.to_value() else { panic!() };
    let with_keys = |keys: Vec<(Value, Value)>| with(&office(), "keys", Some(Value::Map(keys)));
    assert_eq!(with_keys(keys.clone()), Ok(office()));
    for (name, _) in &keys {
        let others = keys.iter().filter(|(key, _)| key != name).cloned();
        assert_eq!(with_keys(others.collect()), missing(name.as_text().unwrap()));
    }
    let founding = (Value::text("founding"), Value::bytes([0; 32]));
    assert_eq!(with_keys([keys, vec![founding]].concat()), Err(FieldError::Unknown.into()));
}

#[test]
fn an_office_has_a_code_and_a_head() {
    let coded = |code: &str| with(&office(), "code", Some(Value::text(code)));
    assert!(coded("ABCDEFGHIJKLMNOPQR").is_ok());
    for wrong in
        ["", "register", "11330100MB0000001", "11330100MB0000001A0", "11330100mb0000001a", "某局某局某局"]
    {
        assert_eq!(coded(wrong), malformed("code"), "{wrong:?}");
    }
    let (size, root) = (Value::Int(4), Value::bytes([0; 32]));
    let headed = |head: Vec<Value>| with(&office(), "head", Some(Value::Array(head)));
    assert!(headed(vec![Value::Int(0), root.clone()]).is_ok());
    for wrong in [
        Vec::new(),
        vec![size.clone()],
        vec![root.clone(), size.clone()],
        vec![size.clone(), root.clone(), Value::Null],
        vec![Value::Int(-1), root],
        vec![size, Value::bytes([0; 31])],
    ] {
        assert_eq!(headed(wrong.clone()), malformed("head"), "{wrong:?}");
    }
}

#[test]
fn successors_are_of_an_office_that_ended() {
    let list = |codes: Vec<String>| Some(Value::Array(codes.into_iter().map(Value::Text).collect()));
    let followed = |codes: Vec<String>| with(&office_ended(), "successors", list(codes));
    assert!(followed((0..MAX_SUCCESSORS).map(code).collect()).is_ok());
    for wrong in [
        Vec::new(),
        (0..=MAX_SUCCESSORS).map(code).collect(),
        vec![code(2), code(1)],
        vec![code(1), code(1)],
        vec![code(1), "register".to_owned()],
        vec![code(1)[1..].to_owned()],
    ] {
        assert_eq!(followed(wrong.clone()), malformed("successors"), "{wrong:?}");
    }
    assert_eq!(with(&office(), "successors", list(vec![code(1)])), malformed("successors"));
    assert_eq!(with(&office_ended(), "suspended", None), malformed("successors"));
    let digits = Some(Value::Array(vec![Value::Int(1)]));
    assert_eq!(with(&office_ended(), "successors", digits), malformed("successors"));
}

#[test]
fn a_policy_has_a_number_and_a_text_that_is_not_too_long() {
    let policy = Act::Policy(policy(1));
    let numbered = |number| with(&policy, "number", Some(Value::Int(number)));
    assert!(numbered(i64::MAX).is_ok());
    for wrong in [0, -1, i64::MIN] {
        assert_eq!(numbered(wrong), malformed("number"));
    }
    let saying = |text: String| with(&policy, "text", Some(Value::Text(text)));
    assert!(saying("x".repeat(MAX_POLICY)).is_ok());
    assert_eq!(saying("x".repeat(MAX_POLICY + 1)), malformed("text"));
    // Bytes, not characters.
    assert_eq!(saying("信".repeat(MAX_POLICY / 3 + 1)), malformed("text"));
    assert_eq!(saying(String::new()), malformed("text"));
}

#[test]
fn only_deterministic_cbor_is_read() {
    let bytes = Act::Publish(content()).to_bytes();
    let refused = |bytes: &[u8]| match Act::parse(bytes) {
        Err(ActError::Cbor(error)) => error,
        other => panic!("{other:?}"),
    };
    assert!(matches!(refused(&[&bytes[..], &[0]].concat()), CborError::Trailing { .. }));
    assert!(matches!(refused(&bytes[..bytes.len() - 1]), CborError::Truncated { .. }));
    assert!(matches!(
        refused(&[&[0xb8, bytes[0] & 0x1f], &bytes[1..]].concat()),
        CborError::NotShortest { at: 0 }
    ));
    assert!(matches!(refused(&vec![0; MAX_BYTES + 1]), CborError::TooLong { .. }));
    assert_eq!(Act::parse(&[0x80]), Err(FieldError::NotAMap.into()));
}

// Algebra.

fn any_digest() -> impl Strategy<Value = Digest> {
    any::<[u8; 32]>().prop_map(Digest)
}

fn any_digests() -> impl Strategy<Value = Vec<Digest>> {
    proptest::collection::btree_set(any_digest(), 0..8).prop_map(|set| set.into_iter().collect())
}

fn any_key() -> impl Strategy<Value = PublicKey> {
    any::<[u8; 32]>().prop_map(PublicKey)
}

fn any_plain() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<String>().prop_map(Value::Text),
        any::<i64>().prop_map(Value::Int),
        any::<bool>().prop_map(Value::Bool),
        Just(Value::Null),
    ]
}

fn any_content() -> impl Strategy<Value = Content> {
    let open = proptest::collection::btree_map("\\PC{1,20}", any_plain(), 0..6);
    ("\\PC{1,30}", any_digest(), open, any_digests(), any::<bool>())
        .prop_map(|(kind, template, open, digests, review)| Content { kind, template, open, digests, review })
}

fn any_successor(from: u32) -> impl Strategy<Value = Successor> {
    (from.., any_digest()).prop_map(|(version, previous)| Successor { version, previous })
}

fn any_name() -> impl Strategy<Value = String> {
    "\\PC{1,40}"
}

fn any_host() -> impl Strategy<Value = CertifiedKeys> {
    (any_name(), any::<[[u8; 32]; 4]>()).prop_map(|(delivery, keys)| {
        let [log, receipt, transport, witness] = keys.map(PublicKey);
        CertifiedKeys { delivery, log, receipt, transport, witness }
    })
}

fn any_genesis() -> impl Strategy<Value = Genesis> {
    let keys = (any_key(), any_host()).prop_map(|(founding, host)| OfficeKeys { founding, host });
    (any_name(), any_name(), any_name(), keys).prop_map(|(code, name, realm, keys)| Genesis {
        code,
        name,
        realm,
        keys,
    })
}

fn any_code() -> impl Strategy<Value = String> {
    "[0-9A-Z]{18}"
}

/// How an office stands: it goes on, or ended and is followed by some.
fn any_end() -> impl Strategy<Value = (bool, Vec<String>)> {
    let codes = proptest::collection::btree_set(any_code(), 0..4);
    prop_oneof![
        Just((false, Vec::new())),
        codes.prop_map(|codes| (true, codes.into_iter().collect::<Vec<_>>())),
    ]
}

fn any_standing() -> impl Strategy<Value = Standing> {
    let head = (0..=i64::MAX.unsigned_abs(), any_digest()).prop_map(|(size, root)| Base { size, root });
    let follows = proptest::option::of(any_successor(2));
    let digests = (any_digest(), any_digest());
    ((any_code(), any_name()), digests, any_host(), head, any_end(), follows).prop_map(
        |((code, name), (ledger, roster), keys, head, (suspended, successors), follows)| Standing {
            code,
            name,
            ledger,
            keys,
            head,
            roster,
            suspended,
            successors,
            follows,
        },
    )
}

fn any_policy() -> impl Strategy<Value = NumberedPolicy> {
    let number = 1..=i64::MAX.unsigned_abs();
    (number, "(\\PC|\n){1,200}").prop_map(|(number, text)| NumberedPolicy { number, text })
}

fn any_member() -> impl Strategy<Value = Member> {
    let roles = proptest::collection::btree_set(proptest::sample::select(Role::ALL.to_vec()), 1..=6);
    let acting = proptest::option::of((0..u64::from(u32::MAX), 1..u64::from(u32::MAX)));
    let acting = acting.prop_map(|acting| acting.map(|(from, long)| Acting { from, until: from + long }));
    (any_key(), roles, acting).prop_map(|(key, roles, acting)| Member { key, roles, acting })
}

fn any_membership() -> impl Strategy<Value = Membership> {
    let follows = proptest::option::of(any_successor(2));
    let warrant = proptest::option::of(any_warrant().prop_map(Box::new));
    (any_member(), any::<bool>(), any_digests(), follows, warrant).prop_map(
        |(member, suspended, digests, follows, warrant)| Membership {
            member,
            suspended,
            digests,
            follows,
            warrant,
        },
    )
}

fn any_warrant() -> impl Strategy<Value = Warrant> {
    let bytes = || proptest::collection::vec(any::<u8>(), 0..100);
    (bytes(), ".{0,50}", bytes()).prop_map(|(statement, proof, roster)| Warrant { statement, proof, roster })
}

fn any_appointment() -> impl Strategy<Value = Appointment> {
    let code = || "[0-9A-Z]{18}";
    let (ids, lender) = (any::<([u8; 32], [u8; 16])>(), proptest::option::of(code()));
    let size = 1..=u64::MAX >> 1;
    (code(), size, ids, any_membership(), lender).prop_map(|(code, size, (roster, person), said, lender)| {
        let member = Member { acting: None, ..said.member };
        let member = Membership { member, suspended: false, warrant: None, ..said };
        Appointment { code, size, roster: Digest(roster), person: Id(person), member, lender }
    })
}

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        any_genesis().prop_map(|genesis| Act::Genesis(Box::new(genesis))),
        any_membership().prop_map(Act::Member),
        any_content().prop_map(Act::Publish),
        (any_content(), any_successor(2)).prop_map(|(content, successor)| Act::Amend(content, successor)),
        (any_successor(1), any_digests()).prop_map(|(of, digests)| Act::Withdraw { of, digests }),
        (any_successor(1), any_digests()).prop_map(|(of, digests)| Act::Erase { of, digests }),
        any_standing().prop_map(|standing| Act::Office(Box::new(standing))),
        any_policy().prop_map(Act::Policy),
        any_appointment().prop_map(|appointment| Act::Appoint(Box::new(appointment))),
    ]
}

#[test]
fn an_appointment_says_what_a_member_act_says() {
    for act in
        [Act::Appoint(Box::new(appointment())), Act::Appoint(Box::new(lent())), Act::Member(warranted())]
    {
        assert_eq!(Act::parse(&act.to_bytes()).as_ref(), Ok(&act));
    }
    let act = Act::Appoint(Box::new(lent()));
    assert_eq!(with(&act, "lender", Some(Value::text("somebody"))), malformed("lender"));
}

proptest! {
    #[test]
    fn acts_round_trip(act in any_act()) {
        prop_assert_eq!(Act::parse(&act.to_bytes()), Ok(act));
    }

    #[test]
    fn certified_keys_round_trip(keys in any_host()) {
        prop_assert_eq!(CertifiedKeys::of_value(keys.to_value()), Ok(keys));
    }

    #[test]
    fn what_is_read_is_written_again(act in any_act(), at in any::<prop::sample::Index>(), flip in 1_u8..) {
        let mut bytes = act.to_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        if let Ok(other) = Act::parse(&bytes) {
            prop_assert_eq!(other.to_bytes(), bytes);
            prop_assert_ne!(other, act);
        }
    }

    #[test]
    fn no_bytes_panic(bytes: Vec<u8>) {
        let _ = Act::parse(&bytes);
    }
}
