//! Ledger rules: what effect an entry has (DESIGN §6).
//!
//! A pure function, the same on the owner's desktop and on every copy. The
//! owner refuses to write an entry that violates a rule; a reader keeps it,
//! flags it and gives it no effect. Signatures are checked by the caller with
//! the keys that [`Decision::signers`] names: rules say *whose* signature it
//! must be.

use crate::act::{Act, Genesis, Successor};
use crate::coded::Coded;
use crate::digest::{Digest, Id};
use crate::key::PublicKey;
use crate::origin::Origin;
use crate::roster::{MAX_MEMBERS, Member, Role, Roster, may_be_held_together};
use crate::statement::{Anchor, Layer, Purpose, Statement};

/// The version of these rules; statements name the version that judges them.
pub const VERSION: u32 = 0;

/// What a ledger says about a record at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordState {
    /// The current version.
    pub version: u32,
    /// The leaf hash of the entry that made it, or that withdrew it.
    pub leaf: Digest,
    /// Whether the record was withdrawn.
    pub withdrawn: bool,
}

/// The state that earlier entries built, as the rules read it.
pub trait View {
    /// What reading the state may fail with.
    type Error;

    /// The origin of the ledger.
    fn origin(&self) -> &Origin;
    /// How many entries there are: the position of the next one.
    fn size(&self) -> u64;
    /// Entry 0, once there is one.
    fn genesis(&self) -> Option<&Genesis>;
    /// The people at this position.
    fn roster(&self) -> &Roster;
    /// The digest of [`View::roster`].
    fn roster_digest(&self) -> Digest;
    /// Whether the first record is still to come, so that the founding key
    /// alone admits people.
    fn is_founding(&self) -> bool;
    /// What is known of a record.
    ///
    /// # Errors
    /// As the store fails.
    fn record(&self, id: &Id) -> Result<Option<RecordState>, Self::Error>;
    /// The root of the first `size` entries, for any size up to [`View::size`].
    ///
    /// # Errors
    /// As the store fails.
    fn root_at(&self, size: u64) -> Result<Digest, Self::Error>;
}

/// What an entry changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delta {
    /// The ledger is founded.
    Founded(Box<Genesis>),
    /// Somebody joins.
    Joined(Id, Member),
    /// A record has a new state.
    Record(Id, RecordState),
}

/// An entry that is in order, provided that these keys signed its layers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What the entry changes.
    pub delta: Delta,
    /// The key of each layer's signer, innermost first.
    pub signers: Vec<PublicKey>,
}

/// Which rule an entry violates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    /// The statement belongs to another ledger.
    #[error("statement of another ledger")]
    WrongLedger,
    /// A genesis that is not entry 0, or an entry 0 that is none.
    #[error("genesis out of place")]
    GenesisOutOfPlace,
    /// The genesis contradicts the ledger's origin.
    #[error("genesis names another realm or office")]
    GenesisOrigin,
    /// The signer had verified another history than this ledger's.
    #[error("base is not a prefix of this ledger")]
    BaseNotTrue,
    /// The roster is not the one that was signed.
    #[error("the roster has changed since it was signed")]
    RosterStale,
    /// The statement names rules that this version does not have.
    #[error("unknown rules version")]
    UnknownRules,
    /// A signer is not in the roster.
    #[error("signer is not in the roster")]
    NotInRoster,
    /// A signer's roles do not allow this layer.
    #[error("signer does not hold the role")]
    WrongRole,
    /// Two layers were signed by one person.
    #[error("one person signed two layers")]
    SamePerson,
    /// Too few or too many layers for this act.
    #[error("act needs other signatures")]
    WrongLayers,
    /// Somebody other than the founding key admitted a person.
    #[error("not signed by the founding key")]
    NotFounder,
    /// Founding ended with the first record.
    #[error("founding is over")]
    FoundingOver,
    /// Roles that one person may not hold together.
    #[error("roles may not be held together")]
    RolesTogether,
    /// The id or key is taken: one key, one use.
    #[error("id or key is taken")]
    Taken,
    /// The roster is full.
    #[error("too many members")]
    TooManyMembers,
    /// An act on a record that does not exist.
    #[error("no such record")]
    NoSuchRecord,
    /// The act does not follow the record's current version.
    #[error("act does not follow the current version")]
    NotCurrent,
    /// The record is withdrawn, and stays so.
    #[error("record is withdrawn")]
    Withdrawn,
}

