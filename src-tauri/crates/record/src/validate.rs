//! Rows become values, or a list of everything that is wrong with them.
//!
//! A source (sheet, form, command line) gives a [`Cell`] per field; a
//! [`Validator`] made from a template turns the cells of a row into [`Values`],
//! one CBOR value for every field of the template:
//!
//! | type | value |
//! |---|---|
//! | string | text, blanks around it removed, line ends as `\n` |
//! | integer | integer |
//! | number | text of the shortest decimal: `-0.5`, never a float |
//! | boolean | `true`, `false` |
//! | date | text `YYYY-MM-DD` |
//! | any, empty | `null` |
//!
//! Values are a fixed point: [`cells_of`] turned back into values gives the same.
//!
//! Spreadsheets keep 15 significant digits of a number. What they have already
//! rounded (an identity number typed into a numeric cell) cannot be repaired
//! and is refused, whether it arrives as a number or as the text `1.1E+17`.
//!
//! Nothing here repeats a cell's content in an error: it may be personal.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::sync::Arc;

use cel::{Context, Env};

use crate::cbor::{self, Value};
use crate::check_digit::{self, CheckDigitError};
use crate::template::{Bound, CompiledRule, Field, Format, Keep, Kind, Pattern, Template, TemplateError};
use crate::{Coded, Digest};

/// The most characters of one field, whatever the template says.
pub const MAX_FIELD_CHARS: usize = 50_000;
/// The most bytes of all texts of a record together.
pub const MAX_RECORD_BYTES: usize = 200_000;
/// The most bytes of all open texts together: they must fit into one entry.
pub const MAX_OPEN_BYTES: usize = 32_768;

/// What a source gives for one field.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Text.
    Text(String),
    /// A number as spreadsheets keep it.
    Number(f64),
    /// Yes or no.
    Bool(bool),
    /// Nothing.
    Empty,
}

/// The values of a record: every field of its template, `null` where empty.
pub type Values = BTreeMap<String, Value>;

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
    code: ProblemCode,
    args: Vec<(&'static str, String)>,
}

impl Fault {
    fn new(code: ProblemCode) -> Self {
        Self { code, args: Vec::new() }
    }

    fn with(mut self, name: &'static str, value: impl ToString + Copy) -> Self {
        self.args.push((name, value.to_string()));
        self
    }

    fn at(self, row: u64, field: Option<&str>) -> Problem {
        Problem { row, field: field.map(str::to_owned), code: self.code, args: self.args }
    }
}

/// A template made ready to check rows. Threads may share it.
pub struct Validator {
    fields: Vec<FieldCheck>,
    rules: Vec<CompiledRule>,
    environment: Arc<Env>,
}

impl fmt::Debug for Validator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Validator").field("fields", &self.fields).finish_non_exhaustive()
    }
}

impl Validator {
    /// Makes a template ready.
    ///
    /// # Errors
    /// As [`Template::check`].
    pub fn new(template: &Template) -> Result<Self, TemplateError> {
        template.check()?;
        Ok(Self {
            fields: template.fields.iter().map(FieldCheck::new).collect(),
            rules: template.compile_rules()?,
            environment: Arc::new(Env::stdlib()),
        })
    }

    /// The values that the cells of a row say. A field without a cell is empty.
    ///
    /// # Errors
    /// Everything that is wrong with the row: fields in template order, then
    /// the record as a whole. Rules that ask for a faulty field are left out.
    pub fn check(&self, row: u64, cells: &BTreeMap<String, Cell>) -> Result<Values, Vec<Problem>> {
        let mut values = Values::new();
        let mut problems = Vec::new();
        for check in &self.fields {
            let key = &check.field.key;
            match check.value(cells.get(key).unwrap_or(&Cell::Empty)) {
                Ok(value) => drop(values.insert(key.clone(), value)),
                Err(faults) => problems.extend(faults.into_iter().map(|fault| fault.at(row, Some(key)))),
            }
        }
        problems.extend(self.unknown_fields(row, cells));
        let whole = self.size_faults(&values).into_iter().chain(self.rule_faults(&values));
        problems.extend(whole.map(|fault| fault.at(row, None)));
        if problems.is_empty() { Ok(values) } else { Err(problems) }
    }

    fn unknown_fields(&self, row: u64, cells: &BTreeMap<String, Cell>) -> Vec<Problem> {
        let known = |key: &str| self.fields.iter().any(|check| check.field.key == key);
        let unknown = cells.keys().filter(|key| !known(key));
        unknown.map(|key| Fault::new(ProblemCode::UnknownField).at(row, Some(&shortened(key)))).collect()
    }

