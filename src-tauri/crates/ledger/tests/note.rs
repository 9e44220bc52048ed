//! Signed notes and verifier keys against tests/vectors/note.json.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what tests share may fail a test")]

use proptest::prelude::*;
use serde_json::Value;
use yinxin_ledger::note::{
    KeyKind, MAX_NOTE, MAX_SIGNATURES, Note, NoteError, NoteSignature, SignError, VerifierKey,
    VerifierKeyError,
};
use yinxin_record::key::{PublicKey, SecretKey, Signature, Signer, SignerUnavailable};

const VECTORS: &str = include_str!("../../../../tests/vectors/note.json");

fn vectors() -> Value {
    serde_json::from_str(VECTORS).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// The name of an error, without what it carries.
fn named<T, E: std::fmt::Debug>(result: Result<T, E>) -> String {
    match result {
        Ok(_) => "ok".to_owned(),
        Err(error) => format!("{error:?}").chars().take_while(|c| c.is_alphanumeric()).collect(),
    }
}

fn secret(hex: &Value) -> SecretKey {
    SecretKey::from_seed(&hex::decode(text(hex)).unwrap().try_into().unwrap())
}

fn open(note: &str, keys: &[VerifierKey]) -> Result<(), NoteError> {
    let note = Note::parse(note)?;
    keys.iter().try_for_each(|key| note.verify(key))
}

#[test]
fn verifier_keys() {
    for case in vectors()["verifier_keys"].as_array().unwrap() {
        let vkey = text(&case["vkey"]);
        let key = VerifierKey::parse(vkey).unwrap();
        assert_eq!(key.name(), text(&case["name"]));
        assert_eq!(format!("{:08x}", key.id()), text(&case["id"]));
        assert_eq!(u64::from(key.kind().byte()), case["kind"].as_u64().unwrap());
        assert_eq!(key.public_key().to_string(), text(&case["public_key"]));
        assert_eq!(key.to_string(), vkey);
        assert_eq!(VerifierKey::new(key.name(), key.kind(), *key.public_key()), Ok(key));
    }
}

#[test]
fn bad_verifier_keys() {
    for case in vectors()["bad_verifier_keys"].as_array().unwrap() {
        let result = VerifierKey::parse(text(&case["vkey"]));
        assert_eq!(named(result), text(&case["error"]), "{}", case["why"]);
    }
}

/// As the tests of golang/mod do it: no part of a key and no neighbour of it
/// is a key.
#[test]
fn no_mangled_verifier_key_is_read() {
    let vkey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    for start in 0..vkey.len() {
        for end in start..=vkey.len() {
            let whole = start == 0 && end == vkey.len();
            assert_eq!(VerifierKey::parse(&vkey[start..end]).is_ok(), whole);
        }
        for byte in (0..0x80_u8).filter(|byte| *byte != vkey.as_bytes()[start]) {
            let mut mangled = vkey.as_bytes().to_vec();
            mangled[start] = byte;
            assert!(VerifierKey::parse(std::str::from_utf8(&mangled).unwrap()).is_err());
        }
    }
}

#[test]
fn notes() {
    for case in vectors()["notes"].as_array().unwrap() {
        let keys = case["keys"].as_array().unwrap().iter().map(|key| VerifierKey::parse(text(key)).unwrap());
        let result = open(text(&case["note"]), &keys.collect::<Vec<_>>());
        assert_eq!(named(result), text(&case["result"]), "{}", case["why"]);
        if let Ok(note) = Note::parse(text(&case["note"])) {
            assert_eq!(note.to_string(), text(&case["note"]), "{}", case["why"]);
        }
    }
}

#[test]
fn signing_gives_the_known_note() {
    let vectors = vectors();
    let signer = &vectors["signer"];
    let mut note = Note::unsigned(text(&signer["text"])).unwrap();
    note.sign(text(&signer["name"]), &secret(&signer["seed"])).unwrap();
    assert_eq!(note.to_string(), text(&signer["note"]));
    assert_eq!(note.text(), text(&signer["text"]));
    assert_eq!(note.signatures()[0].id, 0xc74f_20a3);
    let again = note.sign(text(&signer["name"]), &secret(&signer["seed"]));
    assert_eq!(again, Err(SignError::Note(NoteError::Duplicate("PeterNeumann".to_owned()))));
}

struct Declines;

impl Signer for Declines {
    fn public_key(&self) -> PublicKey {
        SecretKey::from_seed(&[7; 32]).public_key()
    }

    fn sign(&self, _: &[u8]) -> Result<Signature, SignerUnavailable> {
        Err(SignerUnavailable)
    }
}

#[test]
fn what_cannot_be_signed() {
    let mut note = Note::unsigned("text\n").unwrap();
    assert_eq!(note.sign("name", &Declines), Err(SignError::Unavailable(SignerUnavailable)));
    assert_eq!(note.sign("a b", &Declines), Err(SignError::Key(VerifierKeyError::BadName)));
    assert!(note.signatures().is_empty());
    assert_eq!(Note::unsigned("no newline"), Err(NoteError::BadText));
    assert_eq!(Note::unsigned(""), Err(NoteError::BadText));
    assert_eq!(Note::unsigned("a\tb\n"), Err(NoteError::ControlCharacter));
}

#[test]
fn a_witness_key_does_not_verify_a_plain_signature() {
    let secret = SecretKey::from_seed(&[7; 32]);
    let mut note = Note::unsigned("text\n").unwrap();
    note.sign("name", &secret).unwrap();
    let witness = VerifierKey::new("name", KeyKind::Cosigner, secret.public_key()).unwrap();
    assert_eq!(note.verify(&witness), Err(NoteError::WrongKind("name".to_owned())));
}

fn signature(i: usize) -> NoteSignature {
    NoteSignature { name: format!("k{i}"), id: 1, bytes: vec![0; 64] }
}

#[test]
fn at_most_64_signatures() {
    let mut note = Note::unsigned("text\n").unwrap();
    for i in 0..MAX_SIGNATURES {
        note.add(signature(i)).unwrap();
    }
    assert_eq!(Note::parse(&note.to_string()), Ok(note.clone()));
    assert_eq!(note.add(signature(MAX_SIGNATURES)), Err(NoteError::TooManySignatures));
    let longer = format!("{note}{}\n", signature(MAX_SIGNATURES));
    assert_eq!(Note::parse(&longer), Err(NoteError::TooManySignatures));
}

#[test]
fn at_most_64_kibibytes() {
    let line = format!("{}\n", signature(0));
    let text = "x".repeat(MAX_NOTE - line.len() - 2) + "\n";
    let whole = format!("{text}\n{line}");
    assert_eq!(whole.len(), MAX_NOTE);
    let mut note = Note::parse(&whole).unwrap();
    assert_eq!(note.add(signature(1)), Err(NoteError::TooLong));
    assert_eq!(note.to_string(), whole);
    assert_eq!(Note::parse(&format!("x{whole}")), Err(NoteError::TooLong));
    assert_eq!(Note::unsigned(&("x".repeat(MAX_NOTE) + "\n")), Err(NoteError::TooLong));
}

#[test]
fn only_whole_signatures_are_added() {
    let mut note = Note::unsigned("text\n").unwrap();
    for bad in [
        NoteSignature { name: String::new(), id: 1, bytes: vec![0] },
        NoteSignature { name: "a\nb".to_owned(), id: 1, bytes: vec![0] },
        NoteSignature { name: "a".to_owned(), id: 1, bytes: Vec::new() },
    ] {
        assert_eq!(note.add(bad), Err(NoteError::BadSignatureLine));
    }
    note.add(signature(1)).unwrap();
    assert_eq!(note.add(signature(1)), Err(NoteError::Duplicate("k1".to_owned())));
    note.add(NoteSignature { id: 2, ..signature(1) }).unwrap();
}

proptest! {
    #[test]
    fn what_is_signed_is_read(lines in prop::collection::vec("[^\\x00-\\x1f]{0,20}", 1..6), seed in any::<[u8; 32]>()) {
        let secret = SecretKey::from_seed(&seed);
        let mut note = Note::unsigned(&(lines.join("\n") + "\n")).unwrap();
        note.sign("部门/1", &secret).unwrap();
        let key = VerifierKey::new("部门/1", KeyKind::Ed25519, secret.public_key()).unwrap();
        let read = Note::parse(&note.to_string()).unwrap();
        prop_assert_eq!(&read, &note);
        prop_assert_eq!(read.verify(&key), Ok(()));
    }

    #[test]
    fn hostile_notes_are_answered(note in "(text\n|\n|— |name |[ -~]{0,9}|AAAAAAAA|\\PC){0,30}") {
        let _ = VerifierKey::parse(&note);
        if let Ok(parsed) = Note::parse(&note) {
            prop_assert_eq!(parsed.to_string(), note);
        }
    }
}
