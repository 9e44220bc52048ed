//! Invitations, answers and digits: read as written, and as the vectors say.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::Value as Json;
use yinxin_record::Digest;
use yinxin_record::digits::{Digits, NotDigits};
use yinxin_record::invitation::{Answer, Invitation, LONGEST, MAX_BYTES};
use yinxin_record::key::SecretKey;
use yinxin_record::roster::Role;

fn vectors() -> Json {
    serde_json::from_str(include_str!("../../../../tests/vectors/invitation.json")).unwrap()
}

fn bytes(value: &Json) -> Vec<u8> {
    hex::decode(value.as_str().unwrap()).unwrap()
}

fn cases<'a>(vectors: &'a Json, list: &str) -> impl Iterator<Item = (&'a str, Vec<u8>)> {
    let all = vectors[list].as_array().unwrap();
    assert!(all.len() > 3);
    all.iter().map(|case| (case["why"].as_str().unwrap(), bytes(&case["hex"])))
}

/// What a vector says in plain words.
fn described(fields: &Json) -> Invitation {
    let text = |key: &str| fields[key].as_str().unwrap().to_owned();
    let roles = fields["roles"].as_array().unwrap().iter();
    Invitation {
        origin: text("origin").parse().unwrap(),
        genesis: text("genesis").parse().unwrap(),
        office: text("office"),
        nonce: text("nonce").parse().unwrap(),
        member: text("member").parse().unwrap(),
        name: text("name"),
        post: fields["post"].as_str().map(str::to_owned),
        roles: roles.map(|role| Role::of_word(role.as_str().unwrap()).unwrap()).collect(),
        issued: fields["issued"].as_u64().unwrap(),
        expires: fields["expires"].as_u64().unwrap(),
    }
}

#[test]
fn they_are_those_of_the_vectors_both_ways() {
    let vectors = vectors();
    let key = SecretKey::from_seed(bytes(&vectors["seed"]).as_slice().try_into().unwrap());
    for case in vectors["good"].as_array().unwrap() {
        let (file, invitation) = (bytes(&case["invitation"]), described(&case["fields"]));
        assert_eq!(Invitation::parse(&file), Ok(invitation.clone()));
        assert_eq!(invitation.to_bytes(), file);
        let answer = Answer::sign(&invitation, &file, &key).unwrap();
        assert_eq!(answer.to_bytes(), bytes(&case["answer"]));
        assert_eq!(Answer::parse(&answer.to_bytes()), Ok(answer.clone()));
        assert!(answer.is_proved());
        assert_eq!(answer.invitation, Digest::of(&file));
        assert_eq!(Digits::of_answer(&answer.to_bytes()).to_string(), case["digits"].as_str().unwrap());
    }
}

#[test]
fn what_is_bad_is_not_read_or_not_proved() {
    let vectors = vectors();
    for (why, bytes) in cases(&vectors, "bad_invitations") {
        assert!(Invitation::parse(&bytes).is_err(), "{why}");
    }
    for (why, bytes) in cases(&vectors, "bad_answers") {
        assert!(Answer::parse(&bytes).is_err(), "{why}");
    }
    for (why, bytes) in cases(&vectors, "unproved") {
        assert!(!Answer::parse(&bytes).unwrap().is_proved(), "{why}");
    }
}

#[test]
fn digits_are_read_as_they_are_typed() {
    let digits = Digits::of_answer(b"x");
    let shown = digits.to_string();
    assert_eq!(shown.len(), 24);
    let full_width: String = shown
        .chars()
        .map(|c| c.to_digit(10).map_or(c, |digit| char::from_u32('０' as u32 + digit).unwrap()))
        .collect();
    for typed in [shown.clone(), shown.replace(' ', ""), shown.replace(' ', "-"), full_width] {
        assert_eq!(typed.parse(), Ok(digits), "{typed}");
    }
    let too = |typed: &str| typed.parse::<Digits>().unwrap_err();
    assert_eq!(too(""), NotDigits { found: Some(0) });
    assert_eq!(too(&shown[..23]), NotDigits { found: Some(19) });
    assert_eq!(too(&format!("{shown}0")), NotDigits { found: Some(21) });
    assert_eq!(too(&"9".repeat(10_000)), NotDigits { found: Some(10_000) });
    assert_eq!(too("1234 5678 9012 3456 789a"), NotDigits { found: None });
}

#[test]
fn each_digit_is_there_as_often_as_any_other() {
    let all: Vec<String> = (0..2_000_u32).map(|n| Digits::of_answer(&n.to_be_bytes()).to_string()).collect();
    for place in (0..24).filter(|place| place % 5 != 4) {
        let mut counts = [0_u32; 10];
        for shown in &all {
            counts[shown.as_bytes()[place] as usize - usize::from(b'0')] += 1;
        }
        // 200 each, give or take five standard deviations.
        assert!(counts.iter().all(|count| (133..=267).contains(count)), "{place}: {counts:?}");
    }
}

fn invitations() -> impl Strategy<Value = Invitation> {
    let roles = prop::sample::subsequence(&[Role::Approver, Role::Drafter, Role::Reviewer][..], 1..=3);
    let post = prop::option::of("[一-龥a-z]{1,30}");
    let times = (0..4_102_444_800_u64, 1..=LONGEST);
    ("[一-龥a-z]{1,100}", post, roles, times, any::<[u8; 16]>()).prop_map(
        |(name, post, roles, (issued, lasts), nonce)| Invitation {
            origin: "wuhan/11420100MB0889006F".parse().unwrap(),
            genesis: Digest::of(&nonce),
            office: "武汉市民政局".to_owned(),
            nonce: yinxin_record::Id(nonce),
            member: yinxin_record::Id([3; 16]),
            name,
            post,
            roles: roles.into_iter().collect::<BTreeSet<_>>(),
            issued,
            expires: issued + lasts,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn there_is_one_spelling(invitation in invitations()) {
        let file = invitation.to_bytes();
        prop_assert!(file.len() <= MAX_BYTES);
        prop_assert_eq!(Invitation::parse(&file), Ok(invitation));
    }

    /// Whatever is changed on the way is seen.
    #[test]
    fn a_flipped_bit_is_another_invitation_and_no_answer(invitation in invitations(), at: prop::sample::Index) {
        let file = invitation.to_bytes();
        let mut changed = file.clone();
        let bit = at.index(file.len() * 8);
        changed[bit / 8] ^= 1 << (bit % 8);
        prop_assert_ne!(Invitation::parse(&changed), Ok(invitation.clone()));
        let key = SecretKey::from_seed(&[9; 32]);
        let answer = Answer::sign(&invitation, &file, &key).unwrap().to_bytes();
        let mut changed = answer.clone();
        let bit = at.index(answer.len() * 8);
        changed[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(!Answer::parse(&changed).is_ok_and(|answer| answer.is_proved()));
        prop_assert_ne!(Digits::of_answer(&changed), Digits::of_answer(&answer));
    }

    #[test]
    fn any_bytes_are_read_without_panic(bytes: Vec<u8>) {
        let _ = (Invitation::parse(&bytes), Answer::parse(&bytes));
    }

    #[test]
    fn any_text_is_digits_or_not(text: String) {
        let _ = text.parse::<Digits>();
    }
}
