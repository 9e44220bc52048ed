//! The owner's status claim: where a record stood when a file was exported.
//!
//! ```text
//! status    = 18([ protected, {}, payload, signature ])                     by the receipt key
//! protected = bstr .cbor {1: -8, 3: content type, 4: kid, 15: {1: iss, 2: sub, 6: time}}
//! payload   = bstr .cbor {"leaf", "root", "size", "version", "withdrawn", ? "erased": true}
//! ```
//!
//! It says: in the ledger of `size` entries with that `root`, the latest act on
//! the record is `leaf`, and it left the record at that version. Only the owner
//! says so, so a claim can weaken a verdict and never strengthen one.

use yinxin_record::cbor::{self, CborError, FieldError, Fields, Value};
use yinxin_record::cose::{ALG_EDDSA, CoseError, Sign1, label, to_be_signed};
use yinxin_record::key::{KeyError, PublicKey, Signer, SignerUnavailable};
use yinxin_record::rules::RecordState;
use yinxin_record::statement::Base;
use yinxin_record::{Digest, Id};

/// Content type of the payload.
pub const STATUS_TYPE: &str = "application/vnd.yinxin.status.v0+cbor";

/// The longest claim that is read, in bytes.
pub const MAX_STATUS: usize = 2_048;

/// What the owner says about a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusClaim {
    /// The ledger: `<realm>/<office code>`.
    pub origin: String,
    /// The record.
    pub record: Id,
    /// When, by the owner's clock, in seconds since 1970.
    pub time: u64,
    /// How far the ledger went.
    pub base: Base,
    /// Where the record stood then.
    pub state: RecordState,
}

/// A claim and its signature, read. Nothing has been checked by that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedStatus {
    /// What is claimed.
    pub claim: StatusClaim,
    /// Thumbprint of the key that is said to have signed.
    pub kid: Digest,
    sign1: Sign1,
}

/// A claim was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatusError {
    /// No `COSE_Sign1` in its deterministic form.
    #[error(transparent)]
    Cose(#[from] CoseError),
    /// Header or payload is no deterministic CBOR.
    #[error(transparent)]
    Cbor(#[from] CborError),
    /// Header or payload has not exactly the fields of a claim.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// Signed by another key, or the signature does not hold.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl StatusClaim {
    /// Signs this claim with the receipt key.
    ///
    /// # Errors
    /// [`SignerUnavailable`].
    pub fn make(&self, signer: &dyn Signer) -> Result<Vec<u8>, SignerUnavailable> {
        let protected = self.header(&signer.public_key().thumbprint());
        let payload = self.payload();
        let signature = signer.sign(&to_be_signed(&protected, &payload))?;
        Ok(Sign1 { protected, payload, signature }.to_bytes())
    }

    /// Reads a claim that `key` must have signed.
    ///
    /// # Errors
    /// [`StatusError`].
    pub fn check(bytes: &[u8], key: &PublicKey) -> Result<Self, StatusError> {
        let signed = SignedStatus::parse(bytes)?;
        signed.verify(key)?;
        Ok(signed.claim)
    }

    fn header(&self, kid: &Digest) -> Vec<u8> {
        let claims = Value::Map(vec![
            (Value::Int(1), Value::text(self.origin.as_str())),
            (Value::Int(2), Value::text(self.record.to_string())),
            (Value::Int(6), Value::uint(self.time)),
        ]);
        cbor::encode(&Value::Map(vec![
            (Value::Int(label::ALG), Value::Int(ALG_EDDSA)),
            (Value::Int(label::CONTENT_TYPE), Value::text(STATUS_TYPE)),
            (Value::Int(label::KID), Value::bytes(kid)),
            (Value::Int(label::CWT_CLAIMS), claims),
        ]))
    }

    fn payload(&self) -> Vec<u8> {
        let mut map = vec![
            ("leaf", Value::bytes(self.state.leaf)),
            ("root", Value::bytes(self.base.root)),
            ("size", Value::uint(self.base.size)),
            ("version", Value::uint(self.state.version.into())),
            ("withdrawn", Value::Bool(self.state.withdrawn)),
        ];
        map.extend(self.state.erased.then_some(("erased", Value::Bool(true))));
        cbor::encode(&Value::Map(map.into_iter().map(|(key, value)| (Value::text(key), value)).collect()))
    }
}

impl SignedStatus {
    /// Reads a claim and its signature.
    ///
    /// # Errors
    /// [`StatusError::Cose`], [`StatusError::Cbor`], [`StatusError::Field`].
    pub fn parse(bytes: &[u8]) -> Result<Self, StatusError> {
        let sign1 = Sign1::parse(bytes, MAX_STATUS)?;
        let mut header = Fields::of(cbor::decode(&sign1.protected, MAX_STATUS)?)?;
        header.take_int(label::ALG, |v| (*v == Value::Int(ALG_EDDSA)).then_some(()))?;
        header.take_int(label::CONTENT_TYPE, |v| (v.as_text() == Some(STATUS_TYPE)).then_some(()))?;
        let kid = header.take_int(label::KID, digest)?;
        let claims = header.take_int(label::CWT_CLAIMS, |v| Some(v.clone()))?;
        header.finish()?;
        let (origin, record, time) = read_claims(claims)?;
        let (base, state) = read_payload(&sign1.payload)?;
        Ok(Self { claim: StatusClaim { origin, record, time, base, state }, kid, sign1 })
    }

    /// Checks that `key` signed this claim.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn verify(&self, key: &PublicKey) -> Result<(), KeyError> {
        if key.thumbprint() != self.kid {
            return Err(KeyError::BadSignature);
        }
        key.verify(&self.sign1.to_be_signed(), &self.sign1.signature)
    }
}

