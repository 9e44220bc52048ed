//! Policies against tests/vectors/policy.json.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what tests share may fail a test")]

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::Value;
use yinxin_ledger::note::{KeyKind, VerifierKey};
use yinxin_ledger::policy::{LineFault, MAX_LINES, MAX_POLICY, Policy, PolicyError};
use yinxin_record::key::{SecretKey, Signer as _};

const VECTORS: &str = include_str!("../../../../tests/vectors/policy.json");

fn vectors() -> Value {
    serde_json::from_str(VECTORS).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn names(value: &Value) -> BTreeSet<String> {
    value.as_array().unwrap().iter().map(|name| text(name).to_owned()).collect()
}

fn named(error: &PolicyError) -> String {
    let (line, error) = match error {
        PolicyError::Line { line, fault } => (format!("{line} "), format!("{fault:?}")),
        other => (String::new(), format!("{other:?}")),
    };
    line + error.split(|c: char| !c.is_alphanumeric()).next().unwrap()
}

fn key(name: &str, kind: KeyKind, seed: u8) -> VerifierKey {
    VerifierKey::new(name, kind, SecretKey::from_seed(&[seed; 32]).public_key()).unwrap()
}

#[test]
fn policies() {
    for case in vectors()["policies"].as_array().unwrap() {
        let policy = Policy::parse(text(&case["text"])).unwrap();
        assert_eq!(policy.number.to_string(), text(&case["number"]), "{}", case["why"]);
        for quorum in case["quorum"].as_array().unwrap() {
            let witnessed = names(&quorum["witnessed"]);
            let (have, need) = policy.quorum_progress(&witnessed);
            assert_eq!(have as u64, quorum["have"].as_u64().unwrap(), "{} {witnessed:?}", case["why"]);
            assert_eq!(need as u64, quorum["need"].as_u64().unwrap(), "{} {witnessed:?}", case["why"]);
            assert_eq!(policy.quorum_met(&witnessed), quorum["met"].as_bool().unwrap());
        }
        assert_eq!(Policy::parse(&policy.to_text()), Ok(policy.clone()), "{}", case["why"]);
        if let Some(canonical) = case["canonical"].as_str() {
            assert_eq!(policy.to_text(), canonical);
        }
    }
}

#[test]
fn bad_policies() {
    for case in vectors()["bad"].as_array().unwrap() {
        let error = Policy::parse(text(&case["text"])).unwrap_err();
        assert_eq!(named(&error), text(&case["error"]), "{}", case["why"]);
    }
}

#[test]
fn bounds() {
    let policy = |fill: &str| format!("# yinxin-policy 1\nquorum none\n{fill}");
    assert!(Policy::parse(&policy(&"\n".repeat(MAX_LINES - 2))).is_ok());
    assert_eq!(Policy::parse(&policy(&"\n".repeat(MAX_LINES - 1))), Err(PolicyError::TooLong));
    let spare = MAX_POLICY - policy("#\n").len();
    assert!(Policy::parse(&policy(&format!("#{}\n", " ".repeat(spare)))).is_ok());
    assert_eq!(Policy::parse(&policy(&format!("#{}\n", " ".repeat(spare + 1)))), Err(PolicyError::TooLong));
}

/// Groups in groups as deep as a policy can have them.
#[test]
fn deep_groups() {
    let witness = key("w", KeyKind::Cosigner, 1);
    let mut policy = format!("# yinxin-policy 1\nwitness g0 {witness}\n");
    for i in 1..1000 {
        policy += &format!("group g{i} all g{}\n", i - 1);
    }
    let policy = Policy::parse(&(policy + "quorum g999\n")).unwrap();
    assert!(policy.quorum_met(&BTreeSet::from(["g0".to_owned()])));
    assert!(!policy.quorum_met(&BTreeSet::new()));
}

#[test]
fn policies_from_keys() {
    let log = key("zhen.example/1", KeyKind::Ed25519, 1);
    let witnesses: Vec<_> = (2..5).map(|i| key(&format!("w{i}.example"), KeyKind::Cosigner, i)).collect();
    let policy = Policy::of(3, std::slice::from_ref(&log), &witnesses, 2).unwrap();
    assert_eq!(policy.number, 3);
    assert_eq!(policy.log("zhen.example/1"), Some(&log));
    assert_eq!(policy.log("zhen.example/2"), None);
    let one = BTreeSet::from(["w2.example".to_owned()]);
    assert_eq!(policy.quorum_progress(&one), (1, 2));
    assert!(!policy.quorum_met(&one));

    let alone = Policy::of(1, std::slice::from_ref(&log), &[], 0).unwrap();
    assert_eq!(alone.to_text(), format!("# yinxin-policy 1\nlog {log}\nquorum none\n"));
    assert!(alone.quorum_met(&BTreeSet::new()));

    assert_eq!(Policy::of(0, &[], &[], 0), Err(PolicyError::NoNumber));
    let fault = |line, fault| Err(PolicyError::Line { line, fault });
    assert_eq!(Policy::of(1, &[], &witnesses, 4), fault(5, LineFault::BadThreshold));
    assert_eq!(Policy::of(1, &[], &witnesses, 0), fault(5, LineFault::BadThreshold));
    assert_eq!(Policy::of(1, &witnesses, &[], 0), fault(2, LineFault::WrongKind));
    let shadow = [key("none", KeyKind::Cosigner, 9)];
    assert_eq!(Policy::of(1, &[], &shadow, 1), fault(2, LineFault::DuplicateName));
}

proptest! {
    #[test]
    fn hostile_policies_are_answered(lines in prop::collection::vec(
        "(log|witness|group|quorum|#|none|any|all|[a-c]|[0-3]|[ \t]|\\PC){0,8}", 0..10,
    )) {
        let policy = format!("# yinxin-policy 1\n{}\nquorum none\n", lines.join("\n"));
        if let Ok(policy) = Policy::parse(&policy) {
            prop_assert_eq!(Policy::parse(&policy.to_text()), Ok(policy));
        }
    }

    /// A further witness never takes a quorum away.
    #[test]
    fn quorums_are_monotone(have in prop::collection::btree_set(0..7_u8, 0..7), more in 0..7_u8) {
        let vectors = vectors();
        let policy = Policy::parse(text(&vectors["policies"][2]["text"])).unwrap();
        let name = |i: &u8| format!("W{i}");
        let before: BTreeSet<String> = have.iter().map(name).collect();
        let mut after = before.clone();
        after.insert(name(&more));
        prop_assert!(policy.quorum_met(&after) || !policy.quorum_met(&before));
    }
}
