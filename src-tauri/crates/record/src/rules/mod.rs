//! Ledger rules: what effect an entry has (DESIGN §6).
//!
//! A pure function, the same on the owner's desktop and on every copy. The
//! owner refuses to write an entry that violates a rule; a reader keeps it,
//! flags it and gives it no effect. Signatures are checked by the caller with
//! the keys that [`Decision::signers`] names: rules say *whose* signature it
//! must be.
//!
//! ```text
//! violation  every rule's code
//! signers    who may sign which layer
//! founding   the genesis and what the founding key may do
//! member     who people are and what they may do
//! record     versions of records
//! warrant    officers whom the register appoints
//! register   offices of a realm, and its policies
//! ```

mod enforced;
mod founding;
mod member;
mod record;
mod register;
mod signers;
mod violation;
mod warrant;

use crate::act::{Act, Appointment, Genesis, NumberedPolicy, Standing, Warrant};
use crate::digest::{Digest, Id};
use crate::key::PublicKey;
use crate::origin::Origin;
use crate::roster::{Member, Roster};
use crate::statement::{Anchor, Statement};

use enforced::Enforced;
pub use founding::signed_by_founder;
pub use member::{keeps_both_admins, possible};
pub use signers::{admins, people};
pub use violation::Violation;
pub use warrant::warranted;

/// The version of these rules; statements name the version that judges them.
pub const VERSION: u32 = 0;

/// What a ledger says about a record at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordState {
    /// The current version.
    pub version: u32,
    /// The leaf hash of the latest entry on the record.
    pub leaf: Digest,
    /// Whether the record was withdrawn, or erased.
    pub withdrawn: bool,
    /// Whether its contents were to be destroyed.
    pub erased: bool,
}

/// What a ledger says about a person at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberState {
    /// How many acts are about this person.
    pub version: u32,
    /// The leaf hash of the latest of them.
    pub leaf: Digest,
    /// Whether the person is suspended, and so not in the roster.
    pub suspended: bool,
    /// Key and roles.
    pub member: Member,
}

/// What a register says about an office at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeState {
    /// How many acts are about this office.
    pub version: u32,
    /// The leaf hash of the latest of them.
    pub leaf: Digest,
    /// What it says.
    pub standing: Standing,
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
    /// The people at this position who are not suspended.
    fn roster(&self) -> &Roster;
    /// The digest of [`View::roster`].
    fn roster_digest(&self) -> Digest;
    /// Whether people have signed nothing yet, so that the founding key alone
    /// admits them.
    fn is_founding(&self) -> bool;
    /// The position of the latest act about people.
    ///
    /// # Errors
    /// As the store fails.
    fn people_changed(&self) -> Result<Option<u64>, Self::Error>;
    /// What is known of a person, suspended or not.
    ///
    /// # Errors
    /// As the store fails.
    fn member(&self, id: &Id) -> Result<Option<MemberState>, Self::Error>;
    /// Whether anybody has, or ever had, the key with this thumbprint: a person,
    /// or in a register an office.
    ///
    /// # Errors
    /// As the store fails.
    fn is_key_used(&self, kid: &Digest) -> Result<bool, Self::Error>;
    /// What is known of a record.
    ///
    /// # Errors
    /// As the store fails.
    fn record(&self, id: &Id) -> Result<Option<RecordState>, Self::Error>;
    /// What a register knows of an office; a ledger that is none knows nothing.
    ///
    /// # Errors
    /// As the store fails.
    fn office(&self, id: &Id) -> Result<Option<OfficeState>, Self::Error>;
    /// Whether an office in the register has this code.
    ///
    /// # Errors
    /// As the store fails.
    fn is_code_taken(&self, code: &str) -> Result<bool, Self::Error>;
    /// The number of the latest policy in the register, or 0.
    ///
    /// # Errors
    /// As the store fails.
    fn policy_number(&self) -> Result<u64, Self::Error>;
    /// Whether the warrant's proof shows that its entry stands in the register of
    /// the realm; never, where the office has none.
    ///
    /// # Errors
    /// As the store fails.
    fn is_in_register(&self, warrant: &Warrant) -> Result<bool, Self::Error>;
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
    /// Somebody joins, or is from now on somebody else.
    Member(Id, Box<MemberState>),
    /// A record has a new state.
    Record(Id, RecordState),
    /// An office joins the realm, or has a new standing.
    Office(Id, Box<OfficeState>),
    /// The realm has a new policy.
    Policy(NumberedPolicy),
    /// The office with this id may take somebody in as an officer.
    Appointed(Id, Box<Appointment>),
}

