//! What can go wrong with a recovery sheet.

use yinxin_record::Coded;

/// Why a sheet, or a code, is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecoveryError {
    /// A code has too few or too many characters.
    #[error("{found} characters, not {expected}")]
    CodeLength {
        /// Typed, without spaces and hyphens.
        found: usize,
        /// Of every code.
        expected: usize,
    },
    /// A character is in no code.
    #[error("{character:?} in group {group}")]
    CodeCharacter {
        /// Which group, from 1.
        group: usize,
        /// Which.
        character: char,
    },
    /// A group does not fit its check.
    #[error("group {group} is wrong")]
    CodeGroup {
        /// The first that is wrong, from 1.
        group: usize,
    },
    /// No sheet was made yet.
    #[error("no recovery sheet was made")]
    NotMade,
    /// The sheet is another office's.
    #[error("sheet of {found}, not of {own}")]
    OtherOffice {
        /// The code of the sheet's office.
        found: String,
        /// This office's.
        own: String,
    },
    /// A newer sheet has replaced this one, or the code is another sheet's.
    #[error("not the sheet that counts")]
    OtherSheet,
    /// There is no QR code in the picture that can be read.
    #[error("no QR code")]
    NoQrCode,
    /// There are only QR codes of something else.
    #[error("another QR code")]
    OtherQrCode,
    /// The file is no picture of a kind that is read.
    #[error("not a picture")]
    NotPicture,
    /// The picture is larger than any photo.
    #[error("picture too large")]
    PictureTooLarge,
}

impl Coded for RecoveryError {
    fn code(&self) -> &'static str {
        match self {
            Self::CodeLength { .. } => "recovery_code_length",
            Self::CodeCharacter { .. } => "recovery_code_character",
            Self::CodeGroup { .. } => "recovery_code_group",
            Self::NotMade => "recovery_not_made",
            Self::OtherOffice { .. } => "recovery_other_office",
            Self::OtherSheet => "recovery_other_sheet",
            Self::NoQrCode => "recovery_no_qr_code",
            Self::OtherQrCode => "recovery_other_qr_code",
            Self::NotPicture => "recovery_not_a_picture",
            Self::PictureTooLarge => "recovery_picture_too_large",
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::CodeLength { found, expected } => {
                vec![("found", found.to_string()), ("expected", expected.to_string())]
            }
            Self::CodeCharacter { group, character } => {
                vec![("group", group.to_string()), ("character", character.to_string())]
            }
            Self::CodeGroup { group } => vec![("group", group.to_string())],
            Self::OtherOffice { found, own } => vec![("found", found.clone()), ("own", own.clone())],
            Self::NotMade
            | Self::OtherSheet
            | Self::NoQrCode
            | Self::OtherQrCode
            | Self::NotPicture
            | Self::PictureTooLarge => Vec::new(),
        }
    }
}
