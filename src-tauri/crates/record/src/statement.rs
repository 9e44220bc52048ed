//! Signed statements: an act in layers of signatures, the bytes of an entry.
//!
//! ```text
//! entry = COSE_Sign1(approve, payload = COSE_Sign1(review, payload = COSE_Sign1(draft, payload = act)))
//!         outermost layer                optional                    innermost layer
//! ```
//!
//! The drafter signs the act; a reviewer, where there is one, and the approver
//! each sign the exact bytes of the layer below. Acts that one signer may do
//! alone are one layer, `approve` (a person) or `service` (an automatic
//! member). Every layer's protected header is the deterministic CBOR map
//!
//! ```text
//! {1: -8, 3: content type, 4: kid, 15: {1: iss, 2: sub, 6: iat},
//!  -70001: purpose, -70002: [size, root], -70003: roster, -70004: rules}
//! ```
//!
//! where the last three stand in the outermost layer of an entry and nowhere
//! else: what ledger, roster and rules its signer had verified.

use crate::act::{Act, ActError};
use crate::cbor::{self, CborError, FieldError, Fields, Value};
use crate::cose::{ALG_EDDSA, CoseError, Sign1, label};
use crate::digest::{Digest, Id};
use crate::key::{KeyError, PublicKey, Signature, Signer, SignerUnavailable, Verifier};

/// The most bytes of an entry; a C2SP entry bundle gives it 16 bits.
pub const MAX_BYTES: usize = 65_535;

/// Content type of the innermost payload.
pub const ACT_TYPE: &str = "application/vnd.yinxin.act.v0+cbor";
/// Content type of a payload that is a signed layer (RFC 9052 §2).
pub const COSE_TYPE: &str = "application/cose";

const PURPOSE: i64 = -70_001;
const BASE: i64 = -70_002;
const ROSTER: i64 = -70_003;
const RULES: i64 = -70_004;

/// What a layer's signature is for, so that no layer passes for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// 经办.
    Draft,
    /// 审核.
    Review,
    /// 审批; also the one layer of an act that one person may do alone.
    Approve,
    /// The one layer of an automatic act.
    Service,
}

impl Purpose {
    /// The word in the header.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Review => "review",
            Self::Approve => "approve",
            Self::Service => "service",
        }
    }

    fn of(value: &Value) -> Option<Self> {
        let all = [Self::Draft, Self::Review, Self::Approve, Self::Service];
        all.into_iter().find(|purpose| value.as_text() == Some(purpose.as_str()))
    }
}

/// A ledger's size and root at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Base {
    /// Number of entries.
    pub size: u64,
    /// RFC 6962 root of them.
    pub root: Digest,
}

impl Base {
    /// `[size, root]`.
    #[must_use]
    pub fn to_value(&self) -> Value {
        Value::Array(vec![Value::uint(self.size), Value::bytes(self.root)])
    }

    /// Reads what [`Base::to_value`] wrote.
    #[must_use]
    pub fn of_value(value: &Value) -> Option<Self> {
        let [size, root] = value.as_array()? else { return None };
        Some(Self { size: size.as_uint()?, root: Digest::from_slice(root.as_bytes()?)? })
    }
}

/// What the outermost signer had verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// The ledger.
    pub base: Base,
    /// The digest of the roster at `base`.
    pub roster: Digest,
    /// The version of the ledger rules.
    pub rules: u32,
}

/// What every layer of a statement says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// `iss`: the origin of the ledger, `<realm>/<office code>`.
    pub iss: String,
    /// `sub`: the subject's random id; hex in the header.
    pub sub: Id,
    /// `iat`: the signer's clock, seconds since 1970-01-01 UTC.
    pub iat: u64,
}

/// A layer's protected header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Thumbprint of the signer's key.
    pub kid: Digest,
    /// [`ACT_TYPE`] or [`COSE_TYPE`].
    pub content_type: &'static str,
    /// Ledger, subject, time.
    pub claims: Claims,
    /// What the signature is for.
    pub purpose: Purpose,
    /// Only in the outermost layer of an entry.
    pub anchor: Option<Anchor>,
}