    fn size_faults(&self, values: &Values) -> Vec<Fault> {
        let length = |check: &FieldCheck| {
            values.get(&check.field.key).and_then(Value::as_text).map_or(0, |text: &str| text.len())
        };
        let open = self.fields.iter().filter(|check| check.field.keep == Keep::Open).map(length).sum();
        let whole = self.fields.iter().map(length).sum();
        let limits = [
            (ProblemCode::OpenTooLong, open, MAX_OPEN_BYTES),
            (ProblemCode::RecordTooLong, whole, MAX_RECORD_BYTES),
        ];
        let broken = limits.into_iter().filter(|(_, found, max): &(_, usize, usize)| found > max);
        broken.map(|(code, found, max)| Fault::new(code).with("found", found).with("max", max)).collect()
    }

    fn rule_faults(&self, values: &Values) -> Vec<Fault> {
        let mut context = Context::with_env(Arc::clone(&self.environment));
        let asked: BTreeSet<&String> = self.rules.iter().flat_map(|rule| &rule.fields).collect();
        for check in self.fields.iter().filter(|check| asked.contains(&check.field.key)) {
            if let Some(value) = values.get(&check.field.key) {
                context.add_variable_from_value(check.field.key.as_str(), cel_value(check.field.kind, value));
            }
        }
        let judged = self.rules.iter().filter(|rule| rule.fields.iter().all(|key| values.contains_key(key)));
        let broken = judged.filter(|rule| rule.program.execute(&context) != Ok(cel::Value::Bool(true)));
        broken.map(|broken| rule_fault(&broken.rule)).collect()
    }
}

fn rule_fault(rule: &crate::template::Rule) -> Fault {
    Fault::new(ProblemCode::Rule)
        .with("rule", &rule.code)
        .with("zh", &rule.message.zh)
        .with("en", &rule.message.en)
}

/// What a rule sees. Decimal numbers become doubles for the comparison only.
fn cel_value(kind: Kind, value: &Value) -> cel::Value {
    match value {
        Value::Int(number) => cel::Value::Int(*number),
        Value::Bool(flag) => cel::Value::Bool(*flag),
        Value::Text(text) if kind == Kind::Number => text.parse().map_or(cel::Value::Null, cel::Value::Float),
        Value::Text(text) => cel::Value::String(Arc::new(text.clone())),
        Value::Null | Value::Bytes(_) | Value::Array(_) | Value::Map(_) | Value::Tag(..) => cel::Value::Null,
    }
}

/// A field made ready to check cells.
#[derive(Debug)]
struct FieldCheck {
    field: Field,
    pattern: Option<Pattern>,
    minimum: Option<String>,
    maximum: Option<String>,
}

/// The value that a cell says for a field.
pub(crate) fn value_of(field: &Field, cell: &Cell) -> Result<Value, Vec<Fault>> {
    FieldCheck::new(field).value(cell)
}

impl FieldCheck {
    fn new(field: &Field) -> Self {
        Self {
            pattern: field.constraints.pattern.as_deref().and_then(Pattern::new),
            minimum: bound_of(field.kind, field.constraints.minimum.as_ref()),
            maximum: bound_of(field.kind, field.constraints.maximum.as_ref()),
            field: field.clone(),
        }
    }

