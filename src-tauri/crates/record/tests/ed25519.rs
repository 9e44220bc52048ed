//! What counts as an Ed25519 signature: RFC 8032, Wycheproof, speccheck and
//! torsion vectors.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what tests share may fail a test")]

use curve25519_dalek::constants::{ED25519_BASEPOINT_TABLE, EIGHT_TORSION};
use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;
use ed25519_dalek::{Signature as DalekSignature, Verifier as _, VerifyingKey};
use proptest::prelude::*;
use serde_json::Value;
use sha2::{Digest as _, Sha512};
use wycheproof::TestResult;
use wycheproof::eddsa::{TestName, TestSet};
use yinxin_record::key::{KeyError, PublicKey, SecretKey, Signature, Signer as _};

const VECTORS: &str = include_str!("../../../../tests/vectors/ed25519.json");

fn vectors() -> Value {
    serde_json::from_str(VECTORS).unwrap()
}

fn bytes(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().unwrap()).unwrap()
}

fn public_key(value: &Value) -> PublicKey {
    PublicKey(bytes(value).try_into().unwrap())
}

fn signature(value: &Value) -> Signature {
    bytes(value).try_into().unwrap()
}

fn named(result: Result<(), KeyError>) -> &'static str {
    match result {
        Ok(()) => "ok",
        Err(KeyError::BadPublicKey) => "BadPublicKey",
        Err(KeyError::BadSignature) => "BadSignature",
    }
}

#[test]
fn rfc_8032_signing() {
    for case in vectors()["sign"].as_array().unwrap() {
        let secret = SecretKey::from_seed(&bytes(&case["seed"]).try_into().unwrap());
        let message = bytes(&case["message"]);
        assert_eq!(secret.public_key(), public_key(&case["public_key"]), "{}", case["name"]);
        assert_eq!(secret.sign(&message), Ok(signature(&case["signature"])), "{}", case["name"]);
        assert_eq!(secret.public_key().verify(&message, &signature(&case["signature"])), Ok(()));
        assert_eq!(secret.seed().to_vec(), bytes(&case["seed"]));
    }
}

#[test]
fn speccheck_and_torsion_vectors() {
    let vectors = vectors();
    let cases = vectors["verify"].as_array().unwrap();
    assert!(cases.len() >= 12);
    for case in cases {
        let key = public_key(&case["public_key"]);
        let result = key.verify(&bytes(&case["message"]), &signature(&case["signature"]));
        assert_eq!(named(result), case["result"].as_str().unwrap(), "{}", case["name"]);
    }
}

#[test]
fn wycheproof() {
    let set = TestSet::load(TestName::Ed25519).unwrap();
    let mut seen = 0;
    for group in set.test_groups {
        let key = PublicKey(group.key.pk.as_slice().try_into().unwrap());
        for test in group.tests {
            // A signature of another length cannot even be said.
            let sig: Result<Signature, _> = test.sig.as_slice().try_into();
            let holds = sig.is_ok_and(|sig| key.verify(&test.msg, &sig).is_ok());
            assert_eq!(holds, test.result == TestResult::Valid, "{} {}", test.tc_id, test.comment);
            seen += 1;
        }
    }
    assert!(seen >= 140, "{seen}");
}

/// A key pair made with the curve's own arithmetic, so that torsion can be
/// mixed in.
struct Forger {
    secret: Scalar,
    nonce: Scalar,
}

impl Forger {
    fn new(seed: u8) -> Self {
        let scalar = |label: &[u8]| Self::hash(&[label, &[seed]]);
        Self { secret: scalar(b"secret"), nonce: scalar(b"nonce") }
    }

    fn hash(parts: &[&[u8]]) -> Scalar {
        let mut hash = Sha512::new();
        parts.iter().for_each(|part| hash.update(part));
        Scalar::from_bytes_mod_order_wide(&hash.finalize().into())
    }

    /// A with `in_key` and R with `in_nonce` added, S for the untouched ones;
    /// and k = SHA-512(R ‖ A ‖ M).
    fn sign(
        &self,
        message: &[u8],
        in_key: EdwardsPoint,
        in_nonce: EdwardsPoint,
    ) -> (PublicKey, Signature, Scalar) {
        let a = (&self.secret * ED25519_BASEPOINT_TABLE + in_key).compress().to_bytes();
        let r = (&self.nonce * ED25519_BASEPOINT_TABLE + in_nonce).compress().to_bytes();
        let k = Self::hash(&[&r, &a, message]);
        let s = (self.nonce + k * self.secret).to_bytes();
        let signature = [r, s].concat().try_into().unwrap();
        (PublicKey(a), signature, k)
    }
}