/// One layer, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// The signed header.
    pub header: Header,
    /// The layer's own bytes.
    pub bytes: Vec<u8>,
    to_be_signed: Vec<u8>,
    signature: Signature,
}

/// A statement, read: its layers and its act. Reading does not verify; see
/// [`Layer::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Innermost first; one to three.
    pub layers: Vec<Layer>,
    /// What is signed.
    pub act: Act,
}

/// Why bytes are no statement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// A layer is no `COSE_Sign1` in its deterministic form.
    #[error(transparent)]
    Cose(#[from] CoseError),
    /// A header is no deterministic CBOR.
    #[error("header: {0}")]
    HeaderCbor(CborError),
    /// A header has not exactly the fields it must.
    #[error("header: {0}")]
    Header(FieldError),
    /// The act is unreadable.
    #[error(transparent)]
    Act(#[from] ActError),
    /// Layers are missing, surplus or in the wrong order.
    #[error("layers are not draft, [review,] approve, nor one layer alone")]
    Layers,
    /// Layers disagree on ledger or subject.
    #[error("layers disagree on ledger or subject")]
    Disagree,
    /// `base`, `roster` and `rules` stand where they must not, or not where
    /// they must.
    #[error("anchor missing or misplaced")]
    Anchor,
}

impl Header {
    /// The encoded protected header.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let claims = Value::Map(vec![
            (Value::Int(1), Value::text(self.claims.iss.as_str())),
            (Value::Int(2), Value::text(self.claims.sub.to_string())),
            (Value::Int(6), Value::uint(self.claims.iat)),
        ]);
        let mut map = vec![
            (Value::Int(label::ALG), Value::Int(ALG_EDDSA)),
            (Value::Int(label::CONTENT_TYPE), Value::text(self.content_type)),
            (Value::Int(label::KID), Value::bytes(self.kid)),
            (Value::Int(label::CWT_CLAIMS), claims),
            (Value::Int(PURPOSE), Value::text(self.purpose.as_str())),
        ];
        if let Some(anchor) = &self.anchor {
            map.push((Value::Int(BASE), anchor.base.to_value()));
            map.push((Value::Int(ROSTER), Value::bytes(anchor.roster)));
            map.push((Value::Int(RULES), Value::uint(anchor.rules.into())));
        }
        cbor::encode(&Value::Map(map))
    }

    /// Reads a protected header.
    ///
    /// # Errors
    /// [`StatementError::HeaderCbor`], [`StatementError::Header`].
    pub fn parse(bytes: &[u8]) -> Result<Self, StatementError> {
        let value = cbor::decode(bytes, 4_096).map_err(StatementError::HeaderCbor)?;
        read_header(value).map_err(StatementError::Header)
    }
}

fn read_header(value: Value) -> Result<Header, FieldError> {
    let mut fields = Fields::of(value)?;
    fields.take_int(label::ALG, |v| (*v == Value::Int(ALG_EDDSA)).then_some(()))?;
    let content_type = |v: &Value| [ACT_TYPE, COSE_TYPE].into_iter().find(|t| v.as_text() == Some(*t));
    let header = Header {
        content_type: fields.take_int(label::CONTENT_TYPE, content_type)?,
        kid: fields.take_int(label::KID, |v| Digest::from_slice(v.as_bytes()?))?,
        claims: read_claims(fields.owned_int(label::CWT_CLAIMS)?)?,
        purpose: fields.take_int(PURPOSE, Purpose::of)?,
        anchor: read_anchor(&mut fields)?,
    };
    fields.finish()?;
    Ok(header)
}

fn read_claims(value: Value) -> Result<Claims, FieldError> {
    let mut claims = Fields::of(value)?;
    let iss = |v: &Value| v.as_text().filter(|t| !t.is_empty() && t.len() <= 255).map(str::to_owned);
    let read = Claims {
        iss: claims.take_int(1, iss)?,
        sub: claims.take_int(2, |v| v.as_text()?.parse().ok())?,
        iat: claims.take_int(6, Value::as_uint)?,
    };
    claims.finish()?;
    Ok(read)
}

