//! Ed25519 keys, with one meaning of "valid" everywhere (DESIGN §4).
//!
//! Signing is RFC 8032. Verification accepts exactly what dalek's
//! `verify_strict` does: the cofactorless equation `[S]B = R + [k]A`; refused
//! are small-order A and R, non-canonical A and R, and S that is not reduced.
//! Never the batch equation.
//! `tests/vectors/ed25519.json` shows what that accepts and refuses.
//!
//! A key is named by its COSE Key Thumbprint (RFC 9679): SHA-256 of the
//! deterministic `COSE_Key` `{1: 1, -1: 6, -2: x}`.

use std::fmt;

use ed25519_dalek::{Signature as DalekSignature, Signer as _, SigningKey, Verifier as _, VerifyingKey};

use crate::digest::Digest;

/// An Ed25519 signature: R ‖ S, 64 bytes.
pub type Signature = [u8; 64];

/// Why a signature or key was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The 32 bytes are no canonical point encoding, or a point of small order.
    #[error("not an acceptable Ed25519 public key")]
    BadPublicKey,
    /// The signature does not hold for this key and message.
    #[error("signature does not hold")]
    BadSignature,
}

/// An Ed25519 public key as 32 bytes; shown as hex.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicKey(pub [u8; 32]);

impl PublicKey {
    /// The name of this key: its COSE Key Thumbprint (RFC 9679 §3).
    #[must_use]
    pub fn thumbprint(&self) -> Digest {
        // {1: 1 (OKP), -1: 6 (Ed25519), -2: x}, in deterministic order.
        const HEAD: [u8; 8] = [0xa3, 0x01, 0x01, 0x20, 0x06, 0x21, 0x58, 0x20];
        Digest::of_parts(&[&HEAD, &self.0])
    }

    /// The key prepared for many verifications.
    ///
    /// # Errors
    /// [`KeyError::BadPublicKey`] if the bytes are not the canonical encoding
    /// of a point, or the point is of small order.
    pub fn verifier(&self) -> Result<Verifier, KeyError> {
        let key = VerifyingKey::from_bytes(&self.0).map_err(|_| KeyError::BadPublicKey)?;
        // dalek accepts some non-canonical encodings of A; one key, one spelling.
        let canonical = key.to_edwards().compress().to_bytes() == self.0;
        if !canonical || key.is_weak() {
            return Err(KeyError::BadPublicKey);
        }
        Ok(Verifier(key))
    }

    /// Checks `signature` over `message`; see the module for what holds.
    ///
    /// # Errors
    /// [`KeyError`] says whether the key or the signature was refused.
    pub fn verify(&self, message: &[u8], signature: &Signature) -> Result<(), KeyError> {
        self.verifier()?.verify(message, signature)
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

/// The canonical encodings of the eight points of small order, without the sign
/// bit: every other R that equals a point's encoding is of large order.
const SMALL_ORDER: [[u8; 32]; 5] = [
    [
        0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    ],
    [
        0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f,
    ],
    [
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    ],
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5,
        0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a,
        0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ],
];

/// A public key, decompressed once for many verifications.
#[derive(Debug, Clone)]
pub struct Verifier(VerifyingKey);

impl Verifier {
    /// Checks `signature` over `message`.
    ///
    /// Says what `verify_strict` says, without decompressing R: the plain check
    /// compares R with the canonical encoding of `[S]B - [k]A`, so that an R
    /// which passes is canonical, and is of small order only if it is one of
    /// [`SMALL_ORDER`]. A was looked at when this was made.
    ///
    /// # Errors
    /// [`KeyError::BadSignature`].
    pub fn verify(&self, message: &[u8], signature: &Signature) -> Result<(), KeyError> {
        let signature = DalekSignature::from_bytes(signature);
        let mut r = *signature.r_bytes();
        r[31] &= 0x7f;
        if SMALL_ORDER.contains(&r) {
            return Err(KeyError::BadSignature);
        }
        self.0.verify(message, &signature).map_err(|_| KeyError::BadSignature)
    }
}

/// Something that signs: a key file now, a hardware key (`UKey`) later.
///
/// Signing may fail there for reasons of its own, hence the `Result`.
pub trait Signer: Sync {
    /// The key that verifies what [`Signer::sign`] makes.
    fn public_key(&self) -> PublicKey;

    /// The Ed25519 signature of `message` (RFC 8032 §5.1.6).
    ///
    /// # Errors
    /// [`SignerUnavailable`] when the device or its owner declines.
    fn sign(&self, message: &[u8]) -> Result<Signature, SignerUnavailable>;
}

/// The signer would not or could not sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signer did not sign")]
pub struct SignerUnavailable;

/// A secret key in memory; wiped when dropped.
#[derive(Clone)]
pub struct SecretKey(SigningKey);

impl SecretKey {
    /// The key of a 32-byte seed (RFC 8032 §5.1.5), which the caller draws
    /// from a secure source.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// The 32-byte seed, for the key file.
    #[must_use]
    pub fn seed(&self) -> zeroize::Zeroizing<[u8; 32]> {
        zeroize::Zeroizing::new(self.0.to_bytes())
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey(of {})", self.public_key())
    }
}

impl Signer for SecretKey {
    fn public_key(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, SignerUnavailable> {
        Ok(self.0.sign(message).to_bytes())
    }
}
