//! Check digits of the identifiers that clerks copy by hand.
//!
//! | identifier | standard | length | arithmetic |
//! |---|---|---|---|
//! | 统一社会信用代码 | GB 32100-2015 | 18 | weights 3ⁱ, MOD 31 |
//! | 公民身份号码 | GB 11643-1999 | 18 | ISO 7064 MOD 11-2 |
//! | 证照标识 | GB/T 36904-2018 | varies | ISO 7064 MOD 37,36 |
//! | container number | ISO 6346 | 11 | weights 2ⁱ, MOD 11, 10 → 0 |
//!
//! A check digit catches slips of the pen: every single wrong character, and
//! most swapped neighbours. It says nothing about whether the identifier was
//! ever issued. ISO 6346 is the weakest: remainders 10 and 0 share the digit 0,
//! and letters share remainders, so a few slips pass.
//!
//! Only one spelling is read: capitals, no spaces. Positions count characters
//! from 1, as a person counts them.

/// What is wrong with an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckDigitError {
    /// Another number of characters than the standard asks for.
    #[error("{found} characters, not {expected}")]
    Length {
        /// Characters found.
        found: usize,
        /// Characters asked for.
        expected: usize,
    },
    /// A character that cannot stand where it stands.
    #[error("character {at} cannot stand there")]
    Character {
        /// Position, from 1.
        at: usize,
    },
    /// The characters are possible, what they say is not: a region that
    /// begins with 0, a day that no calendar has, a part that is missing.
    #[error("the part that begins at character {at} is impossible")]
    Structure {
        /// Position where the impossible part begins, from 1.
        at: usize,
    },
    /// The check digit belongs to another identifier.
    #[error("the check digit does not match")]
    CheckDigit,
}

impl CheckDigitError {
    /// A stable word for the kind of error: `length`, `character`,
    /// `structure` or `check_digit`.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Self::Length { .. } => "length",
            Self::Character { .. } => "character",
            Self::Structure { .. } => "structure",
            Self::CheckDigit => "check_digit",
        }
    }

    /// The character that the error points at, from 1, if it points at one.
    #[must_use]
    pub fn position(self) -> Option<usize> {
        match self {
            Self::Character { at } | Self::Structure { at } => Some(at),
            Self::Length { .. } | Self::CheckDigit => None,
        }
    }
}