proptest! {
    /// S·B = R + k·(A − T): the cofactored equation always holds, ours only
    /// where k takes the torsion away.
    #[test]
    fn torsion_in_the_key(seed in any::<u8>(), message in any::<[u8; 8]>(), torsion in 0..8_usize) {
        let (key, signature, k) = Forger::new(seed).sign(&message, EIGHT_TORSION[torsion], EIGHT_TORSION[0]);
        let vanishes = (usize::from(k.to_bytes()[0]) * torsion).is_multiple_of(8);
        prop_assert_eq!(key.verify(&message, &signature).is_ok(), vanishes);
    }

    #[test]
    fn torsion_in_the_nonce(seed in any::<u8>(), message in any::<[u8; 8]>(), torsion in 0..8_usize) {
        let (key, signature, _) = Forger::new(seed).sign(&message, EIGHT_TORSION[0], EIGHT_TORSION[torsion]);
        prop_assert_eq!(key.verify(&message, &signature).is_ok(), torsion == 0);
    }

    #[test]
    fn small_order_points(seed in any::<u8>(), message in any::<[u8; 8]>(), torsion in 0..8_usize) {
        let small = EIGHT_TORSION[torsion];
        // A of small order.
        let forger = Forger { secret: Scalar::ZERO, ..Forger::new(seed) };
        let (key, signature, _) = forger.sign(&message, small, EIGHT_TORSION[0]);
        prop_assert_eq!(key.verify(&message, &signature), Err(KeyError::BadPublicKey));
        prop_assert!(key.verifier().is_err());
        // R of small order.
        let forger = Forger { nonce: Scalar::ZERO, ..Forger::new(seed) };
        let (key, signature, _) = forger.sign(&message, EIGHT_TORSION[0], small);
        prop_assert_eq!(key.verify(&message, &signature), Err(KeyError::BadSignature));
    }

    /// A mixed-order key can make the cofactorless equation hold for every R of
    /// small order: only the refusal of such R stands in the way.
    #[test]
    fn small_order_nonces_whose_equation_holds(seed in any::<u8>(), torsion in 0..8_usize) {
        let forger = Forger { nonce: Scalar::ZERO, ..Forger::new(seed) };
        let signed = |n: u32| (n.to_be_bytes(), forger.sign(&n.to_be_bytes(), EIGHT_TORSION[1], EIGHT_TORSION[torsion]));
        // S·B - k·A = -k·T is R once k is the right multiple of eight off.
        let (message, (key, signature, _)) = (0..)
            .map(signed)
            .find(|(_, (.., k))| (usize::from(k.to_bytes()[0]) + torsion).is_multiple_of(8))
            .unwrap();
        let (theirs, bytes) = (VerifyingKey::from_bytes(&key.0).unwrap(), DalekSignature::from_bytes(&signature));
        prop_assert!(theirs.verify(&message, &bytes).is_ok());
        prop_assert!(theirs.verify_strict(&message, &bytes).is_err());
        prop_assert_eq!(key.verify(&message, &signature), Err(KeyError::BadSignature));
    }

    /// Whatever is mixed into A and R, the answer is `verify_strict`'s.
    #[test]
    fn as_verify_strict_says(seed in any::<u8>(), message in any::<[u8; 2]>(), a in 0..8_usize, r in 0..8_usize, no_nonce in any::<bool>(), sign_bit in any::<bool>()) {
        let mut forger = Forger::new(seed);
        if no_nonce {
            forger.nonce = Scalar::ZERO;
        }
        let (key, mut signature, _) = forger.sign(&message, EIGHT_TORSION[a], EIGHT_TORSION[r]);
        signature[31] ^= u8::from(sign_bit) << 7;
        let theirs = VerifyingKey::from_bytes(&key.0).unwrap();
        let strict = theirs.verify_strict(&message, &DalekSignature::from_bytes(&signature));
        prop_assert_eq!(key.verify(&message, &signature).is_ok(), strict.is_ok());
    }

    #[test]
    fn one_bit_changes_everything(seed in any::<[u8; 32]>(), message in prop::collection::vec(any::<u8>(), 1..100), bit in any::<prop::sample::Index>()) {
        let secret = SecretKey::from_seed(&seed);
        let signature = secret.sign(&message).unwrap();
        let key = secret.public_key();
        prop_assert_eq!(key.verify(&message, &signature), Ok(()));

        let flip = |bytes: &mut [u8]| {
            let bit = bit.index(bytes.len() * 8);
            bytes[bit / 8] ^= 1 << (bit % 8);
        };
        let (mut other_key, mut other_signature, mut other_message) = (key, signature, message.clone());
        flip(&mut other_key.0);
        flip(&mut other_signature);
        flip(&mut other_message);
        prop_assert!(other_key.verify(&message, &signature).is_err());
        prop_assert!(key.verify(&message, &other_signature).is_err());
        prop_assert!(key.verify(&other_message, &signature).is_err());
    }
}

#[test]
fn thumbprint_is_the_digest_of_the_cose_key() {
    // {1: 1, -1: 6, -2: h'd75a…511a'} hashed with coreutils' sha256sum.
    let key = public_key(&vectors()["sign"][0]["public_key"]);
    assert_eq!(
        key.thumbprint().to_string(),
        "866eefbd6718c8846cd7ddfe43fc74ab1daac4538ff8514ea2ec2d410a415743"
    );
}