fn read_claims(value: Value) -> Result<(String, Id, u64), FieldError> {
    let mut claims = Fields::of(value)?;
    let origin = claims.take_int(1, |v| v.as_text().map(str::to_owned))?;
    let record = claims.take_int(2, |v| v.as_text()?.parse().ok())?;
    let time = claims.take_int(6, Value::as_uint)?;
    claims.finish()?;
    Ok((origin, record, time))
}

fn read_payload(bytes: &[u8]) -> Result<(Base, RecordState), StatusError> {
    let mut fields = Fields::of(cbor::decode(bytes, MAX_STATUS)?)?;
    let version = |v: &Value| v.as_uint().and_then(|n| u32::try_from(n).ok()).filter(|n| *n >= 1);
    let base = Base { size: fields.take("size", Value::as_uint)?, root: fields.take("root", digest)? };
    let state = RecordState {
        version: fields.take("version", version)?,
        leaf: fields.take("leaf", digest)?,
        withdrawn: fields.take("withdrawn", |v| match v {
            Value::Bool(withdrawn) => Some(*withdrawn),
            _ => None,
        })?,
        erased: match fields.optional("erased") {
            None => false,
            Some(Value::Bool(true)) => true,
            Some(_) => return Err(FieldError::Malformed("erased".to_owned()).into()),
        },
    };
    fields.finish()?;
    Ok((base, state))
}

fn digest(value: &Value) -> Option<Digest> {
    Digest::from_slice(value.as_bytes()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use yinxin_record::key::SecretKey;

    fn claim() -> StatusClaim {
        StatusClaim {
            origin: "city.example/11330100000000001A".to_owned(),
            record: Id([3; 16]),
            time: 1_700_000_000,
            base: Base { size: 9, root: Digest::of(b"root") },
            state: RecordState { version: 2, leaf: Digest::of(b"leaf"), withdrawn: false, erased: false },
        }
    }

    #[test]
    fn reads_back_under_its_key_only() {
        let key = SecretKey::from_seed(&[5; 32]);
        let bytes = claim().make(&key).unwrap();
        assert_eq!(StatusClaim::check(&bytes, &key.public_key()), Ok(claim()));
        let other = SecretKey::from_seed(&[6; 32]).public_key();
        assert_eq!(StatusClaim::check(&bytes, &other), Err(StatusError::Key(KeyError::BadSignature)));
    }

    #[test]
    fn no_changed_bit_is_accepted() {
        let key = SecretKey::from_seed(&[5; 32]);
        let bytes = claim().make(&key).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(StatusClaim::check(&changed, &key.public_key()).is_err(), "bit {bit}");
        }
    }
}
