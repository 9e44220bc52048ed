//! Joining by file: what an office sends to somebody who is to have a key, what
//! comes back, and the twenty digits that both sides compare over the telephone
//! (DESIGN §7; `docs/FORMAT.md` §10).
//!
//! An invitation is not signed: whoever changes it changes its digest, and the
//! answer names the digest of the one that was answered. The answer is signed by
//! the key that it brings, and the digits stand for its bytes.

use std::collections::BTreeSet;

use crate::cbor::{self, Fields, Value};
use crate::digest::{Digest, Id};
use crate::key::{PublicKey, Signature, Signer, SignerUnavailable};
use crate::origin::Origin;
use crate::roster::{Role, may_be_held_together, roles_of, roles_value};

/// The longest invitation or answer that is read, in bytes.
pub const MAX_BYTES: usize = 4_096;

/// The longest time that an invitation stands, in seconds: 90 days.
pub const LONGEST: u64 = 90 * 86_400;

/// The longest name, in bytes: 100 characters.
const MAX_NAME: usize = 400;

/// What the `yinxin` field of an invitation says.
const INVITATION: &str = "invitation/v0";
/// What the `yinxin` field of an answer says.
const ANSWER: &str = "answer/v0";

/// What the signature of an answer is over, before the answer without it.
const PROOF: &[u8] = b"yinxin answer/v0 proof of possession\n";
/// Somebody is to have a key of their own, in this office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The ledger of the office.
    pub origin: Origin,
    /// The leaf hash of its entry 0.
    pub genesis: Digest,
    /// What the office is called.
    pub office: String,
    /// Tells this invitation from every other; random.
    pub nonce: Id,
    /// The id that the person has, or is to have.
    pub member: Id,
    /// The person's name.
    pub name: String,
    /// The person's post.
    pub post: Option<String>,
    /// What the person is to do.
    pub roles: BTreeSet<Role>,
    /// When it was made: seconds since 1970, by the office's clock.
    pub issued: u64,
    /// Until when it stands: seconds since 1970.
    pub expires: u64,
}

/// Bytes that are no invitation, or no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not of this format")]
pub struct Unreadable;

impl Invitation {
    /// The bytes of the file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::encode(&Value::map([
            ("yinxin", Value::text(INVITATION)),
            ("origin", Value::text(self.origin.to_string())),
            ("genesis", Value::bytes(self.genesis)),
            ("office", Value::text(self.office.as_str())),
            ("nonce", Value::bytes(self.nonce)),
            ("member", Value::bytes(self.member)),
            ("name", Value::text(self.name.as_str())),
            ("post", self.post.as_deref().map_or(Value::Null, Value::text)),
            ("roles", roles_value(&self.roles)),
            ("issued", Value::uint(self.issued)),
            ("expires", Value::uint(self.expires)),
        ]))
    }

    /// Reads what [`Invitation::to_bytes`] made, and nothing else.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn parse(bytes: &[u8]) -> Result<Self, Unreadable> {
        Self::read(bytes).ok_or(Unreadable)
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut fields = fields_of(bytes, INVITATION)?;
        let read = Self {
            origin: fields.take("origin", |v| v.as_text()?.parse().ok()).ok()?,
            genesis: fields.take("genesis", digest).ok()?,
            office: fields.take("office", name).ok()?,
            nonce: fields.take("nonce", id).ok()?,
            member: fields.take("member", id).ok()?,
            name: fields.take("name", name).ok()?,
            post: fields.take("post", post).ok()?,
            roles: fields.take("roles", roles_of).ok()?,
            issued: fields.take("issued", Value::as_uint).ok()?,
            expires: fields.take("expires", Value::as_uint).ok()?,
        };
        fields.finish().ok()?;
        let lasts = read.expires.checked_sub(read.issued)?;
        let stands = (1..=LONGEST).contains(&lasts);
        (stands && may_be_held_together(&read.roles)).then_some(read)
    }
}

