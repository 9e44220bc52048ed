//! What is wrong with a row, as values that a locale file can explain.
//!
//! Nothing here repeats a cell's content: it may be personal.

use std::fmt;

use crate::Coded;

/// One thing that is wrong with one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The row as its source counts them.
    pub row: u64,
    /// The key of the field, if it is about one.
    pub field: Option<String>,
    /// What is wrong.
    pub code: ProblemCode,
    /// Particulars, by name.
    pub args: Vec<(&'static str, String)>,
}

/// What can be wrong with a row; the arguments stand in brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProblemCode {
    /// A required field is empty.
    Required,
    /// The template has no such field.
    UnknownField,
    /// More characters than allowed (`found`, `max`).
    TooLong,
    /// Fewer characters than asked for (`found`, `min`).
    TooShort,
    /// The text does not match the pattern (`pattern`).
    Pattern,
    /// The text is not one of the list (`list`).
    NotInList,
    /// Not a whole number.
    NotAnInteger,
    /// Not a decimal number.
    NotANumber,
    /// Neither yes nor no.
    NotABoolean,
    /// Not a day of the calendar.
    NotADate,
    /// Less than the least value (`min`).
    BelowMinimum,
    /// More than the greatest value (`max`).
    AboveMaximum,
    /// The identifier cannot be right (`format`, `kind`, and `at` where known).
    CheckDigit,
    /// A spreadsheet has rounded the number; digits are lost.
    SpreadsheetNumber,
    /// An invisible character (`at`, `character`).
    ControlCharacter,
    /// A character without an agreed meaning (`at`, `character`).
    PrivateCharacter,
    /// A rule does not hold (`rule`, `zh`, `en`).
    Rule,
    /// The record as a whole is too long (`found`, `max`).
    RecordTooLong,
    /// The open fields together are too long (`found`, `max`).
    OpenTooLong,
    /// An earlier row of the file has the same record key (`first`, `fields`).
    DuplicateRow,
    /// An earlier row of the file has this value (`first`).
    NotUnique,
}

impl ProblemCode {
    /// The stable code.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Required => "problem_required",
            Self::UnknownField => "problem_unknown_field",
            Self::TooLong => "problem_too_long",
            Self::TooShort => "problem_too_short",
            Self::Pattern => "problem_pattern",
            Self::NotInList => "problem_not_in_list",
            Self::NotAnInteger => "problem_not_an_integer",
            Self::NotANumber => "problem_not_a_number",
            Self::NotABoolean => "problem_not_a_boolean",
            Self::NotADate => "problem_not_a_date",
            Self::BelowMinimum => "problem_below_minimum",
            Self::AboveMaximum => "problem_above_maximum",
            Self::CheckDigit => "problem_check_digit",
            Self::SpreadsheetNumber => "problem_spreadsheet_number",
            Self::ControlCharacter => "problem_control_character",
            Self::PrivateCharacter => "problem_private_character",
            Self::Rule => "problem_rule",
            Self::RecordTooLong => "problem_record_too_long",
            Self::OpenTooLong => "problem_open_too_long",
            Self::DuplicateRow => "problem_duplicate_row",
            Self::NotUnique => "problem_not_unique",
        }
    }
}

impl Coded for Problem {
    fn code(&self) -> &'static str {
        self.code.as_str()
    }

    /// `row`, `field` if there is one, then the particulars.
    fn args(&self) -> Vec<(&'static str, String)> {
        let mut args = vec![("row", self.row.to_string())];
        args.extend(self.field.clone().map(|field| ("field", field)));
        args.extend(self.args.iter().cloned());
        args
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row {}", self.row)?;
        if let Some(field) = &self.field {
            write!(f, ", field {field}")?;
        }
        write!(f, ": {}", self.code.as_str())
    }
}

impl std::error::Error for Problem {}

/// What is wrong with one field, before anyone knows the row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(super) code: ProblemCode,
    args: Vec<(&'static str, String)>,
}

impl Fault {
    pub(super) fn new(code: ProblemCode) -> Self {
        Self { code, args: Vec::new() }
    }

    pub(super) fn with(mut self, name: &'static str, value: impl ToString + Copy) -> Self {
        self.args.push((name, value.to_string()));
        self
    }

    pub(super) fn at(self, row: u64, field: Option<&str>) -> Problem {
        Problem { row, field: field.map(str::to_owned), code: self.code, args: self.args }
    }
}

/// At most 200 characters of a text, for a message.
pub(super) fn shortened(text: &str) -> String {
    const MAX: usize = 200;
    match text.char_indices().nth(MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
