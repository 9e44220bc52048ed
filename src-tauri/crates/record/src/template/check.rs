//! What a template must satisfy before anything is signed under it.
//!
//! Names are CEL identifiers; every column header points at one field; what
//! stands open in the ledger is neither personal nor long nor for some eyes
//! only; constraints fit their types and defaults meet them; there is a
//! secrecy review; rules are within [their bounds](super::rule).

use std::collections::BTreeSet;

use super::{
    Bound, Class, Constraints, Field, Format, Keep, Kind, Label, MAX_BYTES, MAX_FIELDS, SECRECY_REVIEW,
    Sharing, Template, TemplateError, compile_pattern,
};
use crate::validate;

const MAX_LABEL: usize = 200;

impl Template {
    /// Checks that this template says only what a template may say.
    ///
    /// # Errors
    /// [`TemplateError`] names the first thing that is wrong.
    pub fn check(&self) -> Result<(), TemplateError> {
        let len = self.to_cbor().len();
        if len > MAX_BYTES {
            return Err(TemplateError::TooLarge { len, max: MAX_BYTES });
        }
        check_name(&self.name)?;
        check_label(&self.name, &self.label, MAX_LABEL)?;
        if self.version == 0 {
            return Err(TemplateError::Version);
        }
        let count = self.fields.len();
        if count > MAX_FIELDS {
            return Err(TemplateError::TooManyFields { count, max: MAX_FIELDS });
        }
        for field in &self.fields {
            field.check()?;
        }
        self.check_names()?;
        self.check_record_key()?;
        self.check_secrecy_review()?;
        self.compile_rules().map(drop)
    }

    /// A column header must point at one field.
    fn check_names(&self) -> Result<(), TemplateError> {
        let mut taken = BTreeSet::new();
        for field in &self.fields {
            for name in field.names() {
                if !taken.insert(name.clone()) {
                    return Err(TemplateError::NameTwice { name });
                }
            }
        }
        Ok(())
    }

    fn check_record_key(&self) -> Result<(), TemplateError> {
        let mut named = BTreeSet::new();
        for field in &self.record_key {
            if self.field(field).is_none() || !named.insert(field) {
                return Err(TemplateError::RecordKey { field: field.clone() });
            }
        }
        Ok(())
    }

    fn check_secrecy_review(&self) -> Result<(), TemplateError> {
        let asked = self.field(SECRECY_REVIEW);
        let asked = asked.is_some_and(|field| field.kind == Kind::String && field.constraints.required);
        if asked { Ok(()) } else { Err(TemplateError::SecrecyReview) }
    }
}

impl Field {
    fn check(&self) -> Result<(), TemplateError> {
        check_name(&self.key)?;
        check_label(&self.key, &self.label, MAX_LABEL)?;
        if self.format.is_some() && self.kind != Kind::String {
            return Err(TemplateError::Format { field: self.key.clone() });
        }
        if self.keep == Keep::Open && !self.may_be_open() {
            return Err(TemplateError::Open { field: self.key.clone() });
        }
        self.check_constraints()
            .map_err(|constraint| TemplateError::Constraint { field: self.key.clone(), constraint })?;
        let default = self.default.clone().map(validate::Cell::Text);
        if default.is_some_and(|cell| validate::value_of(self, &cell).is_err()) {
            return Err(TemplateError::Default { field: self.key.clone() });
        }
        Ok(())
    }

    /// An open value is in every copy for ever, so it can be neither personal
    /// nor long nor for some eyes only.
    fn may_be_open(&self) -> bool {
        matches!(self.class, Class::General | Class::Business)
            && !matches!(self.format, Some(Format::Text | Format::IdentityNumber))
            && self.sharing == Sharing::Unconditional
    }

    fn check_constraints(&self) -> Result<(), &'static str> {
        let Constraints { min_length, max_length, pattern, one_of, minimum, maximum, .. } = &self.constraints;
        let string = self.kind == Kind::String;
        let ordered = matches!(self.kind, Kind::Integer | Kind::Number | Kind::Date);
        let fits = |bound: &Option<Bound>| {
            bound.is_none() || ordered && validate::bound_of(self.kind, bound.as_ref()).is_some()
        };
        let not_above = min_length.zip(*max_length).is_none_or(|(min, max)| min <= max);
        let listed = |list: &Vec<String>| !list.is_empty() && list.iter().all(|item| !item.is_empty());
        let checks = [
            ("minLength", min_length.is_none() || string && not_above),
            ("maxLength", max_length.is_none() || string),
            ("pattern", pattern.as_ref().is_none_or(|text| string && compile_pattern(text).is_some())),
            ("enum", one_of.as_ref().is_none_or(|list| string && listed(list))),
            ("minimum", fits(minimum)),
            ("maximum", fits(maximum)),
        ];
        checks.iter().find(|(_, fits)| !fits).map_or(Ok(()), |(name, _)| Err(name))
    }
}

/// Words that CEL keeps for itself.
const CEL_WORDS: &[&str] = &[
    "true",
    "false",
    "null",
    "in",
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];

pub(super) fn check_name(name: &str) -> Result<(), TemplateError> {
    let fits = name.len() <= 64
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'))
        && !CEL_WORDS.contains(&name);
    if fits { Ok(()) } else { Err(TemplateError::Name { name: name.chars().take(100).collect() }) }
}

pub(super) fn check_label(of: &str, label: &Label, max: usize) -> Result<(), TemplateError> {
    let fits = |text: &str| {
        !text.trim_matches(validate::is_blank).is_empty()
            && text.chars().count() <= max
            && !text.chars().any(validate::is_control)
    };
    if fits(&label.zh) && fits(&label.en) { Ok(()) } else { Err(TemplateError::Label { of: of.to_owned() }) }
}