/// What somebody who was invited sends back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The ledger of the office that is answered.
    pub origin: Origin,
    /// Whom the answered invitation was for.
    pub member: Id,
    /// Which invitation it was.
    pub nonce: Id,
    /// The digest of the invitation's bytes, as they were read.
    pub invitation: Digest,
    /// The key that the person has made.
    pub key: PublicKey,
    /// Its signature over all that.
    pub proof: Signature,
}

impl Answer {
    /// Answers the invitation in `bytes` with the key that `signer` holds.
    ///
    /// # Errors
    /// [`SignerUnavailable`].
    pub fn sign(
        invitation: &Invitation,
        bytes: &[u8],
        signer: &impl Signer,
    ) -> Result<Self, SignerUnavailable> {
        let Invitation { origin, member, nonce, .. } = invitation;
        let mut answer = Self {
            origin: origin.clone(),
            member: *member,
            nonce: *nonce,
            invitation: Digest::of(bytes),
            key: signer.public_key(),
            proof: [0; 64],
        };
        answer.proof = signer.sign(&answer.proved())?;
        Ok(answer)
    }

    /// Whether whoever made the answer holds its key.
    #[must_use]
    pub fn is_proved(&self) -> bool {
        self.key.verify(&self.proved(), &self.proof).is_ok()
    }

    /// What the key signs.
    fn proved(&self) -> Vec<u8> {
        [PROOF, &cbor::encode(&Value::Map(self.entries()))].concat()
    }

    fn entries(&self) -> Vec<(Value, Value)> {
        let fields = [
            ("yinxin", Value::text(ANSWER)),
            ("origin", Value::text(self.origin.to_string())),
            ("member", Value::bytes(self.member)),
            ("nonce", Value::bytes(self.nonce)),
            ("invitation", Value::bytes(self.invitation)),
            ("key", Value::bytes(self.key.0)),
        ];
        fields.into_iter().map(|(key, value)| (Value::text(key), value)).collect()
    }

    /// The bytes of the file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut entries = self.entries();
        entries.push((Value::text("proof"), Value::bytes(self.proof)));
        cbor::encode(&Value::Map(entries))
    }

    /// Reads what [`Answer::to_bytes`] made, and nothing else. Whether the key is
    /// proved, [`Answer::is_proved`] says.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn parse(bytes: &[u8]) -> Result<Self, Unreadable> {
        Self::read(bytes).ok_or(Unreadable)
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut fields = fields_of(bytes, ANSWER)?;
        let read = Self {
            origin: fields.take("origin", |v| v.as_text()?.parse().ok()).ok()?,
            member: fields.take("member", id).ok()?,
            nonce: fields.take("nonce", id).ok()?,
            invitation: fields.take("invitation", digest).ok()?,
            key: fields.take("key", |v| v.as_bytes()?.try_into().ok().map(PublicKey)).ok()?,
            proof: fields.take("proof", |v| v.as_bytes()?.try_into().ok()).ok()?,
        };
        fields.finish().ok().map(|()| read)
    }
}

fn fields_of(bytes: &[u8], kind: &str) -> Option<Fields> {
    let mut fields = Fields::of(cbor::decode(bytes, MAX_BYTES).ok()?).ok()?;
    fields.take("yinxin", |v| (v.as_text()? == kind).then_some(())).ok()?;
    Some(fields)
}

fn digest(value: &Value) -> Option<Digest> {
    Digest::from_slice(value.as_bytes()?)
}

fn id(value: &Value) -> Option<Id> {
    Id::from_slice(value.as_bytes()?)
}

/// A name that can be shown: not empty, no control characters.
fn name(value: &Value) -> Option<String> {
    let text = value.as_text()?;
    let fits = !text.is_empty() && text.len() <= MAX_NAME && text.trim() == text;
    (fits && !text.chars().any(char::is_control)).then(|| text.to_owned())
}

fn post(value: &Value) -> Option<Option<String>> {
    if *value == Value::Null { Some(None) } else { name(value).map(Some) }
}
