//! Acts (政务行为): what an entry says.
//!
//! An act is a deterministic CBOR map with text keys; `act` names its kind.
//! Who it is about (`sub`) and which ledger it belongs to (`iss`) stand in the
//! signed header of every layer, not in the act.
//!
//! ```text
//! genesis   {act, code, name, realm, suite, keys: {delivery, founding, log, receipt, transport, witness}}
//! member    {act, key, roles, digests, ? acting, ? suspended: true, ? version, ? previous,
//!            ? warrant: {proof, roster, statement}}
//! publish   {act, kind, template, open, digests, version: 1, ? review: true}
//! amend     {act, kind, template, open, digests, version, previous, ? review: true}
//! withdraw  {act, digests, version, previous}
//! erase     {act, digests, version, previous}
//! office    {act, code, name, ledger, keys: {delivery, log, receipt, transport, witness}, head: [size, root],
//!            roster, ? suspended: true, ? successors: [+ code], ? version, ? previous}
//! policy    {act, number, text}
//! appoint   {act, code, size, roster, person, member: {key, roles, digests, ? version, ? previous}, ? lender}
//! ```
//!
//! `office`, `policy` and `appoint` stand in a register, acts about records in the ledgers of
//! offices, `genesis` and `member` in both.
//!
//! What may be left out is left out where it says nothing, so that an act has one
//! encoding.

mod appointment;
mod office;
mod warrant;

use std::collections::{BTreeMap, BTreeSet};

use crate::cbor::{self, CborError, FieldError, Fields, Value};
use crate::digest::Digest;
use crate::key::PublicKey;
use crate::roster::{Acting, Member, roles_of, roles_value};

pub use appointment::Appointment;
pub use office::{CertifiedKeys, MAX_POLICY, MAX_SUCCESSORS, NumberedPolicy, Standing};
pub use warrant::Warrant;

/// The algorithms of a ledger, fixed at its genesis. An SM2/SM3 suite is
/// reserved and not built.
pub const SUITE: &str = "ed25519-sha256";

/// The most digests one act may carry; all must fit into an entry.
pub const MAX_DIGESTS: usize = 1_000;

/// The longest name of an office, and the longest key of an open field.
const MAX_NAME: usize = 400;

/// The keys that a genesis certifies: one key, one use (DESIGN §4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeKeys {
    /// Signs the genesis and admits the first people.
    pub founding: PublicKey,
    /// The keys of the host.
    pub host: CertifiedKeys,
}

impl OfficeKeys {
    /// The keys that sign, or could; no two may be the same.
    #[must_use]
    pub fn signing(&self) -> [PublicKey; 5] {
        let [log, receipt, transport, witness] = self.host.signing();
        [self.founding, log, receipt, transport, witness]
    }

    /// Whether every key has one use.
    #[must_use]
    pub fn are_different(&self) -> bool {
        let keys = self.signing();
        keys.iter().collect::<BTreeSet<_>>().len() == keys.len()
    }
}

/// Entry 0: founds the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Genesis {
    /// The office's 统一社会信用代码 (GB 32100).
    pub code: String,
    /// The office's name.
    pub name: String,
    /// The realm that the office belongs to.
    pub realm: String,
    /// The office's keys.
    pub keys: OfficeKeys,
}

/// What a version of a record says: what `publish` and `amend` share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The template's name.
    pub kind: String,
    /// The template's digest.
    pub template: Digest,
    /// Values of open fields, by key.
    pub open: BTreeMap<String, Value>,
    /// One digest for every committed field, sorted.
    pub digests: Vec<Digest>,
    /// Whether a reviewer must sign between drafter and approver.
    pub review: bool,
}

/// A person from now on: whole, not as a difference from before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// Key and roles.
    pub member: Member,
    /// Whether this person may sign nothing until another act says otherwise.
    pub suspended: bool,
    /// Digests of name and post.
    pub digests: Vec<Digest>,
    /// What was said of this person before; `None` admits.
    pub follows: Option<Successor>,
    /// The register's appointment, where the office's admins do not sign.
    pub warrant: Option<Box<Warrant>>,
}

