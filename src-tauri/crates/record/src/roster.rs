//! The roster (名册): the people of an office at one moment, with keys and roles.
//!
//! Its bytes are the CBOR array of `[member id, public key, [role…], ? [from, until]]`,
//! sorted by id, roles sorted by name; its digest is SHA-256 of those bytes. Names
//! and posts are not in it: they are disclosures of the member acts. Whoever is
//! suspended is not in it either.

use std::collections::{BTreeMap, BTreeSet};

use crate::cbor::{self, Value};
use crate::digest::{Digest, Id};
use crate::key::PublicKey;

/// The most people in one office; keeps a roster below 2 MiB.
pub const MAX_MEMBERS: usize = 10_000;

/// What a person may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// 经办人: writes.
    Drafter,
    /// 审核人: checks.
    Reviewer,
    /// 审批人: signs off.
    Approver,
    /// 数据管理员: keeps templates and catalogue.
    DataAdmin,
    /// 保密审查员: checks that no secret leaves.
    SecrecyReviewer,
    /// 系统管理员.
    SystemAdmin,
    /// 安全保密管理员.
    SecurityAdmin,
    /// 安全审计员: reads everything, changes nothing.
    Auditor,
    /// 自动服务: a program that signs listed acts alone.
    Service,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 9] = [
        Self::Drafter,
        Self::Reviewer,
        Self::Approver,
        Self::DataAdmin,
        Self::SecrecyReviewer,
        Self::SystemAdmin,
        Self::SecurityAdmin,
        Self::Auditor,
        Self::Service,
    ];

    /// 三员: each keeps apart from the others and from all business.
    pub const OFFICERS: [Self; 3] = [Self::SystemAdmin, Self::SecurityAdmin, Self::Auditor];

    /// The role's word in acts and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Drafter => "drafter",
            Self::Reviewer => "reviewer",
            Self::Approver => "approver",
            Self::DataAdmin => "data-admin",
            Self::SecrecyReviewer => "secrecy-reviewer",
            Self::SystemAdmin => "system-admin",
            Self::SecurityAdmin => "security-admin",
            Self::Auditor => "auditor",
            Self::Service => "service",
        }
    }

    /// The role's word in Chinese.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Drafter => "经办人",
            Self::Reviewer => "审核人",
            Self::Approver => "审批人",
            Self::DataAdmin => "数据管理员",
            Self::SecrecyReviewer => "保密审查员",
            Self::SystemAdmin => "系统管理员",
            Self::SecurityAdmin => "安全保密管理员",
            Self::Auditor => "安全审计员",
            Self::Service => "自动服务",
        }
    }

    /// The role that `word` names, in either language.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word || role.chinese() == word)
    }

    fn is_business(self) -> bool {
        match self {
            Self::Drafter | Self::Reviewer | Self::Approver | Self::DataAdmin | Self::SecrecyReviewer => true,
            Self::SystemAdmin | Self::SecurityAdmin | Self::Auditor | Self::Service => false,
        }
    }
}

/// Whether one person may hold `roles` together (三员分立): business roles in any
/// number, or one of the three officers' roles alone, or a service's alone.
#[must_use]
pub fn may_be_held_together(roles: &BTreeSet<Role>) -> bool {
    let business = roles.iter().filter(|role| role.is_business()).count();
    matches!((business, roles.len() - business), (1.., 0) | (0, 1))
}

/// When somebody acts as approver (代理), by the signer's clock: seconds since
/// 1970-01-01 UTC, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acting {
    /// The first second.
    pub from: u64,
    /// The last second; later than `from`.
    pub until: u64,
}

impl Acting {
    /// Whether `time` lies within.
    #[must_use]
    pub fn covers(&self, time: u64) -> bool {
        (self.from..=self.until).contains(&time)
    }

    /// `[from, until]`.
    #[must_use]
    pub fn to_value(self) -> Value {
        Value::Array(vec![Value::uint(self.from), Value::uint(self.until)])
    }

    /// Reads what [`Acting::to_value`] wrote.
    #[must_use]
    pub fn of_value(value: &Value) -> Option<Self> {
        let [from, until] = value.as_array()? else { return None };
        let acting = Self { from: from.as_uint()?, until: until.as_uint()? };
        (acting.from < acting.until).then_some(acting)
    }
}

/// One person's key and roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The key that verifies this person's signatures.
    pub key: PublicKey,
    /// What this person may do; never empty.
    pub roles: BTreeSet<Role>,
    /// When this person may also approve, for somebody who is away.
    pub acting: Option<Acting>,
}

impl Member {
    /// Somebody who acts for nobody.
    #[must_use]
    pub fn new(key: PublicKey, roles: BTreeSet<Role>) -> Self {
        Self { key, roles, acting: None }
    }

