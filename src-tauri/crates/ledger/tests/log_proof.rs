//! tlog-proofs against tests/vectors/log-proof.json, and those of the warrants in
//! tests/vectors/statement.json.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what tests share may fail a test")]

use proptest::prelude::*;
use serde_json::Value;
use yinxin_ledger::checkpoint::Checkpoint;
use yinxin_ledger::log_proof::{LogProof, LogProofError, MAX_LOG_PROOF, shows};
use yinxin_ledger::note::{KeyKind, MAX_NOTE, Note, VerifierKey};
use yinxin_ledger::tile::Tiles;
use yinxin_ledger::tree::{ProofError, inclusion_proof, leaf_hash, root};
use yinxin_record::Digest;
use yinxin_record::key::{SecretKey, Signer as _};

const VECTORS: &str = include_str!("../../../../tests/vectors/log-proof.json");
const STATEMENTS: &str = include_str!("../../../../tests/vectors/statement.json");

fn vectors() -> Value {
    serde_json::from_str(VECTORS).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn named(error: impl std::fmt::Debug) -> String {
    format!("{error:?}").chars().take_while(|c| c.is_alphanumeric()).collect()
}

#[test]
fn proofs() {
    for case in vectors()["proofs"].as_array().unwrap() {
        let proof = LogProof::parse(text(&case["text"])).unwrap();
        assert_eq!(proof.index, case["index"].as_u64().unwrap());
        assert_eq!(proof.to_text(), text(&case["text"]));
        let checkpoint = proof.unverified().unwrap();
        let result = proof.check(&text(&case["leaf"]).parse().unwrap(), &checkpoint);
        let result = result.map_or_else(named, |()| "ok".to_owned());
        assert_eq!(result, text(&case["result"]), "{}", case["why"]);
    }
}

#[test]
fn warrants_stand_in_the_register() {
    let statements: Value = serde_json::from_str(STATEMENTS).unwrap();
    let seed = |name: &str| {
        let seeds = statements["seeds"].as_array().unwrap();
        let seed = seeds.iter().find(|seed| seed["name"] == name).unwrap();
        SecretKey::from_seed(&hex::decode(text(&seed["seed"])).unwrap().try_into().unwrap())
    };
    let key = |origin, name| VerifierKey::new(origin, KeyKind::Ed25519, seed(name).public_key()).unwrap();
    let log = key("zhen.example/register", "register-log");
    let warranted = statements["warranted"].as_array().unwrap();
    assert!(!warranted.is_empty());
    for case in warranted {
        let warrant = &case["act"]["warrant"];
        let (proof, entry) = (text(&warrant["proof"]), hex::decode(text(&warrant["statement"])).unwrap());
        assert!(shows(proof, &log, &entry), "{}", case["why"]);
        assert!(!shows(proof, &key("zhen.example/register", "log"), &entry));
        assert!(!shows(proof, &key("ke.example/register", "register-log"), &entry));
        assert!(!shows(proof, &log, &entry[1..]));
    }
}

#[test]
fn bad_proofs() {
    for case in vectors()["bad"].as_array().unwrap() {
        let error = LogProof::parse(text(&case["text"])).unwrap_err();
        assert_eq!(named(error), text(&case["error"]), "{}", case["why"]);
    }
}

#[test]
fn bounds() {
    let vectors = vectors();
    let good = text(&vectors["proofs"][0]["text"]);
    let (head, _) = good.split_once("\n\n").unwrap();
    let padded = format!("{head}\n\n{}", "x".repeat(MAX_LOG_PROOF));
    assert_eq!(LogProof::parse(&padded), Err(LogProofError::TooLong));
    let long_note = format!("{head}\n\n{}", "x".repeat(MAX_NOTE + 1));
    assert!(matches!(LogProof::parse(&long_note), Err(LogProofError::Checkpoint(_))));
}

/// The whole way: a ledger, its checkpoint, a proof, an offline reader.
#[test]
fn from_a_ledger_to_an_offline_reader() {
    let secret = SecretKey::from_seed(&[7; 32]);
    let mut tiles = Tiles::default();
    (0..300_u32).for_each(|i| tiles.push(leaf_hash(&i.to_be_bytes())));
    let checkpoint =
        Checkpoint { origin: "zhen.example/1".to_owned(), size: 300, root: root(300, &tiles).unwrap() };
    let note = checkpoint.sign(&secret).unwrap();
    let proof = inclusion_proof(299, 300, &tiles).unwrap();
    let written = LogProof { index: 299, proof, checkpoint: note.to_string() }.to_text();

    let key = VerifierKey::new("zhen.example/1", KeyKind::Ed25519, secret.public_key()).unwrap();
    let read = LogProof::parse(&written).unwrap();
    let (opened, _): (Checkpoint, Note) = Checkpoint::open(&read.checkpoint, &key).unwrap();
    assert_eq!(read.check(&leaf_hash(&299_u32.to_be_bytes()), &opened), Ok(()));
    assert_eq!(read.check(&leaf_hash(b"another"), &opened), Err(ProofError::WrongRoot));
    assert_eq!(read.check(&Digest([0; 32]), &opened), Err(ProofError::WrongRoot));
}

proptest! {
    #[test]
    fn one_changed_character_is_refused_or_another_proof(at in any::<prop::sample::Index>(), by in "[ -~\n]") {
        let vectors = vectors();
        let good = text(&vectors["proofs"][1]["text"]);
        let at = at.index(good.len());
        prop_assume!(good.is_char_boundary(at) && good.is_char_boundary(at + 1));
        let changed = format!("{}{by}{}", &good[..at], &good[at + 1..]);
        if let Ok(proof) = LogProof::parse(&changed) {
            prop_assert_eq!(proof.to_text(), changed);
        }
    }
}