impl Membership {
    /// The number of this act among those about the person, from 1.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.follows.map_or(1, |follows| follows.version)
    }
}

/// Which version of a record, or of a person, an act follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Successor {
    /// The number of the new version (amend, member) or of the withdrawn one.
    pub version: u32,
    /// The leaf hash of the entry that made the current version.
    pub previous: Digest,
}

/// What an entry says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Founds the ledger.
    Genesis(Box<Genesis>),
    /// Admits a person, or says anew who it is and what it may do; name and post
    /// are disclosures.
    Member(Membership),
    /// The first version of a record.
    Publish(Content),
    /// A later version of a record.
    Amend(Content, Successor),
    /// Ends a record; the reason is a disclosure.
    Withdraw {
        /// The version that is withdrawn.
        of: Successor,
        /// Digest of the reason.
        digests: Vec<Digest>,
    },
    /// Ends a record, if it is not ended yet, and has the contents of all its
    /// versions destroyed; the reason is a disclosure.
    Erase {
        /// The version that is the last one.
        of: Successor,
        /// Digest of the reason.
        digests: Vec<Digest>,
    },
    /// Admits an office to the realm, or says anew who it is.
    Office(Box<Standing>),
    /// Says which policy is the realm's.
    Policy(NumberedPolicy),
    /// Makes somebody an officer of an office.
    Appoint(Box<Appointment>),
}

/// Why bytes are no act.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ActError {
    /// Not deterministic CBOR.
    #[error(transparent)]
    Cbor(#[from] CborError),
    /// Not the fields of its kind.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// A kind of act that this format does not have.
    #[error("unknown act {0}")]
    UnknownKind(String),
}

impl Act {
    /// The word for this kind of act.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Genesis(_) => "genesis",
            Self::Member(_) => "member",
            Self::Publish(_) => "publish",
            Self::Amend(..) => "amend",
            Self::Withdraw { .. } => "withdraw",
            Self::Erase { .. } => "erase",
            Self::Office(_) => "office",
            Self::Policy(_) => "policy",
            Self::Appoint(_) => "appoint",
        }
    }

    /// The digests of the disclosures that this act commits to.
    #[must_use]
    pub fn digests(&self) -> &[Digest] {
        match self {
            Self::Genesis(_) | Self::Office(_) | Self::Policy(_) | Self::Appoint(_) => &[],
            Self::Member(membership) => &membership.digests,
            Self::Withdraw { digests, .. } | Self::Erase { digests, .. } => digests,
            Self::Publish(content) | Self::Amend(content, _) => &content.digests,
        }
    }

    /// The content that this act publishes, if it does.
    #[must_use]
    pub fn content(&self) -> Option<&Content> {
        match self {
            Self::Publish(content) | Self::Amend(content, _) => Some(content),
            Self::Genesis(_)
            | Self::Member(_)
            | Self::Withdraw { .. }
            | Self::Erase { .. }
            | Self::Office(_)
            | Self::Policy(_)
            | Self::Appoint(_) => None,
        }
    }

    /// The number of the record's version that this act makes or ends.
    #[must_use]
    pub fn version(&self) -> Option<u32> {
        match self {
            Self::Publish(_) => Some(1),
            Self::Amend(_, successor) => Some(successor.version),
            Self::Withdraw { of, .. } | Self::Erase { of, .. } => Some(of.version),
            Self::Genesis(_) | Self::Member(_) | Self::Office(_) | Self::Policy(_) | Self::Appoint(_) => None,
        }
    }

    /// The act's one encoding.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut map = match self {
            Self::Genesis(genesis) => genesis_fields(genesis),
            Self::Member(membership) => member_fields(membership),
            Self::Publish(content) => {
                let mut fields = content_fields(content);
                fields.push(field("version", Value::Int(1)));
                fields
            }
            Self::Amend(content, successor) => {
                let mut fields = content_fields(content);
                fields.extend(successor_fields(successor));
                fields
            }
            Self::Withdraw { of, digests } | Self::Erase { of, digests } => {
                let mut fields = vec![field("digests", digests_value(digests))];
                fields.extend(successor_fields(of));
                fields
            }
            Self::Office(standing) => standing.fields(),
            Self::Policy(policy) => policy.fields(),
            Self::Appoint(appointment) => appointment.fields(),
        };
        map.push(field("act", Value::text(self.word())));
        cbor::encode(&Value::Map(map))
    }

    /// Reads an act.
    ///
    /// # Errors
    /// [`ActError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, ActError> {
        let mut fields = Fields::of(cbor::decode(bytes, crate::statement::MAX_BYTES)?)?;
        let word = fields.take("act", |v| v.as_text().map(str::to_owned))?;
        let act = match word.as_str() {
            "genesis" => Self::Genesis(Box::new(take_genesis(&mut fields)?)),
            "member" => Self::Member(take_membership(&mut fields)?),
            "publish" => {
                fields.take("version", |v| (*v == Value::Int(1)).then_some(()))?;
                Self::Publish(take_content(&mut fields)?)
            }
            "amend" => {
                let successor = take_later(&mut fields)?;
                Self::Amend(take_content(&mut fields)?, successor)
            }
            "withdraw" => Self::Withdraw {
                of: take_successor(&mut fields)?,
                digests: fields.take("digests", digests_of)?,
            },
            "erase" => {
                Self::Erase { of: take_successor(&mut fields)?, digests: fields.take("digests", digests_of)? }
            }
            "office" => Self::Office(Box::new(Standing::take(&mut fields)?)),
            "policy" => Self::Policy(NumberedPolicy::take(&mut fields)?),
            "appoint" => Self::Appoint(Box::new(Appointment::take(&mut fields)?)),
            _ => return Err(ActError::UnknownKind(word)),
        };
        fields.finish()?;
        Ok(act)
    }
}