impl Coded for Violation {
    fn code(&self) -> &'static str {
        match self {
            Self::WrongLedger => "violation_wrong_ledger",
            Self::GenesisOutOfPlace => "violation_genesis_out_of_place",
            Self::GenesisOrigin => "violation_genesis_origin",
            Self::BaseNotTrue => "violation_base_not_true",
            Self::RosterStale => "violation_roster_stale",
            Self::UnknownRules => "violation_unknown_rules",
            Self::NotInRoster => "violation_not_in_roster",
            Self::WrongRole => "violation_wrong_role",
            Self::SamePerson => "violation_same_person",
            Self::WrongLayers => "violation_wrong_layers",
            Self::NotFounder => "violation_not_founder",
            Self::FoundingOver => "violation_founding_over",
            Self::RolesTogether => "violation_roles_together",
            Self::Taken => "violation_taken",
            Self::TooManyMembers => "violation_too_many_members",
            Self::NoSuchRecord => "violation_no_such_record",
            Self::NotCurrent => "violation_not_current",
            Self::Withdrawn => "violation_withdrawn",
        }
    }
}

/// A violation, or the view's own failure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError<E> {
    /// The entry violates a rule.
    #[error(transparent)]
    Violation(Violation),
    /// The state could not be read.
    #[error("state could not be read: {0}")]
    View(E),
}

impl<E> From<Violation> for RuleError<E> {
    fn from(violation: Violation) -> Self {
        Self::Violation(violation)
    }
}

/// Judges `statement`, whose leaf hash is `leaf`, as the next entry after
/// `view`.
///
/// # Errors
/// [`RuleError::Violation`] names the first rule violated.
pub fn apply<V: View>(
    view: &V,
    statement: &Statement,
    leaf: Digest,
) -> Result<Decision, RuleError<V::Error>> {
    let outermost = &statement.outermost().header;
    if outermost.claims.iss != view.origin().to_string() {
        return Err(Violation::WrongLedger.into());
    }
    let anchor = outermost.anchor.as_ref().ok_or(Violation::WrongLayers)?;
    check_anchor(view, anchor)?;
    match &statement.act {
        Act::Genesis(genesis) => Ok(found(view, statement, genesis)?),
        _ if view.genesis().is_none() => Err(Violation::GenesisOutOfPlace.into()),
        Act::Member { key, roles, .. } => {
            let member = Member { key: *key, roles: roles.clone() };
            Ok(join(view, statement, member)?)
        }
        Act::Publish(_) => publish(view, statement, leaf),
        Act::Amend(_, successor) => succeed(view, statement, *successor, leaf, false),
        Act::Withdraw { of, .. } => succeed(view, statement, *of, leaf, true),
    }
}

fn check_anchor<V: View>(view: &V, anchor: &Anchor) -> Result<(), RuleError<V::Error>> {
    if anchor.rules != VERSION {
        return Err(Violation::UnknownRules.into());
    }
    if anchor.base.size > view.size()
        || view.root_at(anchor.base.size).map_err(RuleError::View)? != anchor.base.root
    {
        return Err(Violation::BaseNotTrue.into());
    }
    if anchor.roster != view.roster_digest() {
        return Err(Violation::RosterStale.into());
    }
    Ok(())
}

fn found<V: View>(view: &V, statement: &Statement, genesis: &Genesis) -> Result<Decision, Violation> {
    if view.size() != 0 || view.genesis().is_some() {
        return Err(Violation::GenesisOutOfPlace);
    }
    if genesis.realm != view.origin().realm() || genesis.code != view.origin().code() {
        return Err(Violation::GenesisOrigin);
    }
    signed_by_founder(statement, genesis)?;
    if !genesis.keys.are_different() {
        return Err(Violation::Taken);
    }
    let delta = Delta::Founded(Box::new(genesis.clone()));
    Ok(Decision { delta, signers: vec![genesis.keys.founding] })
}

