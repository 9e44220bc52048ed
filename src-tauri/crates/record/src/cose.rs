//! `COSE_Sign1` (RFC 9052 §4.2) in its one deterministic form.
//!
//! ```text
//! 18([ protected: bstr, unprotected: {}, payload: bstr, signature: bstr .size 64 ])
//! ```
//!
//! What is signed is `Sig_structure = ["Signature1", protected, h'', payload]`
//! (RFC 9052 §4.4), with Ed25519 (`alg` −8). The unprotected header is empty:
//! nothing that matters may stand outside the signature.

use minicbor::Encoder;
use minicbor::data::Tag;

use crate::cbor::{self, CborError, Value};
use crate::key::Signature;

/// The CBOR tag of a `COSE_Sign1`.
pub const TAG: u64 = 18;

/// COSE header labels (RFC 9052 §3.1, RFC 9597, RFC 9942).
pub mod label {
    /// `alg`.
    pub const ALG: i64 = 1;
    /// `content type`.
    pub const CONTENT_TYPE: i64 = 3;
    /// `kid`.
    pub const KID: i64 = 4;
    /// CWT claims (RFC 9597).
    pub const CWT_CLAIMS: i64 = 15;
    /// Verifiable data structure (RFC 9942).
    pub const VDS: i64 = 395;
    /// Verifiable data proofs (RFC 9942).
    pub const VDP: i64 = 396;
}

/// `alg` EdDSA (RFC 9053 §2.2).
pub const ALG_EDDSA: i64 = -8;

/// One signed layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign1 {
    /// The encoded protected header map.
    pub protected: Vec<u8>,
    /// The payload.
    pub payload: Vec<u8>,
    /// Ed25519 signature over [`to_be_signed`].
    pub signature: Signature,
}

/// Why bytes are no acceptable `COSE_Sign1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CoseError {
    /// Not deterministic CBOR.
    #[error(transparent)]
    Cbor(#[from] CborError),
    /// CBOR of another shape.
    #[error("not a COSE_Sign1 with empty unprotected header and attached payload")]
    Shape,
}

/// The bytes that a signature covers (RFC 9052 §4.4).
#[must_use]
pub fn to_be_signed(protected: &[u8], payload: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(protected.len() + payload.len() + 24);
    let mut encoder = Encoder::new(&mut out);
    // Writing to a Vec cannot fail.
    let _ = encoder
        .array(4)
        .and_then(|e| e.str("Signature1"))
        .and_then(|e| e.bytes(protected))
        .and_then(|e| e.bytes(&[]))
        .and_then(|e| e.bytes(payload));
    out
}

/// Encodes any `COSE_Sign1`, also with unprotected headers; `payload` is
/// [`Value::Null`] where detached.
#[must_use]
pub fn encode(protected: &[u8], unprotected: Value, payload: Value, signature: &Signature) -> Vec<u8> {
    cbor::encode(&Value::Tag(
        TAG,
        Box::new(Value::Array(vec![Value::bytes(protected), unprotected, payload, Value::bytes(signature)])),
    ))
}

impl Sign1 {
    /// The one encoding of this layer.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.protected.len() + self.payload.len() + 80);
        let mut encoder = Encoder::new(&mut out);
        // Writing to a Vec cannot fail.
        let _ = encoder
            .tag(Tag::new(TAG))
            .and_then(|e| e.array(4))
            .and_then(|e| e.bytes(&self.protected))
            .and_then(|e| e.map(0))
            .and_then(|e| e.bytes(&self.payload))
            .and_then(|e| e.bytes(&self.signature));
        out
    }

    /// Reads at most `max` bytes.
    ///
    /// # Errors
    /// [`CoseError`].
    pub fn parse(bytes: &[u8], max: usize) -> Result<Self, CoseError> {
        let Value::Tag(TAG, inner) = cbor::decode(bytes, max)? else {
            return Err(CoseError::Shape);
        };
        let Value::Array(items) = *inner else {
            return Err(CoseError::Shape);
        };
        let Ok([protected, unprotected, payload, signature]) = <[Value; 4]>::try_from(items) else {
            return Err(CoseError::Shape);
        };
        match (protected, unprotected, payload, signature) {
            (Value::Bytes(protected), Value::Map(none), Value::Bytes(payload), Value::Bytes(signature))
                if none.is_empty() =>
            {
                let signature = signature.try_into().map_err(|_| CoseError::Shape)?;
                Ok(Self { protected, payload, signature })
            }
            _ => Err(CoseError::Shape),
        }
    }

    /// The bytes that [`Sign1::signature`] covers.
    #[must_use]
    pub fn to_be_signed(&self) -> Vec<u8> {
        to_be_signed(&self.protected, &self.payload)
    }
}
