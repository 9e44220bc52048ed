//! Checkpoints and cosignatures against tests/vectors/checkpoint.json.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what tests share may fail a test")]

use proptest::prelude::*;
use serde_json::Value;
use yinxin_ledger::checkpoint::{Checkpoint, CheckpointError};
use yinxin_ledger::cosignature::{self, CosignError, CosignatureError};
use yinxin_ledger::note::{KeyKind, Note, NoteError, VerifierKey, VerifierKeyError};
use yinxin_record::Digest;
use yinxin_record::key::{SecretKey, Signer as _};

const VECTORS: &str = include_str!("../../../../tests/vectors/checkpoint.json");

fn vectors() -> Value {
    serde_json::from_str(VECTORS).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn number(value: &Value) -> u64 {
    text(value).parse().unwrap()
}

fn secret(hex: &Value) -> SecretKey {
    SecretKey::from_seed(&hex::decode(text(hex)).unwrap().try_into().unwrap())
}

/// The name of the innermost error.
fn named(error: &CheckpointError) -> String {
    let name = match error {
        CheckpointError::Note(error) => format!("{error:?}"),
        other => format!("{other:?}"),
    };
    name.chars().take_while(|c| c.is_alphanumeric()).collect()
}

#[test]
fn bodies() {
    for case in vectors()["bodies"].as_array().unwrap() {
        let checkpoint = Checkpoint::parse(text(&case["body"])).unwrap();
        assert_eq!(checkpoint.origin, text(&case["origin_line"]));
        assert_eq!(checkpoint.size, number(&case["size"]));
        assert_eq!(checkpoint.root.to_string(), text(&case["root"]));
        assert_eq!(checkpoint.body(), text(&case["body"]));
    }
}

#[test]
fn bad_bodies() {
    for case in vectors()["bad_bodies"].as_array().unwrap() {
        let error = Checkpoint::parse(text(&case["body"])).unwrap_err();
        assert_eq!(named(&error), text(&case["error"]), "{}", case["why"]);
    }
}

/// The example of the specification, whose keys are not published.
#[test]
fn the_example_is_read() {
    let vectors = vectors();
    let example = &vectors["example"];
    let note = Note::parse(text(&example["note"])).unwrap();
    assert_eq!(note.to_string(), text(&example["note"]));
    let checkpoint = Checkpoint::parse(note.text()).unwrap();
    assert_eq!((checkpoint.origin.as_str(), checkpoint.size), ("example.com/behind-the-sofa", 20_852_163));
    let ids: Vec<String> =
        note.signatures().iter().map(|signature| format!("{:08x}", signature.id)).collect();
    assert_eq!(ids, [text(&example["ids"][0]), text(&example["ids"][1])]);
    let cosignature = &note.signatures()[1].bytes;
    assert_eq!(cosignature.len(), 72);
    assert_eq!(u64::from_be_bytes(cosignature[..8].try_into().unwrap()), number(&example["time"]));
}

#[test]
fn signing_gives_the_known_note() {
    let vectors = vectors();
    let signer = &vectors["signer"];
    let (log, witness) = (secret(&signer["seed"]), secret(&signer["witness_seed"]));
    let expected = text(&signer["note"]);
    let checkpoint = Checkpoint::parse(Note::parse(expected).unwrap().text()).unwrap();
    let mut note = checkpoint.sign(&log).unwrap();
    let cosignature =
        cosignature::sign(&checkpoint, number(&signer["time"]), text(&signer["witness"]), &witness);
    note.add(cosignature.unwrap()).unwrap();
    assert_eq!(note.to_string(), expected);
}

#[test]
fn opening() {
    for case in vectors()["open"].as_array().unwrap() {
        let key = VerifierKey::parse(text(&case["key"])).unwrap();
        let result = match Checkpoint::open(text(&case["note"]), &key) {
            Ok((checkpoint, note)) => {
                assert_eq!(checkpoint.body(), note.text());
                "ok".to_owned()
            }
            Err(error) => named(&error),
        };
        assert_eq!(result, text(&case["result"]), "{}", case["why"]);
    }
}

#[test]
fn cosignatures() {
    for case in vectors()["cosignatures"].as_array().unwrap() {
        let key = VerifierKey::parse(text(&case["key"])).unwrap();
        let note = Note::parse(text(&case["note"])).unwrap();
        let result = match cosignature::verify(&note, &key) {
            Ok(time) => {
                assert_eq!(time, number(&case["time"]), "{}", case["why"]);
                "ok".to_owned()
            }
            Err(CosignatureError::Checkpoint(error)) => named(&error),
            Err(CosignatureError::Note(error)) => named(&error.into()),
        };
        assert_eq!(result, text(&case["result"]), "{}", case["why"]);
    }
}

#[test]
fn what_cannot_be_signed() {
    let secret = SecretKey::from_seed(&[7; 32]);
    let checkpoint = Checkpoint { origin: "example.com/log".to_owned(), size: 1, root: Digest([7; 32]) };
    let late = cosignature::sign(&checkpoint, 1 << 63, "witness", &secret);
    assert_eq!(late, Err(CosignError::BadTime));
    let unnamed = cosignature::sign(&checkpoint, 1, "a witness", &secret);
    assert_eq!(unnamed, Err(CosignError::Key(VerifierKeyError::BadName)));
    for origin in ["", "a b", "a+b", "a\nb"] {
        let checkpoint = Checkpoint { origin: origin.to_owned(), ..checkpoint.clone() };
        assert!(checkpoint.sign(&secret).is_err(), "{origin:?}");
    }
}

/// A failing line under a known witness's name spoils its own cosignature, and
/// is found; it does not make the log's signature fail.
#[test]
fn a_false_cosignature_is_an_error() {
    let (log, witness) = (SecretKey::from_seed(&[1; 32]), SecretKey::from_seed(&[2; 32]));
    let checkpoint = Checkpoint { origin: "example.com/log".to_owned(), size: 1, root: Digest([7; 32]) };
    let mut false_line = cosignature::sign(&checkpoint, 5, "w", &witness).unwrap();
    false_line.bytes[7] = 6;
    let mut note = checkpoint.sign(&log).unwrap();
    note.add(false_line).unwrap();
    let key = VerifierKey::new("w", KeyKind::Cosigner, witness.public_key()).unwrap();
    let bad = CosignatureError::Note(NoteError::BadSignature("w".to_owned()));
    assert_eq!(cosignature::verify(&note, &key), Err(bad));
    let log_key = VerifierKey::new("example.com/log", KeyKind::Ed25519, log.public_key()).unwrap();
    assert!(Checkpoint::open(&note.to_string(), &log_key).is_ok());
}

proptest! {
    #[test]
    fn what_is_written_is_read(origin in "[a-z.]{1,9}/[0-9A-Z]{18}", size in 1..=i64::MAX as u64, root in any::<[u8; 32]>()) {
        let checkpoint = Checkpoint { origin, size, root: Digest(root) };
        prop_assert_eq!(Checkpoint::parse(&checkpoint.body()), Ok(checkpoint));
    }

    #[test]
    fn only_one_spelling_is_read(body in "[ab+ \n]{0,3}\n?[0-9 ]{0,4}\n(CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=|[A-Z=\n]{0,44})\n?") {
        if let Ok(checkpoint) = Checkpoint::parse(&body) {
            prop_assert_eq!(checkpoint.body(), body);
        }
    }
}
