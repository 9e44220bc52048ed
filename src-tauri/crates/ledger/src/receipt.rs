//! Receipts: the root of a ledger, signed for COSE tools; RFC 9942 (COSE
//! Receipts) with the RFC 9162 SHA-256 tree.
//!
//! ```text
//! receipt   = 18([ protected, {}, nil, signature ])                 as it is kept and exported
//! complete  = 18([ protected, {396: {-1: [proof]}}, nil, signature ])   as other tools want it
//! protected = bstr .cbor {1: -8, 4: kid, 15: {1: origin, 2: origin}, 395: 1}
//! proof     = bstr .cbor [size, index, [* hash]]
//! signed    = ["Signature1", protected, h'', root]
//! ```
//!
//! The payload is detached: whoever checks computes the root from an entry and
//! the proof, or has it from a checkpoint. The receipt key signs, not the log
//! key: one key, one use.
//! Size and index stand outside the signature, so a receipt does not say how
//! large the ledger is; trust the checkpoint, and the receipt never alone.

use yinxin_record::Digest;
use yinxin_record::cbor::{self, CborError, FieldError, Fields, Value};
use yinxin_record::cose::{self, ALG_EDDSA, TAG, label};
use yinxin_record::key::{KeyError, PublicKey, Signature, Signer, SignerUnavailable};

/// The longest receipt that is read, in bytes.
pub const MAX_RECEIPT: usize = 1_024;

/// The tree of RFC 9162 with SHA-256 among the verifiable data structures.
const RFC9162_SHA256: i64 = 1;
/// Inclusion proofs among the verifiable data proofs.
const INCLUSION: i64 = -1;

