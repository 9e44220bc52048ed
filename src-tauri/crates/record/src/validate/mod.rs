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

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use cel::{Context, Env};

use crate::cbor::Value;
use crate::template::{CompiledRule, Keep, Kind, Rule, Template, TemplateError};

mod character;
mod duplicate;
mod field;
mod problem;
mod scalar;
mod setting;

pub use character::is_private;
pub(crate) use character::{is_blank, is_control};
pub use duplicate::duplicates;
use field::FieldCheck;
pub(crate) use field::value_of;
use problem::{Fault, shortened};
pub use problem::{Problem, ProblemCode};
pub(crate) use scalar::bound_of;
pub use setting::{SetError, cells_of, parse_set};

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

fn rule_fault(rule: &Rule) -> Fault {
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