fn read_anchor(fields: &mut Fields) -> Result<Option<Anchor>, FieldError> {
    let Some(base) = fields.optional_int(BASE) else {
        return Ok(None);
    };
    let base = Base::of_value(&base).ok_or_else(|| FieldError::Malformed(BASE.to_string()))?;
    let rules = |v: &Value| v.as_uint().and_then(|n| u32::try_from(n).ok());
    let roster = fields.take_int(ROSTER, |v| Digest::from_slice(v.as_bytes()?))?;
    Ok(Some(Anchor { base, roster, rules: fields.take_int(RULES, rules)? }))
}

impl Layer {
    /// Checks this layer's signature with `key`, whose thumbprint must be `kid`.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn verify(&self, key: &PublicKey) -> Result<(), KeyError> {
        if key.thumbprint() != self.header.kid {
            return Err(KeyError::BadSignature);
        }
        key.verify(&self.to_be_signed, &self.signature)
    }

    /// Checks this layer's signature with a prepared key, which the caller has
    /// found by `kid`.
    ///
    /// # Errors
    /// [`KeyError::BadSignature`].
    pub fn verify_with(&self, key: &Verifier) -> Result<(), KeyError> {
        key.verify(&self.to_be_signed, &self.signature)
    }
}

impl Statement {
    /// Reads a complete statement: the bytes of an entry.
    ///
    /// # Errors
    /// [`StatementError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, StatementError> {
        let statement = Self::parse_layers(bytes)?;
        let purposes: Vec<Purpose> = statement.layers.iter().map(|l| l.header.purpose).collect();
        let complete = matches!(
            purposes.as_slice(),
            [Purpose::Approve | Purpose::Service]
                | [Purpose::Draft, Purpose::Approve]
                | [Purpose::Draft, Purpose::Review, Purpose::Approve]
        );
        if !complete {
            return Err(StatementError::Layers);
        }
        statement.with_anchor(true)
    }

    /// Reads a statement that still waits for its approver: a draft, or a
    /// reviewed draft.
    ///
    /// # Errors
    /// [`StatementError`].
    pub fn parse_pending(bytes: &[u8]) -> Result<Self, StatementError> {
        let statement = Self::parse_layers(bytes)?;
        let purposes: Vec<Purpose> = statement.layers.iter().map(|l| l.header.purpose).collect();
        if !matches!(purposes.as_slice(), [Purpose::Draft] | [Purpose::Draft, Purpose::Review]) {
            return Err(StatementError::Layers);
        }
        statement.with_anchor(false)
    }

    fn parse_layers(bytes: &[u8]) -> Result<Self, StatementError> {
        let mut layers = Vec::new();
        let mut bytes = bytes.to_vec();
        let act = loop {
            let sign1 = Sign1::parse(&bytes, MAX_BYTES)?;
            let header = Header::parse(&sign1.protected)?;
            let innermost = header.content_type == ACT_TYPE;
            let to_be_signed = sign1.to_be_signed();
            layers.push(Layer { header, bytes, to_be_signed, signature: sign1.signature });
            if innermost {
                break Act::parse(&sign1.payload)?;
            }
            if layers.len() == 3 {
                return Err(StatementError::Layers);
            }
            bytes = sign1.payload;
        };
        layers.reverse();
        let statement = Self { layers, act };
        let outermost = &statement.outermost().header.claims;
        let agree = |layer: &Layer| {
            layer.header.claims.iss == outermost.iss && layer.header.claims.sub == outermost.sub
        };
        if !statement.layers.iter().all(agree) {
            return Err(StatementError::Disagree);
        }
        Ok(statement)
    }

    fn with_anchor(self, outermost: bool) -> Result<Self, StatementError> {
        let last = self.layers.len() - 1;
        let placed = |(i, layer): (usize, &Layer)| layer.header.anchor.is_some() == (outermost && i == last);
        if self.layers.iter().enumerate().all(placed) { Ok(self) } else { Err(StatementError::Anchor) }
    }

    /// The outermost layer; there is always one.
    #[must_use]
    pub fn outermost(&self) -> &Layer {
        &self.layers[self.layers.len() - 1]
    }

    /// The innermost layer: the draft, or the one layer that there is.
    #[must_use]
    pub fn innermost(&self) -> &Layer {
        &self.layers[0]
    }

    /// Completes a pending statement: signs the exact bytes of its outermost
    /// layer as approver.
    ///
    /// # Errors
    /// [`SignerUnavailable`].
    pub fn approved(
        mut self,
        claims: Claims,
        anchor: Anchor,
        signer: &dyn Signer,
    ) -> Result<Self, SignerUnavailable> {
        let inner = self.bytes().to_vec();
        let layer = sign_layer(inner, COSE_TYPE, Purpose::Approve, claims, Some(anchor), signer)?;
        self.layers.push(layer);
        Ok(self)
    }

    /// The bytes of the whole statement.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.outermost().bytes
    }

    /// The subject's id.
    #[must_use]
    pub fn subject(&self) -> Id {
        self.outermost().header.claims.sub
    }

    /// The layer with this purpose, if there is one.
    #[must_use]
    pub fn layer(&self, purpose: Purpose) -> Option<&Layer> {
        self.layers.iter().find(|layer| layer.header.purpose == purpose)
    }
}

