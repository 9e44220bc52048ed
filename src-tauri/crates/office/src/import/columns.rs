//! Which column of a sheet fills which field of a template.
//!
//! A header names a field by its key or either label; blanks around it and the
//! case of ASCII letters do not matter. A template makes sure that no name fits
//! two fields, see [`yinxin_record::template::Template::check`].

use std::collections::BTreeMap;

use yinxin_record::template::{Field, Template};
use yinxin_record::validate::Cell;

use super::sheet::Row;
use super::{SheetError, column_letters};

/// The columns of one sheet, matched to one template.
#[derive(Debug, Clone, PartialEq)]
pub struct Columns {
    /// Column headers that name no field; what stands below them is not read.
    /// A column without a header appears as its letters in brackets.
    pub ignored: Vec<String>,
    /// Keys of the fields that have no column and take their default.
    pub defaulted: Vec<String>,
    matched: Vec<(usize, String)>,
    defaults: Vec<(String, Cell)>,
}

impl Columns {
    /// Matches a header to a template.
    ///
    /// # Errors
    /// All of [`SheetError::ColumnTwice`] and [`SheetError::ColumnsMissing`]
    /// that apply: a column is missing if its field is required and has no
    /// default.
    pub fn of(header: &[String], template: &Template) -> Result<Self, Vec<SheetError>> {
        let mut errors = Vec::new();
        let mut found: BTreeMap<&str, usize> = BTreeMap::new();
        let mut ignored = Vec::new();
        for (index, name) in header.iter().enumerate() {
            let Some(field) = template.field_called(name) else {
                ignored.push(shown(index, name));
                continue;
            };
            match found.get(field.key.as_str()) {
                Some(first) => errors.push(twice(field, *first, index)),
                None => drop(found.insert(&field.key, index)),
            }
        }
        let absent: Vec<&Field> =
            template.fields.iter().filter(|field| !found.contains_key(field.key.as_str())).collect();
        errors.extend(missing(&absent));
        if !errors.is_empty() {
            return Err(errors);
        }
        let default = |field: &&Field| Some((field.key.clone(), Cell::Text(field.default.clone()?)));
        let defaults: Vec<(String, Cell)> = absent.iter().filter_map(default).collect();
        Ok(Self {
            ignored,
            defaulted: defaults.iter().map(|(key, _)| key.clone()).collect(),
            matched: found.into_iter().map(|(key, index)| (index, key.to_owned())).collect(),
            defaults,
        })
    }

    /// The cells of a row by field.
    #[must_use]
    pub fn cells(&self, row: &Row) -> BTreeMap<String, Cell> {
        let cell = |index: &usize| row.cells.get(*index).cloned().unwrap_or(Cell::Empty);
        let matched = self.matched.iter().map(|(index, key)| (key.clone(), cell(index)));
        matched.chain(self.defaults.iter().cloned()).collect()
    }
}

fn shown(index: usize, name: &str) -> String {
    let name = name.trim();
    if name.is_empty() { format!("({})", column_letters(index)) } else { name.to_owned() }
}

fn twice(field: &Field, first: usize, second: usize) -> SheetError {
    SheetError::ColumnTwice {
        field: field.key.clone(),
        first: column_letters(first),
        second: column_letters(second),
    }
}

fn missing(absent: &[&Field]) -> Option<SheetError> {
    let needed: Vec<&Field> = absent
        .iter()
        .copied()
        .filter(|field| field.constraints.required && field.default.is_none())
        .collect();
    let joined = |text: fn(&Field) -> &str, comma: &str| {
        needed.iter().map(|field| text(field)).collect::<Vec<_>>().join(comma)
    };
    (!needed.is_empty()).then(|| SheetError::ColumnsMissing {
        fields: joined(|field| &field.key, ", "),
        zh: joined(|field| &field.label.zh, "、"),
        en: joined(|field| &field.label.en, ", "),
    })
}
