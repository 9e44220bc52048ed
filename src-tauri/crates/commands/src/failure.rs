//! Why a command failed: a code and arguments, for the locale files.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use yinxin_office::OfficeError;
use yinxin_office::import::{ImportError, SheetError};
use yinxin_record::Coded;
use yinxin_record::validate::Problem;

use crate::error::DeskError;

/// A command failed; nothing was changed unless the code's text says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Failure {
    /// Which text.
    pub code: String,
    /// What the text may mention.
    pub args: BTreeMap<String, String>,
    /// Where values were refused: everything that is wrong with them.
    pub problems: Vec<ProblemView>,
}

/// One thing that is wrong with values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ProblemView {
    /// The row, where the values come from a sheet.
    #[ts(type = "number")]
    pub row: u64,
    /// The field's key, if it is about one.
    pub field: Option<String>,
    /// Which text.
    pub code: String,
    /// What the text may mention.
    pub args: BTreeMap<String, String>,
}

impl From<&Problem> for ProblemView {
    fn from(problem: &Problem) -> Self {
        Self {
            row: problem.row,
            field: problem.field.clone(),
            code: problem.code().to_owned(),
            args: owned(problem.args()),
        }
    }
}

impl Failure {
    /// Whether it is no more than that the work was asked to end.
    pub(crate) fn is_interrupted(&self) -> bool {
        self.code == OfficeError::Interrupted.code()
    }

    pub(crate) fn of(error: &dyn Coded) -> Self {
        Self { code: error.code().to_owned(), args: owned(error.args()), problems: Vec::new() }
    }
}

fn owned(args: Vec<(&'static str, String)>) -> BTreeMap<String, String> {
    args.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

impl From<OfficeError> for Failure {
    fn from(error: OfficeError) -> Self {
        let mut failure = Self::of(&error);
        if let OfficeError::Values(problems) = &error {
            failure.problems = problems.iter().map(ProblemView::from).collect();
        }
        failure
    }
}

impl From<DeskError> for Failure {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::Office(error) => error.into(),
            other => Self::of(&other),
        }
    }
}

impl From<ImportError> for Failure {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Office(error) => error.into(),
            // Several things can be wrong with a header; the first is told in
            // full, the others as problems of no row.
            ImportError::Sheet(errors) => {
                let all: Vec<Self> = errors.iter().map(|error| Self::of(error)).collect();
                let problem = |failure: &Self| ProblemView {
                    row: 0,
                    field: None,
                    code: failure.code.clone(),
                    args: failure.args.clone(),
                };
                let problems = all.iter().skip(1).map(problem).collect();
                let first = all.into_iter().next().unwrap_or_else(|| Self::of(&SheetError::Empty));
                Self { problems, ..first }
            }
        }
    }
}

