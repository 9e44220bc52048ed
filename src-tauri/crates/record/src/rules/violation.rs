//! Every rule, by the code of its violation.

use crate::coded::Coded;

/// Which rule an entry violates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Violation {
    /// The statement belongs to another ledger.
    #[error("statement of another ledger")]
    WrongLedger,
    /// A record in a register, or an office admitted by a ledger that is none.
    #[error("act of another kind of ledger")]
    WrongKindOfLedger,
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
    /// Somebody approves as acting approver at a time that was not given.
    #[error("signer does not act as approver at this time")]
    NotActing,
    /// Two layers were signed by one person.
    #[error("one person signed two layers")]
    SamePerson,
    /// Too few or too many layers for this act.
    #[error("act needs other signatures")]
    WrongLayers,
    /// The act asks for a reviewer, and none signed.
    #[error("act needs a reviewer's signature")]
    NotReviewed,
    /// An act about people that system admin and security admin did not both sign.
    #[error("not signed by both admins")]
    NotBothAdmins,
    /// Somebody other than the founding key admitted a person alone.
    #[error("not signed by the founding key")]
    NotFounder,
    /// Founding ended with the first act that people signed.
    #[error("founding is over")]
    FoundingOver,
    /// The founding key admits, and does nothing else.
    #[error("the founding key only admits")]
    FounderOnlyAdmits,
    /// Roles that one person may not hold together.
    #[error("roles may not be held together")]
    RolesTogether,
    /// Somebody who approves anyway, or may not do business, acts as approver.
    #[error("this person may not act as approver")]
    MayNotAct,
    /// Nobody would be left to be one of the two admins.
    #[error("one of the two admins would be missing")]
    LastAdmin,
    /// The id or key is taken: one key, one use.
    #[error("id or key is taken")]
    Taken,
    /// The roster is full.
    #[error("too many members")]
    TooManyMembers,
    /// An act about a person who was never admitted.
    #[error("no such member")]
    NoSuchMember,
    /// An act on a record that does not exist.
    #[error("no such record")]
    NoSuchRecord,
    /// The act does not follow the current version of the record or person.
    #[error("act does not follow the current version")]
    NotCurrent,
    /// The record is withdrawn, and stays so.
    #[error("record is withdrawn")]
    Withdrawn,
    /// The record is erased already.
    #[error("record is erased")]
    Erased,
    /// An act about an office that was never admitted.
    #[error("no such office")]
    NoSuchOffice,
    /// An act about an office that names another code or ledger than before.
    #[error("act names another code or ledger of the office")]
    OtherOffice,
    /// The office's ledger is said to be shorter than before, or another one.
    #[error("head lies behind the one before")]
    HeadBehind,
    /// Somebody is to be appointed in an office that is suspended.
    #[error("office is suspended")]
    OfficeSuspended,
    /// An appointment makes somebody one of the three officers, and nothing else.
    #[error("only an officer may be appointed")]
    NotAppointable,
    /// The register does not say this of this person, or somebody else signed it.
    #[error("not what the register's warrant says")]
    NotWarranted,
}

impl Violation {
    /// Every rule.
    pub const ALL: [Self; 33] = [
        Self::WrongLedger,
        Self::WrongKindOfLedger,
        Self::GenesisOutOfPlace,
        Self::GenesisOrigin,
        Self::BaseNotTrue,
        Self::RosterStale,
        Self::UnknownRules,
        Self::NotInRoster,
        Self::WrongRole,
        Self::NotActing,
        Self::SamePerson,
        Self::WrongLayers,
        Self::NotReviewed,
        Self::NotBothAdmins,
        Self::NotFounder,
        Self::FoundingOver,
        Self::FounderOnlyAdmits,
        Self::RolesTogether,
        Self::MayNotAct,
        Self::LastAdmin,
        Self::Taken,
        Self::TooManyMembers,
        Self::NoSuchMember,
        Self::NoSuchRecord,
        Self::NotCurrent,
        Self::Withdrawn,
        Self::Erased,
        Self::NoSuchOffice,
        Self::OtherOffice,
        Self::HeadBehind,
        Self::OfficeSuspended,
        Self::NotAppointable,
        Self::NotWarranted,
    ];
}

impl Coded for Violation {
    fn code(&self) -> &'static str {
        match self {
            Self::WrongLedger => "violation_wrong_ledger",
            Self::WrongKindOfLedger => "violation_wrong_kind_of_ledger",
            Self::GenesisOutOfPlace => "violation_genesis_out_of_place",
            Self::GenesisOrigin => "violation_genesis_origin",
            Self::BaseNotTrue => "violation_base_not_true",
            Self::RosterStale => "violation_roster_stale",
            Self::UnknownRules => "violation_unknown_rules",
            Self::NotInRoster => "violation_not_in_roster",
            Self::WrongRole => "violation_wrong_role",
            Self::NotActing => "violation_not_acting",
            Self::SamePerson => "violation_same_person",
            Self::WrongLayers => "violation_wrong_layers",
            Self::NotReviewed => "violation_not_reviewed",
            Self::NotBothAdmins => "violation_not_both_admins",
            Self::NotFounder => "violation_not_founder",
            Self::FoundingOver => "violation_founding_over",
            Self::FounderOnlyAdmits => "violation_founder_only_admits",
            Self::RolesTogether => "violation_roles_together",
            Self::MayNotAct => "violation_may_not_act",
            Self::LastAdmin => "violation_last_admin",
            Self::Taken => "violation_taken",
            Self::TooManyMembers => "violation_too_many_members",
            Self::NoSuchMember => "violation_no_such_member",
            Self::NoSuchRecord => "violation_no_such_record",
            Self::NotCurrent => "violation_not_current",
            Self::Withdrawn => "violation_withdrawn",
            Self::Erased => "violation_erased",
            Self::NoSuchOffice => "violation_no_such_office",
            Self::OtherOffice => "violation_other_office",
            Self::HeadBehind => "violation_head_behind",
            Self::OfficeSuspended => "violation_office_suspended",
            Self::NotAppointable => "violation_not_appointable",
            Self::NotWarranted => "violation_not_warranted",
        }
    }
}