/// A receipt was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// Not deterministic CBOR.
    #[error(transparent)]
    Cbor(#[from] CborError),
    /// CBOR of another shape.
    #[error("not a COSE_Sign1 with empty unprotected header and detached payload")]
    Shape,
    /// The protected header has not exactly the fields of a receipt.
    #[error("header: {0}")]
    Header(#[from] FieldError),
    /// A receipt of another ledger.
    #[error("the receipt is of {0}")]
    WrongOrigin(String),
    /// Signed by another key, or the signature does not hold.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// A receipt, read. Nothing has been checked by that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The ledger.
    pub origin: String,
    /// Thumbprint of the receipt key.
    pub kid: Digest,
    protected: Vec<u8>,
    signature: Signature,
}

/// Signs `root` of the ledger `origin`: a receipt without proof.
///
/// # Errors
/// [`SignerUnavailable`].
pub fn make(root: &Digest, origin: &str, signer: &dyn Signer) -> Result<Vec<u8>, SignerUnavailable> {
    let protected = header(origin, &signer.public_key().thumbprint());
    let signature = signer.sign(&cose::to_be_signed(&protected, &root.0))?;
    Ok(cose::encode(&protected, Value::Map(Vec::new()), Value::Null, &signature))
}

/// Checks that `bytes` are a receipt without proof over `root` of the ledger
/// `origin`, signed by `key`.
///
/// # Errors
/// [`ReceiptError`].
pub fn check(bytes: &[u8], root: &Digest, origin: &str, key: &PublicKey) -> Result<(), ReceiptError> {
    Receipt::parse(bytes)?.verify(root, origin, key)
}

/// The complete RFC 9942 receipt for other tools: the receipt `bytes`, with the
/// inclusion proof of entry `index` in the tree of `size`. Neither is checked.
///
/// # Errors
/// [`ReceiptError`] if `bytes` are no receipt without proof.
pub fn with_proof(bytes: &[u8], size: u64, index: u64, path: &[Digest]) -> Result<Vec<u8>, ReceiptError> {
    let receipt = Receipt::parse(bytes)?;
    let path = Value::Array(path.iter().map(Value::bytes).collect());
    let proof = cbor::encode(&Value::Array(vec![Value::uint(size), Value::uint(index), path]));
    let proofs = Value::Map(vec![(Value::Int(INCLUSION), Value::Array(vec![Value::Bytes(proof)]))]);
    let unprotected = Value::Map(vec![(Value::Int(label::VDP), proofs)]);
    Ok(cose::encode(&receipt.protected, unprotected, Value::Null, &receipt.signature))
}

impl Receipt {
    /// Reads a receipt without proof.
    ///
    /// # Errors
    /// [`ReceiptError::Cbor`], [`ReceiptError::Shape`], [`ReceiptError::Header`].
    pub fn parse(bytes: &[u8]) -> Result<Self, ReceiptError> {
        let Value::Tag(TAG, inner) = cbor::decode(bytes, MAX_RECEIPT)? else {
            return Err(ReceiptError::Shape);
        };
        let Value::Array(items) = *inner else {
            return Err(ReceiptError::Shape);
        };
        let Ok([Value::Bytes(protected), Value::Map(none), Value::Null, Value::Bytes(signature)]) =
            <[Value; 4]>::try_from(items)
        else {
            return Err(ReceiptError::Shape);
        };
        if !none.is_empty() {
            return Err(ReceiptError::Shape);
        }
        let signature = signature.try_into().map_err(|_| ReceiptError::Shape)?;
        let (origin, kid) = read_header(&protected)?;
        Ok(Self { origin, kid, protected, signature })
    }

    /// Checks that this is a receipt over `root` of the ledger `origin`, signed
    /// by `key`.
    ///
    /// # Errors
    /// [`ReceiptError::WrongOrigin`], [`ReceiptError::Key`].
    pub fn verify(&self, root: &Digest, origin: &str, key: &PublicKey) -> Result<(), ReceiptError> {
        if self.origin != origin {
            return Err(ReceiptError::WrongOrigin(self.origin.clone()));
        }
        if self.kid != key.thumbprint() {
            return Err(KeyError::BadSignature.into());
        }
        Ok(key.verify(&cose::to_be_signed(&self.protected, &root.0), &self.signature)?)
    }
}

fn header(origin: &str, kid: &Digest) -> Vec<u8> {
    let claims = vec![(Value::Int(1), Value::text(origin)), (Value::Int(2), Value::text(origin))];
    cbor::encode(&Value::Map(vec![
        (Value::Int(label::ALG), Value::Int(ALG_EDDSA)),
        (Value::Int(label::KID), Value::bytes(kid)),
        (Value::Int(label::CWT_CLAIMS), Value::Map(claims)),
        (Value::Int(label::VDS), Value::Int(RFC9162_SHA256)),
    ]))
}

fn read_header(bytes: &[u8]) -> Result<(String, Digest), ReceiptError> {
    let mut fields = Fields::of(cbor::decode(bytes, MAX_RECEIPT)?)?;
    fields.take_int(label::ALG, |v| (*v == Value::Int(ALG_EDDSA)).then_some(()))?;
    fields.take_int(label::VDS, |v| (*v == Value::Int(RFC9162_SHA256)).then_some(()))?;
    let kid = fields.take_int(label::KID, |v| Digest::from_slice(v.as_bytes()?))?;
    let mut claims = Fields::of(fields.take_int(label::CWT_CLAIMS, |v| Some(v.clone()))?)?;
    fields.finish()?;
    let origin = claims.take_int(1, |v| v.as_text().map(str::to_owned))?;
    claims.take_int(2, |v| (v.as_text() == Some(&origin)).then_some(()))?;
    claims.finish()?;
    Ok((origin, kid))
}

#[cfg(test)]
mod tests {
    use super::*;
    use yinxin_record::key::SecretKey;

    const ORIGIN: &str = "city.example/11330100000000001A";

    fn key() -> SecretKey {
        SecretKey::from_seed(&[7; 32])
    }

    #[test]
    fn holds_for_its_root_ledger_and_key_only() {
        let root = Digest::of(b"root");
        let receipt = make(&root, ORIGIN, &key()).unwrap();
        let public = key().public_key();
        assert_eq!(check(&receipt, &root, ORIGIN, &public), Ok(()));
        let bad = Err(ReceiptError::Key(KeyError::BadSignature));
        assert_eq!(check(&receipt, &Digest::of(b"other"), ORIGIN, &public), bad);
        let other = SecretKey::from_seed(&[8; 32]).public_key();
        assert_eq!(check(&receipt, &root, ORIGIN, &other), bad);
        let wrong = Err(ReceiptError::WrongOrigin(ORIGIN.to_owned()));
        assert_eq!(check(&receipt, &root, "city.example/x", &public), wrong);
    }

    #[test]
    fn no_changed_bit_is_accepted() {
        let root = Digest::of(b"root");
        let receipt = make(&root, ORIGIN, &key()).unwrap();
        for bit in 0..receipt.len() * 8 {
            let mut changed = receipt.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(check(&changed, &root, ORIGIN, &key().public_key()).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn complete_receipt_keeps_what_is_signed_and_adds_the_proof() {
        let receipt = make(&Digest::of(b"root"), ORIGIN, &key()).unwrap();
        let path = [Digest::of(b"left")];
        let complete = with_proof(&receipt, 2, 1, &path).unwrap();
        let Value::Tag(TAG, inner) = cbor::decode(&complete, 4_096).unwrap() else { panic!() };
        let items = inner.as_array().unwrap();
        let proof = cbor::encode(&Value::Array(vec![
            Value::Int(2),
            Value::Int(1),
            Value::Array(vec![Value::bytes(path[0])]),
        ]));
        let inclusion = Value::Map(vec![(Value::Int(-1), Value::Array(vec![Value::Bytes(proof)]))]);
        assert_eq!(items[1], Value::Map(vec![(Value::Int(396), inclusion)]));
        assert_eq!(items[2], Value::Null);
        // A complete receipt is not what is kept, so it is not read as one.
        assert_eq!(
            check(&complete, &Digest::of(b"root"), ORIGIN, &key().public_key()),
            Err(ReceiptError::Shape)
        );
    }
}