    fn value(&self, cell: &Cell) -> Result<Value, Vec<Fault>> {
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
        if self.pattern.as_ref().is_some_and(|pattern| !pattern.matches(text)) {
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

/// At most 200 characters of a text, for a message.
fn shortened(text: &str) -> String {
    const MAX: usize = 200;
    match text.char_indices().nth(MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

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
fn unfit_character(text: &str, long: bool) -> Option<Fault> {
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

/// Whether a text is what a spreadsheet shows of a long number: `1.1E+17`.
fn is_rounded(text: &str) -> bool {
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
fn decimal_of(number: f64) -> Result<String, Fault> {
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
fn compare(kind: Kind, a: &str, b: &str) -> Ordering {
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

fn integer(cell: &Cell, trimmed: &str) -> Result<i64, Fault> {
    let text = match cell {
        Cell::Number(number) => decimal_of(*number)?,
        _ => trimmed.to_owned(),
    };
    text.parse().map_err(|_| Fault::new(ProblemCode::NotAnInteger))
}

fn number(cell: &Cell, trimmed: &str) -> Result<String, Fault> {
    match cell {
        Cell::Number(number) => decimal_of(*number),
        _ => canonical(trimmed).ok_or(Fault::new(ProblemCode::NotANumber)),
    }
}

fn boolean(cell: &Cell, trimmed: &str) -> Result<bool, Fault> {
    match (cell, trimmed.to_ascii_lowercase().as_str()) {
        (Cell::Bool(flag), _) => Ok(*flag),
        (Cell::Number(1.0), _) | (_, "true" | "是" | "1") => Ok(true),
        (Cell::Number(0.0), _) | (_, "false" | "否" | "0") => Ok(false),
        _ => Err(Fault::new(ProblemCode::NotABoolean)),
    }
}

/// Reads 2026-01-02, 2026-1-2, 2026/1/2 and 2026年1月2日.
fn date(trimmed: &str) -> Result<String, Fault> {
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

/// Rows of one file that say the same thing twice: equal record keys, and equal
/// values in `unique` fields. Each names the first row that had it. Rows whose
/// key fields are all empty are not compared.
pub fn duplicates<'a>(
    template: &Template,
    rows: impl IntoIterator<Item = (u64, &'a Values)>,
) -> Vec<Problem> {
    let unique = template.fields.iter().filter(|field| field.constraints.unique);
    let unique = unique.map(|field| vec![field.key.clone()]).filter(|key| *key != template.record_key);
    let mut keys: Vec<(Vec<String>, HashMap<Digest, u64>)> =
        unique.map(|key| (key, HashMap::new())).collect();
    keys.insert(0, (template.record_key.clone(), HashMap::new()));
    let mut problems = Vec::new();
    for (row, values) in rows {
        for (index, (key, seen)) in keys.iter_mut().enumerate() {
            let Some(digest) = digest_of(key, values) else { continue };
            let first = *seen.entry(digest).or_insert(row);
            if first == row {
                continue;
            }
            problems.push(if index == 0 {
                let fault = Fault::new(ProblemCode::DuplicateRow).with("first", first);
                fault.with("fields", key.join(", ").as_str()).at(row, None)
            } else {
                Fault::new(ProblemCode::NotUnique)
                    .with("first", first)
                    .at(row, key.first().map(String::as_str))
            });
        }
    }
    problems
}

fn digest_of(key: &[String], values: &Values) -> Option<Digest> {
    let parts: Vec<Value> =
        key.iter().map(|field| values.get(field).cloned().unwrap_or(Value::Null)).collect();
    let filled = parts.iter().any(|part| *part != Value::Null);
    filled.then(|| Digest::of(&cbor::encode(&Value::Array(parts))))
}

/// The cells that say these values: where an amendment begins.
#[must_use]
pub fn cells_of(values: &Values) -> BTreeMap<String, Cell> {
    let cell = |value: &Value| match value {
        Value::Text(text) => Cell::Text(text.clone()),
        Value::Int(number) => Cell::Text(number.to_string()),
        Value::Bool(flag) => Cell::Bool(*flag),
        Value::Null | Value::Bytes(_) | Value::Array(_) | Value::Map(_) | Value::Tag(..) => Cell::Empty,
    };
    values.iter().map(|(key, value)| (key.clone(), cell(value))).collect()
}

/// Why `field=value` is no setting.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SetError {
    /// There is no `=`.
    #[error("not of the form field=value")]
    Malformed,
    /// The template has no field of that key.
    #[error("there is no field {field:?}")]
    UnknownField {
        /// The key.
        field: String,
    },
}

impl Coded for SetError {
    fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "set_malformed",
            Self::UnknownField { .. } => "set_unknown_field",
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Malformed => Vec::new(),
            Self::UnknownField { field } => vec![("field", field.clone())],
        }
    }
}

/// Reads `field=value` from a command line; `field=` empties the field.
///
/// # Errors
/// [`SetError`].
pub fn parse_set(template: &Template, setting: &str) -> Result<(String, Cell), SetError> {
    let (key, value) = setting.split_once('=').ok_or(SetError::Malformed)?;
    let key = key.trim();
    if template.field(key).is_none() {
        return Err(SetError::UnknownField { field: shortened(key) });
    }
    let cell = if value.is_empty() { Cell::Empty } else { Cell::Text(value.to_owned()) };
    Ok((key.to_owned(), cell))
}
