//! Templates: which fields a kind of record has, and what must hold of them.
//!
//! A template is written as JSON and kept, signed and digested as
//! deterministic CBOR: the same maps, arrays, texts, integers and booleans.
//! Absent members are left out, never null, so that one template has one
//! digest; [`Template::from_cbor`] reads nothing else.
//!
//! ```json
//! { "name": "community", "version": 1, "label": {"zh": "…", "en": "…"},
//!   "review": false, "record_key": ["village_code"],
//!   "fields": [ { "key": "village_code", "label": {…}, "type": "string",
//!                 "constraints": {"required": true, "pattern": "\\d{12}"},
//!                 "class": "L", "sharing": "unconditional", "keep": "open" } ],
//!   "rules":  [ { "code": "village_in_town", "message": {…},
//!                 "cel": "village_code.startsWith(town_code)" } ] }
//! ```
//!
//! Types and constraints have the names of Frictionless Table Schema; bounds
//! are integers or, for decimal numbers and dates, texts. Rules are CEL over
//! field keys, cut down so that a template from another office cannot stall or
//! exhaust the reader: no loops, no member access, few functions, bounded
//! length. An empty field is `null` to a rule.
//!
//! What a template may not say is listed in [`TemplateError`].

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::validate;

mod check;
mod encoding;
mod error;
mod pattern;
mod rule;

pub use error::TemplateError;
pub(crate) use pattern::compile as compile_pattern;
pub(crate) use rule::CompiledRule;

/// The most bytes a template takes in CBOR.
pub const MAX_BYTES: usize = 32 * 1024;
/// The most fields a template has.
pub const MAX_FIELDS: usize = 200;
/// The most bytes the CEL of one rule takes.
pub const MAX_CEL: usize = 1_000;
/// The field that no record may be submitted without: 保密审查.
pub const SECRECY_REVIEW: &str = "secrecy_review";

/// The templates that come with the program: name and JSON.
pub const BUILTIN: &[(&str, &str)] = &[
    ("community", include_str!("../../templates/community.json")),
    ("public_information", include_str!("../../templates/public_information.json")),
];

/// The built-in template of that name.
#[must_use]
pub fn builtin(name: &str) -> Option<Template> {
    let (_, json) = BUILTIN.iter().find(|(known, _)| *known == name)?;
    Template::from_json(json).ok()
}

/// A kind of record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Lower-case name, the same for all versions.
    pub name: String,
    /// Counts from 1.
    pub version: u32,
    /// What people read.
    pub label: Label,
    /// Whether a reviewer signs between drafter and approver.
    pub review: bool,
    /// The fields that name the same thing twice.
    pub record_key: Vec<String>,
    /// In the order in which people fill them.
    pub fields: Vec<Field>,
    /// What must hold between fields.
    pub rules: Vec<Rule>,
}

/// A text in both languages of the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// One field (信息项).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// A CEL identifier: lower-case letters, digits and underscores.
    pub key: String,
    /// What people read; also matched against column headers.
    pub label: Label,
    /// What kind of value it takes.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// What a text stands for, if more is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// What a value must satisfy.
    #[serde(default, skip_serializing_if = "Constraints::is_empty")]
    pub constraints: Constraints,
    /// How personal it is.
    pub class: Class,
    /// Who may see it.
    pub sharing: Sharing,
    /// Whether its value stands in the ledger.
    pub keep: Keep,
    /// The value where a source sheet has no such column at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
}

/// The type of a field, in the words of Frictionless Table Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Text.
    String,
    /// A whole number of 64 bits.
    Integer,
    /// A decimal number, kept digit by digit.
    Number,
    /// Yes or no.
    Boolean,
    /// A calendar day.
    Date,
}

/// What a text stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// Long text; may have several lines.
    Text,
    /// 统一社会信用代码, see [`crate::check_digit::check_uscc`].
    Uscc,
    /// 公民身份号码, see [`crate::check_digit::check_identity_number`].
    IdentityNumber,
    /// 证照标识, see [`crate::check_digit::check_licence_id`].
    LicenceId,
    /// Container number, see [`crate::check_digit::check_container`].
    Container,
}

/// What a value must satisfy. Lengths count characters.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Constraints {
    /// It may not be empty.
    #[serde(skip_serializing_if = "is_false")]
    pub required: bool,
    /// No two rows of one file may have it.
    #[serde(skip_serializing_if = "is_false")]
    pub unique: bool,
    /// The fewest characters of a string.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_length: Option<u32>,
    /// The most characters of a string.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
    /// What the whole of a string must match: a regular expression whose `\d` is
    /// the ten ASCII digits, and without `\w`, `\s`, `\p`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// The strings to choose from.
    #[serde(rename = "enum", skip_serializing_if = "Option::is_none")]
    pub one_of: Option<Vec<String>>,
    /// The least value of an integer, number or date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum: Option<Bound>,
    /// The greatest value of an integer, number or date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum: Option<Bound>,
}

// serde hands a reference to the predicates of `skip_serializing_if`.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_false(flag: &bool) -> bool {
    !flag
}

impl Constraints {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A bound: an integer, or the text of a decimal number or date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Bound {
    /// A whole number.
    Int(i64),
    /// A decimal number (`"0.5"`) or a date (`"2026-01-01"`).
    Text(String),
}

impl Bound {
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Int(number) => number.to_string(),
            Self::Text(text) => text.clone(),
        }
    }
}

/// How personal a field is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Class {
    /// General.
    #[serde(rename = "L")]
    General,
    /// Personal information.
    #[serde(rename = "P")]
    Personal,
    /// Sensitive personal information.
    #[serde(rename = "S")]
    Sensitive,
    /// Business information.
    #[serde(rename = "B")]
    Business,
}

/// Who may see a field (共享属性).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sharing {
    /// 无条件共享: any admitted office.
    Unconditional,
    /// 有条件共享: whoever was granted it.
    Conditional,
    /// 不予共享: nobody.
    Withheld,
}

/// Where a field's value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Keep {
    /// In the act, in every office's copy of the ledger, for ever.
    Open,
    /// With its office; the ledger holds a salted digest.
    Committed,
}

/// Something that must hold between the fields of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Stable name.
    pub code: String,
    /// The condition. An error while it is computed counts as false.
    pub cel: String,
    /// What people read when it does not hold.
    pub message: Label,
}

impl Template {
    /// The field of that key.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// The field that a person calls so: by its key or either label, blanks
    /// around it and the case of ASCII letters apart.
    #[must_use]
    pub fn field_called(&self, name: &str) -> Option<&Field> {
        let name = column_name(name);
        self.fields.iter().find(|field| field.names().contains(&name))
    }

    /// The fields whose values stand in the ledger, in template order.
    pub fn open_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.keep == Keep::Open)
    }

    /// The fields that become disclosures, in template order.
    pub fn committed_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.keep == Keep::Committed)
    }
}

impl Field {
    /// The names by which a column header may call this field: key and both
    /// labels, trimmed, ASCII letters in lower case.
    #[must_use]
    pub fn names(&self) -> BTreeSet<String> {
        [&self.key, &self.label.zh, &self.label.en].map(|name| column_name(name)).into()
    }
}

/// A column header as it is compared: trimmed, ASCII letters in lower case.
#[must_use]
pub fn column_name(header: &str) -> String {
    header.trim_matches(validate::is_blank).to_ascii_lowercase()
}