/// What any command may fail with.
pub const ALWAYS: &[&str] = &[
    "bad_request",
    "unknown_command",
    "locked",
    "sitting_changed",
    "role_needed",
    "admin_needed",
    "reviewer_needed",
    "signer_needed",
    "suspended",
    "key_replaced",
    "no_office",
    "no_office_open",
    "file_not_found",
    "file_not_permitted",
    "file_exists",
    "file_read_only",
    "file_failed",
    "disk_full",
    "database_busy",
    "database_damaged",
    "database_not_opened",
    "database_io",
    "database_failed",
    "newer_database",
    "older_database",
    "changed_meanwhile",
    "stored_data_damaged",
    "key_file_missing",
    "key_file_damaged",
    "key_file_open",
    "key_file_foreign",
    "key_folder_open",
    "key_folder_unclosable",
    "head_moved",
    "internal",
];
/// Founding an office, adding a person.
pub(crate) const FOUNDING: &[&str] = &[
    "bad_realm",
    "bad_office_code",
    "bad_name",
    "folder_taken",
    "name_taken",
    "roles_together",
    "founding_over",
    "passphrase_short",
    "passphrase_guessable",
    "empty_passphrase",
    "office_there",
    "practice_realm",
];
/// Changes of people.
pub(crate) const CHANGE: &[&str] = &[
    "unknown_person",
    "bad_name",
    "name_taken",
    "roles_together",
    "change_waits",
    "no_such_change",
    "person_unchanged",
    "nobody_chosen",
    "own_key_lost",
    "key_needed",
    "record_too_large",
    "signer_unavailable",
    "violation_same_person",
    "violation_not_both_admins",
    "violation_not_in_roster",
    "violation_not_current",
    "violation_may_not_act",
    "violation_last_admin",
    "violation_too_many_members",
    "violation_taken",
];
/// Inviting somebody, and taking the answer.
pub(crate) const INVITATION: &[&str] = &[
    "invitation_unreadable",
    "answer_unreadable",
    "invitation_days",
    "invitation_stands",
    "no_such_invitation",
    "invitation_other_office",
    "answer_other_person",
    "invitation_clock_behind",
    "invitation_expired",
    "invitation_withdrawn",
    "invitation_used",
    "invitation_used_up",
    "invitation_changed",
    "answer_unproved",
    "answer_key_used",
    "digits_not_twenty",
    "digits_other",
    "signer_unavailable",
    "violation_founder_only_admits",
];
/// Between an office and its register.
pub(crate) const REALM: &[&str] = &[
    "realm_not_register",
    "realm_is_register",
    "realm_bad_request",
    "realm_other_realm",
    "realm_contradicts",
    "realm_no_admins",
    "realm_unknown_office",
    "realm_change_waits",
    "realm_no_change",
    "realm_nothing_changes",
    "realm_wrong_standing",
    "realm_keys_asked",
    "realm_no_keys_asked",
    "realm_no_policy",
    "realm_bad_answer",
    "realm_register_unknown",
    "realm_other_office",
    "realm_other_history",
    "realm_not_newer",
    "realm_other_keys",
    "signer_unavailable",
    "violation_same_person",
    "violation_not_both_admins",
    "violation_not_in_roster",
    "violation_not_current",
    "violation_taken",
];
/// An officer whom the register appoints.
pub(crate) const OFFICER: &[&str] = &[
    "realm_not_in_realm",
    "realm_not_asked",
    "realm_nobody_appointed",
    "bad_name",
    "name_taken",
    "violation_not_appointable",
    "violation_not_warranted",
    "violation_roster_stale",
    "violation_office_suspended",
    "violation_no_such_office",
];
/// Giving a key a new passphrase.
pub(crate) const STRENGTH: &[&str] = &["passphrase_short", "passphrase_guessable"];
/// Reading a recovery sheet back.
pub(crate) const RECOVERY: &[&str] = &[
    "recovery_code_length",
    "recovery_code_character",
    "recovery_code_group",
    "recovery_not_made",
    "recovery_other_office",
    "recovery_other_sheet",
    "recovery_no_qr_code",
    "recovery_other_qr_code",
    "recovery_not_a_picture",
    "recovery_picture_too_large",
];
/// Opening a key.
pub(crate) const PASSPHRASE: &[&str] =
    &["wrong_passphrase", "empty_passphrase", "unknown_person", "host_locked", "wait_after_wrong"];
/// Reading or changing a record.
pub(crate) const RECORD: &[&str] = &[
    "no_such_record",
    "no_such_version",
    "unknown_template",
    "nothing_waits",
    "waits_already",
    "record_withdrawn",
    "record_erased",
    "not_published",
    "record_key_taken",
    "nothing_changes",
    "values_refused",
    "bad_cursor",
    "bad_reason",
    "record_too_large",
    "signer_unavailable",
    "already_there",
    "not_yours",
    "another_draft",
    "violation_not_acting",
];
/// Values that are being typed.
pub(crate) const FORM: &[&str] = &["no_such_form", "form_changed", "form_too_large", "unknown_template"];
/// Files that are handed in.
pub(crate) const FILES: &[&str] = &["no_such_file", "file_too_large", "sheet_too_large", "not_a_file"];
/// Submitting what was planned.
pub(crate) const IMPORT: &[&str] = &["no_such_plan"];
/// Making evidence.
pub(crate) const EXPORT: &[&str] = &["no_such_field", "field_is_open", "evidence_would_not_verify"];
/// A policy that was handed in.
pub(crate) const POLICY: &[&str] = &["policy_unreadable"];
/// Asking after a job.
pub(crate) const JOB: &[&str] = &["no_such_job"];
/// Starting long work.
pub(crate) const LONG: &[&str] = &["job_runs"];
/// Keys in a folder of one's own.
pub(crate) const KEY_FOLDER: &[&str] = &["key_folder_gone", "no_such_folder"];
/// Settings.
pub(crate) const SETTINGS: &[&str] = &["bad_settings"];