fn join<V: View>(view: &V, statement: &Statement, member: Member) -> Result<Decision, Violation> {
    let genesis = view.genesis().ok_or(Violation::GenesisOutOfPlace)?;
    if !view.is_founding() {
        return Err(Violation::FoundingOver);
    }
    signed_by_founder(statement, genesis)?;
    if !may_be_held_together(&member.roles) {
        return Err(Violation::RolesTogether);
    }
    if view.roster().len() >= MAX_MEMBERS {
        return Err(Violation::TooManyMembers);
    }
    let taken = genesis.keys.signing().contains(&member.key)
        || view.roster().get(&statement.subject()).is_some()
        || view.roster().by_kid(&member.key.thumbprint()).is_some();
    if taken {
        return Err(Violation::Taken);
    }
    Ok(Decision { delta: Delta::Joined(statement.subject(), member), signers: vec![genesis.keys.founding] })
}

fn signed_by_founder(statement: &Statement, genesis: &Genesis) -> Result<(), Violation> {
    let [layer] = statement.layers.as_slice() else {
        return Err(Violation::WrongLayers);
    };
    if layer.header.purpose != Purpose::Approve {
        return Err(Violation::WrongLayers);
    }
    if layer.header.kid != genesis.keys.founding.thumbprint() {
        return Err(Violation::NotFounder);
    }
    Ok(())
}

fn publish<V: View>(view: &V, statement: &Statement, leaf: Digest) -> Result<Decision, RuleError<V::Error>> {
    let signers = people(view.roster(), statement)?;
    let id = statement.subject();
    if view.record(&id).map_err(RuleError::View)?.is_some() {
        return Err(Violation::Taken.into());
    }
    let state = RecordState { version: 1, leaf, withdrawn: false };
    Ok(Decision { delta: Delta::Record(id, state), signers })
}

fn succeed<V: View>(
    view: &V,
    statement: &Statement,
    successor: Successor,
    leaf: Digest,
    withdrawn: bool,
) -> Result<Decision, RuleError<V::Error>> {
    let signers = people(view.roster(), statement)?;
    let id = statement.subject();
    let current = view.record(&id).map_err(RuleError::View)?.ok_or(Violation::NoSuchRecord)?;
    if current.withdrawn {
        return Err(Violation::Withdrawn.into());
    }
    let version = if withdrawn { current.version } else { current.version + 1 };
    if successor.previous != current.leaf || successor.version != version {
        return Err(Violation::NotCurrent.into());
    }
    let state = RecordState { version, leaf, withdrawn };
    Ok(Decision { delta: Delta::Record(id, state), signers })
}

/// The signers of an act that two or three different people sign, each in the
/// roster with the role of the layer.
///
/// # Errors
/// [`Violation`].
pub fn people(roster: &Roster, statement: &Statement) -> Result<Vec<PublicKey>, Violation> {
    if statement.layers.len() < 2 {
        return Err(Violation::WrongLayers);
    }
    let mut ids = Vec::with_capacity(3);
    let mut keys = Vec::with_capacity(3);
    for layer in &statement.layers {
        let (id, key) = signer(roster, layer)?;
        if ids.contains(&id) {
            return Err(Violation::SamePerson);
        }
        ids.push(id);
        keys.push(key);
    }
    Ok(keys)
}

fn signer(roster: &Roster, layer: &Layer) -> Result<(Id, PublicKey), Violation> {
    let role = match layer.header.purpose {
        Purpose::Draft => Role::Drafter,
        Purpose::Review => Role::Reviewer,
        Purpose::Approve => Role::Approver,
        Purpose::Service => return Err(Violation::WrongLayers),
    };
    let (id, member) = roster.by_kid(&layer.header.kid).ok_or(Violation::NotInRoster)?;
    if !member.roles.contains(&role) {
        return Err(Violation::WrongRole);
    }
    Ok((id, member.key))
}