/// Digits and capitals without I, O, Z, S and V (GB 32100-2015, 附录 A).
const USCC_ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Checks a 统一社会信用代码 (GB 32100-2015): registering department (1),
/// kind of body (2), region (3–8, digits), the body itself (9–17), check (18).
/// The check digit that 9–17 inherited from GB 11714 is not looked at.
///
/// # Errors
/// [`CheckDigitError`].
pub fn check_uscc(code: &str) -> Result<(), CheckDigitError> {
    let values = values_of(code, 18, uscc_value)?;
    if let Some(at) = (3..=8).find(|&at| values[at - 1] > 9) {
        return Err(CheckDigitError::Character { at });
    }
    let mut weight = 1;
    let mut sum = 0;
    for value in &values[..17] {
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    matches((sum + values[17]) % 31 == 0)
}

fn uscc_value(_: usize, c: char) -> Option<u32> {
    let index = USCC_ALPHABET.find(c)?;
    u32::try_from(index).ok()
}

/// Checks a 公民身份号码 (GB 11643-1999): region (1–6), date of birth (7–14,
/// a real day of the years 1800 to 2999), sequence (15–17), check (18).
/// Fifteen-digit numbers are no longer issued and not read.
///
/// # Errors
/// [`CheckDigitError`].
pub fn check_identity_number(number: &str) -> Result<(), CheckDigitError> {
    let values = values_of(number, 18, identity_value)?;
    if values[0] == 0 {
        return Err(CheckDigitError::Structure { at: 1 });
    }
    let (year, month, day) = (decimal(&values[6..10]), decimal(&values[10..12]), decimal(&values[12..14]));
    if !(1800..=2999).contains(&year) || !is_calendar_day(year, month, day) {
        return Err(CheckDigitError::Structure { at: 7 });
    }
    // MOD 11-2: doubling from the left gives every place its power of two.
    let sum = values[..17].iter().fold(0, |sum, value| (sum + value) * 2 % 11);
    matches((sum + values[17]) % 11 == 1)
}

fn identity_value(at: usize, c: char) -> Option<u32> {
    if at == 18 && c == 'X' { Some(10) } else { c.to_digit(10) }
}

/// Checks a 证照标识 (GB/T 36904-2018) as it is printed, without the root
/// `1.2.156.3005.2`: five parts joined by dots: type (18 characters of its
/// maker's code and 3 digits), issuing body, serial, version (3 digits), check.
/// MOD 37,36 runs over all characters except the dots.
///
/// # Errors
/// [`CheckDigitError`]; at most 200 characters are read.
pub fn check_licence_id(id: &str) -> Result<(), CheckDigitError> {
    const LONGEST: usize = 200;
    let found = id.chars().count();
    if found > LONGEST {
        return Err(CheckDigitError::Length { found, expected: LONGEST });
    }
    if let Some(index) = id.chars().position(|c| c != '.' && base36_value(c).is_none()) {
        return Err(CheckDigitError::Character { at: index + 1 });
    }
    check_licence_parts(id)?;
    // ISO 7064 hybrid system: (36 ‖ +) then (× 2, mod 37), character by character.
    let mut product = 36;
    let mut last = 0;
    for value in id.chars().filter_map(base36_value) {
        last = product + value;
        product = match last % 36 {
            0 => 36 * 2 % 37,
            sum => sum * 2 % 37,
        };
    }
    matches(last % 36 == 1)
}

fn check_licence_parts(id: &str) -> Result<(), CheckDigitError> {
    let parts: Vec<&str> = id.split('.').collect();
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let mut at = 1;
    for (index, part) in parts.iter().enumerate() {
        let possible = match index {
            0 => part.len() == 21 && digits(&part[18..]),
            1 | 2 => !part.is_empty(),
            3 => part.len() == 3 && digits(part),
            4 => part.len() == 1,
            _ => false,
        };
        if !possible {
            return Err(CheckDigitError::Structure { at });
        }
        at += part.len() + 1;
    }
    if parts.len() == 5 { Ok(()) } else { Err(CheckDigitError::Structure { at }) }
}

fn base36_value(c: char) -> Option<u32> {
    if c.is_ascii_lowercase() { None } else { c.to_digit(36) }
}

/// Checks a container number (ISO 6346): owner (1–3, letters), category (4: U,
/// J or Z), serial (5–10, digits), check (11, a digit).
///
/// # Errors
/// [`CheckDigitError`].
pub fn check_container(number: &str) -> Result<(), CheckDigitError> {
    let values = values_of(number, 11, container_value)?;
    let sum = values[..10].iter().rev().fold(0, |sum, value| (sum * 2 + value) % 11);
    matches(sum % 10 == values[10])
}

fn container_value(at: usize, c: char) -> Option<u32> {
    match at {
        4 if !matches!(c, 'U' | 'J' | 'Z') => None,
        ..=4 => letter_value(c),
        _ => c.to_digit(10),
    }
}

/// A = 10, B = 12, … Z = 38: the multiples of 11 are left out.
fn letter_value(c: char) -> Option<u32> {
    let nth = if c.is_ascii_uppercase() { c.to_digit(36)? } else { return None };
    Some(nth + (nth - 1) / 10)
}

/// The values of exactly `expected` characters.
fn values_of(
    text: &str,
    expected: usize,
    value: impl Fn(usize, char) -> Option<u32>,
) -> Result<Vec<u32>, CheckDigitError> {
    let found = text.chars().count();
    if found != expected {
        return Err(CheckDigitError::Length { found, expected });
    }
    let with_position = text.chars().zip(1..);
    with_position.map(|(c, at)| value(at, c).ok_or(CheckDigitError::Character { at })).collect()
}

fn decimal(digits: &[u32]) -> u32 {
    digits.iter().fold(0, |number, digit| number * 10 + digit)
}

fn matches(condition: bool) -> Result<(), CheckDigitError> {
    if condition { Ok(()) } else { Err(CheckDigitError::CheckDigit) }
}

/// Whether the Gregorian calendar has this day.
#[must_use]
pub fn is_calendar_day(year: u32, month: u32, day: u32) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}
