//! Disclosures: what an act commits to without saying it (DESIGN §5).
//!
//! A disclosure is the CBOR array `[salt, value, key]` with a fresh random
//! 16-byte salt; the act carries SHA-256 of those bytes. Whoever is handed the
//! disclosure can check it against the act; whoever is not learns nothing, not
//! even by guessing. The idea is RFC 9901's, in CBOR; no conformance to SD-CWT
//! is claimed.

use std::collections::BTreeSet;

use minicbor::Encoder;

use crate::cbor::{self, CborError, Value};
use crate::digest::Digest;

/// The largest disclosure: a 50,000-character field at four bytes each, and
/// what stands round it.
pub const MAX_BYTES: usize = 204_800;

/// The longest key.
const MAX_KEY: usize = 100;

/// A salt; drawn by the caller, fresh for every version of every field.
pub type Salt = [u8; 16];

/// One field's salt, value and name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosure {
    /// 16 random bytes.
    pub salt: Salt,
    /// Text, integer, bool or null.
    pub value: Value,
    /// The field's key in its template, or `reason`, `name`, `post`.
    pub key: String,
}

/// Why bytes are no disclosure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DisclosureError {
    /// Not deterministic CBOR.
    #[error(transparent)]
    Cbor(#[from] CborError),
    /// Not `[16 bytes, text | integer | bool | null, text]`.
    #[error("not a disclosure")]
    Shape,
}

impl Disclosure {
    /// The bytes that the digest is of.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(64);
        // Writing to a Vec cannot fail.
        let _ = Encoder::new(&mut out).array(3).and_then(|e| e.bytes(&self.salt));
        cbor::write(&self.value, &mut out);
        let _ = Encoder::new(&mut out).str(&self.key);
        out
    }

    /// What the act carries.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(&self.to_bytes())
    }

    /// Reads a disclosure.
    ///
    /// # Errors
    /// [`DisclosureError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, DisclosureError> {
        let Value::Array(items) = cbor::decode(bytes, MAX_BYTES)? else {
            return Err(DisclosureError::Shape);
        };
        let Ok([Value::Bytes(salt), value, Value::Text(key)]) = <[Value; 3]>::try_from(items) else {
            return Err(DisclosureError::Shape);
        };
        let salt = salt.try_into().map_err(|_| DisclosureError::Shape)?;
        let plain = matches!(value, Value::Text(_) | Value::Int(_) | Value::Bool(_) | Value::Null);
        if !plain || key.is_empty() || key.len() > MAX_KEY {
            return Err(DisclosureError::Shape);
        }
        Ok(Self { salt, value, key })
    }
}

/// The sorted digests that an act carries for `disclosures`.
#[must_use]
pub fn sorted_digests<'a>(disclosures: impl IntoIterator<Item = &'a Disclosure>) -> Vec<Digest> {
    disclosures.into_iter().map(Disclosure::digest).collect::<BTreeSet<_>>().into_iter().collect()
}
