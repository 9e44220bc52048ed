//! Twenty digits that two people compare over the telephone, so that both know that
//! they have the same file (DESIGN §7).

use std::fmt;
use std::str::FromStr;

use crate::digest::Digest;

/// How many different twenty digits there are.
const DIFFERENT: u128 = 100_000_000_000_000_000_000;

/// Twenty digits that stand for the bytes of a file; shown in groups of four.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digits(u128);

impl Digits {
    /// The digits of an answer to an invitation.
    #[must_use]
    pub fn of_answer(answer: &[u8]) -> Self {
        Self::of(b"yinxin answer/v0 digits\n", answer)
    }

    /// The digits of an office's request to its register.
    #[must_use]
    pub fn of_request(request: &[u8]) -> Self {
        Self::of(b"yinxin request/v0 digits\n", request)
    }

    /// The digits of a request for an officer.
    #[must_use]
    pub fn of_appointment(request: &[u8]) -> Self {
        Self::of(b"yinxin appointment/v0 digits\n", request)
    }

    /// SHA-256 as a number, modulo 10²⁰. No digits are more than one part in 2¹⁸⁹
    /// likelier than others.
    fn of(what: &[u8], bytes: &[u8]) -> Self {
        let digest = Digest::of_parts(&[what, bytes]);
        Self(digest.0.iter().fold(0, |number, byte| (number * 256 + u128::from(*byte)) % DIFFERENT))
    }
}

impl fmt::Display for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = format!("{:020}", self.0);
        for (at, digit) in digits.chars().enumerate() {
            let gap = if at > 0 && at % 4 == 0 { " " } else { "" };
            write!(f, "{gap}{digit}")?;
        }
        Ok(())
    }
}

/// What was typed is not twenty digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not twenty digits")]
pub struct NotDigits {
    /// How many digits were typed; `None` if there was something else, too.
    pub found: Option<usize>,
}

impl FromStr for Digits {
    type Err = NotDigits;

    /// Reads what somebody typed: spaces and hyphens between digits mean nothing,
    /// and full-width digits are digits.
    fn from_str(text: &str) -> Result<Self, NotDigits> {
        let mut number = 0_u128;
        let mut found = 0;
        for character in text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '－')) {
            let digit = digit_of(character).ok_or(NotDigits { found: None })?;
            found += 1;
            number = if found <= 20 { number * 10 + u128::from(digit) } else { number };
        }
        if found == 20 { Ok(Self(number)) } else { Err(NotDigits { found: Some(found) }) }
    }
}

fn digit_of(character: char) -> Option<u32> {
    const FULL_WIDTH_ZERO: u32 = '０' as u32;
    let full_width = (character as u32).checked_sub(FULL_WIDTH_ZERO).filter(|digit| *digit < 10);
    character.to_digit(10).or(full_width)
}
