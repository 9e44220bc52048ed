//! Check digits against the hand-written vectors, and against every slip of
//! one character.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use serde_json::Value;
use yinxin_record::check_digit::{
    CheckDigitError, check_container, check_identity_number, check_licence_id, check_uscc,
};

type Check = fn(&str) -> Result<(), CheckDigitError>;

const KINDS: [(&str, Check); 4] = [
    ("uscc", check_uscc),
    ("identity_number", check_identity_number),
    ("licence_id", check_licence_id),
    ("container", check_container),
];

fn vectors() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/vectors/check_digits.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn good(kind: &str) -> Vec<String> {
    let vectors = vectors();
    let all = vectors[kind].as_array().unwrap().iter();
    all.filter(|v| v["error"].is_null()).map(|v| v["text"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn vectors_hold() {
    for (kind, check) in KINDS {
        for vector in vectors()[kind].as_array().unwrap() {
            let result = check(vector["text"].as_str().unwrap());
            let error = result.err();
            assert_eq!(error.map(CheckDigitError::kind), vector["error"].as_str(), "{kind}: {vector}");
            if let Some(at) = vector["at"].as_u64() {
                let found = error.and_then(CheckDigitError::position);
                assert_eq!(found.map(|p| p as u64), Some(at), "{kind}: {vector}");
            }
        }
    }
}

/// Every identifier that differs from `text` in one character.
fn slips(text: &str) -> impl Iterator<Item = (usize, String)> + '_ {
    (0..text.len()).flat_map(move |index| {
        let others = ('0'..='9').chain('A'..='Z').chain(['.', ' ', '李']);
        let others = others.filter(move |c| !text[index..].starts_with(*c));
        others.map(move |c| (index, format!("{}{c}{}", &text[..index], &text[index + 1..])))
    })
}

#[test]
fn every_single_slip_is_refused() {
    for (kind, check) in &KINDS[..3] {
        for text in good(kind) {
            for (_, slip) in slips(&text) {
                assert!(check(&slip).is_err(), "{kind}: {slip} passes for {text}");
            }
        }
    }
}

/// ISO 6346 writes remainder 10 as 0 and gives A and K (10 and 21) the same
/// remainder, so only slips that change the printed digit are caught.
#[test]
fn container_slips_pass_only_where_the_standard_lets_them() {
    let caught = |text: &str| slips(text).filter(|(_, slip)| check_container(slip).is_err()).count();
    for text in good("container") {
        let all = slips(&text).count();
        assert!(caught(&text) * 100 > all * 95, "{text}: {} of {all}", caught(&text));
        if !text.ends_with('0') {
            let missed = slips(&text).find(|(at, slip)| *at >= 4 && check_container(slip).is_ok());
            assert_eq!(missed, None);
        }
    }
}

proptest! {
    #[test]
    fn exactly_one_check_character_fits_a_credit_code(body in "[1-9A-GY][1-9][0-9]{6}[0-9A-HJ-NPQRTUWXY]{9}") {
        let fits = |c: char| check_uscc(&format!("{body}{c}")).is_ok();
        prop_assert_eq!(('0'..='9').chain('A'..='Z').filter(|c| fits(*c)).count(), 1);
    }

    #[test]
    fn exactly_one_check_character_fits_a_licence(serial in "[0-9A-Z]{1,30}") {
        let fits = |c: char| check_licence_id(&format!("11100000MB03271699022.340100.{serial}.001.{c}")).is_ok();
        prop_assert_eq!(('0'..='9').chain('A'..='Z').filter(|c| fits(*c)).count(), 1);
    }

    #[test]
    fn exactly_one_check_digit_fits_a_container(body in "[A-Z]{3}[UJZ][0-9]{6}") {
        prop_assert_eq!((0..10).filter(|c| check_container(&format!("{body}{c}")).is_ok()).count(), 1);
    }

    #[test]
    fn nothing_panics(text in "\\PC{0,20}", ascii in "[0-9A-Z.]{0,60}") {
        for (_, check) in KINDS {
            let _ = (check(&text), check(&ascii));
        }
    }
}
