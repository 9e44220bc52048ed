//! Numbers, dates and yes or no, as sheets and people write them.
//!
//! Decimal numbers stay texts, digit by digit; a binary fraction would change
//! what was signed. A spreadsheet's own numbers come as binary fractions and
//! are read as the 15 significant digits that it shows.

use std::cmp::Ordering;

use super::Cell;
use super::problem::{Fault, ProblemCode};
use crate::check_digit;
use crate::template::{Bound, Kind};

/// Whether a text is what a spreadsheet shows of a long number: `1.1E+17`.
pub(super) fn is_rounded(text: &str) -> bool {
    let text = text.trim_start_matches(['+', '-']);
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else {
        return false;
    };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let power = exponent.strip_prefix(['+', '-']).unwrap_or_default();
    whole.len() == 1
        && digits(whole)
        && !fraction.is_empty()
        && digits(fraction)
        && (2..=3).contains(&power.len())
        && digits(power)
}

/// The decimal that a spreadsheet's number stands for: 15 significant digits.
pub(super) fn decimal_of(number: f64) -> Result<String, Fault> {
    let lost = || Fault::new(ProblemCode::SpreadsheetNumber);
    let scientific = format!("{number:.14e}");
    let (_, exponent) = scientific.split_once('e').ok_or_else(lost)?;
    let exponent: i32 = exponent.parse().map_err(|_| lost())?;
    let decimals = usize::try_from(14 - exponent).map_err(|_| lost())?;
    canonical(&format!("{number:.decimals$}")).ok_or_else(lost)
}

/// The most digits of a decimal number.
const MAX_DIGITS: usize = 60;

/// The shortest spelling of a decimal number: no plus, no needless zeros.
fn canonical(text: &str) -> Option<String> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !is_digits(whole) || !is_digits(fraction) || whole.len() + fraction.len() > MAX_DIGITS {
        return None;
    }
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    Some(match (whole, fraction) {
        ("", "") => "0".to_owned(),
        (whole, "") => format!("{sign}{whole}"),
        ("", fraction) => format!("{sign}0.{fraction}"),
        (whole, fraction) => format!("{sign}{whole}.{fraction}"),
    })
}

/// The order of two canonical decimals, or of two dates.
pub(super) fn compare(kind: Kind, a: &str, b: &str) -> Ordering {
    if kind == Kind::Date {
        return a.cmp(b);
    }
    match (a.strip_prefix('-'), b.strip_prefix('-')) {
        (Some(a), Some(b)) => compare_unsigned(b, a),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => compare_unsigned(a, b),
    }
}

fn compare_unsigned(a: &str, b: &str) -> Ordering {
    let parts = |text| str::split_once(text, '.').unwrap_or((text, ""));
    let ((whole_a, fraction_a), (whole_b, fraction_b)) = (parts(a), parts(b));
    let by_length = whole_a.len().cmp(&whole_b.len());
    by_length.then(whole_a.cmp(whole_b)).then(fraction_a.cmp(fraction_b))
}

/// A bound in the spelling in which values are compared with it.
pub(crate) fn bound_of(kind: Kind, bound: Option<&Bound>) -> Option<String> {
    let text = bound?.text();
    match kind {
        Kind::Integer => text.parse::<i64>().ok().map(|number| number.to_string()),
        Kind::Number => canonical(&text),
        Kind::Date => date(&text).ok(),
        Kind::String | Kind::Boolean => None,
    }
}

pub(super) fn integer(cell: &Cell, trimmed: &str) -> Result<i64, Fault> {
    let text = match cell {
        Cell::Number(number) => decimal_of(*number)?,
        _ => trimmed.to_owned(),
    };
    text.parse().map_err(|_| Fault::new(ProblemCode::NotAnInteger))
}

pub(super) fn number(cell: &Cell, trimmed: &str) -> Result<String, Fault> {
    match cell {
        Cell::Number(number) => decimal_of(*number),
        _ => canonical(trimmed).ok_or(Fault::new(ProblemCode::NotANumber)),
    }
}

pub(super) fn boolean(cell: &Cell, trimmed: &str) -> Result<bool, Fault> {
    match (cell, trimmed.to_ascii_lowercase().as_str()) {
        (Cell::Bool(flag), _) => Ok(*flag),
        (Cell::Number(1.0), _) | (_, "true" | "是" | "1") => Ok(true),
        (Cell::Number(0.0), _) | (_, "false" | "否" | "0") => Ok(false),
        _ => Err(Fault::new(ProblemCode::NotABoolean)),
    }
}

/// Reads 2026-01-02, 2026-1-2, 2026/1/2 and 2026年1月2日.
pub(super) fn date(trimmed: &str) -> Result<String, Fault> {
    let wrong = || Fault::new(ProblemCode::NotADate);
    let marks: [&str; 3] = match trimmed {
        text if text.contains('年') => ["年", "月", "日"],
        text if text.contains('/') => ["/", "/", ""],
        _ => ["-", "-", ""],
    };
    let rest = trimmed.strip_suffix(marks[2]).ok_or_else(wrong)?;
    let (year, rest) = rest.split_once(marks[0]).ok_or_else(wrong)?;
    let (month, day) = rest.split_once(marks[1]).ok_or_else(wrong)?;
    let number = |text: &str, lengths: std::ops::RangeInclusive<usize>| {
        let digits = lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| text.parse::<u32>().ok()).flatten().ok_or_else(wrong)
    };
    let (year, month, day) = (number(year, 4..=4)?, number(month, 1..=2)?, number(day, 1..=2)?);
    if year < 1000 || !check_digit::is_calendar_day(year, month, day) {
        return Err(wrong());
    }
    Ok(format!("{year:04}-{month:02}-{day:02}"))
}
