//! What can go wrong in an office; texts are in the locale files.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;
use yinxin_ledger::store::StoreError;
use yinxin_record::key::SignerUnavailable;
use yinxin_record::origin::OriginError;
use yinxin_record::roster::Role;
use yinxin_record::rules::Violation;
use yinxin_record::{Coded, Id};

use crate::people::InvitationError;
use crate::private_file::Exposure;
use crate::realm::RealmError;
use crate::recovery::RecoveryError;
use crate::strength::Weakness;
use crate::whole_file::is_not_regular;

/// A named failure. Unless its text says otherwise, nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    /// A file or folder could not be read or written.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The folder has no office in it.
    #[error("no office in {0}")]
    NoOffice(PathBuf),
    /// The folder for a new office is not empty.
    #[error("{0} is not empty")]
    FolderTaken(PathBuf),
    /// The database was made by a newer version.
    #[error("database version {found}, this program knows {known}")]
    NewerDatabase {
        /// In the file.
        found: i64,
        /// Here.
        known: i64,
    },
    /// The database was made by an older version, and is only to be read.
    #[error("database version {found}, this program reads {known}")]
    OlderDatabase {
        /// In the file.
        found: i64,
        /// Here.
        known: i64,
    },
    /// A program was stopped while writing, and its log cannot be read in a
    /// folder that may not be written.
    #[error("{0} has unfinished writing beside it")]
    WritingUnfinished(PathBuf),
    /// A database that had to be read without locks was written meanwhile.
    #[error("{0} changed while it was read")]
    ChangedMeanwhile(PathBuf),
    /// SQLite failed.
    #[error(transparent)]
    Database(rusqlite::Error),
    /// The ledger store failed.
    #[error(transparent)]
    Store(StoreError),
    /// What is stored cannot be true; `audit` tells more.
    #[error("stored data is damaged: {0}")]
    Damaged(&'static str),
    /// The saved state is not that of the ledger's head: nothing is built on it.
    #[error("the saved state is of {state:?} entries, the ledger has {ledger}")]
    StateOfAnotherHead {
        /// How many entries the state is of; nothing where nobody knows.
        state: Option<u64>,
        /// How many the ledger has.
        ledger: u64,
    },
    /// The realm or the office code is not one.
    #[error(transparent)]
    Origin(#[from] OriginError),
    /// The office code's check digit is wrong.
    #[error("office code {0} has a wrong check digit")]
    OfficeCode(String),
    /// A name is empty, too long or has control characters.
    #[error("not a name: {0:?}")]
    BadName(String),
    /// There is a person of this name already.
    #[error("name taken: {0}")]
    NameTaken(String),
    /// Nobody has this name.
    #[error("nobody is called {0}")]
    UnknownPerson(String),
    /// The roles may not be held by one person.
    #[error("roles may not be held together")]
    RolesTogether,
    /// The person does not hold the role that this needs.
    #[error("{name} is not {}", role.as_str())]
    RoleNeeded {
        /// Who.
        name: String,
        /// The missing role.
        role: Role,
    },
    /// The person is suspended.
    #[error("{0} is suspended")]
    Suspended(String),
    /// The person has another key by now than the one that was unlocked.
    #[error("{0} has another key by now")]
    KeyReplaced(String),
    /// The person is neither system admin nor security admin.
    #[error("{0} is neither system admin nor security admin")]
    AdminNeeded(String),
    /// The person is neither reviewer nor secrecy reviewer.
    #[error("{0} is neither reviewer nor secrecy reviewer")]
    ReviewerNeeded(String),
    /// The person neither reviews nor approves.
    #[error("{0} neither reviews nor approves")]
    SignerNeeded(String),
    /// A change of this person waits already.
    #[error("a change of {0} waits already")]
    ChangeWaits(String),
    /// No such change of a person waits, or not any more.
    #[error("no such change waits")]
    NoSuchChange,
    /// A change that says nothing new of a person.
    #[error("nothing changes for {0}")]
    PersonUnchanged(String),
    /// Nobody was chosen.
    #[error("nobody was chosen")]
    NobodyChosen,
    /// An admin's own key is among those that are lost: another admin signs.
    #[error("the key of {0} is among the lost ones")]
    OwnKeyLost(String),
    /// Somebody new needs a key.
    #[error("somebody new needs a key")]
    KeyNeeded,
    /// People have signed already: others are admitted by two admins.
    #[error("founding is over")]
    FoundingOver,
    /// An invitation, or its answer, is refused.
    #[error(transparent)]
    Invitation(#[from] InvitationError),
    /// The passphrase does not open this key file.
    #[error("wrong passphrase for {whose}")]
    WrongPassphrase {
        /// The person's name, or `host`.
        whose: String,
    },
    /// A new passphrase is easy to guess.
    #[error(transparent)]
    WeakPassphrase(#[from] Weakness),
    /// A passphrase is empty.
    #[error("empty passphrase")]
    EmptyPassphrase,
    /// The host's keys are needed and nothing unlocks them.
    #[error("host keys are locked")]
    HostLocked,
    /// A key file is missing.
    #[error("key file {0} is missing")]
    KeyFileMissing(PathBuf),
    /// A key file is unreadable, or holds another key than the ledger says.
    #[error("key file {0} is damaged")]
    KeyFileDamaged(PathBuf),
    /// A key file is open to others.
    #[error(transparent)]
    Exposed(#[from] Exposure),
    /// A recovery sheet, or its code, is refused.
    #[error(transparent)]
    Recovery(#[from] RecoveryError),
    /// Between the office and its register.
    #[error(transparent)]
    Realm(#[from] RealmError),
    /// The signer did not sign.
    #[error(transparent)]
    Signer(#[from] SignerUnavailable),
    /// No template of this name.
    #[error("unknown template {0}")]
    UnknownTemplate(String),
    /// No record with this id.
    #[error("no record {0}")]
    NoSuchRecord(String),
    /// The record has no version of this number.
    #[error("record {id} has no version {version}")]
    NoSuchVersion {
        /// Which record.
        id: Id,
        /// Which version.
        version: u32,
    },
    /// Nothing of this record waits for approval.
    #[error("nothing of {0} waits for approval")]
    NothingWaits(Id),
    /// What waits of this record is to be reviewed before it is approved.
    #[error("what waits of {0} is to be reviewed first")]
    WaitsForReview(Id),
    /// Nothing of this record waits for a review.
    #[error("nothing of {0} waits for a review")]
    NothingToReview(Id),
    /// Whoever listened to the progress wanted no more of it.
    #[error("interrupted")]
    Interrupted,
    /// Something of this record waits already.
    #[error("something of {0} waits for approval already")]
    WaitsAlready(Id),
    /// The record is withdrawn.
    #[error("{0} is withdrawn")]
    Withdrawn(Id),
    /// The record is erased.
    #[error("{0} is erased")]
    Erased(Id),
    /// The record is not published yet.
    #[error("{0} is not published")]
    NotPublished(Id),
    /// The drafter has no such form.
    #[error("no form {0}")]
    NoSuchForm(String),
    /// Another window has kept the form since it was read.
    #[error("form {0} was changed elsewhere")]
    FormChanged(Id),
    /// More is typed than is kept.
    #[error("too much is typed, or too many forms are begun")]
    FormTooLarge,
    /// A record of the same thing is there already.
    #[error("{0} is there already")]
    AlreadyThere(Id),
    /// What waits is not the draft that was seen.
    #[error("another draft of {0} waits now")]
    AnotherDraft(Id),
    /// The submission is somebody else's.
    #[error("what waits of {0} is somebody else's")]
    NotYours(Id),
    /// An amendment would name the same thing as another record.
    #[error("{id} would name the same thing as {other}")]
    KeyTaken {
        /// The record that was to be amended.
        id: Id,
        /// The record that names this already.
        other: Id,
    },
    /// An amendment that changes nothing.
    #[error("nothing changes in {0}")]
    NothingChanges(Id),
    /// A change is not of the form `field=value`, or names no field.
    #[error(transparent)]
    Set(#[from] yinxin_record::validate::SetError),
    /// The template has no such field.
    #[error("no field {0}")]
    NoSuchField(String),
    /// A field cannot be chosen for disclosure: it is open anyway.
    #[error("field {0} is open")]
    FieldIsOpen(String),
    /// The values do not satisfy the template; see the problems.
    #[error("{} problems in the values", .0.len())]
    Values(Vec<yinxin_record::validate::Problem>),
    /// The paging cursor is not one that a listing gave.
    #[error("not a cursor: {0}")]
    BadCursor(String),
    /// A reason is empty or too long.
    #[error("a reason of 1 to 2,000 characters is needed")]
    BadReason,
    /// A record's contents would not fit.
    #[error("record is too large for one entry")]
    TooLarge,
    /// What was given to hold the ledger against is no checkpoint.
    #[error("not a checkpoint")]
    NoCheckpoint,
    /// It is a checkpoint of another ledger.
    #[error("checkpoint of {found}, not of {own}")]
    OtherLedger {
        /// Whose it is.
        found: String,
        /// Whose it should be.
        own: String,
    },
    /// The evidence would not verify, so it is not written.
    #[error(transparent)]
    Evidence(#[from] yinxin_evidence::AssembleError),
    /// The entry would violate a ledger rule.
    #[error(transparent)]
    Rule(#[from] Violation),
}

/// Shorthand.
pub type Result<T, E = OfficeError> = std::result::Result<T, E>;

impl OfficeError {
    /// Wraps an I/O error with the path that it is about.
    pub(crate) fn file(path: impl AsRef<Path>) -> impl FnOnce(io::Error) -> Self {
        let path = path.as_ref().to_owned();
        move |source| Self::File { path, source }
    }
}

impl From<rusqlite::Error> for OfficeError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

impl From<StoreError> for OfficeError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Sqlite(error) => Self::Database(error),
            other => Self::Store(other),
        }
    }
}

fn file_code(error: &io::Error) -> &'static str {
    if is_not_regular(error) {
        return "not_a_file";
    }
    match error.kind() {
        io::ErrorKind::NotFound => "file_not_found",
        io::ErrorKind::PermissionDenied => "file_not_permitted",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "disk_full",
        io::ErrorKind::AlreadyExists => "file_exists",
        io::ErrorKind::ReadOnlyFilesystem => "file_read_only",
        _ => "file_failed",
    }
}

fn database_code(error: &rusqlite::Error) -> &'static str {
    use rusqlite::Error::{FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType};
    if matches!(error, FromSqlConversionFailure(..) | IntegralValueOutOfRange(..) | InvalidColumnType(..)) {
        return "stored_data_damaged";
    }
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => "database_busy",
        Some(ErrorCode::DiskFull) => "disk_full",
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => "database_damaged",
        Some(ErrorCode::ReadOnly) => "file_read_only",
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => "database_not_opened",
        Some(ErrorCode::SystemIoFailure) => "database_io",
        _ => "database_failed",
    }
}

impl Coded for OfficeError {
    fn code(&self) -> &'static str {
        match self {
            Self::File { source, .. } => file_code(source),
            Self::NoOffice(_) => "no_office",
            Self::FolderTaken(_) => "folder_taken",
            Self::NewerDatabase { .. } => "newer_database",
            Self::OlderDatabase { .. } => "older_database",
            Self::WritingUnfinished(_) => "writing_unfinished",
            Self::ChangedMeanwhile(_) => "changed_meanwhile",
            Self::Database(error) => database_code(error),
            Self::Store(StoreError::HeadMoved) => "head_moved",
            Self::Store(StoreError::EntryTooLong) | Self::TooLarge => "record_too_large",
            Self::Store(_) | Self::Damaged(_) => "stored_data_damaged",
            Self::StateOfAnotherHead { .. } => "state_of_another_head",
            Self::Origin(OriginError::Realm) => "bad_realm",
            Self::Origin(OriginError::Code) | Self::OfficeCode(_) => "bad_office_code",
            Self::BadName(_) => "bad_name",
            Self::NameTaken(_) => "name_taken",
            Self::UnknownPerson(_) => "unknown_person",
            Self::RolesTogether => "roles_together",
            Self::RoleNeeded { .. } => "role_needed",
            Self::Suspended(_) => "suspended",
            Self::KeyReplaced(_) => "key_replaced",
            Self::AdminNeeded(_) => "admin_needed",
            Self::ReviewerNeeded(_) => "reviewer_needed",
            Self::SignerNeeded(_) => "signer_needed",
            Self::ChangeWaits(_) => "change_waits",
            Self::NoSuchChange => "no_such_change",
            Self::PersonUnchanged(_) => "person_unchanged",
            Self::NobodyChosen => "nobody_chosen",
            Self::OwnKeyLost(_) => "own_key_lost",
            Self::KeyNeeded => "key_needed",
            Self::FoundingOver => "founding_over",
            Self::WrongPassphrase { .. } => "wrong_passphrase",
            Self::WeakPassphrase(weakness) => weakness.code(),
            Self::EmptyPassphrase => "empty_passphrase",
            Self::HostLocked => "host_locked",
            Self::KeyFileMissing(_) => "key_file_missing",
            Self::KeyFileDamaged(_) => "key_file_damaged",
            Self::Exposed(exposure) => exposure.code(),
            Self::Recovery(error) => error.code(),
            Self::Realm(error) => error.code(),
            Self::Invitation(error) => error.code(),
            Self::Signer(_) => "signer_unavailable",
            Self::UnknownTemplate(_) => "unknown_template",
            Self::NoSuchRecord(_) => "no_such_record",
            Self::NoSuchVersion { .. } => "no_such_version",
            Self::NothingWaits(_) => "nothing_waits",
            Self::WaitsForReview(_) => "waits_for_review",
            Self::NothingToReview(_) => "nothing_to_review",
            Self::Interrupted => "interrupted",
            Self::WaitsAlready(_) => "waits_already",
            Self::Withdrawn(_) => "record_withdrawn",
            Self::Erased(_) => "record_erased",
            Self::NotPublished(_) => "not_published",
            Self::NoSuchForm(_) => "no_such_form",
            Self::FormChanged(_) => "form_changed",
            Self::FormTooLarge => "form_too_large",
            Self::AlreadyThere(_) => "already_there",
            Self::AnotherDraft(_) => "another_draft",
            Self::NotYours(_) => "not_yours",
            Self::KeyTaken { .. } => "record_key_taken",
            Self::NothingChanges(_) => "nothing_changes",
            Self::Set(error) => error.code(),
            Self::NoSuchField(_) => "no_such_field",
            Self::FieldIsOpen(_) => "field_is_open",
            Self::Values(_) => "values_refused",
            Self::BadCursor(_) => "bad_cursor",
            Self::BadReason => "bad_reason",
            Self::NoCheckpoint => "no_checkpoint",
            Self::OtherLedger { .. } => "other_ledger",
            Self::Evidence(error) => error.code(),
            Self::Rule(violation) => violation.code(),
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::File { path, source } => {
                vec![("path", path.display().to_string()), ("detail", source.to_string())]
            }
            Self::NoOffice(path)
            | Self::FolderTaken(path)
            | Self::WritingUnfinished(path)
            | Self::ChangedMeanwhile(path)
            | Self::KeyFileMissing(path)
            | Self::KeyFileDamaged(path) => vec![("path", path.display().to_string())],
            Self::NewerDatabase { found, known } | Self::OlderDatabase { found, known } => {
                vec![("found", found.to_string()), ("known", known.to_string())]
            }
            Self::Database(error) => vec![("detail", error.to_string())],
            Self::Store(error) => vec![("detail", error.to_string())],
            Self::Damaged(detail) => vec![("detail", (*detail).to_owned())],
            Self::StateOfAnotherHead { state, ledger } => {
                let state = state.map_or_else(|| "?".to_owned(), |size| size.to_string());
                vec![("state", state), ("ledger", ledger.to_string())]
            }
            Self::OfficeCode(text)
            | Self::BadName(text)
            | Self::NameTaken(text)
            | Self::UnknownPerson(text)
            | Self::Suspended(text)
            | Self::KeyReplaced(text)
            | Self::AdminNeeded(text)
            | Self::ReviewerNeeded(text)
            | Self::SignerNeeded(text)
            | Self::ChangeWaits(text)
            | Self::PersonUnchanged(text)
            | Self::OwnKeyLost(text)
            | Self::UnknownTemplate(text)
            | Self::NoSuchRecord(text)
            | Self::NoSuchField(text)
            | Self::NoSuchForm(text)
            | Self::FieldIsOpen(text)
            | Self::BadCursor(text) => vec![("text", text.clone())],
            Self::RoleNeeded { name, role } => vec![
                ("name", name.clone()),
                ("role", role.as_str().to_owned()),
                ("role_zh", role.chinese().to_owned()),
            ],
            Self::Set(error) => error.args(),
            Self::Evidence(error) => error.args(),
            Self::WeakPassphrase(weakness) => weakness.args(),
            Self::Exposed(exposure) => exposure.args(),
            Self::Recovery(error) => error.args(),
            Self::Realm(error) => error.args(),
            Self::Invitation(error) => error.args(),
            Self::WrongPassphrase { whose } => vec![("whose", whose.clone())],
            Self::NoSuchVersion { id, version } => {
                vec![("id", id.to_string()), ("version", version.to_string())]
            }
            Self::KeyTaken { id, other } => vec![("id", id.to_string()), ("other", other.to_string())],
            Self::NothingWaits(id)
            | Self::WaitsForReview(id)
            | Self::NothingToReview(id)
            | Self::FormChanged(id)
            | Self::WaitsAlready(id)
            | Self::Withdrawn(id)
            | Self::Erased(id)
            | Self::NotPublished(id)
            | Self::AlreadyThere(id)
            | Self::AnotherDraft(id)
            | Self::NotYours(id)
            | Self::NothingChanges(id) => vec![("id", id.to_string())],
            Self::Values(problems) => vec![("count", problems.len().to_string())],
            Self::OtherLedger { found, own } => vec![("found", found.clone()), ("own", own.clone())],
            Self::NoCheckpoint
            | Self::Interrupted
            | Self::Origin(_)
            | Self::RolesTogether
            | Self::FoundingOver
            | Self::NoSuchChange
            | Self::KeyNeeded
            | Self::NobodyChosen
            | Self::EmptyPassphrase
            | Self::HostLocked
            | Self::Signer(_)
            | Self::BadReason
            | Self::FormTooLarge
            | Self::TooLarge
            | Self::Rule(_) => Vec::new(),
        }
    }
}
