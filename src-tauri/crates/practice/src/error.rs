//! Why there is no city; the texts are those of the errors underneath.

use std::io;
use std::path::Path;

use yinxin_office::OfficeError;
use yinxin_office::import::{ImportError, SheetError};
use yinxin_record::Coded;

/// Building failed; nothing of the city is left.
#[derive(Debug, thiserror::Error)]
pub enum PracticeError {
    /// An office failed, a folder is taken
    /// ([`FolderTaken`](OfficeError::FolderTaken)), or a file could not be written.
    #[error(transparent)]
    Office(#[from] OfficeError),
    /// A sheet that was written for the drafter could not be read again.
    #[error(transparent)]
    Sheet(SheetError),
    /// The data or the works in this crate do not fit together.
    #[error("the practice data do not fit together: {0}")]
    Data(&'static str),
}

/// Shorthand.
pub(crate) type Result<T, E = PracticeError> = std::result::Result<T, E>;

impl PracticeError {
    /// Wraps an I/O error with the path that it is about.
    pub(crate) fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| OfficeError::File { path, source }.into()
    }
}

impl From<ImportError> for PracticeError {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Office(error) => error.into(),
            ImportError::Sheet(reasons) => {
                reasons.into_iter().next().map_or(Self::Data("a sheet without a reason"), Self::Sheet)
            }
        }
    }
}

impl Coded for PracticeError {
    fn code(&self) -> &'static str {
        match self {
            Self::Office(error) => error.code(),
            Self::Sheet(error) => error.code(),
            Self::Data(_) => "stored_data_damaged",
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Office(error) => error.args(),
            Self::Sheet(error) => error.args(),
            Self::Data(detail) => vec![("detail", (*detail).to_owned())],
        }
    }
}