fn field(key: &str, value: Value) -> (Value, Value) {
    (Value::text(key), value)
}

fn genesis_fields(genesis: &Genesis) -> Vec<(Value, Value)> {
    let keys = &genesis.keys;
    vec![
        field("code", Value::text(genesis.code.as_str())),
        field("name", Value::text(genesis.name.as_str())),
        field("realm", Value::text(genesis.realm.as_str())),
        field("suite", Value::text(SUITE)),
        field(
            "keys",
            Value::map([
                ("delivery", Value::text(keys.host.delivery.as_str())),
                ("founding", Value::bytes(keys.founding.0)),
                ("log", Value::bytes(keys.host.log.0)),
                ("receipt", Value::bytes(keys.host.receipt.0)),
                ("transport", Value::bytes(keys.host.transport.0)),
                ("witness", Value::bytes(keys.host.witness.0)),
            ]),
        ),
    ]
}

fn take_genesis(fields: &mut Fields) -> Result<Genesis, FieldError> {
    fields.take("suite", |v| (v.as_text() == Some(SUITE)).then_some(()))?;
    let mut keys = Fields::of(fields.take("keys", |v| Some(v.clone()))?)?;
    let genesis = Genesis {
        code: fields.take("code", short_text)?,
        name: fields.take("name", short_text)?,
        realm: fields.take("realm", short_text)?,
        keys: OfficeKeys {
            founding: keys.take("founding", public_key)?,
            host: CertifiedKeys::take(&mut keys)?,
        },
    };
    keys.finish()?;
    Ok(genesis)
}

fn member_fields(membership: &Membership) -> Vec<(Value, Value)> {
    let Membership { member, suspended, digests, follows, warrant } = membership;
    let mut fields = vec![
        field("key", Value::bytes(member.key.0)),
        field("roles", roles_value(&member.roles)),
        field("digests", digests_value(digests)),
    ];
    fields.extend(member.acting.map(|acting| field("acting", acting.to_value())));
    fields.extend(suspended.then(|| field("suspended", Value::Bool(true))));
    fields.extend(follows.iter().flat_map(successor_fields));
    fields.extend(warrant.iter().map(|warrant| field("warrant", warrant.to_value())));
    fields
}

