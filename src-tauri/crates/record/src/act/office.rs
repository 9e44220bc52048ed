//! What the register says: of an office from now on, and which policy is the
//! latest.

use super::{Successor, digest, field, later, malformed, public_key, short_text, successor_fields};
use crate::cbor::{FieldError, Fields, Value};
use crate::digest::Digest;
use crate::key::PublicKey;
use crate::origin::is_office_code;
use crate::statement::Base;

/// The most offices that follow one that ended.
pub const MAX_SUCCESSORS: usize = 32;

/// The longest policy that an act may carry, in bytes.
pub const MAX_POLICY: usize = 32_768;

/// The keys of an office's host that the register certifies; the founding key is
/// not among them, for it certifies only what came first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertifiedKeys {
    /// age X25519 recipient for deliveries, `age1…`.
    pub delivery: String,
    /// Signs checkpoints.
    pub log: PublicKey,
    /// Signs receipts and status claims.
    pub receipt: PublicKey,
    /// Authenticates the office's host on the network.
    pub transport: PublicKey,
    /// Signs cosignatures on other offices' checkpoints.
    pub witness: PublicKey,
}

impl CertifiedKeys {
    /// The keys that sign, each with its use.
    #[must_use]
    pub fn signing(&self) -> [PublicKey; 4] {
        [self.log, self.receipt, self.transport, self.witness]
    }

    /// The map that acts and requests carry.
    #[must_use]
    pub fn to_value(&self) -> Value {
        Value::map([
            ("delivery", Value::text(self.delivery.as_str())),
            ("log", Value::bytes(self.log.0)),
            ("receipt", Value::bytes(self.receipt.0)),
            ("transport", Value::bytes(self.transport.0)),
            ("witness", Value::bytes(self.witness.0)),
        ])
    }

    /// Reads what [`CertifiedKeys::to_value`] wrote.
    ///
    /// # Errors
    /// [`FieldError`].
    pub fn of_value(value: Value) -> Result<Self, FieldError> {
        let mut keys = Fields::of(value)?;
        let certified = Self::take(&mut keys)?;
        keys.finish()?;
        Ok(certified)
    }

    pub(super) fn take(keys: &mut Fields) -> Result<Self, FieldError> {
        Ok(Self {
            delivery: keys.take("delivery", short_text)?,
            log: keys.take("log", public_key)?,
            receipt: keys.take("receipt", public_key)?,
            transport: keys.take("transport", public_key)?,
            witness: keys.take("witness", public_key)?,
        })
    }
}

/// An office in the realm from now on: whole, not as a difference from before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The office's 统一社会信用代码.
    pub code: String,
    /// The office's name.
    pub name: String,
    /// The leaf hash of entry 0 of its ledger.
    pub ledger: Digest,
    /// The keys of its host.
    pub keys: CertifiedKeys,
    /// Its ledger, as the register saw it: what retired or suspended keys signed
    /// counts only as a prefix of this (cut-off).
    pub head: Base,
    /// The digest of its roster at `head`: people whom the register compared.
    pub roster: Digest,
    /// Whether nothing that it signs beyond `head` counts.
    pub suspended: bool,
    /// The codes of the offices that follow it, sorted; only of one that is
    /// suspended.
    pub successors: Vec<String>,
    /// What the register said of it before; `None` admits.
    pub follows: Option<Successor>,
}

impl Standing {
    /// The number of this act among those about the office, from 1.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.follows.map_or(1, |follows| follows.version)
    }

    pub(super) fn fields(&self) -> Vec<(Value, Value)> {
        let successors =
            || Value::Array(self.successors.iter().map(|code| Value::text(code.as_str())).collect());
        let mut fields = vec![
            field("code", Value::text(self.code.as_str())),
            field("name", Value::text(self.name.as_str())),
            field("ledger", Value::bytes(self.ledger)),
            field("keys", self.keys.to_value()),
            field("head", self.head.to_value()),
            field("roster", Value::bytes(self.roster)),
        ];
        fields.extend(self.suspended.then(|| field("suspended", Value::Bool(true))));
        fields.extend((!self.successors.is_empty()).then(|| field("successors", successors())));
        fields.extend(self.follows.iter().flat_map(successor_fields));
        fields
    }

    pub(super) fn take(fields: &mut Fields) -> Result<Self, FieldError> {
        let suspended = super::take_flag(fields, "suspended")?;
        let successors = match fields.optional("successors") {
            None => Vec::new(),
            Some(value) => codes(&value).filter(|_| suspended).ok_or(malformed("successors"))?,
        };
        let follows = match fields.optional("version") {
            Some(version) => Some(later(&version, fields)?),
            None => None,
        };
        let keys = fields.take("keys", |value| Some(value.clone()))?;
        Ok(Self {
            code: fields.take("code", code)?,
            name: fields.take("name", short_text)?,
            ledger: fields.take("ledger", digest)?,
            keys: CertifiedKeys::of_value(keys)?,
            head: fields.take("head", Base::of_value)?,
            roster: fields.take("roster", digest)?,
            suspended,
            successors,
            follows,
        })
    }
}

/// A realm's policy, by its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberedPolicy {
    /// From 1, one more each time.
    pub number: u64,
    /// The policy file; at most [`MAX_POLICY`] bytes.
    pub text: String,
}

impl NumberedPolicy {
    pub(super) fn fields(&self) -> Vec<(Value, Value)> {
        vec![field("number", Value::uint(self.number)), field("text", Value::text(self.text.as_str()))]
    }

    pub(super) fn take(fields: &mut Fields) -> Result<Self, FieldError> {
        let text = |value: &Value| {
            value.as_text().filter(|text| (1..=MAX_POLICY).contains(&text.len())).map(str::to_owned)
        };
        Ok(Self {
            number: fields.take("number", |value| value.as_uint().filter(|number| *number >= 1))?,
            text: fields.take("text", text)?,
        })
    }
}

pub(super) fn code(value: &Value) -> Option<String> {
    value.as_text().filter(|code| is_office_code(code)).map(str::to_owned)
}

/// Codes, sorted and unique, at least one.
fn codes(value: &Value) -> Option<Vec<String>> {
    let items = value.as_array().filter(|items| (1..=MAX_SUCCESSORS).contains(&items.len()))?;
    let codes: Vec<String> = items.iter().map(code).collect::<Option<_>>()?;
    codes.windows(2).all(|pair| pair[0] < pair[1]).then_some(codes)
}
