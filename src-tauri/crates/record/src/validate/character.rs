//! Characters that have no place in a value.

use super::problem::{Fault, ProblemCode};

/// Blanks that are removed around a value: Unicode white space, the
/// ideographic space U+3000 among it.
pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace()
}

/// Characters that show nothing, or turn the order of what stands around
/// them: what is signed must be what was seen.
pub(crate) fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// Characters whose meaning is a private agreement between two programs.
#[must_use]
pub fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

/// The first character that a text may not have. Long text has lines and tabs.
pub(super) fn unfit_character(text: &str, long: bool) -> Option<Fault> {
    let code = |c: char| match c {
        '\n' | '\t' if long => None,
        c if is_control(c) => Some(ProblemCode::ControlCharacter),
        c if is_private(c) => Some(ProblemCode::PrivateCharacter),
        _ => None,
    };
    let (at, c, code) = text.chars().zip(1..).find_map(|(c, at)| Some((at, c, code(c)?)))?;
    let at: usize = at;
    Some(Fault::new(code).with("at", at).with("character", format!("U+{:04X}", u32::from(c)).as_str()))
}