fn take_membership(fields: &mut Fields) -> Result<Membership, FieldError> {
    let acting = fields.optional("acting").map(|value| Acting::of_value(&value).ok_or(malformed("acting")));
    let suspended = take_flag(fields, "suspended")?;
    let follows = match fields.optional("version") {
        Some(version) => Some(later(&version, fields)?),
        None => None,
    };
    let warrant = fields.optional("warrant").map(Warrant::of_value).transpose()?.map(Box::new);
    let member = Member {
        key: fields.take("key", public_key)?,
        roles: fields.take("roles", roles_of)?,
        acting: acting.transpose()?,
    };
    Ok(Membership { member, suspended, digests: fields.take("digests", digests_of)?, follows, warrant })
}

/// `true`, or not there.
fn take_flag(fields: &mut Fields, key: &str) -> Result<bool, FieldError> {
    match fields.optional(key) {
        None => Ok(false),
        Some(Value::Bool(true)) => Ok(true),
        Some(_) => Err(malformed(key)),
    }
}

fn malformed(key: &str) -> FieldError {
    FieldError::Malformed(key.to_owned())
}

fn content_fields(content: &Content) -> Vec<(Value, Value)> {
    let open = content.open.iter().map(|(key, value)| field(key, value.clone()));
    let mut fields = vec![
        field("kind", Value::text(content.kind.as_str())),
        field("template", Value::bytes(content.template)),
        field("open", Value::Map(open.collect())),
        field("digests", digests_value(&content.digests)),
    ];
    fields.extend(content.review.then(|| field("review", Value::Bool(true))));
    fields
}

fn take_content(fields: &mut Fields) -> Result<Content, FieldError> {
    Ok(Content {
        kind: fields.take("kind", short_text)?,
        template: fields.take("template", digest)?,
        open: fields.take("open", open_values)?,
        digests: fields.take("digests", digests_of)?,
        review: take_flag(fields, "review")?,
    })
}

fn successor_fields(successor: &Successor) -> [(Value, Value); 2] {
    [
        field("version", Value::uint(successor.version.into())),
        field("previous", Value::bytes(successor.previous)),
    ]
}

fn take_successor(fields: &mut Fields) -> Result<Successor, FieldError> {
    Ok(Successor {
        version: fields.take("version", version_number)?,
        previous: fields.take("previous", digest)?,
    })
}

/// Of what is never the first of its kind.
fn take_later(fields: &mut Fields) -> Result<Successor, FieldError> {
    let version = fields.take("version", |value| Some(value.clone()))?;
    later(&version, fields)
}

fn later(version: &Value, fields: &mut Fields) -> Result<Successor, FieldError> {
    let version = version_number(version).filter(|version| *version >= 2).ok_or(malformed("version"))?;
    Ok(Successor { version, previous: fields.take("previous", digest)? })
}

fn version_number(value: &Value) -> Option<u32> {
    value.as_uint().and_then(|n| u32::try_from(n).ok()).filter(|n| *n >= 1)
}

fn short_text(value: &Value) -> Option<String> {
    let text = value.as_text()?;
    (!text.is_empty() && text.len() <= MAX_NAME).then(|| text.to_owned())
}

fn public_key(value: &Value) -> Option<PublicKey> {
    value.as_bytes()?.try_into().ok().map(PublicKey)
}

fn digest(value: &Value) -> Option<Digest> {
    Digest::from_slice(value.as_bytes()?)
}

fn digests_value(digests: &[Digest]) -> Value {
    Value::Array(digests.iter().map(Value::bytes).collect())
}

/// Digests, sorted and unique.
fn digests_of(value: &Value) -> Option<Vec<Digest>> {
    let items = value.as_array().filter(|items| items.len() <= MAX_DIGESTS)?;
    let digests: Vec<Digest> = items.iter().map(digest).collect::<Option<_>>()?;
    digests.windows(2).all(|pair| pair[0] < pair[1]).then_some(digests)
}

fn open_values(value: &Value) -> Option<BTreeMap<String, Value>> {
    let Value::Map(entries) = value else { return None };
    let one = |(key, value): &(Value, Value)| {
        let plain = matches!(value, Value::Text(_) | Value::Int(_) | Value::Bool(_) | Value::Null);
        plain.then_some(())?;
        Some((short_text(key)?, value.clone()))
    };
    entries.iter().map(one).collect()
}
