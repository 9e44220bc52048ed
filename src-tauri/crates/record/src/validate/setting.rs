//! Values as cells again, and single cells set by `field=value`.

use std::collections::BTreeMap;

use super::problem::shortened;
use super::{Cell, Values};
use crate::Coded;
use crate::cbor::Value;
use crate::template::Template;

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
    /// The template has no field of that name.
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

/// Reads `field=value` from a command line; `field=` empties the field. The
/// field is named by its key or either label.
///
/// # Errors
/// [`SetError`].
pub fn parse_set(template: &Template, setting: &str) -> Result<(String, Cell), SetError> {
    let (key, value) = setting.split_once('=').ok_or(SetError::Malformed)?;
    let field = template.field_called(key);
    let field = field.ok_or_else(|| SetError::UnknownField { field: shortened(key.trim()) })?;
    let cell = if value.is_empty() { Cell::Empty } else { Cell::Text(value.to_owned()) };
    Ok((field.key.clone(), cell))
}
