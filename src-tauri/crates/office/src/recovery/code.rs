//! The secret of a recovery sheet, as people read and type it.
//!
//! 140 random bits in seven groups of five characters of Crockford's Base32
//! (digits and capitals without I, L, O, U). Four characters of a group hold 20
//! bits; the fifth checks them: over GF(32) with x⁵ + x² + 1 and α = x,
//! `α·d₁ + α²·d₂ + α³·d₃ + α⁴·d₄ + c = αⁿ` for the group of number n (from 0).
//! So one wrong character, or two that changed places, are always found, in
//! their group; and so are two groups that changed places.

use std::fmt;

use zeroize::Zeroizing;

use super::error::RecoveryError;

/// Crockford's Base32.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The groups of a code.
pub const GROUPS: usize = 7;

/// The characters of a group, the last of which checks the others.
const WIDTH: usize = 5;

/// A code that fits its own checks; shown only by [`RecoveryCode::groups`].
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(Zeroizing<[[u8; WIDTH]; GROUPS]>);

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode")
    }
}

impl RecoveryCode {
    /// The code of 28 random bytes, of which five bits each are used.
    pub(crate) fn of(random: &[u8; GROUPS * (WIDTH - 1)]) -> Self {
        let mut groups = Zeroizing::new([[0; WIDTH]; GROUPS]);
        for (n, (group, bytes)) in groups.iter_mut().zip(random.chunks(WIDTH - 1)).enumerate() {
            for (value, byte) in group.iter_mut().zip(bytes) {
                *value = byte & 31;
            }
            group[WIDTH - 1] = check(n, group);
        }
        Self(groups)
    }

    /// Reads a code as it was typed: small letters, spaces and hyphens do not
    /// matter, and O, I and L are taken for 0 and 1.
    ///
    /// # Errors
    /// [`RecoveryError::CodeLength`], [`RecoveryError::CodeCharacter`] and
    /// [`RecoveryError::CodeGroup`], groups counted from 1.
    pub fn parse(text: &str) -> Result<Self, RecoveryError> {
        let typed: Vec<char> = text.chars().filter(|c| !c.is_whitespace() && !is_dash(*c)).collect();
        let mut groups = Zeroizing::new([[0; WIDTH]; GROUPS]);
        for (at, c) in typed.iter().take(GROUPS * WIDTH).enumerate() {
            let found = value(*c);
            let unknown = RecoveryError::CodeCharacter { group: at / WIDTH + 1, character: *c };
            groups[at / WIDTH][at % WIDTH] = found.ok_or(unknown)?;
        }
        let whole = typed.len().min(GROUPS * WIDTH) / WIDTH;
        if let Some(n) = (0..whole).find(|n| check(*n, &groups[*n]) != groups[*n][WIDTH - 1]) {
            return Err(RecoveryError::CodeGroup { group: n + 1 });
        }
        if typed.len() != GROUPS * WIDTH {
            return Err(RecoveryError::CodeLength { found: typed.len(), expected: GROUPS * WIDTH });
        }
        Ok(Self(groups))
    }

    /// The groups, to be shown and printed.
    #[must_use]
    pub fn groups(&self) -> Zeroizing<Vec<String>> {
        let text = |group: &[u8; WIDTH]| {
            group.iter().map(|value| char::from(ALPHABET[usize::from(*value)])).collect()
        };
        Zeroizing::new(self.0.iter().map(text).collect())
    }
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ff0d}')
}

fn value(c: char) -> Option<u8> {
    let c = match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let at = ALPHABET.iter().position(|known| char::from(*known) == c)?;
    u8::try_from(at).ok()
}

/// What the last character of a group must be.
fn check(n: usize, group: &[u8; WIDTH]) -> u8 {
    let data = group.iter().take(WIDTH - 1).enumerate();
    data.fold(power(n), |sum, (i, value)| sum ^ times(*value, power(i + 1)))
}

/// αⁿ.
fn power(n: usize) -> u8 {
    (0..n).fold(1, |product, _| times(product, 2))
}

/// Multiplication in GF(32).
fn times(a: u8, b: u8) -> u8 {
    let mut product = 0;
    let mut shifted = a;
    for bit in 0..5 {
        if b >> bit & 1 == 1 {
            product ^= shifted;
        }
        shifted = if shifted & 16 == 0 { shifted << 1 } else { (shifted << 1 & 31) ^ 0b00101 };
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code() -> RecoveryCode {
        RecoveryCode::of(&std::array::from_fn(|i| u8::try_from(i * 37 % 251).unwrap()))
    }

    fn typed(code: &RecoveryCode) -> Vec<char> {
        code.groups().concat().chars().collect()
    }

    fn parsed(chars: &[char]) -> Result<RecoveryCode, RecoveryError> {
        RecoveryCode::parse(&chars.iter().collect::<String>())
    }

    #[test]
    fn a_code_is_read_as_it_is_written_and_as_people_type_it() {
        let code = code();
        let groups = code.groups();
        assert_eq!((groups.len(), groups.concat().len()), (7, 35));
        for text in [groups.join("-"), groups.join(" – ").to_lowercase(), groups.join("\n")] {
            assert_eq!(RecoveryCode::parse(&text).as_ref(), Ok(&code), "{text}");
        }
        let read = RecoveryCode::parse(&groups.join("-").replace('0', "o").replace('1', "l"));
        assert_eq!(read.as_ref(), Ok(&code));
    }

    #[test]
    fn every_wrong_character_is_found_in_its_group() {
        let code = code();
        let right = typed(&code);
        for at in 0..right.len() {
            for wrong in ALPHABET.iter().map(|c| char::from(*c)).filter(|c| *c != right[at]) {
                let mut chars = right.clone();
                chars[at] = wrong;
                assert_eq!(parsed(&chars), Err(RecoveryError::CodeGroup { group: at / 5 + 1 }));
            }
        }
    }

    #[test]
    fn characters_and_groups_that_changed_places_are_found() {
        let right = typed(&code());
        for a in 0..right.len() {
            for b in (a + 1..right.len()).filter(|b| b / 5 == a / 5 && right[*b] != right[a]) {
                let mut chars = right.clone();
                chars.swap(a, b);
                assert_eq!(parsed(&chars), Err(RecoveryError::CodeGroup { group: a / 5 + 1 }));
            }
        }
        for (a, b) in (0..GROUPS).flat_map(|a| (a + 1..GROUPS).map(move |b| (a, b))) {
            let mut groups = code().groups().to_vec();
            groups.swap(a, b);
            let found = RecoveryCode::parse(&groups.concat());
            assert_eq!(found, Err(RecoveryError::CodeGroup { group: a + 1 }), "{a} {b}");
        }
    }

    #[test]
    fn what_is_no_code_says_what_is_wrong() {
        let right = typed(&code());
        assert_eq!(parsed(&[]), Err(RecoveryError::CodeLength { found: 0, expected: 35 }));
        assert_eq!(parsed(&right[..34]), Err(RecoveryError::CodeLength { found: 34, expected: 35 }));
        let long = [&right[..], &['0']].concat();
        assert_eq!(parsed(&long), Err(RecoveryError::CodeLength { found: 36, expected: 35 }));
        let mut chars = right;
        chars[12] = '口';
        assert_eq!(parsed(&chars), Err(RecoveryError::CodeCharacter { group: 3, character: '口' }));
    }

    #[test]
    fn the_field_is_one() {
        for a in 1..32 {
            assert_eq!((1..32).filter(|b| times(a, *b) == 1).count(), 1);
        }
        assert_eq!((power(5), power(31)), (0b00101, 1));
    }
}
