//! What can go wrong between an office and its register.

use yinxin_record::Coded;

/// Why a request, an answer or a change is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RealmError {
    /// Only a register does this.
    #[error("not a register")]
    NotRegister,
    /// A register does not do this.
    #[error("a register")]
    IsRegister,
    /// The file is no request, or not as it should be.
    #[error("not a request: {0}")]
    BadRequest(&'static str),
    /// The request is another realm's.
    #[error("request from realm {found}")]
    OtherRealm {
        /// The realm of the request.
        found: String,
    },
    /// The request contradicts what the register knows of the office.
    #[error("request contradicts the register: {0}")]
    Contradicts(&'static str),
    /// Nobody in the office could be one of its two admins.
    #[error("the office has no two admins")]
    NoAdmins,
    /// The register has no such office.
    #[error("no office {0}")]
    UnknownOffice(String),
    /// A change waits for the second admin already.
    #[error("a change waits already")]
    ChangeWaits,
    /// No change waits.
    #[error("no change waits")]
    NoChange,
    /// Nothing would be different.
    #[error("nothing changes for {0}")]
    NothingChanges(String),
    /// The office is suspended, or is not.
    #[error("{0} is suspended already, or is not")]
    WrongStanding(String),
    /// The request asks for other keys, and nobody is to give any.
    #[error("other keys are asked for")]
    KeysAsked,
    /// The request asks for no other keys.
    #[error("no other keys are asked for")]
    NoKeysAsked,
    /// The register has no policy yet.
    #[error("no policy yet")]
    NoPolicy,
    /// The file is no answer, or not as it should be.
    #[error("not an answer: {0}")]
    BadAnswer(&'static str),
    /// The policy does not name the realm's register.
    #[error("policy without the register {0}")]
    RegisterUnknown(String),
    /// The answer is another office's.
    #[error("answer for {0}")]
    OtherOffice(String),
    /// The answer names a ledger or people that this office never had.
    #[error("answer contradicts the ledger: {0}")]
    OtherHistory(&'static str),
    /// A newer answer was taken in already.
    #[error("a newer answer was taken in already")]
    NotNewer,
    /// The answer certifies keys that this host does not have.
    #[error("keys that this host does not have")]
    OtherKeys,
    /// The office has taken no answer of a register in yet.
    #[error("not in a realm")]
    NotInRealm,
    /// The office has not asked for what the register's warrant says, or has asked
    /// for something else since.
    #[error("not what was asked for")]
    NotAsked,
    /// The register has appointed nobody in this office.
    #[error("nobody was appointed in {0}")]
    NobodyAppointed(String),
}

impl Coded for RealmError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotRegister => "realm_not_register",
            Self::IsRegister => "realm_is_register",
            Self::BadRequest(_) => "realm_bad_request",
            Self::OtherRealm { .. } => "realm_other_realm",
            Self::Contradicts(_) => "realm_contradicts",
            Self::NoAdmins => "realm_no_admins",
            Self::UnknownOffice(_) => "realm_unknown_office",
            Self::ChangeWaits => "realm_change_waits",
            Self::NoChange => "realm_no_change",
            Self::NothingChanges(_) => "realm_nothing_changes",
            Self::WrongStanding(_) => "realm_wrong_standing",
            Self::KeysAsked => "realm_keys_asked",
            Self::NoKeysAsked => "realm_no_keys_asked",
            Self::NoPolicy => "realm_no_policy",
            Self::BadAnswer(_) => "realm_bad_answer",
            Self::RegisterUnknown(_) => "realm_register_unknown",
            Self::OtherOffice(_) => "realm_other_office",
            Self::OtherHistory(_) => "realm_other_history",
            Self::NotNewer => "realm_not_newer",
            Self::OtherKeys => "realm_other_keys",
            Self::NotInRealm => "realm_not_in_realm",
            Self::NotAsked => "realm_not_asked",
            Self::NobodyAppointed(_) => "realm_nobody_appointed",
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::BadRequest(detail)
            | Self::Contradicts(detail)
            | Self::BadAnswer(detail)
            | Self::OtherHistory(detail) => vec![("detail", (*detail).to_owned())],
            Self::OtherRealm { found } => vec![("found", found.clone())],
            Self::UnknownOffice(text)
            | Self::NothingChanges(text)
            | Self::WrongStanding(text)
            | Self::RegisterUnknown(text)
            | Self::NobodyAppointed(text)
            | Self::OtherOffice(text) => vec![("text", text.clone())],
            Self::NotRegister
            | Self::IsRegister
            | Self::NoAdmins
            | Self::ChangeWaits
            | Self::NoChange
            | Self::KeysAsked
            | Self::NoKeysAsked
            | Self::NoPolicy
            | Self::NotNewer
            | Self::OtherKeys
            | Self::NotInRealm
            | Self::NotAsked => Vec::new(),
        }
    }
}
