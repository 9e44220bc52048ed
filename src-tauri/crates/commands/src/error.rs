//! What a desk can fail with by itself; texts are in the locale files.

use std::io;
use std::path::PathBuf;

use yinxin_office::OfficeError;
use yinxin_office::import::SheetError;
use yinxin_record::Coded;

/// A named failure of a desk. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// There is no such command.
    #[error("no command {0}")]
    UnknownCommand(String),
    /// A request is not what its command takes.
    #[error("not a request: {0}")]
    BadRequest(String),
    /// Nobody's key is unlocked.
    #[error("locked")]
    Locked,
    /// Another office or person is at the desk than the page believes.
    #[error("another sitting")]
    SittingChanged,
    /// No office is open.
    #[error("no office is open")]
    NoOfficeOpen,
    /// An office is in the home folder already.
    #[error("an office is in {0}")]
    OfficeThere(PathBuf),
    /// The realm is kept for practice.
    #[error("the realm is for practice")]
    PracticeRealm,
    /// Too many wrong passphrases.
    #[error("wait {seconds} seconds")]
    WaitAfterWrong {
        /// How long.
        seconds: u64,
    },
    /// The settings cannot be.
    #[error("impossible settings")]
    BadSettings,
    /// The folder that was chosen for keys of one's own is not there.
    #[error("no folder {0}")]
    KeyFolderGone(PathBuf),
    /// A token stands for no folder.
    #[error("no such folder")]
    NoSuchFolder,
    /// A token stands for no file.
    #[error("no such file")]
    NoSuchFile,
    /// A file is larger than anything of its kind.
    #[error("{path} has more than {max} bytes")]
    FileTooLarge {
        /// Which.
        path: String,
        /// The bytes allowed.
        max: u64,
    },
    /// An upload ended before its end.
    #[error("upload broken: {0}")]
    UploadBroken(String),
    /// A policy that was handed in is none.
    #[error("not a policy: {detail}")]
    PolicyUnreadable {
        /// Which.
        path: String,
        /// Why.
        detail: String,
    },
    /// There is no such plan any more.
    #[error("no such plan")]
    NoSuchPlan,
    /// There is no such job any more.
    #[error("no such job")]
    NoSuchJob,
    /// A job of the same kind runs.
    #[error("a job of this kind runs")]
    JobRuns,
    /// A mistake of this program.
    #[error("internal: {0}")]
    Internal(String),
    /// A sheet is refused.
    #[error(transparent)]
    Sheet(#[from] SheetError),
    /// The office failed, or a file.
    #[error(transparent)]
    Office(#[from] OfficeError),
}

impl DeskError {
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| OfficeError::File { path, source }.into()
    }

    /// A mistake of this program, as far as it can be told.
    pub fn internal(detail: impl std::fmt::Display) -> Self {
        Self::Internal(detail.to_string())
    }
}

impl Coded for DeskError {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownCommand(_) => "unknown_command",
            Self::BadRequest(_) => "bad_request",
            Self::Locked => "locked",
            Self::SittingChanged => "sitting_changed",
            Self::NoOfficeOpen => "no_office_open",
            Self::OfficeThere(_) => "office_there",
            Self::PracticeRealm => "practice_realm",
            Self::WaitAfterWrong { .. } => "wait_after_wrong",
            Self::BadSettings => "bad_settings",
            Self::KeyFolderGone(_) => "key_folder_gone",
            Self::NoSuchFolder => "no_such_folder",
            Self::NoSuchFile => "no_such_file",
            Self::FileTooLarge { .. } => "file_too_large",
            Self::UploadBroken(_) => "upload_broken",
            Self::PolicyUnreadable { .. } => "policy_unreadable",
            Self::NoSuchPlan => "no_such_plan",
            Self::NoSuchJob => "no_such_job",
            Self::JobRuns => "job_runs",
            Self::Internal(_) => "internal",
            Self::Sheet(error) => error.code(),
            Self::Office(error) => error.code(),
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::UnknownCommand(text) => vec![("text", text.clone())],
            Self::BadRequest(detail) | Self::UploadBroken(detail) | Self::Internal(detail) => {
                vec![("detail", detail.clone())]
            }
            Self::OfficeThere(path) | Self::KeyFolderGone(path) => vec![("path", path.display().to_string())],
            Self::WaitAfterWrong { seconds } => vec![("seconds", seconds.to_string())],
            Self::FileTooLarge { path, max } => vec![("path", path.clone()), ("max", max.to_string())],
            Self::PolicyUnreadable { path, detail } => {
                vec![("path", path.clone()), ("detail", detail.clone())]
            }
            Self::Sheet(error) => error.args(),
            Self::Office(error) => error.args(),
            Self::Locked
            | Self::NoOfficeOpen
            | Self::PracticeRealm
            | Self::BadSettings
            | Self::NoSuchFolder
            | Self::NoSuchFile
            | Self::NoSuchPlan
            | Self::NoSuchJob
            | Self::JobRuns
            | Self::SittingChanged => Vec::new(),
        }
    }
}
