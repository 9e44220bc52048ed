//! One cell held against one field.

use std::cmp::Ordering;

use regex::Regex;

use super::character::{is_blank, unfit_character};
use super::problem::{Fault, ProblemCode, shortened};
use super::scalar::{boolean, bound_of, compare, date, decimal_of, integer, is_rounded, number};
use super::{Cell, MAX_FIELD_CHARS};
use crate::cbor::Value;
use crate::check_digit::{self, CheckDigitError};
use crate::template::{Field, Format, Kind, compile_pattern};

/// A field made ready to check cells.
#[derive(Debug)]
pub(super) struct FieldCheck {
    pub(super) field: Field,
    pattern: Option<Regex>,
    minimum: Option<String>,
    maximum: Option<String>,
}

/// The value that a cell says for a field.
pub(crate) fn value_of(field: &Field, cell: &Cell) -> Result<Value, Vec<Fault>> {
    FieldCheck::new(field).value(cell)
}

impl FieldCheck {
    pub(super) fn new(field: &Field) -> Self {
        Self {
            pattern: field.constraints.pattern.as_deref().and_then(compile_pattern),
            minimum: bound_of(field.kind, field.constraints.minimum.as_ref()),
            maximum: bound_of(field.kind, field.constraints.maximum.as_ref()),
            field: field.clone(),
        }
    }

    pub(super) fn value(&self, cell: &Cell) -> Result<Value, Vec<Fault>> {
        let value = self.converted(cell).map_err(|fault| vec![fault])?;
        let faults = match &value {
            Value::Null if self.field.constraints.required => vec![Fault::new(ProblemCode::Required)],
            Value::Text(text) if self.field.kind == Kind::String => self.string_faults(text),
            Value::Text(text) => self.bound_faults(text),
            Value::Int(number) => self.bound_faults(&number.to_string()),
            _ => Vec::new(),
        };
        if faults.is_empty() { Ok(value) } else { Err(faults) }
    }

    /// The cell in the field's type, not yet held against its constraints.
    fn converted(&self, cell: &Cell) -> Result<Value, Fault> {
        let trimmed = match cell {
            Cell::Text(text) => text.trim_matches(is_blank),
            _ => "",
        };
        if matches!(cell, Cell::Empty) || matches!(cell, Cell::Text(_)) && trimmed.is_empty() {
            return Ok(Value::Null);
        }
        if trimmed.len() > MAX_FIELD_CHARS {
            let found = trimmed.chars().count();
            if found > MAX_FIELD_CHARS {
                return Err(Fault::new(ProblemCode::TooLong)
                    .with("found", found)
                    .with("max", MAX_FIELD_CHARS));
            }
        }
        if self.field.kind != Kind::Date && is_rounded(trimmed) {
            return Err(Fault::new(ProblemCode::SpreadsheetNumber));
        }
        match self.field.kind {
            Kind::String => self.string(cell, trimmed).map(Value::Text),
            Kind::Integer => integer(cell, trimmed).map(Value::Int),
            Kind::Number => number(cell, trimmed).map(Value::Text),
            Kind::Boolean => boolean(cell, trimmed).map(Value::Bool),
            Kind::Date => date(trimmed).map(Value::Text),
        }
    }

    fn string(&self, cell: &Cell, trimmed: &str) -> Result<String, Fault> {
        match cell {
            Cell::Number(number) => decimal_of(*number),
            Cell::Bool(flag) => Ok(if *flag { "TRUE" } else { "FALSE" }.to_owned()),
            Cell::Text(_) | Cell::Empty => {
                let text = trimmed.replace("\r\n", "\n").replace('\r', "\n");
                let long = self.field.format == Some(Format::Text);
                unfit_character(&text, long).map_or(Ok(text), Err)
            }
        }
    }

    fn string_faults(&self, text: &str) -> Vec<Fault> {
        let constraints = &self.field.constraints;
        let found = text.chars().count();
        let mut faults = Vec::new();
        if let Some(min) = constraints.min_length.filter(|min| found < usize_of(*min)) {
            faults.push(Fault::new(ProblemCode::TooShort).with("found", found).with("min", min));
        }
        if let Some(max) = constraints.max_length.filter(|max| found > usize_of(*max)) {
            faults.push(Fault::new(ProblemCode::TooLong).with("found", found).with("max", max));
        }
        if self.pattern.as_ref().is_some_and(|pattern| !pattern.is_match(text)) {
            let pattern = constraints.pattern.as_deref().unwrap_or_default();
            faults.push(Fault::new(ProblemCode::Pattern).with("pattern", pattern));
        }
        if let Some(list) = constraints.one_of.as_ref().filter(|list| !list.iter().any(|item| item == text)) {
            faults
                .push(Fault::new(ProblemCode::NotInList).with("list", shortened(&list.join(" | ")).as_str()));
        }
        faults.extend(self.field.format.and_then(|format| identifier_fault(format, text)));
        faults
    }

    fn bound_faults(&self, value: &str) -> Vec<Fault> {
        let beyond = |bound: &Option<String>, wrong: Ordering| {
            bound.clone().filter(|bound| compare(self.field.kind, value, bound) == wrong)
        };
        let below = beyond(&self.minimum, Ordering::Less)
            .map(|min| Fault::new(ProblemCode::BelowMinimum).with("min", min.as_str()));
        let above = beyond(&self.maximum, Ordering::Greater)
            .map(|max| Fault::new(ProblemCode::AboveMaximum).with("max", max.as_str()));
        below.into_iter().chain(above).collect()
    }
}

fn usize_of(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

fn identifier_fault(format: Format, text: &str) -> Option<Fault> {
    let (name, result) = match format {
        Format::Text => return None,
        Format::Uscc => ("uscc", check_digit::check_uscc(text)),
        Format::IdentityNumber => ("identity-number", check_digit::check_identity_number(text)),
        Format::LicenceId => ("licence-id", check_digit::check_licence_id(text)),
        Format::Container => ("container", check_digit::check_container(text)),
    };
    let error: CheckDigitError = result.err()?;
    let fault = Fault::new(ProblemCode::CheckDigit).with("format", name).with("kind", error.kind());
    Some(match error.position() {
        Some(at) => fault.with("at", at),
        None => fault,
    })
}