/// Signs `act` as its drafter: the innermost layer of a two- or three-layer
/// statement.
///
/// # Errors
/// [`SignerUnavailable`].
pub fn sign_draft(act: &Act, claims: Claims, signer: &dyn Signer) -> Result<Vec<u8>, SignerUnavailable> {
    sign_layer(act.to_bytes(), ACT_TYPE, Purpose::Draft, claims, None, signer).map(|layer| layer.bytes)
}

/// Signs the exact bytes of a draft as its reviewer.
///
/// # Errors
/// [`SignerUnavailable`].
pub fn sign_review(
    inner: Vec<u8>,
    claims: Claims,
    signer: &dyn Signer,
) -> Result<Vec<u8>, SignerUnavailable> {
    sign_layer(inner, COSE_TYPE, Purpose::Review, claims, None, signer).map(|layer| layer.bytes)
}

/// Signs the exact bytes of the layer below as approver: completes the entry.
///
/// # Errors
/// [`SignerUnavailable`].
pub fn sign_approval(
    inner: Vec<u8>,
    claims: Claims,
    anchor: Anchor,
    signer: &dyn Signer,
) -> Result<Vec<u8>, SignerUnavailable> {
    sign_layer(inner, COSE_TYPE, Purpose::Approve, claims, Some(anchor), signer).map(|layer| layer.bytes)
}

/// Signs an act that one person may do alone: a one-layer entry.
///
/// # Errors
/// [`SignerUnavailable`].
pub fn sign_alone(
    act: &Act,
    claims: Claims,
    anchor: Anchor,
    signer: &dyn Signer,
) -> Result<Vec<u8>, SignerUnavailable> {
    sign_layer(act.to_bytes(), ACT_TYPE, Purpose::Approve, claims, Some(anchor), signer)
        .map(|layer| layer.bytes)
}

fn sign_layer(
    payload: Vec<u8>,
    content_type: &'static str,
    purpose: Purpose,
    claims: Claims,
    anchor: Option<Anchor>,
    signer: &dyn Signer,
) -> Result<Layer, SignerUnavailable> {
    let kid = signer.public_key().thumbprint();
    let header = Header { kid, content_type, claims, purpose, anchor };
    let protected = header.to_bytes();
    let to_be_signed = crate::cose::to_be_signed(&protected, &payload);
    let signature = signer.sign(&to_be_signed)?;
    let bytes = Sign1 { protected, payload, signature }.to_bytes();
    Ok(Layer { header, bytes, to_be_signed, signature })
}
