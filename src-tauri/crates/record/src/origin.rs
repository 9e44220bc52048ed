//! The origin of a ledger: `<realm>/<office code>` (DESIGN §4), or
//! `<realm>/register`: the ledger that admits offices to the realm.

use std::fmt;
use std::str::FromStr;

/// What stands in a register's origin where others have an office code.
pub const REGISTER: &str = "register";

/// Names a ledger: the first line of its checkpoints, `iss` of its statements.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    realm: String,
    code: String,
}

/// Why a text is no origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// A realm is 1–100 lower-case letters, digits, dots and hyphens.
    #[error("realm must be lower-case letters, digits, dots and hyphens")]
    Realm,
    /// An office code is 18 digits and capital letters (GB 32100); a register has
    /// its word instead.
    #[error("office code must be 18 digits and capital letters, or register")]
    Code,
}

impl Origin {
    /// Puts realm and office code together. The code's check digit is the
    /// caller's business: see [`crate::check_digit`].
    ///
    /// # Errors
    /// [`OriginError`].
    pub fn new(realm: &str, code: &str) -> Result<Self, OriginError> {
        let in_realm = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'-';
        if realm.is_empty() || realm.len() > 100 || !realm.bytes().all(in_realm) {
            return Err(OriginError::Realm);
        }
        if code != REGISTER && !is_office_code(code) {
            return Err(OriginError::Code);
        }
        Ok(Self { realm: realm.to_owned(), code: code.to_owned() })
    }

    /// The realm.
    #[must_use]
    pub fn realm(&self) -> &str {
        &self.realm
    }

    /// Whether this is a ledger for practice (演练), so that everything in it
    /// counts for nothing: the realm is `practice` or begins with `practice.`.
    #[must_use]
    pub fn is_practice(&self) -> bool {
        self.realm.strip_prefix("practice").is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }

    /// The origin of the realm's register.
    #[must_use]
    pub fn register(&self) -> Self {
        Self { realm: self.realm.clone(), code: REGISTER.to_owned() }
    }

    /// Whether this ledger admits offices, and holds no records.
    #[must_use]
    pub fn is_register(&self) -> bool {
        self.code == REGISTER
    }

    /// The office's 统一社会信用代码, or [`REGISTER`].
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }
}

/// Whether `code` looks like a 统一社会信用代码; its check digit is not looked at.
#[must_use]
pub fn is_office_code(code: &str) -> bool {
    code.len() == 18 && code.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.realm, self.code)
    }
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        let (realm, code) = text.split_once('/').ok_or(OriginError::Code)?;
        Self::new(realm, code)
    }
}