/// An entry that is in order, provided that these keys signed its layers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What the entry changes.
    pub delta: Delta,
    /// The key of each layer's signer, innermost first.
    pub signers: Vec<PublicKey>,
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
    Judge { view, statement, leaf, enforced: Enforced::all() }.entry()
}

/// [`apply`] with one rule dropped, to show that tests would notice.
///
/// # Errors
/// As [`apply`], but never `dropped`.
#[cfg(feature = "mutants")]
pub fn apply_without<V: View>(
    dropped: Violation,
    view: &V,
    statement: &Statement,
    leaf: Digest,
) -> Result<Decision, RuleError<V::Error>> {
    Judge { view, statement, leaf, enforced: Enforced::but(dropped) }.entry()
}

/// One entry before the rules.
struct Judge<'a, V> {
    view: &'a V,
    statement: &'a Statement,
    leaf: Digest,
    enforced: Enforced,
}

type Judged<V> = Result<Decision, RuleError<<V as View>::Error>>;

impl<V: View> Judge<'_, V> {
    fn entry(&self) -> Judged<V> {
        let outermost = &self.statement.outermost().header;
        let is_ours = outermost.claims.iss == self.view.origin().to_string();
        self.enforced.require(is_ours, Violation::WrongLedger)?;
        let anchor = outermost.anchor.as_ref().ok_or(Violation::WrongLayers)?;
        self.anchor(anchor)?;
        let is_genesis = matches!(self.statement.act, Act::Genesis(_));
        let in_place = is_genesis == (self.view.size() == 0);
        self.enforced.require(in_place, Violation::GenesisOutOfPlace)?;
        self.enforced.require(self.belongs_here(), Violation::WrongKindOfLedger)?;
        match &self.statement.act {
            Act::Genesis(genesis) => Ok(self.found(genesis)?),
            Act::Member(membership) => self.membership(membership),
            Act::Publish(_) => self.publish(),
            Act::Amend(_, successor) => self.amend(*successor),
            Act::Withdraw { of, .. } => self.end(*of, false),
            Act::Erase { of, .. } => self.end(*of, true),
            Act::Office(standing) => self.office(standing),
            Act::Policy(policy) => self.policy(policy),
            Act::Appoint(appointment) => self.appoint(appointment),
        }
    }

    /// A register holds no records, and only a register admits offices.
    fn belongs_here(&self) -> bool {
        match &self.statement.act {
            Act::Genesis(_) | Act::Member(_) => true,
            Act::Office(_) | Act::Policy(_) | Act::Appoint(_) => self.view.origin().is_register(),
            Act::Publish(_) | Act::Amend(..) | Act::Withdraw { .. } | Act::Erase { .. } => {
                !self.view.origin().is_register()
            }
        }
    }

    /// What the outermost signer had verified is this ledger, as it is now.
    fn anchor(&self, anchor: &Anchor) -> Result<(), RuleError<V::Error>> {
        self.enforced.require(anchor.rules == VERSION, Violation::UnknownRules)?;
        let (size, root) = (anchor.base.size, anchor.base.root);
        let is_true = size <= self.view.size() && self.view.root_at(size).map_err(RuleError::View)? == root;
        self.enforced.require(is_true, Violation::BaseNotTrue)?;
        let is_current = anchor.roster == self.view.roster_digest();
        Ok(self.enforced.require(is_current, Violation::RosterStale)?)
    }
}