    /// Whether this person may approve at `time`.
    #[must_use]
    pub fn may_approve(&self, time: u64) -> bool {
        self.roles.contains(&Role::Approver) || self.acting.is_some_and(|acting| acting.covers(time))
    }
}

/// The people of an office at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Roster {
    members: BTreeMap<Id, Member>,
    by_kid: BTreeMap<Digest, Id>,
}

/// Why a roster was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RosterError {
    /// The id or the key is taken: one person, one key.
    #[error("member id or key is in the roster already")]
    Taken,
    /// Not the bytes of a roster.
    #[error("not a roster")]
    Shape,
    /// More than [`MAX_MEMBERS`].
    #[error("too many members")]
    TooMany,
}

impl Roster {
    /// Adds a person.
    ///
    /// # Errors
    /// [`RosterError::Taken`] or [`RosterError::TooMany`]; the roster is then
    /// unchanged.
    pub fn add(&mut self, id: Id, member: Member) -> Result<(), RosterError> {
        let kid = member.key.thumbprint();
        if self.members.contains_key(&id) || self.by_kid.contains_key(&kid) {
            return Err(RosterError::Taken);
        }
        if self.members.len() >= MAX_MEMBERS {
            return Err(RosterError::TooMany);
        }
        self.by_kid.insert(kid, id);
        self.members.insert(id, member);
        Ok(())
    }

    /// Takes somebody out; says who it was.
    pub fn remove(&mut self, id: &Id) -> Option<Member> {
        let member = self.members.remove(id)?;
        self.by_kid.remove(&member.key.thumbprint());
        Some(member)
    }

    /// The person whose key has this thumbprint.
    #[must_use]
    pub fn by_kid(&self, kid: &Digest) -> Option<(Id, &Member)> {
        let id = self.by_kid.get(kid)?;
        self.members.get(id).map(|member| (*id, member))
    }

    /// The person with this id.
    #[must_use]
    pub fn get(&self, id: &Id) -> Option<&Member> {
        self.members.get(id)
    }

    /// Everybody, by id.
    pub fn iter(&self) -> impl Iterator<Item = (&Id, &Member)> {
        self.members.iter()
    }

    /// How many people.
    #[must_use]
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether nobody is in it yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The bytes that the digest is of.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let member = |(id, member): (&Id, &Member)| {
            let mut items = vec![Value::bytes(id), Value::bytes(member.key.0), roles_value(&member.roles)];
            items.extend(member.acting.map(Acting::to_value));
            Value::Array(items)
        };
        cbor::encode(&Value::Array(self.members.iter().map(member).collect()))
    }

    /// What statements name.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(&self.to_bytes())
    }

    /// Reads a roster.
    ///
    /// # Errors
    /// [`RosterError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, RosterError> {
        let value = cbor::decode(bytes, 1 << 21).map_err(|_| RosterError::Shape)?;
        let mut roster = Self::default();
        let mut previous = None;
        for item in value.as_array().ok_or(RosterError::Shape)? {
            let (id, key, roles, acting) = match item.as_array() {
                Some([id, key, roles]) => (id, key, roles, None),
                Some([id, key, roles, acting]) => (id, key, roles, Some(acting)),
                _ => return Err(RosterError::Shape),
            };
            let acting = acting.map(|acting| Acting::of_value(acting).ok_or(RosterError::Shape));
            let id = id.as_bytes().and_then(Id::from_slice).ok_or(RosterError::Shape)?;
            let key = key.as_bytes().and_then(|b| b.try_into().ok()).map(PublicKey);
            let key = key.ok_or(RosterError::Shape)?;
            let roles = roles_of(roles).ok_or(RosterError::Shape)?;
            if previous.replace(id).is_some_and(|previous| previous >= id) {
                return Err(RosterError::Shape);
            }
            roster.add(id, Member { key, roles, acting: acting.transpose()? })?;
        }
        Ok(roster)
    }
}

/// Roles as the CBOR array of their words, sorted by word.
#[must_use]
pub fn roles_value(roles: &BTreeSet<Role>) -> Value {
    let words: BTreeSet<&str> = roles.iter().map(|role| role.as_str()).collect();
    Value::Array(words.into_iter().map(Value::text).collect())
}

/// Reads what [`roles_value`] wrote: known words, sorted, unique, at least one.
#[must_use]
pub fn roles_of(value: &Value) -> Option<BTreeSet<Role>> {
    let words: Vec<&str> = value.as_array()?.iter().map(Value::as_text).collect::<Option<_>>()?;
    let sorted = words.windows(2).all(|pair| pair[0] < pair[1]);
    let roles = words.iter().map(|word| Role::ALL.into_iter().find(|r| r.as_str() == *word));
    let roles: BTreeSet<Role> = roles.collect::<Option<_>>()?;
    (sorted && !roles.is_empty()).then_some(roles)
}
