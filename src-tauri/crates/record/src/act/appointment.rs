//! What the register says of one person in an office: an officer, where the office
//! has nobody who could name one.

use super::office::code;
use super::{Membership, digest, digests_of, field, later, malformed, public_key, successor_fields};
use crate::cbor::{FieldError, Fields, Value};
use crate::digest::{Digest, Id};
use crate::roster::{Member, Role, roles_of, roles_value};

/// Makes somebody an officer of an office, for as long as its people are those whose
/// roster it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appointment {
    /// The office's 统一社会信用代码.
    pub code: String,
    /// How many entries its ledger had when it was asked for; no act about people
    /// stands beyond.
    pub size: u64,
    /// The digest of its roster, to which this adds.
    pub roster: Digest,
    /// Who, by the id in the office's ledger.
    pub person: Id,
    /// What the office's ledger is to say of that person; without a warrant, neither
    /// suspended nor acting.
    pub member: Membership,
    /// The code of the office that lends the person, if one does.
    pub lender: Option<String>,
}

impl Appointment {
    /// Whether it makes somebody system admin, security admin or auditor, and
    /// nothing else.
    #[must_use]
    pub fn makes_an_officer(&self) -> bool {
        let roles = &self.member.member.roles;
        roles.len() == 1 && roles.iter().all(|role| Role::OFFICERS.contains(role))
    }

    pub(super) fn fields(&self) -> Vec<(Value, Value)> {
        let Membership { member, digests, follows, .. } = &self.member;
        let mut said = vec![
            field("key", Value::bytes(member.key.0)),
            field("roles", roles_value(&member.roles)),
            field("digests", super::digests_value(digests)),
        ];
        said.extend(follows.iter().flat_map(successor_fields));
        let mut fields = vec![
            field("code", Value::text(self.code.as_str())),
            field("size", Value::uint(self.size)),
            field("roster", Value::bytes(self.roster)),
            field("person", Value::bytes(self.person.0)),
            field("member", Value::Map(said)),
        ];
        fields.extend(self.lender.iter().map(|lender| field("lender", Value::text(lender.as_str()))));
        fields
    }

    pub(super) fn take(fields: &mut Fields) -> Result<Self, FieldError> {
        let lender = match fields.optional("lender") {
            None => None,
            Some(value) => Some(code(&value).ok_or(malformed("lender"))?),
        };
        let mut said = Fields::of(fields.take("member", |value| Some(value.clone()))?)?;
        let follows = match said.optional("version") {
            Some(version) => Some(later(&version, &mut said)?),
            None => None,
        };
        let member = Membership {
            member: Member::new(said.take("key", public_key)?, said.take("roles", roles_of)?),
            suspended: false,
            digests: said.take("digests", digests_of)?,
            follows,
            warrant: None,
        };
        said.finish()?;
        Ok(Self {
            code: fields.take("code", code)?,
            size: fields.take("size", |value| value.as_uint().filter(|size| *size >= 1))?,
            roster: fields.take("roster", digest)?,
            person: fields.take("person", |value| Id::from_slice(value.as_bytes()?))?,
            member,
            lender,
        })
    }
}
